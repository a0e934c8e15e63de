// What the sync engine remembers comes back from the disk exactly as it was.
#include "server/store/sync_store.h"

#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

const SystemKey kHubSpot{"hubspot"};

sync::FieldShadow make_shadow() {
    sync::FieldShadow shadow;
    shadow.raw = "Ada & Co = 100%";
    shadow.app = "Ada";
    shadow.settle_until = test::at_ms(2001);
    shadow.is_settling_own = true;
    shadow.doubt_until = test::at_ms(2002);
    shadow.superseded = {{"A", test::at_ms(2003)},
                         {"", test::at_ms(2004), std::chrono::seconds(5)}};
    shadow.sent = {{"Ada Byron", "Ada", test::at_ms(2005)}, {"Ada King", "", test::at_ms(2006)}};
    shadow.lost = {{"Ada Byron", "Ada B", test::at_ms(2007)}};
    shadow.noted = {"Grace", "Ada\nnext line"};
    return shadow;
}

sync::Standing make_standing() {
    sync::Standing standing;
    standing.link.emplace();
    standing.link->id = RemoteId("4411");
    standing.link->url = "https://crm.example/4411";
    standing.link->linked_at = test::at_ms(1001);
    standing.link->visible_until = test::at_ms(1002);
    standing.link->absent_count = 2;
    standing.link->last_absent_start = test::at_ms(1003);
    standing.link->delete_acked = test::at_ms(1004);
    standing.link->confirmed_gone = test::at_ms(1005);
    standing.link->redeletes = 1;
    standing.link->is_dying = true;
    standing.link->synced_at = test::at_ms(1006);
    standing.link->version = 12;
    standing.link->fields = {{"name", make_shadow()}, {"phone", {}}};
    standing.intent.emplace();
    standing.intent->kind = sync::IntentKind::Update;
    standing.intent->id = RemoteId("4411");
    standing.intent->raw = {{"name", "a=b&c"}, {"phone", ""}};
    standing.intent->app = {{"name", "A"}, {"phone", ""}};
    standing.intent->email_key = "ada@x.org";
    standing.intent->is_unknown = true;
    standing.intent->sent_at = test::at_ms(1007);
    standing.intent->deadline = test::at_ms(1008);
    standing.intent->absent_count = 1;
    standing.refusal.emplace();
    standing.refusal->kind = sync::IntentKind::Update;
    standing.refusal->code = "refused";
    standing.refusal->message = "HubSpot refused the change";
    standing.refusal->action = "Correct it";
    standing.refusal->raw = {{"phone", "x"}};
    standing.refusal->attempts = 3;
    standing.refusal->next_try_at = test::at_ms(1009);
    standing.has_vanished = true;
    standing.is_detached = true;
    standing.is_merged = true;
    standing.parked["phone"] = {"12", "refused", "Phone is kept here only", test::at_ms(1010)};
    standing.oscillations["name"] = {
        {{"A", 4}, {"B", 5}}, {5, 7}, {test::at_ms(1011), test::at_ms(1012)}, true};
    return standing;
}

sync::ContactNotes load(Database& database, const Contact& contact) {
    auto snapshot = database.begin_read();
    REQUIRE(snapshot.is_ok());
    auto notes = load_contact_notes(snapshot.value(), contact.customer_id, contact.id);
    REQUIRE(notes.is_ok());
    return notes.take();
}

void save(Database& database, const Contact& contact, const sync::Standing& standing) {
    test::write(database, [&](Transaction& transaction) {
        REQUIRE(save_standing(transaction, contact, kHubSpot, standing).is_ok());
    });
}

}  // namespace

TEST_CASE("sync store: a standing comes back exactly as it went in, and a blank one leaves none") {
    test::TempStore files;
    const Contact contact = test::make_contact("1", "Ada", "ada@x.org");
    test::insert(files.database(), contact);
    const sync::Standing standing = make_standing();
    save(files.database(), contact, standing);
    CHECK(load(files.database(), contact).systems.at(kHubSpot) == standing);

    sync::Standing other;
    other.link.emplace();
    other.link->id = RemoteId("4412");
    other.link->fields["name"].lost = {{"", "", test::at_ms(1)}};
    save(files.database(), contact, other);
    CHECK(load(files.database(), contact).systems.at(kHubSpot) == other);

    save(files.database(), contact, {});
    CHECK(load(files.database(), contact).systems.empty());
}

}  // namespace crm::store
