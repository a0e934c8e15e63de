// What is true in a FakeCrm, and what people and applied calls do to it.
#include "tests/support/fake_crm.h"

#include <algorithm>

#include "shared/text.h"

namespace crm::test {
namespace {

using sync::CallEnd;
using sync::CallOutcome;

std::string key_of(const std::string& email) {
    return email_key(email).value_or(email);
}

}  // namespace

std::string FakeCrm::normalised(const std::string& field, const std::string& value) const {
    if (field == "email" && traits_.lowers_email) return key_of(value);
    if (field == "phone" && traits_.strips_phone) return digits_of(value);
    return traits_.squeezes_spaces ? canonical_text(value) : value;
}

FakeCrm::State& FakeCrm::change(const std::string& id) {
    Record& record = records_[id];
    State next = record.states.empty() ? State{} : record.states.rbegin()->second;
    ++next.version;
    TimePoint at = stamp_.value_or(clock_.now());
    // Two changes of one moment stay two.
    if (!record.states.empty())
        at = std::max(at, record.states.rbegin()->first + std::chrono::milliseconds(1));
    State& state = record.states[at];
    state = std::move(next);
    return state;
}

std::vector<std::string> FakeCrm::ids_with_email(const std::string& email) const {
    std::vector<std::string> found;
    for (const std::string& id : live_ids()) {
        const auto value = values(id).find("email");
        if (value != values(id).end() && key_of(value->second) == key_of(email))
            found.push_back(id);
    }
    return found;
}

bool FakeCrm::is_email_taken(const std::string& email, const std::string& but) const {
    if (!traits_.is_email_unique || email.empty()) return false;
    const std::vector<std::string> ids = ids_with_email(email);
    return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return id != but; });
}

std::string FakeCrm::person_creates(const sync::RemoteValues& values) {
    settle_late_calls();
    const auto email = values.find("email");
    if (email != values.end() && is_email_taken(email->second, {})) return {};
    const std::string id = std::to_string(next_id_++);
    State& state = change(id);
    for (const auto& [field, value] : values) state.values[field] = normalised(field, value);
    return id;
}

void FakeCrm::person_edits(const std::string& id,
                           const std::string& field,
                           const std::string& value) {
    settle_late_calls();
    if (field == "email" && is_email_taken(value, id)) return;
    change(id).values[field] = normalised(field, value);
}

void FakeCrm::person_deletes(const std::string& id) {
    settle_late_calls();
    change(id).is_alive = false;
    records_[id].is_persons = true;
}

bool FakeCrm::person_restores(const std::string& id) {
    settle_late_calls();
    const auto email = values(id).find("email");
    if (email != values(id).end() && is_email_taken(email->second, id)) return false;
    change(id).is_alive = true;
    records_[id].is_persons = true;
    records_[id].merged_into.clear();
    return true;
}

std::string FakeCrm::person_merges(const std::string& winner, const std::string& loser) {
    settle_late_calls();
    std::string survivor = winner;
    const State lost = present(loser);
    if (traits_.merges_to_new_id) {
        survivor = std::to_string(next_id_++);
        const State won = present(winner);
        const std::string marker = records_[winner].marker;
        change(survivor) = won;
        records_[survivor].marker = marker;
        change(winner).is_alive = false;
        records_[winner].merged_into = survivor;
        records_[winner].ever_merged_into.insert(survivor);
        records_[winner].is_persons = true;
    }
    change(loser).is_alive = false;
    records_[loser].merged_into = survivor;
    records_[loser].ever_merged_into.insert(survivor);
    records_[loser].is_persons = true;
    records_[survivor].is_persons = true;
    State& state = change(survivor);
    for (const auto& [field, value] : lost.values) {
        std::string& ours = state.values[field];
        if (ours.empty()) {
            ours = value;
        } else if (field == "email" && key_of(value) != key_of(ours) && !value.empty()) {
            state.other_emails.push_back(value);
        }
    }
    return survivor;
}

