// The part of Observer that binds, holds and welcomes records.
#include <algorithm>

#include "server/sync/field_merge.h"
#include "server/sync/observe_walk.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {

void Observer::hold(const RemoteRecord& record, Hold hold) {
    const RemoteKey key{in_.system.key, record.id};
    const auto known = notes_.holds.find(key);
    hold.since = known == notes_.holds.end() ? in_.window.ended : known->second.since;
    if (known != notes_.holds.end()) {  // decided anew once all records are read
        hold.suggested = known->second.suggested;
        hold.suggestion = known->second.suggestion;
        hold.is_suggestion_refused = known->second.is_suggestion_refused;
    }
    if (known != notes_.holds.end() && known->second == hold) return;
    notes_.holds[key] = std::move(hold);
    out_.holds.insert(key);
}

/// A record that is dead for us and that nobody will delete: it is never linked again, and a person
/// should know. Its e-mail may keep others from having a record.
void Observer::hold_returned(const RemoteRecord& record, const ContactId& owner) {
    const auto found = notes_.contacts.find(owner);
    if (found == notes_.contacts.end()) return;
    Hold returned;
    returned.reason = HoldReason::Restored;
    returned.contact = owner;
    returned.values = record.values;
    returned.title = display_name(found->second.contact.fields);
    returned.message = "Record " + record.id.text + " came back in " + in_.system.label +
                       " after it was gone. It is not synced; delete or merge it there.";
    hold(record, std::move(returned));
}

void Observer::release_hold(const RemoteRecord& record) {
    const RemoteKey key{in_.system.key, record.id};
    const auto found = notes_.holds.find(key);
    if (found == notes_.holds.end()) return;
    // What became one over there, and who may be somebody known, is looked at apart, after all
    // records are read.
    const HoldReason reason = found->second.reason;
    if (reason == HoldReason::Merged || reason == HoldReason::Similar) return;
    notes_.holds.erase(found);
    out_.holds.insert(key);
}

void Observer::bind(ContactNotes& contact, const RemoteRecord& record, const LinkChoice& choice) {
    const LinkAction action = choice.action;
    Standing& standing = standing_of(contact);
    Link link;
    link.id = record.id;
    link.url = record.url;
    link.linked_at = in_.window.ended;
    link.visible_until = in_.window.ended + in_.rules.settle;
    link.synced_at = in_.window.ended;
    if (in_.system.is_version_trusted) link.version = record.version;
    if (choice.is_marked && action == LinkAction::Adopt && !standing.has_vanished) {
        ++out_.late_calls;  // a create of ours that counted as lost
    }
    if (action == LinkAction::BindOwnCreate) {
        for (const auto& [field, raw] : standing.intent->raw) {
            // A value that we sent and that is not there is not agreed on: somebody may have made
            // the record, with the same e-mail, while our create was on its way; and a record with
            // our marker may be of an earlier create, which counted as lost.
            const FieldSpec* spec = find_field(field);
            const bool is_there = spec != nullptr && record.values.contains(field) &&
                                  is_same_value(spec->kind, raw, text_of(record, field));
            if (!is_there) continue;
            FieldShadow& shadow = link.fields[field];
            shadow.raw = raw;
            shadow.app = standing.intent->app.at(field);
            shadow.settle_until = in_.window.ended + in_.rules.settle;
        }
        standing.intent.reset();
    }
    standing.link = std::move(link);
    standing.refusal.reset();
    standing.has_vanished = false;
    standing.is_detached = false;
    standing.is_merged = false;
    note_alias(contact, text_of(record, "email"));
    if (contact.contact.deleted) {
        const RemoteKey key{in_.system.key, record.id};
        notes_.dead[key] = contact.contact.id;
        out_.died.emplace_back(key, contact.contact.id);
    }
    touch(contact);
    out_.history.push_back({contact.contact.id,
                            "linked",
                            action == LinkAction::BindOwnCreate
                                ? "Created in " + in_.system.label + " as record " + record.id.text
                                : "Linked to " + in_.system.label + " record " + record.id.text +
                                      ", matched by " + choice.matched_by});
}

