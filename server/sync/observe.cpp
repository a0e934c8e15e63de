#include "server/sync/observe.h"

#include <algorithm>
#include <utility>

#include "server/limits.h"
#include "server/store/suppression.h"
#include "server/sync/field_merge.h"
#include "server/sync/observe_walk.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {

void Observer::wait_until(TimePoint when) {
    if (!out_.decidable_at || when < *out_.decidable_at) out_.decidable_at = when;
}

ConflictRow Observer::make_conflict(const ContactNotes& contact,
                                    const FieldSpec& spec,
                                    const RemoteRecord& record) const {
    ConflictRow row;
    row.contact = contact.contact.id;
    row.system = in_.system.key;
    row.field = spec.wire;
    row.app_value = contact.contact.fields.*(spec.member);
    row.winner = row.app_value;
    row.remote_value = text_of(record, row.field);
    return row;
}

void Observer::add_conflict(ConflictRow row) {
    if (is_on(Rule::ConflictKept)) out_.conflicts.push_back(std::move(row));
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

/// What only comes from the system is never sent there: were ours to stand, the two would differ
/// for ever.
bool Observer::is_only_theirs(const FieldSpec& spec) const {
    return in_.system.direction_of(std::string(spec.wire)) == Direction::In;
}

/// Times of two clocks are not compared. A value counts as typed when it was first to be seen: it
/// is newer than ours unless ours was typed after that listing had begun. At first sight even that
/// says nothing; then only a record that is younger than our last change counts as newer.
bool Observer::is_theirs_preferred(const ContactNotes& contact,
                                   const FieldSpec& spec,
                                   const RemoteRecord& record) const {
    const std::string policy = in_.policies.of(std::string(spec.wire));
    if (policy == in_.system.key.text || is_only_theirs(spec)) return true;
    if (policy != "newest") return false;
    const Link& link = *contact.systems.at(in_.system.key).link;
    if (link.fields.contains(std::string(spec.wire)))
        return contact.contact.updated_at <= in_.window.started;
    return record.created_at && *record.created_at > contact.contact.updated_at;
}

ReadingOrder Observer::order_of(const Link& link, const RemoteRecord& record) const {
    const bool is_known =
        is_on(Rule::Versions) && in_.system.is_version_trusted && link.version && record.version;
    // Equal versions prove nothing: a system may count in seconds.
    if (!is_known || *record.version == *link.version) return ReadingOrder::Unknown;
    return *record.version < *link.version ? ReadingOrder::Older : ReadingOrder::Newer;
}

void Observer::note_version(ContactNotes& contact, Link& link, const RemoteRecord& record) {
    if (!in_.system.is_version_trusted || !record.version || link.version == record.version) return;
    if (link.version && *record.version < *link.version) return;
    if (!link.version) {
        // A write of ours whose version is not known may be newer than this reading.
        const Standing& standing = standing_of(contact);
        const auto is_settling = [&](const auto& entry) {
            return entry.second.is_settling_own && in_.window.started < entry.second.settle_until;
        };
        if (standing.intent || std::any_of(link.fields.begin(), link.fields.end(), is_settling))
            return;
    }
    link.version = record.version;
    touch(contact);
}

/// What chose the winner, and whether a person is asked.
void Observer::note_policy(ConflictRow& row, const FieldVerdict& verdict) const {
    const std::string policy = in_.policies.of(row.field);
    const bool is_choice = row.kind == "both_changed" || row.kind == "first_sync";
    if (verdict.taken) row.winner = *verdict.taken;
    const bool is_theirs = verdict.taken && in_.system.direction_of(row.field) == Direction::In;
    if (is_theirs) {
        row.policy = in_.system.key.text;
        return;
    }
    if (is_choice && (verdict.taken || policy == "newest")) row.policy = policy;
    if (policy == "ask" && (is_choice || row.kind == "during_own_write")) {
        row.policy = policy;
        row.state = "open";
    }
    if (row.kind == "oscillation") row.state = "open";
}

void Observer::keep_loser(const ContactNotes& contact,
                          const FieldSpec& spec,
                          ConflictRow row,
                          const FieldVerdict& verdict) {
    row.kind = verdict.conflict;
    note_policy(row, verdict);
    const std::string& system = in_.system.label;
    std::string text = std::string(spec.label) + " was also changed in " + system + " (“" +
                       row.remote_value + "”); ";
    if (row.kind == "oscillation") {
        text = std::string(spec.label) + " goes to and fro in " + system + " (“" +
               row.remote_value + "” again); it is left alone on both sides until somebody decides";
    } else if (row.kind == "during_own_write" && verdict.taken) {
        text = std::string(spec.label) + " is “" + row.remote_value + "” in " + system +
               " again, perhaps by a write of ours that got no answer; that value is taken, and “" +
               row.app_value + "” is kept aside";
    } else if (verdict.taken) {
        text += "that value is taken, and the one here (“" + row.app_value + "”) is kept aside";
    } else {
        text += row.state == "open" ? "the value here stands until somebody decides"
                                    : "the value here stands";
    }
    out_.history.push_back({contact.contact.id, "conflict", std::move(text)});
    add_conflict(std::move(row));
}

void Observer::watch_turns(ContactNotes& contact,
                           const std::string& field,
                           const FieldShadow& left,
                           FieldVerdict& verdict) {
    if (!verdict.is_edit) return;
    auto& oscillations = standing_of(contact).oscillations;
    const auto known = oscillations.find(field);
    Oscillation oscillation = known == oscillations.end() ? Oscillation() : known->second;
    const bool is_frozen = note_turn(oscillation,
                                     {.left = left.raw,
                                      .now = verdict.shadow.raw,
                                      .cycle = in_.cycle,
                                      .is_return = verdict.is_return,
                                      .at = in_.window.ended,
                                      .is_over_own = left.is_settling_own});
    if (oscillation.left.empty() && oscillation.flips.empty() && oscillation.turned_back.empty()) {
        if (known != oscillations.end()) oscillations.erase(known);
        return;
    }
    oscillations[field] = std::move(oscillation);
    if (!is_frozen) return;
    verdict.taken.reset();
    verdict.conflict = "oscillation";
}

void Observer::merge_text(ContactNotes& contact,
                          Link& link,
                          const FieldSpec& spec,
                          const RemoteRecord& record) {
    const std::string field(spec.wire);
    const std::string raw = text_of(record, field);
    const Standing& standing = standing_of(contact);
    const auto frozen = standing.oscillations.find(field);
    if (frozen != standing.oscillations.end() && frozen->second.is_frozen) return;
    const auto known = link.fields.find(field);
    const ReadingOrder order = order_of(link, record);
    if (known == link.fields.end() && order == ReadingOrder::Older) return;
    const FieldReading reading{.spec = spec,
                               .shadow = known == link.fields.end() ? nullptr : &known->second,
                               .app = contact.contact.fields.*(spec.member),
                               .raw = raw,
                               .intent = standing.intent ? &*standing.intent : nullptr,
                               .window = in_.window,
                               .order = order,
                               .is_theirs_preferred = is_theirs_preferred(contact, spec, record)};
    FieldVerdict verdict = merge_field(reading, in_.rules);
    if (verdict.decidable_at) {
        ++out_.doubtful;
        wait_until(*verdict.decidable_at);
    }
    late_by_ = std::max(late_by_, verdict.late_by);
    is_late_call_ |= verdict.is_late_call;
    ConflictRow row = make_conflict(contact, spec, record);
    if (known != link.fields.end()) {
        row.base = known->second.app;
        watch_turns(contact, field, known->second, verdict);
    }
    if (verdict.taken && spec.kind == FieldKind::Email) {
        const std::string key = email_key(*verdict.taken).value_or("");
        if (is_suppressed_arrival(contact, key)) {
            is_unwelcome_ = true;
            return;
        }
        const ContactId* owner = index_.find_owner(key);
        if (owner != nullptr && *owner != contact.contact.id) {
            verdict.taken.reset();
            verdict.conflict = "email_taken";
        }
    }
    if (!verdict.conflict.empty()) keep_loser(contact, spec, std::move(row), verdict);
    if (verdict.taken) take(contact, spec, *verdict.taken);
    if (!verdict.is_shadow_changed) return;
    link.fields[field] = std::move(verdict.shadow);
    touch(contact);
}

void Observer::merge_texts(ContactNotes& contact, Link& link, const RemoteRecord& record) {
    late_by_ = {};
    is_late_call_ = false;
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr || in_.system.direction_of(field) == Direction::Out) continue;
        // Silence about a field clears nothing that was agreed on, but where nothing was, it is
        // empty.
        const bool is_said = record.values.contains(field) || !link.fields.contains(field);
        if (is_said) merge_text(contact, link, *spec, record);
    }
    if (is_late_call_) ++out_.late_calls;
    if (late_by_.count() == 0) return;
    ++out_.incidents;
    out_.late_by = std::max(out_.late_by, late_by_);
}

