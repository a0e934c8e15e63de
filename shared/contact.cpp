// What every user of the field tables would otherwise write for itself: laying a patch over fields,
// telling two versions apart, and the words for links.
#include "shared/contact.h"

#include <algorithm>
#include <set>
#include <utility>

#include "shared/text.h"

namespace crm {
namespace {

struct LinkStateWord {
    LinkState state;
    std::string_view word;
};

// DO NOT RENAME: the wire words.
constexpr std::array<LinkStateWord, 5> kLinkStateWords{{
    {LinkState::Synced, "synced"},
    {LinkState::Pending, "pending"},
    {LinkState::Conflict, "conflict"},
    {LinkState::Error, "error"},
    {LinkState::NotLinked, "not_linked"},
}};

// A new member of ContactFields needs its row in one of the tables, else nothing reads or writes
// it.
static_assert(sizeof(ContactFields) ==
              kContactFields.size() * sizeof(std::string) +
                  kContactListFields.size() * sizeof(std::vector<LabeledValue>) +
                  sizeof(std::vector<std::string>));

std::vector<std::string> without_alike_tags(const std::vector<std::string>& tags) {
    std::set<std::string> keys;
    std::vector<std::string> kept;
    for (const std::string& tag : tags) {
        if (keys.insert(value_key(FieldKind::Line, tag)).second) kept.push_back(tag);
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}

void add_change(std::vector<FieldChange>& changes, FieldChange change) {
    if (change.from != change.to) changes.push_back(std::move(change));
}

}  // namespace

const FieldSpec* find_field(std::string_view wire) {
    for (const FieldSpec& spec : kContactFields) {
        if (spec.wire == wire) return &spec;
    }
    return nullptr;
}

std::string value_key(FieldKind kind, std::string_view text) {
    if (kind == FieldKind::Email) {
        if (std::optional<std::string> key = email_key(text)) return std::move(*key);
    }
    if (kind == FieldKind::Phone) {
        if (std::optional<std::string> key = phone_key(text)) return std::move(*key);
    }
    return lower_text(canonical_text(text));
}

ContactFields normalize_lists(ContactFields fields) {
    fields.tags = without_alike_tags(fields.tags);
    for (const ListFieldSpec& spec : kContactListFields) {
        std::set<std::string> keys{value_key(spec.kind, fields.*spec.primary)};
        std::vector<LabeledValue> kept;
        for (LabeledValue& entry : fields.*spec.member) {
            if (entry.value.empty()) continue;
            if (keys.insert(value_key(spec.kind, entry.value)).second) {
                kept.push_back(std::move(entry));
            }
        }
        fields.*spec.member = std::move(kept);
    }
    return fields;
}

ContactFields apply_patch(ContactFields fields, const ContactPatch& patch) {
    for (const FieldSpec& spec : kContactFields) {
        const auto text = patch.texts.find(std::string(spec.wire));
        if (text != patch.texts.end()) fields.*spec.member = text->second;
    }
    if (patch.tags) fields.tags = *patch.tags;
    if (patch.more_emails) fields.more_emails = *patch.more_emails;
    if (patch.more_phones) fields.more_phones = *patch.more_phones;
    return normalize_lists(std::move(fields));
}

std::string values_text(const std::vector<LabeledValue>& values) {
    std::string text;
    for (const LabeledValue& entry : values) {
        if (!text.empty()) text += "; ";
        text += entry.value;
        if (!entry.label.empty()) text += " (" + entry.label + ")";
    }
    return text;
}

std::string tags_text(const std::vector<std::string>& tags) {
    std::string text;
    for (const std::string& tag : tags) {
        if (!text.empty()) text += "; ";
        text += tag;
    }
    return text;
}

std::vector<FieldChange> diff_fields(const ContactFields& from, const ContactFields& to) {
    std::vector<FieldChange> changes;
    for (const FieldSpec& spec : kContactFields) {
        add_change(changes, {std::string(spec.wire), from.*spec.member, to.*spec.member});
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        if (from.*spec.member == to.*spec.member) continue;
        changes.push_back(
            {std::string(spec.wire), values_text(from.*spec.member), values_text(to.*spec.member)});
    }
    if (from.tags != to.tags) {
        changes.push_back({std::string(kTagsWire), tags_text(from.tags), tags_text(to.tags)});
    }
    return changes;
}

std::string display_name(const ContactFields& fields) {
    for (const std::string* text : {&fields.name, &fields.email, &fields.phone}) {
        std::string shown = trim(*text);
        if (!shown.empty()) return shown;
    }
    return "Unnamed contact";
}

std::string_view link_state_text(LinkState state) {
    for (const LinkStateWord& entry : kLinkStateWords) {
        if (entry.state == state) return entry.word;
    }
    return "not_linked";
}

std::optional<LinkState> parse_link_state(std::string_view text) {
    for (const LinkStateWord& entry : kLinkStateWords) {
        if (entry.word == text) return entry.state;
    }
    return std::nullopt;
}

}  // namespace crm
