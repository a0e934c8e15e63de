#include "server/sync/linking.h"

#include <algorithm>

#include "server/store/suppression.h"
#include "server/sync/field_merge.h"
#include "server/sync/rule.h"
#include "shared/contact_parse.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

// No id of the store begins so.
constexpr std::string_view kTemporaryPrefix = "new-";

std::string key_of(std::string_view email) {
    return email_key(email).value_or("");
}

Hold make_hold(HoldReason reason, const RemoteRecord& record, std::string message) {
    Hold hold;
    hold.reason = reason;
    hold.message = std::move(message);
    hold.values = record.values;
    hold.title = trim(text_of(record, "name"));
    if (hold.title.empty()) hold.title = trim(text_of(record, "email"));
    if (hold.title.empty()) hold.title = "record " + record.id.text;
    return hold;
}

/// While it is not known whether the record is that of an open create.
Hold hold_possible(const RemoteRecord& record, const ContactNotes& contact) {
    const std::string name = display_name(contact.contact.fields);
    Hold hold = contact.contact.deleted
                    ? make_hold(HoldReason::Suppressed,
                                record,
                                "It may be the record that was created for " + name +
                                    ", who was deleted here. Until that is known, it stays as it "
                                    "is.")
                    : make_hold(HoldReason::Duplicate,
                                record,
                                "It may be the record that is still being created for " + name +
                                    ". Until that is known, it stays as it is.");
    hold.contact = contact.contact.id;
    return hold;
}

LinkChoice choose_own_create(const CustomerNotes& notes,
                             const RemoteRecord& record,
                             const OwnCreates& own) {
    const auto ours = own.ours.find(record.id);
    if (ours != own.ours.end()) return {LinkAction::BindOwnCreate, ours->second, {}};
    const auto possible = own.possible.find(record.id);
    if (possible == own.possible.end()) return {};
    return {LinkAction::Hold, {}, hold_possible(record, notes.contacts.at(possible->second))};
}

}  // namespace

std::string text_of(const RemoteRecord& record, const std::string& field) {
    const auto found = record.values.find(field);
    return found == record.values.end() ? std::string() : found->second;
}

std::optional<Hold> find_unusable(const SystemSpec& system, const RemoteRecord& record) {
    if (!record.problem.empty()) {
        return make_hold(HoldReason::Invalid, record, record.problem);
    }
    const std::string email = trim(text_of(record, "email"));
    if (email.empty()) {
        return make_hold(HoldReason::NoEmail,
                         record,
                         "It has no e-mail in " + system.label +
                             ", so it cannot be matched with anybody. It stays there as it is.");
    }
    for (const std::string& field : system.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr || system.direction_of(field) == Direction::Out) continue;
        const std::string problem = field_problem(*spec, trim(text_of(record, field)));
        if (problem.empty()) continue;
        return make_hold(HoldReason::Invalid,
                         record,
                         std::string(spec->label) + " in " + system.label +
                             " cannot be taken over: " + problem + " It stays there as it is.");
    }
    return std::nullopt;
}

ContactFields fields_of(const SystemSpec& system, const RemoteRecord& record) {
    ContactFields fields;
    for (const std::string& field : system.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr || system.direction_of(field) == Direction::Out) continue;
        fields.*(spec->member) = trim(text_of(record, field));
    }
    return fields;
}

std::vector<std::string> email_keys_of(const RemoteRecord& record) {
    std::vector<std::string> keys;
    const auto add = [&](const std::string& email) {
        std::string key = key_of(email);
        if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end())
            keys.push_back(std::move(key));
    };
    add(text_of(record, "email"));
    for (const std::string& email : record.other_emails) add(email);
    return keys;
}

ContactId temporary_id(int number, const RemoteId& record) {
    return ContactId(std::string(kTemporaryPrefix) + std::to_string(number) + "-" + record.text);
}

LinkIndex::LinkIndex(const CustomerNotes& notes, const SystemSpec& system) : system_(system) {
    for (const auto& [id, contact] : notes.contacts) refresh(contact);
}

