// Listings that did not change, over a real connector: what is recognised, and what never may be.
#include "server/sync/connectors/listing_walk.h"

#include <doctest/doctest.h>

#include "server/sync/connectors/connector_memory.h"
#include "tests/server/sync/connectors/connector_desk.h"

namespace crm::sync {
namespace {

struct Page {
    std::string id;
    std::string name;
    std::string cursor;  // JSON
    std::string around;  // further members of the answer
};

std::string body_of(const Page& page) {
    return R"({"output":{"records":[{"id":")" + page.id + R"(","fields":{"fullName":")" +
           page.name + R"("}}],"cursor":)" + page.cursor + "}" + page.around + "}";
}

const std::vector<Page> kPages{{"1", "Ann", "\"a\"", R"(,"actionRunId":"r1")"},
                               {"2", "Bob", "\"b\"", R"(,"actionRunId":"r2","logs":[1])"},
                               {"3", "Cem", "null", ""}};

Listing list(ConnectorDesk& desk, const std::vector<Page>& pages, const std::string& known) {
    for (const Page& page : pages) desk.reply(200, body_of(page));
    return desk.connector->list(known);
}

TEST_CASE(
    "listing walk: the same pages again are known by their bytes, whatever the run is called") {
    ConnectorDesk desk;
    const Listing first = list(desk, kPages, "");
    CHECK(first.is_complete);
    CHECK_FALSE(first.is_unchanged);
    CHECK(first.records.size() == 3);
    CHECK(first.digest.size() == 64);
    std::vector<Page> again = kPages;
    for (Page& page : again) page.around = R"(,"actionRunId":"another","logs":[{"at":"later"}])";
    const Listing second = list(desk, again, first.digest);
    CHECK(second.is_complete);
    CHECK(second.is_unchanged);
    CHECK(second.records.empty());
    CHECK(second.digest == first.digest);
    CHECK(second.calls == 3);
    CHECK(desk.server.requests().at(5).body == R"({"cursor":"b"})");
}

TEST_CASE("listing walk: nobody is told that nothing changed who does not know what there was") {
    ConnectorDesk desk;
    const Listing first = list(desk, kPages, "");
    for (const std::string& known : {std::string(), std::string(64, '0')}) {
        const Listing again = list(desk, kPages, known);
        CHECK_FALSE(again.is_unchanged);
        CHECK(again.records == first.records);
        CHECK(again.digest == first.digest);
    }
}

TEST_CASE("listing walk: a digest that outlived the process is enough") {
    ConnectorDesk desk;
    const Listing first = list(desk, kPages, "");
    desk.connector = desk.connect(desk.server.url());
    const Listing second = list(desk, kPages, first.digest);
    CHECK(second.is_unchanged);
    CHECK(second.records.empty());
}

TEST_CASE("listing walk: one change anywhere, and every record is there again") {
    for (std::size_t changed = 0; changed < kPages.size(); ++changed) {
        CAPTURE(changed);
        ConnectorDesk desk;
        const Listing first = list(desk, kPages, "");
        std::vector<Page> pages = kPages;
        pages[changed].name = "Else";
        const Listing second = list(desk, pages, first.digest);
        CHECK(second.is_complete);
        CHECK_FALSE(second.is_unchanged);
        CHECK(second.digest != first.digest);
        REQUIRE(second.records.size() == 3);
        for (std::size_t at = 0; at < 3; ++at) {
            CHECK(second.records[at].id.text == kPages[at].id);
            CHECK(second.records[at].values.at("name") == pages[at].name);
        }
        CHECK(list(desk, pages, second.digest).is_unchanged);
        CHECK_FALSE(list(desk, kPages, second.digest).is_unchanged);
    }
}

TEST_CASE("listing walk: fewer pages or more are a change") {
    ConnectorDesk desk;
    const Listing first = list(desk, kPages, "");
    std::vector<Page> more = kPages;
    more.back().cursor = "\"c\"";
    more.push_back({"4", "Dan", "null", ""});
    const Listing longer = list(desk, more, first.digest);
    CHECK(longer.records.size() == 4);
    CHECK_FALSE(longer.is_unchanged);
    const Listing shorter = list(desk, kPages, longer.digest);
    CHECK(shorter.records.size() == 3);
    CHECK_FALSE(shorter.is_unchanged);
}

