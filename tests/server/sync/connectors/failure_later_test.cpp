// The second half of the table of failures: what is repeated later, refused for good, or unknown;
// and what of a system's own words reaches a person.
#include "tests/server/sync/connectors/failure_table.h"

namespace crm::sync {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("failure: later") {
    // The desk's clock stands at midnight, 2026-01-01 UTC.
    const std::string secondly = R"({"status":"error","errorType":"RATE_LIMIT","policyName":)"
                                 R"("SECONDLY","message":"You have reached your secondly limit."})";
    const std::string ten = R"({"errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"})";
    const std::string daily = R"({"category":"RATE_LIMITS","policyName":"DAILY"})";
    check_all({
        {"typed",
         Action::Create,
         {429, platform("bad_request", "rate_limit_exceeded")},
         CallEnd::Later,
         "rate_limited"},
        {"typed with another status",
         Action::Update,
         {400, platform("connection", "rate_limit_exceeded")},
         CallEnd::Later,
         "rate_limited"},
        {"plain 429", Action::Create, {429, "slow down"}, CallEnd::Later, "rate_limited"},
        {"plain 429 with a header",
         Action::Create,
         {429, "", {{"Retry-After", "7"}}},
         CallEnd::Later,
         "rate_limited",
         seconds(7)},
        {"with a date",
         Action::Create,
         {429, "", {{"Retry-After", "Thu, 01 Jan 2026 00:00:09 GMT"}}},
         CallEnd::Later,
         "rate_limited",
         seconds(9)},
        {"secondly",
         Action::Create,
         {400, wrapped(429, secondly)},
         CallEnd::Later,
         "rate_limited",
         seconds(1)},
        {"ten secondly",
         Action::Create,
         {400, wrapped(429, ten)},
         CallEnd::Later,
         "rate_limited",
         seconds(10)},
        {"daily",
         Action::Remove,
         {400, wrapped(429, daily)},
         CallEnd::Later,
         "rate_limited",
         hours(24)},
        {"by the policy alone",
         Action::Create,
         {400, R"({"type":"action_run","message":"m","data":)" + ten + "}"},
         CallEnd::Later,
         "rate_limited",
         seconds(10)},
        {"the CRM's own header",
         Action::Create,
         {400, wrapped(429, R"({"success":false,"errorCode":429})", R"({"Retry-After":"30"})")},
         CallEnd::Later,
         "rate_limited",
         seconds(30)},
        {"pipedrive's reset",
         Action::Create,
         {400, wrapped(429, R"({"success":false})", R"({"x-ratelimit-reset":2})")},
         CallEnd::Later,
         "rate_limited",
         seconds(2)},
        {"pipedrive's burst",
         Action::Create,
         {400,
          wrapped(429,
                  R"({"success":false})",
                  R"({"x-ratelimit-remaining":"0","x-ratelimit-reset":"2",)"
                  R"("x-daily-ratelimit-token-remaining":"117"})")},
         CallEnd::Later,
         "rate_limited",
         seconds(2)},
        {"pipedrive's day is spent though calls are left",
         Action::Create,
         {400, wrapped(429, "{}", R"({"x-ratelimit-remaining":"12","x-ratelimit-reset":2})")},
         CallEnd::Later,
         "rate_limited",
         hours(24)},
        {"reading one record",
         Action::Get,
         {400, wrapped(429, "{}", R"({"Retry-After":"30"})")},
         CallEnd::Later,
         "rate_limited",
         seconds(30)},
        {"pipedrive's day is spent",
         Action::Create,
         {400, wrapped(429, "{}", R"({"x-daily-ratelimit-token-remaining":["0"]})")},
         CallEnd::Later,
         "rate_limited",
         hours(24)},
        {"listing",
         Action::List,
         {429, "", {{"Retry-After", "60"}}},
         CallEnd::Later,
         "rate_limited",
         seconds(60)},
        {"locked by us",
         Action::Update,
         {400, platform("concurrency", "lock_timeout")},
         CallEnd::Later,
         "locked",
         seconds(2)},
        {"locked there",
         Action::Update,
         {400, wrapped(423, "{}")},
         CallEnd::Later,
         "locked",
         seconds(2)},
        {"moving",
         Action::Update,
         {400, wrapped(477, "{}", R"({"retry-after":7200})")},
         CallEnd::Later,
         "locked",
         hours(2)},
        {"firewall",
         Action::Create,
         {403, "<!DOCTYPE html>blocked"},
         CallEnd::Later,
         "blocked",
         minutes(30)},
        {"firewall, wrapped",
         Action::Create,
         {400, wrapped(403, R"("<html>blocked</html>")")},
         CallEnd::Later,
         "blocked",
         minutes(30)},
        {"firewall, listing",
         Action::List,
         {400, wrapped(403, R"("\n<html>blocked</html>")")},
         CallEnd::Later,
         "blocked",
         minutes(30)},
    });
}

TEST_CASE("failure: refused for good") {
    check_all({
        {"validation",
         Action::Create,
         {400,
          wrapped(400,
                  R"({"status":"error","category":"VALIDATION_ERROR",)"
                  R"("message":"Property \"x\" does not exist"})")},
         CallEnd::Refused,
         "refused",
         {},
         "",
         "Property \"x\" does not exist"},
        {"e-mail",
         Action::Update,
         {400, wrapped(400, R"({"message":"not valid: [{\"error\":\"INVALID_EMAIL\"}]"})")},
         CallEnd::Refused,
         "invalid_email"},
        {"pipedrive",
         Action::Create,
         {400, wrapped(400, R"({"success":false,"error":"Name must be given.","errorCode":400})")},
         CallEnd::Refused,
         "refused",
         {},
         "",
         "Name must be given."},
        {"422",
         Action::Update,
         {400, wrapped(422, R"("no good")")},
         CallEnd::Refused,
         "refused",
         {},
         "",
         "no good"},
        {"403 of one write",
         Action::Update,
         {400, wrapped(403, R"({"success":false,"error":"Contact Sync needed"})")},
         CallEnd::Refused,
         "forbidden",
         {},
         "",
         "Contact Sync needed"},
        {"by the platform",
         Action::Create,
         {400, R"({"type":"bad_request","message":"Input is not valid"})"},
         CallEnd::Refused,
         "refused",
         {},
         "",
         "Input is not valid"},
        {"plain 400", Action::Create, {400, "no"}, CallEnd::Refused, "refused", {}, "", "HTTP 400"},
        {"a listing that is refused",
         Action::List,
         {400, wrapped(400, R"({"message":"m"})")},
         CallEnd::Unknown,
         "refused"},
    });
}

TEST_CASE("failure: what does not tell is unknown") {
    for (const Action action :
         {Action::Create, Action::Update, Action::Remove, Action::List, Action::Get}) {
        check_all({
            {"502 page",
             action,
             {502, "<html>Bad Gateway</html>"},
             CallEnd::Unknown,
             "unclear",
             {},
             "",
             "HTTP 502"},
            {"503 page", action, {503, "<html></html>"}, CallEnd::Unknown, "unclear"},
            {"504 page", action, {504, ""}, CallEnd::Unknown, "unclear"},
            {"internal", action, {500, platform("internal", "")}, CallEnd::Unknown, "unclear"},
            {"the CRM's 500", action, {400, wrapped(500, "{}")}, CallEnd::Unknown, "unclear"},
            {"a page of cloudflare", action, {522, "<html></html>"}, CallEnd::Unknown, "unclear"},
            {"the CRM's 524",
             action,
             {400, wrapped(524, R"("<html/>")")},
             CallEnd::Unknown,
             "unclear"},
            {"the run failed somewhere",
             action,
             {400, platform("action_run", "")},
             CallEnd::Unknown,
             "unclear"},
            {"time-out there", action, {408, "{}"}, CallEnd::Unknown, "unclear"},
            {"sent elsewhere",
             action,
             {302, "", {{"Location", "/other"}}},
             CallEnd::Unknown,
             "unclear"},
            {"success that is a page",
             action,
             {200, "<html>login</html>"},
             CallEnd::Unknown,
             "unclear"},
            {"success without JSON", action, {200, ""}, CallEnd::Unknown, "unclear"},
            {"success that is a list", action, {200, "[]"}, CallEnd::Unknown, "unclear"},
            {"success that reports an error",
             action,
             {200, platform("action_run", "")},
             CallEnd::Unknown,
             "unclear"},
            {"no answer", action, {.end = test::WireEnd::NoAnswer}, CallEnd::Unknown, "no_answer"},
            {"half an answer",
             action,
             {200, R"({"output":{"id":"1","records":[]}})", {}, test::WireEnd::CutBody},
             CallEnd::Unknown,
             "no_answer"},
        });
    }
    check({"a gateway that says for how long",
           Action::List,
           {503, "<html></html>", {{"Retry-After", "3"}}},
           CallEnd::Unknown,
           "unclear",
           seconds(3)});
    check({"create without an id",
           Action::Create,
           {200, R"({"output":{}})"},
           CallEnd::Unknown,
           "unclear"});
}

TEST_CASE("failure: the system's own words are cut, cleaned, and free of what we sent") {
    ConnectorDesk desk;
    desk.reply(400,
               wrapped(400, R"({"message":"bad \u0000\n)" + std::string(600, 'x') + "\xFF\"}"));
    const CallOutcome cut = perform(*desk.connector, Action::Create);
    CHECK(cut.problem.details == "bad   " + std::string(494, 'x') + "…");

    const std::string token = desk.server.requests().at(0).headers.at("authorization").substr(7);
    desk.reply(400,
               wrapped(400, R"({"message":"you sent )" + token + " and " + kDeskSecret + "\"}"));
    const CallOutcome echoed = perform(*desk.connector, Action::Create);
    CHECK(echoed.problem.details == "you sent … and …");
    CHECK(echoed.problem.message.find(token) == std::string::npos);

    const std::string refused = R"({"type":"bad_request","key":"not_authenticated","message":")";
    desk.reply(401, refused + token + "\"}");
    desk.reply(401, refused + token + "\"}");
    CHECK(perform(*desk.connector, Action::Create).problem.details == "…");
}

TEST_CASE("failure: answers made to hurt are only unknown or refused") {
    const std::string deep(100'000, '[');
    ConnectorDesk desk;
    desk.reply(400, deep);
    desk.reply(200, deep);
    desk.reply(400,
               R"({"data":{"response":{"status":"x","headers":[],"data":7}},"causedByError":3})");
    CHECK(perform(*desk.connector, Action::Create).end == CallEnd::Refused);
    CHECK(perform(*desk.connector, Action::Create).end == CallEnd::Unknown);
    CHECK(perform(*desk.connector, Action::Create).end == CallEnd::Refused);
    std::string nested = "{}";
    for (int level = 0; level < 30; ++level) nested = R"({"causedByError":)" + nested + "}";
    desk.reply(400, nested);
    CHECK(perform(*desk.connector, Action::Create).end == CallEnd::Refused);
}

}  // namespace
}  // namespace crm::sync
