// What people do with contacts.
#include "server/contacts/contact_service.h"

#include "server/store/contact_store.h"
#include "tests/server/contacts/world.h"

namespace crm {

using test::by;
using test::code_of;
using test::kAcme;
using test::kGlobex;
using test::patch;
using test::World;

TEST_CASE("create: a contact with an id, a version and a line of history") {
    World world;
    const Contact contact =
        world.create(patch({{"name", "Ann Lee"}, {"email", "Ann@X.com"}, {"notes", "likes tea"}}));
    CHECK(contact.id.text.size() == 36);
    CHECK(contact.customer_id == kAcme);
    CHECK(contact.version == 1);
    CHECK_FALSE(contact.deleted);
    CHECK_FALSE(contact.arriving);
    CHECK(contact.fields.email == "Ann@X.com");
    CHECK(contact.created_at == contact.updated_at);
    CHECK(world.find(contact.id) == contact);
    const auto history = world.history(contact.id);
    REQUIRE(history.size() == 1);
    CHECK(history[0].kind == "created");
    CHECK(history[0].actor == "Ann");
    CHECK(history[0].system == "local");
    CHECK(history[0].at == contact.created_at);
    CHECK(history[0].changes == std::vector<FieldChange>{{"name", "", "Ann Lee"},
                                                         {"email", "", "Ann@X.com"},
                                                         {"notes", "", "likes tea"}});
}

TEST_CASE("create: without observer and listener, it came from here") {
    test::TempStore store;
    test::FakeClock clock;
    test::SeededRandom random;
    ContactService service(store.database(), clock, random);
    const auto made = service.create(kAcme, patch({{"name", "Ann"}}), by("Ann"));
    REQUIRE(made.is_ok());
    CHECK(made.value().contact.sources == std::vector<std::string>{"local"});
    CHECK(service.find(kAcme, made.value().contact.id).value() == made.value().contact);
}

TEST_CASE("create: the observer is told in the transaction, everyone else after it") {
    World world;
    const Contact contact = world.create(patch({{"name", "Ann"}}));
    REQUIRE(world.observer.calls.size() == 1);
    CHECK_FALSE(world.observer.calls[0].had_before);
    CHECK(world.observer.calls[0].after.id == contact.id);
    CHECK(world.observer.wakes["acme"] == 1);
    REQUIRE(world.heard.size() == 1);
    CHECK(world.heard[0] == contact);
    CHECK(contact.links.count(SystemKey("hubspot")) == 1);
    CHECK(contact.sources == std::vector<std::string>{"local", "pipedrive"});
}

TEST_CASE("create: nothing is kept and nobody is told when the observer refuses") {
    World world;
    world.observer.is_refusing = true;
    const auto refused = world.service.create(kAcme, patch({{"name", "Ann"}}), by("Ann"));
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().code == ErrorCode::Unavailable);
    CHECK(world.count(Deleted::Included) == 0);
    CHECK(world.heard.empty());
    CHECK(world.observer.wakes.empty());
}

TEST_CASE("create: needs a name, an e-mail or a phone") {
    World world;
    const auto refused = world.service.create(kAcme, patch({{"company", "Acme"}}), by("Ann"));
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().code == ErrorCode::InvalidArgument);
    CHECK(world.count(Deleted::Included) == 0);
    for (const char* field : {"name", "phone"}) world.create(patch({{field, "12345"}}));
    world.create(patch({{"email", "a@x.com"}}));
    CHECK(world.count() == 3);
}

TEST_CASE("create: an e-mail of a live contact updates that contact") {
    World world;
    const Contact first =
        world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}, {"phone", "123 456"}}));
    world.forget();
    const auto second = world.service.create(
        kAcme, patch({{"email", "ANN@X.com"}, {"name", "Ann Lee"}, {"phone", ""}}), by("Bob"));
    REQUIRE(second.is_ok());
    CHECK_FALSE(second.value().is_new);
    const Contact& contact = second.value().contact;
    CHECK(contact.id == first.id);
    CHECK(contact.version == 2);
    CHECK(contact.fields.name == "Ann Lee");
    CHECK(contact.fields.email == "ANN@X.com");
    CHECK(contact.fields.phone.empty());
    CHECK(world.count() == 1);
    CHECK(world.observer.wakes["acme"] == 1);
    CHECK(world.history(first.id).size() == 2);
    CHECK(world.history(first.id)[0].actor == "Bob");
}

TEST_CASE("create: the same again writes nothing") {
    World world;
    const Contact first = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    world.forget();
    const auto second =
        world.service.create(kAcme, patch({{"name", "Ann"}, {"email", "ann@x.com"}}), by("Bob"));
    REQUIRE(second.is_ok());
    CHECK_FALSE(second.value().is_new);
    CHECK(second.value().contact == first);
    CHECK(world.heard.empty());
    CHECK(world.observer.wakes.empty());
}

