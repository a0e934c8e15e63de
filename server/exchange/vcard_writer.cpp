// Lines are made whole first and folded then.
#include <algorithm>

#include "server/exchange/vcard.h"
#include "server/exchange/vcard_label.h"
#include "shared/text.h"
#include "shared/time_text.h"

namespace crm::exchange {
namespace {

constexpr std::size_t kLineBytes = 75;

std::string escape(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (letter == '\n') {
            escaped += "\\n";
            continue;
        }
        if (letter == '\\' || letter == ',' || letter == ';') escaped += '\\';
        escaped += letter;
    }
    return escaped;
}

/// Whether a byte goes on with a letter of UTF-8.
bool is_inside_letter(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string fold_line(std::string_view line) {
    std::string folded;
    std::size_t room = kLineBytes;
    while (line.size() > room) {
        std::size_t cut = room;
        while (is_inside_letter(line[cut])) --cut;
        folded += std::string(line.substr(0, cut)) + "\r\n ";
        line.remove_prefix(cut);
        room = kLineBytes - 1;  // the space counts
    }
    return folded + std::string(line) + "\r\n";
}

class Writer {
   public:
    explicit Writer(VcardVersion version) : version_(version) {}

    void line(std::string_view head, std::string_view value) {
        text_ += fold_line(std::string(head) + ':' + std::string(value));
    }

    void line_unless_empty(std::string_view head, std::string_view value) {
        if (!value.empty()) line(head, escape(value));
    }

    void name(const ContactFields& fields) {
        line("FN", escape(display_name(fields)));
        // The last word is taken for the family name; who reads FN need not know.
        const std::size_t space = fields.name.rfind(' ');
        const bool has_two = space != std::string::npos;
        const std::string family = has_two ? fields.name.substr(space + 1) : fields.name;
        const std::string given = has_two ? fields.name.substr(0, space) : "";
        line("N", escape(family) + ';' + escape(given) + ";;;");
    }

    void values(FieldKind kind,
                const std::string& primary,
                const std::vector<LabeledValue>& further) {
        const std::string name = kind == FieldKind::Email ? "EMAIL" : "TEL";
        const bool is_new = version_ == VcardVersion::V4;
        if (!primary.empty()) {
            line(name + (is_new ? ";PREF=1" : ";TYPE=PREF"), escape(primary));
        }
        for (const LabeledValue& entry : further) {
            const std::string type = type_of_label(kind, entry.label);
            if (type.empty() && !entry.label.empty()) {
                const std::string group = "item" + std::to_string(++groups_) + '.';
                line(group + name, escape(entry.value));
                line(group + "X-ABLABEL", escape(entry.label));
            } else {
                line(name + (type.empty() ? "" : ";TYPE=" + type), escape(entry.value));
            }
        }
    }

    void tags(const std::vector<std::string>& tags) {
        std::string list;
        for (const std::string& tag : tags) list += (list.empty() ? "" : ",") + escape(tag);
        if (!list.empty()) line("CATEGORIES", list);
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

   private:
    VcardVersion version_;
    std::string text_;
    int groups_ = 0;
};

}  // namespace

std::string write_vcard(const Contact& contact, VcardVersion version) {
    const bool is_new = version == VcardVersion::V4;
    const ContactFields& fields = contact.fields;
    Writer writer(version);
    writer.line("BEGIN", "VCARD");
    writer.line("VERSION", is_new ? "4.0" : "3.0");
    if (contact.id.is_set()) writer.line("UID", "urn:uuid:" + contact.id.text);
    writer.name(fields);
    writer.values(FieldKind::Email, fields.email, fields.more_emails);
    writer.values(FieldKind::Phone, fields.phone, fields.more_phones);
    writer.line_unless_empty("TITLE", fields.job_title);
    writer.line_unless_empty("ORG", fields.company);
    writer.line_unless_empty(is_new ? "PRONOUNS" : "X-PRONOUNS", fields.pronouns);
    writer.line_unless_empty("NOTE", fields.notes);
    writer.tags(fields.tags);
    if (contact.deleted) writer.line("X-DELETED", format_time(contact.updated_at));
    writer.line("REV", format_time(contact.updated_at));
    writer.line("END", "VCARD");
    return writer.take();
}

}  // namespace crm::exchange
