// Records that are held back, whom they are suggested for, and what a person's decision does.
#include <algorithm>

#include <doctest/doctest.h>

#include "server/store/sync_store.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

const api::SystemSync& in(const std::vector<api::SystemSync>& all, const std::string& system) {
    return *std::find_if(
        all.begin(), all.end(), [&](const auto& one) { return one.system == system; });
}

/// A bench in which HubSpot shows one record without e-mail, held back.
class Held : public SyncBench {
   public:
    Held() {
        record = RemoteId(hubspot.person_creates({{"name", "Ada"}, {"phone", "123"}}));
        run();
    }
    api::HoldPage page(const api::HoldQuery& query = {}) {
        auto found = service->holds(customer, query);
        REQUIRE(found.is_ok());
        return found.take();
    }
    /// As the engine may have recorded it.
    void record_hold(const std::string& id, const sync::Hold& hold) {
        auto transaction = store.database().begin_write();
        REQUIRE(transaction.is_ok());
        REQUIRE(store::save_hold(transaction.value(), customer, {hubspot_key, RemoteId(id)}, hold)
                    .is_ok());
        REQUIRE(transaction.value().commit().is_ok());
    }
    ErrorCode link_refusal(const RemoteId& id, const ContactId& contact) {
        auto linked = service->link_hold(customer, {hubspot_key, id}, contact, "ann");
        REQUIRE_FALSE(linked.is_ok());
        return linked.error().code;
    }

    const SystemKey hubspot_key{"hubspot"};
    RemoteId record;
};

TEST_CASE("review: held records are listed with their reason, some or all, in pages") {
    Held bench;
    const api::HoldPage page = bench.page();
    REQUIRE(page.holds.size() == 1);
    CHECK(page.total == 1);
    const api::HeldRecord& hold = page.holds.front();
    CHECK(hold.system == "hubspot");
    CHECK(hold.record_id == bench.record.text);
    CHECK(hold.reason == "no_email");
    CHECK(hold.title == "Ada");
    CHECK_FALSE(hold.message.empty());
    CHECK_FALSE(hold.action.empty());
    CHECK_FALSE(hold.suggestion);

    const Contact boris = bench.create("Boris", "boris@example.org");
    sync::Hold second;
    second.reason = sync::HoldReason::Duplicate;
    second.contact = boris.id;
    bench.record_hold("900", second);
    bench.record_hold("901", second);
    CHECK(bench.page().total == 3);
    CHECK(bench.page({.system = {}, .reason = "duplicate"}).total == 2);
    CHECK(bench.page({.system = {}, .reason = "duplicate"}).holds.front().contact == "Boris");
    CHECK(bench.page({.system = "pipedrive"}).total == 0);
    api::HoldQuery query{.system = {}, .reason = {}, .limit = 2, .cursor = {}};
    query.cursor = bench.page(query).cursor;
    const api::HoldPage rest = bench.page(query);
    REQUIRE(rest.holds.size() == 1);
    CHECK(rest.holds.front().record_id == "901");
    CHECK(rest.total == 3);
    CHECK(rest.cursor.empty());
    CHECK(bench.service->holds(bench.customer, {.system = "sugar"}).error().code ==
          ErrorCode::BadRequest);
    query.cursor = "nowhere";
    CHECK(bench.service->holds(bench.customer, query).error().code == ErrorCode::BadRequest);
    CHECK(bench.service->holds(CustomerId("other"), {}).value().total == 0);
}

TEST_CASE("review: a held record that a person links syncs from then on, both ways") {
    Held bench;
    const Contact ada = bench.create("Ada Lovelace", "ada@example.org");
    const auto linked =
        bench.service->link_hold(bench.customer, {bench.hubspot_key, bench.record}, ada.id, "ann");
    REQUIRE(linked.is_ok());
    CHECK(linked.value().links.at(bench.hubspot_key).id == bench.record);
    CHECK(bench.page().total == 0);
    bench.run();
    CHECK(bench.run().pending == 0);
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.only().fields.phone == "123");
    CHECK(bench.hubspot.values(bench.record.text).at("email") == "ada@example.org");
    CHECK(bench.hubspot.values(bench.record.text).at("name") == "Ada Lovelace");
    bench.hubspot.person_edits(bench.record.text, "jobTitle", "Countess");
    bench.run();
    CHECK(bench.only().fields.job_title == "Countess");
    auto history = bench.contacts->history(bench.customer, ada.id);
    REQUIRE(history.is_ok());
    CHECK(std::any_of(history.value().begin(), history.value().end(), [](const auto& line) {
        return line.kind == "linked" && line.actor == "ann";
    }));
}

