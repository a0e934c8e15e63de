// A FakeCrm's side towards the connector: what of the truth comes through, and when.
#include <algorithm>

#include "tests/support/fake_crm.h"

namespace crm::test {
namespace {

using std::chrono::milliseconds;
using sync::CallEnd;
using sync::CallOutcome;

constexpr milliseconds kCallTime{20};
constexpr milliseconds kTimeout{6'000};
constexpr milliseconds kRetryAfter{1'000};

/// FNV-1a: short, and the same everywhere.
std::string digest_of(const sync::Listing& listing) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    const auto add = [&](const std::string& text) {
        for (const char c : text + '\n') {
            hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
        }
    };
    for (const sync::RemoteRecord& record : listing.records) {
        add(record.id.text);
        add(record.marker);
        add(std::to_string(record.version.value_or(-1)));
        for (const auto& [field, value] : record.values) add(field + "=" + value);
        for (const std::string& email : record.other_emails) add(email);
    }
    return std::to_string(hash);
}

}  // namespace

std::uint64_t FakeCrm::roll(std::uint64_t bound) {
    return dice ? dice() % bound : random_below(random_, bound);
}

void FakeCrm::spend(milliseconds time) {
    clock_.advance(time);
    if (meanwhile) meanwhile();
    settle_late_calls();
}

void FakeCrm::forget_lately_shown() {
    for (const std::string& key : lately_shown_) shown_.erase(key);
    lately_shown_.clear();
}

void FakeCrm::forget_first_shown(const std::set<std::string>& known) {
    for (const std::string& id : lately_first_shown_) {
        if (!known.contains(id)) records_.at(id).first_shown.reset();
    }
    lately_first_shown_.clear();
}

void FakeCrm::forget_preview() {
    forget_lately_shown();
    forget_first_shown({});
}

/// How a call ends that never reaches the system, if it does not.
std::optional<CallOutcome> FakeCrm::fail_early(const Call& call) {
    CallOutcome outcome;
    if (happens(faults.disconnected)) {
        outcome.end = CallEnd::Disconnected;
        outcome.problem = {"reconnect", "the token is refused", {}};
        return outcome;
    }
    if (happens(faults.rate_limited)) {
        outcome.end = CallEnd::Later;
        outcome.problem = {"rate_limited", "too fast", {}};
        outcome.retry_after = kRetryAfter;
        return outcome;
    }
    const bool is_lost = happens(faults.lost_request);
    if (!is_lost && !happens(faults.late)) return std::nullopt;
    spend(kTimeout);
    if (!is_lost) {
        Call late = call;
        const auto delay = roll(static_cast<std::uint64_t>(faults.lateness.count()) + 1);
        late.at = clock_.now() + milliseconds(static_cast<std::int64_t>(delay));
        late_.push_back(std::move(late));
    }
    outcome.problem = {"no_answer", "no answer", {}};
    return outcome;
}

CallOutcome FakeCrm::perform(const Call& call) {
    ++calls_;
    if (is_other_account) ++strayed_writes_;
    settle_late_calls();
    if (happens(faults.crash)) throw Crash{};
    spend(kCallTime);
    if (std::optional<CallOutcome> failed = fail_early(call)) return *failed;
    CallOutcome outcome = apply(call);
    if (happens(faults.crash)) throw Crash{};
    if (happens(faults.lost_answer)) {
        spend(kTimeout);
        outcome = {};
        outcome.problem = {"no_answer", "no answer", {}};
    } else {
        spend(kCallTime);
    }
    if (happens(faults.crash)) throw Crash{};
    return outcome;
}

CallOutcome FakeCrm::create(const sync::RemoteValues& values, const std::string& marker) {
    ++counts_["create"];
    return perform({Kind::Create, {}, values, marker, {}});
}

CallOutcome FakeCrm::update(const std::string& id, const sync::RemoteValues& values) {
    ++counts_["update"];
    if (!traits_.is_replacing) return perform({Kind::Update, id, values, {}, {}});
    // The system takes whole records only: the connector fills in what it has just read, which the
    // engine is not shown.
    sync::RemoteValues whole = records_.contains(id) ? present(id).values : sync::RemoteValues();
    spend(kCallTime);
    for (const auto& [field, value] : values) whole[field] = value;
    return perform({Kind::Update, id, whole, {}, {}});
}

CallOutcome FakeCrm::remove(const std::string& id) {
    ++counts_["delete"];
    return perform({Kind::Delete, id, {}, {}, {}});
}

const FakeCrm::State* FakeCrm::state_as_of(const Record& record, TimePoint when) const {
    const auto after = record.states.upper_bound(when);
    return after == record.states.begin() ? nullptr : &std::prev(after)->second;
}

void FakeCrm::note_shown(const std::string& id, const sync::RemoteValues& values) {
    Record& record = records_[id];
    if (!record.first_shown) {
        record.first_shown = clock_.now();
        lately_first_shown_.push_back(id);
    }
    for (const auto& [field, value] : values) {
        const std::string key = id + "/" + field + "=" + value;
        if (shown_.insert(key).second) lately_shown_.push_back(key);
    }
}

sync::RemoteRecord FakeCrm::show(const std::string& id, const State& state) const {
    sync::RemoteRecord shown;
    shown.id = RemoteId(id);
    shown.values = state.values;
    shown.other_emails = state.other_emails;
    shown.marker = records_.at(id).marker;
    if (traits_.has_versions) shown.version = state.version;
    return shown;
}

void FakeCrm::note_skipped(const std::string& id) {
    Record& record = records_.at(id);
    if (!record.first_shown) ++record.skips;
}

void FakeCrm::end_listing(sync::Listing& listing) {
    listing.is_complete = true;
    const auto cut = [&](CallEnd end, sync::CallProblem problem) {
        listing.records.resize(roll(listing.records.size() + 1));
        listing.is_complete = false;
        listing.end = end;
        listing.problem = std::move(problem);
    };
    if (happens(faults.truncated_list)) {
        cut(CallEnd::Unknown, {"truncated", "the listing ended early", {}});
    } else if (happens(faults.short_list)) {
        cut(CallEnd::Applied, {});
    } else if (happens(faults.disconnected)) {
        cut(CallEnd::Disconnected, {"reconnect", "the token is refused", {}});
    }
    if (!listing.is_complete) return;
    if (traits_.has_total) listing.total = static_cast<std::int64_t>(live_ids().size());
    listing.digest = digest_of(listing);
}

sync::Listing FakeCrm::list_other_account() const {
    sync::Listing listing;
    listing.calls = 1;
    listing.is_complete = true;
    for (int i = 1; i <= 3; ++i) {
        sync::RemoteRecord stranger;
        stranger.id = RemoteId(std::to_string(99 + i));  // ids of ours, too
        stranger.values = {{"name", "Stranger " + std::to_string(i)},
                           {"email", "stranger" + std::to_string(i) + "@example.net"}};
        listing.records.push_back(std::move(stranger));
    }
    listing.digest = digest_of(listing);
    return listing;
}

sync::Listing FakeCrm::list(const std::string& known_digest) {
    ++calls_;
    ++counts_["list"];
    settle_late_calls();
    if (is_other_account) return list_other_account();
    if (happens(faults.crash)) throw Crash{};
    sync::Listing listing;
    listing.calls = 1;
    spend(kCallTime);
    if (happens(faults.failed_list)) {
        listing.end = CallEnd::Unknown;
        listing.problem = {"unreachable", "no answer", {}};
        return listing;
    }
    if (happens(faults.rate_limited)) {
        listing.end = CallEnd::Later;
        listing.problem = {"rate_limited", "too fast", {}};
        listing.retry_after = kRetryAfter;
        return listing;
    }
    const TimePoint read_at = clock_.now() - kCallTime;
    std::vector<std::string> skipped;
    for (const auto& [id, record] : records_) {
        TimePoint as_of = clock_.now();
        if (happens(faults.stale_percent)) {
            const auto age = roll(static_cast<std::uint64_t>(faults.staleness.count()) + 1);
            as_of = read_at - milliseconds(static_cast<std::int64_t>(age));
        }
        const State* state = state_as_of(record, as_of);
        if (state == nullptr || !state->is_alive) continue;
        if (happens(faults.skipped_record, 1000)) {
            skipped.push_back(id);
            continue;
        }
        listing.records.push_back(show(id, *state));
    }
    end_listing(listing);
    spend(kCallTime);
    // A total gives the gap away.
    if (listing.is_complete && !listing.total) {
        for (const std::string& id : skipped) note_skipped(id);
    }
    for (const sync::RemoteRecord& record : listing.records)
        note_shown(record.id.text, record.values);
    if (listing.is_complete && listing.digest == known_digest) {
        listing.is_unchanged = true;
        listing.records.clear();
    }
    if (happens(faults.crash)) throw Crash{};
    return listing;
}

sync::Reading FakeCrm::get(const std::string& id) {
    ++calls_;
    ++counts_["get"];
    settle_late_calls();
    if (happens(faults.crash)) throw Crash{};
    spend(kCallTime);
    sync::Reading reading;
    if (is_other_account) {
        reading.end = CallEnd::Missing;
        return reading;
    }
    if (happens(faults.rate_limited)) {
        reading.end = CallEnd::Later;
        reading.problem = {"rate_limited", "too fast", {}};
        reading.retry_after = kRetryAfter;
        return reading;
    }
    if (happens(faults.failed_list)) {
        reading.problem = {"unreachable", "no answer", {}};
        return reading;
    }
    std::string found = id;
    while (records_.contains(found) && !is_live(found) && !records_.at(found).merged_into.empty())
        found = records_.at(found).merged_into;
    if (!is_live(found)) {
        reading.end = CallEnd::Missing;
        return reading;
    }
    reading.end = CallEnd::Applied;
    reading.record = show(found, present(found));
    spend(kCallTime);
    if (happens(faults.crash)) throw Crash{};
    note_shown(found, reading.record.values);
    return reading;
}

}  // namespace crm::test
