// Requests for many contacts at once, and what is said of them.
#include "shared/api_bulk_json.h"

#include <string>

#include <doctest/doctest.h>

#include "shared/api_undo_json.h"
#include "shared/limits.h"

namespace crm::api {
namespace {

std::string problem_of(const std::string& json, const std::string& field) {
    const Result<BulkRequest> read = read_bulk_request(json);
    REQUIRE_FALSE(read.is_ok());
    CHECK(read.error().code == ErrorCode::InvalidArgument);
    const auto found = read.error().fields.find(field);
    return found == read.error().fields.end() ? "" : found->second;
}

TEST_CASE("a bulk request survives the wire, in each of its forms") {
    BulkRequest tag{.action = BulkAction::Tag, .ids = {ContactId("a"), ContactId("b")}};
    tag.added_tags = {"müller", "vip"};
    tag.removed_tags = {"old"};
    BulkRequest update{.action = BulkAction::Update};
    update.query = {{"deleted", "false"}, {"q", "ada \"x\""}};
    update.without = {ContactId("c")};
    update.fields.texts["company"] = "Acme";
    const BulkRequest restore{.action = BulkAction::Restore, .ids = {ContactId("a")}};
    for (const BulkRequest& request : {tag, update, restore}) {
        const Result<BulkRequest> read = read_bulk_request(write_bulk_request(request));
        REQUIRE_MESSAGE(read.is_ok(), (read.is_ok() ? "" : read.error().message));
        CHECK(read.value() == request);
    }
}

TEST_CASE("a bulk report survives the wire") {
    const BulkReport report{.id = "bulk-1",
                            .action = BulkAction::Delete,
                            .matched = 3,
                            .changed = 1,
                            .unchanged = 1,
                            .refused = 1,
                            .results = {{"b", "", "refused", "There is no such contact."},
                                        {"a", "Ada", "changed", ""}}};
    const Result<BulkReport> read = read_bulk_report(write_bulk_report(report));
    REQUIRE(read.is_ok());
    CHECK(read.value() == report);
    CHECK_FALSE(read_bulk_report("{}").is_ok());
}

TEST_CASE("what an undo tells survives the wire") {
    Undo undo{.id = "undo-1", .is_preview = true, .undone = 1, .kept = 1, .contacts = {}};
    undo.contacts.push_back({.contact_id = "a",
                             .title = "Ada",
                             .kind = "update",
                             .undone = {{"name", "Adda", "Ada"}},
                             .kept = {{"phone", "It was changed since."}}});
    const Result<Undo> read = read_undo(write_undo(undo));
    REQUIRE(read.is_ok());
    CHECK(read.value() == undo);
    CHECK_FALSE(read_undo("{}").is_ok());
}

TEST_CASE("a bulk request that is not whole is refused with the fix") {
    CHECK(problem_of(R"({"ids":["a"]})", "action") == "Say update, delete, restore or tag.");
    CHECK(problem_of(R"({"action":"explode","ids":["a"]})", "action") ==
          "Say update, delete, restore or tag.");
    CHECK_FALSE(problem_of(R"({"action":"delete"})", "ids").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":[]})", "ids").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":["a"],"query":{}})", "ids").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":[1]})", "ids").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":"a"})", "ids").empty());
    CHECK_FALSE(
        problem_of(R"({"action":"delete","ids":["a"],"without":["b"]})", "without").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","query":{"limit":"1"}})", "query").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","query":{"q":1}})", "query").empty());
    CHECK_FALSE(problem_of(R"({"action":"update","ids":["a"]})", "fields").empty());
    CHECK_FALSE(problem_of(R"({"action":"update","ids":["a"],"fields":{}})", "fields").empty());
    CHECK_FALSE(
        problem_of(R"({"action":"delete","ids":["a"],"fields":{"name":"x"}})", "fields").empty());
    CHECK_FALSE(problem_of(R"({"action":"update","ids":["a"],"fields":{"email":"a@b.c"}})", "email")
                    .empty());
    CHECK_FALSE(
        problem_of(R"({"action":"update","ids":["a"],"fields":{"size":"1"}})", "size").empty());
    CHECK_FALSE(problem_of(R"({"action":"tag","ids":["a"]})", "add").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":["a"],"add":["x"]})", "add").empty());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":["a"],"all":true})", "all").empty());
    const std::string long_tag(kTagCharsMax + 1, 'x');
    CHECK_FALSE(
        problem_of(R"({"action":"tag","ids":["a"],"add":[")" + long_tag + R"("]})", "add").empty());
    CHECK(read_bulk_request("[]").error().code == ErrorCode::BadRequest);
}

TEST_CASE("a bulk request names no more contacts than its limit") {
    std::string ids;
    for (std::size_t i = 0; i < kBulkIdsMax; ++i)
        ids += (i == 0 ? "\"i" : ",\"i") + std::to_string(i) + "\"";
    CHECK(read_bulk_request(R"({"action":"delete","ids":[)" + ids + "]}").is_ok());
    CHECK_FALSE(problem_of(R"({"action":"delete","ids":[)" + ids + R"(,"x"]})", "ids").empty());
}

}  // namespace
}  // namespace crm::api