void LinkIndex::forget(const ContactId& contact) {
    const auto found = entries_.find(contact);
    if (found == entries_.end()) return;
    const Entry& old = found->second;
    if (old.record.is_set()) by_record_.erase(old.record);
    const auto owner = by_email_.find(old.email_key);
    if (owner != by_email_.end() && owner->second == contact) by_email_.erase(owner);
    for (const std::string& alias : old.aliases) by_alias_[alias].erase(contact);
    open_creates_.erase(contact);
    entries_.erase(found);
}

void LinkIndex::refresh(const ContactNotes& notes) {
    const ContactId& id = notes.contact.id;
    forget(id);
    Entry entry;
    const auto standing = notes.systems.find(system_.key);
    if (standing != notes.systems.end()) {
        if (standing->second.link) entry.record = standing->second.link->id;
        entry.has_open_create =
            standing->second.intent && standing->second.intent->kind == IntentKind::Create;
    }
    if (entry.record.is_set()) by_record_[entry.record] = id;
    if (entry.has_open_create) open_creates_.insert(id);
    if (!notes.contact.deleted) {
        entry.email_key = key_of(notes.contact.fields.email);
        if (!entry.email_key.empty()) by_email_[entry.email_key] = id;
        entry.aliases = notes.aliases;
        for (const LabeledValue& email : notes.contact.fields.more_emails) {
            const std::string key = key_of(email.value);
            if (!key.empty()) entry.aliases.insert(key);
        }
        for (const std::string& alias : entry.aliases) by_alias_[alias].insert(id);
    }
    entries_[id] = std::move(entry);
}

const ContactId* LinkIndex::find_linked(const RemoteId& record) const {
    const auto found = by_record_.find(record);
    return found == by_record_.end() ? nullptr : &found->second;
}

const ContactId* LinkIndex::find_marked(const RemoteRecord& record) const {
    const std::string marker = trim(record.marker);
    if (!is_on(Rule::MarkerLink) || marker.empty() || marker.starts_with(kTemporaryPrefix))
        return nullptr;
    const auto found = entries_.find(ContactId(marker));
    return found == entries_.end() ? nullptr : &found->first;
}

const ContactId* LinkIndex::find_owner(const std::string& email_key) const {
    const auto found = by_email_.find(email_key);
    return found == by_email_.end() ? nullptr : &found->second;
}

bool LinkIndex::is_free(const ContactId& contact) const {
    const Entry& entry = entries_.at(contact);
    return !entry.record.is_set() && !entry.has_open_create;
}

Hold LinkIndex::hold_duplicate(const CustomerNotes& notes,
                               const RemoteRecord& record,
                               const ContactId& owner,
                               const std::string& what) const {
    const bool has_record = entries_.at(owner).record.is_set();
    Hold hold = make_hold(
        HoldReason::Duplicate,
        record,
        what + " " + display_name(notes.contacts.at(owner).contact.fields) +
            (has_record ? ", who is linked to another " : ", whose own ") + system_.label +
            (has_record ? " record. Both stay as they are." : " record is still being created."));
    hold.contact = owner;
    return hold;
}

const ContactId* LinkIndex::find_survivor(const CustomerNotes& notes,
                                          const ContactId* marked) const {
    // A chain of merges ends: each loser is deleted, and a winner was alive.
    for (std::size_t steps = 0; marked != nullptr && steps < notes.merged.size(); ++steps) {
        const Entry& entry = entries_.at(*marked);
        const auto winner = notes.merged.find(*marked);
        const bool is_over = entry.record.is_set() || entry.has_open_create ||
                             winner == notes.merged.end() ||
                             !notes.contacts.at(*marked).contact.deleted;
        if (is_over) return marked;
        const auto next = entries_.find(winner->second);
        if (next == entries_.end()) return marked;
        marked = &next->first;
    }
    return marked;
}

