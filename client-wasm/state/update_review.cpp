// What waits for a person: reading the lists, walking them, choosing, and what the server answers.
#include <algorithm>
#include <utility>

#include "client-wasm/state/select_review.h"
#include "client-wasm/state/update_parts.h"

namespace crm::client {
namespace {

template <class T>
bool is_pending(const AppState& state) {
    return std::any_of(state.pending.begin(), state.pending.end(), [](const auto& entry) {
        return std::holds_alternative<T>(entry.second);
    });
}

/// The request that waits for this answer, taken out; nullopt: nobody waits, or for another kind.
template <class T>
std::optional<T> take_pending(AppState& state, RequestId id) {
    const auto found = state.pending.find(id);
    if (found == state.pending.end()) return std::nullopt;
    const Request request = std::move(found->second);
    state.pending.erase(found);
    const T* wanted = std::get_if<T>(&request);
    return wanted == nullptr ? std::nullopt : std::optional<T>(*wanted);
}

void look_at(Step& step, const std::string& id) {
    ReviewState& review = step.state.review;
    review.current = id;
    review.side.clear();
    review.typed.clear();
    review.refusal.reset();
    look_at_shown(step);
}

/// Which entry is shown, by its place in the list. 0 also for an empty list.
std::size_t shown_place(const AppState& state, const std::vector<std::string>& ids) {
    const auto found = std::find(ids.begin(), ids.end(), state.review.current);
    return found == ids.end() ? 0 : static_cast<std::size_t>(found - ids.begin());
}

/// Changes the lists; when the entry that was shown leaves, what stands in its place is shown.
template <class Change>
void change_lists(Step& step, const Change& change) {
    const std::vector<std::string> before = shown_ids(step.state);
    const std::size_t place = shown_place(step.state, before);
    change();
    const std::vector<std::string> after = shown_ids(step.state);
    const bool was_shown = place < before.size();
    const bool is_there =
        was_shown && std::find(after.begin(), after.end(), before[place]) != after.end();
    if (is_there) {
        step.state.review.current = before[place];
    } else {
        look_at(step, after.empty() ? std::string() : after[std::min(place, after.size() - 1)]);
    }
}

void put(api::ConflictPage& page, const api::Conflict& conflict) {
    for (api::Conflict& known : page.conflicts) {
        if (known.id != conflict.id) continue;
        known = conflict;
        return;
    }
    page.conflicts.insert(page.conflicts.begin(), conflict);
    ++page.total;
}

void drop(api::ConflictPage& page, const std::string& id) {
    const auto known = std::find_if(page.conflicts.begin(),
                                    page.conflicts.end(),
                                    [&id](const api::Conflict& other) { return other.id == id; });
    if (known == page.conflicts.end()) return;
    page.conflicts.erase(known);
    --page.total;
}

void take_conflict(Step& step, const api::Conflict& conflict) {
    change_lists(step, [&] {
        ReviewState& review = step.state.review;
        const bool is_open = conflict.state == "open";
        if (review.open && is_open) put(*review.open, conflict);
        if (review.open && !is_open) drop(*review.open, conflict.id);
        if (review.past && !is_open) put(*review.past, conflict);
    });
}

const api::Conflict* find_known(const ReviewState& review, const std::string& id) {
    for (const std::optional<api::ConflictPage>* page : {&review.open, &review.past}) {
        if (!*page) continue;
        for (const api::Conflict& conflict : (*page)->conflicts) {
            if (conflict.id == id) return &conflict;
        }
    }
    return nullptr;
}

/// What puts the field back to what stood there before the decision.
std::optional<Request> undo_of(const ReviewState& review, const api::Conflict& decided) {
    const std::optional<StoodBefore>& stood = review.stood;
    if (!stood || stood->id != decided.id || stood->value == decided.resolution)
        return std::nullopt;
    return ResolveConflict{decided.id, {.value = stood->value, .is_forced = true}};
}

void say_decided(Step& step, const api::Conflict& conflict, std::optional<Request> undo) {
    const std::string value =
        conflict.resolution.empty() ? "empty now" : "now “" + conflict.resolution + "”";
    add_toast(step,
              field_label(conflict.field) + " of " + conflict.contact + " is " + value,
              std::move(undo));
}

template <class Page, class Items>
void append(std::optional<Page>& known, Page page, Items Page::*items, bool is_next) {
    if (!is_next || !known) {
        known = std::move(page);
        return;
    }
    Items& all = (*known).*items;
    all.insert(all.end(), (page.*items).begin(), (page.*items).end());
    known->total = page.total;
    known->cursor = page.cursor;
}

std::string hold_title(const AppState& state, const DecideHold& decision) {
    if (state.review.holds) {
        for (const api::HeldRecord& hold : state.review.holds->holds) {
            const bool is_it =
                hold.system == decision.system && hold.record_id == decision.record_id;
            if (is_it && !hold.title.empty()) return hold.title;
        }
    }
    return "The record";
}

std::string decided_text(const AppState& state, const DecideHold& decision) {
    const std::string title = hold_title(state, decision);
    switch (decision.decision) {
        case HoldDecision::Link:
            return title + " is linked; the next sync brings both to the same values";
        case HoldDecision::Refuse:
            return title + " is kept apart";
        case HoldDecision::Import:
            return title + " comes in with the next sync";
    }
    return "";
}

}  // namespace

void refresh_review(Step& step) {
    send(step, FetchConflicts{});
    send(step, FetchHolds{});
    const Route& route = step.state.route;
    if (route.screen == Screen::Review && route.tab == kPastTab) {
        send(step, FetchConflicts{.list = ConflictList::Past});
    }
}

void look_at_shown(Step& step) {
    if (step.state.route.screen != Screen::Review) return;
    const api::Conflict* conflict = shown_conflict(step.state);
    if (conflict == nullptr || conflict->contact_id.empty()) return;
    ReviewState& review = step.state.review;
    const ContactId contact(conflict->contact_id);
    if (review.history_of == contact) return;
    review.history_of = contact;
    review.history.clear();
    send(step, FetchHistory{contact});
}

void take_review_history(Step& step,
                         const ContactId& contact,
                         const std::vector<api::HistoryEntry>& entries) {
    if (step.state.review.history_of == contact) step.state.review.history = entries;
}

bool handle_review_failure(Step& step, const Request& request, const RequestFailed& reply) {
    AppState& state = step.state;
    const bool is_reading = std::holds_alternative<FetchConflicts>(request) ||
                            std::holds_alternative<FetchHolds>(request);
    if (is_reading) return state.route.screen != Screen::Review;
    if (std::holds_alternative<DecideHold>(request)) {
        send(step, FetchHolds{});
        return false;
    }
    const auto* wanted = std::get_if<ResolveConflict>(&request);
    if (wanted == nullptr || reply.failure != Failure::Refused) return false;
    const Error& error = reply.answer.error;
    const bool is_about_it =
        error.code == ErrorCode::Conflict || error.code == ErrorCode::InvalidArgument;
    if (!is_about_it || find_known(state.review, wanted->id) == nullptr) return false;
    ReviewRefusal refusal{wanted->id, error.message, error.code == ErrorCode::Conflict};
    if (!error.fields.empty()) refusal.message = error.fields.begin()->second;
    announce(step, refusal.message, Politeness::Assertive);
    state.review.refusal = std::move(refusal);
    return true;
}

// --- answers
// --------------------------------------------------------------------------------------------

void handle(Step& step, const ConflictsLoaded& action) {
    const auto fetch = take_pending<FetchConflicts>(step.state, action.request);
    if (!fetch) return;
    const bool is_past = fetch->list == ConflictList::Past;
    api::ConflictPage page = action.page;
    if (is_past) {
        auto& list = page.conflicts;
        list.erase(
            std::remove_if(list.begin(),
                           list.end(),
                           [](const api::Conflict& conflict) { return conflict.state == "open"; }),
            list.end());
    }
    change_lists(step, [&] {
        ReviewState& review = step.state.review;
        append(is_past ? review.past : review.open,
               std::move(page),
               &api::ConflictPage::conflicts,
               !fetch->cursor.empty());
    });
    look_at_shown(step);
}

void handle(Step& step, const ConflictAnswered& action) {
    const auto wanted = take_pending<ResolveConflict>(step.state, action.request);
    if (!wanted) return;
    std::optional<Request> undo = undo_of(step.state.review, action.conflict);
    step.state.review.stood.reset();
    step.state.review.refusal.reset();
    step.state.review.side.clear();
    step.state.review.typed.clear();
    take_conflict(step, action.conflict);
    say_decided(step, action.conflict, std::move(undo));
    look_at_shown(step);
}

void handle(Step& step, const ConflictChanged& action) {
    take_conflict(step, action.conflict);
}

void handle(Step& step, const HoldsLoaded& action) {
    const auto fetch = take_pending<FetchHolds>(step.state, action.request);
    if (!fetch) return;
    change_lists(step, [&] {
        append(step.state.review.holds, action.page, &api::HoldPage::holds, !fetch->cursor.empty());
    });
}

void handle(Step& step, const HoldDecided& action) {
    const auto decided = take_pending<DecideHold>(step.state, action.request);
    if (!decided) return;
    add_toast(step, decided_text(step.state, *decided), {});
    change_lists(step, [&] {
        if (!step.state.review.holds) return;
        std::vector<api::HeldRecord>& holds = step.state.review.holds->holds;
        const auto found = std::find_if(holds.begin(), holds.end(), [&](const auto& hold) {
            return hold.system == decided->system && hold.record_id == decided->record_id;
        });
        if (found == holds.end()) return;
        if (decided->decision == HoldDecision::Refuse && found->suggestion) {
            found->suggestion->is_refused = true;
        } else if (decided->decision == HoldDecision::Link) {
            holds.erase(found);
        }
    });
    send(step, FetchHolds{});
}

// --- what the person does
// -------------------------------------------------------------------------------

void handle(Step& step, const ReviewItemChosen& action) {
    look_at(step, action.id);
}

void handle(Step& step, const ReviewMoved& action) {
    const std::vector<std::string> ids = shown_ids(step.state);
    if (ids.empty()) return;
    const auto last = static_cast<std::int64_t>(ids.size()) - 1;
    const auto here = static_cast<std::int64_t>(shown_place(step.state, ids));
    const std::int64_t there = std::clamp<std::int64_t>(here + action.step, 0, last);
    look_at(step, ids[static_cast<std::size_t>(there)]);
}

void handle(Step& step, const ReviewSideChosen& action) {
    step.state.review.side = action.side;
    step.state.review.refusal.reset();
}

void handle(Step& step, const ReviewTextTyped& action) {
    step.state.review.typed = action.text;
    step.state.review.side = kOtherSide;
    step.state.review.refusal.reset();
}

void handle(Step& step, const ReviewApplied& action) {
    const AppState& state = step.state;
    const api::Conflict* conflict = shown_conflict(state);
    if (conflict == nullptr || is_pending<ResolveConflict>(state)) return;
    if (state.review.side.empty()) {
        announce(step, "Choose a value first", Politeness::Assertive);
        return;
    }
    api::Resolution resolution{.is_forced = action.is_forced};
    if (state.review.side == kBaseSide) {
        resolution.value = conflict->base;
    } else if (state.review.side == kOtherSide) {
        resolution.value = state.review.typed;
    } else {
        resolution.side = state.review.side;
    }
    step.state.review.stood = StoodBefore{conflict->id, standing_value(*conflict)};
    send(step, ResolveConflict{conflict->id, std::move(resolution)});
}

void handle(Step& step, const HoldDecisionClicked& action) {
    const api::HeldRecord* hold = shown_hold(step.state);
    if (hold == nullptr || is_pending<DecideHold>(step.state)) return;
    DecideHold decision{hold->system, hold->record_id, action.decision, ContactId()};
    if (action.decision == HoldDecision::Link) {
        const bool is_suggested = hold->suggestion && !hold->suggestion->contact_id.empty();
        decision.contact =
            ContactId(is_suggested ? hold->suggestion->contact_id : hold->contact_id);
        if (!decision.contact.is_set()) return;
    }
    send(step, std::move(decision));
}

void handle(Step& step, const MoreClicked& /*action*/) {
    const ReviewState& review = step.state.review;
    if (step.state.route.tab == kRecordsTab) {
        const bool has_more = review.holds && !review.holds->cursor.empty();
        if (has_more && !is_pending<FetchHolds>(step.state))
            send(step, FetchHolds{review.holds->cursor});
        return;
    }
    const api::ConflictPage* page = shown_conflicts(step.state);
    if (page == nullptr || page->cursor.empty() || is_pending<FetchConflicts>(step.state)) return;
    const bool is_past = step.state.route.tab == kPastTab;
    send(step, FetchConflicts{is_past ? ConflictList::Past : ConflictList::Open, page->cursor});
}

}  // namespace crm::client
