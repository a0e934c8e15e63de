#include "server/exchange/vcard_card.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "server/exchange/text_encoding.h"
#include "server/exchange/vcard_label.h"
#include "shared/text.h"

namespace crm::exchange {
namespace {

/// "a\,b;c" at `separator`, with "\n" and "\," resolved; without one, a single part.
std::vector<std::string> split_value(std::string_view value, std::optional<char> separator) {
    std::vector<std::string> parts(1);
    for (std::size_t position = 0; position < value.size(); ++position) {
        char letter = value[position];
        if (letter == '\\' && position + 1 < value.size()) {
            letter = value[++position];
            const bool is_break = letter == 'n' || letter == 'N';
            const bool is_kept = letter == '\\' || letter == ',' || letter == ';' || letter == ':';
            if (!is_break && !is_kept) parts.back() += '\\';
            parts.back() += is_break ? '\n' : letter;
        } else if (letter == separator) {
            parts.emplace_back();
        } else {
            parts.back() += letter;
        }
    }
    return parts;
}

std::string whole_value(std::string_view value) {
    return trim(split_value(value, std::nullopt).front());
}

int hex_digit(char letter) {
    if (letter >= '0' && letter <= '9') return letter - '0';
    if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
    if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
    return -1;
}

/// What is no "=C3" stays as it is.
std::string decode_quoted_printable(std::string_view text) {
    std::string bytes;
    for (std::size_t position = 0; position < text.size(); ++position) {
        const bool has_two = text[position] == '=' && position + 2 < text.size();
        const int high = has_two ? hex_digit(text[position + 1]) : -1;
        const int low = has_two ? hex_digit(text[position + 2]) : -1;
        if (high < 0 || low < 0) {
            bytes += text[position];
        } else {
            bytes += static_cast<char>(high * 16 + low);
            position += 2;
        }
    }
    return bytes;
}

bool has_parameter(const VcardLine& line, std::string_view name, std::string_view value) {
    return std::any_of(line.parameters.begin(), line.parameters.end(), [&](const auto& entry) {
        return entry.first == name && (value.empty() || lower_text(entry.second) == value);
    });
}

/// The value in UTF-8, with quoted-printable resolved; escapes stay.
std::string readable_value(const VcardLine& line) {
    if (!has_parameter(line, "ENCODING", "quoted-printable")) return line.value;
    std::string bytes = decode_quoted_printable(line.value);
    // In 2.1 a line break is =0D=0A; in what is read here it is \n.
    std::string text;
    for (const char letter : bytes) {
        if (letter == '\r') continue;
        text += letter == '\n' ? std::string("\\n") : std::string(1, letter);
    }
    if (is_utf8(text)) return text;
    Decoder decoder(Encoding::Windows1252);
    Result<std::string> decoded = decoder.feed(text);
    return decoded.is_ok() ? decoded.take() : std::string();
}

/// 1 is best; 101 says nothing.
int preference(const VcardLine& line) {
    if (has_parameter(line, "TYPE", "pref")) return 1;
    for (const auto& [name, value] : line.parameters) {
        if (name != "PREF") continue;
        const std::string digits = digits_of(value);
        return digits.empty() || digits.size() > 3 ? 101 : std::stoi(digits);
    }
    return 101;
}

class CardReader {
   public:
    explicit CardReader(const std::vector<VcardLine>& lines) : lines_(lines) {
        for (const VcardLine& line : lines_) {
            const bool is_label = line.name == "X-ABLABEL" && !line.group.empty();
            if (is_label) labels_[line.group] = apple_label(whole_value(readable_value(line)));
        }
    }

    ImportRow read() {
        for (const VcardLine& line : lines_) take(line);
        take_values("EMAIL", FieldKind::Email);
        take_values("TEL", FieldKind::Phone);
        take_name();
        for (const char* wire : {"name", "email", "phone"}) row_.cells.push_back(text_of(wire));
        return std::move(row_);
    }

   private:
    /// "_$!<Home>!$_" is how Apple writes its own labels.
    static std::string apple_label(std::string_view text) {
        constexpr std::string_view kOpen = "_$!<";
        constexpr std::string_view kClose = ">!$_";
        if (text.starts_with(kOpen) && text.ends_with(kClose) &&
            text.size() >= kOpen.size() + kClose.size()) {
            text.remove_prefix(kOpen.size());
            text.remove_suffix(kClose.size());
            return lower_text(text);
        }
        return std::string(text);
    }

    void set(std::string_view wire, std::string value) {
        if (!value.empty()) row_.raw.texts.emplace(std::string(wire), std::move(value));
    }

