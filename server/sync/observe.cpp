#include "server/sync/observe.h"

#include <algorithm>

#include "server/sync/field_merge.h"
#include "server/sync/linking.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

/// One walk over one listing.
class Observer {
   public:
    Observer(CustomerNotes& notes, const Observation& observation)
        : notes_(notes), in_(observation), index_(notes, observation.system) {}

    Observed run();

   private:
    void link_record(const RemoteRecord& record);
    void bind(ContactNotes& contact, const RemoteRecord& record, LinkAction action);
    void arrive(const RemoteRecord& record);
    void hold(const RemoteRecord& record, Hold hold);
    void hold_returned(const RemoteRecord& record, const ContactId& owner);
    void release_hold(const RemoteRecord& record);
    void read_linked(ContactNotes& contact, const RemoteRecord& record);
    void merge_texts(ContactNotes& contact, Link& link, const RemoteRecord& record);
    void merge_text(ContactNotes& contact,
                    Link& link,
                    const FieldSpec& spec,
                    const std::string& raw);
    void take(ContactNotes& contact, const FieldSpec& spec, const std::string& value);
    void keep_trash(ContactNotes& contact, Link& link, const RemoteRecord& record);
    void count_absence(ContactNotes& contact, Link& link);
    void read_missing(ContactNotes& contact);
    void resolve(ContactNotes& contact, const RemoteRecord* record);
    void resolve_create(ContactNotes& contact, Standing& standing);
    void confirm_if_seen_again(ContactNotes& contact, const Link& link);
    void note_alias(ContactNotes& contact, const std::string& email);
    void wait_until(TimePoint when);
    void add_conflict(const ContactNotes& contact,
                      std::string field,
                      std::string base,
                      std::string remote,
                      std::string kind);

    Standing& standing_of(ContactNotes& contact) { return contact.systems[in_.system.key]; }
    void touch(const ContactNotes& contact) { out_.standings.insert(contact.contact.id); }

    CustomerNotes& notes_;
    const Observation& in_;
    LinkIndex index_;
    Observed out_;
    int arrivals_ = 0;
};

void Observer::wait_until(TimePoint when) {
    if (!out_.decidable_at || when < *out_.decidable_at) out_.decidable_at = when;
}

