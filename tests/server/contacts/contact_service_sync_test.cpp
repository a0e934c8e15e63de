// What the sync engine does with contacts, and what people do with contacts in probation.
#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::by;
using test::code_of;
using test::from;
using test::kAcme;
using test::kGlobex;
using test::patch;
using test::World;

ContactFields fields(const std::string& name, const std::string& email = "") {
    ContactFields made;
    made.name = name;
    made.email = email;
    return made;
}

Contact insert_arriving(World& world, const ContactFields& values) {
    auto made = world.sync([&](store::Transaction& transaction) {
        return world.service.insert(transaction, kAcme, values, true, from("hubspot"));
    });
    REQUIRE(made.is_ok());
    return made.take();
}

}  // namespace

TEST_CASE("sync: an import is told to the observer, and wakes nobody") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann", "ann@x.com"));
    CHECK(ann.arriving);
    CHECK(ann.version == 1);
    CHECK(ann.sources == std::vector<std::string>{"hubspot"});
    CHECK(ann.links.empty());
    REQUIRE(world.observer.calls.size() == 1);
    CHECK_FALSE(world.observer.calls[0].had_before);
    CHECK(world.observer.wakes.empty());
    CHECK(world.heard.empty());
    CHECK(world.count() == 1);
    const auto history = world.history(ann.id);
    REQUIRE(history.size() == 1);
    CHECK(history[0].kind == "imported");
    CHECK(history[0].system == "hubspot");
    CHECK(history[0].actor.empty());

    world.service.publish(kAcme, {ann.id});
    REQUIRE(world.heard.size() == 1);
    CHECK(world.heard[0] == world.find(ann.id));
    CHECK(world.heard[0].links.size() == 1);
    CHECK(world.observer.wakes.empty());
}

TEST_CASE("sync: an e-mail of a live contact is not imported twice") {
    World world;
    world.create(patch({{"email", "ann@x.com"}}));
    const auto refused = world.sync([&](store::Transaction& transaction) {
        return world.service.insert(
            transaction, kAcme, fields("Ann", "ANN@x.com"), true, from("hubspot"));
    });
    CHECK(code_of(refused) == ErrorCode::Conflict);
    CHECK(world.count() == 1);
}

TEST_CASE("sync: replace goes one version up, and leaves alone what is the same") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    world.create(patch({{"email", "bob@x.com"}}));
    world.forget();
    const auto replace = [&](const Contact& before, const ContactFields& values) {
        return world.sync([&](store::Transaction& transaction) {
            return world.service.replace(transaction, before, values, from("pipedrive"));
        });
    };
    const auto same = replace(ann, ann.fields);
    REQUIRE(same.is_ok());
    CHECK(same.value().version == 1);
    CHECK(world.observer.calls.empty());

    const auto changed = replace(ann, fields("Ann Lee", "ann@x.com"));
    REQUIRE(changed.is_ok());
    CHECK(changed.value().version == 2);
    CHECK(world.find(ann.id).fields.name == "Ann Lee");
    CHECK(world.history(ann.id)[0].system == "pipedrive");
    CHECK(world.observer.calls.size() == 1);
    CHECK(world.observer.wakes.empty());

    CHECK(code_of(replace(ann, fields("Stale"))) == ErrorCode::VersionMismatch);
    CHECK(code_of(replace(changed.value(), fields("Ann", "bob@x.com"))) == ErrorCode::Conflict);
    const auto tombstone = world.service.remove(kAcme, ann.id, by("Ann"));
    CHECK(code_of(replace(tombstone.value(), fields("Zombie"))) == ErrorCode::Conflict);
    CHECK(world.find(ann.id).fields.name == "Ann Lee");
}

TEST_CASE("sync: replace keeps probation") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann"));
    const auto changed = world.sync([&](store::Transaction& transaction) {
        return world.service.replace(transaction, ann, fields("Ann Lee"), from("hubspot"));
    });
    REQUIRE(changed.is_ok());
    CHECK(world.find(ann.id).arriving);
}

TEST_CASE("sync: remove joins the caller's transaction") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}}));
    {
        auto transaction = world.store.database().begin_write();
        const auto removed =
            world.service.remove(transaction.value(), kAcme, ann.id, from("hubspot"));
        REQUIRE(removed.is_ok());
        CHECK(removed.value().deleted);
    }
    CHECK_FALSE(world.find(ann.id).deleted);  // it was not committed
    world.forget();
    const auto removed = world.sync([&](store::Transaction& transaction) {
        return world.service.remove(transaction, kAcme, ann.id, from("hubspot"));
    });
    CHECK(removed.is_ok());
    CHECK(world.find(ann.id).deleted);
    CHECK(world.observer.wakes.empty());
}

TEST_CASE("sync: confirmation ends probation without a new version") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann"));
    const Status confirmed = world.sync([&](store::Transaction& transaction) {
        return world.service.confirm(transaction, ann.id);
    });
    REQUIRE(confirmed.is_ok());
    CHECK_FALSE(world.find(ann.id).arriving);
    CHECK(world.find(ann.id).version == 1);
    CHECK(world.history(ann.id).size() == 1);
}

