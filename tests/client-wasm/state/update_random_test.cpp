// Random lives of a client: whatever happens in whatever order, the invariants of update.h hold,
// and the same life leads to the same state.
#include <array>
#include <optional>
#include <random>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "client-wasm/limits.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/select_review.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

constexpr int kSteps = 400;
constexpr unsigned kSeeds = 60;

class Life {
   public:
    explicit Life(unsigned seed) : random_(seed) {}

    Action next(const AppState& state) {
        if (!state.pending.empty() && pick(3) == 0) return answer(state);
        if (!state.timers.empty() && pick(6) == 0) return TimerFired{any_key(state.timers)};
        switch (pick(6)) {
            case 5:
                return in_review(state);
            case 0:
                return from_the_world();
            case 1:
                return in_the_form();
            case 2:
                return around_dialogs(state);
            default:
                return in_the_list(state);
        }
    }

   private:
    int pick(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }

    template <class Map>
    std::uint64_t any_key(const Map& map) {
        return std::next(map.begin(), pick(static_cast<int>(map.size())))->first;
    }

    Contact any_contact() {
        const std::string id(1, static_cast<char>('a' + pick(8)));
        Contact contact = person(id, "Person " + id + std::to_string(pick(3)));
        contact.version = 1 + pick(6);
        contact.deleted = pick(6) == 0;
        contact.fields.company = pick(2) == 0 ? "" : "Acme";
        return contact;
    }

    api::Run any_run() {
        api::Run run;
        run.id = RunId(std::string(1, static_cast<char>('r' + pick(3))));
        run.state = static_cast<api::RunState>(pick(8));
        run.writes = {{"app", pick(2)}};
        run.trigger = pick(2) == 0 ? "timer" : "person";
        return run;
    }

    RequestFailed any_failure(RequestId id) {
        RequestFailed failed{id, static_cast<Failure>(pick(3)), {}};
        failed.answer.error.code = static_cast<ErrorCode>(pick(13));
        failed.answer.error.message = "It was refused";
        if (pick(3) == 0) failed.answer.error.fields["email"] = "Another one, please";
        if (pick(4) == 0) {
            api::VersionConflict conflict;
            conflict.fields = {"company"};
            conflict.contact = any_contact();
            failed.answer.conflict = conflict;
        }
        return failed;
    }

    Action answer_to(RequestId id, const FetchContacts& fetch) {
        api::ContactPage page;
        page.total = 700;
        for (std::int64_t row = 0; row < kListPageRows; ++row) {
            Contact contact = person("row" + fetch.query.cursor + "-" + std::to_string(row), "Row");
            if (row == 0) contact = any_contact();
            page.contacts.push_back(contact);
        }
        const int number = fetch.query.cursor.empty() ? 0 : std::stoi(fetch.query.cursor);
        if (number < 3) page.cursor = std::to_string(number + 1);
        return ContactsLoaded{id, page};
    }

    api::Conflict any_conflict() {
        constexpr std::array<const char*, 3> kStates{"open", "auto", "resolved"};
        api::Conflict conflict;
        conflict.id = std::to_string(pick(6));
        conflict.contact_id = any_contact().id.text;
        conflict.field = "phone";
        conflict.state = kStates[static_cast<std::size_t>(pick(3))];
        conflict.sides = {{"app", "1"}, {"hubspot", "2"}};
        return conflict;
    }

    api::HeldRecord any_hold() {
        api::HeldRecord hold{.system = "hubspot", .record_id = std::to_string(pick(5))};
        if (pick(2) == 0) hold.suggestion = api::Suggestion{"a", "Ada", "", pick(2) == 0};
        return hold;
    }

