#include "server/store/contact_store.h"

#include <algorithm>

#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

Contact load(Database& database, const std::string& id) {
    auto snapshot = database.begin_read();
    REQUIRE(snapshot.is_ok());
    auto found = find_contact(snapshot.value(), test::kAcme, ContactId(id));
    REQUIRE(found.is_ok());
    REQUIRE(found.value().has_value());
    return *found.value();
}

}  // namespace

TEST_CASE("contact store: a contact comes back exactly as it went in") {
    test::TempStore files;
    Contact contact = test::make_contact("1", "O'Brien \"x\" \xF0\x9F\x90\xB1", "Ann@X.com");
    contact.fields.notes = "first line\nsecond\ttab; DROP TABLE contacts; --";
    contact.fields.tags = {"a;b", "vip"};
    contact.fields.more_emails = {{"b@x.com", "work"}, {"c@x.com", ""}};
    contact.fields.more_phones = {{"+1 (2) 3", "\"home\""}};
    contact.version = 7;
    contact.arriving = true;
    contact.sources = {"hubspot"};
    contact.updated_at = test::at_ms(1'767'225'600'123);
    test::insert(files.database(), contact);
    CHECK(load(files.database(), "1") == contact);
}

TEST_CASE("contact store: random contacts come back exactly, new and updated") {
    test::TempStore files;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random(seed);
        Contact contact = test::random_contact(random);
        test::insert(files.database(), contact);
        CHECK(load(files.database(), contact.id.text) == contact);
        const Contact other = test::random_contact(random);
        contact.fields = other.fields;
        contact.deleted = other.deleted;
        contact.updated_at = other.updated_at;
        contact.version = 2;
        test::write(files.database(), [&](Transaction& transaction) {
            REQUIRE(update_contact(transaction, contact, 1).is_ok());
        });
        CHECK(load(files.database(), contact.id.text) == contact);
    }
}

TEST_CASE("contact store: an update names the version that it replaces") {
    test::TempStore files;
    Contact contact = test::make_contact("1", "Ann");
    test::insert(files.database(), contact);
    contact.fields.name = "Ann Lee";
    contact.version = 2;
    auto transaction = files.database().begin_write();
    CHECK(update_contact(transaction.value(), contact, 1).is_ok());
    contact.version = 3;
    const Status stale = update_contact(transaction.value(), contact, 1);
    REQUIRE_FALSE(stale.is_ok());
    CHECK(stale.error().code == ErrorCode::VersionMismatch);
    contact.customer_id = test::kGlobex;
    CHECK_FALSE(update_contact(transaction.value(), contact, 2).is_ok());
}

TEST_CASE("contact store: an e-mail finds the live one, and any finds the last tombstone") {
    test::TempStore files;
    const auto add = [&](const std::string& id, const std::string& email, std::int64_t deleted_at) {
        Contact contact = test::make_contact(id, "Ann", email);
        contact.deleted = deleted_at > 0;
        if (contact.deleted) contact.updated_at = test::at_ms(deleted_at);
        test::insert(files.database(), contact);
    };
    add("old", "ann@x.com", 5000);
    add("older", "Ann@x.com", 4000);
    add("live", "ANN@x.com", 0);
    add("gone", "bob@x.com", 1000);
    add("gone later", "bob@x.com", 2000);
    auto snapshot = files.database().begin_read();
    const auto live = [&](const char* key) {
        return find_live_by_email(snapshot.value(), test::kAcme, key).value();
    };
    const auto any = [&](const char* key) {
        return find_any_by_email(snapshot.value(), test::kAcme, key).value();
    };
    REQUIRE(live("ann@x.com").has_value());
    CHECK(live("ann@x.com")->id.text == "live");
    CHECK(any("ann@x.com")->id.text == "live");
    CHECK_FALSE(live("bob@x.com").has_value());
    REQUIRE(any("bob@x.com").has_value());
    CHECK(any("bob@x.com")->id.text == "gone later");
    CHECK_FALSE(live("").has_value());
    CHECK_FALSE(any("").has_value());
    CHECK_FALSE(any("carl@x.com").has_value());
    CHECK_FALSE(find_live_by_email(snapshot.value(), test::kGlobex, "ann@x.com").value());
    CHECK_FALSE(find_any_by_email(snapshot.value(), test::kGlobex, "ann@x.com").value());
}

TEST_CASE("contact store: everyone of a customer, and nobody of another") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("b", "Bob"));
    Contact tombstone = test::make_contact("a", "Ann");
    tombstone.deleted = true;
    test::insert(files.database(), tombstone);
    Contact theirs = test::make_contact("c", "Carl");
    theirs.customer_id = test::kGlobex;
    test::insert(files.database(), theirs);
    auto snapshot = files.database().begin_read();
    const auto ours = load_contacts(snapshot.value(), test::kAcme);
    REQUIRE(ours.is_ok());
    REQUIRE(ours.value().size() == 2);
    CHECK(ours.value()[0] == tombstone);
    CHECK(ours.value()[1].id.text == "b");
    CHECK_FALSE(find_contact(snapshot.value(), test::kAcme, ContactId("c")).value().has_value());
    CHECK(find_contact(snapshot.value(), test::kGlobex, ContactId("c")).value().has_value());
}

TEST_CASE("contact store: probation ends by confirmation or by withdrawal") {
    test::TempStore files;
    for (const char* id : {"confirmed", "withdrawn"}) {
        Contact contact = test::make_contact(id, "Ann");
        contact.arriving = true;
        test::insert(files.database(), contact);
    }
    HistoryLine line;
    line.kind = "imported";
    line.version = 1;
    line.changes = {{"name", "", "Ann"}};
    test::write(files.database(), [&](Transaction& transaction) {
        for (const char* id : {"confirmed", "withdrawn"}) {
            REQUIRE(append_history(transaction, test::kAcme, ContactId(id), line).is_ok());
        }
        CHECK(confirm_contact(transaction, ContactId("confirmed")).is_ok());
        CHECK(withdraw_contact(transaction, ContactId("withdrawn")).is_ok());
        const Status late = withdraw_contact(transaction, ContactId("confirmed"));
        REQUIRE_FALSE(late.is_ok());
        CHECK(late.error().code == ErrorCode::NotFound);
        CHECK_FALSE(withdraw_contact(transaction, ContactId("withdrawn")).is_ok());
    });
    const Contact confirmed = load(files.database(), "confirmed");
    CHECK_FALSE(confirmed.arriving);
    CHECK(confirmed.version == 1);
    auto snapshot = files.database().begin_read();
    CHECK(load_contacts(snapshot.value(), test::kAcme).value().size() == 1);
    CHECK(load_history(snapshot.value(), test::kAcme, ContactId("withdrawn")).value().empty());
    CHECK(load_history(snapshot.value(), test::kAcme, ContactId("confirmed")).value().size() == 1);
}

}  // namespace crm::store
