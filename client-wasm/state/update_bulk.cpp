// Ticking rows, and one action on all that are ticked.
#include <algorithm>
#include <utility>

#include "client-wasm/state/select.h"
#include "client-wasm/state/select_bulk.h"
#include "client-wasm/state/update_parts.h"

namespace crm::client {
namespace {

using api::BulkAction;

/// The selection of this list; that of the other one goes.
Selection& selection_of(Step& step, ListKind list) {
    Selection& selection = step.state.selection;
    if (selection.list != list) selection = Selection{};
    selection.list = list;
    return selection;
}

void tick(Selection& selection, const ContactId& id) {
    if (selection.is_everyone) {
        selection.without.erase(id);
    } else {
        selection.ids.insert(id);
    }
}

void untick(Selection& selection, const ContactId& id) {
    if (selection.is_everyone) {
        selection.without.insert(id);
    } else {
        selection.ids.erase(id);
    }
}

api::BulkRequest for_ticked(const AppState& state, BulkAction action) {
    const Selection& selection = state.selection;
    api::BulkRequest change{.action = action};
    if (!selection.is_everyone) {
        change.ids.assign(selection.ids.begin(), selection.ids.end());
        return change;
    }
    change.without.assign(selection.without.begin(), selection.without.end());
    std::map<std::string, std::string>& query = change.query.emplace();
    const ContactQuery list = query_for(state, selection.list);
    if (!list.text.empty()) query["q"] = list.text;
    if (list.deleted == Deleted::Only) query["deleted"] = "only";
    return change;
}

void send_change(Step& step, api::BulkRequest change) {
    if (is_bulk_sent(step.state)) return;
    send(step, ChangeMany{std::move(change)});
}

std::string done_text(const api::BulkReport& report, const api::BulkRequest& change) {
    const std::string who = contacts_text(report.changed);
    switch (report.action) {
        case BulkAction::Delete:
            return "Moved " + who + " to Trash";
        case BulkAction::Restore:
            return "Restored " + who;
        case BulkAction::Update:
            return "Changed " + who;
        case BulkAction::Tag:
            return change.added_tags.empty() ? "Took tags off " + who : "Tagged " + who;
    }
    return "Changed " + who;
}

}  // namespace

void clear_selection(Step& step) {
    step.state.selection = Selection{};
}

bool confirm_bulk(Step& step, const Dialog& dialog) {
    if (std::holds_alternative<BulkDeleteDialog>(dialog)) {
        send_change(step, for_ticked(step.state, BulkAction::Delete));
        return true;
    }
    if (const auto* tags = std::get_if<TagDialog>(&dialog)) {
        api::BulkRequest change = for_ticked(step.state, BulkAction::Tag);
        (tags->is_removal ? change.removed_tags : change.added_tags) = read_tag_list(tags->text);
        const bool is_empty = change.added_tags.empty() && change.removed_tags.empty();
        if (!is_empty) send_change(step, std::move(change));
        return true;
    }
    return std::holds_alternative<BulkReportDialog>(dialog);
}

void handle(Step& step, const RowToggled& action) {
    const Contact* contact = find_row(list_of(step.state, action.list), action.row);
    if (contact == nullptr) return;
    Selection& selection = selection_of(step, action.list);
    const bool is_on = is_ticked(step.state, action.list, contact->id);
    if (action.is_range && selection.anchor >= 0) {
        const std::int64_t first = std::min(selection.anchor, action.row);
        const std::int64_t last = std::max(selection.anchor, action.row);
        for (std::int64_t row = first; row <= last; ++row) {
            const Contact* between = find_row(list_of(step.state, action.list), row);
            if (between != nullptr) tick(selection, between->id);
        }
        return;
    }
    selection.anchor = action.row;
    if (is_on) {
        untick(selection, contact->id);
    } else {
        tick(selection, contact->id);
    }
}

void handle(Step& step, const LoadedToggled& action) {
    if (are_loaded_ticked(step.state, action.list)) {
        clear_selection(step);
        return;
    }
    Selection& selection = selection_of(step, action.list);
    for (const auto& [page, contacts] : list_of(step.state, action.list).pages) {
        for (const Contact& contact : contacts) tick(selection, contact.id);
    }
    announce(step,
             contacts_text(ticked_count(step.state, action.list)) + " selected",
             Politeness::Polite);
}

void handle(Step& step, const EveryoneChosen& /*action*/) {
    Selection& selection = step.state.selection;
    selection.is_everyone = true;
    selection.ids.clear();
    selection.without.clear();
    announce(step,
             contacts_text(ticked_count(step.state, selection.list)) + " selected",
             Politeness::Polite);
}

void handle(Step& step, const SelectionCleared& /*action*/) {
    clear_selection(step);
}

void handle(Step& step, const BulkClicked& action) {
    const std::int64_t count = ticked_count(step.state, step.state.selection.list);
    if (count == 0 || is_bulk_sent(step.state)) return;
    switch (action.wish) {
        case BulkWish::Delete:
            step.state.dialog = BulkDeleteDialog{count};
            return;
        case BulkWish::Restore:
            send_change(step, for_ticked(step.state, BulkAction::Restore));
            return;
        case BulkWish::AddTags:
        case BulkWish::RemoveTags:
            step.state.dialog = TagDialog{action.wish == BulkWish::RemoveTags, ""};
            return;
    }
}

void handle(Step& step, const TagsTyped& action) {
    if (auto* dialog = std::get_if<TagDialog>(&step.state.dialog)) dialog->text = action.text;
}

void handle(Step& step, const BulkAnswered& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const auto* wish = std::get_if<ChangeMany>(&found->second);
    const api::BulkRequest change = wish == nullptr ? api::BulkRequest{} : wish->change;
    step.state.pending.erase(found);
    clear_selection(step);
    refresh_lists(step);
    const api::BulkReport& report = action.report;
    if (report.id.empty()) {
        add_toast(step, "Nothing was changed", {});
    } else {
        note_done(step, action.request, {done_text(report, change), UndoChange{report.id}, {}});
    }
    const bool is_free = std::holds_alternative<std::monostate>(step.state.dialog);
    if (report.refused > 0 && is_free) step.state.dialog = BulkReportDialog{report};
}

}  // namespace crm::client
