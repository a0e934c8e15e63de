#include "tests/support/fake_crm.h"

#include <algorithm>
#include <stdexcept>

#include "shared/text.h"

namespace crm::test {
namespace {

using std::chrono::milliseconds;
using sync::CallEnd;
using sync::CallOutcome;

constexpr milliseconds kCallTime{20};
constexpr milliseconds kTimeout{6'000};

std::string key_of(const std::string& email) {
    return email_key(email).value_or(email);
}

}  // namespace

std::string FakeCrm::normalised(const std::string& field, const std::string& value) const {
    if (field == "email" && traits_.lowers_email) return key_of(value);
    if (field == "phone" && traits_.strips_phone) return digits_of(value);
    return value;
}

void FakeCrm::put(const std::string& id, const sync::RemoteValues& changed) {
    Record& record = records_[id];
    sync::RemoteValues values =
        record.versions.empty() ? sync::RemoteValues() : record.versions.rbegin()->second;
    for (const auto& [field, value] : changed) values[field] = normalised(field, value);
    record.versions[stamp_.value_or(clock_.now())] = values;
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

std::string FakeCrm::person_creates(const sync::RemoteValues& values) {
    settle_late_calls();
    const auto email = values.find("email");
    if (traits_.is_email_unique && email != values.end() && !ids_with_email(email->second).empty())
        return {};
    const std::string id = std::to_string(next_id_++);
    put(id, values);
    records_[id].life[clock_.now()] = true;
    return id;
}

void FakeCrm::person_edits(const std::string& id,
                           const std::string& field,
                           const std::string& value) {
    settle_late_calls();
    if (field == "email" && traits_.is_email_unique && !ids_with_email(value).empty()) return;
    put(id, {{field, value}});
}

void FakeCrm::person_deletes(const std::string& id) {
    settle_late_calls();
    end_life(id);
}

void FakeCrm::end_life(const std::string& id) {
    records_.at(id).life[stamp_.value_or(clock_.now())] = false;
}

bool FakeCrm::is_live(const std::string& id) const {
    const auto found = records_.find(id);
    return found != records_.end() && found->second.life.rbegin()->second;
}

std::vector<std::string> FakeCrm::live_ids() const {
    std::vector<std::string> ids;
    for (const auto& [id, record] : records_) {
        if (is_live(id)) ids.push_back(id);
    }
    return ids;
}

const sync::RemoteValues& FakeCrm::values(const std::string& id) const {
    return records_.at(id).versions.rbegin()->second;
}

void FakeCrm::settle_late_calls() {
    std::stable_sort(late_.begin(), late_.end(), [](const LateCall& left, const LateCall& right) {
        return left.at < right.at;
    });
    while (!late_.empty() && late_.front().at <= clock_.now()) {
        const LateCall call = late_.front();
        late_.pop_front();
        stamp_ = call.at;
        (void)apply(call);
        stamp_.reset();
    }
}

CallOutcome FakeCrm::apply(const LateCall& call) {
    if (tell) {
        std::string line = name_ + (call.kind == 0   ? " creates " + std::to_string(next_id_)
                                    : call.kind == 1 ? " updates " + call.id
                                                     : " deletes " + call.id);
        for (const auto& [field, value] : call.values) line += " " + field + "=" + value;
        tell(stamp_ ? line + " (late)" : line);
    }
    CallOutcome outcome;
    outcome.end = CallEnd::Applied;
    if (call.kind == 0) {
        const auto email = call.values.find("email");
        if (traits_.is_email_unique && email != call.values.end()) {
            const std::vector<std::string> taken = ids_with_email(email->second);
            if (!taken.empty()) {
                outcome.end = CallEnd::Exists;
                outcome.id = RemoteId(taken.front());
                return outcome;
            }
        }
        outcome.id = RemoteId(std::to_string(next_id_++));
        put(outcome.id.text, call.values);
        records_[outcome.id.text].life[stamp_.value_or(clock_.now())] = true;
        records_[outcome.id.text].is_made_by_engine = true;
    } else if (!is_live(call.id)) {
        outcome.end = CallEnd::Missing;
        return outcome;
    } else if (call.kind == 1) {
        const auto email = call.values.find("email");
        if (traits_.is_email_unique && email != call.values.end()) {
            for (const std::string& id : ids_with_email(email->second)) {
                if (id != call.id)
                    return {CallEnd::Refused, {}, {"email_taken", "the e-mail is taken", {}}, {}};
            }
        }
        for (const auto& [field, value] : call.values) {
            const auto now = values(call.id).find(field);
            if (now != values(call.id).end() && !shown_.contains(now->second))
                blindly_replaced_.insert(now->second);
        }
        put(call.id, call.values);
    } else {
        end_life(call.id);
    }
    ++writes_;
    return outcome;
}

CallOutcome FakeCrm::perform(int kind, const std::string& id, const sync::RemoteValues& values) {
    ++calls_;
    settle_late_calls();
    clock_.advance(kCallTime);
    if (happens(faults.rate_limited))
        return {CallEnd::Later, {}, {"rate_limited", "too fast", {}}, milliseconds(1000)};
    LateCall call{clock_.now(), kind, id, values};
    const CallOutcome lost{CallEnd::Unknown, {}, {"no_answer", "no answer", {}}, {}};
    if (happens(faults.lost_request)) {
        clock_.advance(kTimeout);
        return lost;
    }
    if (happens(faults.late)) {
        clock_.advance(kTimeout);
        const auto delay =
            random_below(random_, static_cast<std::uint64_t>(faults.lateness.count()) + 1);
        call.at = clock_.now() + milliseconds(static_cast<std::int64_t>(delay));
        late_.push_back(call);
        return lost;
    }
    if (happens(faults.crash)) throw Crash{};
    CallOutcome outcome = apply(call);
    if (happens(faults.crash)) throw Crash{};
    if (happens(faults.lost_answer)) {
        clock_.advance(kTimeout);
        return lost;
    }
    return outcome;
}

CallOutcome FakeCrm::create(const sync::RemoteValues& values) {
    return perform(0, {}, values);
}

CallOutcome FakeCrm::update(const std::string& id, const sync::RemoteValues& values) {
    return perform(1, id, values);
}

CallOutcome FakeCrm::remove(const std::string& id) {
    return perform(2, id, {});
}

sync::Listing FakeCrm::list() {
    ++calls_;
    settle_late_calls();
    clock_.advance(kCallTime);
    sync::Listing listing;
    listing.calls = 1;
    if (happens(faults.failed_list)) {
        listing.end = CallEnd::Unknown;
        listing.problem = {"unreachable", "no answer", {}};
        return listing;
    }
    for (const auto& [id, record] : records_) {
        TimePoint as_of = clock_.now();
        if (happens(faults.stale_percent)) {
            const auto age =
                random_below(random_, static_cast<std::uint64_t>(faults.staleness.count()) + 1);
            as_of -= milliseconds(static_cast<std::int64_t>(age));
        }
        auto life = record.life.upper_bound(as_of);
        auto version = record.versions.upper_bound(as_of);
        if (life == record.life.begin() || version == record.versions.begin()) continue;
        if (!std::prev(life)->second) continue;
        sync::RemoteRecord shown;
        shown.id = RemoteId(id);
        shown.values = std::prev(version)->second;
        listing.records.push_back(std::move(shown));
    }
    listing.is_complete = true;
    if (!listing.records.empty() && happens(faults.truncated_list)) {
        listing.records.resize(random_below(random_, listing.records.size()));
        listing.is_complete = false;
        listing.end = CallEnd::Unknown;
        listing.problem = {"truncated", "the listing ended early", {}};
    }
    for (const sync::RemoteRecord& record : listing.records) {
        for (const auto& [field, value] : record.values) shown_.insert(value);
    }
    clock_.advance(kCallTime);
    return listing;
}

}  // namespace crm::test
