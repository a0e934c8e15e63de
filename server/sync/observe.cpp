#include "server/sync/observe.h"

#include <algorithm>

#include "server/sync/field_merge.h"
#include "server/sync/observe_walk.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {

void Observer::wait_until(TimePoint when) {
    if (!out_.decidable_at || when < *out_.decidable_at) out_.decidable_at = when;
}

void Observer::add_conflict(const ContactNotes& contact,
                            std::string field,
                            std::string base,
                            std::string remote,
                            std::string kind) {
    if (!is_on(Rule::ConflictKept)) return;
    ConflictRow row;
    row.contact = contact.contact.id;
    row.system = in_.system.key;
    row.base = std::move(base);
    if (const FieldSpec* spec = find_field(field))
        row.app_value = contact.contact.fields.*(spec->member);
    row.winner = row.app_value;
    row.remote_value = std::move(remote);
    row.kind = std::move(kind);
    row.field = std::move(field);
    out_.conflicts.push_back(std::move(row));
}

void Observer::note_alias(ContactNotes& contact, const std::string& email) {
    const std::string key = email_key(email).value_or("");
    if (key.empty() || !contact.aliases.insert(key).second) return;
    out_.aliases.emplace_back(contact.contact.id, key);
}

void Observer::take(ContactNotes& contact, const FieldSpec& spec, const std::string& value) {
    std::string& ours = contact.contact.fields.*(spec.member);
    out_.edited.try_emplace(contact.contact.id, contact.contact.fields);
    ours = value;
    if (spec.kind != FieldKind::Email) return;
    note_alias(contact, value);
    index_.refresh(contact);
    std::erase(out_.renamed, contact.contact.id);
    out_.renamed.push_back(contact.contact.id);
}

void Observer::merge_text(ContactNotes& contact,
                          Link& link,
                          const FieldSpec& spec,
                          const std::string& raw) {
    const std::string field(spec.wire);
    const Standing& standing = standing_of(contact);
    const auto known = link.fields.find(field);
    const FieldReading reading{.spec = spec,
                               .shadow = known == link.fields.end() ? nullptr : &known->second,
                               .app = contact.contact.fields.*(spec.member),
                               .raw = raw,
                               .intent = standing.intent ? &*standing.intent : nullptr,
                               .window = in_.window};
    FieldVerdict verdict = merge_field(reading, in_.rules);
    if (verdict.decidable_at) {
        ++out_.doubtful;
        wait_until(*verdict.decidable_at);
    }
    if (verdict.taken && spec.kind == FieldKind::Email) {
        const ContactId* owner = index_.find_owner(email_key(*verdict.taken).value_or(""));
        if (owner != nullptr && *owner != contact.contact.id) {
            verdict.taken.reset();
            verdict.conflict = "email_taken";
        }
    }
    if (!verdict.conflict.empty()) {
        const std::string base = known == link.fields.end() ? "" : known->second.app;
        add_conflict(contact, field, base, raw, verdict.conflict);
        out_.history.push_back({contact.contact.id,
                                "conflict",
                                std::string(spec.label) + " was also changed in " +
                                    in_.system.label + " (“" + raw + "”); the value here stands"});
    }
    if (verdict.taken) take(contact, spec, *verdict.taken);
    if (!verdict.is_shadow_changed) return;
    link.fields[field] = std::move(verdict.shadow);
    touch(contact);
}

void Observer::merge_texts(ContactNotes& contact, Link& link, const RemoteRecord& record) {
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        const auto value = record.values.find(field);
        if (spec == nullptr || in_.system.direction_of(field) == Direction::Out) continue;
        if (value != record.values.end()) {
            merge_text(contact, link, *spec, value->second);
        } else if (!link.fields.contains(field)) {
            // Silence about a field clears nothing that was agreed on, but where nothing was, it is
            // empty.
            merge_text(contact, link, *spec, std::string());
        }
    }
}

