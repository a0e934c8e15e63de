// Which record is the one of a create that ended without an answer, where nothing marks it.
#include "server/sync/own_creates.h"

#include <doctest/doctest.h>

#include "server/sync/observe.h"
#include "tests/support/observe_bench.h"

namespace crm::sync {
namespace {

/// A create of "Ada" with e-mail and phone ended without an answer; it may arrive until 100 s, and
/// a listing that starts at 110 s or later shows it if it did. The first listing starts at 60 s.
class LostCreate : public ObserveBench {
   public:
    LostCreate() {
        step = 60;
        ContactNotes& contact = add("a", "Ada");
        contact.contact.fields.phone = "555 1234";
        Intent& intent = contact.systems[kHub].intent.emplace();
        intent.raw = {{"name", "Ada"}, {"email", "a@x.org"}, {"phone", "555 1234"}};
        intent.app = intent.raw;
        intent.email_key = "a@x.org";
        intent.is_unknown = true;
        intent.deadline = at(100);
    }
    ContactNotes& ada() { return notes.contacts.at(ContactId("a")); }
};

RemoteRecord with_phone(RemoteRecord shown, const std::string& phone) {
    shown.values["phone"] = phone;
    return shown;
}

RemoteRecord exact(const std::string& id) {
    return with_phone(record(id, "Ada", "a@x.org"), "555 1234");
}

TEST_CASE("own creates: a record that shows all that was sent is ours at once") {
    LostCreate bench;
    const Observed observed = bench.see({record("9", "Ben", "a@x.org"), exact("10")}, false);
    CHECK(bench.record_of("a") == "10");
    CHECK(observed.died.empty());
    REQUIRE(bench.hold("9") != nullptr);
    CHECK(bench.hold("9")->reason == HoldReason::Duplicate);
}

TEST_CASE("own creates: while ours may still arrive, a record that only has its e-mail waits") {
    LostCreate bench;
    const Observed early = bench.see({record("9", "Ben", "a@x.org")});
    CHECK(bench.record_of("a").empty());
    CHECK(bench.standing("a").intent.has_value());
    REQUIRE(bench.hold("9") != nullptr);
    CHECK(bench.hold("9")->contact == ContactId("a"));
    CHECK(bench.hold("9")->message.find("still being created") != std::string::npos);
    CHECK(early.decidable_at == at(110));
    SUBCASE("ours arrives: it is the one") {
        (void)bench.see({record("9", "Ben", "a@x.org"), exact("10")});
        CHECK(bench.record_of("a") == "10");
        CHECK(bench.hold("9") != nullptr);
    }
    SUBCASE("ours was lost: the other one becomes the contact's, with what it shows") {
        const Observed late = bench.see({record("9", "Ben", "a@x.org")});
        CHECK(bench.record_of("a") == "9");
        CHECK(bench.hold("9") == nullptr);
        REQUIRE(late.conflicts.size() == 1);
        CHECK(late.conflicts.front().remote_value == "Ben");
    }
    SUBCASE("a listing that was cut short decides nothing") {
        (void)bench.see({record("9", "Ben", "a@x.org")}, false);
        CHECK(bench.record_of("a").empty());
        CHECK(bench.hold("9") != nullptr);
    }
}

TEST_CASE("own creates: of two records with the e-mail, ours is the one that shows more of it") {
    LostCreate bench;
    bench.step = 200;
    const RemoteRecord edited = with_phone(record("10", "Ada K.", "a@x.org"), "555 1234");
    (void)bench.see({record("9", "Ben", "a@x.org"), edited});
    CHECK(bench.record_of("a") == "10");
    CHECK(bench.hold("9") != nullptr);
}

TEST_CASE("own creates: two other texts say more than the e-mail that somebody took over") {
    LostCreate bench;
    RemoteRecord edited = exact("10");
    edited.values["email"] = "other@x.org";
    SUBCASE("both are there") {
        bench.step = 200;
        (void)bench.see({record("9", "Ben", "a@x.org"), edited});
        CHECK(bench.record_of("a") == "10");
    }
    SUBCASE("alone it waits as well") {
        (void)bench.see({edited});
        CHECK(bench.record_of("a").empty());
        REQUIRE(bench.hold("10") != nullptr);
        (void)bench.see({edited});
        CHECK(bench.record_of("a") == "10");
    }
}

TEST_CASE("own creates: of a contact that was deleted, ours goes as soon as it can be told") {
    LostCreate bench;
    bench.ada().contact.deleted = true;
    bench.notes.suppressed["a@x.org"] = ContactId("a");
    const RemoteRecord others = record("9", "Ben", "a@x.org");
    RemoteRecord edited = exact("10");
    const Observed early = bench.see({others});
    CHECK(early.died.empty());
    REQUIRE(bench.hold("9") != nullptr);
    CHECK(bench.hold("9")->reason == HoldReason::Suppressed);
    SUBCASE("ours, and not the one that somebody made with its e-mail") {
        edited.values["email"] = "other@x.org";
        const Observed late = bench.see({others, edited});
        REQUIRE(late.died.size() == 1);
        CHECK(late.died.front().first.second == RemoteId("10"));
        CHECK(late.arrived.empty());
        CHECK(bench.hold("9") != nullptr);
    }
    SUBCASE("the only one there is, with what it said kept in the trash") {
        const Observed late = bench.see({others});
        REQUIRE(late.died.size() == 1);
        CHECK(late.died.front().first.second == RemoteId("9"));
        REQUIRE_FALSE(late.conflicts.empty());
        CHECK(late.conflicts.front().remote_value == "Ben");
    }
}

TEST_CASE("own creates: what a record showed while it waited is not forgotten") {
    LostCreate bench;
    (void)bench.see({with_phone(record("10", "Ada", "a@x.org"), "555 9999")});
    REQUIRE(bench.hold("10") != nullptr);
    // An older reading: what it shows may have been replaced by what was seen before.
    (void)bench.see({exact("10")});
    REQUIRE(bench.record_of("a") == "10");
    CHECK(bench.standing("a").link->fields.at("phone").doubt_until > bench.started());
}

TEST_CASE("own creates: what a record showed while it waited still tells whose it is") {
    LostCreate bench;
    RemoteRecord shown = exact("10");
    shown.values["name"] = "Ada K.";
    (void)bench.see({shown});
    REQUIRE(bench.hold("10") != nullptr);
    // Edited again: now it has the phone only, which says nothing by itself.
    shown.values["email"] = "other@x.org";
    const Observed late = bench.see({record("9", "Ben", "a@x.org"), shown});
    CHECK(bench.record_of("a") == "10");
    CHECK(late.arrived.empty());
    REQUIRE(bench.hold("9") != nullptr);
}

TEST_CASE("own creates: a record that had only the e-mail, and gave it up, is not ours") {
    LostCreate bench;
    (void)bench.see({record("9", "Ben", "a@x.org")});
    REQUIRE(bench.hold("9") != nullptr);
    const Observed late = bench.see({record("9", "Ben", "ben@x.org")});
    CHECK(bench.record_of("a").empty());
    CHECK(late.arrived.size() == 1);
}

TEST_CASE("own creates: two creates without an answer each find their own record") {
    LostCreate bench;
    ContactNotes& other = bench.add("b", "Ben");
    Intent& intent = other.systems[kHub].intent.emplace(*bench.standing("a").intent);
    intent.raw = {{"name", "Ben"}, {"email", "b@x.org"}, {"phone", "555 1234"}};
    intent.email_key = "b@x.org";
    bench.step = 200;
    // Each shows two texts of what was sent for Ben, but the second one all of it.
    RemoteRecord edited = exact("10");
    edited.values["name"] = "Ben";
    (void)bench.see({edited, with_phone(record("11", "Ben", "b@x.org"), "555 1234")});
    CHECK(bench.record_of("a") == "10");
    CHECK(bench.record_of("b") == "11");
}

}  // namespace
}  // namespace crm::sync
