// How often, and how much: what a day's calls may be spent on, when a system that cannot be used is
// tried again, and how long to the next run. Pure decisions; the service keeps the counts and asks
// before each run.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "shared/time_text.h"

namespace crm::sync {

/// What calls are made for. Each may go on where the one before has to stop: a day's budget keeps a
/// part for people, and a part for finding out what became of calls that got no answer.
enum class Purpose { Background, Person, Recovery };

/// Calls to one system since the day (UTC) began.
struct CallCount {
    TimePoint day{};
    std::int64_t calls = 0;

    bool operator==(const CallCount&) const = default;
};

[[nodiscard]] TimePoint start_of_day(TimePoint now);
[[nodiscard]] TimePoint start_of_next_day(TimePoint now);
/// A new day starts from nothing.
void count_calls(CallCount& count, std::int64_t calls, TimePoint now);
/// None: the system has no known limit.
[[nodiscard]] std::optional<std::int64_t> calls_left(const SystemSpec& system,
                                                     const CallCount& count,
                                                     Purpose purpose,
                                                     TimePoint now);

/// Whether a run may use a system.
struct Gate {
    bool is_open = true;
    std::string code;    // "budget", "reconnect"; empty when open
    std::string reason;  // one sentence for a person
    std::optional<TimePoint> opens_at;
    std::optional<std::int64_t> calls_left;

    bool operator==(const Gate&) const = default;
};

struct GateQuestion {
    Purpose purpose = Purpose::Background;
    bool is_asked = false;  // a person wants it now
    TimePoint now{};
    std::chrono::milliseconds interval{0};  // as configured
};

[[nodiscard]] Gate find_gate(const SystemSpec& system,
                             const SystemRow& row,
                             const CallCount& count,
                             const GateQuestion& question);

/// What the time to the next run depends on.
struct Activity {
    std::optional<TimePoint> changed_at;  // the last change, by anybody, that was seen
    std::int64_t pending = 0;             // what a later run settles
    int idle_runs = 0;                    // in a row, in which neither was true
};

[[nodiscard]] bool is_busy(const Activity& activity, TimePoint now);

/// Busy: the configured interval. Else it doubles from run to run, between a minute and five.
[[nodiscard]] std::chrono::milliseconds choose_interval(const Activity& activity,
                                                        TimePoint now,
                                                        std::chrono::milliseconds configured);

/// The shortest interval at which runs that each make `calls` stay within the background's part of
/// the budget: over a whole day, and over the rest of this one with what is left of it.
[[nodiscard]] std::chrono::milliseconds affordable_interval(const SystemSpec& system,
                                                            std::int64_t calls,
                                                            const CallCount& count,
                                                            TimePoint now);

}  // namespace crm::sync
