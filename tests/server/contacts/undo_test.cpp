// Undo of one change and of many that belong together: what goes back, and what stays because
// something newer is there.
#include "server/contacts/undo.h"

#include <array>

#include "server/limits.h"
#include "shared/limits.h"
#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::by;
using test::kAcme;
using test::kGlobex;
using test::patch;
using test::World;

Origin run(const std::string& id) {
    return Origin{.system = SystemKey("hubspot"), .run_id = id};
}

api::Undo undo(World& world, const std::string& id, bool is_preview = false) {
    auto undone = undo_changes(world.service, kAcme, id, "Ben", is_preview);
    REQUIRE_MESSAGE(undone.is_ok(), (undone.is_ok() ? "" : undone.error().message));
    return undone.take();
}

/// As a sync run writes.
void sync_edit(World& world, const ContactId& id, const std::string& name, const std::string& in) {
    world.clock.advance(std::chrono::seconds{1});
    world.sync([&](store::Transaction& transaction) {
        const Contact before = world.service.load(transaction, kAcme, id).take();
        ContactFields fields = before.fields;
        fields.name = name;
        const auto after = world.service.replace(transaction, before, fields, run(in));
        REQUIRE(after.is_ok());
        return 0;
    });
}

void edit(World& world, const ContactId& id, const std::string& field, const std::string& value) {
    REQUIRE(world.service.update(kAcme, id, patch({{field, value}}), {}, by("Ann")).is_ok());
}

std::string newest_line(World& world, const ContactId& id) {
    return std::to_string(world.history(id).front().id);
}

TEST_CASE("undo: an edit goes back to what was there, and the undo can be undone") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    edit(world, ada.id, "name", "Adda");
    const api::Undo undone = undo(world, newest_line(world, ada.id));
    CHECK(world.find(ada.id).fields.name == "Ada");
    CHECK(undone.undone == 1);
    CHECK(undone.kept == 0);
    REQUIRE(undone.contacts.size() == 1);
    CHECK(undone.contacts[0].kind == "update");
    CHECK(undone.contacts[0].undone == std::vector<FieldChange>{{"name", "Adda", "Ada"}});
    const api::HistoryEntry line = world.history(ada.id).front();
    CHECK(line.actor == "Ben");
    CHECK(line.note == "Undone");
    CHECK(line.run_id == undone.id);
    (void)undo(world, undone.id);
    CHECK(world.find(ada.id).fields.name == "Adda");
}

TEST_CASE("undo: what was edited since stays, and the rest goes back") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    REQUIRE(world.service
                .update(kAcme, ada.id, patch({{"name", "Bad"}, {"phone", "555"}}), {}, by("Ann"))
                .is_ok());
    const std::string line = newest_line(world, ada.id);
    edit(world, ada.id, "name", "Ada King");
    const api::Undo undone = undo(world, line);
    CHECK(world.find(ada.id).fields.name == "Ada King");
    CHECK(world.find(ada.id).fields.phone.empty());
    REQUIRE(undone.contacts.size() == 1);
    REQUIRE(undone.contacts[0].kept.size() == 1);
    CHECK(undone.contacts[0].kept[0].field == "name");
    CHECK(undone.kept == 1);
}

TEST_CASE("undo: a sync run as a whole, but for contacts that came with it") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    const Contact ben = world.create(patch({{"name", "Ben"}, {"email", "ben@x.org"}}));
    sync_edit(world, ada.id, "ADA", "r1");
    sync_edit(world, ben.id, "BEN", "r1");
    sync_edit(world, ben.id, "BEN 2", "r1");
    const Contact cyd = world.sync([&](store::Transaction& transaction) {
        ContactFields fields;
        fields.name = "Cyd";
        fields.email = "cyd@x.org";
        return world.service.insert(transaction, kAcme, fields, false, run("r1")).take();
    });
    const api::Undo undone = undo(world, "r1");
    CHECK(undone.undone == 2);
    CHECK(undone.kept == 1);
    CHECK(world.find(ada.id).fields.name == "Ada");
    CHECK(world.find(ben.id).fields.name == "Ben");
    CHECK_FALSE(world.find(cyd.id).deleted);
    // Twice undoes nothing more, and writes nothing.
    const std::int64_t version = world.find(ada.id).version;
    CHECK(undo(world, "r1").undone == 0);
    CHECK(world.find(ada.id).version == version);
}

TEST_CASE("undo: a preview says the same and writes nothing") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    edit(world, ada.id, "name", "Adda");
    const std::string line = newest_line(world, ada.id);
    world.forget();
    const api::Undo told = undo(world, line, true);
    CHECK(told.is_preview);
    CHECK(told.id.empty());
    CHECK(world.find(ada.id).fields.name == "Adda");
    CHECK(world.observer.calls.empty());
    CHECK(undo(world, line).contacts == told.contacts);
}

TEST_CASE("undo: of a delete, of a create and of a restore") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    const std::string birth = newest_line(world, ada.id);
    REQUIRE(world.service.remove(kAcme, ada.id, by("Ann")).is_ok());
    const std::string death = newest_line(world, ada.id);
    CHECK(undo(world, death).contacts[0].kind == "restore");
    CHECK_FALSE(world.find(ada.id).deleted);
    // It was deleted and came back since: a create is not undone over that.
    CHECK(undo(world, birth).undone == 0);
    const std::string back = newest_line(world, ada.id);
    CHECK(undo(world, back).contacts[0].kind == "delete");
    CHECK(world.find(ada.id).deleted);

    const Contact ben = world.create(patch({{"name", "Ben"}, {"email", "ben@x.org"}}));
    CHECK(undo(world, newest_line(world, ben.id)).contacts[0].kind == "delete");
    CHECK(world.find(ben.id).deleted);
}

