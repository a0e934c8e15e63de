// Changes made from a version that is no longer the current one.
#include "server/contacts/contact_update.h"

#include "shared/api_json.h"
#include "shared/limits.h"
#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::by;
using test::code_of;
using test::kAcme;
using test::patch;
using test::World;

/// What the client reads of a refusal.
api::VersionConflict conflict_of(const Error& error) {
    const api::ErrorAnswer answer = api::read_error(412, api::write_error(error, "request"));
    REQUIRE(answer.conflict.has_value());
    return *answer.conflict;
}

}  // namespace

TEST_CASE("stale update: fields that nobody else changed are merged") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}, {"company", "Acme"}}));
    REQUIRE(
        world.service.update(kAcme, seen.id, patch({{"company", "Globex"}}), 1, by("Bob")).is_ok());
    const auto merged =
        world.service.update(kAcme, seen.id, patch({{"name", "Ann Lee"}}), 1, by("Eve"));
    REQUIRE(merged.is_ok());
    CHECK(merged.value().fields.name == "Ann Lee");
    CHECK(merged.value().fields.company == "Globex");
    CHECK(merged.value().version == 3);
    CHECK(world.history(seen.id)[0].changes ==
          std::vector<FieldChange>{{"name", "Ann", "Ann Lee"}});
}

TEST_CASE("stale update: the same field is refused with base, current and yours") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}, {"company", "Acme"}}));
    const auto theirs =
        world.service.update(kAcme, seen.id, patch({{"company", "Globex"}}), 1, by("Bob"));
    REQUIRE(theirs.is_ok());
    const auto refused = world.service.update(
        kAcme, seen.id, patch({{"company", "Initech"}, {"name", "Eve"}}), 1, by("Eve"));
    REQUIRE(code_of(refused) == ErrorCode::VersionMismatch);
    const api::VersionConflict conflict = conflict_of(refused.error());
    CHECK(conflict.fields == std::vector<std::string>{"company"});
    CHECK(conflict.base.at("company") == "Acme");
    CHECK(conflict.current.at("company") == "Globex");
    CHECK(conflict.yours.at("company") == "Initech");
    CHECK(conflict.version == 2);
    CHECK(conflict.contact.id == seen.id);
    CHECK(conflict.contact.fields == theirs.value().fields);
    CHECK(conflict.contact.links.count(SystemKey("hubspot")) == 1);
    CHECK(world.find(seen.id) == theirs.value());
}

TEST_CASE("stale update: two people who typed the same agree") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}}));
    REQUIRE(
        world.service.update(kAcme, seen.id, patch({{"name", "Ann Lee"}}), 1, by("Bob")).is_ok());
    world.forget();
    const auto same =
        world.service.update(kAcme, seen.id, patch({{"name", "Ann Lee"}}), 1, by("Eve"));
    REQUIRE(same.is_ok());
    CHECK(same.value().version == 2);
    CHECK(world.heard.empty());
}

TEST_CASE("stale update: a whole form that left a field alone does not turn it back") {
    World world;
    const Contact seen =
        world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}, {"company", "Acme"}}));
    REQUIRE(world.service
                .update(kAcme,
                        seen.id,
                        patch({{"email", "Ann@X.com"}, {"company", "Acme  Inc"}}),
                        1,
                        by("Bob"))
                .is_ok());
    const auto merged = world.service.update(
        kAcme,
        seen.id,
        patch({{"name", "Ann Lee"}, {"email", "ann@x.com"}, {"company", "Acme"}}),
        1,
        by("Eve"));
    REQUIRE(merged.is_ok());
    CHECK(merged.value().fields.name == "Ann Lee");
    CHECK(merged.value().fields.email == "Ann@X.com");
    CHECK(merged.value().fields.company == "Acme  Inc");
}

