#include "tests/support/scripted_crm.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "shared/text.h"

namespace crm::test {
namespace {

using sync::CallEnd;
using sync::CallOutcome;
using sync::RemoteValues;

constexpr std::chrono::milliseconds kCallTime{20};
constexpr std::chrono::milliseconds kTimeout{6'000};

std::string key_of(const std::string& email) {
    return email_key(email).value_or(email);
}

std::string email_in(const RemoteValues& values) {
    const auto found = values.find("email");
    return found == values.end() ? std::string() : found->second;
}

CallOutcome without_effect(CallEnd end, sync::CallProblem problem) {
    CallOutcome outcome;
    outcome.end = end;
    outcome.problem = std::move(problem);
    return outcome;
}

CallOutcome no_answer() {
    return without_effect(CallEnd::Unknown, {"no_answer", "no answer", {}});
}

}  // namespace

std::optional<Fate> ScriptedCrm::next_fate(CallKind kind) {
    const auto found = std::find_if(state.script.begin(),
                                    state.script.end(),
                                    [&](const auto& order) { return order.first == kind; });
    if (found == state.script.end()) return std::nullopt;
    const Fate fate = found->second;
    state.script.erase(found);
    return fate;
}

std::string ScriptedCrm::normalised(const std::string& field, const std::string& value) const {
    if (field == "email" && traits.lowers_email) return key_of(value);
    if (field == "phone" && traits.strips_phone) return digits_of(value);
    return value;
}

std::string ScriptedCrm::subject_of(const std::string& id) const {
    const auto found = state.records.find(id);
    return found == state.records.end() ? "nothing" : found->second.subject;
}

void ScriptedCrm::put(Record& record, const RemoteValues& changed) const {
    for (const auto& [field, value] : changed) record.values[field] = normalised(field, value);
    ++record.version;
}

std::string ScriptedCrm::person_creates(const RemoteValues& values) {
    settle_late_calls();
    const std::string email = email_in(values);
    if (!owner_of(email, {}).empty()) return {};
    const std::string id = std::to_string(state.next_id++);
    Record& record = state.records[id];
    put(record, values);
    record.subject = "a person's " + email;
    return id;
}

void ScriptedCrm::person_edits(const std::string& id,
                               const std::string& field,
                               const std::string& value) {
    settle_late_calls();
    put(state.records.at(id), {{field, value}});
}

void ScriptedCrm::person_deletes(const std::string& id) {
    settle_late_calls();
    state.records.at(id).is_live = false;
}

void ScriptedCrm::person_restores(const std::string& id) {
    settle_late_calls();
    state.records.at(id).is_live = true;
}

std::string ScriptedCrm::person_merges(const std::string& survivor, const std::string& loser) {
    settle_late_calls();
    Record& lost = state.records.at(loser);
    Record kept = state.records.at(survivor);
    kept.other_emails.push_back(email_in(lost.values));
    ++kept.version;
    const std::string id = traits.merges_into_new_id ? std::to_string(state.next_id++) : survivor;
    lost.is_live = false;
    lost.merged_into = id;
    if (id != survivor) {
        state.records.at(survivor).is_live = false;
        state.records.at(survivor).merged_into = id;
    }
    state.records[id] = std::move(kept);
    return id;
}

std::vector<std::string> ScriptedCrm::live_ids() {
    settle_late_calls();
    std::vector<std::string> ids;
    for (const auto& [id, record] : state.records) {
        if (record.is_live) ids.push_back(id);
    }
    return ids;
}

std::string ScriptedCrm::text(const std::string& id, const std::string& field) const {
    const auto found = values(id).find(field);
    return found == values(id).end() ? std::string() : found->second;
}

std::vector<std::string> ScriptedCrm::ids_with_email(const std::string& email) {
    std::vector<std::string> found;
    for (const auto& [id, record] : state.records) {
        if (record.is_live && key_of(email_in(record.values)) == key_of(email)) {
            found.push_back(id);
        }
    }
    return found;
}

std::string ScriptedCrm::id_of(const std::string& email) {
    settle_late_calls();
    const std::vector<std::string> ids = ids_with_email(email);
    REQUIRE_MESSAGE(ids.size() == 1, "records with " << email << ": " << ids.size());
    return ids.front();
}

int ScriptedCrm::count(CallKind kind) const {
    return static_cast<int>(
        std::count_if(state.ledger.begin(), state.ledger.end(), [&](const LedgerLine& line) {
            return line.kind == kind && line.took_effect;
        }));
}

void ScriptedCrm::settle_late_calls() {
    std::stable_sort(
        state.late.begin(), state.late.end(), [](const LateCall& left, const LateCall& right) {
            return left.at < right.at;
        });
    while (!state.late.empty() && state.late.front().at <= clock_.now()) {
        const LateCall call = state.late.front();
        state.late.erase(state.late.begin());
        (void)apply(call);
    }
}

sync::RemoteRecord ScriptedCrm::show(const std::string& id, const Record& record) const {
    sync::RemoteRecord shown;
    shown.id = RemoteId(id);
    shown.values = record.values;
    shown.url = "https://crm.example/" + id;
    shown.other_emails = record.other_emails;
    shown.marker = record.marker;
    shown.version = record.version;
    shown.created_at = record.created_at;
    return shown;
}

sync::Listing ScriptedCrm::list() {
    edge(CallEdge::Before);
    settle_late_calls();
    clock_.advance(kCallTime);
    const std::optional<Fate> fate = next_fate(CallKind::List);
    sync::Listing listing;
    listing.calls = 1;
    if (fate == Fate::Disconnected) {
        listing.end = CallEnd::Disconnected;
        listing.problem = {"disconnected", "the token was revoked", {}};
    } else if (fate == Fate::RateLimited) {
        listing.end = CallEnd::Later;
        listing.problem = {"rate_limited", "too fast", {}};
        listing.retry_after = std::chrono::seconds(1);
    } else if (fate == Fate::LostRequest) {
        clock_.advance(kTimeout);
        listing.end = CallEnd::Unknown;
        listing.problem = {"unreachable", "no answer", {}};
    } else {
        for (const auto& [id, record] : fate == Fate::Stale ? state.frozen : state.records) {
            if (record.is_live) listing.records.push_back(show(id, record));
        }
        listing.is_complete = fate != Fate::Truncated;
        if (!listing.is_complete) {
            listing.records.resize(listing.records.size() / 2);
            listing.end = CallEnd::Unknown;
            listing.problem = {"truncated", "the listing ended early", {}};
        }
    }
    edge(CallEdge::After);
    return listing;
}

sync::Reading ScriptedCrm::get(const std::string& id) {
    edge(CallEdge::Before);
    settle_late_calls();
    clock_.advance(kCallTime);
    const std::optional<Fate> fate = next_fate(CallKind::Get);
    sync::Reading reading;
    if (fate == Fate::LostRequest) {
        clock_.advance(kTimeout);
        reading.problem = {"no_answer", "no answer", {}};
        return reading;
    }
    std::string asked = id;
    auto found = state.records.find(asked);
    while (found != state.records.end() && !found->second.merged_into.empty()) {
        asked = found->second.merged_into;
        found = state.records.find(asked);
    }
    const bool is_there = found != state.records.end() && found->second.is_live;
    reading.end = is_there ? CallEnd::Applied : CallEnd::Missing;
    if (is_there) reading.record = show(asked, found->second);
    edge(CallEdge::After);
    return reading;
}

std::string ScriptedCrm::owner_of(const std::string& email, const std::string& except) const {
    if (!traits.is_email_unique || email.empty()) return {};
    for (const auto& [id, record] : state.records) {
        if (!record.is_live || id == except) continue;
        if (key_of(email_in(record.values)) == key_of(email)) return id;
        for (const std::string& other : record.other_emails) {
            if (key_of(other) == key_of(email)) return id;
        }
    }
    return {};
}

std::optional<CallOutcome> ScriptedCrm::refuse_values(const RemoteValues& values) const {
    for (const auto& [field, value] : values) {
        const auto most = traits.chars_max.find(field);
        const auto code = traits.refused.find(field);
        CallOutcome outcome;
        if (most != traits.chars_max.end() && value.size() > most->second) {
            outcome = without_effect(CallEnd::Refused, {"too_long", field + " is too long", {}});
        } else if (code != traits.refused.end() && !value.empty()) {
            outcome = without_effect(CallEnd::Refused, {code->second, field + " is refused", {}});
        } else {
            continue;
        }
        outcome.refused_fields = {field};
        return outcome;
    }
    return std::nullopt;
}

CallOutcome ScriptedCrm::apply_create(const LateCall& call) {
    const std::string email = email_in(call.values);
    CallOutcome outcome;
    const std::string taken = owner_of(email, {});
    if (!taken.empty()) {
        outcome.end = CallEnd::Exists;
        if (!traits.hides_id_on_conflict) outcome.id = RemoteId(taken);
        return outcome;
    }
    outcome.end = CallEnd::Applied;
    outcome.id = RemoteId(std::to_string(state.next_id++));
    Record& record = state.records[outcome.id.text];
    put(record, call.values);
    record.subject = "ours " + email;
    record.marker = call.marker;
    outcome.version = record.version;
    return outcome;
}

CallOutcome ScriptedCrm::apply_update(const LateCall& call, Record& record) {
    const std::string email = email_in(call.values);
    if (!owner_of(email, call.id).empty()) {
        CallOutcome taken = without_effect(CallEnd::Refused, {"email_taken", "it is taken", {}});
        taken.refused_fields = {"email"};
        return taken;
    }
    CallOutcome outcome;
    outcome.end = CallEnd::Applied;
    put(record, call.values);
    outcome.version = record.version;
    return outcome;
}

CallOutcome ScriptedCrm::apply(const LateCall& call) {
    LedgerLine line{call.kind, subject_of(call.id), call.values, false};
    CallOutcome outcome;
    outcome.end = CallEnd::Missing;
    const auto found = state.records.find(call.id);
    if (call.kind == CallKind::Create) {
        line.subject = "ours " + email_in(call.values);
        outcome = apply_create(call);
    } else if (found != state.records.end() && found->second.is_live) {
        outcome.end = CallEnd::Applied;
        if (call.kind == CallKind::Update) outcome = apply_update(call, found->second);
        if (call.kind == CallKind::Remove) found->second.is_live = false;
    }
    line.took_effect = outcome.end == CallEnd::Applied;
    state.ledger.push_back(std::move(line));
    return outcome;
}

CallOutcome ScriptedCrm::perform(const LateCall& call) {
    edge(CallEdge::Before);
    settle_late_calls();
    clock_.advance(kCallTime);
    const std::optional<Fate> fate = next_fate(call.kind);
    CallOutcome outcome;
    if (std::optional<CallOutcome> refused = refuse_values(call.values)) {
        edge(CallEdge::After);
        return *refused;
    }
    if (!fate || fate == Fate::LostAnswer || fate == Fate::Stale || fate == Fate::Truncated) {
        outcome = apply(call);
    } else if (fate == Fate::RateLimited) {
        outcome = without_effect(CallEnd::Later, {"rate_limited", "too fast", {}});
        outcome.retry_after = std::chrono::seconds(1);
    } else if (fate == Fate::Refused) {
        outcome = without_effect(CallEnd::Refused, refusal);
    } else if (fate == Fate::Disconnected) {
        outcome = without_effect(CallEnd::Disconnected, {"disconnected", "token revoked", {}});
    } else if (fate == Fate::Late) {
        clock_.advance(kTimeout);
        state.late.push_back(call);
        state.late.back().at = clock_.now() + late_by;
        outcome = no_answer();
    } else {
        clock_.advance(kTimeout);
        outcome = no_answer();
    }
    if (fate == Fate::LostAnswer) {
        clock_.advance(kTimeout);
        outcome = no_answer();
    }
    edge(CallEdge::After);
    return outcome;
}

CallOutcome ScriptedCrm::create(const RemoteValues& values, const std::string& marker) {
    return perform({TimePoint{}, CallKind::Create, {}, values, marker});
}

CallOutcome ScriptedCrm::update(const std::string& id, const RemoteValues& values) {
    return perform({TimePoint{}, CallKind::Update, id, values, {}});
}

CallOutcome ScriptedCrm::remove(const std::string& id) {
    return perform({TimePoint{}, CallKind::Remove, id, {}, {}});
}

}  // namespace crm::test
