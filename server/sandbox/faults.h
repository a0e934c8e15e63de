// What goes wrong on demand: each order says which calls it waits for, and what happens to those
// that fit. Orders live in memory; a restart forgets them. Safe to call from any thread.
//
// Only Integration.app's calls are struck. The REST surfaces and the pages are how a test or a
// person changes things "over there", and stay reliable.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/derived.h"
#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"
#include "shared/result.h"

namespace crm::sandbox {

enum class Operation { List, Find, Create, Update, Remove };

[[nodiscard]] std::string_view word_of(Operation operation);  // "delete" for Remove: DO NOT RENAME

enum class Fault {
    // Somebody is at work over there; then the call goes on as it should.
    Merge,        // two records become one
    PhantomBump,  // some records' times of change move, nothing else
    // What a reading shows.
    Lag,           // every change shows only after a time of its own, at most the delay
    Stale,         // everything as it was the delay ago
    SkipRecord,    // a page after the first begins one record too late: another one was deleted
    RepeatRecord,  // or one too early: another one was inserted. Pipedrive, whose pages are counted
    ShortList,     // the first half of a page, and no further one
    EmptyPage,     // no records, and a cursor: this very page follows
    RepeatCursor,  // of a page after the first: its records, and the cursor that asked for them
    // How the call ends.
    LoseAnswer,     // it takes effect, then the connection is closed without an answer
    LoseRequest,    // the connection is closed before anything happens
    LateWrite,      // the connection is closed at once, and the write takes effect the delay later
    CutAnswer,      // it takes effect; half of the answer arrives
    Error502,       // an HTML page instead of an answer; nothing happens
    RateLimit,      // the CRM's own 429, wrapped; nothing happens
    PlainLimit,     // a 429 in plain text, of a gateway; nothing happens
    Locked,         // the CRM's own 423, wrapped; nothing happens
    Blocked,        // a page of the firewall in front of the CRM, wrapped; nothing happens
    ReadOnly,       // the CRM's own 403, wrapped; nothing happens
    TokenExpired,   // Integration.app takes our token no longer; nothing happens
    AccessExpired,  // the CRM takes Integration.app's token no longer; nothing happens
    Disconnect,     // the connection counts as broken; nothing happens
    Delay,          // late, but as it should be
};

[[nodiscard]] std::string_view word_of(Fault fault);  // "lose_answer": DO NOT RENAME

/// Which of the CRM's limits a RateLimit reached.
enum class Limit {
    Burst,   // within seconds: "ten_secondly" of HubSpot, "burst" of Pipedrive
    Daily,   // "daily", or the "budget" of Pipedrive's tokens
    Search,  // "search"
};

struct FaultOrder {
    std::optional<System> system;        // none: all
    std::optional<Operation> operation;  // none: every one
    bool is_for_writes = false;          // create, update and delete; `operation` is empty
    std::string customer;                // empty: everybody
    Fault fault = Fault::Error502;
    int count = 1;                       // so many calls more; negative: no end
    int skip = 0;                        // so many fitting calls go well before
    std::size_t percent = 100;           // so likely is each fitting call struck
    std::chrono::milliseconds delay{0};  // before anything else happens; for readings, their age
    std::chrono::milliseconds lasts{0};  // the order ends by itself after that; 0: it does not
    Limit limit = Limit::Burst;          // of RateLimit
    std::uint64_t seed = 0;              // of what chance decides; 0: the sandbox's own

    bool operator==(const FaultOrder&) const = default;
};

/// `{"system","operation","customer","fault","count","skip","percent","delayMs","lastsMs","limit",
/// "seed"}`; BadRequest names the member that is wrong. `count` is 1, or without end when "lastsMs"
/// is given.
[[nodiscard]] Result<FaultOrder> read_fault_order(const Json& json);
/// One order, a list of them, or `{"faults":[…]}`, at least one.
[[nodiscard]] Result<std::vector<FaultOrder>> read_fault_orders(const Json& json);
/// Members that say nothing are left out.
[[nodiscard]] Json fault_order_json(const FaultOrder& order);

/// What FaultPlan needs to know of a call.
struct Occasion {
    System system = System::HubSpot;
    Operation operation = Operation::List;
    std::string_view customer;
    bool is_later_page = false;
};

/// What strikes one call.
struct Strike {
    Fault fault = Fault::Delay;
    std::chrono::milliseconds delay{0};
    Limit limit = Limit::Burst;
    /// Follows from the seed. Of readings the same for the whole order, so that what was seen once
    /// is seen again; else another one for each strike.
    std::uint64_t chance = 0;
};

/// At most one of each kind at once.
struct Strikes {
    std::optional<Strike> event;    // Merge, PhantomBump
    std::optional<Strike> reading;  // Lag … RepeatCursor
    std::optional<Strike> ending;   // the others
};

/// An order that waits, and when it ends by itself.
struct WaitingFault {
    FaultOrder order;  // counted down
    std::optional<TimePoint> ends_at;
};

class FaultPlan {
   public:
    explicit FaultPlan(std::uint64_t seed = 1) : seed_(seed) {}

    /// TooLarge when kSandboxFaultsMax are waiting already.
    Status add(const FaultOrder& order, TimePoint now);
    void clear();
    /// Those that would strike this customer's calls in this system.
    void end(System system, std::string_view customer);
    [[nodiscard]] std::vector<WaitingFault> orders(TimePoint now);
    /// Of each kind the oldest order that fits the call, counted down. Orders for what cannot
    /// happen to a call (ReadOnly to a listing) do not fit it.
    [[nodiscard]] Strikes take(const Occasion& occasion, TimePoint now);
    /// So late may a call still take effect: the longest delay that was ever ordered.
    [[nodiscard]] std::chrono::milliseconds longest_delay() const;
    /// So old may a reading be.
    [[nodiscard]] std::chrono::milliseconds longest_age() const;

   private:
    struct Waiting {
        FaultOrder order;
        std::optional<TimePoint> ends_at;
        std::uint64_t seed = 0;
        Dice dice;
    };
    void forget_ended(TimePoint now);

    const std::uint64_t seed_;
    mutable std::mutex mutex_;
    std::vector<Waiting> waiting_;
    std::uint64_t ordered_ = 0;  // ever
    std::chrono::milliseconds longest_delay_{0};
    std::chrono::milliseconds longest_age_{0};
};

}  // namespace crm::sandbox
