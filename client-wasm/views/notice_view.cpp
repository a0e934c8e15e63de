// What went wrong, in four lines: what happened, what it means for the data, the one action, the
// details. And the toasts of what went well.
#include <algorithm>

#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

bool is_save(const Notice& notice) {
    return notice.retry && (std::holds_alternative<CreateContact>(*notice.retry) ||
                            std::holds_alternative<PatchContact>(*notice.retry));
}

std::string_view retry_label(const Notice& notice) {
    switch (notice.place) {
        case NoticePlace::List:
            return strings::kLoadAgain;
        case NoticePlace::Panel:
            return is_save(notice) ? strings::kSaveAgain : strings::kAskAgain;
        case NoticePlace::Screen:
            return strings::kRetry;
    }
    return strings::kRetry;
}

/// The newest failure of a place: an older one is seldom the cause, and names stand once on a
/// screen.
const Notice* shown_notice(const AppState& state, NoticePlace place) {
    const auto found =
        std::find_if(state.notices.rbegin(), state.notices.rend(), [place](const Notice& notice) {
            return notice.place == place;
        });
    return found == state.notices.rend() ? nullptr : &*found;
}

float text_height(const Stage& stage, const Notice& notice, float width) {
    return stage.ui.paragraph_height(width, notice.what, ui::TextStyle::BodyStrong) +
           stage.ui.paragraph_height(width, notice.meaning, ui::TextStyle::Body) +
           stage.ui.paragraph_height(width, notice.details, ui::TextStyle::Caption);
}

constexpr float kPad = ui::kGap3;
constexpr float kIconRoom = 28;

float card_height(const Stage& stage, const Notice& notice, float width) {
    const float text_width = width - 2 * kPad - kIconRoom;
    return text_height(stage, notice, text_width) + 2 * kPad + ui::kGap2 +
           stage.ui.control_height();
}

void draw_card(Stage& stage, const Notice& notice, const ui::Rect& rect) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Group, "notice", "Problem", rect);
    ui.fill(rect, ui::Fill::ErrorSoft, ui::kRadiusCard);
    ui::Rect inner = rect.inset(kPad);
    const ui::Rect icon = inner.cut_left(20, kIconRoom - 20);
    ui.icon({icon.x, icon.y, 20, 20}, ui::Icon::Warning, ui::Tone::Error);
    const float width = inner.width;
    ui.paragraph(inner.cut_top(ui.paragraph_height(width, notice.what, ui::TextStyle::BodyStrong)),
                 notice.what,
                 ui::TextStyle::BodyStrong,
                 ui::Tone::Error);
    ui.paragraph(inner.cut_top(ui.paragraph_height(width, notice.meaning, ui::TextStyle::Body)),
                 notice.meaning,
                 ui::TextStyle::Body,
                 ui::Tone::Error);
    ui.paragraph(inner.cut_top(ui.paragraph_height(width, notice.details, ui::TextStyle::Caption),
                               ui::kGap2),
                 notice.details,
                 ui::TextStyle::Caption,
                 ui::Tone::Error);
    ui::Rect buttons = inner.cut_top(ui.control_height());
    const ui::ButtonSpec retry{.label = retry_label(notice), .icon = ui::Icon::Sync};
    if (notice.retry &&
        ui.button("retry", buttons.cut_left(ui.button_width(retry), ui::kGap2), retry)) {
        stage.actions.push(RetryClicked{notice.id});
    }
    const ui::ButtonSpec dismiss{.label = strings::kDismiss, .kind = ui::ButtonKind::Ghost};
    const bool is_closable = notice.place == NoticePlace::Screen;
    if (is_closable && ui.button("dismiss", buttons.cut_left(ui.button_width(dismiss)), dismiss)) {
        stage.actions.push(NoticeClosed{notice.id});
    }
    ui.end();
}

}  // namespace

float notice_stack_height(const Stage& stage, NoticePlace place, float width) {
    const Notice* notice = shown_notice(stage.state, place);
    return notice == nullptr ? 0 : card_height(stage, *notice, width) + ui::kGap3;
}

void notice_stack(Stage& stage, NoticePlace place, ui::Rect& area) {
    const Notice* notice = shown_notice(stage.state, place);
    if (notice == nullptr) return;
    draw_card(stage, *notice, area.cut_top(card_height(stage, *notice, area.width), ui::kGap3));
}

void toasts_view(Stage& stage) {
    // Only the newest outcome offers Undo: the name stands once on a screen; the Trash and Review
    // have the others.
    const std::vector<Toast>& toasts = stage.state.toasts;
    if (toasts.empty()) return;
    // A landmark of their own: whoever walks by landmarks finds them.
    stage.ui.begin(ui::Landmark::Region, "toasts", strings::kNotifications, {});
    const auto newest = std::find_if(
        toasts.rbegin(), toasts.rend(), [](const Toast& toast) { return toast.undo.has_value(); });
    for (const Toast& toast : toasts) {
        const bool has_undo = newest != toasts.rend() && &toast == &*newest;
        const std::string id = "toast-" + std::to_string(toast.id);
        const ui::ToastEvent event =
            stage.ui.toast({.id = id,
                            .text = toast.text,
                            .action = has_undo ? strings::kUndo : std::string_view()});
        if (event.is_action) {
            stage.actions.push(UndoClicked{toast.id});
        } else if (event.is_finished) {
            stage.actions.push(ToastClosed{toast.id});
        }
    }
    stage.ui.end();
}

}  // namespace crm::client
