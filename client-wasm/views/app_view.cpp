#include "client-wasm/views/app_view.h"

#include <array>
#include <optional>

#include "client-wasm/state/route.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

void draw_screen(Stage& stage, const ui::Rect& rect) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Main, "main", "", rect);
    const ui::Rect area = rect.inset(ui::kGap4);
    switch (stage.state.route.screen) {
        case Screen::Contacts:
            contact_table(stage, area);
            break;
        case Screen::Sync:
            sync_view(stage, area);
            break;
        case Screen::Review:
            review_view(stage, area);
            break;
        case Screen::Trash:
            trash_view(stage, area);
            break;
        case Screen::Settings:
            settings_view(stage, area);
            break;
        case Screen::Import:
            import_view(stage, area);
            break;
    }
    ui.end();
}

void open_neighbour(Stage& stage, std::int64_t step) {
    const ContactList& list = stage.state.contacts;
    const std::optional<std::int64_t> row = find_row_of(list, stage.state.route.contact);
    if (!row) return;
    const Contact* neighbour = find_row(list, *row + step);
    if (neighbour == nullptr) return;
    stage.actions.push(RouteOpened{with_contact(stage.state.route, neighbour->id)});
}

void panel_keys(Stage& stage) {
    ui::Ui& ui = stage.ui;
    constexpr ui::ShortcutScope kEverywhere = ui::ShortcutScope::Everywhere;
    if (ui.shortcut("Escape", kEverywhere)) {
        stage.actions.push(RouteOpened{with_contact(stage.state.route, ContactId())});
    }
    // Ctrl+Enter in a field is the field's own commit.
    if (ui.shortcut("Ctrl+S", kEverywhere) || ui.shortcut("Ctrl+Enter"))
        stage.actions.push(SaveClicked{});
    if (ui.shortcut("Alt+ArrowDown", kEverywhere)) open_neighbour(stage, 1);
    if (ui.shortcut("Alt+ArrowUp", kEverywhere)) open_neighbour(stage, -1);
}

struct GoKey {
    std::string_view key;
    Screen screen;
};

constexpr std::array<GoKey, 5> kGoKeys{{{"c", Screen::Contacts},
                                        {"s", Screen::Sync},
                                        {"r", Screen::Review},
                                        {"t", Screen::Trash},
                                        {",", Screen::Settings}}};

void go_keys(Stage& stage) {
    if (stage.ui.shortcut("g")) stage.actions.push(GoPressed{});
    if (!stage.state.is_go_awaited) return;
    for (const GoKey& entry : kGoKeys) {
        if (!stage.ui.shortcut(entry.key)) continue;
        Route target;
        target.screen = entry.screen;
        stage.actions.push(RouteOpened{target});
    }
}

void page_keys(Stage& stage) {
    if (!std::holds_alternative<std::monostate>(stage.state.dialog)) return;
    go_keys(stage);
    if (stage.ui.shortcut("n")) {
        Route target = with_contact(stage.state.route, ContactId());
        target.is_new_contact = true;
        stage.actions.push(RouteOpened{target});
    }
    if (stage.ui.shortcut("?")) stage.actions.push(HelpClicked{});
    if (stage.ui.shortcut("Ctrl+Z")) stage.actions.push(UndoPressed{});
    if (stage.ui.shortcut("Ctrl+Shift+Z")) stage.actions.push(RedoPressed{});
    if (has_panel(stage.state.route)) {
        panel_keys(stage);
    } else if (stage.state.route.screen == Screen::Contacts) {
        bulk_keys(stage, ListKind::Live);
    } else if (stage.state.route.screen == Screen::Trash) {
        bulk_keys(stage, ListKind::Trash);
    }
}

}  // namespace

Layout layout_for(float window_width) {
    if (window_width < ui::kSingleColumnBelow) return Layout::Single;
    return window_width < ui::kCompactNavBelow ? Layout::Compact : Layout::Wide;
}

ui::BadgeKind badge_of(Tone tone) {
    switch (tone) {
        case Tone::Ok:
            return ui::BadgeKind::Synced;
        case Tone::Info:
            return ui::BadgeKind::Pending;
        case Tone::Warn:
            return ui::BadgeKind::Conflict;
        case Tone::Error:
            return ui::BadgeKind::Error;
        case Tone::Neutral:
            return ui::BadgeKind::Paused;
    }
    return ui::BadgeKind::Paused;
}

ui::BadgeKind badge_of(LinkState state) {
    switch (state) {
        case LinkState::Synced:
            return ui::BadgeKind::Synced;
        case LinkState::Pending:
            return ui::BadgeKind::Pending;
        case LinkState::Conflict:
            return ui::BadgeKind::Conflict;
        case LinkState::Error:
            return ui::BadgeKind::Error;
        case LinkState::NotLinked:
            return ui::BadgeKind::NotLinked;
    }
    return ui::BadgeKind::NotLinked;
}

ui::BadgeKind badge_of(const api::Run& run) {
    if (run.state == api::RunState::Held) return ui::BadgeKind::Held;
    return is_ended(run) ? badge_of(run_tone(run)) : ui::BadgeKind::Running;
}

ui::CheckState check_state(Ticked ticked) {
    switch (ticked) {
        case Ticked::None:
            return ui::CheckState::Off;
        case Ticked::Some:
            return ui::CheckState::Mixed;
        case Ticked::All:
            return ui::CheckState::On;
    }
    return ui::CheckState::Off;
}

void screen_title(Stage& stage, ui::Rect& area, std::string_view title, std::string_view aside) {
    ui::Ui& ui = stage.ui;
    ui::Rect line = area.cut_top(28, ui::kGap3);
    const float width = ui.text_width(title, ui::TextStyle::Page);
    ui.heading(1, line.cut_left(width + 2, ui::kGap3), title, ui::TextStyle::Page);
    // On the title's baseline.
    line.cut_top(3);
    if (!aside.empty()) ui.text(line, aside, ui::TextStyle::Body, ui::Tone::Secondary);
}

void app_view(ui::Ui& ui, const AppState& state, ActionQueue& actions) {
    Stage stage{ui, state, actions};
    const Layout layout = layout_for(ui.window().width);
    ui::Rect area = ui.window();
    ui.fill(area, ui::Fill::Background);
    const bool is_single = layout == Layout::Single;
    const ui::Rect bottom = is_single ? area.cut_bottom(ui::kHeaderHeight) : ui::Rect{};
    if (!is_single) {
        const float width = layout == Layout::Wide ? ui::kNavWidth : ui::kNavCompactWidth;
        navigation_view(stage, area.cut_left(width), layout);
    }
    header_view(stage, area.cut_top(ui::kHeaderHeight), layout);
    if (state.connection == Connection::Lost) {
        (void)ui.banner("offline",
                        area.cut_top(ui::kHeaderHeight),
                        ui::BadgeKind::Error,
                        strings::kOffline,
                        "");
    }
    const bool is_panel_shown = has_panel(state.route);
    if (is_single && is_panel_shown) {
        contact_panel(stage, area, layout);
    } else {
        const ui::Rect panel = is_panel_shown ? area.cut_right(ui::kPanelWidth) : ui::Rect{};
        draw_screen(stage, area);
        if (is_panel_shown) {
            contact_panel(stage, panel, layout);
            ui.line_right({panel.x - 1, panel.y, 1, panel.height});
        }
    }
    if (is_single) navigation_view(stage, bottom, layout);
    page_keys(stage);
    toasts_view(stage);
    dialogs_view(stage);
}

}  // namespace crm::client
