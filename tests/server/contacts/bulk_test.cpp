// One action on many contacts: each by its own rules, all of them one step for undo.
#include "server/contacts/bulk.h"

#include <string>
#include <vector>

#include "server/contacts/undo.h"
#include "server/limits.h"
#include "shared/limits.h"
#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using api::BulkAction;
using api::BulkReport;
using api::BulkRequest;
using test::kAcme;
using test::kGlobex;
using test::patch;
using test::World;

std::vector<ContactId> fill(World& world, int count, const std::string& stem = "p") {
    std::vector<ContactId> ids;
    for (int i = 0; i < count; ++i) {
        const std::string name = stem + std::to_string(i);
        ids.push_back(world.create(patch({{"name", name}, {"email", name + "@x.org"}})).id);
    }
    return ids;
}

BulkReport act(World& world, const std::vector<ContactId>& ids, const BulkRequest& request) {
    auto done = change_many(world.service, kAcme, ids, request, {.actor = "Ben"});
    REQUIRE_MESSAGE(done.is_ok(), (done.is_ok() ? "" : done.error().message));
    return done.value().report;
}

BulkRequest tag(std::vector<std::string> added, std::vector<std::string> removed = {}) {
    BulkRequest request{.action = BulkAction::Tag};
    request.added_tags = std::move(added);
    request.removed_tags = std::move(removed);
    return request;
}

void undo(World& world, const std::string& id) {
    REQUIRE(undo_changes(world.service, kAcme, id, "Ben", false).is_ok());
}

TEST_CASE("bulk: more contacts than a batch are deleted, and come back with one undo") {
    World world;
    const int count = static_cast<int>(kImportBatchRows) + 3;
    const std::vector<ContactId> ids = fill(world, count);
    world.forget();
    const BulkReport report = act(world, ids, {.action = BulkAction::Delete});
    CHECK(report.matched == count);
    CHECK(report.changed == count);
    CHECK(report.refused == 0);
    CHECK(report.results.size() == static_cast<std::size_t>(count));
    CHECK(world.count() == 0);
    CHECK(world.observer.calls.size() == static_cast<std::size_t>(count));
    const api::HistoryEntry line = world.history(ids[0]).front();
    CHECK(line.actor == "Ben");
    CHECK(line.run_id == report.id);
    CHECK(line.note == "Changed together with " + std::to_string(count - 1) + " other contacts");
    undo(world, report.id);
    CHECK(world.count() == count);
}

TEST_CASE("bulk: tags are added and removed, and what has them already stays as it is") {
    World world;
    const std::vector<ContactId> ids = fill(world, 3);
    CHECK(act(world, {ids[0]}, tag({"vip", "old"})).changed == 1);
    const BulkReport report = act(world, ids, tag({"vip"}, {"old"}));
    CHECK(report.changed == 3);
    CHECK(world.find(ids[0]).fields.tags == std::vector<std::string>{"vip"});
    CHECK(world.find(ids[2]).fields.tags == std::vector<std::string>{"vip"});
    const BulkReport again = act(world, ids, tag({"vip"}));
    CHECK(again.unchanged == 3);
    CHECK(again.id.empty());
    undo(world, report.id);
    CHECK(world.find(ids[0]).fields.tags == std::vector<std::string>{"old", "vip"});
    CHECK(world.find(ids[2]).fields.tags.empty());
}

TEST_CASE("bulk: a contact with as many tags as it can have is refused, the others go on") {
    World world;
    const std::vector<ContactId> ids = fill(world, 2);
    std::vector<std::string> full;
    for (std::size_t i = 0; i < kTagsMax; ++i) full.push_back("t" + std::to_string(i));
    CHECK(act(world, {ids[0]}, tag(full)).changed == 1);
    const BulkReport report = act(world, ids, tag({"more"}));
    CHECK(report.changed == 1);
    CHECK(report.refused == 1);
    REQUIRE(report.results.size() == 2);
    CHECK(report.results[0].contact_id == ids[0].text);
    CHECK(report.results[0].title == "p0");
    CHECK(report.results[0].reason == "A contact can have 50 tags, and p0 would have 51.");
}

TEST_CASE("bulk: fields are set; deleted and unknown contacts are refused with a sentence") {
    World world;
    const std::vector<ContactId> ids = fill(world, 3);
    CHECK(act(world, {ids[1]}, {.action = BulkAction::Delete}).changed == 1);
    BulkRequest update{.action = BulkAction::Update};
    update.fields.texts["company"] = "Acme";
    const std::vector<ContactId> asked{ids[0], ids[1], ContactId("nobody"), ids[2], ids[0]};
    const BulkReport report = act(world, asked, update);
    CHECK(report.matched == 4);
    CHECK(report.changed == 2);
    CHECK(report.refused == 2);
    CHECK(report.results[0].reason ==
          "p1 is deleted, so nothing was changed; restore the contact first.");
    CHECK(report.results[1].title.empty());
    CHECK(world.find(ids[2]).fields.company == "Acme");
}

TEST_CASE("bulk: restore gives back whom it can, and says whose e-mail is taken") {
    World world;
    const std::vector<ContactId> ids = fill(world, 2);
    CHECK(act(world, ids, {.action = BulkAction::Delete}).changed == 2);
    (void)world.create(patch({{"name", "New"}, {"email", "p0@x.org"}}));
    const BulkReport report = act(world, ids, {.action = BulkAction::Restore});
    CHECK(report.changed == 1);
    CHECK(report.refused == 1);
    CHECK(report.results[0].contact_id == ids[0].text);
    CHECK(world.find(ids[0]).deleted);
    CHECK_FALSE(world.find(ids[1]).deleted);
}

TEST_CASE("bulk: a query means everyone it finds, page after page, but those left out") {
    World world;
    const std::vector<ContactId> ids = fill(world, 7, "ada");
    (void)fill(world, 2, "ben");
    ContactQuery query;
    query.text = "ada";
    query.limit = 2;
    auto found = find_ids(world.service, kAcme, query, {ids[3]});
    REQUIRE(found.is_ok());
    CHECK(found.value().size() == 6);
    CHECK(act(world, found.value(), {.action = BulkAction::Delete}).changed == 6);
    CHECK(world.count() == 3);
    CHECK_FALSE(world.find(ids[3]).deleted);
}

TEST_CASE("bulk: another customer's contacts are not there") {
    World world;
    const Contact theirs = world.create(patch({{"name", "Theirs"}}), kGlobex);
    const BulkReport report = act(world, {theirs.id}, {.action = BulkAction::Delete});
    CHECK(report.refused == 1);
    CHECK(report.results[0].title.empty());
    CHECK(world.count(Deleted::Hidden, kGlobex) == 1);
}

TEST_CASE("bulk: when the server stops, what is done is told and can be undone") {
    World world;
    const int count = static_cast<int>(kImportBatchRows) + 1;
    const std::vector<ContactId> ids = fill(world, count);
    int asked = 0;
    const BulkOptions options{.actor = "Ben", .is_stopping = [&asked] { return ++asked > 1; }};
    const auto done =
        change_many(world.service, kAcme, ids, {.action = BulkAction::Delete}, options);
    REQUIRE_FALSE(done.is_ok());
    CHECK(world.count() == 1);
    const std::string& message = done.error().message;
    CHECK(message.find("500 contacts are changed") != std::string::npos);
    const std::size_t begin = message.find("bulk-");
    undo(world, message.substr(begin, message.size() - begin - 1));
    CHECK(world.count() == count);
}

}  // namespace
}  // namespace crm