TEST_CASE("sync: a withdrawn contact leaves nothing, and listeners hear that it left") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann", "ann@x.com"));
    const Status withdrawn = world.sync([&](store::Transaction& transaction) {
        return world.service.withdraw(transaction, ann.id);
    });
    REQUIRE(withdrawn.is_ok());
    CHECK(code_of(world.service.find(kAcme, ann.id)) == ErrorCode::NotFound);
    CHECK(world.count(Deleted::Included) == 0);
    world.service.publish(kAcme, {ann.id});
    REQUIRE(world.heard.size() == 1);
    CHECK(world.heard[0].id == ann.id);
    CHECK(world.heard[0].deleted);
    CHECK(world.heard[0].arriving);
    world.create(patch({{"email", "ann@x.com"}}));  // its e-mail is free again
}

TEST_CASE("sync: a confirmed contact cannot be withdrawn") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}}));
    const Status refused = world.sync([&](store::Transaction& transaction) {
        return world.service.withdraw(transaction, ann.id);
    });
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().code == ErrorCode::NotFound);
    CHECK(world.history(ann.id).size() == 1);
}

TEST_CASE("sync: a remark is a line of history and no change") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}}));
    Origin origin = from("hubspot");
    origin.run_id = "run-1";
    origin.note = "The app's value was kept";
    const std::vector<FieldChange> shown = {{"name", "Anne", "Ann"}};
    const Status noted = world.sync([&](store::Transaction& transaction) {
        return world.service.note(transaction, kAcme, ann.id, "conflict", origin, shown);
    });
    REQUIRE(noted.is_ok());
    const auto history = world.history(ann.id);
    REQUIRE(history.size() == 2);
    CHECK(history[0].kind == "conflict");
    CHECK(history[0].run_id == "run-1");
    CHECK(history[0].note == "The app's value was kept");
    CHECK(history[0].changes == shown);
    CHECK(world.find(ann.id).version == 1);
    const Status foreign = world.sync([&](store::Transaction& transaction) {
        return world.service.note(transaction, kGlobex, ann.id, "conflict", origin, shown);
    });
    REQUIRE_FALSE(foreign.is_ok());
    CHECK(foreign.error().code == ErrorCode::NotFound);
}

TEST_CASE("probation: a person's edit confirms the contact") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann", "ann@x.com"));
    world.forget();
    const auto edited =
        world.service.update(kAcme, ann.id, patch({{"name", "Ann Lee"}}), 1, by("Bob"));
    REQUIRE(edited.is_ok());
    CHECK_FALSE(edited.value().arriving);
    CHECK(edited.value().version == 2);
    REQUIRE(world.observer.calls.size() == 1);
    CHECK(world.observer.calls[0].before.arriving);
    CHECK_FALSE(world.observer.calls[0].after.arriving);
}

TEST_CASE("probation: a PATCH that changes no field confirms it too") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann", "ann@x.com"));
    world.forget();
    const auto confirmed = world.service.update(kAcme, ann.id, {}, {}, by("Bob"));
    REQUIRE(confirmed.is_ok());
    CHECK_FALSE(confirmed.value().arriving);
    CHECK(confirmed.value().version == 1);
    CHECK_FALSE(world.find(ann.id).arriving);
    CHECK(world.observer.calls.size() == 1);
    CHECK(world.observer.wakes["acme"] == 1);
    CHECK(world.heard.size() == 1);
    CHECK(world.history(ann.id)[0].actor == "Bob");
    CHECK(world.history(ann.id)[0].note == "Confirmed by hand");
    // Later versions are still told exactly.
    REQUIRE(world.service.update(kAcme, ann.id, patch({{"name", "A"}}), 1, by("Bob")).is_ok());
    CHECK(world.service.update(kAcme, ann.id, patch({{"company", "C"}}), 1, by("Bob"))
              .value()
              .version == 3);
}

TEST_CASE("probation: a new contact with its e-mail is the same one, confirmed") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann", "ann@x.com"));
    const auto made =
        world.service.create(kAcme, patch({{"name", "Ann"}, {"email", "ann@x.com"}}), by("Bob"));
    REQUIRE(made.is_ok());
    CHECK_FALSE(made.value().is_new);
    CHECK(made.value().contact.id == ann.id);
    CHECK_FALSE(made.value().contact.arriving);
}

TEST_CASE("probation: deleting makes a tombstone, which can be restored as a real contact") {
    World world;
    const Contact ann = insert_arriving(world, fields("Ann", "ann@x.com"));
    const auto removed = world.service.remove(kAcme, ann.id, by("Bob"));
    REQUIRE(removed.is_ok());
    CHECK(removed.value().deleted);
    CHECK_FALSE(removed.value().arriving);
    const auto restored = world.service.restore(kAcme, ann.id, by("Bob"));
    REQUIRE(restored.is_ok());
    CHECK_FALSE(restored.value().arriving);
}

}  // namespace crm
