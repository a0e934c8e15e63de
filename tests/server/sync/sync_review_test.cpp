// What waits for a person, and what a person's decision does: conflicts.
#include <doctest/doctest.h>

#include "server/store/sync_store.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

/// A bench in which Ada's name was changed here and in HubSpot between two runs.
class Disputed : public SyncBench {
   public:
    Disputed() {
        ada = create("Ada", "ada@example.org");
        run();
        edit(ada.id, "name", "Ada from here");
        hubspot.person_edits(
            hubspot.ids_with_email("ada@example.org").front(), "name", "Ada there");
        run();
    }
    api::ConflictPage page(const api::ConflictQuery& query = {}) {
        auto page = service->conflicts(customer, query);
        REQUIRE(page.is_ok());
        return page.take();
    }
    Result<api::Conflict> decide(const api::Resolution& wanted) {
        return service->resolve(customer, page().conflicts.back().id, wanted, "ann");
    }
    Error refusal(const api::Resolution& wanted) {
        auto decided = decide(wanted);
        REQUIRE_FALSE(decided.is_ok());
        return decided.error();
    }
    /// A conflict as the engine may have recorded it.
    void record(const std::string& system, const std::string& field, const std::string& state) {
        auto transaction = store.database().begin_write();
        REQUIRE(transaction.is_ok());
        sync::ConflictRow row;
        row.contact = ada.id;
        row.system = SystemKey(system);
        row.field = field;
        row.winner = row.app_value = "ours";
        row.remote_value = "theirs";
        row.kind = "both_changed";
        row.state = state;
        REQUIRE(store::add_conflict(transaction.value(), customer, row).is_ok());
        REQUIRE(transaction.value().commit().is_ok());
    }
    Contact shown() { return contacts->find(customer, ada.id).take(); }

    Contact ada;
};

TEST_CASE("review: a conflict shows what was agreed on, both sides and the winner") {
    Disputed bench;
    const api::ConflictPage page = bench.page();
    CHECK(page.total == 1);
    CHECK(page.cursor.empty());
    REQUIRE(page.conflicts.size() == 1);
    const api::Conflict& conflict = page.conflicts.front();
    CHECK(conflict.contact_id == bench.ada.id.text);
    CHECK(conflict.contact == "Ada from here");
    CHECK(conflict.field == "name");
    CHECK(conflict.kind == "both_changed");
    CHECK(conflict.state == "auto");
    CHECK(conflict.base == "Ada");
    CHECK(conflict.sides ==
          std::vector<api::ConflictSide>{{"app", "Ada from here"}, {"hubspot", "Ada there"}});
    CHECK(conflict.winner == "Ada from here");
    CHECK_FALSE(conflict.run_id.empty());
    CHECK(bench.page({.state = "open"}).total == 0);
    CHECK(bench.page({.state = "auto"}).total == 1);
    CHECK(bench.page({.contact_id = bench.ada.id.text}).total == 1);
    CHECK(bench.page({.contact_id = "nobody"}).total == 0);
}

TEST_CASE("review: the side that lost can be chosen, is written everywhere, and nothing is lost") {
    Disputed bench;
    auto decided = bench.decide({.value = {}, .side = "hubspot"});
    REQUIRE(decided.is_ok());
    CHECK(decided.value().state == "resolved");
    CHECK(decided.value().resolution == "Ada there");
    CHECK(decided.value().resolved_by == "ann");
    CHECK(decided.value().resolved_at == bench.clock.now());
    bench.run();
    CHECK(bench.only().fields.name == "Ada there");
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada there");
    CHECK(text_in(bench.pipedrive, "ada@example.org", "name") == "Ada there");
    const api::Conflict kept = bench.page({.state = "resolved"}).conflicts.at(0);
    CHECK(kept.sides.front().value == "Ada from here");
    CHECK(kept.winner == "Ada from here");
    CHECK(bench.conflicts().size() == 1);
    auto history = bench.contacts->history(bench.customer, bench.ada.id);
    REQUIRE(history.is_ok());
    CHECK(std::any_of(history.value().begin(), history.value().end(), [](const auto& line) {
        return line.actor == "ann" && line.note.find("HubSpot") != std::string::npos;
    }));
}

TEST_CASE("review: a third value can be chosen, and has to be one that the field can hold") {
    Disputed bench;
    CHECK(bench.refusal({.value = std::string(1000, 'n')}).code == ErrorCode::InvalidArgument);
    CHECK(bench.refusal({.value = std::string(1000, 'n')}).fields.count("value") == 1);
    CHECK(bench.refusal({.value = {}, .side = "pipedrive"}).fields.count("side") == 1);
    REQUIRE(bench.decide({.value = " Ada Lovelace "}).is_ok());
    CHECK(bench.only().fields.name == "Ada Lovelace");
    bench.run();
    CHECK(text_in(bench.hubspot, "ada@example.org", "name") == "Ada Lovelace");
}