TEST_CASE("review: what is taken, dead, deleted or another's is not linked") {
    Held bench;
    const Contact boris = bench.create("Boris", "boris@example.org");
    bench.run();
    CHECK(bench.link_refusal(bench.record, boris.id) == ErrorCode::Conflict);
    CHECK(bench.link_refusal(RemoteId("nobody"), boris.id) == ErrorCode::NotFound);
    CHECK(bench.link_refusal(bench.record, ContactId("nobody")) == ErrorCode::NotFound);
    const Contact cleo = bench.create("Cleo", "cleo@example.org");
    CHECK(bench.service
              ->link_hold(CustomerId("other"), {bench.hubspot_key, bench.record}, cleo.id, "eve")
              .error()
              .code == ErrorCode::NotFound);
    const std::string dead = bench.hubspot.ids_with_email("boris@example.org").front();
    REQUIRE(bench.contacts->remove(bench.customer, boris.id, {}).is_ok());
    bench.record_hold(dead, {.reason = sync::HoldReason::Restored});
    CHECK(bench.link_refusal(RemoteId(dead), cleo.id) == ErrorCode::Conflict);
    CHECK(bench.link_refusal(bench.record, boris.id) == ErrorCode::Conflict);
    CHECK(bench.page().total == 2);
}

TEST_CASE("review: a suggestion that a person refuses stays refused") {
    Held bench;
    const Contact ada = bench.create("Ada Lovelace", "ada@example.org");
    const auto refuse = [&](const std::string& id) {
        return bench.service->refuse_suggestion(bench.customer, {bench.hubspot_key, RemoteId(id)});
    };
    CHECK(refuse(bench.record.text).error().code == ErrorCode::Conflict);
    CHECK(refuse("nobody").error().code == ErrorCode::NotFound);
    sync::Hold hold;
    hold.suggested = ada.id;
    hold.suggestion = "Both have the phone 123.";
    bench.record_hold("900", hold);
    auto refused = refuse("900");
    REQUIRE(refused.is_ok());
    REQUIRE(refused.value().suggestion);
    CHECK(refused.value().suggestion->is_refused);
    CHECK(refused.value().suggestion->contact == "Ada Lovelace");
    CHECK(refuse("900").is_ok());
    CHECK(bench.page().holds.back().suggestion->is_refused);
}

/// As Held, with a contact of the same phone as the record.
class Suggested : public SyncBench {
   public:
    Suggested() {
        record = RemoteId(
            hubspot.person_creates({{"name", "A. Lovelace"}, {"phone", "+44 20 7946 0958"}}));
        ada = create("Ada Lovelace", "ada@example.org");
        edit(ada.id, "phone", "0044 (0)20 7946 0958");
        run();
    }
    api::HeldRecord held() {
        auto found = service->holds(customer, {.system = "hubspot", .reason = "no_email"});
        REQUIRE(found.is_ok());
        REQUIRE(found.value().holds.size() == 1);
        return found.value().holds.front();
    }
    ContactLink link() { return contacts->find(customer, ada.id).take().links.at(hubspot_key); }

    const SystemKey hubspot_key{"hubspot"};
    RemoteId record;
    Contact ada;
};

TEST_CASE("review: who a record without e-mail may be is asked, and nothing is made meanwhile") {
    Suggested bench;
    REQUIRE(bench.held().suggestion);
    CHECK(bench.held().suggestion->contact == "Ada Lovelace");
    CHECK(bench.held().suggestion->reason ==
          "It has the same phone as Ada Lovelace, who has no record in HubSpot.");
    CHECK_FALSE(bench.held().suggestion->is_refused);
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.pipedrive.live_ids().size() == 1);
    CHECK(bench.link().state == LinkState::Conflict);
    const auto why = bench.service->why(bench.customer, bench.ada.id);
    REQUIRE(why.is_ok());
    CHECK(
        in(why.value(), "hubspot").reason.find("record " + bench.record.text + " there has the") !=
        std::string::npos);
    // A further run asks the same, and is quiet.
    const int writes = bench.writes();
    CHECK(bench.run().pending == 0);
    CHECK(bench.writes() == writes);
    CHECK(bench.held().suggestion->contact_id == bench.ada.id.text);
}

TEST_CASE("review: a yes to a suggestion makes one contact of both") {
    Suggested bench;
    REQUIRE(bench.service
                ->link_hold(bench.customer, {bench.hubspot_key, bench.record}, bench.ada.id, "ann")
                .is_ok());
    bench.run();
    CHECK(bench.run().pending == 0);
    CHECK(bench.only().id == bench.ada.id);
    CHECK(bench.hubspot.live_ids().size() == 1);
    CHECK(bench.hubspot.values(bench.record.text).at("email") == "ada@example.org");
    CHECK(bench.link().id == bench.record);
    CHECK(bench.link().state == LinkState::Synced);
    CHECK(bench.service->holds(bench.customer, {}).value().total == 0);
}

