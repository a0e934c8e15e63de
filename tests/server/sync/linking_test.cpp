// Whose a record is: every row of the table in linking.h that rests on markers and e-mails.
#include "server/sync/linking.h"

#include <doctest/doctest.h>

namespace crm::sync {
namespace {

const SystemKey kHub{"hubspot"};

const SystemSpec& hubspot() {
    static const SystemSpec spec{kHub, "HubSpot", {"name", "email", "phone"}, true, false, 0};
    return spec;
}

ContactNotes& add(CustomerNotes& notes, const std::string& id, const std::string& email) {
    ContactNotes& contact = notes.contacts[ContactId(id)];
    contact.contact.id = ContactId(id);
    contact.contact.fields.name = "Name " + id;
    contact.contact.fields.email = email;
    contact.aliases = {email};
    return contact;
}

ContactNotes& add_linked(CustomerNotes& notes, const std::string& id, const std::string& email) {
    ContactNotes& contact = add(notes, id, email);
    contact.systems[kHub].link = Link{};
    contact.systems[kHub].link->id = RemoteId("r" + id);
    return contact;
}

RemoteRecord record(const std::string& id, const std::string& email) {
    RemoteRecord shown;
    shown.id = RemoteId(id);
    shown.values = {{"name", "Seen " + id}, {"email", email}};
    return shown;
}

LinkChoice choose(const CustomerNotes& notes, const RemoteRecord& shown) {
    const LinkIndex index(notes, hubspot());
    // A complete listing of this record alone, long after all calls.
    const TimePoint started{std::chrono::hours(1)};
    const OwnCreates own = find_own_creates({notes, hubspot(), index, {&shown}, true, started, {}});
    return index.choose(notes, shown, own);
}

TEST_CASE("linking: a marker names the contact, whatever the e-mail is") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org");
    add(notes, "2", "b@x.org");
    RemoteRecord shown = record("9", "b@x.org");
    shown.marker = " 1 ";
    const LinkChoice choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::Adopt);
    CHECK(choice.contact == ContactId("1"));
    CHECK(choice.matched_by == "our marker");
}

TEST_CASE("linking: with an open create, a marker says that the record is that create's") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org").systems[kHub].intent = Intent{};
    RemoteRecord shown = record("9", "edited@x.org");
    shown.marker = "1";
    CHECK(choose(notes, shown).action == LinkAction::BindOwnCreate);
}

TEST_CASE("linking: the marker of a contact that was deleted binds the record, to be deleted") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org").contact.deleted = true;
    RemoteRecord shown = record("9", "a@x.org");
    shown.marker = "1";
    const LinkChoice choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::Adopt);
    CHECK(choice.contact == ContactId("1"));
}

TEST_CASE("linking: a copied record carries a copied marker, and is held") {
    CustomerNotes notes;
    ContactNotes& owner = add_linked(notes, "1", "a@x.org");
    RemoteRecord copy = record("9", "another@x.org");
    copy.marker = "1";
    LinkChoice choice = choose(notes, copy);
    CHECK(choice.action == LinkAction::Hold);
    CHECK(choice.hold.reason == HoldReason::Duplicate);
    CHECK(choice.hold.contact == ContactId("1"));
    CHECK(choice.hold.message.find("copy of record r1 of Name 1") != std::string::npos);
    CHECK(choice.hold.values.at("email") == "another@x.org");
    owner.contact.deleted = true;
    choice = choose(notes, copy);
    CHECK(choice.action == LinkAction::Hold);
    CHECK(choice.hold.reason == HoldReason::Suppressed);
}

TEST_CASE("linking: a marker that names nobody here is no marker") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org");
    RemoteRecord shown = record("9", "a@x.org");
    for (const std::string marker : {"", "  ", "2", "somebody else's", "new-1-9"}) {
        shown.marker = marker;
        CHECK(choose(notes, shown).matched_by == "e-mail");
        CHECK(choose(notes, shown).action == LinkAction::Adopt);
    }
}

TEST_CASE("linking: a further e-mail of a record links it to the contact that has it") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org");
    RemoteRecord shown = record("9", "new@x.org");
    shown.other_emails = {"not an address", "A@X.org"};
    const LinkChoice choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::Adopt);
    CHECK(choice.contact == ContactId("1"));
    CHECK(choice.matched_by == "a further e-mail");
}

TEST_CASE("linking: a further e-mail of a contact that has its record makes no second contact") {
    CustomerNotes notes;
    add_linked(notes, "1", "a@x.org");
    RemoteRecord shown = record("9", "new@x.org");
    shown.other_emails = {"a@x.org"};
    LinkChoice choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::Hold);
    CHECK(choice.hold.reason == HoldReason::Duplicate);
    CHECK(choice.hold.contact == ContactId("1"));
    // Its own e-mail says more than a further one.
    add(notes, "2", "new@x.org");
    choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::Adopt);
    CHECK(choice.contact == ContactId("2"));
}

TEST_CASE("linking: a further e-mail of a contact here links a record that has it as its own") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org").contact.fields.more_emails = {{"home@x.org", "home"}};
    const LinkChoice choice = choose(notes, record("9", "home@x.org"));
    CHECK(choice.action == LinkAction::Adopt);
    CHECK(choice.contact == ContactId("1"));
}

TEST_CASE("linking: while a create is open, a record with the e-mail further back waits") {
    CustomerNotes notes;
    add(notes, "1", "a@x.org").systems[kHub].intent = Intent{};
    notes.contacts.at(ContactId("1")).systems[kHub].intent->email_key = "a@x.org";
    RemoteRecord shown = record("9", "new@x.org");
    shown.other_emails = {"a@x.org"};
    const LinkChoice choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::Hold);
    CHECK(choice.hold.message.find("still being created") != std::string::npos);
}

TEST_CASE("linking: a create whose e-mail was changed over there is known by its other texts") {
    CustomerNotes notes;
    Intent& intent = add(notes, "1", "a@x.org").systems[kHub].intent.emplace();
    intent.raw = {{"name", "Ada King"}, {"email", "a@x.org"}, {"phone", "+44 20 7946 0001"}};
    intent.email_key = "a@x.org";
    intent.is_unknown = true;
    RemoteRecord shown = record("9", "changed@x.org");
    shown.values["name"] = "Ada King";
    shown.values["phone"] = "+44 20 7946 0001";
    const LinkChoice choice = choose(notes, shown);
    CHECK(choice.action == LinkAction::BindOwnCreate);
    CHECK(choice.contact == ContactId("1"));
    SUBCASE("one text that is the same may be chance") {
        shown.values["phone"] = "+44 20 7946 0002";
        CHECK(choose(notes, shown).action == LinkAction::Arrive);
    }
    SUBCASE("a record with the e-mail of another contact is that one's") {
        add(notes, "2", "changed@x.org");
        const LinkChoice other = choose(notes, shown);
        CHECK(other.action == LinkAction::Adopt);
        CHECK(other.contact == ContactId("2"));
    }
}

TEST_CASE("linking: an e-mail that was deleted here is suppressed, one further back is not") {
    CustomerNotes notes;
    notes.suppressed["gone@x.org"] = ContactId("7");
    CHECK(choose(notes, record("9", "Gone@x.org")).hold.reason == HoldReason::Suppressed);
    RemoteRecord shown = record("9", "new@x.org");
    shown.other_emails = {"gone@x.org"};
    CHECK(choose(notes, shown).action == LinkAction::Arrive);
}

}  // namespace
}  // namespace crm::sync