TEST_CASE("stale update: lists merge by value") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}}));
    const auto tags = [](std::vector<std::string> values) {
        ContactPatch made;
        made.tags = std::move(values);
        return made;
    };
    REQUIRE(world.service.update(kAcme, seen.id, tags({"a", "b"}), {}, by("Ann")).is_ok());
    REQUIRE(world.service.update(kAcme, seen.id, tags({"b", "c"}), 2, by("Bob")).is_ok());
    const auto merged = world.service.update(kAcme, seen.id, tags({"a", "b", "d"}), 2, by("Eve"));
    REQUIRE(merged.is_ok());
    CHECK(merged.value().fields.tags == std::vector<std::string>{"b", "c", "d"});
}

TEST_CASE("stale update: lists that are too long together are refused") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}}));
    const auto tags = [](char letter) {
        ContactPatch made;
        made.tags.emplace();
        for (std::size_t number = 0; number < kTagsMax; ++number) {
            made.tags->push_back(letter + std::to_string(100 + number));
        }
        return made;
    };
    REQUIRE(world.service.update(kAcme, seen.id, tags('a'), 1, by("Bob")).is_ok());
    const auto refused = world.service.update(kAcme, seen.id, tags('b'), 1, by("Eve"));
    REQUIRE(code_of(refused) == ErrorCode::InvalidArgument);
    CHECK(refused.error().fields.count("tags") == 1);
    CHECK(world.find(seen.id).version == 2);
}

TEST_CASE("stale update: many versions back, with deletes and remarks between") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}, {"phone", "1"}}));
    const auto set = [&](const char* field, const char* value) {
        REQUIRE(
            world.service.update(kAcme, seen.id, patch({{field, value}}), {}, by("Bob")).is_ok());
    };
    set("phone", "2");
    REQUIRE(world.service.remove(kAcme, seen.id, by("Bob")).is_ok());
    REQUIRE(world.service.restore(kAcme, seen.id, by("Bob")).is_ok());
    const Status noted = world.sync([&](store::Transaction& transaction) {
        return world.service.note(transaction, kAcme, seen.id, "linked", test::from("hubspot"), {});
    });
    REQUIRE(noted.is_ok());
    set("phone", "3");
    const auto merged =
        world.service.update(kAcme, seen.id, patch({{"company", "Acme"}}), 1, by("Eve"));
    REQUIRE(merged.is_ok());
    CHECK(merged.value().fields.phone == "3");
    CHECK(merged.value().fields.company == "Acme");
    const auto refused =
        world.service.update(kAcme, seen.id, patch({{"phone", "9"}}), 1, by("Eve"));
    REQUIRE(code_of(refused) == ErrorCode::VersionMismatch);
    CHECK(conflict_of(refused.error()).base.at("phone") == "1");
    CHECK(conflict_of(refused.error()).current.at("phone") == "3");
}

TEST_CASE("stale update: a version that never was puts every change in question") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}}));
    for (const std::int64_t version : {std::int64_t{2}, std::int64_t{0}, std::int64_t{-1}}) {
        const auto refused =
            world.service.update(kAcme, seen.id, patch({{"name", "Eve"}}), version, by("Eve"));
        REQUIRE(code_of(refused) == ErrorCode::VersionMismatch);
        CHECK(conflict_of(refused.error()).current.at("name") == "Ann");
        CHECK(conflict_of(refused.error()).yours.at("name") == "Eve");
    }
    CHECK(world.service.update(kAcme, seen.id, patch({{"name", "Ann"}}), 7, by("Eve")).is_ok());
}

TEST_CASE("stale update: an e-mail taken meanwhile is a conflict") {
    World world;
    const Contact seen = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    REQUIRE(world.service.update(kAcme, seen.id, patch({{"name", "A"}}), 1, by("Bob")).is_ok());
    world.create(patch({{"email", "new@x.com"}}));
    CHECK(code_of(world.service.update(
              kAcme, seen.id, patch({{"email", "new@x.com"}}), 1, by("Eve"))) ==
          ErrorCode::Conflict);
}

}  // namespace crm
