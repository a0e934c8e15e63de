#include "server/contacts/contact_at.h"

#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::by;
using test::kAcme;
using test::patch;
using test::World;

}  // namespace

TEST_CASE("contact at: each time shows the fields of then, and whether it was deleted") {
    World world;
    const TimePoint before = world.clock.now() - std::chrono::seconds(1);
    const Contact ada = world.create(patch({{"name", "Ada"}, {"company", "One"}}));
    const TimePoint created = world.clock.now();
    world.clock.advance(std::chrono::hours(24));
    REQUIRE(
        world.service.update(kAcme, ada.id, patch({{"company", "Two"}}), {}, by("Ann")).is_ok());
    const TimePoint edited = world.clock.now();
    world.clock.advance(std::chrono::hours(24));
    REQUIRE(world.service.remove(kAcme, ada.id, by("Ann")).is_ok());
    const TimePoint deleted = world.clock.now();
    world.clock.advance(std::chrono::hours(24));
    REQUIRE(world.service.restore(kAcme, ada.id, by("Ann")).is_ok());
    const auto at = [&](TimePoint time) {
        const auto found = contact_at(world.service, kAcme, ada.id, time);
        REQUIRE_MESSAGE(found.is_ok(), (found.is_ok() ? "" : found.error().message));
        return found.value();
    };
    CHECK(at(created).fields.company == "One");
    CHECK(at(created).version == 1);
    CHECK(at(edited - std::chrono::milliseconds(1)).fields.company == "One");
    CHECK(at(edited).fields.company == "Two");
    CHECK_FALSE(at(edited).deleted);
    CHECK(at(deleted).deleted);
    CHECK(at(deleted).fields.company == "Two");
    CHECK_FALSE(at(world.clock.now()).deleted);
    CHECK(at(world.clock.now()).version == 4);
    CHECK(test::code_of(contact_at(world.service, kAcme, ada.id, before)) == ErrorCode::NotFound);
    CHECK(test::code_of(contact_at(world.service, test::kGlobex, ada.id, created)) ==
          ErrorCode::NotFound);
}

}  // namespace crm
