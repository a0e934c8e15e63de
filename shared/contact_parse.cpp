// The checks, one sentence each. They are the same for a person's form, a request and an import, so
// a message says the fix and never how the value came here.
#include "shared/contact_parse.h"

#include <algorithm>
#include <utility>

#include "shared/limits.h"
#include "shared/text.h"
#include "shared/utf8.h"

namespace crm {
namespace {

constexpr std::string_view kEmailExample = "ann@example.com";

/// Limits and forbidden characters, for whatever is called `what`; "" when all is well.
std::string text_problem(std::string_view what, std::string_view text, std::size_t chars_max) {
    if (!is_utf8(text)) {
        return std::string(what) + " contains broken characters: type it again.";
    }
    if (has_forbidden_control(text)) {
        return std::string(what) + " contains a control character: remove it.";
    }
    const std::size_t chars = count_chars(text);
    if (chars <= chars_max) return {};
    return std::string(what) + " has " + std::to_string(chars) + " characters: shorten it to " +
           std::to_string(chars_max) + ".";
}

bool has_space(std::string_view text) {
    for (std::size_t position = 0; position < text.size();) {
        const DecodedChar decoded = decode_char(text, position);
        if (is_space_char(decoded.value)) return true;
        position += decoded.bytes;
    }
    return false;
}

std::string with_example(std::string_view sentence) {
    return std::string(sentence) + " Write it like " + std::string(kEmailExample) + ".";
}

/// What an address lacks, from left to right.
std::string email_problem(std::string_view text) {
    if (text.empty() || email_key(text)) return {};
    if (has_space(text)) return "An e-mail has no spaces: remove them.";
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) return with_example("The @ is missing.");
    if (text.find('@', at + 1) != std::string_view::npos) {
        return "An e-mail has exactly one @: put further addresses under Emails.";
    }
    if (at == 0) return with_example("The part before the @ is missing.");
    const std::string_view domain = text.substr(at + 1);
    if (domain.empty()) return with_example("The part after the @ is missing.");
    if (domain.find('.') == std::string_view::npos) {
        return with_example("The part after the @ has no dot, such as .com.");
    }
    if (domain.front() == '.' || domain.back() == '.' ||
        domain.find("..") != std::string_view::npos) {
        return with_example("A dot after the @ has nothing on one side.");
    }
    return with_example("A character in it cannot be part of an e-mail.");
}

std::string label_of(std::string_view wire) {
    if (const FieldSpec* spec = find_field(wire)) return std::string(spec->label);
    for (const ListFieldSpec& spec : kContactListFields) {
        if (spec.wire == wire) return std::string(spec.label);
    }
    return wire == kTagsWire ? "Tags" : shorten_shown(wire);
}

/// Collects what parse_patch finds: the patch so far, and the first problem of each field.
struct Findings {
    ContactPatch patch;
    FieldProblems problems;

    void add_problem(std::string_view wire, std::string problem) {
        if (!problem.empty()) problems.emplace(std::string(wire), std::move(problem));
    }
};

void parse_texts(const RawPatch& raw, Findings& findings) {
    for (const auto& [wire, text] : raw.texts) {
        const FieldSpec* spec = find_field(wire);
        if (spec == nullptr) {
            findings.add_problem(wire, unknown_field_problem(wire));
            continue;
        }
        std::string cleaned = clean_text(spec->kind, text);
        findings.add_problem(wire, field_problem(*spec, cleaned));
        findings.patch.texts[wire] = std::move(cleaned);
    }
}

std::string tags_problem(const std::vector<std::string>& tags) {
    for (const std::string& tag : tags) {
        std::string problem = text_problem("A tag", tag, kTagCharsMax);
        if (!problem.empty()) return problem;
    }
    if (tags.size() <= kTagsMax) return {};
    return "There are " + std::to_string(tags.size()) + " tags: keep at most " +
           std::to_string(kTagsMax) + ".";
}

void parse_tags(const RawPatch& raw, Findings& findings) {
    if (!raw.tags) return;
    ContactFields fields;
    for (const std::string& tag : *raw.tags) {
        std::string cleaned = clean_text(FieldKind::Line, tag);
        if (!cleaned.empty()) fields.tags.push_back(std::move(cleaned));
    }
    fields = normalize_lists(std::move(fields));
    findings.add_problem(kTagsWire, tags_problem(fields.tags));
    findings.patch.tags = std::move(fields.tags);
}

/// The text field that holds the primary one of a list.
const FieldSpec& primary_field(const ListFieldSpec& spec) {
    const auto* const found =
        std::find_if(kContactFields.begin(), kContactFields.end(), [&spec](const FieldSpec& field) {
            return field.member == spec.primary;
        });
    return *found;
}

std::string entry_problem(const FieldSpec& field, const LabeledValue& entry) {
    std::string problem = field_problem(field, entry.value);
    if (problem.empty()) return text_problem("A label", entry.label, kLabelCharsMax);
    return "“" + shorten_shown(entry.value) + "”: " + problem;
}

/// The entry marked primary becomes the primary text, unless the text was given too and is another
/// one.
void parse_primary_entry(const ListFieldSpec& spec, std::string value, Findings& findings) {
    const std::string wire(primary_field(spec).wire);
    const std::string key = value_key(spec.kind, value);
    const auto [text, is_new] = findings.patch.texts.emplace(wire, std::move(value));
    if (is_new || value_key(spec.kind, text->second) == key) return;
    findings.add_problem(spec.wire,
                         "Two different values are the primary one: mark one, and let “" + wire +
                             "” say the same or leave it out.");
}

void parse_list(const ListFieldSpec& spec,
                const std::vector<RawPatch::Entry>& entries,
                Findings& findings) {
    ContactFields fields;  // only to normalise this one list
    for (const RawPatch::Entry& entry : entries) {
        LabeledValue value{clean_text(spec.kind, entry.value),
                           clean_text(FieldKind::Line, entry.label)};
        if (value.value.empty()) continue;
        findings.add_problem(spec.wire, entry_problem(primary_field(spec), value));
        if (entry.is_primary) {
            parse_primary_entry(spec, std::move(value.value), findings);
        } else {
            (fields.*spec.member).push_back(std::move(value));
        }
    }
    const auto primary = findings.patch.texts.find(std::string(primary_field(spec).wire));
    if (primary != findings.patch.texts.end()) fields.*spec.primary = primary->second;
    fields = normalize_lists(std::move(fields));
    std::vector<LabeledValue>& kept = fields.*spec.member;
    if (kept.size() > kExtraValuesMax) {
        findings.add_problem(spec.wire,
                             "There are " + std::to_string(kept.size()) +
                                 " further ones: keep at most " + std::to_string(kExtraValuesMax) +
                                 ".");
    }
    (spec.kind == FieldKind::Email ? findings.patch.more_emails : findings.patch.more_phones) =
        std::move(kept);
}

}  // namespace

