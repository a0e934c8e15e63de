// A preview tells what a run would do and leaves no trace; a run tells what it did.
#include <algorithm>

#include <doctest/doctest.h>

#include "shared/limits.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using api::RunRecord;
using api::RunState;

api::Run preview(SyncBench& bench) {
    api::Run asked;
    asked.is_preview = true;
    return bench.run(asked);
}

const RunRecord* find_record(const api::Run& run,
                             const std::string& system,
                             const std::string& kind) {
    const auto found =
        std::find_if(run.records.begin(), run.records.end(), [&](const RunRecord& record) {
            return record.system == system && record.kind == kind;
        });
    return found == run.records.end() ? nullptr : &*found;
}

TEST_CASE("preview: every write with fields and reason, and nothing is written anywhere") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    const Contact bob = bench.create("Bob", "bob@example.org");
    bench.run();
    const int writes = bench.writes();
    bench.edit(ada.id, "phone", "+1 555 0100");
    REQUIRE(bench.contacts->remove(bench.customer, bob.id, {}).is_ok());
    bench.create("Cy", "cy@example.org");
    bench.hubspot.person_creates({{"name", "Dee"}, {"email", "dee@example.org"}});
    bench.pipedrive.person_edits(
        bench.pipedrive.ids_with_email("ada@example.org").front(), "jobTitle", "Countess");
    const sync::CustomerNotes before = bench.notes();
    const api::Run shown = preview(bench);
    CHECK(shown.state == RunState::Done);
    CHECK(bench.writes() == writes);
    const sync::CustomerNotes after = bench.notes();
    CHECK(before.contacts == after.contacts);
    CHECK(before.systems == after.systems);
    CHECK(before.holds == after.holds);

    const RunRecord* update = find_record(shown, "hubspot", "update");
    REQUIRE(update != nullptr);
    CHECK(update->title == "Ada");
    CHECK(update->outcome == "planned");
    CHECK(update->reason == "Changed here.");
    REQUIRE(update->changes.size() == 2);  // the phone, and what Pipedrive just showed
    CHECK(update->changes[1] == FieldChange{"phone", "", "+1 555 0100"});
    const RunRecord* remove = find_record(shown, "pipedrive", "delete");
    REQUIRE(remove != nullptr);
    CHECK(remove->reason == "Deleted here.");
    const RunRecord* create = find_record(shown, "pipedrive", "create");
    REQUIRE(create != nullptr);
    CHECK(create->title == "Cy");
    CHECK(create->reason == "Not in Pipedrive yet.");
    const RunRecord* arrival = find_record(shown, "app", "create");
    REQUIRE(arrival != nullptr);
    CHECK(arrival->title == "Dee");
    CHECK(arrival->reason == "New in HubSpot.");
    const RunRecord* edit = find_record(shown, "app", "update");
    REQUIRE(edit != nullptr);
    CHECK(edit->reason == "Changed in Pipedrive.");
    CHECK(edit->changes.front() == FieldChange{"jobTitle", "", "Countess"});
    // A listing, an update, a deletion and a creation.
    CHECK(shown.calls_needed.at("hubspot") == 4);
    CHECK(shown.records_total == static_cast<std::int64_t>(shown.records.size()));

    // The run that follows does just that, and says so.
    const api::Run done = bench.run();
    const RunRecord* written = find_record(done, "hubspot", "update");
    REQUIRE(written != nullptr);
    CHECK(written->outcome == "done");
    CHECK(written->changes == update->changes);
    CHECK(find_record(done, "app", "create") != nullptr);
}

TEST_CASE("preview: what arrives in one system is told as a create in the others, too") {
    SyncBench bench;
    bench.hubspot.person_creates(
        {{"name", "Ada"}, {"email", "ada@example.org"}, {"phone", "+1 555 0100"}});
    bench.hubspot.person_creates({{"name", "Bob"}, {"email", "bob@example.org"}});
    bench.pipedrive.person_creates({{"name", "Bob"}, {"email", "bob@example.org"}});
    const api::Run shown = preview(bench);
    const RunRecord* create = find_record(shown, "pipedrive", "create");
    REQUIRE(create != nullptr);
    CHECK(create->title == "Ada");
    CHECK(create->contact_id.empty());
    CHECK(create->reason == "Not in Pipedrive yet.");
    CHECK(shown.calls_needed.at("pipedrive") == 2);  // the listing and the create
    CHECK(find_record(shown, "hubspot", "create") == nullptr);
    CHECK(bench.live().empty());
    CHECK(bench.writes() == 0);
}

TEST_CASE("preview: it is in the log, uses no grant and supersedes no held run") {
    SyncBench bench;
    bench.settings.delete_limit = 1;
    std::vector<Contact> made;
    for (int i = 0; i < 3; ++i)
        made.push_back(
            bench.create("C" + std::to_string(i), "c" + std::to_string(i) + "@example.org"));
    bench.run();
    for (const Contact& contact : made)
        REQUIRE(bench.contacts->remove(bench.customer, contact.id, {}).is_ok());
    const api::Run held = bench.run();
    REQUIRE(held.state == RunState::Held);
    const api::Run shown = preview(bench);
    CHECK(shown.state == RunState::Done);
    CHECK(find_record(shown, "hubspot", "delete")->outcome == "held");
    CHECK(bench.service->find_run(bench.customer, held.id).value().state == RunState::Held);
    CHECK(bench.service->find_run(bench.customer, shown.id).value() == shown);
    REQUIRE(bench.service->approve(bench.customer, held.id).is_ok());
    CHECK(find_record(preview(bench), "hubspot", "delete")->outcome == "planned");
    bench.run();
    CHECK(bench.hubspot.live_ids().empty());
}

TEST_CASE("records: a held run lists what it held back, whatever brake held it") {
    SyncBench bench;
    bench.settings.is_first_sync_automatic = false;
    bench.create("Ada", "ada@example.org");
    bench.hubspot.person_creates({{"name", "Boris"}, {"email", "boris@example.org"}});
    const api::Run held = bench.run();
    REQUIRE(held.state == RunState::Held);
    REQUIRE(find_record(held, "app", "create") != nullptr);
    CHECK(find_record(held, "app", "create")->title == "Boris");
    REQUIRE(find_record(held, "hubspot", "create") != nullptr);
    CHECK(find_record(held, "hubspot", "create")->title == "Ada");
    CHECK(std::all_of(held.records.begin(), held.records.end(), [](const RunRecord& record) {
        return record.outcome == "held";
    }));
}

TEST_CASE("records: at most so many are kept, the count goes on, and long values are cut") {
    SyncBench bench;
    for (std::size_t i = 0; i < kRunRecordsMax; ++i)
        bench.create("C" + std::to_string(i), "c" + std::to_string(i) + "@example.org");
    const api::Run run = bench.run();
    CHECK(run.records.size() == kRunRecordsMax);
    CHECK(run.records_total == static_cast<std::int64_t>(2 * kRunRecordsMax));
    CHECK(bench.run().records.empty());
}

}  // namespace
}  // namespace crm::test
