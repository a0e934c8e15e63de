#include "server/sync/governor.h"

#include <algorithm>

#include "server/limits.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDay{86'400'000};

/// The part of a day's calls up to which one may go on. What stands below is not lost to the ones
/// above: it is what they can count on.
int percent_of(Purpose purpose) {
    switch (purpose) {
        case Purpose::Background:
            return kBackgroundBudgetPercent;
        case Purpose::Person:
            return kBackgroundBudgetPercent + kPersonBudgetPercent;
        case Purpose::Recovery:
            return 100;
    }
    return kBackgroundBudgetPercent;
}

std::string spent_reason(const SystemSpec& system, Purpose purpose, TimePoint opens_at) {
    const std::string until = format_time(opens_at);
    switch (purpose) {
        case Purpose::Background:
            return "The part of today's calls to " + system.label +
                   " that background runs may use is spent; they go on at " + until +
                   ", and Sync Now still works";
        case Purpose::Person:
        case Purpose::Recovery:
            return "Today's calls to " + system.label + " are spent; it goes on at " + until;
    }
    return {};
}

milliseconds probe_interval(milliseconds configured) {
    return std::min<milliseconds>(kProbeIntervalMax, kProbeIntervals * configured);
}

}  // namespace

TimePoint start_of_day(TimePoint now) {
    const auto since = now.time_since_epoch() % kDay;
    return now - (since.count() < 0 ? since + kDay : since);
}

TimePoint start_of_next_day(TimePoint now) {
    return start_of_day(now) + kDay;
}

void count_calls(CallCount& count, std::int64_t calls, TimePoint now) {
    const TimePoint today = start_of_day(now);
    if (count.day != today) count = {today, 0};
    count.calls += calls;
}

std::optional<std::int64_t> calls_left(const SystemSpec& system,
                                       const CallCount& count,
                                       Purpose purpose,
                                       TimePoint now) {
    if (system.daily_calls_max <= 0) return std::nullopt;
    const std::int64_t used = count.day == start_of_day(now) ? count.calls : 0;
    const auto allowed =
        static_cast<std::int64_t>(system.daily_calls_max * percent_of(purpose) / 100);
    return std::max<std::int64_t>(0, allowed - used);
}

Gate find_gate(const SystemSpec& system,
               const SystemRow& row,
               const CallCount& count,
               const GateQuestion& question) {
    Gate gate;
    gate.calls_left = calls_left(system, count, question.purpose, question.now);
    if (gate.calls_left && *gate.calls_left == 0) {
        gate.is_open = false;
        gate.code = "budget";
        gate.opens_at = start_of_next_day(question.now);
        gate.reason = spent_reason(system, question.purpose, *gate.opens_at);
        return gate;
    }
    // A broken connection is tried now and then, and whenever a person asks.
    if (row.state != "reconnect" || question.is_asked || !row.last_run_at) {
        return gate;
    }
    const TimePoint probe_at = *row.last_run_at + probe_interval(question.interval);
    if (probe_at <= question.now) return gate;
    gate.is_open = false;
    gate.code = "reconnect";
    gate.opens_at = probe_at;
    gate.reason = "The connection to " + system.label + " is broken; it is tried again at " +
                  format_time(probe_at) + ", or at once with Sync Now";
    return gate;
}

bool is_busy(const Activity& activity, TimePoint now) {
    return activity.pending > 0 ||
           (activity.changed_at && now - *activity.changed_at < kBusyAfterChange);
}

milliseconds choose_interval(const Activity& activity, TimePoint now, milliseconds configured) {
    if (is_busy(activity, now)) return configured;
    milliseconds idle = kIdleIntervalMin;
    for (int run = 1; run < activity.idle_runs && idle < kIdleIntervalMax; ++run) idle *= 2;
    return std::max(configured, std::min<milliseconds>(idle, kIdleIntervalMax));
}

milliseconds affordable_interval(const SystemSpec& system,
                                 std::int64_t calls,
                                 const CallCount& count,
                                 TimePoint now) {
    if (system.daily_calls_max <= 0 || calls <= 0) return milliseconds{0};
    const double needed = static_cast<double>(kDay.count()) * static_cast<double>(calls) /
                          (system.daily_calls_max * kBackgroundBudgetPercent / 100);
    const auto usual = milliseconds(static_cast<std::int64_t>(needed));
    // What was spent early, by a first sync or by people, is missing for the rest of the day.
    const auto left = calls_left(system, count, Purpose::Background, now);
    if (!left || *left == 0) return usual;  // spent: the gate says until when
    return std::max(usual, (start_of_next_day(now) - now) * calls / *left);
}

}  // namespace crm::sync
