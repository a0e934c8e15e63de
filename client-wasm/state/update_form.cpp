// The panel beside the list: opening a record, typing, saving, deleting, and what the server
// answers to that.
#include <algorithm>
#include <utility>

#include "client-wasm/state/select.h"
#include "client-wasm/state/update_parts.h"
#include "shared/contact_parse.h"

namespace crm::client {
namespace {

Draft draft_of(const Contact& contact) {
    Draft draft;
    draft.base = contact;
    draft.fields = contact.fields;
    return draft;
}

/// The answer to a save becomes the base; what was typed since Save stays.
void rebase(Draft& draft, const Contact& contact) {
    for (const FieldSpec& spec : kContactFields) {
        const bool is_typed_since = draft.fields.*spec.member != draft.sent.*spec.member;
        if (!is_typed_since) draft.fields.*spec.member = contact.fields.*spec.member;
    }
    draft.fields.tags = contact.fields.tags;
    draft.fields.more_emails = contact.fields.more_emails;
    draft.fields.more_phones = contact.fields.more_phones;
    draft.base = contact;
    draft.save = SaveState::Editing;
    draft.request = 0;
    draft.left_fields.clear();
    draft.server_problems.clear();
}

void fetch_history(Step& step) {
    const ContactId& id = step.state.route.contact;
    if (id.is_set()) send(step, FetchHistory{id});
}

bool is_open(const AppState& state, const ContactId& id) {
    return has_panel(state.route) && state.route.contact == id;
}

void say_saved(Step& step, const Request& request, const ContactAnswered& action) {
    const std::string name = display_name(action.contact.fields);
    const bool was_create = std::holds_alternative<CreateContact>(request);
    if (was_create && action.outcome == SaveOutcome::Updated) {
        add_toast(
            step, "A contact with this email was there already: " + name + " was updated", {});
    } else if (was_create) {
        note_done(step,
                  action.request,
                  {"Created " + name,
                   DeleteContact{action.contact.id},
                   RestoreContact{action.contact.id}});
    } else if (auto saved = undo_of_save(step, std::get<PatchContact>(request), action)) {
        note_done(step, action.request, std::move(*saved));
    } else {
        add_toast(step, "Saved " + name, {});
    }
}

void take_saved(Step& step, const Request& request, const ContactAnswered& action) {
    AppState& state = step.state;
    const bool is_of_draft = state.panel.draft && state.panel.draft->request == action.request;
    say_saved(step, request, action);
    place_contact(step, action.contact);
    if (!is_of_draft) return;
    drop_notices(step, NoticePlace::Panel);
    rebase(*state.panel.draft, action.contact);
    if (state.route.contact != action.contact.id) {
        // The form of a new contact becomes the panel of the contact that is there now.
        state.route = with_contact(state.route, action.contact.id);
        step.effects.push_back(OpenHash{format_route(state.route), HistoryMode::Replace});
    }
    fetch_history(step);
}

void take_deleted(Step& step, RequestId request, const Contact& contact) {
    place_contact(step, contact);
    if (is_open(step.state, contact.id)) {
        step.state.panel = ContactPanel{};
        go(step, with_contact(step.state.route, ContactId()), HistoryMode::Replace);
    }
    note_done(step,
              request,
              {"Moved " + display_name(contact.fields) + " to Trash",
               RestoreContact{contact.id},
               DeleteContact{contact.id}});
}

void take_restored(Step& step, RequestId request, const Contact& contact) {
    place_contact(step, contact);
    show_in_panel(step, contact);
    note_done(step,
              request,
              {"Restored " + display_name(contact.fields),
               DeleteContact{contact.id},
               RestoreContact{contact.id}});
}

}  // namespace

void open_panel(Step& step) {
    AppState& state = step.state;
    state.panel = ContactPanel{};
    drop_notices(step, NoticePlace::Panel);
    if (!has_panel(state.route)) return;
    if (state.route.is_new_contact) {
        state.panel.draft = Draft{};
        return;
    }
    const Contact* known = find_contact(state.contacts, state.route.contact);
    if (known != nullptr) state.panel.draft = draft_of(*known);
    if (known == nullptr) send(step, FetchContact{state.route.contact});
    fetch_history(step);
    fetch_tab(step);
}

void fetch_tab(Step& step) {
    const Route& route = step.state.route;
    if (has_panel(route) && route.tab == kSyncTab) send(step, FetchContactSync{route.contact});
}

void show_in_panel(Step& step, const Contact& contact) {
    AppState& state = step.state;
    if (!is_open(state, contact.id)) return;
    std::optional<Draft>& draft = state.panel.draft;
    state.panel.is_missing = false;
    if (draft && (is_dirty(*draft) || draft->save == SaveState::Saving)) {
        draft->base.links = contact.links;  // how it stands with the systems is nobody's text
        return;
    }
    if (draft && contact.version < draft->base.version) return;
    const bool is_news = !draft || draft->base.version != contact.version;
    draft = draft_of(contact);
    if (is_news) fetch_history(step);
}

void save_draft(Step& step) {
    AppState& state = step.state;
    if (!state.panel.draft || state.panel.draft->save == SaveState::Saving) return;
    Draft& draft = *state.panel.draft;
    drop_notices(step, NoticePlace::Panel);
    const ContactPatch patch = draft_patch(draft);
    if (draft.base.id.is_set() && patch.is_empty()) {
        announce(step, "Nothing has changed", Politeness::Polite);
        return;
    }
    for (const FieldSpec& spec : kContactFields) draft.left_fields.insert(std::string(spec.wire));
    const std::map<std::string, std::string> problems = all_problems(draft);
    if (!problems.empty()) {
        announce(step, "Not saved. " + problems.begin()->second, Politeness::Assertive);
        return;
    }
    draft.server_problems.clear();
    draft.save = SaveState::Saving;
    draft.sent = draft.fields;
    if (draft.base.id.is_set()) {
        draft.request = send_patch(
            step, PatchContact{draft.base.id, patch, draft.base.version}, draft.base.fields);
    } else {
        draft.request = send(step, CreateContact{patch});
    }
}

void save_conflict(Step& step, const ConflictDialog& dialog) {
    std::optional<Draft>& draft = step.state.panel.draft;
    if (!draft || draft->base.id != dialog.conflict.contact.id) return;
    // From here on the person has seen the current contact: it is the base, and their choice is
    // their text.
    const ContactFields typed = draft->fields;
    const Contact old_base = draft->base;
    *draft = draft_of(dialog.conflict.contact);
    for (const FieldSpec& spec : kContactFields) {
        const auto choice = dialog.choices.find(std::string(spec.wire));
        const bool is_disputed = choice != dialog.choices.end();
        const bool is_edited = typed.*spec.member != old_base.fields.*spec.member;
        const bool is_kept = is_disputed ? choice->second == Side::Yours : is_edited;
        if (is_kept) draft->fields.*spec.member = typed.*spec.member;
    }
    if (!is_dirty(*draft)) {
        place_contact(step, dialog.conflict.contact);
        add_toast(step, "Kept what the others wrote", {});
        fetch_history(step);
        return;
    }
    save_draft(step);
}

void handle_panel_failure(Step& step, const Request& request, const RequestFailed& reply) {
    AppState& state = step.state;
    std::optional<Draft>& draft = state.panel.draft;
    if (std::holds_alternative<FetchHistory>(request)) return;  // the form itself is what matters
    if (const auto* why = std::get_if<FetchContactSync>(&request)) {
        if (is_open(state, why->id)) add_notice(step, NoticePlace::Panel, {request, reply});
        return;
    }
    if (const auto* fetch = std::get_if<FetchContact>(&request)) {
        if (!is_open(state, fetch->id)) return;
        state.panel.is_missing =
            reply.answer.error.code == ErrorCode::NotFound && reply.failure == Failure::Refused;
        if (!state.panel.is_missing) add_notice(step, NoticePlace::Panel, {request, reply});
        return;
    }
    if (!draft || draft->request != reply.request) {
        add_notice(step, NoticePlace::Screen, {request, reply});
        return;
    }
    draft->save = SaveState::Editing;
    draft->request = 0;
    if (reply.answer.conflict) {
        ConflictDialog dialog{*reply.answer.conflict, {}};
        for (const std::string& field : dialog.conflict.fields) dialog.choices[field] = Side::Yours;
        state.dialog = std::move(dialog);
        return;
    }
    draft->server_problems = reply.answer.error.fields;
    if (draft->server_problems.empty()) {
        add_notice(step, NoticePlace::Panel, {request, reply});
        return;
    }
    announce(step, "Not saved. " + draft->server_problems.begin()->second, Politeness::Assertive);
}

void handle(Step& step, const ContactAnswered& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const Request request = std::move(found->second);
    step.state.pending.erase(found);
    switch (action.outcome) {
        case SaveOutcome::Created:
        case SaveOutcome::Updated:
            take_saved(step, request, action);
            return;
        case SaveOutcome::Deleted:
            take_deleted(step, action.request, action.contact);
            return;
        case SaveOutcome::Restored:
            take_restored(step, action.request, action.contact);
            return;
        case SaveOutcome::Fetched:
            place_contact(step, action.contact);
            show_in_panel(step, action.contact);
            return;
    }
}

void handle(Step& step, const HistoryLoaded& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const auto* fetch = std::get_if<FetchHistory>(&found->second);
    const ContactId id = fetch == nullptr ? ContactId() : fetch->id;
    step.state.pending.erase(found);
    if (!id.is_set()) return;
    if (is_open(step.state, id)) step.state.panel.history = action.entries;
    take_review_history(step, id, action.entries);
}

void handle(Step& step, const ContactSyncLoaded& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const auto* fetch = std::get_if<FetchContactSync>(&found->second);
    const bool is_wanted = fetch != nullptr && is_open(step.state, fetch->id);
    step.state.pending.erase(found);
    if (is_wanted) step.state.panel.sync = action.systems;
}

void handle(Step& step, const FieldEdited& action) {
    std::optional<Draft>& draft = step.state.panel.draft;
    const FieldSpec* spec = find_field(action.field);
    if (!draft || spec == nullptr) return;
    draft->fields.*(spec->member) = action.text;
    draft->server_problems.erase(action.field);
}

void handle(Step& step, const FieldLeft& action) {
    std::optional<Draft>& draft = step.state.panel.draft;
    const FieldSpec* spec = find_field(action.field);
    if (!draft || spec == nullptr) return;
    draft->left_fields.insert(action.field);
}

void handle(Step& step, const SaveClicked& /*action*/) {
    save_draft(step);
}

void handle(Step& step, const CancelClicked& /*action*/) {
    if (!has_panel(step.state.route)) return;
    step.state.panel = ContactPanel{};
    go(step, with_contact(step.state.route, ContactId()), HistoryMode::Push);
}

void handle(Step& step, const DeleteClicked& /*action*/) {
    const std::optional<Draft>& draft = step.state.panel.draft;
    if (!draft || !draft->base.id.is_set()) return;
    step.state.dialog = DeleteDialog{draft->base.id, display_name(draft->base.fields)};
}

void handle(Step& step, const SideChosen& action) {
    auto* dialog = std::get_if<ConflictDialog>(&step.state.dialog);
    if (dialog == nullptr) return;
    const auto choice = dialog->choices.find(action.field);
    if (choice != dialog->choices.end()) choice->second = action.side;
}

}  // namespace crm::client
