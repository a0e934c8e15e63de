// Runs of one system or of one contact, and runs that stop in the middle.
#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunState;

int count_of(const FakeCrm& crm, const std::string& call) {
    const auto found = crm.counts().find(call);
    return found == crm.counts().end() ? 0 : found->second;
}

TEST_CASE("scope: a run of one system leaves the others alone") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    bench.edit(ada.id, "name", "Ada L.");
    const int calls = bench.pipedrive.calls();
    const auto before = bench.notes().systems.at(SystemKey("pipedrive"));
    api::Run asked;
    asked.system = "hubspot";
    const api::Run run = bench.run(asked);
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada L.");
    CHECK(bench.pipedrive.calls() == calls);
    CHECK(bench.notes().systems.at(SystemKey("pipedrive")) == before);
    CHECK(run.calls.count("pipedrive") == 0);
    CHECK(bench.run().pending == 0);
    CHECK(text_in(bench.pipedrive, "ada@example.org", "name") == "Ada L.");
}

TEST_CASE("scope: a run of one contact writes that one only") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    const Contact bob = bench.create("Bob", "bob@example.org");
    bench.run();
    bench.edit(ada.id, "name", "Ada L.");
    bench.edit(bob.id, "name", "Bob M.");
    api::Run asked;
    asked.contact_id = ada.id.text;
    bench.run(asked);
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada L.");
    CHECK(text_in(bench.hubspot, "bob@example.org", "name") == "Bob");
    CHECK(bench.run().pending == 0);
    CHECK(text_in(bench.hubspot, "bob@example.org", "name") == "Bob M.");
}

TEST_CASE("scope: one contact is read by its id where that is possible, and no listing is made") {
    SyncBench bench;
    for (sync::SystemSpec& system : bench.settings.systems) system.has_get = true;
    const Contact ada = bench.create("Ada", "ada@example.org");
    const Contact bob = bench.create("Bob", "bob@example.org");
    bench.run();
    bench.edit(ada.id, "name", "Ada L.");
    bench.hubspot.person_edits(
        bench.hubspot.ids_with_email("ada@example.org").front(), "phone", "+1 555 0100");
    const int lists = count_of(bench.hubspot, "list");
    api::Run asked;
    asked.contact_id = ada.id.text;
    const api::Run run = bench.run(asked);
    CHECK(run.state == RunState::Done);
    CHECK(count_of(bench.hubspot, "list") == lists);
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada L.");
    CHECK(text_in(bench.pipedrive, "ada@example.org", "phone") == "15550100");
    // A contact without a record there needs the listing.
    const Contact cy = bench.create("Cy", "cy@example.org");
    asked.contact_id = cy.id.text;
    bench.run(asked);
    CHECK(count_of(bench.hubspot, "list") == lists + 1);
    CHECK(bench.hubspot.ids_with_email("cy@example.org").size() == 1);
    CHECK(bench.run().pending == 0);
    static_cast<void>(bob);
}

}  // namespace
}  // namespace crm::test
