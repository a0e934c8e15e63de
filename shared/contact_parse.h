// Untrusted text -> normalised fields, or all problems at once. Works on values that are already
// text; reading JSON is contact_json's. A problem is a sentence that says the fix.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

/// Wire name of a field -> what is wrong with it. Empty: all is well.
using FieldProblems = std::map<std::string, std::string>;

/// What a person or a caller sent, before any check.
struct RawPatch {
    struct Entry {
        std::string value;
        std::string label;
        bool is_primary = false;
    };
    std::map<std::string, std::string> texts;  // wire name -> text as it came
    std::optional<std::vector<std::string>> tags;
    std::optional<std::vector<Entry>> emails;  // the primary one may be among them
    std::optional<std::vector<Entry>> phones;
};

/// What is kept of a text as it came: trimmed; in a one-line field a tab or line break is a space,
/// in notes every line break is "\n".
[[nodiscard]] std::string clean_text(FieldKind kind, std::string_view text);

/// Trims, checks and limits. The problem of one text field, or "" when `text` (trimmed) is good for
/// it.
[[nodiscard]] std::string field_problem(const FieldSpec& spec, std::string_view text);

/// A phone without country code is fine; this is the hint that helps, or "".
[[nodiscard]] std::string phone_hint(std::string_view phone);

/// All problems at once, as Error InvalidArgument with `fields`. An entry marked primary in a list
/// sets the primary text when the text itself is not given; when both are given and differ, that is
/// a problem.
[[nodiscard]] Result<ContactPatch> parse_patch(const RawPatch& raw);

[[nodiscard]] std::string unknown_field_problem(std::string_view wire);

/// A caller's own words for a message: cut after kShownNameCharsMax characters.
[[nodiscard]] std::string shorten_shown(std::string_view text);

/// Problems as the Error that lists them; its message names the fields, or says the only problem.
[[nodiscard]] Error problems_error(FieldProblems problems);

/// A new contact needs a name, an e-mail or a phone; InvalidArgument otherwise.
[[nodiscard]] Status check_new_contact(const ContactFields& fields);

}  // namespace crm
