// Exports over a real socket: the same people in the same order as the list, whole or visibly
// broken.
#include <doctest/doctest.h>

#include "server/exchange/csv.h"
#include "server/limits.h"
#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using crm::test::Ask;
using crm::test::LiveServer;
using crm::test::Reply;

namespace {

std::vector<exchange::CsvCells> rows_in(const Reply& reply) {
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    std::vector<exchange::CsvCells> rows;
    exchange::CsvReader reader(',', [&](exchange::CsvRow row) -> Status {
        rows.push_back(std::move(row.cells));
        return {};
    });
    REQUIRE(reader.feed(reply.body).is_ok());
    REQUIRE(reader.finish().is_ok());
    return rows;
}

std::vector<std::string> names_in(const Reply& reply) {
    std::vector<std::string> names;
    for (const exchange::CsvCells& row : rows_in(reply)) names.push_back(row.at(0));
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an export is a file of what the list shows, in its order") {
    LiveServer live;
    live.create("Berta", "berta@example.com");
    live.create("Ada", "ada@example.com");
    const Contact gone = live.create("Carl", "carl@example.com");
    static_cast<void>(live.ask({.method = "DELETE", .target = "/api/contacts/" + gone.id.text}));

    const Reply csv = live.ask({.target = "/api/export?format=csv"});
    CHECK(names_in(csv) == Names{"Name", "Ada", "Berta"});
    CHECK(csv.header("content-type") == "text/csv; charset=utf-8");
    CHECK(csv.header("content-disposition") == "attachment; filename=\"contacts.csv\"");
    CHECK(csv.header("cache-control") == "no-store");
    CHECK(names_in(live.ask({.target = "/api/export"})) == Names{"Name", "Ada", "Berta"});
    CHECK(names_in(live.ask({.target = "/api/export?sort=-name"})) ==
          Names{"Name", "Berta", "Ada"});
    CHECK(names_in(live.ask({.target = "/api/export?q=berta"})) == Names{"Name", "Berta"});
    CHECK(names_in(live.ask({.target = "/api/export?deleted=only"})) == Names{"Name", "Carl"});
    CHECK(names_in(live.ask({.target = "/api/export?deleted=true"})) ==
          Names{"Name", "Ada", "Berta", "Carl"});
    CHECK(names_in(live.ask({.target = "/api/export", .headers = {{"x-auth-id", "other"}}})) ==
          Names{"Name"});
    CHECK(live.ask({.target = "/api/export?bom=true"}).body.starts_with("\xEF\xBB\xBFName,"));

    const Reply json = live.ask({.target = "/api/export?format=json"});
    CHECK(json.header("content-disposition") == "attachment; filename=\"contacts.json\"");
    const Result<api::ContactPage> page = api::read_contact_page(json.body);
    REQUIRE_MESSAGE(page.is_ok(), json.body);
    REQUIRE(page.value().contacts.size() == 2);
    CHECK(page.value().contacts[1].fields.name == "Berta");
}

TEST_CASE("an export of more than one part has everyone once") {
    LiveServer live;
    Names expected{"Name"};
    for (int number = 1000; number < 1000 + kReaderPageRows * 2 + 1; ++number) {
        ContactPatch patch;
        patch.texts = {{"name", "P" + std::to_string(number)}};
        REQUIRE(live.services().contacts.create(CustomerId("dev"), patch, {}).is_ok());
        expected.push_back(patch.texts["name"]);
    }
    CHECK(names_in(live.ask({.target = "/api/export"})) == expected);
    const Reply json = live.ask({.target = "/api/export?format=json&sort=-name"});
    const Result<api::ContactPage> page = api::read_contact_page(json.body);
    REQUIRE(page.is_ok());
    CHECK(page.value().contacts.size() + 1 == expected.size());
}

TEST_CASE("an export that is not finished looks so") {
    LiveServer live;
    for (int number = 0; number < kReaderPageRows + 1; ++number) {
        ContactPatch patch;
        patch.texts = {{"name", "P" + std::to_string(number)}};
        REQUIRE(live.services().contacts.create(CustomerId("dev"), patch, {}).is_ok());
    }
    live.services().is_stopping = true;
    test::RawConnection connection(live.port());
    REQUIRE(connection.send(test::format_request({.target = "/api/export"})));
    CHECK(connection.read_head().status == 200);
    CHECK(connection.read_until("\r\n0\r\n\r\n").empty());
}

TEST_CASE("what an export cannot do is said") {
    LiveServer live;
    const std::vector<std::string> refused{"format=xlsx",
                                           "format=",
                                           "bom=1",
                                           "sort=shoe",
                                           "deleted=maybe",
                                           "filter=x",
                                           "limit=5",
                                           "cursor=x",
                                           "format=csv&format=csv"};
    for (const std::string& query : refused) {
        CAPTURE(query);
        CHECK(live.ask({.target = "/api/export?" + query}).status == 400);
    }
    CHECK(live.ask({.method = "POST", .target = "/api/export"}).status == 405);
    const Reply head = [&] {
        test::RawConnection connection(live.port());
        REQUIRE(connection.send(
            test::format_request({.method = "HEAD", .target = "/api/export?format=csv"})));
        return connection.read_reply(test::RawConnection::To::Head);
    }();
    CHECK(head.status == 200);
    CHECK(head.header("content-type") == "text/csv; charset=utf-8");
}