    void take(const VcardLine& line) {
        const std::string value = readable_value(line);
        if (line.name == "FN") {
            if (full_name_.empty()) full_name_ = whole_value(value);
        } else if (line.name == "N") {
            name_parts_ = split_value(value, ';');
        } else if (line.name == "TITLE") {
            set("jobTitle", whole_value(value));
        } else if (line.name == "ORG") {
            // Company; then departments, which a contact does not hold.
            set("company", trim(split_value(value, ';').front()));
        } else if (line.name == "NOTE") {
            add_note(whole_value(value));
        } else if (line.name == "PRONOUNS" || line.name == "X-PRONOUNS") {
            set("pronouns", whole_value(value));
        } else if (line.name == "CATEGORIES") {
            add_tags(value);
        } else if (line.name == "UID") {
            take_id(whole_value(value));
        } else if (line.name == "X-DELETED") {
            row_.is_marked_deleted = true;
        }
    }

    void add_note(const std::string& note) {
        if (note.empty()) return;
        const auto [text, is_new] = row_.raw.texts.emplace("notes", note);
        if (!is_new) text->second += '\n' + note;
    }

    void add_tags(std::string_view value) {
        for (std::string& tag : split_value(value, ',')) {
            tag = trim(tag);
            if (tag.empty()) continue;
            if (!row_.raw.tags) row_.raw.tags.emplace();
            row_.raw.tags->push_back(std::move(tag));
        }
    }

    void take_id(std::string id) {
        constexpr std::string_view kUrn = "urn:uuid:";
        if (id.starts_with(kUrn)) id.erase(0, kUrn.size());
        row_.id = std::move(id);
    }

    [[nodiscard]] std::string label_of(const VcardLine& line, FieldKind kind) const {
        const auto named = labels_.find(line.group);
        if (named != labels_.end()) return named->second;
        for (const auto& [name, value] : line.parameters) {
            if (name != "TYPE") continue;
            std::string label = label_of_type(kind, value);
            if (!label.empty()) return label;
        }
        return {};
    }

    /// The preferred one, else the first, is the primary one.
    void take_values(std::string_view name, FieldKind kind) {
        std::vector<const VcardLine*> found;
        for (const VcardLine& line : lines_) {
            if (line.name == name) found.push_back(&line);
        }
        std::stable_sort(found.begin(), found.end(), [](const auto* left, const auto* right) {
            return preference(*left) < preference(*right);
        });
        const std::string wire = kind == FieldKind::Email ? "email" : "phone";
        std::vector<RawPatch::Entry> further;
        for (const VcardLine* line : found) {
            std::string value = whole_value(readable_value(*line));
            if (kind == FieldKind::Phone && value.starts_with("tel:")) value.erase(0, 4);
            if (value.empty()) continue;
            const auto [text, is_new] = row_.raw.texts.emplace(wire, value);
            if (is_new || text->second == value) continue;
            further.push_back({std::move(value), label_of(*line, kind), false});
        }
        if (further.empty()) return;
        (kind == FieldKind::Email ? row_.raw.emails : row_.raw.phones) = std::move(further);
    }

    [[nodiscard]] std::string text_of(const char* wire) const {
        const auto text = row_.raw.texts.find(wire);
        return text == row_.raw.texts.end() ? std::string() : text->second;
    }

    /// FN; without one, N. A nameless contact of ours has its e-mail or phone in FN, and no N.
    void take_name() {
        std::string parts;
        for (const std::size_t index : {3U, 1U, 2U, 0U, 4U}) {
            if (index >= name_parts_.size()) continue;
            const std::string part = trim(name_parts_[index]);
            if (!part.empty()) parts += (parts.empty() ? "" : " ") + part;
        }
        ContactFields nameless;
        nameless.email = text_of("email");
        nameless.phone = text_of("phone");
        const bool has_empty_name = !name_parts_.empty() && parts.empty();
        if (has_empty_name && full_name_ == display_name(nameless)) return;
        set("name", full_name_.empty() ? parts : full_name_);
    }

    const std::vector<VcardLine>& lines_;
    std::map<std::string, std::string> labels_;  // of groups
    ImportRow row_;
    std::string full_name_;
    std::vector<std::string> name_parts_;
};

}  // namespace

CsvCells vcard_titles() {
    return {"Name", "Email", "Phone"};
}

ImportRow read_card(const std::vector<VcardLine>& lines) {
    return CardReader(lines).read();
}

}  // namespace crm::exchange
