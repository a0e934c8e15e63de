// Orders are looked through in the order of their arrival; the first that fits strikes, one of each
// kind.
#include "server/sandbox/faults.h"

#include <algorithm>
#include <utility>

#include "server/sandbox/limits.h"

namespace crm::sandbox {
namespace {

enum class Kind { Event, Reading, Ending };

Kind kind_of(Fault fault) {
    switch (fault) {
        case Fault::Merge:
        case Fault::PhantomBump:
            return Kind::Event;
        case Fault::Lag:
        case Fault::Stale:
        case Fault::SkipRecord:
        case Fault::RepeatRecord:
        case Fault::ShortList:
        case Fault::EmptyPage:
        case Fault::RepeatCursor:
            return Kind::Reading;
        case Fault::LoseAnswer:
        case Fault::LoseRequest:
        case Fault::LateWrite:
        case Fault::CutAnswer:
        case Fault::Error502:
        case Fault::RateLimit:
        case Fault::PlainLimit:
        case Fault::Locked:
        case Fault::Blocked:
        case Fault::ReadOnly:
        case Fault::TokenExpired:
        case Fault::AccessExpired:
        case Fault::Disconnect:
        case Fault::Delay:
            break;
    }
    return Kind::Ending;
}

bool is_write(Operation operation) {
    return operation != Operation::List && operation != Operation::Find;
}

// A reading by id is strong in both CRMs: it is old only for whoever asks for that.
bool can_happen(const FaultOrder& order, const Occasion& occasion) {
    const bool is_list = occasion.operation == Operation::List;
    const bool is_later = is_list && occasion.is_later_page;
    if (order.fault == Fault::ReadOnly || order.fault == Fault::LateWrite) {
        return is_write(occasion.operation);
    }
    if (order.fault == Fault::SkipRecord || order.fault == Fault::RepeatCursor) return is_later;
    if (order.fault == Fault::RepeatRecord) return is_later && occasion.system == System::Pipedrive;
    if (order.fault == Fault::ShortList || order.fault == Fault::EmptyPage) return is_list;
    if (kind_of(order.fault) != Kind::Reading) return true;
    return is_list || (order.operation == Operation::Find && occasion.operation == Operation::Find);
}

bool fits(const FaultOrder& order, const Occasion& occasion) {
    if (order.system && *order.system != occasion.system) return false;
    if (order.operation && *order.operation != occasion.operation) return false;
    if (order.is_for_writes && !is_write(occasion.operation)) return false;
    if (!order.customer.empty() && order.customer != occasion.customer) return false;
    return can_happen(order, occasion);
}

// Whether an order that fits strikes now: the first calls may be spared, and chance may be.
bool strikes_now(FaultOrder& order, Dice& dice) {
    if (order.skip > 0) {
        --order.skip;
        return false;
    }
    return order.percent >= 100 || dice.hits(order.percent);
}

}  // namespace

Status FaultPlan::add(const FaultOrder& order, TimePoint now) {
    const std::lock_guard lock(mutex_);
    forget_ended(now);
    if (waiting_.size() >= kSandboxFaultsMax) {
        return Error{ErrorCode::TooLarge, "Too many faults are waiting; clear them first"};
    }
    ++ordered_;
    const std::uint64_t seed = order.seed != 0 ? order.seed : seed_ + ordered_ * 1'000'003;
    Waiting waiting{.order = order, .ends_at = std::nullopt, .seed = seed, .dice = Dice(seed)};
    if (order.lasts.count() > 0) waiting.ends_at = now + order.lasts;
    waiting_.push_back(std::move(waiting));
    auto& longest = kind_of(order.fault) == Kind::Reading ? longest_age_ : longest_delay_;
    longest = std::max(longest, order.delay);
    return {};
}

void FaultPlan::clear() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
}

void FaultPlan::end(System system, std::string_view customer) {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [&](const Waiting& each) {
        const FaultOrder& order = each.order;
        return (!order.system || *order.system == system) &&
               (order.customer.empty() || order.customer == customer);
    });
}

void FaultPlan::forget_ended(TimePoint now) {
    std::erase_if(waiting_, [now](const Waiting& each) {
        return each.order.count == 0 || (each.ends_at && *each.ends_at <= now);
    });
}

std::vector<WaitingFault> FaultPlan::orders(TimePoint now) {
    const std::lock_guard lock(mutex_);
    forget_ended(now);
    std::vector<WaitingFault> orders;
    orders.reserve(waiting_.size());
    for (const Waiting& each : waiting_) orders.push_back({each.order, each.ends_at});
    return orders;
}

Strikes FaultPlan::take(const Occasion& occasion, TimePoint now) {
    const std::lock_guard lock(mutex_);
    forget_ended(now);
    Strikes strikes;
    for (Waiting& each : waiting_) {
        if (!fits(each.order, occasion)) continue;
        const Kind kind = kind_of(each.order.fault);
        auto& place = kind == Kind::Event     ? strikes.event
                      : kind == Kind::Reading ? strikes.reading
                                              : strikes.ending;
        if (place || !strikes_now(each.order, each.dice)) continue;
        place = Strike{.fault = each.order.fault,
                       .delay = each.order.delay,
                       .limit = each.order.limit,
                       .chance = kind == Kind::Reading ? each.seed : each.dice.next()};
        if (each.order.count > 0) --each.order.count;
    }
    forget_ended(now);
    return strikes;
}

std::chrono::milliseconds FaultPlan::longest_delay() const {
    const std::lock_guard lock(mutex_);
    return longest_delay_;
}

std::chrono::milliseconds FaultPlan::longest_age() const {
    const std::lock_guard lock(mutex_);
    return longest_age_;
}

}  // namespace crm::sandbox
