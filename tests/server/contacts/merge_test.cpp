// Two contacts become one here, and two again.
#include "server/contacts/merge.h"

#include "server/contacts/merge_fields.h"
#include "server/contacts/undo.h"
#include "server/limits.h"
#include "shared/limits.h"
#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::by;
using test::kAcme;
using test::kGlobex;
using test::patch;
using test::World;

struct Two {
    World world;
    Contact winner;
    Contact loser;

    Two() {
        ContactPatch first = patch({{"name", "Ada Byron"},
                                    {"email", "ada@x.org"},
                                    {"phone", "111 111"},
                                    {"notes", "met in Paris"}});
        first.tags = {"vip"};
        winner = world.create(first);
        ContactPatch second = patch({{"name", "A. Byron"},
                                     {"email", "byron@x.org"},
                                     {"phone", "222 222"},
                                     {"company", "Acme"},
                                     {"notes", "likes tea"}});
        second.tags = {"press"};
        second.more_emails.emplace().push_back({"old@x.org", "home"});
        loser = world.create(second);
    }
    api::Merge merge(std::map<std::string, std::string> fields = {}, bool is_preview = false) {
        auto merged = merge_contacts(
            world.service, kAcme, {winner.id, loser.id, std::move(fields)}, "Ann", is_preview);
        REQUIRE_MESSAGE(merged.is_ok(), (merged.is_ok() ? "" : merged.error().message));
        world.clock.advance(std::chrono::seconds{1});
        return merged.take();
    }
    Result<api::Undo> undo(const std::string& id, bool is_preview = false) {
        return undo_changes(world.service, kAcme, id, "Ben", is_preview);
    }
};

std::vector<std::string> emails_of(const Contact& contact) {
    std::vector<std::string> all{contact.fields.email};
    for (const LabeledValue& entry : contact.fields.more_emails) all.push_back(entry.value);
    return all;
}

}  // namespace

TEST_CASE(
    "merge: all e-mails, phones, tags and notes of both are kept, and empty fields are filled") {
    Two two;
    const api::Merge merge = two.merge();
    const Contact merged = two.world.find(two.winner.id);
    CHECK(merge.contact == merged);
    CHECK(merged.fields.name == "Ada Byron");
    CHECK(merged.fields.company == "Acme");
    CHECK(emails_of(merged) == std::vector<std::string>{"ada@x.org", "byron@x.org", "old@x.org"});
    CHECK(merged.fields.more_phones == std::vector<LabeledValue>{{"222 222", ""}});
    CHECK(merged.fields.tags == std::vector<std::string>{"press", "vip"});
    CHECK(merged.fields.notes == "met in Paris\n\nlikes tea");
    CHECK(two.world.find(two.loser.id).deleted);
    CHECK(two.world.count() == 1);
    CHECK(merge.undo_until == two.world.history(two.loser.id).front().at + kMergeUndoMax);
    CHECK(two.world.history(two.loser.id).front().note == "Merged into Ada Byron");
    CHECK(two.world.history(two.winner.id).front().note == "Merged with A. Byron");
    CHECK(two.world.observer.wakes["acme"] >= 1);
}

TEST_CASE("merge: a person chooses field by field; an e-mail that the loser has can be the first") {
    Two two;
    const std::map<std::string, std::string> choice{
        {"name", "loser"}, {"email", "loser"}, {"phone", "loser"}, {"notes", "winner"}};
    const api::Merge preview = two.merge(choice, true);
    CHECK(preview.is_preview);
    CHECK(preview.id.empty());
    CHECK(two.world.count() == 2);
    CHECK(two.world.find(two.winner.id) == two.winner);
    const api::Merge merge = two.merge(choice);
    CHECK(merge.changes == preview.changes);
    const Contact merged = two.world.find(two.winner.id);
    CHECK(merged.fields == preview.contact.fields);
    CHECK(merged.fields.name == "A. Byron");
    CHECK(emails_of(merged) == std::vector<std::string>{"byron@x.org", "ada@x.org", "old@x.org"});
    CHECK(merged.fields.phone == "222 222");
    CHECK(merged.fields.notes == "met in Paris");
}