void Observer::arrive(const RemoteRecord& record) {
    ContactNotes fresh;
    fresh.contact.id = temporary_id(++arrivals_, record.id);
    fresh.contact.fields = fields_of(in_.system, record);
    fresh.contact.arriving = true;
    const ContactId id = fresh.contact.id;
    ContactNotes& contact = notes_.contacts[id] = std::move(fresh);
    out_.arrived.push_back(id);
    bind(contact, record, {.action = LinkAction::Arrive});
    out_.history.back().text = "Seen in " + in_.system.label + " as record " + record.id.text;
    Link& link = *standing_of(contact).link;
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr || in_.system.direction_of(field) == Direction::Out) continue;
        FieldShadow& shadow = link.fields[field];
        shadow.raw = text_of(record, field);
        shadow.app = contact.contact.fields.*(spec->member);
        shadow.settle_until = in_.window.ended + in_.rules.settle;
    }
    if (!is_on(Rule::Probation)) {
        contact.contact.arriving = false;
        out_.confirmed.push_back(id);
        return;
    }
    wait_until(link.linked_at + in_.rules.settle);
}

/// While it was held, the record showed something else than now. Which of the two is older nobody
/// can tell yet: nothing is written over it before a listing that is new enough.
void Observer::doubt_held_values(ContactNotes& contact,
                                 const RemoteRecord& record,
                                 const FieldTexts& held) {
    Link& link = *standing_of(contact).link;
    const TimePoint until = in_.window.ended + in_.rules.settle;
    for (auto& [field, shadow] : link.fields) {
        const auto shown = held.find(field);
        const FieldSpec* spec = find_field(field);
        const bool is_same = shown == held.end() || spec == nullptr ||
                             is_same_value(spec->kind, shown->second, text_of(record, field));
        if (is_same) continue;
        shadow.doubt_until = std::max(shadow.doubt_until, until);
        touch(contact);
        wait_until(until);
    }
}

OwnCreates Observer::find_own() const {
    OwnSearch search{.notes = notes_,
                     .system = in_.system,
                     .index = index_,
                     .records = {},
                     .is_complete = in_.listing.is_complete,
                     .started = in_.window.started,
                     .rules = in_.rules};
    for (const RemoteRecord* record : records_) {
        const bool is_dead =
            is_on(Rule::DeadRecords) && notes_.dead.contains({in_.system.key, record->id});
        if (!is_dead && index_.find_linked(record->id) == nullptr) search.records.push_back(record);
    }
    return find_own_creates(search);
}

void Observer::link_record(const RemoteRecord& record) {
    const RemoteKey key{in_.system.key, record.id};
    const auto dead = notes_.dead.find(key);
    if (is_on(Rule::DeadRecords) && dead != notes_.dead.end()) {
        hold_returned(record, dead->second);
        return;
    }
    LinkChoice choice = index_.choose(notes_, record, own_);
    if (choice.action == LinkAction::Hold) {
        hold(record, std::move(choice.hold));
        return;
    }
    const auto known_hold = notes_.holds.find(key);
    const FieldTexts held =
        known_hold == notes_.holds.end() ? FieldTexts() : known_hold->second.values;
    release_hold(record);
    switch (choice.action) {
        case LinkAction::Arrive:
            arrive(record);
            index_.refresh(notes_.contacts.at(out_.arrived.back()));
            break;
        case LinkAction::BindOwnCreate:
        case LinkAction::Adopt: {
            ContactNotes& contact = notes_.contacts.at(choice.contact);
            bind(contact, record, choice);
            read_linked(contact, record);
            doubt_held_values(contact, record, held);
            index_.refresh(contact);
            break;
        }
        case LinkAction::Ignore:
        case LinkAction::Hold:
            break;
    }
}

}  // namespace crm::sync
