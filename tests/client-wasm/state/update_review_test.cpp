#include <doctest/doctest.h>

#include "client-wasm/state/select_review.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

api::Conflict conflict_of(const std::string& id, const std::string& state = "open") {
    api::Conflict conflict;
    conflict.id = id;
    conflict.contact_id = "a";
    conflict.contact = "Ada";
    conflict.field = "phone";
    conflict.kind = "both_changed";
    conflict.state = state;
    conflict.base = "1";
    conflict.sides = {{"app", "2"}, {"hubspot", "3"}};
    conflict.winner = "2";
    return conflict;
}

api::HeldRecord hold_of(const std::string& record) {
    api::HeldRecord hold;
    hold.system = "hubspot";
    hold.record_id = record;
    hold.title = "Record " + record;
    hold.reason = "no_email";
    return hold;
}

api::HeldRecord suggested(const std::string& record, bool is_refused = false) {
    api::HeldRecord hold = hold_of(record);
    hold.suggestion = api::Suggestion{"a", "Ada", "Both have the phone 1", is_refused};
    return hold;
}

RequestId asked_for(const Driver& driver, ConflictList list) {
    RequestId newest = 0;
    for (const auto& [id, request] : driver.state.pending) {
        const auto* fetch = std::get_if<FetchConflicts>(&request);
        if (fetch != nullptr && fetch->list == list) newest = id;
    }
    return newest;
}

/// Review is open, its conflicts and records are there.
Driver reviewing(const std::vector<api::Conflict>& open,
                 const std::vector<api::HeldRecord>& holds = {},
                 const std::string& hash = "#/review") {
    Driver driver;
    driver.act(Started{hash, ThemeChoice::System});
    const auto conflicts = static_cast<std::int64_t>(open.size());
    const auto records = static_cast<std::int64_t>(holds.size());
    const RequestId asked = asked_for(driver, ConflictList::Open);
    driver.act(ConflictsLoaded{asked, {open, conflicts, ""}});
    driver.act(HoldsLoaded{driver.waiting<FetchHolds>(), {holds, records, ""}});
    return driver;
}

RequestFailed refused(RequestId id, ErrorCode code, const std::string& message) {
    RequestFailed failed{id, Failure::Refused, {}};
    failed.answer.error = {code, message};
    return failed;
}

}  // namespace

TEST_CASE("review: what waits is asked for at the start, and counted wherever one is") {
    Driver driver;
    driver.act(Started{"#/contacts", ThemeChoice::System});
    REQUIRE(driver.sent<FetchConflicts>().size() == 1);
    CHECK(driver.sent<FetchConflicts>()[0].second.list == ConflictList::Open);
    REQUIRE(driver.sent<FetchHolds>().size() == 1);
    driver.act(ConflictsLoaded{driver.waiting<FetchConflicts>(), {{conflict_of("1")}, 7, "x"}});
    driver.act(HoldsLoaded{driver.waiting<FetchHolds>(),
                           {{hold_of("1"), suggested("2"), suggested("3", true)}, 3, ""}});
    // All seven conflicts, though one is loaded; of the records only the one that is asked about.
    CHECK(review_count(driver.state) == 8);
    api::Run held;
    held.id = RunId("r");
    held.state = api::RunState::Held;
    held.problems = {{.system = "hubspot", .code = "refused"},
                     {.system = "hubspot", .code = "no_email"}};
    driver.act(RunChanged{held});
    CHECK(problem_count(driver.state) == 1);  // the other is a held record's
    CHECK(review_count(driver.state) == 9);
    held.problems.clear();
    driver.act(RunChanged{held});
    CHECK(review_count(driver.state) == 9);  // the run itself
}

