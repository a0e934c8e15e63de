// Orders are looked through in the order of their arrival; the first that fits strikes.
#include "server/sandbox/faults.h"

#include <algorithm>
#include <utility>

#include "shared/limits.h"

namespace crm::sandbox {
namespace {

constexpr std::pair<Fault, std::string_view> kFaultWords[] = {{Fault::LoseAnswer, "lose_answer"},
                                                              {Fault::LoseRequest, "lose_request"},
                                                              {Fault::Error502, "error_502"},
                                                              {Fault::RateLimit, "rate_limit"},
                                                              {Fault::Locked, "locked"},
                                                              {Fault::Blocked, "blocked"},
                                                              {Fault::ReadOnly, "read_only"},
                                                              {Fault::Disconnect, "disconnect"},
                                                              {Fault::Delay, "delay"}};

constexpr Operation kOperations[] = {
    Operation::List, Operation::Find, Operation::Create, Operation::Update, Operation::Remove};

std::string_view fault_word(Fault fault) {
    for (const auto& [known, word] : kFaultWords) {
        if (known == fault) return word;
    }
    return "";
}

Error bad_member(std::string_view member, std::string_view allowed) {
    return {ErrorCode::BadRequest,
            "\"" + std::string(member) + "\" must be " + std::string(allowed)};
}

Result<Fault> read_fault(const Json& json) {
    const std::string text = json.text_at("fault");
    for (const auto& [fault, word] : kFaultWords) {
        if (word == text) return fault;
    }
    return bad_member("fault",
                      "one of lose_answer, lose_request, error_502, rate_limit, locked, blocked, "
                      "read_only, "
                      "disconnect, delay");
}

Status read_target(const Json& json, FaultOrder& order) {
    const std::string system = json.text_at("system");
    if (!system.empty()) {
        order.system = find_system(system);
        if (!order.system) return bad_member("system", "hubspot, pipedrive, practice or absent");
    }
    const std::string operation = json.text_at("operation");
    if (operation.empty()) return {};
    for (const Operation known : kOperations) {
        if (word_of(known) == operation) order.operation = known;
    }
    if (order.operation) return {};
    return bad_member("operation", "list, get, create, update, delete or absent");
}

bool is_write(Operation operation) {
    return operation != Operation::List && operation != Operation::Find;
}

bool fits(const FaultOrder& order, System system, Operation operation, std::string_view customer) {
    if (order.system && *order.system != system) return false;
    if (order.operation && *order.operation != operation) return false;
    if (!order.customer.empty() && order.customer != customer) return false;
    return order.fault != Fault::ReadOnly || is_write(operation);
}

}  // namespace

std::string_view word_of(Operation operation) {
    switch (operation) {
        case Operation::List:
            return "list";
        case Operation::Find:
            return "get";
        case Operation::Create:
            return "create";
        case Operation::Update:
            return "update";
        case Operation::Remove:
            return "delete";
    }
    return "";
}

Result<FaultOrder> read_fault_order(const Json& json) {
    FaultOrder order;
    order.fault = CRM_TRY(read_fault(json));
    CRM_TRY(read_target(json, order));
    order.customer = json.text_at("customer");
    if (const Json* count = json.find("count")) {
        const std::optional<std::int64_t> number = count->integer();
        if (!number || *number < -1 || *number == 0 || *number > 1'000'000) {
            return bad_member("count", "a whole number from 1 on, or -1 for no end");
        }
        order.count = static_cast<int>(*number);
    }
    if (const Json* delay = json.find("delayMs")) {
        const std::optional<std::int64_t> number = delay->integer();
        if (!number || *number < 0 || *number > kSandboxDelayMax.count()) {
            return bad_member("delayMs", "a whole number from 0 to 60000");
        }
        order.delay = std::chrono::milliseconds(*number);
    }
    return order;
}

Json fault_order_json(const FaultOrder& order) {
    Json json = Json::object();
    if (order.system) json.set("system", key_of(*order.system));
    if (order.operation) json.set("operation", word_of(*order.operation));
    if (!order.customer.empty()) json.set("customer", order.customer);
    json.set("fault", fault_word(order.fault)).set("count", order.count);
    return json.set("delayMs", static_cast<std::int64_t>(order.delay.count()));
}

Status FaultPlan::add(const FaultOrder& order) {
    const std::lock_guard lock(mutex_);
    if (orders_.size() >= kSandboxFaultsMax) {
        return Error{ErrorCode::TooLarge, "Too many faults are waiting; clear them first"};
    }
    orders_.push_back(order);
    longest_delay_ = std::max(longest_delay_, order.delay);
    return {};
}

void FaultPlan::clear() {
    const std::lock_guard lock(mutex_);
    orders_.clear();
}

std::vector<FaultOrder> FaultPlan::orders() const {
    const std::lock_guard lock(mutex_);
    return orders_;
}

std::optional<Strike> FaultPlan::take(System system,
                                      Operation operation,
                                      std::string_view customer) {
    const std::lock_guard lock(mutex_);
    const auto order = std::find_if(orders_.begin(), orders_.end(), [&](const FaultOrder& each) {
        return fits(each, system, operation, customer);
    });
    if (order == orders_.end()) return std::nullopt;
    const Strike strike{.fault = order->fault, .delay = order->delay};
    if (order->count > 0 && --order->count == 0) orders_.erase(order);
    return strike;
}

std::chrono::milliseconds FaultPlan::longest_delay() const {
    const std::lock_guard lock(mutex_);
    return longest_delay_;
}

}  // namespace crm::sandbox
