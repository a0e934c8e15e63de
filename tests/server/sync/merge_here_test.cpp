// Two contacts are made one here, and two again, over real rounds with both systems: no ghost, no
// duplicate, no value lost.
#include <doctest/doctest.h>

#include "server/contacts/merge.h"
#include "server/contacts/undo.h"
#include "shared/text.h"
#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

api::Merge merge_here(ScriptedWorld& world,
                      const std::string& winner,
                      const std::string& loser,
                      bool is_preview = false,
                      std::map<std::string, std::string> fields = {}) {
    auto merged = merge_contacts(*world.contacts,
                                 world.customer,
                                 {world.find(winner).id, world.find(loser).id, std::move(fields)},
                                 "ann",
                                 is_preview);
    REQUIRE_MESSAGE(merged.is_ok(), (merged.is_ok() ? "" : merged.error().message));
    return merged.take();
}

api::Undo undo_here(ScriptedWorld& world, const std::string& id, bool is_preview = false) {
    auto undone = undo_changes(*world.contacts, world.customer, id, "ben", is_preview);
    REQUIRE_MESSAGE(undone.is_ok(), (undone.is_ok() ? "" : undone.error().message));
    return undone.take();
}

/// Ada and Bob, both in both systems.
void settle_two(ScriptedWorld& world) {
    world.create("Ada", kAdaEmail);
    world.create("Bob", kBobEmail);
    world.edit(kBobEmail, "phone", "+442079460991");
    world.settle();
}

/// Ada has no record in HubSpot: it was removed there, and a person wants none. Bob's is returned.
std::string detach_ada_from_hubspot(ScriptedWorld& world) {
    for (sync::SystemSpec& system : world.settings.systems) {
        if (system.key == kHubSpot) system.vanish = sync::VanishPolicy::Detach;
    }
    world.restart();
    world.hubspot.person_deletes(world.hubspot.id_of(kAdaEmail));
    world.settle();
    return world.hubspot.id_of(kBobEmail);
}

void check_records(ScriptedWorld& world, std::size_t count) {
    CHECK(world.hubspot.live_ids().size() == count);
    CHECK(world.pipedrive.live_ids().size() == count);
}

const api::MergedSystem& in(const api::Merge& merge, const SystemKey& system) {
    for (const api::MergedSystem& told : merge.systems) {
        if (told.system == system.text) return told;
    }
    FAIL("the system is not told of");
    return merge.systems.front();
}

/// Every way in which a system can be used.
std::vector<WorldOptions> all_options() {
    std::vector<WorldOptions> all(4);
    all[1].has_marker = true;
    all[2].has_get = true;
    all[3].has_marker = all[3].has_get = all[3].has_versions = true;
    return all;
}

}  // namespace

TEST_CASE("merge here: each system keeps one record, with the values of both") {
    for (const WorldOptions& options : all_options()) {
        ScriptedWorld world(options);
        settle_two(world);
        const std::string ada = world.hubspot.id_of(kAdaEmail);
        const std::string bob = world.hubspot.id_of(kBobEmail);
        const api::Merge preview = merge_here(world, kAdaEmail, kBobEmail, true);
        CHECK(in(preview, kHubSpot).action == "update");
        CHECK(in(preview, kHubSpot).record.text == ada);
        CHECK(in(preview, kHubSpot).deleted.text == bob);
        CHECK(in(preview, kHubSpot).values ==
              std::map<std::string, std::string>{{"phone", "+442079460991"}});
        check_records(world, 2);
        merge_here(world, kAdaEmail, kBobEmail);
        world.settle();
        check_records(world, 1);
        CHECK(world.only().fields.phone == "+442079460991");
        CHECK(world.hubspot.id_of(kAdaEmail) == ada);
        CHECK(world.hubspot.text_of(kAdaEmail, "phone") == "+442079460991");
        CHECK(world.pipedrive.text_of(kAdaEmail, "phone") == "442079460991");
        check_quiet(world);
        // The loser's e-mail is the winner's: who has it over there is no newcomer.
        world.pipedrive.person_creates({{"name", "Bob again"}, {"email", kBobEmail}});
        world.settle();
        CHECK(world.live().size() == 1);
    }
}

TEST_CASE("merge here: the loser's e-mail becomes the first, where e-mails are unique, too") {
    for (const WorldOptions& options : all_options()) {
        ScriptedWorld world(options);
        settle_two(world);
        const std::string id =
            merge_here(world, kAdaEmail, kBobEmail, false, {{"email", "loser"}, {"name", "loser"}})
                .id;
        world.settle();
        check_records(world, 1);
        CHECK(world.only().fields.email == kBobEmail);
        CHECK(world.hubspot.text_of(kBobEmail, "name") == "Bob");
        check_quiet(world);
        undo_here(world, id);
        world.settle();
        check_records(world, 2);
        CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Ada");
        CHECK(world.hubspot.text_of(kBobEmail, "name") == "Bob");
        CHECK(world.find(kAdaEmail).fields.phone.empty());
        check_quiet(world);
    }
}

TEST_CASE("merge here: undone before any run, no record was touched") {
    ScriptedWorld world;
    settle_two(world);
    const int writes = world.writes();
    const std::string id = merge_here(world, kAdaEmail, kBobEmail).id;
    const api::Undo preview = undo_here(world, id, true);
    REQUIRE(preview.contacts.size() == 2);
    REQUIRE(preview.contacts.back().records.size() == 2);
    CHECK(preview.contacts.back().records.front().find("is linked again") != std::string::npos);
    undo_here(world, id);
    world.settle();
    CHECK(world.writes() == writes);
    CHECK(world.live().size() == 2);
    check_records(world, 2);
    check_quiet(world);
}

