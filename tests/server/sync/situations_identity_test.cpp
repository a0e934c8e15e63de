// Who is who: e-mails, ids, duplicates, merges. Each test is one of the 98 known situations.
#include <doctest/doctest.h>

#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

using std::chrono::seconds;
using sync::HoldReason;

TEST_CASE("situation 2: an e-mail read back in lower case is no change") {
    ScriptedWorld world;
    world.create("Ann", "Ann@X.com");
    world.settle();
    CHECK(world.hubspot.text_of("ann@x.com", "email") == "ann@x.com");
    CHECK(world.pipedrive.text_of("ann@x.com", "email") == "Ann@X.com");
    CHECK(world.only().fields.email == "Ann@X.com");
    CHECK(world.writes() == 2);
    check_quiet(world);
}

TEST_CASE("situation 3: a create that meets a record links it, merges, and is not repeated") {
    ScriptedWorld world;
    world.hubspot.freeze();
    world.hubspot.expect(CallKind::List, Fate::Stale);
    const std::string there = world.hubspot.person_creates(
        {{"name", "Ada"}, {"email", kAdaEmail}, {"jobTitle", "Countess"}});
    world.create("Ada", kAdaEmail);
    world.settle();
    CHECK(world.only().links.at(kHubSpot).id.text == there);
    CHECK(world.only().fields.job_title == "Countess");
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.hubspot.count(CallKind::Create) == 0);
    check_quiet(world);
}

TEST_CASE("situation 4: a conflict that does not say with which record waits, with a reason") {
    ScriptedWorld world;
    world.hubspot.traits.hides_id_on_conflict = true;
    world.hubspot.freeze();
    for (int i = 0; i < 8; ++i) world.hubspot.expect(CallKind::List, Fate::Stale);
    const std::string there = world.hubspot.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    world.create("Ada", kAdaEmail);
    const api::Run run = world.run();
    REQUIRE(find_problem(run, "exists") != nullptr);
    CHECK(find_problem(run, "exists")->next_try_at.has_value());
    world.hubspot.state.script.clear();
    world.settle();
    CHECK(world.only().links.at(kHubSpot).id.text == there);
    CHECK(world.hubspot.live_ids().size() == 1);
}

TEST_CASE("situation 5: a conflict with the record of another contact steals no link") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string ada = world.hubspot.id_of(kAdaEmail);
    // The address belongs to Ada's record over there, further back, where no listing shows it.
    world.hubspot.freeze();
    world.hubspot.state.records.at(ada).other_emails = {kBobEmail};
    for (int i = 0; i < 8; ++i) world.hubspot.expect(CallKind::List, Fate::Stale);
    world.create("Bob", kBobEmail);
    const api::Run run = world.run();
    const api::RunProblem* problem = find_problem(run, "email_taken");
    REQUIRE(problem != nullptr);
    CHECK(problem->contact_id == world.find(kBobEmail).id.text);
    CHECK(problem->message.find(ada) != std::string::npos);
    CHECK(world.find(kAdaEmail).links.at(kHubSpot).id.text == ada);
    CHECK(world.hubspot.text(ada, "name") == "Ada");
}

TEST_CASE("situation 28: an address further back in a record links it, and nothing is created") {
    ScriptedWorld world;
    const std::string there = world.hubspot.person_creates(
        {{"name", "Ada"}, {"email", "home@x.org"}, {"jobTitle", "Countess"}});
    world.hubspot.state.records.at(there).other_emails = {kAdaEmail};
    world.create("Ada", kAdaEmail);
    world.settle();
    CHECK(world.live().size() == 1);
    CHECK(world.only().links.at(kHubSpot).id.text == there);
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.pipedrive.live_ids().size() == 1);
}

TEST_CASE("situation 30: contacts that exchange their e-mails here do so where they are unique") {
    for (const int ring : {2, 3}) {
        CAPTURE(ring);
        ScriptedWorld world;
        std::vector<std::string> records;
        const auto email_of = [&](int i) { return "e" + std::to_string(i % ring) + "@x.org"; };
        for (int i = 0; i < ring; ++i) world.create("Contact " + std::to_string(i), email_of(i));
        world.settle();
        records.reserve(static_cast<std::size_t>(ring));
        for (int i = 0; i < ring; ++i) records.push_back(world.hubspot.id_of(email_of(i)));
        world.edit(email_of(0), "email", "between@x.org");
        for (int i = ring - 1; i > 0; --i) world.edit(email_of(i), "email", email_of(i + 1));
        world.edit("between@x.org", "email", email_of(1));
        world.settle();
        for (int i = 0; i < ring; ++i) {
            CHECK(world.hubspot.id_of(email_of(i + 1)) == records[static_cast<std::size_t>(i)]);
            CHECK(world.find(email_of(i + 1)).fields.name == "Contact " + std::to_string(i));
        }
        CHECK(world.hubspot.count(CallKind::Create) == ring);
        CHECK(world.conflicts().empty());
        check_quiet(world);
    }
}