std::string shorten_shown(std::string_view text) {
    std::string shown;
    std::size_t chars = 0;
    for (std::size_t position = 0; position < text.size(); ++chars) {
        if (chars == kShownNameCharsMax) return shown + "…";
        const DecodedChar decoded = decode_char(text, position);
        shown += text.substr(position, decoded.bytes);
        position += decoded.bytes;
    }
    return shown;
}

std::string unknown_field_problem(std::string_view wire) {
    return "There is no field called “" + shorten_shown(wire) + "”: leave it out.";
}

std::string clean_text(FieldKind kind, std::string_view text) {
    std::string cleaned;
    cleaned.reserve(text.size());
    for (const char letter : trim(text)) {
        const bool is_break = letter == '\n' || letter == '\r';
        if (kind != FieldKind::MultiLine) {
            cleaned += is_break || letter == '\t' ? ' ' : letter;
        } else if (letter == '\n' && !cleaned.empty() && cleaned.back() == '\r') {
            cleaned.back() = '\n';
        } else {
            cleaned += letter;
        }
    }
    // What is left of "\r" alone is the line break of old systems.
    std::replace(cleaned.begin(), cleaned.end(), '\r', '\n');
    return cleaned;
}

std::string field_problem(const FieldSpec& spec, std::string_view text) {
    const bool is_email = spec.kind == FieldKind::Email;
    std::string problem = text_problem(is_email ? "The e-mail" : "This text", text, spec.chars_max);
    if (!problem.empty()) return problem;
    if (spec.kind != FieldKind::MultiLine && text.find('\n') != std::string_view::npos) {
        return "This text has several lines: put it on one.";
    }
    return is_email ? email_problem(text) : std::string{};
}

std::string phone_hint(std::string_view phone) {
    const std::optional<std::string> key = phone_key(phone);
    if (!key || key->front() == '+') return {};
    return "Add the country code, such as +44, so that this phone is recognised everywhere.";
}

Error problems_error(FieldProblems problems) {
    Error error{ErrorCode::InvalidArgument, {}, std::move(problems)};
    if (error.fields.size() == 1) {
        const auto& [wire, problem] = *error.fields.begin();
        error.message = label_of(wire) + ": " + problem;
        return error;
    }
    std::string names;
    for (const auto& [wire, problem] : error.fields) {
        names += (names.empty() ? "" : ", ") + label_of(wire);
    }
    error.message = "Nothing was saved: " + std::to_string(error.fields.size()) +
                    " fields need a look (" + names + ").";
    return error;
}

Result<ContactPatch> parse_patch(const RawPatch& raw) {
    Findings findings;
    parse_texts(raw, findings);
    parse_tags(raw, findings);
    if (raw.emails) parse_list(kContactListFields[0], *raw.emails, findings);
    if (raw.phones) parse_list(kContactListFields[1], *raw.phones, findings);
    if (!findings.problems.empty()) return problems_error(std::move(findings.problems));
    return std::move(findings.patch);
}

Status check_new_contact(const ContactFields& fields) {
    if (!fields.name.empty() || !fields.email.empty() || !fields.phone.empty()) return {};
    return problems_error({{"name", "Give a name, an e-mail or a phone: one of them is needed."}});
}

}  // namespace crm