TEST_CASE("review: a field that was changed since is replaced only on purpose") {
    Disputed bench;
    bench.edit(bench.ada.id, "name", "Ada later");
    const Error error = bench.refusal({.value = {}, .side = "hubspot"});
    CHECK(error.code == ErrorCode::Conflict);
    CHECK(error.message.find("Ada later") != std::string::npos);
    CHECK(error.details_json == R"({"current":"Ada later"})");
    CHECK(bench.only().fields.name == "Ada later");
    CHECK(bench.page({.state = "resolved"}).total == 0);
    CHECK(bench.decide({.value = "Ada later"}).is_ok());
    REQUIRE(bench.decide({.value = {}, .side = "hubspot", .is_forced = true}).is_ok());
    CHECK(bench.only().fields.name == "Ada there");
}

TEST_CASE("review: a decision stands; the same again is no change, another needs force") {
    Disputed bench;
    REQUIRE(bench.decide({.value = {}, .side = "hubspot"}).is_ok());
    const std::int64_t version = bench.only().version;
    CHECK(bench.decide({.value = {}, .side = "hubspot"}).is_ok());
    CHECK(bench.only().version == version);
    CHECK(bench.refusal({.value = {}, .side = "app"}).message.find("ann") != std::string::npos);
    CHECK(bench.only().version == version);
}

TEST_CASE("review: an e-mail that another contact has is not taken from it") {
    Disputed bench;
    bench.create("Boris", "boris@example.org");
    bench.record("hubspot", "email", "open");
    auto newest = bench.page().conflicts.front();
    REQUIRE(newest.field == "email");
    auto taken =
        bench.service->resolve(bench.customer,
                               newest.id,
                               {.value = "boris@example.org", .side = {}, .is_forced = true},
                               "");
    REQUIRE_FALSE(taken.is_ok());
    CHECK(taken.error().code == ErrorCode::Conflict);
    CHECK(bench.page({.state = "open"}).total == 1);
}

TEST_CASE("review: an open conflict shows on the contact, and deciding it ends all that waited") {
    Disputed bench;
    bench.record("hubspot", "jobTitle", "open");
    bench.record("pipedrive", "jobTitle", "open");
    bench.record("pipedrive", "phone", "open");
    {
        auto transaction = bench.store.database().begin_write();
        REQUIRE(transaction.is_ok());
        sync::CustomerNotes notes = bench.notes();
        sync::Standing standing =
            notes.contacts.at(bench.ada.id).systems.at(SystemKey("pipedrive"));
        standing.oscillations["jobTitle"].is_frozen = true;
        standing.parked["jobTitle"] = {"x", "too_long", "It is too long there.", {}};
        REQUIRE(
            store::save_standing(transaction.value(), bench.ada, SystemKey("pipedrive"), standing)
                .is_ok());
        REQUIRE(transaction.value().commit().is_ok());
    }
    CHECK(bench.shown().links.at(SystemKey("hubspot")).state == LinkState::Conflict);
    CHECK_FALSE(bench.shown().links.at(SystemKey("hubspot")).reason.empty());
    const std::string first = bench.page({.state = "open"}).conflicts.back().id;
    REQUIRE(
        bench.service
            ->resolve(
                bench.customer, first, {.value = "Countess", .side = {}, .is_forced = true}, "ann")
            .is_ok());
    CHECK(bench.page({.state = "open"}).total == 1);
    CHECK(bench.page({.state = "resolved"}).total == 2);
    CHECK(bench.shown().links.at(SystemKey("hubspot")).state != LinkState::Conflict);
    CHECK(bench.shown().links.at(SystemKey("pipedrive")).state == LinkState::Conflict);
    const auto after = bench.notes().contacts.at(bench.ada.id).systems.at(SystemKey("pipedrive"));
    CHECK(after.oscillations.empty());
    CHECK(after.parked.empty());
    bench.run();
    CHECK(text_in(bench.pipedrive, "ada@example.org", "jobTitle") == "Countess");
}

TEST_CASE("review: conflicts come in pages, newest first") {
    Disputed bench;
    bench.record("hubspot", "phone", "open");
    bench.record("hubspot", "jobTitle", "open");
    std::vector<std::string> fields;
    api::ConflictQuery query{.state = {}, .contact_id = {}, .limit = 2, .cursor = {}};
    const api::ConflictPage first = bench.page(query);
    CHECK(first.total == 3);
    CHECK(first.conflicts.front().field == "jobTitle");
    query.cursor = first.cursor;
    const api::ConflictPage last = bench.page(query);
    REQUIRE(last.conflicts.size() == 1);
    CHECK(last.conflicts.front().field == "name");
    CHECK(last.cursor.empty());
    query.cursor = "page two";
    CHECK(bench.service->conflicts(bench.customer, query).error().code == ErrorCode::BadRequest);
}