TEST_CASE("merge here: undone after the runs, what was deleted is created anew and linked") {
    for (const WorldOptions& options : all_options()) {
        ScriptedWorld world(options);
        settle_two(world);
        const std::string bob = world.hubspot.id_of(kBobEmail);
        const std::string id = merge_here(world, kAdaEmail, kBobEmail).id;
        world.settle();
        const api::Undo preview = undo_here(world, id, true);
        CHECK(preview.contacts.back().records.front().find("created anew") != std::string::npos);
        undo_here(world, id);
        world.settle();
        CHECK(world.live().size() == 2);
        check_records(world, 2);
        CHECK(world.hubspot.id_of(kBobEmail) != bob);
        CHECK(world.hubspot.text_of(kBobEmail, "phone") == "+442079460991");
        CHECK(world.pipedrive.text_of(kBobEmail, "name") == "Bob");
        CHECK(trim(world.hubspot.text_of(kAdaEmail, "phone")).empty());
        check_quiet(world);
    }
}

TEST_CASE("merge here: a record that only the loser has changes hands, and goes back") {
    for (const WorldOptions& options : all_options()) {
        ScriptedWorld world(options);
        settle_two(world);
        const std::string bob = detach_ada_from_hubspot(world);
        REQUIRE(world.hubspot.live_ids().size() == 1);
        const int writes = world.hubspot.writes();

        const api::Merge preview = merge_here(world, kAdaEmail, kBobEmail, true);
        CHECK(in(preview, kHubSpot).action == "hand_over");
        CHECK(in(preview, kHubSpot).record.text == bob);
        CHECK_FALSE(in(preview, kHubSpot).deleted.is_set());
        const std::string id = merge_here(world, kAdaEmail, kBobEmail).id;
        CHECK(world.find(kAdaEmail).links.at(kHubSpot).id.text == bob);
        world.settle();
        check_records(world, 1);
        CHECK(world.hubspot.text(bob, "email") == kAdaEmail);
        CHECK(world.hubspot.text(bob, "name") == "Ada");
        CHECK(world.hubspot.writes() == writes + 1);
        check_quiet(world);

        // An edit over there reaches the merged contact.
        world.hubspot.person_edits(bob, "jobTitle", "Countess");
        world.settle();
        CHECK(world.only().fields.job_title == "Countess");

        const api::Undo told = undo_here(world, id);
        CHECK(told.contacts.back().records.front().find("given back") != std::string::npos);
        world.settle();
        CHECK(world.live().size() == 2);
        CHECK(world.find(kBobEmail).links.at(kHubSpot).id.text == bob);
        CHECK(world.hubspot.live_ids().size() == 1);
        CHECK(world.hubspot.text(bob, "email") == kBobEmail);
        CHECK(world.hubspot.text(bob, "name") == "Bob");
        CHECK(world.pipedrive.live_ids().size() == 2);
        CHECK_FALSE(world.find(kAdaEmail).links.at(kHubSpot).id.is_set());
        check_quiet(world);
    }
}

TEST_CASE("merge here: a copy of a record that changed hands is neither deleted nor imported") {
    WorldOptions options;
    options.has_marker = true;
    ScriptedWorld world(options);
    settle_two(world);
    const std::string bob = detach_ada_from_hubspot(world);
    merge_here(world, kAdaEmail, kBobEmail);
    world.settle();
    // Copied over there, with our marker, which still names Bob.
    const std::string copy =
        world.hubspot.person_creates({{"name", "Copy"}, {"email", "copy@x.org"}});
    world.hubspot.state.records.at(copy).marker = world.hubspot.state.records.at(bob).marker;
    REQUIRE_FALSE(world.hubspot.state.records.at(copy).marker.empty());
    world.settle();
    CHECK(world.hubspot.live_ids().size() == 2);
    CHECK(world.live().size() == 1);
    const auto notes = world.notes();
    const sync::Hold* hold = find_hold(notes, kHubSpot, copy);
    REQUIRE(hold != nullptr);
    CHECK(hold->reason == sync::HoldReason::Duplicate);
}

TEST_CASE("merge here: an edit of the loser's record that nobody saw yet is kept") {
    ScriptedWorld world;
    settle_two(world);
    world.hubspot.person_edits(world.hubspot.id_of(kBobEmail), "jobTitle", "Countess");
    merge_here(world, kAdaEmail, kBobEmail);
    world.settle();
    check_records(world, 1);
    bool is_kept = is_on_record(world, "jobTitle", "Countess");
    for (const auto& [id, notes] : world.notes().contacts) {
        is_kept = is_kept || notes.contact.fields.job_title == "Countess";
    }
    CHECK(is_kept);
    check_quiet(world);
}

TEST_CASE("merge here: a process that dies at any commit leaves two contacts or one") {
    for (int at = 0; at < 2; ++at) {
        ScriptedWorld world;
        settle_two(world);
        struct Death {};
        world.on_commit = [&](store::CommitEdge edge) {
            if ((edge == store::CommitEdge::Before) == (at == 0)) throw Death{};
        };
        CHECK_THROWS_AS(merge_here(world, kAdaEmail, kBobEmail), Death);
        world.on_commit = nullptr;
        world.restart();
        world.settle();
        const std::size_t left = at == 0 ? 2 : 1;
        CHECK(world.live().size() == left);
        check_records(world, left);
        check_quiet(world);
    }
}

}  // namespace crm::test