    std::optional<Action> review_answer(RequestId id, const Request& request) {
        const std::string cursor = pick(3) == 0 ? "more" : "";
        const api::SystemConnection connection{.system = "hubspot",
                                               .label = "HubSpot",
                                               .state = pick(2) == 0 ? "connected" : "reconnect"};
        if (std::holds_alternative<FetchConflicts>(request))
            return ConflictsLoaded{id, {{any_conflict(), any_conflict()}, 9, cursor}};
        if (std::holds_alternative<ResolveConflict>(request))
            return ConflictAnswered{id, any_conflict()};
        if (std::holds_alternative<FetchHolds>(request))
            return HoldsLoaded{id, {{any_hold(), any_hold()}, 4, cursor}};
        if (std::holds_alternative<DecideHold>(request)) return HoldDecided{id};
        if (std::holds_alternative<FindPeople>(request)) return PeopleFound{id, {any_contact()}};
        if (std::holds_alternative<FetchContactSync>(request))
            return ContactSyncLoaded{id, {{.system = "hubspot"}}};
        if (std::holds_alternative<FetchConnections>(request))
            return ConnectionsLoaded{id, {connection}};
        if (std::holds_alternative<ConnectSystem>(request))
            return ConnectPageFound{id, "https://crm.example"};
        if (std::holds_alternative<DisconnectSystem>(request))
            return ConnectionAnswered{id, connection};
        return std::nullopt;
    }

    Action in_review(const AppState& state) {
        switch (pick(12)) {
            case 8:
                return PaletteOpened{};
            case 9:
                return PaletteTyped{pick(2) == 0 ? "a" : ""};
            case 10:
                return PaletteMoved{pick(5) - 2};
            case 11:
                return PaletteChosen{static_cast<std::size_t>(pick(3))};
            case 0:
                return ReviewItemChosen{std::to_string(pick(6))};
            case 1:
                return ReviewMoved{pick(3) - 1};
            case 2:
                return ReviewSideChosen{pick(2) == 0 ? "app" : "base"};
            case 3:
                return ReviewTextTyped{"typed"};
            case 4:
                return ReviewApplied{pick(2) == 0};
            case 5:
                return HoldDecisionClicked{static_cast<HoldDecision>(pick(3))};
            case 6:
                return pick(2) == 0 ? Action(MoreClicked{})
                                    : Action(ConflictChanged{any_conflict()});
            default: {
                Route route = state.route;
                route.screen = pick(3) == 0 ? Screen::Settings : Screen::Review;
                const bool is_first = pick(3) == 0;
                route.tab = is_first ? "" : std::string(pick(2) == 0 ? kRecordsTab : kPastTab);
                if (pick(4) == 0) return ConnectClicked{"hubspot"};
                if (pick(4) == 0) return DisconnectClicked{"hubspot"};
                return RouteOpened{route};
            }
        }
    }

    Action answer(const AppState& state) {
        const RequestId id = any_key(state.pending);
        const Request& request = state.pending.at(id);
        if (pick(4) == 0) return any_failure(id);
        if (const auto* fetch = std::get_if<FetchContacts>(&request)) return answer_to(id, *fetch);
        if (std::holds_alternative<FetchHistory>(request)) return HistoryLoaded{id, {}};
        if (std::holds_alternative<FetchSelf>(request)) return SelfLoaded{id, {}};
        if (std::holds_alternative<FetchSync>(request)) return SyncLoaded{id, {.run = any_run()}};
        if (std::holds_alternative<FetchRuns>(request)) return RunsLoaded{id, {any_run()}};
        if (auto answer = review_answer(id, request)) return *answer;
        if (std::holds_alternative<ChangeMany>(request))
            return BulkAnswered{id, {.id = pick(3) == 0 ? "" : "bulk-1", .refused = pick(2)}};
        if (const auto* file = std::get_if<ImportFile>(&request))
            return ImportAnswered{
                id, {.id = pick(2) == 0 ? "" : "import-1", .is_dry_run = file->is_dry_run}};
        if (std::holds_alternative<UndoChange>(request))
            return UndoAnswered{id, {.id = pick(3) == 0 ? "" : "undo-1", .undone = 1}};
        const bool is_about_run = std::holds_alternative<StartSync>(request) ||
                                  std::holds_alternative<FetchRun>(request) ||
                                  std::holds_alternative<DecideRun>(request);
        if (is_about_run) return RunAnswered{id, any_run()};
        SaveOutcome outcome = SaveOutcome::Fetched;
        if (std::holds_alternative<CreateContact>(request)) outcome = SaveOutcome::Created;
        if (std::holds_alternative<PatchContact>(request)) outcome = SaveOutcome::Updated;
        if (std::holds_alternative<DeleteContact>(request)) outcome = SaveOutcome::Deleted;
        if (std::holds_alternative<RestoreContact>(request)) outcome = SaveOutcome::Restored;
        return ContactAnswered{id, any_contact(), outcome};
    }

