#include "server/sandbox/call_log.h"

#include <doctest/doctest.h>

#include "server/sandbox/limits.h"

namespace crm::sandbox {
namespace {

CallNote note(std::string customer, std::string action, Door door = Door::Action) {
    return {.customer = std::move(customer),
            .door = door,
            .system = System::Pipedrive,
            .action = std::move(action),
            .status = 200,
            .is_applied = true};
}

std::int64_t counter(const Json& log, std::string_view action) {
    const Json* count = log.find("counters")->find("pipedrive")->find(action);
    return count == nullptr ? 0 : count->integer().value_or(-1);
}

}  // namespace

TEST_CASE(
    "call log: calls are counted per system and action, for everybody and for each customer") {
    CallLog log;
    log.add(note("ann", "update-contact"), {});
    log.add(note("ann", "update-contact"), {});
    log.add(note("bob", "create-contact"), {});
    CHECK(counter(log.read({}), "update-contact") == 2);
    CHECK(counter(log.read({}), "create-contact") == 1);
    CHECK(counter(log.read({.customer = "ann"}), "create-contact") == 0);
    CHECK(log.read({.customer = "ann"}).find("writes")->find("pipedrive")->integer() == 2);
    CHECK(log.read({.customer = "ann"}).find("writes")->find("hubspot")->integer() == 0);
    CHECK(log.read({.customer = "eve"}).find("writes")->find("pipedrive")->integer() == 0);
}

TEST_CASE("call log: what people and tests do over there is listed but not counted") {
    CallLog log;
    log.add(note("ann", "persons", Door::Rest), {});
    log.add(note("ann", "create", Door::Page), {});
    CHECK(log.read({}).find("calls")->items()->size() == 2);
    CHECK(log.read({}).find("writes")->find("pipedrive")->integer() == 0);
}

TEST_CASE("call log: the calls of one system can be asked for") {
    CallLog log;
    log.add(note("ann", "update-contact"), {});
    CallNote other = note("ann", "list-contacts");
    other.system = System::HubSpot;
    log.add(other, {});
    const auto lines = log.lines({.customer = "ann", .system = System::HubSpot});
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().note.action == "list-contacts");
    CHECK(log.lines({.customer = "bob"}).empty());
}

TEST_CASE("call log: the newest come first, and old ones are forgotten") {
    CallLog log;
    for (std::size_t i = 0; i < kSandboxCallsKept + 5; ++i) {
        log.add(note("ann", "action-" + std::to_string(i)), {});
    }
    const Json all = log.read({.limit = kSandboxCallsKept + 100});
    CHECK(all.find("calls")->items()->size() == kSandboxCallsKept);
    CHECK(all.find("calls")->items()->front().text_at("action") ==
          "action-" + std::to_string(kSandboxCallsKept + 4));
    CHECK(log.read({.limit = 3}).find("calls")->items()->size() == 3);
}

}  // namespace crm::sandbox
