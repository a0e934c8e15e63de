#include "shared/api_json.h"

#include <doctest/doctest.h>

#include "tests/shared/random_contacts.h"

namespace crm::api {
namespace {

constexpr std::string_view kBroken[] = {
    "", "null", "[]", "{", "\xFF", "{}", "{\"contact\":5}", "{\"contacts\":{}}", "{\"history\":1}"};

TEST_CASE("health and token") {
    CHECK(write_health({"ok", "1.0", 7}) == R"({"status":"ok","version":"1.0","schema":7})");
    CHECK(write_token("a.b") == R"({"token":"a.b"})");
}

TEST_CASE("self") {
    const Self self{CustomerId{"dev"}, "Dev & Co", "Ann", "admin"};
    CHECK(write_self(self) ==
          R"({"customerId":"dev","customerName":"Dev & Co","user":"Ann","role":"admin"})");
    REQUIRE(read_self(write_self(self)).is_ok());
    CHECK(read_self(write_self(self)).value() == self);
    for (const std::string_view json : kBroken) CHECK_FALSE(read_self(json).is_ok());
}

TEST_CASE("contacts and pages come back as they went out") {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        CAPTURE(seed);
        test::RandomContacts random(seed);
        const Contact contact = random.contact();
        REQUIRE(read_contact_answer(write_contact_answer(contact)).is_ok());
        CHECK(read_contact_answer(write_contact_answer(contact)).value() == contact);
        ContactPage page{{contact, random.contact()}, 12'345, seed % 2 == 0 ? "" : "abc"};
        REQUIRE(read_contact_page(write_contact_page(page)).is_ok());
        CHECK(read_contact_page(write_contact_page(page)).value() == page);
    }
    CHECK(write_contact_page({}) == R"({"contacts":[],"total":0})");
    for (const std::string_view json : kBroken) {
        CAPTURE(json);
        CHECK_FALSE(read_contact_answer(json).is_ok());
        CHECK_FALSE(read_contact_page(json).is_ok());
        CHECK_FALSE(read_history(json).is_ok());
    }
    CHECK_FALSE(read_contact_page(R"({"contacts":[{"name":"no id"}]})").is_ok());
}

TEST_CASE("history") {
    const std::vector<HistoryEntry> entries{
        {12, TimePoint{}, "updated", "Ann", "local", "", "", {{"name", "a", "b"}}},
        {13,
         TimePoint{std::chrono::milliseconds{5}},
         "linked",
         "",
         "hubspot",
         "run-1",
         "Found.",
         {}},
    };
    const std::string json = write_history(entries);
    CHECK(json.find(R"({"history":[{"id":"12","at":"1970-01-01T00:00:00.000Z","kind":"updated")") ==
          0);
    CHECK(json.find(R"("runId":null)") != std::string::npos);
    REQUIRE(read_history(json).is_ok());
    CHECK(read_history(json).value() == entries);
    CHECK(read_history(R"({"history":[{"id":7},5]})").value().front().id == 7);
}

TEST_CASE("errors carry fields, the request's id and the details") {
    const Error error{
        ErrorCode::InvalidArgument, "One sentence.", {{"email", "The @ is missing."}}};
    CHECK(write_error(error, "r-1") ==
          R"({"error":{"code":"invalid_argument","message":"One sentence.",)"
          R"("fields":{"email":"The @ is missing."},"requestId":"r-1"}})");
    Error detailed{ErrorCode::Conflict, "m", {}, R"({"contactId":"c1","code":"never"})"};
    CHECK(write_error(detailed, "") == R"({"error":{"code":"conflict","message":"m","fields":{},)"
                                       R"("requestId":"","contactId":"c1"}})");
    detailed.details_json = "{broken";
    CHECK(write_error(detailed, "").find("conflict") != std::string::npos);
    detailed.details_json = "[1]";
    CHECK(write_error(detailed, "").find("conflict") != std::string::npos);
    detailed.message = "\xFF";
    CHECK(write_error(detailed, "\xFE").find("\uFFFD") != std::string::npos);
}

TEST_CASE("a client reads the errors that a server writes") {
    const Error error{
        ErrorCode::InvalidArgument, "One sentence.", {{"email", "The @ is missing."}}};
    const ErrorAnswer answer = read_error(422, write_error(error, "r-1"));
    CHECK(answer.error == error);
    CHECK(answer.request_id == "r-1");
    CHECK_FALSE(answer.conflict.has_value());
}

TEST_CASE("a version conflict arrives whole") {
    VersionConflict conflict;
    conflict.fields = {"name", "phone"};
    conflict.base = {{"name", "a"}, {"phone", ""}};
    conflict.current = {{"name", "b"}, {"phone", "1"}};
    conflict.yours = {{"name", "c"}, {"phone", "2"}};
    conflict.version = 9;
    conflict.contact = test::RandomContacts(3).contact();
    const Error error{ErrorCode::VersionMismatch, "m", {}, write_version_conflict(conflict)};
    const std::string json = write_error(error, "r");
    CHECK(json.find(R"("base":{"name":"a","phone":""},"current":{"name":"b","phone":"1"})") !=
          std::string::npos);
    const ErrorAnswer answer = read_error(412, json);
    CHECK(answer.error.code == ErrorCode::VersionMismatch);
    REQUIRE(answer.conflict.has_value());
    CHECK(*answer.conflict == conflict);
    CHECK_FALSE(read_error(409, json).conflict.has_value());
}

TEST_CASE("an answer that is not ours still gets a sentence") {
    for (const int status :
         {0, 400, 401, 403, 404, 405, 409, 412, 413, 415, 418, 422, 429, 500, 502, 503}) {
        for (const std::string_view body :
             {"", "<html>Bad gateway</html>", "{\"error\":7}", "{\"error\":{}}"}) {
            CAPTURE(status);
            CAPTURE(body);
            const ErrorAnswer answer = read_error(status, body);
            CHECK(answer.error.code == error_code_of_status(status));
            CHECK(answer.error.message.size() > 20);
            CHECK(answer.request_id == "");
        }
    }
    CHECK(read_error(0, "").error.message.find("cannot be reached") != std::string::npos);
}

}  // namespace
}  // namespace crm::api