    Action from_the_world() {
        switch (pick(6)) {
            case 0:
                return ContactChanged{any_contact()};
            case 1:
                return RunChanged{any_run()};
            case 2:
                return ConnectionChanged{pick(2) == 0 ? Connection::Lost : Connection::Live};
            case 3:
                return EventsReset{};
            case 4:
                return SystemChanged{{.key = "hubspot", .label = "HubSpot"}};
            default:
                return HashChanged{pick(2) == 0 ? "#/contacts" : "#/trash"};
        }
    }

    Action in_the_form() {
        switch (pick(6)) {
            case 0:
                return FieldEdited{"email", pick(2) == 0 ? "ada@example.com" : "not one"};
            case 1:
                return FieldEdited{"company", pick(2) == 0 ? "Acme" : "Other"};
            case 2:
                return FieldLeft{"email"};
            case 3:
                return SaveClicked{};
            case 4:
                return DeleteClicked{};
            default:
                return pick(3) == 0 ? Action(CancelClicked{}) : Action(SyncNowClicked{});
        }
    }

    Action around_dialogs(const AppState& state) {
        switch (pick(6)) {
            case 0:
                return DialogClosed{};
            case 1:
                return DialogConfirmed{};
            case 2:
                return SideChosen{"company", Side::Theirs};
            case 3:
                return state.toasts.empty() ? Action(HelpClicked{})
                                            : Action(UndoClicked{state.toasts[0].id});
            case 4:
                return state.notices.empty() ? Action(HelpClicked{})
                                             : Action(RetryClicked{state.notices[0].id});
            default:
                return RestoreClicked{any_contact().id};
        }
    }

    Action with_many() {
        const ListKind list = pick(3) == 0 ? ListKind::Trash : ListKind::Live;
        switch (pick(14)) {
            case 7:
                return FileChosen{pick(2) == 0 ? "a.csv" : "a.vcf"};
            case 8:
                return ImportKeyChosen{"phone"};
            case 9:
                return ImportColumnChosen{static_cast<std::size_t>(pick(3)), "name"};
            case 10:
                return ImportClicked{};
            case 11:
                return ExportClicked{};
            case 12:
                return HistoryUndoClicked{"r"};
            case 13:
                return GoPressed{};
            case 0:
                return LoadedToggled{list};
            case 1:
                return EveryoneChosen{};
            case 2:
                return SelectionCleared{};
            case 3:
                return BulkClicked{static_cast<BulkWish>(pick(4))};
            case 4:
                return TagsTyped{"vip"};
            case 5:
                return UndoPressed{};
            case 6:
                return RedoPressed{};
            default:
                return RowToggled{list, pick(4), pick(3) == 0};
        }
    }

    Action in_the_list(const AppState& state) {
        if (pick(3) == 0) return with_many();
        Route route = state.route;
        const std::int64_t row = pick(700);
        switch (pick(6)) {
            case 0:
                return SearchChanged{pick(2) == 0 ? "person" : ""};
            case 1:
                return SortClicked{pick(2) == 0 ? "name" : "company"};
            case 2:
                return RowsShown{pick(2) == 0 ? ListKind::Live : ListKind::Trash, row, row + 20};
            case 3:
                route.screen = static_cast<Screen>(pick(6));
                return RouteOpened{route};
            case 4:
                route = with_contact(route, ContactId());
                route.is_new_contact = true;
                return RouteOpened{route};
            default:
                return RouteOpened{with_contact(route, any_contact().id)};
        }
    }

