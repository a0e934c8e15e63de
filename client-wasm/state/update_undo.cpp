// What can be taken back, in the order in which it was done, and done again. An undo is a new write
// that the server judges: where somebody changed the same since, it is refused with the reason.
#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select_bulk.h"
#include "client-wasm/state/update_parts.h"

namespace crm::client {
namespace {

void keep(std::vector<UndoStep>& steps, UndoStep step) {
    steps.push_back(std::move(step));
    if (steps.size() > kUndoStepsMax) steps.erase(steps.begin());
}

void forget_toast(Step& step, const Request& undo) {
    std::vector<Toast>& toasts = step.state.toasts;
    toasts.erase(std::remove_if(toasts.begin(),
                                toasts.end(),
                                [&undo](const Toast& toast) { return toast.undo == undo; }),
                 toasts.end());
}

void send_step(Step& step, UndoWay way, UndoStep taken) {
    forget_toast(step, taken.back);
    const Request request = way == UndoWay::Back ? taken.back : *taken.again;
    const RequestId id = send(step, request);
    step.state.undo.sent.emplace(id, UndoSent{way, std::move(taken)});
}

std::string undone_text(const api::Undo& undo) {
    if (undo.undone == 0 && undo.kept == 0) return "Nothing was left to undo";
    std::string text = "Took back the changes of " + contacts_text(undo.undone);
    if (undo.kept > 0) text += "; of " + contacts_text(undo.kept) + " something newer stays";
    return text;
}

}  // namespace

void note_done(Step& step, RequestId answered, UndoStep done) {
    UndoStack& stack = step.state.undo;
    const auto found = stack.sent.find(answered);
    if (found == stack.sent.end()) {
        stack.undone.clear();
        add_toast(step, done.what, done.back);
        keep(stack.done, std::move(done));
        return;
    }
    const UndoSent sent = std::move(found->second);
    stack.sent.erase(found);
    if (sent.way == UndoWay::Again) {
        add_toast(step, done.what, done.back);
        keep(stack.done, std::move(done));
        return;
    }
    // What takes the undo back is what does the thing once more.
    add_toast(step, done.what, {});
    keep(stack.undone, {sent.step.what, sent.step.back, std::move(done.back)});
}

RequestId send_patch(Step& step, PatchContact wish, const ContactFields& before) {
    ContactPatch inverse;
    for (const auto& [wire, text] : wish.patch.texts) {
        const FieldSpec* spec = find_field(wire);
        if (spec != nullptr) inverse.texts[wire] = before.*(spec->member);
    }
    const RequestId id = send(step, std::move(wish));
    step.state.undo.inverses.emplace(id, std::move(inverse));
    return id;
}

std::optional<UndoStep> undo_of_save(Step& step,
                                     const PatchContact& wish,
                                     const ContactAnswered& answer) {
    UndoStack& stack = step.state.undo;
    const std::string what = "Saved " + display_name(answer.contact.fields);
    std::optional<ContactPatch> inverse;
    if (const auto known = stack.inverses.find(answer.request); known != stack.inverses.end()) {
        inverse = std::move(known->second);
        stack.inverses.erase(known);
    }
    if (const auto sent = stack.sent.find(answer.request); sent != stack.sent.end()) {
        // Taken back, or done again: what does the opposite is the step's other half.
        const UndoStep& taken = sent->second.step;
        const auto* other = std::get_if<PatchContact>(
            sent->second.way == UndoWay::Back && taken.again ? &*taken.again : &taken.back);
        if (other != nullptr) inverse = other->patch;
    }
    if (!inverse) return std::nullopt;
    const std::int64_t version = answer.contact.version;
    return UndoStep{what,
                    PatchContact{wish.id, std::move(*inverse), version},
                    PatchContact{wish.id, wish.patch, version + 1}};
}

void keep_undo(Step& step, const RequestFailed& failed) {
    UndoStack& stack = step.state.undo;
    stack.inverses.erase(failed.request);
    const auto found = stack.sent.find(failed.request);
    if (found == stack.sent.end()) return;
    const UndoSent sent = std::move(found->second);
    stack.sent.erase(found);
    if (failed.failure != Failure::NoConnection) return;
    keep(sent.way == UndoWay::Back ? stack.done : stack.undone, sent.step);
}

void handle(Step& step, const UndoClicked& action) {
    const std::vector<Toast>& toasts = step.state.toasts;
    const auto found = std::find_if(toasts.begin(), toasts.end(), [&action](const Toast& toast) {
        return toast.id == action.toast;
    });
    if (found == toasts.end() || !found->undo) return;
    const Request undo = *found->undo;
    handle(step, ToastClosed{action.toast});
    std::vector<UndoStep>& done = step.state.undo.done;
    const auto known = std::find_if(
        done.rbegin(), done.rend(), [&undo](const UndoStep& one) { return one.back == undo; });
    if (known == done.rend()) {
        send(step, undo);
        return;
    }
    UndoStep taken = std::move(*known);
    done.erase(std::next(known).base());
    send_step(step, UndoWay::Back, std::move(taken));
}

void handle(Step& step, const UndoPressed& /*action*/) {
    UndoStack& stack = step.state.undo;
    if (!stack.sent.empty()) return;  // one after the other
    if (stack.done.empty()) {
        announce(step, "There is nothing to undo", Politeness::Polite);
        return;
    }
    UndoStep taken = std::move(stack.done.back());
    stack.done.pop_back();
    send_step(step, UndoWay::Back, std::move(taken));
}

void handle(Step& step, const RedoPressed& /*action*/) {
    UndoStack& stack = step.state.undo;
    if (!stack.sent.empty()) return;
    if (stack.undone.empty() || !stack.undone.back().again) {
        announce(step, "There is nothing to do again", Politeness::Polite);
        return;
    }
    UndoStep taken = std::move(stack.undone.back());
    stack.undone.pop_back();
    send_step(step, UndoWay::Again, std::move(taken));
}

void handle(Step& step, const UndoAnswered& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const auto* wish = std::get_if<UndoChange>(&found->second);
    const std::string id = wish == nullptr ? "" : wish->id;
    step.state.pending.erase(found);
    if (action.undo.is_preview) {
        const bool is_free = std::holds_alternative<std::monostate>(step.state.dialog);
        if (is_free) step.state.dialog = UndoDialog{id, action.undo};
        return;
    }
    const ImportState& import = step.state.import;
    if (import.done && import.done->id == id) step.state.import = ImportState{};
    refresh_lists(step);
    if (action.undo.id.empty()) {
        step.state.undo.sent.erase(action.request);
        add_toast(step, undone_text(action.undo), {});
        return;
    }
    note_done(step, action.request, {undone_text(action.undo), UndoChange{action.undo.id}, {}});
}

void handle(Step& step, const HistoryUndoClicked& action) {
    for (const auto& [id, request] : step.state.pending) {
        if (std::holds_alternative<UndoChange>(request)) return;
    }
    send(step, UndoChange{action.id, true});
}

}  // namespace crm::client
