// The part of Observer that reads what is missing from a listing: absences, open intents, and what
// follows when a record is gone for good.
#include <algorithm>

#include "server/limits.h"
#include "server/sync/field_merge.h"
#include "server/sync/observe_walk.h"
#include "server/sync/relink.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {
void Observer::count_absence(ContactNotes& contact, Link& link) {
    const TimePoint next = link.last_absent_start + in_.rules.settle;
    if (is_on(Rule::AbsenceSpacing) && link.absent_count > 0 && in_.window.started < next) {
        wait_until(next);
        return;
    }
    link.last_absent_start = in_.window.started;
    ++link.absent_count;
    touch(contact);
    if (contact.contact.arriving) {
        Standing& standing = standing_of(contact);
        standing = Standing{};
        const bool has_other =
            std::any_of(contact.systems.begin(), contact.systems.end(), [](const auto& entry) {
                return entry.second.link.has_value();
            });
        if (!has_other) out_.withdrawn.push_back(contact.contact.id);
        return;
    }
    if (is_on(Rule::AbsenceCount) && link.absent_count < kAbsencesNeeded) {
        wait_until(in_.window.started + in_.rules.settle);
        return;
    }
    vanished_.push_back(contact.contact.id);
}

void Observer::read_missing(ContactNotes& contact) {
    Standing& standing = standing_of(contact);
    Link& link = *standing.link;
    if (contact.contact.deleted || link.is_dying) {
        resolve(contact, nullptr);
        if (!link.delete_acked || link.confirmed_gone) return;
        const TimePoint conclusive = *link.delete_acked + in_.rules.settle;
        if (in_.window.started < conclusive) {
            wait_until(conclusive);
            return;
        }
        link.confirmed_gone = in_.window.ended;
        touch(contact);
        if (link.is_dying) {
            standing = Standing{};
            index_.refresh(contact);
        }
        return;
    }
    resolve(contact, nullptr);
    if (standing.intent) return;  // it may be late news about that call
    if (is_on(Rule::VisibleUntil) && in_.window.started < link.visible_until) {
        wait_until(link.visible_until);
        return;
    }
    count_absence(contact, link);
}

void Observer::resolve_create(ContactNotes& contact, Standing& standing) {
    Intent& intent = *standing.intent;
    const bool is_awaited = is_on(Rule::UnknownCreateWaits);
    const TimePoint conclusive = intent.deadline + in_.rules.settle;
    if (is_awaited && in_.window.started < conclusive) {
        wait_until(conclusive);
        return;
    }
    ++intent.absent_count;
    touch(contact);
    if (is_awaited && intent.absent_count < kUnknownCreateListings) {
        wait_until(in_.window.ended);
        return;
    }
    standing.intent.reset();
    index_.refresh(contact);
}

void Observer::resolve(ContactNotes& contact, const RemoteRecord* record) {
    Standing& standing = standing_of(contact);
    if (!standing.intent || !standing.intent->is_unknown) return;
    const Intent& intent = *standing.intent;
    const TimePoint conclusive = intent.deadline + in_.rules.settle;
    const bool is_conclusive =
        in_.window.started >= conclusive ||
        (intent.kind == IntentKind::Update && !is_on(Rule::UnknownUpdateWaits));
    if (intent.kind == IntentKind::Create) {
        if (in_.listing.is_complete) resolve_create(contact, standing);
        return;
    }
    bool is_applied = record != nullptr && intent.kind == IntentKind::Update;
    if (is_applied) {
        for (const auto& [field, raw] : intent.raw) {
            const FieldSpec* spec = find_field(field);
            if (spec == nullptr || !is_same_value(spec->kind, raw, text_of(*record, field)))
                is_applied = false;
        }
    }
    if (intent.kind == IntentKind::Delete && record == nullptr && in_.listing.is_complete &&
        is_conclusive) {
        standing.link->delete_acked = in_.window.started;
        is_applied = true;
    }
    if (is_applied || is_conclusive) {
        standing.intent.reset();
        touch(contact);
    } else {
        wait_until(conclusive);
    }
}

void Observer::read_absences() {
    const bool is_telling = in_.listing.is_complete || !is_on(Rule::AbsenceNeedsComplete);
    for (auto& [id, contact] : notes_.contacts) {
        const auto found = contact.systems.find(in_.system.key);
        if (found == contact.systems.end()) continue;
        const Standing& standing = found->second;
        if (!standing.link) {
            if (standing.intent) resolve(contact, nullptr);
        } else if (!seen_.contains(standing.link->id) && is_telling) {
            read_missing(contact);
        }
    }
}

std::set<std::string> Observer::email_keys_of_contact(const ContactNotes& contact) const {
    std::set<std::string> keys;
    const auto add = [&](const std::string& email) {
        const std::optional<std::string> key = email_key(email);
        if (key) keys.insert(*key);
    };
    add(contact.contact.fields.email);
    const auto standing = contact.systems.find(in_.system.key);
    if (standing == contact.systems.end() || !standing->second.link) return keys;
    const auto shadow = standing->second.link->fields.find("email");
    if (shadow != standing->second.link->fields.end()) add(shadow->second.raw);
    return keys;
}

const std::vector<const RemoteRecord*>& Observer::find_by_email(const std::string& key) {
    if (!is_by_email_filled_) {
        is_by_email_filled_ = true;
        for (const RemoteRecord* record : records_) {
            for (const std::string& email : email_keys_of(*record))
                by_email_[email].push_back(record);
        }
    }
    static const std::vector<const RemoteRecord*> kNone;
    const auto found = by_email_.find(key);
    return found == by_email_.end() ? kNone : found->second;
}