    std::mt19937 random_;
};

int requests_for(const AppState& state, ListKind kind) {
    int count = 0;
    for (const auto& [id, request] : state.pending) {
        const auto* fetch = std::get_if<FetchContacts>(&request);
        if (fetch != nullptr && fetch->list == kind) ++count;
    }
    return count;
}

void check_list(const AppState& state, ListKind kind) {
    const ContactList& list = list_of(state, kind);
    REQUIRE(requests_for(state, kind) <= 1);
    REQUIRE((list.request == 0 || state.pending.count(list.request) == 1));
    REQUIRE_FALSE((list.is_failed && list.request != 0));
    REQUIRE(list.pages.size() <= kListPagesKept);
    for (const auto& [page, contacts] : list.pages) {
        REQUIRE(static_cast<std::int64_t>(contacts.size()) <= kListPageRows);
    }
}

int requests_to_decide(const AppState& state) {
    int count = 0;
    for (const auto& [id, request] : state.pending) {
        if (std::holds_alternative<DecideHold>(request)) ++count;
    }
    return count;
}

/// A choice belongs to an entry that is in the list; what is decided is sent once.
void check_review(const AppState& state) {
    const std::vector<std::string> ids = shown_ids(state);
    REQUIRE(std::set<std::string>(ids.begin(), ids.end()).size() <= ids.size());
    REQUIRE(requests_to_decide(state) <= 1);
    if (state.review.past) {
        for (const api::Conflict& conflict : state.review.past->conflicts) {
            REQUIRE(conflict.state != "open");
        }
    }
}

/// What was sent to be undone waits for its answer; nothing is remembered of answered saves.
void check_undo(const AppState& state) {
    for (const auto& [id, sent] : state.undo.sent) REQUIRE(state.pending.count(id) == 1);
    for (const auto& [id, inverse] : state.undo.inverses) REQUIRE(state.pending.count(id) == 1);
    REQUIRE(state.undo.done.size() <= kUndoStepsMax);
}

/// What may take typed text away: the person's own word, or the server's answer to their save.
bool may_drop_text(const Action& action) {
    return std::holds_alternative<CancelClicked>(action) ||
           std::holds_alternative<DialogConfirmed>(action) ||
           std::holds_alternative<FieldEdited>(action) ||
           std::holds_alternative<ContactAnswered>(action);
}

void live(unsigned seed, Driver& driver) {
    Life life(seed);
    std::set<RequestId> given_out;
    driver.act(Started{"#/contacts", ThemeChoice::System});
    for (int step = 0; step < kSteps; ++step) {
        CAPTURE(seed);
        CAPTURE(step);
        const Action action = life.next(driver.state);
        CAPTURE(action.index());
        const std::optional<Draft> before = driver.state.panel.draft;
        driver.now += std::chrono::milliseconds(50);
        driver.act(action);
        for (const SendRequest& send : driver.all<SendRequest>()) {
            REQUIRE(given_out.insert(send.id).second);
        }
        check_list(driver.state, ListKind::Live);
        check_list(driver.state, ListKind::Trash);
        REQUIRE(driver.state.toasts.size() <= kToastsMax);
        check_review(driver.state);
        check_undo(driver.state);
        if (before && is_dirty(*before) && !may_drop_text(action)) {
            REQUIRE(driver.state.panel.draft.has_value());
            REQUIRE(driver.state.panel.draft->fields == before->fields);
        }
        const std::optional<Draft>& draft = driver.state.panel.draft;
        REQUIRE((!draft || draft->save == SaveState::Editing ||
                 driver.state.pending.count(draft->request) == 1));
    }
}

}  // namespace

TEST_CASE("update: the invariants hold over random lives, and the same life ends the same") {
    for (unsigned seed = 1; seed <= kSeeds; ++seed) {
        Driver first;
        live(seed, first);
        Driver second;
        live(seed, second);
        CAPTURE(seed);
        REQUIRE(first.state == second.state);
    }
}