TEST_CASE("situation 31: an e-mail that changes here changes the same records") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string hub = world.hubspot.id_of(kAdaEmail);
    const std::string pipe = world.pipedrive.id_of(kAdaEmail);
    world.edit(kAdaEmail, "email", "king@x.org");
    world.settle();
    CHECK(world.hubspot.id_of("king@x.org") == hub);
    CHECK(world.pipedrive.id_of("king@x.org") == pipe);
    CHECK(world.hubspot.count(CallKind::Create) + world.pipedrive.count(CallKind::Create) == 2);
    check_quiet(world);
}

TEST_CASE("situation 51: of many records with one e-mail one is linked, the others are listed") {
    ScriptedWorld world;
    world.create("Ada", kAdaEmail);
    for (int i = 0; i < 18; ++i) {
        world.pipedrive.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    }
    world.settle();
    CHECK(world.only().links.at(kPipedrive).id.text == world.pipedrive.live_ids().front());
    CHECK(world.pipedrive.live_ids().size() == 18);
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.notes().holds.size() == 17);
    for (const auto& [record, hold] : world.notes().holds) {
        CHECK(hold.reason == HoldReason::Duplicate);
    }
    check_quiet(world);
}

TEST_CASE("situation 52: two records whose e-mails differ in case only are one person") {
    ScriptedWorld world;
    world.pipedrive.person_creates({{"name", "Ada"}, {"email", "ADA@x.org"}});
    world.pipedrive.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    world.settle();
    CHECK(world.live().size() == 1);
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.notes().holds.size() == 1);
    check_quiet(world);
}

TEST_CASE("situation 53: a record is linked to one contact and no more") {
    ScriptedWorld world;
    settle_ada(world);
    world.create("Bob", kBobEmail);
    world.settle();
    // Bob's record over there takes Ada's address: now both contacts could claim it.
    const std::string bobs = world.pipedrive.id_of(kBobEmail);
    const std::string adas = world.pipedrive.id_of(kAdaEmail);
    world.pipedrive.person_edits(bobs, "email", kAdaEmail);
    world.settle();
    CHECK(world.find(kAdaEmail).links.at(kPipedrive).id.text == adas);
    CHECK(world.find(kBobEmail).links.at(kPipedrive).id.text == bobs);
    CHECK(is_on_record(world, "email", kAdaEmail));
    CHECK(world.pipedrive.id_of(kBobEmail) == bobs);  // what the app says stands there again
}

TEST_CASE("situation 33: two records merged into a new one are followed, and nothing is made") {
    for (const bool has_marker : {false, true}) {
        CAPTURE(has_marker);
        ScriptedWorld world({.has_marker = has_marker});
        world.hubspot.traits.merges_into_new_id = true;
        settle_ada(world);
        const std::string old = world.hubspot.id_of(kAdaEmail);
        const std::string other =
            world.hubspot.person_creates({{"name", "A."}, {"email", "a@x.org"}});
        const std::string merged = world.hubspot.person_merges(old, other);
        const std::string pipe = world.pipedrive.id_of(kAdaEmail);
        world.settle();
        CHECK(world.find(kAdaEmail).links.at(kHubSpot).id.text == merged);
        CHECK(world.pipedrive.id_of(kAdaEmail) == pipe);
        CHECK(world.hubspot.live_ids() == std::vector<std::string>{merged});
        CHECK(world.pipedrive.count(CallKind::Remove) == 0);
        check_quiet(world);
    }
}

TEST_CASE("situation 34: two contacts whose records became one there are asked about, not remade") {
    ScriptedWorld world;
    settle_ada(world);
    world.create("Bob", kBobEmail);
    world.settle();
    const std::string kept = world.hubspot.id_of(kAdaEmail);
    world.hubspot.person_merges(kept, world.hubspot.id_of(kBobEmail));
    world.settle();
    CHECK(world.hubspot.live_ids() == std::vector<std::string>{kept});
    CHECK(world.live().size() == 2);
    CHECK(world.pipedrive.live_ids().size() == 2);
    const sync::CustomerNotes notes = world.notes();
    REQUIRE(find_hold(notes, kHubSpot, kept) != nullptr);
    CHECK(find_hold(notes, kHubSpot, kept)->reason == HoldReason::Merged);
    check_quiet(world);
}