TEST_CASE("review: conflicts of others, or that never were, are not found") {
    Disputed bench;
    const std::string id = bench.page().conflicts.front().id;
    const api::Resolution wanted{.value = "Eve", .side = {}, .is_forced = true};
    CHECK(bench.service->resolve(CustomerId("other"), id, wanted, "eve").error().code ==
          ErrorCode::NotFound);
    auto foreign = bench.service->conflicts(CustomerId("other"), {});
    REQUIRE(foreign.is_ok());
    CHECK(foreign.value().total == 0);
    for (const std::string wrong : {"0", "-1", "99", "one", "1x", "99999999999999999999999"}) {
        CAPTURE(wrong);
        CHECK(bench.service->resolve(bench.customer, wrong, wanted, "eve").error().code ==
              ErrorCode::NotFound);
    }
    REQUIRE(bench.contacts->remove(bench.customer, bench.ada.id, {}).is_ok());
    CHECK(bench.refusal(wanted).code == ErrorCode::Conflict);
}

const api::SystemSync& in(const std::vector<api::SystemSync>& all, const std::string& system) {
    return *std::find_if(
        all.begin(), all.end(), [&](const auto& one) { return one.system == system; });
}

TEST_CASE("review: every contact says why it stands in each system as it does") {
    SyncBench bench(1, std::chrono::seconds(60), std::chrono::seconds(60));
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.pipedrive.person_creates({{"name", "Boris"}, {"email", "boris@example.org"}});
    bench.run();
    const auto why = [&](const ContactId& id) { return bench.service->why(bench.customer, id); };
    const auto synced = why(ada.id);
    REQUIRE(synced.is_ok());
    REQUIRE(synced.value().size() == 2);
    const api::SystemSync& hubspot = in(synced.value(), "hubspot");
    CHECK(hubspot.state == "synced");
    CHECK(hubspot.reason.back() == '.');
    CHECK(hubspot.record_id == bench.hubspot.ids_with_email("ada@example.org").front());
    CHECK(hubspot.linked_at);
    REQUIRE(hubspot.fields.size() == 5);
    CHECK(hubspot.fields[0].field == "name");
    CHECK(hubspot.fields[0].ours == "Ada");
    CHECK(hubspot.fields[0].received == "Ada");
    CHECK_FALSE(hubspot.open_call);

    bench.hubspot.faults.lost_answer = 100;
    bench.edit(ada.id, "name", "Ada L");
    bench.run();
    const auto open = why(ada.id);
    REQUIRE(open.is_ok());
    CHECK(in(open.value(), "hubspot").state == "pending");
    REQUIRE(in(open.value(), "hubspot").open_call);
    CHECK(in(open.value(), "hubspot").open_call->kind == "update");
    CHECK(in(open.value(), "hubspot").open_call->deadline);

    CHECK(why(ContactId("nobody")).error().code == ErrorCode::NotFound);
    CHECK(bench.service->why(CustomerId("other"), ada.id).error().code == ErrorCode::NotFound);
}

TEST_CASE("review: who keeps an e-mail to itself is named") {
    SyncBench bench;
    const Contact ada = bench.create("Ada Lovelace", "ada@example.org");
    bench.run();
    // The e-mail leaves Ada here while HubSpot does not hear of it, and a new contact takes it.
    bench.hubspot.faults.lost_request = 100;
    bench.edit(ada.id, "email", "countess@example.org");
    const Contact other = bench.create("Annabella", "ada@example.org");
    bench.run();
    const auto why = bench.service->why(bench.customer, other.id);
    REQUIRE(why.is_ok());
    const std::string& reason = in(why.value(), "hubspot").reason;
    CAPTURE(reason);
    CHECK(reason.find("belongs to HubSpot record") != std::string::npos);
    CHECK(reason.find("Ada Lovelace") != std::string::npos);
}

TEST_CASE("review: a person says that a vanished record is created anew, and it is, once") {
    SyncBench bench;
    bench.settings.systems.front().vanish = sync::VanishPolicy::Ask;
    bench.restart();
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    const auto ask = [&] {
        return bench.service->create_anew(bench.customer, ada.id, SystemKey("hubspot"), "ann");
    };
    REQUIRE_FALSE(ask().is_ok());  // it has a record there
    bench.hubspot.person_deletes(bench.hubspot.live_ids().front());
    for (int i = 0; i < 5; ++i) {
        bench.clock.advance(std::chrono::seconds(60));
        bench.run();
    }
    CHECK(bench.hubspot.live_ids().empty());
    const auto asked = ask();
    REQUIRE(asked.is_ok());
    CHECK(asked.value().front().state == "pending");
    CHECK(bench.contacts->history(bench.customer, ada.id).value().front().actor == "ann");
    bench.run();
    bench.run();
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(ask().error().code == ErrorCode::Conflict);
    CHECK(bench.service->create_anew(CustomerId("other"), ada.id, SystemKey("hubspot"), "eve")
              .error()
              .code == ErrorCode::NotFound);
    CHECK(
        bench.service->create_anew(bench.customer, ada.id, SystemKey("none"), "ann").error().code ==
        ErrorCode::NotFound);
}

}  // namespace
}  // namespace crm::test