TEST_CASE("merge: what cannot be merged is refused, and nothing is changed") {
    Two two;
    World& world = two.world;
    const auto code = [&](const CustomerId& customer, const api::MergeRequest& request) {
        const auto merged = merge_contacts(world.service, customer, request, "Ann", false);
        REQUIRE_FALSE(merged.is_ok());
        return merged.error().code;
    };
    const api::MergeRequest good{two.winner.id, two.loser.id, {}};
    CHECK(code(kGlobex, good) == ErrorCode::NotFound);
    CHECK(code(kAcme, {two.winner.id, ContactId("nobody"), {}}) == ErrorCode::NotFound);
    ContactPatch many;
    many.more_phones.emplace();
    for (std::size_t count = 0; count < kExtraValuesMax; ++count) {
        many.more_phones->push_back({"900 00" + std::to_string(count), ""});
    }
    REQUIRE(world.service.update(kAcme, two.loser.id, many, {}, by("Ann")).is_ok());
    CHECK(code(kAcme, good) == ErrorCode::InvalidArgument);
    REQUIRE(world.service.remove(kAcme, two.loser.id, by("Ann")).is_ok());
    CHECK(code(kAcme, good) == ErrorCode::Conflict);
    CHECK(world.find(two.winner.id).fields == two.winner.fields);
}

TEST_CASE("merge: undone, both are as they were, each with its history") {
    for (const bool takes_email : {false, true}) {
        CAPTURE(takes_email);
        Two two;
        std::map<std::string, std::string> choice;
        if (takes_email) choice = {{"email", "loser"}, {"name", "loser"}};
        const std::string id = two.merge(choice).id;
        const auto preview = two.undo(id, true);
        REQUIRE(preview.is_ok());
        CHECK(preview.value().is_preview);
        CHECK(two.world.count() == 1);
        two.world.clock.advance(kMergeUndoMax - std::chrono::hours(1));
        const auto undone = two.undo(id);
        REQUIRE_MESSAGE(undone.is_ok(), (undone.is_ok() ? "" : undone.error().message));
        CHECK(undone.value().undone == 2);
        CHECK(undone.value().kept == 0);
        CHECK(undone.value().contacts == preview.value().contacts);
        CHECK(two.world.find(two.winner.id).fields == two.winner.fields);
        CHECK(two.world.find(two.loser.id).fields == two.loser.fields);
        CHECK_FALSE(two.world.find(two.loser.id).deleted);
        CHECK(two.world.history(two.loser.id).size() == 3);
        const auto again = two.undo(id);
        REQUIRE_FALSE(again.is_ok());
        CHECK(again.error().code == ErrorCode::Conflict);
    }
}

TEST_CASE("merge: what was changed since stays when it is undone, and the rest goes back") {
    Two two;
    const std::string id = two.merge().id;
    REQUIRE(
        two.world.service.update(kAcme, two.winner.id, patch({{"company", "Newer"}}), {}, by("Cid"))
            .is_ok());
    const auto undone = two.undo(id);
    REQUIRE(undone.is_ok());
    CHECK(undone.value().kept == 1);
    CHECK(two.world.find(two.winner.id).fields.company == "Newer");
    CHECK(emails_of(two.world.find(two.winner.id)) == std::vector<std::string>{"ada@x.org"});
    CHECK(two.world.find(two.loser.id).fields == two.loser.fields);
}

TEST_CASE("merge: an undo that cannot be done as a whole is not done at all") {
    Two two;
    const std::string id = two.merge().id;
    two.world.create(patch({{"name", "New"}, {"email", "byron@x.org"}}));
    const Contact before = two.world.find(two.winner.id);
    const auto undone = two.undo(id);
    REQUIRE_FALSE(undone.is_ok());
    CHECK(undone.error().code == ErrorCode::Conflict);
    CHECK(two.world.find(two.winner.id) == before);
    CHECK(two.world.find(two.loser.id).deleted);
    Two late;
    const std::string old = late.merge().id;
    late.world.clock.advance(kMergeUndoMax);
    const auto refused = late.undo(old);
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().message.find("30 days") != std::string::npos);
    CHECK_FALSE(undo_changes(late.world.service, kGlobex, old, "Ben", false).is_ok());
}

}  // namespace crm