void Observer::add_conflict(const ContactNotes& contact,
                            std::string field,
                            std::string base,
                            std::string remote,
                            std::string kind) {
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

void Observer::hold(const RemoteRecord& record, Hold hold) {
    const RemoteKey key{in_.system.key, record.id};
    const auto known = notes_.holds.find(key);
    hold.since = known == notes_.holds.end() ? in_.window.ended : known->second.since;
    if (known != notes_.holds.end() && known->second == hold) return;
    notes_.holds[key] = std::move(hold);
    out_.holds.insert(key);
}

/// A record that is dead for us but whose contact lives: it is never linked again, and a person
/// should know.
void Observer::hold_returned(const RemoteRecord& record, const ContactId& owner) {
    const auto found = notes_.contacts.find(owner);
    if (found == notes_.contacts.end() || found->second.contact.deleted) return;
    Hold returned;
    returned.reason = HoldReason::Restored;
    returned.contact = owner;
    returned.title = display_name(found->second.contact.fields);
    returned.message = "Record " + record.id.text + " came back in " + in_.system.label +
                       " after it was gone. It is not synced; delete or merge it there.";
    hold(record, std::move(returned));
}

void Observer::release_hold(const RemoteRecord& record) {
    const RemoteKey key{in_.system.key, record.id};
    if (notes_.holds.erase(key) > 0) out_.holds.insert(key);
}

void Observer::bind(ContactNotes& contact, const RemoteRecord& record, LinkAction action) {
    Standing& standing = standing_of(contact);
    Link link;
    link.id = record.id;
    link.url = record.url;
    link.linked_at = in_.window.ended;
    link.visible_until = in_.window.ended + in_.rules.settle;
    link.synced_at = in_.window.ended;
    if (action == LinkAction::BindOwnCreate) {
        for (const auto& [field, raw] : standing.intent->raw) {
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
                                      ", matched by e-mail"});
}

void Observer::arrive(const RemoteRecord& record) {
    ContactNotes fresh;
    fresh.contact.id = ContactId("new-" + std::to_string(++arrivals_) + "-" + record.id.text);
    fresh.contact.fields = fields_of(in_.system, record);
    fresh.contact.arriving = true;
    const ContactId id = fresh.contact.id;
    ContactNotes& contact = notes_.contacts[id] = std::move(fresh);
    out_.arrived.push_back(id);
    bind(contact, record, LinkAction::Arrive);
    out_.history.back().text = "Seen in " + in_.system.label + " as record " + record.id.text;
    Link& link = *standing_of(contact).link;
    for (const std::string& field : in_.system.fields) {
        if (const FieldSpec* spec = find_field(field); spec != nullptr) {
            FieldShadow& shadow = link.fields[field];
            shadow.raw = text_of(record, field);
            shadow.app = contact.contact.fields.*(spec->member);
            shadow.settle_until = in_.window.ended + in_.rules.settle;
        }
    }
    wait_until(link.linked_at + in_.rules.settle);
}

void Observer::link_record(const RemoteRecord& record) {
    const RemoteKey key{in_.system.key, record.id};
    const auto dead = notes_.dead.find(key);
    if (dead != notes_.dead.end()) {
        hold_returned(record, dead->second);
        return;
    }
    LinkChoice choice = index_.choose(notes_, record);
    if (choice.action == LinkAction::Hold) {
        hold(record, std::move(choice.hold));
        return;
    }
    release_hold(record);
    switch (choice.action) {
        case LinkAction::Arrive:
            arrive(record);
            index_.refresh(notes_.contacts.at(out_.arrived.back()));
            break;
        case LinkAction::BindOwnCreate:
        case LinkAction::Adopt: {
            ContactNotes& contact = notes_.contacts.at(choice.contact);
            bind(contact, record, choice.action);
            read_linked(contact, record);
            index_.refresh(contact);
            break;
        }
        case LinkAction::Ignore:
        case LinkAction::Hold:
            break;
    }
}

void Observer::take(ContactNotes& contact, const FieldSpec& spec, const std::string& value) {
    std::string& ours = contact.contact.fields.*(spec.member);
    out_.edited.try_emplace(contact.contact.id, contact.contact.fields);
    ours = value;
    if (spec.kind != FieldKind::Email) return;
    note_alias(contact, value);
    index_.refresh(contact);
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
        if (spec == nullptr) continue;
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
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        const auto value = record.values.find(field);
        const auto known = link.fields.find(field);
        if (spec == nullptr || value == record.values.end() || known == link.fields.end()) continue;
        FieldShadow& shadow = known->second;
        if (is_same_value(spec->kind, value->second, shadow.raw)) continue;
        if (std::any_of(shadow.superseded.begin(),
                        shadow.superseded.end(),
                        [&](const SupersededValue& old) { return old.raw == value->second; })) {
            continue;
        }
        add_conflict(contact, field, shadow.app, value->second, "deleted_here");
        shadow.superseded.push_back({shadow.raw, in_.window.ended + in_.rules.settle});
        shadow.raw = value->second;
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

void Observer::count_absence(ContactNotes& contact, Link& link) {
    const TimePoint next = link.last_absent_start + in_.rules.settle;
    if (link.absent_count > 0 && in_.window.started < next) {
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
    if (link.absent_count < kAbsencesNeeded) {
        wait_until(in_.window.started + in_.rules.settle);
        return;
    }
    const RemoteKey key{in_.system.key, link.id};
    notes_.dead[key] = contact.contact.id;
    out_.died.emplace_back(key, contact.contact.id);
    out_.history.push_back({contact.contact.id,
                            "unlinked",
                            "Record " + link.id.text + " is gone from " + in_.system.label +
                                "; the contact is created there anew"});
    Standing& standing = standing_of(contact);
    standing = Standing{};
    standing.has_vanished = true;
    index_.refresh(contact);
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
    if (in_.window.started < link.visible_until) {
        wait_until(link.visible_until);
        return;
    }
    count_absence(contact, link);
}

void Observer::resolve_create(ContactNotes& contact, Standing& standing) {
    Intent& intent = *standing.intent;
    const TimePoint conclusive = intent.deadline + in_.rules.settle;
    if (in_.window.started < conclusive) {
        wait_until(conclusive);
        return;
    }
    ++intent.absent_count;
    touch(contact);
    if (intent.absent_count < kUnknownCreateListings) {
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
    const bool is_conclusive = in_.window.started >= conclusive;
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

Observed Observer::run() {
    std::vector<const RemoteRecord*> records;
    std::set<RemoteId> seen;
    for (const RemoteRecord& record : in_.listing.records) {
        records.push_back(&record);
        seen.insert(record.id);
    }
    std::sort(
        records.begin(), records.end(), [](const RemoteRecord* left, const RemoteRecord* right) {
            return left->id < right->id;
        });
    for (const RemoteRecord* record : records) {
        const ContactId* linked = index_.find_linked(record->id);
        if (linked != nullptr) {
            read_linked(notes_.contacts.at(*linked), *record);
        }
    }
    for (const RemoteRecord* record : records) {
        if (index_.find_linked(record->id) == nullptr) link_record(*record);
    }
    for (auto& [id, contact] : notes_.contacts) {
        const auto found = contact.systems.find(in_.system.key);
        if (found == contact.systems.end()) continue;
        Standing& standing = found->second;
        if (!standing.link) {
            if (standing.intent) resolve(contact, nullptr);
        } else if (!seen.contains(standing.link->id) && in_.listing.is_complete) {
            read_missing(contact);
        }
    }
    for (const ContactId& id : out_.withdrawn) notes_.contacts.erase(id);
    if (in_.listing.is_complete) {
        std::erase_if(notes_.holds, [&](const auto& entry) {
            const bool is_gone =
                entry.first.first == in_.system.key && !seen.contains(entry.first.second);
            if (is_gone) out_.holds.insert(entry.first);
            return is_gone;
        });
    }
    return std::move(out_);
}

}  // namespace

bool Observed::is_empty() const {
    return standings.empty() && arrived.empty() && edited.empty() && confirmed.empty() &&
           withdrawn.empty() && died.empty() && holds.empty() && aliases.empty() &&
           conflicts.empty() && history.empty();
}

Observed observe(CustomerNotes& notes, const Observation& observation) {
    return Observer(notes, observation).run();
}

}  // namespace crm::sync