TEST_CASE("situation 35: a chain of merges is followed to its end") {
    ScriptedWorld world({.has_get = true});
    world.hubspot.traits.merges_into_new_id = true;
    settle_ada(world);
    std::string record = world.hubspot.id_of(kAdaEmail);
    for (int i = 0; i < 3; ++i) {
        const std::string other = world.hubspot.person_creates(
            {{"name", "A."}, {"email", "a" + std::to_string(i) + "@x.org"}});
        record = world.hubspot.person_merges(record, other);
    }
    world.settle();
    CHECK(world.find(kAdaEmail).links.at(kHubSpot).id.text == record);
    CHECK(world.hubspot.live_ids() == std::vector<std::string>{record});
    check_quiet(world);
}

TEST_CASE(
    "situation 37: a record that was merged away is no delete: the other system keeps its own") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string lost = world.pipedrive.id_of(kAdaEmail);
    const std::string survivor = world.pipedrive.person_creates(
        {{"name", "Ada"}, {"email", kAdaEmail}, {"jobTitle", "Countess"}});
    world.pipedrive.person_merges(survivor, lost);
    world.settle();
    CHECK(world.only().links.at(kPipedrive).id.text == survivor);
    CHECK(world.only().fields.job_title == "Countess");
    CHECK(world.pipedrive.live_ids() == std::vector<std::string>{survivor});
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.hubspot.count(CallKind::Remove) == 0);
}

TEST_CASE("situation 38: a record that vanished without a word is looked for before it counts") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string lost = world.pipedrive.id_of(kAdaEmail);
    world.pipedrive.person_deletes(lost);
    const std::string heir =
        world.pipedrive.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    world.settle();
    CHECK(world.only().links.at(kPipedrive).id.text == heir);
    CHECK(world.pipedrive.count(CallKind::Create) == 1);
    CHECK(world.hubspot.count(CallKind::Remove) == 0);
}

TEST_CASE(
    "situation 32: a record without e-mail is suggested by its phone, and linked by a person") {
    ScriptedWorld world;
    world.create("Ada", "");
    ContactPatch phone;
    phone.texts = {{"phone", "+44 20 7946 0958"}};
    const ContactId ada = world.only().id;
    REQUIRE(world.contacts->update(world.customer, ada, phone, std::nullopt, {}).is_ok());
    const RemoteId record(
        world.pipedrive.person_creates({{"name", "A. Lovelace"}, {"phone", "0044 20 79460958"}}));
    world.settle();
    check_quiet(world);
    const sync::CustomerNotes notes = world.notes();
    const sync::Hold* hold = find_hold(notes, kPipedrive, record.text);
    REQUIRE(hold != nullptr);
    CHECK(hold->suggested == ada);
    CHECK(world.writes() == 0);
    REQUIRE(world.service->link_hold(world.customer, {kPipedrive, record}, ada, "ann").is_ok());
    world.settle();
    check_quiet(world);
    CHECK(world.only().id == ada);
    CHECK(world.pipedrive.live_ids().size() == 1);
    CHECK(world.hubspot.live_ids().empty());
    CHECK(world.pipedrive.values(record.text).at("name") == "Ada");
    CHECK(world.notes().holds.empty());
}

TEST_CASE("situation 94: one person who appears in all three places at once is one triple") {
    ScriptedWorld world({.settle = seconds(60), .late = seconds(60)});
    world.create("Ada", kAdaEmail);
    world.hubspot.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    world.pipedrive.person_creates({{"name", "Ada"}, {"email", kAdaEmail}});
    world.settle();
    CHECK(world.live().size() == 1);
    CHECK(world.hubspot.live_ids().size() == 1);
    CHECK(world.pipedrive.live_ids().size() == 1);
    CHECK(world.writes() == 0);
}

TEST_CASE("situation 95: a contact made again after its delete is a new one, and lives") {
    ScriptedWorld world;
    settle_ada(world);
    const ContactId old = world.only().id;
    world.remove(kAdaEmail);
    const Contact again = world.create("Ada again", kAdaEmail);
    world.settle();
    CHECK_FALSE(again.id == old);
    CHECK(world.only().id == again.id);
    CHECK(world.hubspot.text_of(kAdaEmail, "name") == "Ada again");
    CHECK(world.pipedrive.text_of(kAdaEmail, "name") == "Ada again");
    check_quiet(world);
}

}  // namespace
}  // namespace crm::test
