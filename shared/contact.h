// The contact, and the one table of its fields. JSON, SQL, forms, limits, merge and history walk
// the table: a field is added here and in a migration, nowhere else. Plain data, no rules.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/ids.h"
#include "shared/limits.h"
#include "shared/time_text.h"

namespace crm {

/// One of several e-mails or phones.
struct LabeledValue {
    std::string value;
    std::string label;  // "work", "home"; may be empty

    bool operator==(const LabeledValue&) const = default;
};

/// What a person edits. Text is trimmed UTF-8; missing text is "".
struct ContactFields {
    std::string name;
    std::string email;  // the primary one, as typed; email_key() of it is the contact's key
    std::string phone;  // the primary one, as typed
    std::string job_title;
    std::string pronouns;
    std::string company;
    std::string notes;
    std::vector<std::string> tags;  // sorted, no two alike
    // Further ones, without the primary; no two with one key.
    std::vector<LabeledValue> more_emails;
    std::vector<LabeledValue> more_phones;

    bool operator==(const ContactFields&) const = default;
};

enum class FieldKind { Line, Email, Phone, MultiLine };

/// One text field. `wire` is its name in JSON and history, `column` in SQL: DO NOT RENAME either.
struct FieldSpec {
    std::string_view wire;
    std::string_view column;
    std::string_view label;  // in the interface, English
    std::string ContactFields::*member;
    std::size_t chars_max;
    FieldKind kind;
};

inline constexpr std::array<FieldSpec, 7> kContactFields{{
    {"name", "name", "Name", &ContactFields::name, kNameCharsMax, FieldKind::Line},
    {"email", "email", "Email", &ContactFields::email, kEmailCharsMax, FieldKind::Email},
    {"phone", "phone", "Phone", &ContactFields::phone, kPhoneCharsMax, FieldKind::Phone},
    {"jobTitle",
     "job_title",
     "Job title",
     &ContactFields::job_title,
     kJobTitleCharsMax,
     FieldKind::Line},
    {"pronouns",
     "pronouns",
     "Pronouns",
     &ContactFields::pronouns,
     kPronounsCharsMax,
     FieldKind::Line},
    {"company", "company", "Company", &ContactFields::company, kCompanyCharsMax, FieldKind::Line},
    {"notes", "notes", "Notes", &ContactFields::notes, kNotesCharsMax, FieldKind::MultiLine},
}};

/// One list field. Its wire name is listed first in JSON's order after the text fields.
struct ListFieldSpec {
    std::string_view wire;    // "emails": shown with the primary one first and marked
    std::string_view column;  // JSON text in SQL
    std::string_view label;
    std::vector<LabeledValue> ContactFields::*member;
    std::string ContactFields::*primary;
    FieldKind kind;
};

inline constexpr std::array<ListFieldSpec, 2> kContactListFields{{
    {"emails",
     "more_emails",
     "Emails",
     &ContactFields::more_emails,
     &ContactFields::email,
     FieldKind::Email},
    {"phones",
     "more_phones",
     "Phones",
     &ContactFields::more_phones,
     &ContactFields::phone,
     FieldKind::Phone},
}};

inline constexpr std::string_view kTagsWire = "tags";

/// nullptr when no text field has that wire name.
[[nodiscard]] const FieldSpec* find_field(std::string_view wire);

enum class LinkState { Synced, Pending, Conflict, Error, NotLinked };

/// How a contact stands with one system, as shown to a person.
struct ContactLink {
    RemoteId id;      // empty: not linked
    std::string url;  // may be empty
    LinkState state = LinkState::NotLinked;
    std::string reason;  // one sentence; empty when synced
    std::optional<TimePoint> synced_at;

    bool operator==(const ContactLink&) const = default;
};

struct Contact {
    ContactId id;
    CustomerId customer_id;
    ContactFields fields;
    std::int64_t version = 1;  // grows by one with every change of `fields` or `deleted`
    bool deleted = false;      // a tombstone: kept, never re-created
    // Seen in a system, not yet confirmed; nothing is written elsewhere for it.
    bool arriving = false;
    TimePoint created_at{};
    TimePoint updated_at{};
    std::map<SystemKey, ContactLink> links = {};
    std::vector<std::string> sources = {};  // "local" and keys of systems, sorted with local first

    bool operator==(const Contact&) const = default;
};

/// A partial change: what is absent stays as it is.
struct ContactPatch {
    std::map<std::string, std::string> texts;  // wire name -> new text, parsed and trimmed
    std::optional<std::vector<std::string>> tags;
    std::optional<std::vector<LabeledValue>> more_emails;
    std::optional<std::vector<LabeledValue>> more_phones;

    [[nodiscard]] bool is_empty() const {
        return texts.empty() && !tags && !more_emails && !more_phones;
    }
    bool operator==(const ContactPatch&) const = default;
};

/// One changed field, for history, merges and answers. Lists are shown as text: "a; b (work)".
struct FieldChange {
    std::string field;  // wire name
    std::string from;
    std::string to;

    bool operator==(const FieldChange&) const = default;
};

/// `fields` with the patch laid over it. A value that became the primary one leaves the further
/// ones.
[[nodiscard]] ContactFields apply_patch(ContactFields fields, const ContactPatch& patch);

/// What differs, in table order; empty when nothing does.
[[nodiscard]] std::vector<FieldChange> diff_fields(const ContactFields& from,
                                                   const ContactFields& to);

/// Name, else e-mail, else phone, else "Unnamed contact": never empty.
[[nodiscard]] std::string display_name(const ContactFields& fields);

/// Tags sorted with no two alike; further values without the primary one, no two with one key; of
/// alike ones the first stays. Everything that stores or compares fields expects them so.
[[nodiscard]] ContactFields normalize_lists(ContactFields fields);

/// What two values of a field share when they are the same e-mail, phone or text: the key of
/// text.h, else the text in lower case.
[[nodiscard]] std::string value_key(FieldKind kind, std::string_view text);

/// How lists read in history and conflicts: "a; b (work)".
[[nodiscard]] std::string values_text(const std::vector<LabeledValue>& values);
[[nodiscard]] std::string tags_text(const std::vector<std::string>& tags);

/// The words on the wire: "synced", "not_linked".
[[nodiscard]] std::string_view link_state_text(LinkState state);
[[nodiscard]] std::optional<LinkState> parse_link_state(std::string_view text);

}  // namespace crm