void Observer::keep_trash(ContactNotes& contact, Link& link, const RemoteRecord& record) {
    // An edit of a record that is about to be deleted goes to the trash with it.
    if (!is_on(Rule::TrashKeepsEdits)) return;
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        const auto value = record.values.find(field);
        const auto known = link.fields.find(field);
        if (spec == nullptr || value == record.values.end()) continue;
        // Where nothing was agreed on yet, what the contact had is what is known.
        const bool is_agreed = known != link.fields.end();
        const std::string& raw =
            is_agreed ? known->second.raw : contact.contact.fields.*(spec->member);
        if (is_same_value(spec->kind, value->second, raw)) continue;
        FieldShadow& shadow = link.fields[field];
        const auto is_known = [&](const SupersededValue& old) { return old.raw == value->second; };
        if (std::any_of(shadow.superseded.begin(), shadow.superseded.end(), is_known)) continue;
        if (std::count(shadow.noted.begin(), shadow.noted.end(), value->second) > 0) continue;
        add_conflict(contact, field, shadow.app, value->second, "deleted_here");
        // The agreement stays as it is: should the contact be restored, this is still an edit.
        shadow.noted.push_back(value->second);
        touch(contact);
    }
}

void Observer::confirm_if_seen_again(ContactNotes& contact, const Link& link) {
    if (!contact.contact.arriving) return;
    const TimePoint conclusive = link.linked_at + in_.rules.settle;
    const bool is_the_first_sight = link.linked_at == in_.window.ended;
    if (is_the_first_sight || in_.window.started < conclusive) {
        wait_until(conclusive);
        return;
    }
    contact.contact.arriving = false;
    out_.confirmed.push_back(contact.contact.id);
}

void Observer::read_linked(ContactNotes& contact, const RemoteRecord& record) {
    Standing& standing = standing_of(contact);
    Link& link = *standing.link;
    if (link.absent_count != 0) {
        link.absent_count = 0;
        touch(contact);
    }
    if (!record.url.empty() && link.url != record.url) {
        link.url = record.url;
        touch(contact);
    }
    if (contact.contact.deleted || link.is_dying) {
        keep_trash(contact, link, record);
        if (link.confirmed_gone && in_.window.started >= *link.delete_acked + in_.rules.settle) {
            link.confirmed_gone.reset();  // somebody restored it over there
            touch(contact);
        }
    } else if (record.problem.empty()) {
        release_hold(record);
        merge_texts(contact, link, record);
        confirm_if_seen_again(contact, link);
    } else if (std::optional<Hold> unusable = find_unusable(in_.system, record)) {
        unusable->contact = contact.contact.id;
        hold(record, std::move(*unusable));
    }
    resolve(contact, &record);
}

void Observer::read_records() {
    for (const RemoteRecord& record : in_.listing.records) {
        records_.push_back(&record);
        seen_.insert(record.id);
    }
    // The oldest first, as far as ids tell: of several records for one contact it gets the link.
    std::sort(
        records_.begin(), records_.end(), [](const RemoteRecord* left, const RemoteRecord* right) {
            const std::string& first = left->id.text;
            const std::string& second = right->id.text;
            return first.size() != second.size() ? first.size() < second.size() : first < second;
        });
    for (const RemoteRecord* record : records_) {
        const ContactId* linked = index_.find_linked(record->id);
        if (linked != nullptr) read_linked(notes_.contacts.at(*linked), *record);
    }
    // What is ours for sure comes before what looks like it.
    for (const bool is_marked : {true, false}) {
        for (const RemoteRecord* record : records_) {
            if ((index_.find_marked(*record) != nullptr) != is_marked) continue;
            if (index_.find_linked(record->id) == nullptr) link_record(*record);
        }
    }
}

void Observer::forget_gone_holds() {
    if (!in_.listing.is_complete) return;
    std::erase_if(notes_.holds, [&](const auto& entry) {
        const bool is_gone =
            entry.first.first == in_.system.key && !seen_.contains(entry.first.second);
        if (is_gone) out_.holds.insert(entry.first);
        return is_gone;
    });
}

Observed Observer::run() {
    read_records();
    read_absences();
    settle_vanished();
    hold_merged();
    for (const ContactId& id : out_.withdrawn) notes_.contacts.erase(id);
    forget_gone_holds();
    return std::move(out_);
}

bool Observed::is_empty() const {
    return standings.empty() && arrived.empty() && edited.empty() && confirmed.empty() &&
           withdrawn.empty() && died.empty() && holds.empty() && aliases.empty() &&
           conflicts.empty() && history.empty();
}

Observed observe(CustomerNotes& notes, const Observation& observation) {
    return Observer(notes, observation).run();
}

}  // namespace crm::sync
