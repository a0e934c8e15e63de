#include <doctest/doctest.h>

#include "shared/api_json.h"

namespace crm::api {
namespace {

Run make_run() {
    Run run;
    run.id = RunId{"r1"};
    run.state = RunState::DoneWithProblems;
    run.started_at = TimePoint{std::chrono::milliseconds{1}};
    run.reason = "Waits for “HubSpot”";
    run.writes = {{"app", 1}, {"hubspot", 2}, {"pipedrive", 0}};
    run.pending = 4;
    run.problems = {{"c1", "hubspot", "no_email", "It has none.", "Add one.", TimePoint{}, "77"},
                    {"", "pipedrive", "unreachable", "m", "a", std::nullopt, ""}};
    run.done = 5;
    run.total = 6;
    run.trigger = "person";
    run.calls = {{"hubspot", 12}};
    run.is_preview = true;
    run.system = "hubspot";
    run.records = {{"c2",
                    "Ann",
                    "hubspot",
                    "update",
                    "8",
                    "planned",
                    "It changed here.",
                    {{"name", "An", "Ann"}}}};
    run.records_total = 3;
    run.calls_needed = {{"hubspot", 2}};
    return run;
}

SystemStatus make_system() {
    return {"hubspot",
            "HubSpot",
            "reconnect",
            "The token was refused.",
            1,
            2,
            3,
            4,
            TimePoint{},
            TimePoint{std::chrono::milliseconds{7}}};
}

TEST_CASE("a run is written as the contract says") {
    CHECK(write_run(make_run()) ==
          R"({"id":"r1","state":"done_with_problems","startedAt":"1970-01-01T00:00:00.001Z",)"
          R"("endedAt":null,"reason":"Waits for “HubSpot”",)"
          R"("writes":{"app":1,"hubspot":2,"pipedrive":0},"pending":4,)"
          R"("problems":[{"contactId":"c1","system":"hubspot","code":"no_email",)"
          R"("message":"It has none.","action":"Add one.","nextTryAt":"1970-01-01T00:00:00.000Z",)"
          R"("recordId":"77"},{"contactId":null,"system":"pipedrive","code":"unreachable",)"
          R"("message":"m","action":"a","nextTryAt":null,"recordId":null}],)"
          R"("progress":{"done":5,"total":6},"trigger":"person","calls":{"hubspot":12},)"
          R"("preview":true,"system":"hubspot","contactId":null,)"
          R"("recordsTotal":3,"callsNeeded":{"hubspot":2},)"
          R"("records":[{"contactId":"c2","title":"Ann","system":"hubspot","kind":"update",)"
          R"("recordId":"8","outcome":"planned","reason":"It changed here.",)"
          R"("changes":[{"field":"name","from":"An","to":"Ann"}]}]})");
    CHECK(write_run({}).find(R"("writes":{},"pending":0,"problems":[])") != std::string::npos);
}

TEST_CASE("runs come back as they went out") {
    const Run run = make_run();
    REQUIRE(read_run(write_run(run)).is_ok());
    CHECK(read_run(write_run(run)).value() == run);
    REQUIRE(read_run_answer(write_run_answer(run)).is_ok());
    CHECK(read_run_answer(write_run_answer(run)).value() == run);
}

TEST_CASE("a list of runs leaves their records out and says how many there are") {
    Run run = make_run();
    Run other = run;
    other.id = RunId{"r2"};
    other.state = RunState::Held;
    const std::string json = write_runs({run, other});
    CHECK(json.find("\"records\"") == std::string::npos);
    REQUIRE(read_runs(json).is_ok());
    run.records.clear();
    other.records.clear();
    CHECK(read_runs(json).value() == std::vector<Run>{run, other});
    CHECK(read_runs(json).value().front().records_total == 3);
}

TEST_CASE("the state of sync comes back as it went out") {
    SyncStatus status;
    CHECK(write_sync_status(status) ==
          R"({"running":false,"run":null,"nextRunAt":null,"systems":[]})");
    REQUIRE(read_sync_status(write_sync_status(status)).is_ok());
    CHECK(read_sync_status(write_sync_status(status)).value() == status);
    status.running = true;
    status.run = make_run();
    status.run->records.clear();  // of one run only GET /api/sync/runs/{id} tells them
    status.next_run_at = TimePoint{std::chrono::milliseconds{99}};
    status.systems = {make_system(), {"pipedrive", "Pipedrive", "connected", "", 0, 0, 0, 0, {}}};
    REQUIRE(read_sync_status(write_sync_status(status)).is_ok());
    CHECK(read_sync_status(write_sync_status(status)).value() == status);
    CHECK(write_sync_status(status).find(
              R"({"key":"hubspot","label":"HubSpot","state":"reconnect",)"
              R"("reason":"The token was refused.",)"
              R"("inSync":1,"excluded":2,"failing":3,"pending":4,)"
              R"("lastRunAt":"1970-01-01T00:00:00.000Z",)"
              R"("nextTryAt":"1970-01-01T00:00:00.007Z"})") != std::string::npos);
}

TEST_CASE("a system's event comes back as it went out") {
    const SystemStatus system = make_system();
    REQUIRE(read_system_event(write_system_event(system)).is_ok());
    CHECK(read_system_event(write_system_event(system)).value() == system);
}

TEST_CASE("what is none of these is an error, not a crash") {
    for (const std::string_view json : {"",
                                        "null",
                                        "[]",
                                        "{",
                                        "{}",
                                        "\xFF",
                                        "{\"run\":5}",
                                        "{\"runs\":{}}",
                                        "{\"runs\":[{}]}",
                                        "{\"systems\":7}",
                                        "{\"system\":[]}",
                                        "{\"systems\":[],\"run\":{}}"}) {
        CAPTURE(json);
        CHECK_FALSE(read_run(json).is_ok());
        CHECK_FALSE(read_run_answer(json).is_ok());
        CHECK_FALSE(read_runs(json).is_ok());
        CHECK_FALSE(read_sync_status(json).is_ok());
        CHECK_FALSE(read_system_event(json).is_ok());
    }
}

TEST_CASE("readers ignore members they do not know, and wrong types") {
    const Result<Run> run =
        read_run(R"({"id":"r1","state":"new_word","writes":{"app":"x","hubspot":3},"problems":[5],)"
                 R"("future":1,"pending":1.5})");
    REQUIRE(run.is_ok());
    CHECK(run.value().state == RunState::Failed);
    CHECK(run.value().writes.at("hubspot") == 3);
    CHECK(run.value().writes.at("app") == 0);
    CHECK(run.value().pending == 0);
    CHECK(run.value().problems.size() == 1);
}

}  // namespace
}  // namespace crm::api