TEST_CASE("create: an e-mail that only a tombstone has makes a new contact") {
    World world;
    const Contact old = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    REQUIRE(world.service.remove(kAcme, old.id, by("Ann")).is_ok());
    const Contact fresh = world.create(patch({{"name", "Ann 2"}, {"email", "Ann@x.com"}}));
    CHECK(fresh.id != old.id);
    CHECK(fresh.version == 1);
    CHECK(world.find(old.id).deleted);
    CHECK(world.find(old.id).fields.name == "Ann");
    CHECK(world.count(Deleted::Included) == 2);
}

TEST_CASE("create: each customer has e-mails of its own") {
    World world;
    const Contact ours = world.create(patch({{"email", "ann@x.com"}}));
    const Contact theirs = world.create(patch({{"email", "ann@x.com"}}), kGlobex);
    CHECK(ours.id != theirs.id);
    CHECK(world.count() == 1);
    CHECK(world.count(Deleted::Hidden, kGlobex) == 1);
}

TEST_CASE("update: only what is named changes") {
    World world;
    const Contact before =
        world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}, {"company", "Acme"}}));
    const auto updated =
        world.service.update(kAcme, before.id, patch({{"company", ""}}), {}, by("Bob"));
    REQUIRE(updated.is_ok());
    CHECK(updated.value().fields.name == "Ann");
    CHECK(updated.value().fields.company.empty());
    CHECK(updated.value().version == 2);
    CHECK(updated.value().created_at == before.created_at);
    CHECK(updated.value().updated_at > before.updated_at);
    CHECK(world.history(before.id)[0].changes == std::vector<FieldChange>{{"company", "Acme", ""}});
    CHECK(world.find(before.id) == updated.value());
}

TEST_CASE("update: lists are replaced and kept exactly") {
    World world;
    const Contact before = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    ContactPatch lists;
    lists.tags = std::vector<std::string>{"new", "vip"};
    lists.more_emails = std::vector<LabeledValue>{{"b@x.com", "work"}, {"c@x.com", ""}};
    const auto updated = world.service.update(kAcme, before.id, lists, {}, by("Bob"));
    REQUIRE(updated.is_ok());
    const ContactFields& fields = world.find(before.id).fields;
    CHECK(fields.tags == *lists.tags);
    CHECK(fields.more_emails == *lists.more_emails);
    CHECK(world.history(before.id)[0].changes.size() == 2);
}

TEST_CASE("update: no change, no version, no history, no event") {
    World world;
    const Contact before = world.create(patch({{"name", "Ann"}}));
    world.forget();
    const auto same =
        world.service.update(kAcme, before.id, patch({{"name", "Ann"}}), {}, by("Bob"));
    REQUIRE(same.is_ok());
    CHECK(same.value() == before);
    CHECK(world.history(before.id).size() == 1);
    CHECK(world.observer.calls.empty());
    CHECK(world.observer.wakes.empty());
    CHECK(world.heard.empty());
}

TEST_CASE("update: times grow strictly even when the clock does not") {
    World world;
    const Contact contact = world.create(patch({{"name", "Ann"}}));
    world.clock.set(contact.updated_at - std::chrono::hours{5});
    TimePoint last = contact.updated_at;
    for (const char* name : {"B", "C", "D"}) {
        const auto updated =
            world.service.update(kAcme, contact.id, patch({{"name", name}}), {}, by("Bob"));
        REQUIRE(updated.is_ok());
        CHECK(updated.value().updated_at > last);
        last = updated.value().updated_at;
    }
}

TEST_CASE("update: an e-mail of another live contact is a conflict that names it") {
    World world;
    world.create(patch({{"name", "Bob"}, {"email", "bob@x.com"}}));
    const Contact ann = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    const auto refused = world.service.update(
        kAcme, ann.id, patch({{"email", "BOB@x.com"}, {"name", "Eve"}}), {}, by("Ann"));
    REQUIRE(code_of(refused) == ErrorCode::Conflict);
    CHECK(refused.error().fields.count("email") == 1);
    CHECK(refused.error().message.find("Bob") != std::string::npos);
    CHECK(world.find(ann.id) == ann);
    // Its own e-mail in other letters is no conflict.
    CHECK(world.service.update(kAcme, ann.id, patch({{"email", "ANN@x.com"}}), {}, by("Ann"))
              .is_ok());
}

TEST_CASE("update: an unknown, foreign or deleted contact is not changed") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}}));
    const ContactPatch change = patch({{"name", "Eve"}});
    CHECK(code_of(world.service.update(kAcme, ContactId("x"), change, {}, by("Eve"))) ==
          ErrorCode::NotFound);
    CHECK(code_of(world.service.update(kGlobex, ann.id, change, {}, by("Eve"))) ==
          ErrorCode::NotFound);
    REQUIRE(world.service.remove(kAcme, ann.id, by("Ann")).is_ok());
    CHECK(code_of(world.service.update(kAcme, ann.id, change, {}, by("Eve"))) ==
          ErrorCode::Conflict);
    CHECK(world.find(ann.id).fields.name == "Ann");
}

