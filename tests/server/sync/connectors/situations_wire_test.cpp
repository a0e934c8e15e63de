// What HubSpot and Pipedrive put on the wire, through Integration.app and a whole connector. Each
// test is one of the 98 known situations.
#include <doctest/doctest.h>

#include "server/sync/connectors/connectors_file.h"
#include "server/sync/connectors/integration_app_json.h"
#include "tests/server/sync/connectors/failure_table.h"

namespace crm::sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string page_of(const std::string& records, const std::string& cursor = "null") {
    return R"({"output":{"records":[)" + records + R"(],"cursor":)" + cursor + "}}";
}

RemoteRecord record_of(const std::string& fields) {
    const auto page =
        read_page(page_of(R"({"id":"1","fields":{)" + fields + "}}"), builtin_connectors().front());
    REQUIRE(page.has_value());
    REQUIRE(page->records.size() == 1);
    return page->records.front();
}

/// A write that is refused once with this answer and taken then; how long it waited between.
milliseconds wait_after(int status, const std::string& body, const std::string& headers = "{}") {
    ConnectorDesk desk;
    desk.reply(400, wrapped(status, body, headers));
    desk.reply(200, R"({"output":{"id":"7"}})");
    CHECK(perform(*desk.connector, Action::Create).end == CallEnd::Applied);
    CHECK(desk.server.requests().size() == 2);
    return desk.waited();
}

/// What a call is told that is not worth waiting for within a run.
CallOutcome told(Action action, const test::WireReply& reply) {
    ConnectorDesk desk(spec_with_get());
    for (int time = 0; time < 8; ++time) desk.server.reply(reply);
    return perform(*desk.connector, action);
}

TEST_CASE("situation 1: ids are text, whether long, short or numbers") {
    ConnectorDesk desk;
    desk.reply(
        200, page_of(R"({"id":"734931097788"},{"id":42},{"id":9007199254740991},{"id":"00042"})"));
    desk.reply(200, R"({"output":{"id":734931097789}})");
    const Listing listing = desk.connector->list({});
    REQUIRE(listing.records.size() == 4);
    CHECK(listing.records[0].id.text == "734931097788");
    CHECK(listing.records[1].id.text == "42");
    CHECK(listing.records[2].id.text == "9007199254740991");
    CHECK(listing.records[3].id.text == "00042");
    CHECK(perform(*desk.connector, Action::Create).id.text == "734931097789");
}

TEST_CASE("situation 58: the value marked as primary counts, else the first") {
    CHECK(
        record_of(R"("phones":[{"value":"1"},{"value":"2","primary":true}])").values.at("phone") ==
        "2");
    CHECK(record_of(R"("phones":[{"value":"1"},{"value":"2"}])").values.at("phone") == "1");
}

TEST_CASE("situation 59: an update that does not change the e-mails does not send them") {
    // A CRM that replaces whole lists keeps the further ones, with their labels.
    ConnectorDesk desk;
    desk.reply(200, R"({"output":{"id":"7"}})");
    CHECK(desk.connector->update(RemoteId("7"), {{"name", "Ann"}}).end == CallEnd::Applied);
    const std::string sent = desk.server.requests().at(0).body;
    CHECK(sent.find("mail") == std::string::npos);
    CHECK(sent.find("phone") == std::string::npos);
}

TEST_CASE("situation 63: a walk that rows move under shows each record once") {
    ConnectorDesk desk;
    desk.reply(200, page_of(R"({"id":"1"},{"id":"2"})", R"("c1")"));
    desk.reply(200, page_of(R"({"id":"2"},{"id":"3"})", R"("c2")"));
    desk.reply(200, page_of(""));
    const Listing listing = desk.connector->list({});
    CHECK(listing.is_complete);
    CHECK(listing.records.size() == 3);
}

TEST_CASE(
    "situation 64: a cursor that expired makes the listing incomplete, so nobody is missing") {
    ConnectorDesk desk;
    desk.reply(200, page_of(R"({"id":"1"})", R"("c1")"));
    for (int time = 0; time < 8; ++time) {
        desk.reply(400, wrapped(400, R"({"message":"Invalid cursor"})"));
    }
    const Listing listing = desk.connector->list({});
    CHECK_FALSE(listing.is_complete);
    CHECK_FALSE(listing.end == CallEnd::Applied);
    CHECK(listing.records.size() == 1);
}

TEST_CASE("situation 66: an interface that was switched off is an error, not an empty system") {
    for (const int status : {404, 410}) {
        CAPTURE(status);
        ConnectorDesk desk;
        for (int time = 0; time < 8; ++time) {
            desk.reply(400, wrapped(status, R"({"error":"This API version was retired"})"));
        }
        const Listing listing = desk.connector->list({});
        CHECK_FALSE(listing.is_complete);
        CHECK_FALSE(listing.end == CallEnd::Applied);
        CHECK_FALSE(listing.problem.message.empty());
    }
}

TEST_CASE("situation 67: a limit of one second is waited for") {
    const milliseconds waited =
        wait_after(429, R"({"errorType":"RATE_LIMIT","policyName":"SECONDLY"})");
    CHECK(waited >= seconds(1));
    CHECK(waited < seconds(4));
}

TEST_CASE("situation 68: a limit of ten seconds is left alone for ten seconds") {
    const CallOutcome outcome = told(
        Action::Create,
        {400, wrapped(429, R"({"errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"})")});
    CHECK(outcome.end == CallEnd::Later);
    CHECK(outcome.retry_after == seconds(10));
}

TEST_CASE("situation 70: Pipedrive's burst and its spent day are told apart by their headers") {
    const milliseconds burst =
        wait_after(429, "{}", R"({"x-ratelimit-remaining":"0","x-ratelimit-reset":"2"})");
    CHECK(burst >= seconds(2));
    CHECK(burst < seconds(5));
    const CallOutcome day =
        told(Action::Create, {400, wrapped(429, "{}", R"({"x-ratelimit-remaining":"3"})")});
    CHECK(day.end == CallEnd::Later);
    CHECK(day.retry_after == hours(24));
}

TEST_CASE("situation 72: a page of the firewall is a long pause, not a refused token") {
    for (const Action action : {Action::List, Action::Create, Action::Update}) {
        const CallOutcome outcome =
            told(action, {400, wrapped(403, R"("<!DOCTYPE html><title>Cloudflare</title>")")});
        CHECK(outcome.end == CallEnd::Later);
        CHECK(outcome.retry_after >= minutes(30));
    }
}

TEST_CASE("situation 73: locks and moves are waited out, a gateway's page proves nothing") {
    CHECK(wait_after(423, "{}") >= seconds(2));
    const CallOutcome moving =
        told(Action::Update, {400, wrapped(477, "{}", R"({"retry-after":86400})")});
    CHECK(moving.end == CallEnd::Later);
    CHECK(moving.retry_after == hours(24));
    const CallOutcome gateway = told(Action::Create, {502, "<html>Bad Gateway</html>"});
    CHECK(gateway.end == CallEnd::Unknown);
}

}  // namespace
}  // namespace crm::sync