/// True when the value is an edit that nobody has recorded yet.
bool Observer::is_untold(const FieldSpec& spec,
                         const FieldShadow& shadow,
                         const std::string& raw) const {
    if (is_same_value(spec.kind, raw, shadow.raw)) return false;
    if (std::count(shadow.noted.begin(), shadow.noted.end(), raw) > 0) return false;
    return std::none_of(
        shadow.superseded.begin(), shadow.superseded.end(), [&](const SupersededValue& old) {
            return old.raw == raw && in_.window.started < old.until;
        });
}

void Observer::keep_trash(ContactNotes& contact, Link& link, const RemoteRecord& record) {
    // An edit of a record that is about to be deleted goes to the trash with it.
    if (!is_on(Rule::TrashKeepsEdits) || order_of(link, record) == ReadingOrder::Older) return;
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        const auto value = record.values.find(field);
        if (spec == nullptr || value == record.values.end()) continue;
        if (in_.system.direction_of(field) == Direction::Out) continue;
        const bool is_first_sight = !link.fields.contains(field);
        // Where nothing was agreed on yet, what the contact had is what is known of the value; the
        // agreement is what the record shows.
        const std::string& ours = contact.contact.fields.*(spec->member);
        if (is_first_sight && is_same_value(spec->kind, value->second, ours)) continue;
        FieldShadow& shadow = link.fields[field];
        if (is_first_sight) {
            shadow.raw = value->second;
            shadow.app = trim(value->second);
        } else if (!is_untold(*spec, shadow, value->second)) {
            continue;
        }
        ConflictRow row = make_conflict(contact, *spec, record);
        row.base = is_first_sight ? std::string() : shadow.app;
        row.kind = "deleted_here";
        add_conflict(std::move(row));
        // The agreement stays as it is: should the contact be restored, this is still an edit.
        shadow.noted.push_back(value->second);
        touch(contact);
    }
}

