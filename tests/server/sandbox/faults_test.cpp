#include "server/sandbox/faults.h"

#include <doctest/doctest.h>

#include "shared/limits.h"

namespace crm::sandbox {
namespace {

FaultOrder order_from(const char* text) {
    const auto order = read_fault_order(*Json::parse(text));
    CAPTURE(text);
    REQUIRE(order.is_ok());
    return order.value();
}

}  // namespace

TEST_CASE("faults: an order strikes the next calls that fit, and no more") {
    FaultPlan plan;
    plan.add(order_from(
                 R"({"system":"hubspot","operation":"create","fault":"lose_answer","count":2})"))
        .take();
    CHECK_FALSE(plan.take(System::Pipedrive, Operation::Create, "ann").has_value());
    CHECK_FALSE(plan.take(System::HubSpot, Operation::List, "ann").has_value());
    CHECK(plan.take(System::HubSpot, Operation::Create, "ann")->fault == Fault::LoseAnswer);
    CHECK(plan.take(System::HubSpot, Operation::Create, "bob")->fault == Fault::LoseAnswer);
    CHECK_FALSE(plan.take(System::HubSpot, Operation::Create, "ann").has_value());
}

TEST_CASE("faults: an order for one customer spares the others") {
    FaultPlan plan;
    plan.add(order_from(R"({"customer":"ann","fault":"rate_limit"})")).take();
    CHECK_FALSE(plan.take(System::HubSpot, Operation::List, "bob").has_value());
    CHECK(plan.take(System::HubSpot, Operation::List, "ann").has_value());
}

TEST_CASE("faults: read-only stops writes until it is cleared") {
    FaultPlan plan;
    plan.add(order_from(R"({"system":"pipedrive","fault":"read_only","count":-1})")).take();
    for (int round = 0; round < 3; ++round) {
        CHECK_FALSE(plan.take(System::Pipedrive, Operation::List, "ann").has_value());
        CHECK(plan.take(System::Pipedrive, Operation::Update, "ann")->fault == Fault::ReadOnly);
    }
    plan.clear();
    CHECK_FALSE(plan.take(System::Pipedrive, Operation::Update, "ann").has_value());
}

TEST_CASE("faults: an order is shown as it was given") {
    const char* text = R"({"system":"hubspot","operation":"delete","customer":"ann",)"
                       R"("fault":"delay","count":3,"delayMs":20})";
    CHECK(fault_order_json(order_from(text)).dump() == text);
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
        {R"({"fault":"delay","delayMs":-1})", "delayMs"}};
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
    for (std::size_t i = 0; i < kSandboxFaultsMax; ++i) CHECK(plan.add({}).is_ok());
    CHECK_FALSE(plan.add({}).is_ok());
}

TEST_CASE("faults: the longest delay is remembered") {
    FaultPlan plan;
    plan.add({.delay = std::chrono::milliseconds(70)}).take();
    plan.add({.delay = std::chrono::milliseconds(30)}).take();
    CHECK(plan.longest_delay() == std::chrono::milliseconds(70));
}

}  // namespace crm::sandbox