TEST_CASE("review: a no to a suggestion lasts over runs and a restart, and the contact goes on") {
    Suggested bench;
    REQUIRE(bench.service->refuse_suggestion(bench.customer, {bench.hubspot_key, bench.record})
                .is_ok());
    bench.run();
    CHECK(bench.hubspot.live_ids().size() == 2);
    CHECK(bench.held().suggestion->is_refused);
    bench.restart();
    bench.hubspot.person_edits(bench.record.text, "name", "Front desk");
    bench.run();
    bench.run();
    REQUIRE(bench.held().suggestion);
    CHECK(bench.held().suggestion->is_refused);
    CHECK(bench.held().title == "Front desk");
    CHECK(bench.hubspot.live_ids().size() == 2);
    CHECK(bench.only().id == bench.ada.id);
}

TEST_CASE("review: a new record with the phone of somebody without e-mail can become that one") {
    for (const bool is_in_time : {true, false}) {
        CAPTURE(is_in_time);
        SyncBench bench(1, std::chrono::seconds(60), std::chrono::seconds(60));
        const SystemKey hubspot("hubspot");
        const Contact ada = bench.create("Ada Lovelace", "");
        bench.edit(ada.id, "phone", "+44 20 7946 0958");
        const RemoteId record(bench.hubspot.person_creates(
            {{"name", "A. Lovelace"}, {"email", "ada@example.org"}, {"phone", "+442079460958"}}));
        bench.run();
        auto held = bench.service->holds(bench.customer, {});
        REQUIRE(held.value().total == 1);
        CHECK(held.value().holds[0].reason == "possible_duplicate");
        CHECK(held.value().holds[0].contact == "A. Lovelace");
        CHECK(held.value().holds[0].suggestion->contact == "Ada Lovelace");
        CHECK(bench.live().size() == 2);
        if (!is_in_time) {
            bench.clock.advance(std::chrono::seconds(200));
            bench.run();
        }
        const auto linked =
            bench.service->link_hold(bench.customer, {hubspot, record}, ada.id, "ann");
        CHECK(linked.is_ok() == is_in_time);
        bench.clock.advance(std::chrono::seconds(200));
        bench.run();
        if (!is_in_time) {
            CHECK(linked.error().code == ErrorCode::Conflict);
            CHECK(linked.error().message.find("the contact A. Lovelace already") !=
                  std::string::npos);
            CHECK(bench.live().size() == 2);
            continue;
        }
        bench.clock.advance(std::chrono::seconds(200));
        bench.run();
        CHECK(bench.only().id == ada.id);
        CHECK(bench.only().fields.email == "ada@example.org");
        CHECK(bench.hubspot.live_ids().size() == 1);
        CHECK(bench.pipedrive.ids_with_email("ada@example.org").size() == 1);
        CHECK(bench.service->holds(bench.customer, {}).value().total == 0);
    }
}

TEST_CASE("review: a record of somebody who was deleted here comes in again when asked for") {
    SyncBench bench;
    const Contact ada = bench.create("Ada", "ada@example.org");
    bench.run();
    REQUIRE(bench.contacts->remove(bench.customer, ada.id, {}).is_ok());
    bench.run();
    const RemoteId again(
        bench.hubspot.person_creates({{"name", "Ada"}, {"email", "ada@example.org"}}));
    bench.run();
    CHECK(bench.live().empty());
    auto held = bench.service->holds(bench.customer, {.system = {}, .reason = "suppressed"});
    REQUIRE(held.is_ok());
    REQUIRE(held.value().total == 1);
    REQUIRE(bench.service->import_hold(bench.customer, {SystemKey("hubspot"), again}).is_ok());
    bench.run();
    bench.run();
    CHECK(bench.only().fields.name == "Ada");
    CHECK_FALSE(bench.only().id == ada.id);
    CHECK(bench.service->holds(bench.customer, {}).value().total == 0);
    CHECK(bench.service->import_hold(bench.customer, {SystemKey("hubspot"), again}).error().code ==
          ErrorCode::NotFound);

    bench.hubspot.person_creates({{"name", "Nobody"}});
    bench.run();
    const auto other = bench.service->holds(bench.customer, {});
    REQUIRE(other.value().total == 1);
    CHECK(bench.service
              ->import_hold(bench.customer,
                            {SystemKey("hubspot"), RemoteId(other.value().holds[0].record_id)})
              .error()
              .code == ErrorCode::Conflict);
}

}  // namespace
}  // namespace crm::test