TEST_CASE("undo: an e-mail that two contacts exchanged goes back to both") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    const Contact ben = world.create(patch({{"name", "Ben"}, {"email", "ben@x.org"}}));
    const auto set_email = [&](const ContactId& id, const std::string& email) {
        const Origin origin{.actor = "Ann", .run_id = "bulk-1"};
        REQUIRE(world.service.update(kAcme, id, patch({{"email", email}}), {}, origin).is_ok());
    };
    set_email(ada.id, "old@x.org");
    set_email(ben.id, "ada@x.org");
    const api::Undo undone = undo(world, "bulk-1");
    CHECK(undone.undone == 2);
    CHECK(world.find(ada.id).fields.email == "ada@x.org");
    CHECK(world.find(ben.id).fields.email == "ben@x.org");
}

TEST_CASE("undo: an e-mail that somebody else has by now stays, and is named") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    edit(world, ada.id, "email", "king@x.org");
    const std::string line = newest_line(world, ada.id);
    (void)world.create(patch({{"name", "Other"}, {"email", "ada@x.org"}}));
    const api::Undo undone = undo(world, line);
    CHECK(undone.undone == 0);
    REQUIRE(undone.contacts.size() == 1);
    REQUIRE(undone.contacts[0].kept.size() == 1);
    CHECK(undone.contacts[0].kept[0].reason.find("Other") != std::string::npos);
    CHECK(world.find(ada.id).fields.email == "king@x.org");
}

TEST_CASE("undo: more contacts than fit into one transaction, one of which is refused") {
    World world;
    const Origin origin{.actor = "Ann", .run_id = "bulk-2"};
    const std::size_t count = kImportBatchRows + 20;
    std::vector<ContactId> ids;
    world.sync([&](store::Transaction& transaction) {
        for (std::size_t i = 0; i < count; ++i) {
            ContactFields fields;
            fields.email = "c" + std::to_string(i) + "@x.org";
            ids.push_back(
                world.service.insert(transaction, kAcme, fields, false, by("Ann")).take().id);
        }
        for (const ContactId& id : ids) {
            const Contact before = world.service.load(transaction, kAcme, id).take();
            ContactFields fields = before.fields;
            fields.email = "new-" + fields.email;
            REQUIRE(world.service.edit(transaction, before, fields, origin).is_ok());
        }
        return 0;
    });
    (void)world.create(patch({{"name", "Other"}, {"email", "c7@x.org"}}));
    world.forget();
    const api::Undo undone = undo(world, "bulk-2");
    CHECK(undone.undone == static_cast<std::int64_t>(count) - 1);
    CHECK(undone.kept == 1);
    CHECK(undone.contacts.size() == kUndoContactsShown);
    CHECK(world.find(ids[7]).fields.email == "new-c7@x.org");
    CHECK(world.find(ids.back()).fields.email == "c" + std::to_string(count - 1) + "@x.org");
    CHECK(world.observer.wakes["acme"] == 1);
}

TEST_CASE("undo: lists and tags as they were") {
    World world;
    ContactPatch full = patch({{"name", "Ada"}, {"email", "ada@x.org"}});
    full.tags = std::vector<std::string>{"vip"};
    full.more_emails = std::vector<LabeledValue>{{"second@x.org", "work"}};
    const Contact ada = world.create(full);
    ContactPatch less;
    less.tags = std::vector<std::string>{"old", "vip"};
    less.more_emails = std::vector<LabeledValue>{};
    REQUIRE(world.service.update(kAcme, ada.id, less, {}, by("Ann")).is_ok());
    (void)undo(world, newest_line(world, ada.id));
    CHECK(world.find(ada.id).fields == ada.fields);
}

TEST_CASE("undo: of another customer, or of nothing, nothing is done") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    edit(world, ada.id, "name", "Adda");
    const std::string line = newest_line(world, ada.id);
    for (const std::string& id : {line, std::string("r9"), std::string(), std::string("-1")}) {
        const CustomerId& who = id == line ? kGlobex : kAcme;
        const auto refused = undo_changes(world.service, who, id, "Eve", false);
        REQUIRE_FALSE(refused.is_ok());
        CHECK(refused.error().code == ErrorCode::NotFound);
    }
    CHECK(world.find(ada.id).fields.name == "Adda");
}

TEST_CASE("undo: between random edits of others, each field goes back to what they wrote last") {
    World world;
    const Contact start = world.create(patch({{"name", "Ada"}, {"email", "ada@x.org"}}));
    const std::array<std::string, 3> fields{"name", "phone", "company"};
    for (int round = 0; round < 60; ++round) {
        const std::string group = "g" + std::to_string(round);
        std::map<std::string, std::string> expected;
        for (const std::string& field : fields)
            expected[field] = world.find(start.id).fields.*(find_field(field)->member);
        bool is_any = false;
        for (int i = 0; i < 6; ++i) {
            const std::string& field = fields.at(random_below(world.random, fields.size()));
            const bool is_group = random_below(world.random, 2) == 0;
            const Origin origin{.actor = "Ann", .run_id = is_group ? group : ""};
            const std::string value = "v" + std::to_string(round) + "-" + std::to_string(i);
            REQUIRE(
                world.service.update(kAcme, start.id, patch({{field, value}}), {}, origin).is_ok());
            if (!is_group) expected[field] = value;
            is_any = is_any || is_group;
        }
        CHECK(undo_changes(world.service, kAcme, group, "Ben", false).is_ok() == is_any);
        const ContactFields now = world.find(start.id).fields;
        for (const std::string& field : fields)
            CHECK(now.*(find_field(field)->member) == expected.at(field));
    }
}

}  // namespace
}  // namespace crm
