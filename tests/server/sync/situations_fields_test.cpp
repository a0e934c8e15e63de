// One field that makes trouble while the rest of its record goes on: refused, taken, edited at the
// last moment. Each test is one of the 98 known situations.
#include <doctest/doctest.h>

#include "tests/server/sync/situations.h"

namespace crm::test {
namespace {

/// HubSpot refuses whatever stands in a field; another field that changed with it must arrive.
void check_parked(const std::string& field, const std::string& code, const std::string& value) {
    CAPTURE(code);
    ScriptedWorld world;
    settle_ada(world);
    world.hubspot.traits.refused = {{field, code}};
    world.edit(kAdaEmail, field, value);
    const std::string now = field == "email" ? value : kAdaEmail;
    world.edit(now, "phone", "+44 20 1");
    const std::string record = world.hubspot.live_ids().front();
    world.settle();
    CHECK(world.hubspot.text(record, "phone") == "+44 20 1");
    CHECK(world.hubspot.text(record, field) != value);
    CHECK(world.find(now).links.at(kHubSpot).id.text == record);
    CHECK(world.pipedrive.text_of(now, field) == value);
    const api::Run run = world.run();
    CHECK(run.problems.size() == 1);  // told once, with its reason
    check_quiet(world);               // and not tried again and again
    // Another value is tried.
    world.hubspot.traits.refused.clear();
    const std::string other = field == "email" ? "other@x.org" : "Other";
    world.edit(now, field, other);
    world.settle();
    CHECK(world.hubspot.text(record, field) == other);
}

TEST_CASE("situation 17: a property that does not exist there keeps nothing else back") {
    check_parked("pronouns", "PROPERTY_DOESNT_EXIST", "she/her");
}

TEST_CASE("situation 18: a property that is read-only there keeps nothing else back") {
    check_parked("jobTitle", "READ_ONLY_VALUE", "Countess");
}

TEST_CASE("situation 19: an e-mail that is invalid there keeps nothing else back") {
    check_parked("email", "invalid_email", "odd@x.org");
}

TEST_CASE("situation 20: a value that is no option there keeps nothing else back") {
    check_parked("jobTitle", "INVALID_OPTION", "Countess");
}

TEST_CASE("situation 29: an e-mail that another record has keeps nothing else back") {
    ScriptedWorld world;
    settle_ada(world);
    const std::string record = world.hubspot.id_of(kAdaEmail);
    // Somebody else's record over there, further back in which no listing looks.
    const std::string other = world.hubspot.person_creates({{"name", "X"}, {"email", "x@x.org"}});
    world.settle();
    world.hubspot.state.records.at(other).other_emails = {"king@x.org"};
    world.edit(kAdaEmail, "email", "king@x.org");
    world.edit("king@x.org", "jobTitle", "Countess");
    api::Run run;
    for (int i = 0; i < 3; ++i) {
        world.clock.advance(world.settings.settle + world.settings.late);
        run = world.run();
    }
    CHECK(world.hubspot.text(record, "jobTitle") == "Countess");
    CHECK(world.hubspot.text(record, "email") == kAdaEmail);
    CHECK(world.pipedrive.text_of("king@x.org", "jobTitle") == "Countess");
    CHECK(find_problem(run, "email_taken") != nullptr);
    // The address becomes free, and is taken without anybody's doing.
    world.hubspot.state.records.at(other).other_emails.clear();
    world.clock.advance(std::chrono::hours(5));
    world.settle();
    CHECK(world.hubspot.text(record, "email") == "king@x.org");
}

TEST_CASE("situation 60: a value edited between our listing and our write is not written over") {
    ScriptedWorld world({.has_get = true});
    settle_ada(world);
    world.edit(kAdaEmail, "phone", "+44 20 1");
    world.settle();
    const std::string record = world.pipedrive.id_of(kAdaEmail);
    world.edit(kAdaEmail, "phone", "+44 20 2");
    bool is_listed = false;
    world.pipedrive.on_edge = [&](CallEdge edge) {
        if (edge != CallEdge::After || is_listed) return;
        is_listed = true;  // the listing has been taken: now somebody types
        world.pipedrive.person_edits(record, "phone", "44209");
    };
    world.settle();
    CHECK(is_listed);
    CHECK(is_on_record(world, "phone", "44209"));
    CHECK(world.only().fields.phone == "+44 20 2");
}

TEST_CASE("situation 86: another field edited between our listing and our write comes in") {
    ScriptedWorld world({.has_get = true});
    settle_ada(world);
    const std::string record = world.hubspot.id_of(kAdaEmail);
    world.edit(kAdaEmail, "name", "Ada King");
    bool is_listed = false;
    world.hubspot.on_edge = [&](CallEdge edge) {
        if (edge != CallEdge::After || is_listed) return;
        is_listed = true;
        world.hubspot.person_edits(record, "jobTitle", "Countess");
    };
    (void)world.run();
    CHECK(world.only().fields.job_title == "Countess");
    CHECK(world.hubspot.text(record, "name") == "Ada King");
    CHECK(world.hubspot.text(record, "jobTitle") == "Countess");
    world.settle();
    CHECK(world.pipedrive.text_of(kAdaEmail, "jobTitle") == "Countess");
    CHECK(world.conflicts().empty());
}

}  // namespace
}  // namespace crm::test