TEST_CASE("review: a chosen side is sent once, the next conflict is looked at, Undo puts back") {
    Driver driver = reviewing({conflict_of("1"), conflict_of("2"), conflict_of("3")});
    CHECK(driver.state.review.history_of == ContactId("a"));
    driver.act(ReviewItemChosen{"2"});
    driver.act(ReviewApplied{});
    CHECK(driver.said("Choose a value first"));
    CHECK(driver.sent<ResolveConflict>().empty());
    driver.act(ReviewSideChosen{"hubspot"});
    driver.act(ReviewApplied{});
    REQUIRE(driver.sent<ResolveConflict>().size() == 1);
    CHECK(driver.sent<ResolveConflict>()[0].second ==
          ResolveConflict{"2", {std::nullopt, "hubspot", false}});
    driver.act(ReviewApplied{});
    CHECK(driver.sent<ResolveConflict>().empty());
    api::Conflict decided = conflict_of("2", "resolved");
    decided.resolution = "3";
    driver.act(ConflictChanged{decided});  // the event may overtake the answer
    driver.act(ConflictAnswered{driver.waiting<ResolveConflict>(), decided});
    CHECK(driver.said("Phone of Ada is now “3”"));
    CHECK(open_conflict_count(driver.state) == 2);
    REQUIRE(shown_conflict(driver.state) != nullptr);
    CHECK(shown_conflict(driver.state)->id == "3");
    CHECK(driver.state.review.side.empty());
    REQUIRE(driver.state.toasts.size() == 1);
    driver.act(UndoClicked{driver.state.toasts[0].id});
    REQUIRE(driver.sent<ResolveConflict>().size() == 1);
    CHECK(driver.sent<ResolveConflict>()[0].second == ResolveConflict{"2", {"2", "", true}});
}

TEST_CASE("review: before and a typed value are sent as values") {
    Driver driver = reviewing({conflict_of("1")});
    driver.act(ReviewSideChosen{std::string(kBaseSide)});
    driver.act(ReviewApplied{});
    CHECK(driver.sent<ResolveConflict>()[0].second.resolution == api::Resolution{"1", "", false});
    driver.act(refused(driver.waiting<ResolveConflict>(), ErrorCode::Internal, "No"));
    driver.act(ReviewTextTyped{"+44"});
    CHECK(driver.state.review.side == kOtherSide);
    driver.act(ReviewApplied{});
    CHECK(driver.sent<ResolveConflict>()[0].second.resolution == api::Resolution{"+44", "", false});
}

TEST_CASE("review: a field that has changed since is told, and replaced only if insisted on") {
    Driver driver = reviewing({conflict_of("1")});
    driver.act(ReviewSideChosen{"app"});
    driver.act(ReviewApplied{});
    driver.act(refused(driver.waiting<ResolveConflict>(), ErrorCode::Conflict, "It is now “9”"));
    REQUIRE(driver.state.review.refusal);
    CHECK(driver.state.review.refusal->is_forced);
    CHECK(driver.said("It is now “9”"));
    CHECK(driver.state.notices.empty());
    CHECK(driver.state.review.side == "app");
    driver.act(ReviewApplied{.is_forced = true});
    CHECK(driver.sent<ResolveConflict>()[0].second.resolution.is_forced);
    // A value that cannot be is told beside the field, and cannot be insisted on.
    RequestFailed bad =
        refused(driver.waiting<ResolveConflict>(), ErrorCode::InvalidArgument, "Refused");
    bad.answer.error.fields["value"] = "Write it like a@b.org";
    driver.act(bad);
    CHECK(driver.state.review.refusal->message == "Write it like a@b.org");
    CHECK_FALSE(driver.state.review.refusal->is_forced);
}

TEST_CASE("review: an event brings a conflict in, and takes one out that somebody else decided") {
    Driver driver = reviewing({conflict_of("1"), conflict_of("2")});
    driver.act(ReviewItemChosen{"2"});
    driver.act(ConflictChanged{conflict_of("9")});
    CHECK(open_conflict_count(driver.state) == 3);
    CHECK(shown_conflict(driver.state)->id == "2");  // what is looked at stays
    driver.act(ReviewSideChosen{"app"});
    driver.act(ConflictChanged{conflict_of("2", "resolved")});
    CHECK(open_conflict_count(driver.state) == 2);
    CHECK(shown_conflict(driver.state)->id == "1");
    CHECK(driver.state.review.side.empty());  // a choice is never another conflict's
    driver.act(ConflictChanged{conflict_of("9")});
    CHECK(open_conflict_count(driver.state) == 2);
}

TEST_CASE("review: j and k walk the list and stop at its ends") {
    Driver driver = reviewing({conflict_of("1"), conflict_of("2")});
    driver.act(ReviewMoved{-1});
    CHECK(shown_conflict(driver.state)->id == "1");
    driver.act(ReviewMoved{1});
    CHECK(shown_conflict(driver.state)->id == "2");
    driver.act(ReviewMoved{1});
    CHECK(shown_conflict(driver.state)->id == "2");
    Driver empty = reviewing({});
    empty.act(ReviewMoved{1});
    empty.act(ReviewApplied{});
    CHECK(shown_conflict(empty.state) == nullptr);
    CHECK(empty.sent<ResolveConflict>().empty());
}