std::string FakeCrm::person_clones(const std::string& id) {
    if (traits_.is_email_unique) return {};
    settle_late_calls();
    const std::string copy = std::to_string(next_id_++);
    const State original = present(id);
    const std::string marker = records_[id].marker;
    change(copy) = original;
    records_[copy].marker = marker;
    records_[copy].is_persons = true;
    records_[id].was_copied_unseen = !records_[id].first_shown;
    return copy;
}

void FakeCrm::person_touches(const std::string& id) {
    settle_late_calls();
    change(id);
}

bool FakeCrm::is_live(const std::string& id) const {
    return records_.contains(id) && present(id).is_alive;
}

std::vector<std::string> FakeCrm::live_ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, record] : records_) {
        if (is_live(id)) ids.push_back(id);
    }
    return ids;
}

const sync::RemoteValues& FakeCrm::values(const std::string& id) const {
    return present(id).values;
}

void FakeCrm::settle_late_calls() {
    std::stable_sort(late_.begin(), late_.end(), [](const Call& left, const Call& right) {
        return left.at < right.at;
    });
    while (!late_.empty() && late_.front().at <= clock_.now()) {
        const Call call = late_.front();
        late_.pop_front();
        stamp_ = call.at;
        (void)apply(call);
        stamp_.reset();
    }
}

void FakeCrm::note_replaced(const std::string& id, const std::string& field) {
    const auto now = values(id).find(field);
    if (now == values(id).end() || now->second.empty()) return;
    if (!shown_.contains(id + "/" + field + "=" + now->second))
        blindly_replaced_.insert(now->second);
}

CallOutcome FakeCrm::apply_create(const Call& call) {
    CallOutcome outcome;
    const auto email = call.values.find("email");
    if (email != call.values.end() && is_email_taken(email->second, {})) {
        outcome.end = CallEnd::Exists;
        outcome.id = RemoteId(ids_with_email(email->second).front());
        return outcome;
    }
    outcome.end = CallEnd::Applied;
    outcome.id = RemoteId(std::to_string(next_id_++));
    State& state = change(outcome.id.text);
    for (const auto& [field, value] : call.values) state.values[field] = normalised(field, value);
    Record& record = records_[outcome.id.text];
    record.maker = call.marker.empty() ? "?" : call.marker;
    if (traits_.has_marker) record.marker = call.marker;
    return outcome;
}

void FakeCrm::apply_update(const Call& call) {
    for (const auto& [field, value] : call.values) {
        const auto now = values(call.id).find(field);
        if (now != values(call.id).end() && now->second != normalised(field, value))
            note_replaced(call.id, field);
    }
    State& state = change(call.id);
    for (const auto& [field, value] : call.values) state.values[field] = normalised(field, value);
}

CallOutcome FakeCrm::apply(const Call& call) {
    if (tell) {
        std::string line =
            name_ + (call.kind == Kind::Create   ? " creates " + std::to_string(next_id_)
                     : call.kind == Kind::Update ? " updates " + call.id
                                                 : " deletes " + call.id);
        for (const auto& [field, value] : call.values) line += " " + field + "=" + value;
        tell(stamp_ ? line + " (late)" : line);
    }
    CallOutcome outcome;
    outcome.end = CallEnd::Applied;
    switch (call.kind) {
        case Kind::Create:
            outcome = apply_create(call);
            if (outcome.end != CallEnd::Applied) return outcome;
            break;
        case Kind::Update: {
            if (!is_live(call.id)) return {CallEnd::Missing, {}, {}, {}, {}, {}};
            const auto email = call.values.find("email");
            if (email != call.values.end() && is_email_taken(email->second, call.id)) {
                outcome.end = CallEnd::Refused;
                outcome.problem = {"email_taken", "the e-mail is taken", {}};
                return outcome;
            }
            apply_update(call);
            break;
        }
        case Kind::Delete:
            if (!is_live(call.id)) return {CallEnd::Missing, {}, {}, {}, {}, {}};
            for (const auto& [field, value] : values(call.id)) note_replaced(call.id, field);
            change(call.id).is_alive = false;
            break;
    }
    ++writes_;
    const std::string& id = outcome.id.is_set() ? outcome.id.text : call.id;
    if (traits_.has_versions && call.kind != Kind::Delete) outcome.version = present(id).version;
    return outcome;
}

}  // namespace crm::test
