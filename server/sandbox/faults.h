// What goes wrong on demand: each order says which calls it waits for and what happens to the next
// few of them. Orders live in memory; a restart forgets them. Safe to call from any thread.
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

#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"
#include "shared/result.h"

namespace crm::sandbox {

enum class Operation { List, Find, Create, Update, Remove };

[[nodiscard]] std::string_view word_of(Operation operation);  // "delete" for Remove: DO NOT RENAME

enum class Fault {
    LoseAnswer,   // it takes effect, then the connection is closed without an answer
    LoseRequest,  // the connection is closed before anything happens
    Error502,     // an HTML page instead of an answer; nothing happens
    RateLimit,    // the CRM's own 429, wrapped; nothing happens
    Locked,       // the CRM's own 423, wrapped; nothing happens
    Blocked,      // a page of the firewall in front of the CRM, wrapped; nothing happens
    ReadOnly,     // the CRM's own 403, wrapped; nothing happens
    Disconnect,   // the connection counts as broken; nothing happens
    Delay,        // late, but as it should be
};

struct FaultOrder {
    std::optional<System> system;        // none: both
    std::optional<Operation> operation;  // none: every one
    std::string customer;                // empty: everybody
    Fault fault = Fault::Error502;
    int count = 1;  // so many calls more; negative: until the orders are cleared
    std::chrono::milliseconds delay{0};  // before anything else happens

    bool operator==(const FaultOrder&) const = default;
};

/// `{"system","operation","customer","fault","count","delayMs"}`; BadRequest names the member that
/// is wrong.
[[nodiscard]] Result<FaultOrder> read_fault_order(const Json& json);
[[nodiscard]] Json fault_order_json(const FaultOrder& order);

/// What strikes one call.
struct Strike {
    Fault fault = Fault::Delay;
    std::chrono::milliseconds delay{0};
};

class FaultPlan {
   public:
    /// TooLarge when kSandboxFaultsMax are waiting already.
    Status add(const FaultOrder& order);
    void clear();
    [[nodiscard]] std::vector<FaultOrder> orders() const;
    /// The oldest order that fits the call, counted down; nullopt when the call goes well. ReadOnly
    /// orders fit writes only.
    [[nodiscard]] std::optional<Strike> take(System system,
                                             Operation operation,
                                             std::string_view customer);
    /// The longest delay that was ever ordered: so late may a call still take effect.
    [[nodiscard]] std::chrono::milliseconds longest_delay() const;

   private:
    mutable std::mutex mutex_;
    std::vector<FaultOrder> orders_;
    std::chrono::milliseconds longest_delay_{0};
};

}  // namespace crm::sandbox