/// It has not become a contact yet, is seen here only and was edited by nobody here, and now it
/// shows an e-mail that was deleted here.
bool Observer::is_suppressed_arrival(const ContactNotes& contact, const std::string& key) const {
    const bool is_only_here =
        std::none_of(contact.systems.begin(), contact.systems.end(), [&](const auto& entry) {
            return entry.second.link && !(entry.first == in_.system.key);
        });
    const auto is_edited_here = [&](const auto& entry) {
        const FieldSpec* spec = find_field(entry.first);
        return spec != nullptr && contact.contact.fields.*(spec->member) != entry.second.app;
    };
    const auto& agreed = contact.systems.at(in_.system.key).link->fields;
    return is_on(Rule::Suppression) && contact.contact.arriving && is_only_here &&
           find_suppressed(notes_, key) &&
           std::none_of(agreed.begin(), agreed.end(), is_edited_here);
}

/// Nothing here ever rested on it: it is as if its record had not been seen.
void Observer::withdraw(ContactNotes& contact) {
    standing_of(contact) = Standing{};
    contact.contact.fields.email.clear();
    contact.aliases.clear();
    index_.refresh(contact);
    touch(contact);
    out_.edited.erase(contact.contact.id);
    std::erase(out_.renamed, contact.contact.id);
    out_.withdrawn.push_back(contact.contact.id);
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

/// The contact was restored here and is to get a new record, but people over there bring the old
/// one back as often as it is deleted: both want it alive, so it is the contact's again. True when
/// it is from now on.
bool Observer::revive(ContactNotes& contact) {
    Standing& standing = standing_of(contact);
    Link& link = *standing.link;
    const bool is_back = !contact.contact.deleted && link.is_dying && link.delete_acked &&
                         in_.window.started >= *link.delete_acked + in_.rules.settle;
    if (!is_back || standing.intent || link.redeletes < kRedeletesMax) return false;
    link.is_dying = false;
    link.delete_acked.reset();
    link.confirmed_gone.reset();
    link.redeletes = 0;
    const RemoteKey key{in_.system.key, link.id};
    notes_.dead.erase(key);
    out_.revived.push_back(key);
    out_.history.push_back({contact.contact.id,
                            "linked",
                            "Record " + link.id.text + " was restored in " + in_.system.label +
                                " again and again, and is the contact's again"});
    touch(contact);
    index_.refresh(contact);
    return true;
}

void Observer::read_linked(ContactNotes& contact, const RemoteRecord& record) {
    Standing& standing = standing_of(contact);
    Link& link = *standing.link;
    const bool is_older = order_of(link, record) == ReadingOrder::Older;
    if (link.absent_count != 0) {
        link.absent_count = 0;
        touch(contact);
    }
    if (!is_older && !record.url.empty() && link.url != record.url) {
        link.url = record.url;
        touch(contact);
    }
    const bool is_going = contact.contact.deleted || link.is_dying;
    if (is_going && !revive(contact)) {
        keep_trash(contact, link, record);
        if (!is_older && link.confirmed_gone &&
            in_.window.started >= *link.delete_acked + in_.rules.settle) {
            link.confirmed_gone.reset();  // somebody restored it over there
            touch(contact);
        }
    } else if (record.problem.empty()) {
        release_hold(record);
        merge_texts(contact, link, record);
        if (std::exchange(is_unwelcome_, false)) {
            withdraw(contact);
            link_record(record);  // held, as it would be had it been seen so at first
            return;
        }
        if (!is_older) confirm_if_seen_again(contact, link);
    } else if (std::optional<Hold> unusable = find_unusable(in_.system, record)) {
        unusable->contact = contact.contact.id;
        hold(record, std::move(*unusable));
    }
    if (is_older) return;  // it cannot tell what became of a call
    note_version(contact, link, record);
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
    own_ = find_own();
    // What is ours for sure comes before what looks like it.
    for (const bool is_first : {true, false}) {
        for (const RemoteRecord* record : records_) {
            const bool is_ours =
                index_.find_marked(*record) != nullptr || own_.ours.contains(record->id);
            if (is_ours != is_first) continue;
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
    clear_suggested();
    read_records();
    read_absences();
    settle_vanished();
    hold_merged();
    for (const ContactId& id : out_.withdrawn) notes_.contacts.erase(id);
    forget_gone_holds();
    suggest_by_phone();
    mark_suggested();
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