TEST_CASE("listing walk: what ended early keeps its records and is nobody's measure") {
    ConnectorDesk desk;
    const Listing first = list(desk, kPages, "");
    desk.reply(200, body_of(kPages[0]));
    desk.reply(400, R"({"type":"connection","key":"connection_is_defunct","message":"m"})");
    const Listing broken = desk.connector->list(first.digest);
    CHECK_FALSE(broken.is_complete);
    CHECK_FALSE(broken.is_unchanged);
    CHECK(broken.records.size() == 1);
    CHECK(broken.digest.empty());
    CHECK(list(desk, kPages, first.digest).is_unchanged);
    std::vector<Page> circle = kPages;
    circle[2].cursor = "\"a\"";
    const Listing repeated = list(desk, circle, first.digest);
    CHECK(repeated.problem.code == "cursor_repeated");
    CHECK(repeated.digest.empty());
    CHECK(repeated.records.size() == 3);
    CHECK(list(desk, kPages, first.digest).is_unchanged);
}

TEST_CASE("listing walk: with another mapping the same bytes are something else") {
    ConnectorDesk desk;
    const Listing first = list(desk, kPages, "");
    desk.spec.mappings[0].read = {"fields.nickname"};
    seal(desk.spec);
    desk.connector = desk.connect(desk.server.url());
    const Listing second = list(desk, kPages, first.digest);
    CHECK_FALSE(second.is_unchanged);
    CHECK(second.digest != first.digest);
}

TEST_CASE("listing walk: what a system remembers is shared by its connectors, and by no others") {
    ConnectorMemories memories;
    const auto one = memories.of(CustomerId("a"), SystemKey("hubspot"));
    CHECK(memories.of(CustomerId("a"), SystemKey("hubspot")) == one);
    CHECK(memories.of(CustomerId("b"), SystemKey("hubspot")) != one);
    CHECK(memories.of(CustomerId("a"), SystemKey("pipedrive")) != one);
    ConnectorDesk desk;
    desk.memory = one;
    desk.connector = desk.connect(desk.server.url());
    const Listing first = list(desk, kPages, "");
    CHECK(one->walk.digest == first.digest);
    CHECK(one->walk.pages.size() == 3);
    desk.connector = desk.connect(desk.server.url());
    CHECK(list(desk, kPages, first.digest).is_unchanged);
}

TEST_CASE("listing walk: the total of the system is passed on, also when nothing changed") {
    ConnectorDesk desk;
    const std::string body = R"({"output":{"records":[{"id":"1"}],"total":1}})";
    desk.reply(200, body);
    desk.reply(200, body);
    const Listing first = desk.connector->list("");
    CHECK(first.total == 1);
    const Listing second = desk.connector->list(first.digest);
    CHECK(second.is_unchanged);
    CHECK(second.total == 1);
    CHECK_FALSE(list(desk, kPages, "").total.has_value());
}

TEST_CASE("pace: calls wait for their turn, and too long a wait is for later") {
    ConnectorSpec spec = builtin_connectors().front();
    spec.burst = Burst{.calls = 10, .per = std::chrono::seconds(9)};
    ConnectorDesk desk(spec);
    for (int call = 0; call < 3; ++call) {
        desk.reply(200, R"({"output":{"id":"1"}})");
        const std::size_t before = desk.pauses.size();
        CHECK(desk.connector->create({{"name", "A"}}, "m").end == CallEnd::Applied);
        if (desk.pauses.size() > before) desk.clock.advance(desk.pauses.back());
    }
    using Pauses = std::vector<std::chrono::milliseconds>;
    CHECK(desk.pauses == Pauses{std::chrono::seconds(1), std::chrono::seconds(1)});
    desk.spec.burst = Burst{.calls = 1, .per = std::chrono::seconds(60)};
    desk.connector = desk.connect(desk.server.url());
    desk.reply(200, R"({"output":{"id":"1"}})");
    CHECK(desk.connector->create({{"name", "A"}}, "m").end == CallEnd::Applied);
    const CallOutcome later = desk.connector->create({{"name", "A"}}, "m");
    CHECK(later.end == CallEnd::Later);
    CHECK(later.problem.code == "rate_limited");
    CHECK(later.retry_after == std::chrono::seconds(60));
    CHECK(desk.connector->list("").end == CallEnd::Later);
    CHECK(desk.server.requests().size() == 4);
    desk.clock.advance(std::chrono::seconds(60));
    desk.reply(200, R"({"output":{"id":"2"}})");
    CHECK(desk.connector->create({{"name", "A"}}, "m").end == CallEnd::Applied);
}

TEST_CASE("pace: the known CRMs have limits of their own, a file's come first") {
    std::vector<ConnectorSpec> specs = builtin_connectors();
    specs[1].burst = Burst{.calls = 5, .per = std::chrono::seconds(1)};
    CHECK_FALSE(specs[0].burst.has_value());
    use_usual_limits(specs);
    CHECK(specs[0].burst == Burst{.calls = 110, .per = std::chrono::seconds(10)});
    CHECK(specs[1].burst == Burst{.calls = 5, .per = std::chrono::seconds(1)});
}

}  // namespace
}  // namespace crm::sync