const ContactNotes* Observer::find_other_holder(const RemoteRecord& record, const ContactId& self) {
    const ContactId* holder = index_.find_linked(record.id);
    // An unlinked record belongs to whom its own e-mail names, also when that one is linked to
    // a record that is going as well.
    if (holder == nullptr)
        holder = index_.find_owner(email_key(text_of(record, "email")).value_or(""));
    if (holder == nullptr || *holder == self) return nullptr;
    const ContactNotes& other = notes_.contacts.at(*holder);
    return other.contact.deleted ? nullptr : &other;
}

const RemoteRecord* Observer::find_successor(const ContactNotes& contact) {
    const ContactId& id = contact.contact.id;
    const auto is_free = [&](const RemoteRecord& record) {
        return index_.find_linked(record.id) == nullptr && record.problem.empty() &&
               !notes_.dead.contains({in_.system.key, record.id});
    };
    for (const RemoteRecord* record : records_) {
        const ContactId* marked = index_.find_marked(*record);
        if (marked != nullptr && *marked == id && is_free(*record)) return record;
    }
    const std::set<std::string> keys = email_keys_of_contact(contact);
    const RemoteRecord* successor = nullptr;
    for (const std::string& key : keys) {
        for (const RemoteRecord* record : find_by_email(key)) {
            const ContactId* marked = index_.find_marked(*record);
            if (marked != nullptr || !is_free(*record)) continue;
            if (find_other_holder(*record, id) != nullptr) continue;
            if (keys.contains(email_key(text_of(*record, "email")).value_or(""))) return record;
            if (successor == nullptr) successor = record;
        }
    }
    return successor;
}

const ContactNotes* Observer::find_merged_with(const ContactNotes& contact) {
    for (const std::string& key : email_keys_of_contact(contact)) {
        for (const RemoteRecord* record : find_by_email(key)) {
            const ContactNotes* other = find_other_holder(*record, contact.contact.id);
            if (other != nullptr) return other;
        }
    }
    return nullptr;
}

void Observer::part(ContactNotes& contact, const Parting& parting) {
    const RemoteKey key{in_.system.key, parting.died};
    notes_.dead[key] = contact.contact.id;
    out_.died.emplace_back(key, contact.contact.id);
    out_.history.push_back({contact.contact.id, "unlinked", parting.history});
    touch(contact);
    index_.refresh(contact);
}

bool Observer::is_merged_into(const ContactNotes& contact, const RemoteRecord& record) const {
    const std::set<std::string> ours = email_keys_of_contact(contact);
    const auto is_ours = [&](const std::string& email) {
        return ours.contains(email_key(email).value_or(""));
    };
    return !is_ours(text_of(record, "email")) &&
           std::any_of(record.other_emails.begin(), record.other_emails.end(), is_ours);
}

void Observer::settle_vanished() {
    for (const ContactId& id : vanished_) {
        ContactNotes& contact = notes_.contacts.at(id);
        Standing& standing = standing_of(contact);
        const RemoteRecord* successor = is_on(Rule::Relink) ? find_successor(contact) : nullptr;
        if (successor != nullptr) {
            const ContactId* marked = index_.find_marked(*successor);
            const bool is_merged = is_merged_into(contact, *successor);
            // A copy has the marker too, with what the record said when it was copied: one that
            // was held beside the record is no successor of it.
            const bool is_copy = notes_.holds.contains({in_.system.key, successor->id});
            const bool is_marked = marked != nullptr && *marked == id;
            const bool is_proven = is_merged || (is_marked && !is_copy);
            part(contact,
                 relink(standing,
                        {in_.system,
                         *successor,
                         in_.window.ended,
                         in_.rules,
                         contact.contact.fields,
                         is_proven}));
            out_.history.back().kind = "linked";
            note_alias(contact, text_of(*successor, "email"));
            read_linked(contact, *successor);
            continue;
        }
        const ContactNotes* other = is_on(Rule::MergeDetach) ? find_merged_with(contact) : nullptr;
        part(contact,
             other == nullptr
                 ? lose_record(standing, in_.system)
                 : detach_merged(standing, in_.system, display_name(other->contact.fields)));
    }
}

/// Told anew from every listing: it ends when the contacts are one here as well, when the record
/// does not have the e-mail any more, or when the contact has a record again.
void Observer::hold_merged() {
    std::set<RemoteKey> merged;
    for (const auto& [id, contact] : notes_.contacts) {
        const auto found = contact.systems.find(in_.system.key);
        const bool is_apart = found != contact.systems.end() && found->second.is_detached &&
                              !found->second.link && !contact.contact.deleted;
        if (!is_apart) continue;
        for (const RemoteRecord* record :
             find_by_email(email_key(contact.contact.fields.email).value_or(""))) {
            if (index_.find_linked(record->id) == nullptr || !record->problem.empty()) continue;
            const ContactNotes* other = find_other_holder(*record, id);
            if (other == nullptr || !merged.insert({in_.system.key, record->id}).second) continue;
            Hold hold;
            hold.reason = HoldReason::Merged;
            hold.contact = id;
            hold.title = display_name(other->contact.fields);
            hold.message = "The records of " + hold.title + " and " +
                           display_name(contact.contact.fields) + " became one in " +
                           in_.system.label +
                           ". Here they are still two contacts; the second "
                           "one is not created there again.";
            hold.values = record->values;
            this->hold(*record, std::move(hold));
        }
    }
    std::erase_if(notes_.holds, [&](const auto& entry) {
        const bool is_over = entry.second.reason == HoldReason::Merged &&
                             entry.first.first == in_.system.key &&
                             seen_.contains(entry.first.second) && !merged.contains(entry.first);
        if (is_over) out_.holds.insert(entry.first);
        return is_over;
    });
}

}  // namespace crm::sync
