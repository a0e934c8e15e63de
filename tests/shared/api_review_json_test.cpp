#include "shared/api_review_json.h"

#include <doctest/doctest.h>

namespace crm::api {
namespace {

TEST_CASE("a conflict is written as the contract says") {
    Conflict conflict;
    conflict.id = "7";
    conflict.contact_id = "c1";
    conflict.contact = "Ada";
    conflict.field = "name";
    conflict.kind = "both_changed";
    conflict.policy = "app";
    conflict.state = "open";
    conflict.base = "A";
    conflict.sides = {{"app", "B"}, {"hubspot", "C"}};
    conflict.winner = "B";
    conflict.run_id = "r1";
    const std::string json =
        R"({"id":"7","contactId":"c1","contact":"Ada","field":"name","kind":"both_changed",)"
        R"("policy":"app","state":"open","base":"A",)"
        R"("sides":[{"side":"app","value":"B"},{"side":"hubspot","value":"C"}],"winner":"B",)"
        R"("runId":"r1","at":"1970-01-01T00:00:00.000Z","resolution":"","resolvedBy":null,)"
        R"("resolvedAt":null})";
    CHECK(write_conflict_answer(conflict) == R"({"conflict":)" + json + '}');
    CHECK(write_conflict_page({{conflict}, 9, "7"}) ==
          R"({"conflicts":[)" + json + R"(],"total":9,"cursor":"7"})");
    conflict.resolved_by = "Eva";
    conflict.resolved_at = TimePoint{std::chrono::milliseconds{7}};
    CHECK(read_conflict_answer(write_conflict_answer(conflict)).value() == conflict);
    const ConflictPage page{{conflict, conflict}, 9, "7"};
    CHECK(read_conflict_page(write_conflict_page(page)).value() == page);
    CHECK(write_conflict_page({}) == R"({"conflicts":[],"total":0})");
    CHECK(write_current_value("x\"y") == R"({"current":"x\"y"})");
}

TEST_CASE("why a contact stands as it does is written as the contract says") {
    SystemSync system;
    system.system = "hubspot";
    system.label = "HubSpot";
    system.state = "pending";
    system.reason = "No answer came.";
    system.record_id = "101";
    system.fields.resize(1);
    system.fields[0].field = "name";
    system.fields[0].ours = "Ada";
    system.fields[0].sent = "Ad";
    system.open_call = OpenCall{"update", {}, TimePoint{std::chrono::milliseconds{5}}};
    CHECK(write_contact_sync({system}) ==
          R"({"systems":[{"system":"hubspot","label":"HubSpot","state":"pending",)"
          R"("reason":"No answer came.","recordId":"101","url":null,"linkedAt":null,)"
          R"("syncedAt":null,"fields":[{"field":"name","ours":"Ada","sent":"Ad","received":null,)"
          R"("agreed":null,"decidedAt":null,"parked":null,"frozen":false,"direction":"both"}],)"
          R"("openCall":{"kind":"update","sentAt":"1970-01-01T00:00:00.000Z",)"
          R"("deadline":"1970-01-01T00:00:00.005Z"},"nextTryAt":null}]})");
    CHECK(write_contact_sync({}) == R"({"systems":[]})");
    system.url = "https://crm.example/101";
    system.linked_at = TimePoint{std::chrono::milliseconds{3}};
    system.next_try_at = TimePoint{std::chrono::milliseconds{9}};
    system.fields[0].received = "";
    system.fields[0].parked = "Too long for it.";
    system.fields[0].is_frozen = true;
    system.fields[0].direction = "out";
    const std::vector<SystemSync> systems{system, {.system = "pipedrive"}};
    CHECK(read_contact_sync(write_contact_sync(systems)).value() == systems);
}

TEST_CASE("a held record is written as the contract says") {
    HeldRecord hold;
    hold.system = "hubspot";
    hold.record_id = "101";
    hold.title = "Ada";
    hold.reason = "no_email";
    hold.message = "It has no e-mail.";
    hold.action = "Add one.";
    hold.values = {{"name", "Ada"}};
    hold.suggestion = Suggestion{"c1", "Ada L.", "Both have the phone 1.", true};
    const std::string json =
        R"({"system":"hubspot","recordId":"101","title":"Ada","reason":"no_email",)"
        R"("message":"It has no e-mail.","action":"Add one.","since":"1970-01-01T00:00:00.000Z",)"
        R"("values":{"name":"Ada"},"contactId":null,"contact":null,)"
        R"("suggestion":{"contactId":"c1","contact":"Ada L.","reason":"Both have the phone 1.",)"
        R"("refused":true}})";
    CHECK(write_hold_answer(hold) == R"({"hold":)" + json + '}');
    CHECK(write_hold_page({{hold}, 1, ""}) == R"({"holds":[)" + json + R"(],"total":1})");
    CHECK(write_hold_answer({}).find(R"("values":{},"contactId":null)") != std::string::npos);
    CHECK(write_hold_answer({}).find(R"("suggestion":null)") != std::string::npos);
    CHECK(read_hold_answer(write_hold_answer(hold)).value() == hold);
    const HoldPage page{{hold, {.system = "pipedrive", .record_id = "5"}}, 7, "pipedrive/5"};
    CHECK(read_hold_page(write_hold_page(page)).value() == page);
}

TEST_CASE("a decision is a value or a side, and nothing that does not arrive") {
    CHECK(read_resolution(R"({"value":""})").value() == Resolution{"", "", false});
    CHECK(read_resolution(R"({"side":"app","force":true})").value() ==
          Resolution{std::nullopt, "app", true});
    struct Bad {
        std::string_view json;
        std::string field;
    };
    for (const Bad& bad : {Bad{"{}", "value"},
                           Bad{R"({"value":"a","side":"app"})", "value"},
                           Bad{R"({"value":1})", "value"},
                           Bad{R"({"side":""})", "side"},
                           Bad{R"({"side":null})", "side"},
                           Bad{R"({"side":"app","force":"yes"})", "force"},
                           Bad{R"({"side":"app","colour":"red"})", "colour"}}) {
        CAPTURE(bad.json);
        const auto read = read_resolution(bad.json);
        REQUIRE_FALSE(read.is_ok());
        CHECK(read.error().code == ErrorCode::InvalidArgument);
        CHECK(read.error().fields.count(bad.field) == 1);
    }
    for (const std::string_view json : {"", "[]", "null", "{\"value\":\"\xff\"}", "{"}) {
        CAPTURE(json);
        CHECK(read_resolution(json).error().code == ErrorCode::BadRequest);
    }
}

TEST_CASE("a decision and a link's target arrive as they were sent") {
    for (const Resolution& wanted : {Resolution{"", "", false},
                                     Resolution{"x\"y", "", true},
                                     Resolution{std::nullopt, "hubspot", false}}) {
        CHECK(read_resolution(write_resolution(wanted)).value() == wanted);
    }
    CHECK(read_link_target(write_link_target("c\"1")).value() == "c\"1");
}

TEST_CASE("an answer that is another one is no answer") {
    for (const std::string_view json : {"", "[]", "{}", R"({"conflicts":7,"holds":"x"})"}) {
        CAPTURE(json);
        CHECK(read_conflict_page(json).error().code == ErrorCode::BadRequest);
        CHECK(read_conflict_answer(json).error().code == ErrorCode::BadRequest);
        CHECK(read_hold_page(json).error().code == ErrorCode::BadRequest);
        CHECK(read_hold_answer(json).error().code == ErrorCode::BadRequest);
        CHECK(read_contact_sync(json).error().code == ErrorCode::BadRequest);
    }
}

}  // namespace
}  // namespace crm::api