TEST_CASE("review: past conflicts are all but the open ones, and can be decided otherwise") {
    Driver driver = reviewing({}, {}, "#/review?tab=past");
    const RequestId asked = asked_for(driver, ConflictList::Past);
    REQUIRE(asked != 0);
    driver.act(ConflictsLoaded{asked, {{conflict_of("3"), conflict_of("2", "auto")}, 2, ""}});
    REQUIRE(shown_conflict(driver.state) != nullptr);
    CHECK(shown_conflict(driver.state)->id == "2");
    driver.act(ReviewSideChosen{"hubspot"});
    driver.act(ReviewApplied{});
    api::Conflict decided = conflict_of("2", "resolved");
    decided.resolution = "3";
    driver.act(ConflictAnswered{driver.waiting<ResolveConflict>(), decided});
    REQUIRE(shown_conflict(driver.state) != nullptr);
    CHECK(standing_value(*shown_conflict(driver.state)) == "3");
}

TEST_CASE("review: a suggestion is taken or refused, and what waits comes first") {
    const std::string records = "#/review?tab=records";
    Driver driver = reviewing({}, {hold_of("1"), suggested("2"), suggested("3")}, records);
    CHECK(shown_hold(driver.state)->record_id == "2");
    driver.act(HoldDecisionClicked{HoldDecision::Refuse});
    REQUIRE(driver.sent<DecideHold>().size() == 1);
    CHECK(driver.sent<DecideHold>()[0].second ==
          DecideHold{"hubspot", "2", HoldDecision::Refuse, ContactId()});
    driver.act(HoldDecided{driver.waiting<DecideHold>()});
    CHECK(driver.said("Record 2 is kept apart"));
    CHECK(awaited_hold_count(driver.state) == 1);
    CHECK(driver.sent<FetchHolds>().size() == 1);
    driver.act(ReviewItemChosen{"hubspot/3"});
    driver.act(HoldDecisionClicked{HoldDecision::Link});
    CHECK(driver.sent<DecideHold>()[0].second.contact == ContactId("a"));
    driver.act(HoldDecided{driver.waiting<DecideHold>()});
    CHECK(driver.state.review.holds->holds.size() == 2);
    // A record that nobody is suggested for has nobody to be linked to.
    driver.act(ReviewItemChosen{"hubspot/1"});
    driver.act(HoldDecisionClicked{HoldDecision::Link});
    CHECK(driver.sent<DecideHold>().empty());
}

TEST_CASE("review: further pages are added, and a failure to read is told on its screen only") {
    Driver driver = reviewing({});
    driver.act(EventsReset{});
    driver.act(
        ConflictsLoaded{driver.waiting<FetchConflicts>(), {{conflict_of("5")}, 2, "after-5"}});
    driver.act(MoreClicked{});
    REQUIRE(driver.sent<FetchConflicts>().size() == 1);
    CHECK(driver.sent<FetchConflicts>()[0].second.cursor == "after-5");
    driver.act(ConflictsLoaded{driver.waiting<FetchConflicts>(), {{conflict_of("4")}, 2, ""}});
    CHECK(shown_ids(driver.state) == std::vector<std::string>{"5", "4"});
    driver.act(MoreClicked{});
    CHECK(driver.sent<FetchConflicts>().empty());
    driver.act(EventsReset{});
    driver.act(refused(driver.waiting<FetchConflicts>(), ErrorCode::Internal, "No"));
    CHECK(driver.state.notices.size() == 1);
    driver.act(RouteOpened{Route{}});
    driver.act(EventsReset{});
    driver.act(refused(driver.waiting<FetchConflicts>(), ErrorCode::Internal, "No"));
    CHECK(driver.state.notices.empty());
}

TEST_CASE("review: a run that ended may have changed what waits") {
    Driver driver = reviewing({});
    driver.act(HoldsLoaded{driver.waiting<FetchHolds>(), {}});
    api::Run run;
    run.id = RunId("r");
    run.state = api::RunState::Done;
    run.trigger = "timer";
    driver.act(RunChanged{run});
    CHECK(driver.sent<FetchHolds>().empty());  // a timer's run that changed nothing
    run.id = RunId("s");
    run.trigger = "person";
    driver.act(RunChanged{run});
    CHECK(driver.sent<FetchHolds>().size() == 1);
    CHECK(driver.sent<FetchConflicts>().size() == 1);
}