LinkChoice LinkIndex::choose_marked(const CustomerNotes& notes, const RemoteRecord& record) const {
    const ContactId* marked = find_survivor(notes, find_marked(record));
    if (marked == nullptr) return {};
    const Entry& entry = entries_.at(*marked);
    if (!entry.record.is_set() || !is_on(Rule::DuplicateHold)) {
        return {entry.has_open_create ? LinkAction::BindOwnCreate : LinkAction::Adopt,
                *marked,
                {},
                "our marker",
                true};
    }
    const ContactNotes& contact = notes.contacts.at(*marked);
    if (contact.contact.deleted) {
        // What was merged into it may be somebody who lives.
        LinkChoice living = choose_by_email(notes, record, key_of(text_of(record, "email")));
        if (living.action != LinkAction::Adopt) living = choose_by_other_email(notes, record);
        if (living.action == LinkAction::Adopt) return living;
    }
    const std::string of_whom = "It is a copy of record " + entry.record.text + " of " +
                                display_name(contact.contact.fields) + ", as its marker says";
    Hold hold = contact.contact.deleted
                    ? make_hold(HoldReason::Suppressed,
                                record,
                                of_whom +
                                    ". That contact was deleted here, so it is not taken "
                                    "over again. It stays in " +
                                    system_.label + ".")
                    : make_hold(HoldReason::Duplicate,
                                record,
                                of_whom +
                                    ". Both stay as they are; to sync it as a contact of its "
                                    "own, empty its marker in " +
                                    system_.label + ".");
    hold.contact = *marked;
    return {LinkAction::Hold, {}, std::move(hold)};
}

LinkChoice LinkIndex::choose_by_email(const CustomerNotes& notes,
                                      const RemoteRecord& record,
                                      const std::string& key) const {
    if (const ContactId* owner = find_owner(key)) {
        if (is_free(*owner) || !is_on(Rule::DuplicateHold)) return {LinkAction::Adopt, *owner, {}};
        return {
            LinkAction::Hold, {}, hold_duplicate(notes, record, *owner, "Its e-mail belongs to")};
    }
    const auto former = by_alias_.find(key);
    if (is_on(Rule::AliasLink) && former != by_alias_.end()) {
        for (const ContactId& id : former->second) {
            if (is_free(id)) return {LinkAction::Adopt, id, {}};
        }
    }
    return {};
}

LinkChoice LinkIndex::choose_by_other_email(const CustomerNotes& notes,
                                            const RemoteRecord& record) const {
    if (!is_on(Rule::OtherEmailLink)) return {};
    const ContactId* taken = nullptr;
    for (const std::string& email : record.other_emails) {
        const ContactId* owner = find_owner(key_of(email));
        if (owner == nullptr) continue;
        if (is_free(*owner)) return {LinkAction::Adopt, *owner, {}, "a further e-mail"};
        if (taken == nullptr) taken = owner;
    }
    if (taken == nullptr) return {};
    return {LinkAction::Hold,
            {},
            hold_duplicate(notes, record, *taken, "One of its further e-mails belongs to")};
}

LinkChoice LinkIndex::choose(const CustomerNotes& notes,
                             const RemoteRecord& record,
                             const OwnCreates& own) const {
    LinkChoice choice = choose_marked(notes, record);
    if (choice.action != LinkAction::Ignore) return choice;
    const std::string key = key_of(text_of(record, "email"));
    choice = choose_own_create(notes, record, own);
    if (choice.action != LinkAction::Ignore) return choice;
    if (std::optional<Hold> unusable = find_unusable(system_, record)) {
        return {LinkAction::Hold, {}, std::move(*unusable)};
    }
    choice = choose_by_email(notes, record, key);
    if (choice.action != LinkAction::Ignore) return choice;
    choice = choose_by_other_email(notes, record);
    if (choice.action != LinkAction::Ignore) return choice;
    const std::optional<ContactId> suppressed = find_suppressed(notes, key);
    if (is_on(Rule::Suppression) && suppressed) {
        Hold hold =
            make_hold(HoldReason::Suppressed,
                      record,
                      "A contact with this e-mail was deleted here, so it is not taken over "
                      "again. It stays in " +
                          system_.label + ".");
        hold.contact = *suppressed;
        return {LinkAction::Hold, {}, std::move(hold)};
    }
    return {LinkAction::Arrive, {}, {}};
}

}  // namespace crm::sync
