// The connector as the engine uses it, over real sockets: paging, repeating, tokens, writes.
#include "server/sync/connectors/integration_app.h"

#include <set>

#include <doctest/doctest.h>

#include "server/jwt.h"
#include "server/limits.h"
#include "tests/server/sync/connectors/connector_desk.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::WireEnd;

/// {"output":{"records":[{"id":…}…],"cursor":…}}.
std::string page(const std::vector<std::string>& ids, const std::string& cursor_json = "null") {
    std::string records;
    for (const std::string& id : ids)
        records += (records.empty() ? "{\"id\":" : ",{\"id\":") + id + "}";
    return R"({"output":{"records":[)" + records + R"(],"cursor":)" + cursor_json + "}}";
}

std::vector<std::string> ids_of(const Listing& listing) {
    std::vector<std::string> ids;
    for (const RemoteRecord& record : listing.records) ids.push_back(record.id.text);
    return ids;
}

std::vector<std::string> bodies_of(const test::WireServer& server) {
    std::vector<std::string> bodies;
    for (const test::WireRequest& request : server.requests()) bodies.push_back(request.body);
    return bodies;
}

Result<TokenClaims> claims_of(const test::WireRequest& request, TimePoint now) {
    const std::int64_t now_seconds = std::chrono::floor<seconds>(now).time_since_epoch().count();
    return verify_token(request.headers.at("authorization").substr(7), kDeskSecret, now_seconds);
}

TEST_CASE("listing: every page, whatever its size") {
    ConnectorDesk desk;
    desk.reply(200, page({"1", "\"2\""}, "\"c1\""));
    desk.reply(201, page({}, "\"c2\""));  // empty, and yet not the last
    desk.reply(200, page({"3"}, "\"\""));
    const Listing listing = desk.connector->list({});
    CHECK(listing.is_complete);
    CHECK(listing.end == CallEnd::Applied);
    CHECK(ids_of(listing) == std::vector<std::string>{"1", "2", "3"});
    CHECK(listing.calls == 3);
    CHECK(listing.problem == CallProblem{});
    CHECK(bodies_of(desk.server) ==
          std::vector<std::string>{"{}", R"({"cursor":"c1"})", R"({"cursor":"c2"})"});
    const test::WireRequest request = desk.server.requests().front();
    CHECK(request.method == "POST");
    CHECK(request.target == "/connections/hubspot/actions/list-contacts/run");
    CHECK(request.headers.at("content-type") == "application/json");
}

