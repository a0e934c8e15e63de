#include "server/sandbox/faults.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "server/sandbox/limits.h"

namespace crm::sandbox {
namespace {

FaultOrder order_from(const char* text) {
    const auto order = read_fault_order(*Json::parse(text));
    CAPTURE(text);
    REQUIRE(order.is_ok());
    return order.value();
}

constexpr TimePoint kNow{std::chrono::hours(1000)};

void add(FaultPlan& plan, const char* text) {
    plan.add(order_from(text), kNow).take();
}

std::optional<Fault> ending(FaultPlan& plan,
                            System system,
                            Operation operation,
                            std::string_view customer) {
    const Strikes strikes =
        plan.take({.system = system, .operation = operation, .customer = customer}, kNow);
    return strikes.ending ? std::optional(strikes.ending->fault) : std::nullopt;
}

}  // namespace

TEST_CASE("faults: an order strikes the next calls that fit, and no more") {
    FaultPlan plan;
    add(plan, R"({"system":"hubspot","operation":"create","fault":"lose_answer","count":2})");
    CHECK_FALSE(ending(plan, System::Pipedrive, Operation::Create, "ann").has_value());
    CHECK_FALSE(ending(plan, System::HubSpot, Operation::List, "ann").has_value());
    CHECK(ending(plan, System::HubSpot, Operation::Create, "ann") == Fault::LoseAnswer);
    CHECK(ending(plan, System::HubSpot, Operation::Create, "bob") == Fault::LoseAnswer);
    CHECK_FALSE(ending(plan, System::HubSpot, Operation::Create, "ann").has_value());
}

TEST_CASE("faults: an order for one customer spares the others") {
    FaultPlan plan;
    add(plan, R"({"customer":"ann","fault":"rate_limit"})");
    CHECK_FALSE(ending(plan, System::HubSpot, Operation::List, "bob").has_value());
    CHECK(ending(plan, System::HubSpot, Operation::List, "ann").has_value());
}

TEST_CASE("faults: read-only stops writes until it is cleared") {
    FaultPlan plan;
    add(plan, R"({"system":"pipedrive","fault":"read_only","count":-1})");
    for (int round = 0; round < 3; ++round) {
        CHECK_FALSE(ending(plan, System::Pipedrive, Operation::List, "ann").has_value());
        CHECK(ending(plan, System::Pipedrive, Operation::Update, "ann") == Fault::ReadOnly);
    }
    plan.clear();
    CHECK_FALSE(ending(plan, System::Pipedrive, Operation::Update, "ann").has_value());
}

TEST_CASE("faults: an order for writes spares readings, and one system's can be ended alone") {
    FaultPlan plan;
    add(plan, R"({"system":"hubspot","operation":"write","fault":"locked","count":-1})");
    add(plan, R"({"system":"pipedrive","fault":"locked","count":-1})");
    add(plan, R"({"system":"hubspot","customer":"bob","fault":"locked"})");
    CHECK_FALSE(ending(plan, System::HubSpot, Operation::Find, "ann").has_value());
    CHECK(ending(plan, System::HubSpot, Operation::Remove, "ann") == Fault::Locked);
    plan.end(System::HubSpot, "ann");
    CHECK_FALSE(ending(plan, System::HubSpot, Operation::Remove, "ann").has_value());
    CHECK(plan.orders(kNow).size() == 2);
}

TEST_CASE("faults: an order with a time ends by itself, however many calls it struck") {
    FaultPlan plan;
    add(plan, R"({"fault":"read_only","lastsMs":60000})");
    const auto at = [&](std::chrono::seconds later) {
        return plan.take({.operation = Operation::Update}, kNow + later).ending.has_value();
    };
    CHECK(at(std::chrono::seconds(0)));
    CHECK(at(std::chrono::seconds(59)));
    REQUIRE(plan.orders(kNow).size() == 1);
    CHECK(plan.orders(kNow).front().ends_at == kNow + std::chrono::seconds(60));
    CHECK_FALSE(at(std::chrono::seconds(60)));
    CHECK(plan.orders(kNow + std::chrono::seconds(60)).empty());
}

TEST_CASE("faults: the first calls may be spared, so that a walk breaks in its middle") {
    FaultPlan plan;
    add(plan, R"({"operation":"list","fault":"token_expired","skip":2})");
    for (int page = 0; page < 2; ++page) {
        CHECK_FALSE(ending(plan, System::HubSpot, Operation::List, "ann").has_value());
    }
    CHECK(ending(plan, System::HubSpot, Operation::List, "ann") == Fault::TokenExpired);
}

TEST_CASE("faults: chance follows from the seed") {
    const auto draw = [](std::uint64_t seed, const char* order) {
        FaultPlan plan(seed);
        add(plan, order);
        std::string drawn;
        for (int call = 0; call < 64; ++call) {
            drawn += ending(plan, System::HubSpot, Operation::List, "ann") ? '1' : '0';
        }
        return drawn;
    };
    const char* often = R"({"fault":"error_502","percent":30,"count":-1})";
    CHECK(draw(1, often) == draw(1, often));
    CHECK(draw(1, often) != draw(2, often));
    const std::string drawn = draw(1, often);
    const auto struck = std::count(drawn.begin(), drawn.end(), '1');
    CHECK(struck > 5);
    CHECK(struck < 40);
    const char* seeded = R"({"fault":"error_502","percent":30,"count":-1,"seed":7})";
    CHECK(draw(1, seeded) == draw(2, seeded));
}

TEST_CASE("faults: one of each kind strikes at once, the oldest first") {
    FaultPlan plan;
    add(plan, R"({"fault":"stale","delayMs":1000,"count":-1})");
    add(plan, R"({"fault":"phantom_bump"})");
    add(plan, R"({"fault":"locked"})");
    add(plan, R"({"fault":"error_502"})");
    const Strikes first = plan.take({}, kNow);
    CHECK(first.event->fault == Fault::PhantomBump);
    CHECK(first.reading->fault == Fault::Stale);
    CHECK(first.ending->fault == Fault::Locked);
    const Strikes second = plan.take({}, kNow);
    CHECK_FALSE(second.event.has_value());
    CHECK(second.ending->fault == Fault::Error502);
}

TEST_CASE("faults: what cannot happen to a call does not use an order up") {
    FaultPlan plan;
    add(plan, R"({"fault":"short_list"})");
    add(plan, R"({"fault":"repeat_record"})");
    add(plan, R"({"fault":"late_write","delayMs":5})");
    const Strikes write = plan.take({.operation = Operation::Update}, kNow);
    CHECK_FALSE(write.reading.has_value());
    CHECK(write.ending->fault == Fault::LateWrite);
    CHECK(plan.take({}, kNow).reading->fault == Fault::ShortList);
    CHECK_FALSE(plan.take({.is_later_page = true}, kNow).reading.has_value());  // HubSpot's
    CHECK_FALSE(plan.take({.system = System::Pipedrive}, kNow).reading.has_value());
    CHECK(plan.take({.system = System::Pipedrive, .is_later_page = true}, kNow).reading);
}

TEST_CASE("faults: an order is shown as it was given") {
    const char* text = R"({"system":"hubspot","operation":"delete","customer":"ann",)"
                       R"("fault":"delay","count":3,"delayMs":20})";
    CHECK(fault_order_json(order_from(text)).dump() == text);
    const char* full = R"({"fault":"rate_limit","count":-1,"limit":"daily","skip":2,"percent":40,)"
                       R"("lastsMs":60000,"seed":9,"delayMs":0})";
    CHECK(fault_order_json(order_from(full)).dump() == full);
}

TEST_CASE("faults: both CRMs' words for a limit are understood") {
    for (const char* word : {"ten_secondly", "burst"}) {
        const std::string text = std::string(R"({"fault":"rate_limit","limit":")") + word + "\"}";
        CHECK(order_from(text.c_str()).limit == Limit::Burst);
    }
    for (const char* word : {"daily", "budget"}) {
        const std::string text = std::string(R"({"fault":"rate_limit","limit":")") + word + "\"}";
        CHECK(order_from(text.c_str()).limit == Limit::Daily);
    }
}

TEST_CASE("faults: a list of orders is read whole or not at all") {
    const auto count = [](const char* text) -> std::size_t {
        const auto orders = read_fault_orders(*Json::parse(text));
        return orders.is_ok() ? orders.value().size() : 0;
    };
    CHECK(count(R"({"fault":"locked"})") == 1);
    CHECK(count(R"([{"fault":"locked"},{"fault":"delay"}])") == 2);
    CHECK(count(R"({"faults":[{"fault":"locked"},{"fault":"delay"},{"fault":"merge"}]})") == 3);
    CHECK(count(R"([{"fault":"locked"},{"fault":"explode"}])") == 0);
    CHECK(count("[]") == 0);
    CHECK(count("[7]") == 0);
}

TEST_CASE("faults: a bad order names the member that is wrong") {
    const std::pair<const char*, const char*> cases[] = {
        {R"({})", "fault"},
        {R"({"fault":"explode"})", "fault"},
        {R"({"fault":"delay","system":"salesforce"})", "system"},
        {R"({"fault":"delay","operation":"merge"})", "operation"},
        {R"({"fault":"delay","count":0})", "count"},
        {R"({"fault":"delay","count":"two"})", "count"},
        {R"({"fault":"delay","delayMs":60001})", "delayMs"},
        {R"({"fault":"delay","delayMs":-1})", "delayMs"},
        {R"({"fault":"stale"})", "delayMs"},
        {R"({"fault":"lag","delayMs":3600001})", "delayMs"},
        {R"({"fault":"late_write","delayMs":0})", "delayMs"},
        {R"({"fault":"delay","percent":101})", "percent"},
        {R"({"fault":"delay","skip":-1})", "skip"},
        {R"({"fault":"delay","lastsMs":0})", "lastsMs"},
        {R"({"fault":"delay","seed":0})", "seed"},
        {R"({"fault":"rate_limit","limit":"hourly"})", "limit"},
        {R"({"fault":"delay","delayMS":5})", "delayMS"}};
    for (const auto& each : cases) {
        const char* const text = each.first;
        const char* const member = each.second;
        CAPTURE(text);
        const auto order = read_fault_order(*Json::parse(text));
        REQUIRE_FALSE(order.is_ok());
        CHECK(order.error().message.find(member) != std::string::npos);
    }
}

TEST_CASE("faults: only so many can wait") {
    FaultPlan plan;
    for (std::size_t i = 0; i < kSandboxFaultsMax; ++i) CHECK(plan.add({}, kNow).is_ok());
    CHECK_FALSE(plan.add({}, kNow).is_ok());
}

TEST_CASE("faults: the longest delay and the greatest age are remembered") {
    FaultPlan plan;
    plan.add({.delay = std::chrono::milliseconds(70)}, kNow).take();
    plan.add({.delay = std::chrono::milliseconds(30)}, kNow).take();
    plan.add({.fault = Fault::Lag, .delay = std::chrono::milliseconds(500)}, kNow).take();
    plan.clear();
    CHECK(plan.longest_delay() == std::chrono::milliseconds(70));
    CHECK(plan.longest_age() == std::chrono::milliseconds(500));
}

}  // namespace crm::sandbox
