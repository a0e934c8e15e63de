// Orders as JSON: read once, where they enter, into values that hold only what makes sense.
#include <algorithm>
#include <limits>
#include <utility>

#include "server/sandbox/faults.h"
#include "server/sandbox/limits.h"
#include "shared/limits.h"

namespace crm::sandbox {
namespace {

constexpr std::pair<Fault, std::string_view> kFaultWords[] = {
    {Fault::Merge, "merge"},
    {Fault::PhantomBump, "phantom_bump"},
    {Fault::Lag, "lag"},
    {Fault::Stale, "stale"},
    {Fault::SkipRecord, "skip_record"},
    {Fault::RepeatRecord, "repeat_record"},
    {Fault::ShortList, "short_list"},
    {Fault::EmptyPage, "empty_page"},
    {Fault::RepeatCursor, "repeat_cursor"},
    {Fault::LoseAnswer, "lose_answer"},
    {Fault::LoseRequest, "lose_request"},
    {Fault::LateWrite, "late_write"},
    {Fault::CutAnswer, "cut_answer"},
    {Fault::Error502, "error_502"},
    {Fault::RateLimit, "rate_limit"},
    {Fault::PlainLimit, "plain_limit"},
    {Fault::Locked, "locked"},
    {Fault::Blocked, "blocked"},
    {Fault::ReadOnly, "read_only"},
    {Fault::TokenExpired, "token_expired"},
    {Fault::AccessExpired, "access_expired"},
    {Fault::Disconnect, "disconnect"},
    {Fault::Delay, "delay"}};

constexpr std::pair<Limit, std::string_view> kLimitWords[] = {{Limit::Burst, "burst"},
                                                              {Limit::Burst, "ten_secondly"},
                                                              {Limit::Daily, "daily"},
                                                              {Limit::Daily, "budget"},
                                                              {Limit::Search, "search"}};

constexpr Operation kOperations[] = {
    Operation::List, Operation::Find, Operation::Create, Operation::Update, Operation::Remove};

constexpr std::string_view kMembers[] = {"system",
                                         "operation",
                                         "customer",
                                         "fault",
                                         "count",
                                         "skip",
                                         "percent",
                                         "delayMs",
                                         "lastsMs",
                                         "limit",
                                         "seed"};

Error bad_member(std::string_view member, std::string_view allowed) {
    return {ErrorCode::BadRequest,
            "\"" + std::string(member) + "\" must be " + std::string(allowed)};
}

std::string fault_list() {
    std::string list;
    for (const auto& [fault, word] : kFaultWords) {
        list += list.empty() ? "" : ", ";
        list += word;
    }
    return list;
}

Result<Fault> read_fault(const Json& json) {
    const std::string text = json.text_at("fault");
    for (const auto& [fault, word] : kFaultWords) {
        if (word == text) return fault;
    }
    return bad_member("fault", "one of " + fault_list());
}

Status read_target(const Json& json, FaultOrder& order) {
    const std::string system = json.text_at("system");
    if (!system.empty()) {
        order.system = find_system(system);
        if (!order.system) return bad_member("system", "hubspot, pipedrive, practice or absent");
    }
    const std::string operation = json.text_at("operation");
    order.is_for_writes = operation == "write";
    if (operation.empty() || order.is_for_writes) return {};
    for (const Operation known : kOperations) {
        if (word_of(known) == operation) order.operation = known;
    }
    if (order.operation) return {};
    return bad_member("operation", "list, get, create, update, delete, write or absent");
}

struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
    std::string_view says;
};

// nullopt when the member is absent.
Result<std::optional<std::int64_t>> read_number(const Json& json,
                                                std::string_view member,
                                                const Range& range) {
    const Json* found = json.find(member);
    if (found == nullptr) return std::optional<std::int64_t>();
    const std::optional<std::int64_t> number = found->integer();
    if (number && *number >= range.least && *number <= range.most) return number;
    return bad_member(member, range.says);
}

Status read_numbers(const Json& json, FaultOrder& order) {
    constexpr std::int64_t kMany = 1'000'000;
    const auto count = CRM_TRY(
        read_number(json, "count", {-1, kMany, "a whole number from 1 on, or -1 for no end"}));
    if (count == 0) return bad_member("count", "a whole number from 1 on, or -1 for no end");
    const auto skip = CRM_TRY(read_number(json, "skip", {0, kMany, "a whole number from 0 on"}));
    const auto percent =
        CRM_TRY(read_number(json, "percent", {1, 100, "a whole number from 1 to 100"}));
    const auto lasts = CRM_TRY(read_number(
        json, "lastsMs", {1, kSandboxFaultLastsMax.count(), "a whole number from 1 to 86400000"}));
    const auto seed = CRM_TRY(read_number(
        json, "seed", {1, std::numeric_limits<std::int64_t>::max(), "a whole number from 1 on"}));
    order.count = static_cast<int>(count.value_or(lasts ? -1 : 1));
    order.skip = static_cast<int>(skip.value_or(0));
    order.percent = static_cast<std::size_t>(percent.value_or(100));
    order.lasts = std::chrono::milliseconds(lasts.value_or(0));
    order.seed = static_cast<std::uint64_t>(seed.value_or(0));
    return {};
}

// Of a reading it is an age, which may be an hour; a caller waits no longer than a minute.
Status read_delay(const Json& json, FaultOrder& order) {
    const bool is_age = order.fault == Fault::Lag || order.fault == Fault::Stale;
    const bool is_needed = is_age || order.fault == Fault::LateWrite;
    const Range range = is_age      ? Range{1, kSandboxAgeMax.count(), "from 1 to 3600000"}
                        : is_needed ? Range{1, kSandboxDelayMax.count(), "from 1 to 60000"}
                                    : Range{0, kSandboxDelayMax.count(), "from 0 to 60000"};
    const std::string says = "a whole number " + std::string(range.says);
    const auto delay = CRM_TRY(read_number(json, "delayMs", {range.least, range.most, says}));
    if (is_needed && !delay) return bad_member("delayMs", says);
    order.delay = std::chrono::milliseconds(delay.value_or(0));
    return {};
}

Status read_limit(const Json& json, FaultOrder& order) {
    const std::string text = json.text_at("limit");
    if (text.empty()) return {};
    for (const auto& [limit, word] : kLimitWords) {
        if (word != text) continue;
        order.limit = limit;
        return {};
    }
    return bad_member("limit", "burst, ten_secondly, daily, budget, search or absent");
}

// A misspelt member would make an order that strikes other calls than meant.
Status check_members(const Json& json) {
    if (json.members() == nullptr) {
        return Error{ErrorCode::BadRequest, "A fault must be a JSON object"};
    }
    for (const Json::Member& member : *json.members()) {
        if (std::find(std::begin(kMembers), std::end(kMembers), member.name) ==
            std::end(kMembers)) {
            return Error{
                ErrorCode::BadRequest,
                "A fault has no member \"" + member.name.substr(0, kShownNameCharsMax) + "\""};
        }
    }
    return {};
}

std::string_view limit_word(Limit limit) {
    for (const auto& [known, word] : kLimitWords) {
        if (known == limit) return word;
    }
    return "";
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

std::string_view word_of(Fault fault) {
    for (const auto& [known, word] : kFaultWords) {
        if (known == fault) return word;
    }
    return "";
}

Result<FaultOrder> read_fault_order(const Json& json) {
    CRM_TRY(check_members(json));
    FaultOrder order;
    order.fault = CRM_TRY(read_fault(json));
    CRM_TRY(read_target(json, order));
    CRM_TRY(read_numbers(json, order));
    CRM_TRY(read_delay(json, order));
    CRM_TRY(read_limit(json, order));
    order.customer = json.text_at("customer");
    return order;
}

Result<std::vector<FaultOrder>> read_fault_orders(const Json& json) {
    const Json* list = json.find("faults");
    const Json::Array* items = list != nullptr ? list->items() : json.items();
    std::vector<FaultOrder> orders;
    if (items == nullptr) {
        orders.push_back(CRM_TRY(read_fault_order(json)));
        return orders;
    }
    for (const Json& item : *items) orders.push_back(CRM_TRY(read_fault_order(item)));
    if (orders.empty()) return Error{ErrorCode::BadRequest, "The list names no fault"};
    return orders;
}

Json fault_order_json(const FaultOrder& order) {
    Json json = Json::object();
    if (order.system) json.set("system", key_of(*order.system));
    if (order.operation) json.set("operation", word_of(*order.operation));
    if (order.is_for_writes) json.set("operation", "write");
    if (!order.customer.empty()) json.set("customer", order.customer);
    json.set("fault", word_of(order.fault)).set("count", order.count);
    if (order.fault == Fault::RateLimit) json.set("limit", limit_word(order.limit));
    if (order.skip > 0) json.set("skip", order.skip);
    if (order.percent < 100) json.set("percent", order.percent);
    if (order.lasts.count() > 0) json.set("lastsMs", order.lasts.count());
    if (order.seed != 0) json.set("seed", static_cast<std::int64_t>(order.seed));
    return json.set("delayMs", static_cast<std::int64_t>(order.delay.count()));
}

}  // namespace crm::sandbox