TEST_CASE("listing: each id once, also when pages shift") {
    ConnectorDesk desk;
    desk.reply(200, page({"1", "2", "2"}, "\"c\""));
    desk.reply(200, page({"2", "3"}));
    const Listing listing = desk.connector->list({});
    CHECK(listing.is_complete);
    CHECK(ids_of(listing) == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("listing: a cursor that comes back ends it, incomplete") {
    for (const char* second : {"\"a\"", "\"b\""}) {
        ConnectorDesk desk;
        desk.reply(200, page({"1"}, "\"a\""));
        desk.reply(200, page({"2"}, second));
        desk.reply(200, page({"3"}, "\"a\""));
        const Listing listing = desk.connector->list({});
        CHECK_FALSE(listing.is_complete);
        CHECK(listing.end == CallEnd::Unknown);
        CHECK(listing.problem.code == "cursor_repeated");
        CHECK(listing.calls <= 3);
    }
}

TEST_CASE("listing: a record without an id makes it incomplete, but the rest is read") {
    ConnectorDesk desk;
    desk.reply(200, page({"1", "null"}, "\"c\""));
    desk.reply(200, page({"2"}));
    const Listing listing = desk.connector->list({});
    CHECK_FALSE(listing.is_complete);
    CHECK(listing.problem.code == "record_without_id");
    CHECK(ids_of(listing) == std::vector<std::string>{"1", "2"});
}

TEST_CASE("listing: a page that failed is asked for again, with pauses") {
    ConnectorDesk desk;
    desk.reply(200, page({"1"}, "\"c\""));
    desk.reply(502, "<html>");
    desk.server.reply({.end = WireEnd::NoAnswer});
    desk.server.reply({.body = page({"9", "8", "7"}), .end = WireEnd::CutBody});
    desk.reply(200, page({"2"}));
    const Listing listing = desk.connector->list({});
    CHECK(listing.is_complete);
    CHECK(ids_of(listing) == std::vector<std::string>{"1", "2"});
    CHECK(listing.calls == 5);
    REQUIRE(desk.pauses.size() == 3);
    milliseconds most = kRetryDelayFirst;
    for (const milliseconds pause : desk.pauses) {
        CHECK(pause >= most / 2);
        CHECK(pause <= most);
        most *= 2;
    }
}

TEST_CASE("listing: it gives up after some attempts and keeps what it has") {
    ConnectorDesk desk;
    desk.reply(200, page({"1"}, "\"c\""));
    for (int time = 0; time < 10; ++time) desk.reply(500, "{}");
    const Listing listing = desk.connector->list({});
    CHECK_FALSE(listing.is_complete);
    CHECK(listing.end == CallEnd::Unknown);
    CHECK(listing.problem.code == "unclear");
    CHECK_FALSE(listing.problem.message.empty());
    CHECK(ids_of(listing) == std::vector<std::string>{"1"});
    CHECK(listing.calls == 1 + kListAttemptsMax);
}

TEST_CASE("listing: Retry-After is honoured as long as a run may wait") {
    ConnectorDesk desk;
    const auto limited = [&](const char* after) {
        desk.server.reply({.status = 429, .headers = {{"Retry-After", after}}});
    };
    limited("2");
    desk.reply(200, page({"1"}, "\"c\""));
    limited("2");
    desk.reply(200, page({"2"}, "\"d\""));
    limited("2");
    const Listing listing = desk.connector->list({});
    CHECK_FALSE(listing.is_complete);
    CHECK(listing.end == CallEnd::Later);
    CHECK(listing.retry_after == seconds(2));
    CHECK(listing.problem.code == "rate_limited");
    REQUIRE(desk.pauses.size() == 2);
    for (const milliseconds pause : desk.pauses) CHECK(pause >= seconds(2));
    CHECK(desk.waited() <= kRunWaitMax);
    CHECK(listing.calls == 5);
}

TEST_CASE("listing: an unreachable system is tried some times, then reported") {
    ConnectorDesk desk;
    auto gone = std::make_unique<test::WireServer>();
    const auto connector = desk.connect(gone->url());
    gone.reset();
    const Listing listing = connector->list({});
    CHECK_FALSE(listing.is_complete);
    CHECK(listing.end == CallEnd::Unknown);
    CHECK(listing.problem.code == "unreachable");
    CHECK(listing.calls == kListAttemptsMax);
}

TEST_CASE("listing: a broken connection is asked once") {
    ConnectorDesk desk;
    desk.reply(400, R"({"type":"connection","key":"access_token_expired","message":"m"})");
    const Listing listing = desk.connector->list({});
    CHECK(listing.end == CallEnd::Disconnected);
    CHECK(listing.calls == 1);
    CHECK(desk.pauses.empty());
}

TEST_CASE("listing: too many bad bytes are a bad page, one is a bad value") {
    ConnectorDesk desk;
    desk.reply(200, "{\"output\":{\"records\":[{\"id\":1,\"fields\":{\"email\":\"\xC3\x28\"}}]}}");
    const Listing listing = desk.connector->list({});
    CHECK(listing.is_complete);
    REQUIRE(listing.records.size() == 1);
    CHECK_FALSE(listing.records[0].problem.empty());
}

TEST_CASE("writes: what is sent, and what comes back") {
    ConnectorDesk desk;
    desk.reply(201, R"({"output":{"id":101},"logs":[]})");
    desk.reply(200, R"({"output":{"id":"101"}})");
    desk.reply(200, R"({"output":null})");
    desk.reply(204, "");
    CHECK(desk.connector->create({{"name", "Ann"}, {"email", "ann@example.com"}}, "m") ==
          CallOutcome{.end = CallEnd::Applied, .id = RemoteId("101")});
    CHECK(desk.connector->update(RemoteId("101"), {{"phone", ""}}) ==
          CallOutcome{.end = CallEnd::Applied});
    CHECK(desk.connector->remove(RemoteId("101")) == CallOutcome{.end = CallEnd::Applied});
    CHECK(desk.connector->remove(RemoteId("102")) == CallOutcome{.end = CallEnd::Applied});
    const std::vector<test::WireRequest> requests = desk.server.requests();
    CHECK(bodies_of(desk.server) ==
          std::vector<std::string>{R"({"email":"ann@example.com","name":"Ann"})",
                                   R"({"id":"101","phone":""})",
                                   R"({"id":"101"})",
                                   R"({"id":"102"})"});
    CHECK(requests[0].target == "/connections/hubspot/actions/create-contact/run");
    CHECK(requests[1].target == "/connections/hubspot/actions/update-contact/run");
    CHECK(requests[2].target == "/connections/hubspot/actions/delete-contact/run");
    CHECK(desk.server.connection_count() == 1);
}

ConnectorSpec spec_with_get() {
    ConnectorSpec spec = builtin_connectors().front();
    spec.get_action = "find-contact-by-id";
    spec.marker_write = "crmContactId";
    spec.marker_read = {"fields.crmContactId"};
    seal(spec);
    return spec;
}

TEST_CASE("reading: one record by its id, also when another one has taken its place") {
    ConnectorDesk desk(spec_with_get());
    desk.reply(200, R"({"output":{"id":"101","fields":{"fullName":"Ann","crmContactId":"our"}}})");
    desk.reply(200, R"({"output":{"record":{"id":"999","fields":{"fullName":"Ann"}}}})");
    desk.reply(200, R"({"output":{"record":null}})");
    const Reading bare = desk.connector->get(RemoteId("101"));
    CHECK(bare.end == CallEnd::Applied);
    CHECK(bare.record ==
          RemoteRecord{.id = RemoteId("101"), .values = {{"name", "Ann"}}, .marker = "our"});
    CHECK(bare.problem == CallProblem{});
    CHECK(desk.connector->get(RemoteId("101")).record.id.text == "999");
    const Reading missing = desk.connector->get(RemoteId("101"));
    CHECK(missing.end == CallEnd::Missing);
    CHECK(missing.problem.code == "missing");
    CHECK(missing.problem.message == "HubSpot no longer has this record");
    CHECK(desk.server.requests().at(0).target ==
          "/connections/hubspot/actions/find-contact-by-id/run");
    CHECK(bodies_of(desk.server).at(0) == R"({"id":"101"})");
}

TEST_CASE("reading: repeated while it may help, and never a guess") {
    ConnectorDesk desk(spec_with_get());
    desk.reply(502, "<html>");
    desk.server.reply({.end = WireEnd::NoAnswer});
    desk.reply(200, R"({"output":{"id":"101"}})");
    const Reading third = desk.connector->get(RemoteId("101"));
    CHECK(third.end == CallEnd::Applied);
    CHECK(third.calls == 3);
    CHECK(desk.pauses.size() == 2);
    for (int time = 0; time < kListAttemptsMax; ++time) desk.reply(200, R"({"output":{}})");
    const Reading unclear = desk.connector->get(RemoteId("101"));
    CHECK(unclear.end == CallEnd::Unknown);
    CHECK(unclear.problem.code == "unclear");
    desk.reply(400, R"({"type":"connection","key":"connection_is_defunct","message":"m"})");
    CHECK(desk.connector->get(RemoteId("101")).end == CallEnd::Disconnected);
}

TEST_CASE("reading: without an action for it nothing is sent") {
    ConnectorDesk desk;
    const Reading reading = desk.connector->get(RemoteId("101"));
    CHECK(reading.end == CallEnd::Refused);
    CHECK(reading.problem.code == "no_action");
    CHECK_FALSE(reading.problem.message.empty());
    CHECK(desk.server.requests().empty());
}

TEST_CASE("writes: the marker travels with a create") {
    ConnectorDesk desk(spec_with_get());
    desk.reply(200, R"({"output":{"id":"5"}})");
    CHECK(desk.connector->create({{"name", "Ann"}}, "our").id.text == "5");
    CHECK(bodies_of(desk.server).at(0) == R"({"crmContactId":"our","name":"Ann"})");
}

TEST_CASE("writes: keys of a workspace are encoded") {
    ConnectorSpec spec = builtin_connectors().front();
    spec.connection = "my/con nection";
    spec.create_action = "create-Contacts?";
    ConnectorDesk desk(spec);
    desk.reply(200, R"({"output":{"id":"1"}})");
    CHECK(desk.connector->create({}, "m").end == CallEnd::Applied);
    CHECK(desk.server.requests().at(0).target ==
          "/connections/my%2Fcon%20nection/actions/create-Contacts%3F/run");
}

TEST_CASE("writes: one that may have been applied is never sent again") {
    ConnectorDesk desk;
    for (const WireEnd end : {WireEnd::NoAnswer, WireEnd::CutBody}) {
        desk.server.reply({.body = R"({"output":{"id":"1"}})", .end = end});
        const CallOutcome outcome = desk.connector->create({{"name", "Ann"}}, "m");
        CHECK(outcome.end == CallEnd::Unknown);
        CHECK(outcome.problem.code == "no_answer");
        CHECK_FALSE(outcome.id.is_set());
    }
    CHECK(desk.server.requests().size() == 2);
    CHECK(desk.pauses.empty());
}

TEST_CASE("writes: no answer in time is unknown") {
    ConnectorDesk desk;
    const auto connector = desk.connect(desk.server.url(), milliseconds(300));
    desk.server.reply({.end = WireEnd::Silence});
    const CallOutcome outcome = connector->update(RemoteId("1"), {{"name", "A"}});
    CHECK(outcome.end == CallEnd::Unknown);
    CHECK(outcome.problem.code == "no_answer");
    CHECK(desk.server.requests().size() == 1);
}

TEST_CASE("writes: one that was surely refused is repeated within the wait") {
    ConnectorDesk desk;
    desk.reply(429, "{}");
    desk.reply(400, R"({"type":"concurrency","key":"lock_timeout","message":"m"})");
    desk.reply(200, R"({"output":{"id":"5"}})");
    const CallOutcome outcome = desk.connector->create({{"name", "Ann"}}, "m");
    CHECK(outcome == CallOutcome{.end = CallEnd::Applied, .id = RemoteId("5"), .calls = 3});
    CHECK(desk.pauses.size() == 2);
    CHECK(desk.waited() <= kRunWaitMax);
    desk.reply(200, R"({"output":{}})");
    CHECK(desk.connector->remove(RemoteId("5")).calls == 1);
}

TEST_CASE("writes: nothing to send to is later, and surely not done") {
    ConnectorDesk desk;
    auto gone = std::make_unique<test::WireServer>();
    const auto connector = desk.connect(gone->url());
    gone.reset();
    const CallOutcome outcome = connector->create({{"name", "Ann"}}, "m");
    CHECK(outcome.end == CallEnd::Later);
    CHECK(outcome.problem.code == "unreachable");
    CHECK(desk.waited() <= kRunWaitMax);
}

TEST_CASE("writes: a server that nobody vouches for gets nothing") {
    ConnectorDesk desk;
    test::WireServer server(test::Security::SelfSigned);
    const auto connector = desk.connect(server.url());
    const CallOutcome outcome = connector->create({{"name", "Ann"}}, "m");
    CHECK(outcome.end == CallEnd::Later);
    CHECK(outcome.problem.code == "untrusted");
    CHECK(connector->list({}).problem.code == "untrusted");
    CHECK(connector->account_fingerprint().empty());
    CHECK(server.requests().empty());
}

TEST_CASE("writes: http:// to elsewhere gets nothing") {
    ConnectorDesk desk;
    const auto connector = desk.connect("http://192.0.2.1");
    CHECK(connector->create({}, "m").problem.code == "insecure_url");
    CHECK(connector->create({}, "m").end == CallEnd::Disconnected);
    const Listing listing = connector->list({});
    CHECK(listing.end == CallEnd::Disconnected);
    CHECK(listing.calls == 0);
    CHECK(connector->account_fingerprint().empty());
}

TEST_CASE("tokens: signed for the customer, and kept until shortly before their end") {
    ConnectorDesk desk;
    const TimePoint start = desk.clock.now();
    for (int time = 0; time < 4; ++time) desk.reply(200, page({}));
    CHECK(desk.connector->list({}).is_complete);
    desk.clock.advance(kTokenLife - kTokenRenewBefore);
    CHECK(desk.connector->list({}).is_complete);
    desk.clock.advance(milliseconds(1));
    CHECK(desk.connector->list({}).is_complete);
    const std::vector<test::WireRequest> requests = desk.server.requests();
    const auto claims = claims_of(requests[0], start);
    REQUIRE(claims.is_ok());
    CHECK(claims.value().issuer == "wskey");
    CHECK(claims.value().id == "dev");
    CHECK(claims.value().expires ==
          std::chrono::floor<seconds>(start + kTokenLife).time_since_epoch().count());
    CHECK(requests[0].headers.at("authorization") == requests[1].headers.at("authorization"));
    CHECK(requests[1].headers.at("authorization") != requests[2].headers.at("authorization"));
}

TEST_CASE("tokens: a refused one is replaced once") {
    ConnectorDesk desk;
    const std::string refused = R"({"type":"bad_request","key":"not_authenticated","message":"m"})";
    desk.reply(401, refused);
    desk.reply(200, R"({"output":{"id":"5"}})");
    CHECK(desk.connector->create({{"name", "A"}}, "m").id.text == "5");
    CHECK(desk.server.requests().size() == 2);
    desk.reply(401, refused);
    desk.reply(401, refused);
    const CallOutcome outcome = desk.connector->create({{"name", "A"}}, "m");
    CHECK(outcome.end == CallEnd::Disconnected);
    CHECK(outcome.problem.code == "not_authenticated");
    CHECK(desk.server.requests().size() == 4);
    CHECK(desk.pauses.empty());
}

TEST_CASE("fingerprint: the id of the connection, or nothing") {
    ConnectorDesk desk;
    desk.reply(200, R"({"id":"689f2bf000905568ab2f66e6","name":"HubSpot"})");
    desk.reply(404, R"({"id":"1"})");
    desk.reply(200, "<html>");
    desk.server.reply({.end = WireEnd::NoAnswer});
    CHECK(desk.connector->account_fingerprint() == "689f2bf000905568ab2f66e6");
    CHECK(desk.connector->account_fingerprint().empty());
    CHECK(desk.connector->account_fingerprint().empty());
    CHECK(desk.connector->account_fingerprint().empty());
    const test::WireRequest request = desk.server.requests().front();
    CHECK(request.method == "GET");
    CHECK(request.target == "/connections/hubspot");
    CHECK(claims_of(request, desk.clock.now()).is_ok());
}

TEST_CASE("settings: announced on this machine only") {
    test::WireServer server;
    server.reply({.body = R"({"settleSeconds":3,"lateSeconds":2.5})"});
    server.reply({.status = 404});
    const auto settings = read_announced_settings(server.url());
    REQUIRE(settings.has_value());
    CHECK(settings->settle_seconds == 3);
    CHECK(settings->late_seconds == 2.5);
    CHECK(server.requests().at(0).target == "/sandbox/settings");
    CHECK(server.requests().at(0).headers.count("authorization") == 0);
    CHECK_FALSE(read_announced_settings(server.url()).has_value());
    CHECK_FALSE(read_announced_settings("https://192.0.2.1").has_value());
    CHECK_FALSE(read_announced_settings("nonsense").has_value());
}

}  // namespace
}  // namespace crm::sync