TEST_CASE("remove: a tombstone that keeps its fields, once") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    world.forget();
    const auto removed = world.service.remove(kAcme, ann.id, by("Bob"));
    REQUIRE(removed.is_ok());
    CHECK(removed.value().deleted);
    CHECK(removed.value().version == 2);
    CHECK(removed.value().fields == ann.fields);
    CHECK(world.count() == 0);
    CHECK(world.count(Deleted::Only) == 1);
    CHECK(world.history(ann.id)[0].kind == "deleted");
    CHECK(world.history(ann.id)[0].changes.empty());
    REQUIRE(world.observer.calls.size() == 1);
    CHECK_FALSE(world.observer.calls[0].before.deleted);
    CHECK(world.observer.calls[0].after.deleted);

    const auto again = world.service.remove(kAcme, ann.id, by("Bob"));
    REQUIRE(again.is_ok());
    CHECK(again.value() == removed.value());
    CHECK(world.observer.wakes["acme"] == 1);
    CHECK(world.heard.size() == 1);
    CHECK(world.history(ann.id).size() == 2);
    CHECK(code_of(world.service.remove(kGlobex, ann.id, by("Eve"))) == ErrorCode::NotFound);
}

TEST_CASE("remove by e-mail: in any letters; the tombstone again; nobody") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    CHECK(code_of(world.service.remove_by_email(kGlobex, "ann@x.com", by("Eve"))) ==
          ErrorCode::NotFound);
    const auto removed = world.service.remove_by_email(kAcme, " ANN@X.COM ", by("Bob"));
    REQUIRE(removed.is_ok());
    CHECK(removed.value().id == ann.id);
    CHECK(removed.value().deleted);
    const auto again = world.service.remove_by_email(kAcme, "ann@x.com", by("Bob"));
    REQUIRE(again.is_ok());
    CHECK(again.value() == removed.value());
    for (const char* email : {"bob@x.com", "", "no address", "%", "ann@x.co_"}) {
        CHECK(code_of(world.service.remove_by_email(kAcme, email, by("Bob"))) ==
              ErrorCode::NotFound);
    }
}

TEST_CASE("remove by e-mail: the live contact, not the tombstone before it") {
    World world;
    const Contact old = world.create(patch({{"email", "ann@x.com"}}));
    REQUIRE(world.service.remove(kAcme, old.id, by("Ann")).is_ok());
    const Contact fresh = world.create(patch({{"email", "ann@x.com"}}));
    CHECK(world.service.remove_by_email(kAcme, "ann@x.com", by("Bob")).value().id == fresh.id);
    CHECK(world.count() == 0);
}

TEST_CASE("restore: the same id, alive, unless the e-mail is taken") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    REQUIRE(world.service.remove(kAcme, ann.id, by("Ann")).is_ok());
    const Contact other = world.create(patch({{"name", "Ann 2"}, {"email", "ann@x.com"}}));
    const auto refused = world.service.restore(kAcme, ann.id, by("Ann"));
    REQUIRE(code_of(refused) == ErrorCode::Conflict);
    CHECK(world.find(ann.id).deleted);

    REQUIRE(world.service.remove(kAcme, other.id, by("Ann")).is_ok());
    const auto restored = world.service.restore(kAcme, ann.id, by("Ann"));
    REQUIRE(restored.is_ok());
    CHECK(restored.value().id == ann.id);
    CHECK_FALSE(restored.value().deleted);
    CHECK(restored.value().version == 3);
    CHECK(restored.value().fields == ann.fields);
    CHECK(world.history(ann.id)[0].kind == "restored");

    world.forget();
    CHECK(world.service.restore(kAcme, ann.id, by("Ann")).value() == restored.value());
    CHECK(world.heard.empty());
    CHECK(code_of(world.service.restore(kGlobex, ann.id, by("Eve"))) == ErrorCode::NotFound);
}

TEST_CASE("customers: nobody sees or touches another one's contacts") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}, {"email", "ann@x.com"}}));
    CHECK(code_of(world.service.find(kGlobex, ann.id)) == ErrorCode::NotFound);
    const auto history = world.service.history(kGlobex, ann.id);
    REQUIRE_FALSE(history.is_ok());
    CHECK(history.error().code == ErrorCode::NotFound);
    CHECK(world.count(Deleted::Included, kGlobex) == 0);
    ContactQuery query;
    query.text = "ann";
    CHECK(world.service.list(kGlobex, query).value().contacts.empty());
    CHECK(world.service.list(kAcme, query).value().contacts.size() == 1);
}

TEST_CASE("list: contacts come with their links") {
    World world;
    world.create(patch({{"name", "Ann"}}));
    world.create(patch({{"name", "Bob"}}));
    const auto page = world.service.list(kAcme, {});
    REQUIRE(page.is_ok());
    REQUIRE(page.value().contacts.size() == 2);
    for (const Contact& contact : page.value().contacts) {
        CHECK(contact.links.count(SystemKey("hubspot")) == 1);
    }
}

}  // namespace crm
