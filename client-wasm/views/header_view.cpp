// What stands around every screen: the navigation, and the header with search, the state of sync,
// and the two things that one does most.
#include <array>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

struct NavEntry {
    Screen screen;
    std::string_view name;
    ui::Icon icon;
};

constexpr std::array<NavEntry, 5> kNavEntries{
    {{Screen::Contacts, strings::kContacts, ui::Icon::Users},
     {Screen::Sync, strings::kSync, ui::Icon::Sync},
     {Screen::Review, strings::kReview, ui::Icon::Inbox},
     {Screen::Trash, strings::kTrash, ui::Icon::Trash},
     {Screen::Settings, strings::kSettings, ui::Icon::Settings}}};
constexpr float kNavItemHeight = 36;
constexpr float kSearchWidthMax = 420;

std::string nav_count(const AppState& state, Screen screen) {
    const bool is_counted =
        screen == Screen::Contacts && state.contacts.total && state.route.text.empty();
    if (is_counted) return count_text(*state.contacts.total);
    const std::int64_t waiting = screen == Screen::Review ? review_count(state) : 0;
    return waiting > 0 ? count_text(waiting) : std::string();
}

void draw_nav_entry(Stage& stage, const ui::Rect& rect, const NavEntry& entry, Layout layout) {
    Route target;
    target.screen = entry.screen;
    const std::string href = format_route(target);
    const std::string count = nav_count(stage.state, entry.screen);
    const bool is_clicked = stage.ui
                                .nav_link(entry.name,
                                          rect,
                                          {.name = entry.name,
                                           .href = href,
                                           .icon = entry.icon,
                                           .is_current = stage.state.route.screen == entry.screen,
                                           .is_compact = layout != Layout::Wide,
                                           .count = count,
                                           .is_count_urgent = entry.screen == Screen::Review})
                                .is_clicked;
    if (is_clicked) stage.actions.push(RouteOpened{target});
}

void draw_user(Stage& stage, ui::Rect rect, Layout layout) {
    if (!stage.state.self) return;
    const api::Self& self = *stage.state.self;
    const std::string name = !self.user.empty()            ? self.user
                             : !self.customer_name.empty() ? self.customer_name
                                                           : self.customer_id.text;
    if (layout == Layout::Compact) {
        stage.ui.avatar(rect.centered(32, 32), name);
        return;
    }
    rect = rect.inset(ui::kGap4, 0);
    const ui::Rect avatar = rect.cut_left(32, ui::kGap3);
    stage.ui.avatar(avatar.centered(32, 32), name);
    stage.ui.text(rect, name, ui::TextStyle::BodyMedium);
}

void draw_bottom_bar(Stage& stage, ui::Rect rect) {
    const float width = rect.width / static_cast<float>(kNavEntries.size());
    for (const NavEntry& entry : kNavEntries) {
        const ui::Rect cell = rect.cut_left(width);
        draw_nav_entry(stage,
                       cell.centered(ui::kControlTouchHeight, ui::kControlTouchHeight),
                       entry,
                       Layout::Single);
    }
}

void draw_pill(Stage& stage, ui::Rect& bar) {
    const Pill pill = sync_pill(stage.state);
    Route target;
    target.screen = Screen::Sync;
    const std::string href = format_route(target);
    const ui::Rect rect = bar.cut_right(stage.ui.badge_width(pill.text), ui::kGap4);
    const ui::BadgeKind kind =
        is_sync_running(stage.state) ? ui::BadgeKind::Running : badge_of(pill.tone);
    const ui::Click click = stage.ui.badge_link(
        "pill", rect.centered(rect.width, 24), kind, {.name = pill.text, .href = href});
    if (click) stage.actions.push(RouteOpened{target});
}

bool is_run_awaited(const AppState& state) {
    if (state.sync.awaited_run.is_set()) return true;
    for (const auto& [id, request] : state.pending) {
        if (std::holds_alternative<StartSync>(request)) return true;
    }
    return false;
}

void draw_buttons(Stage& stage, ui::Rect& bar, Layout layout) {
    ui::Ui& ui = stage.ui;
    const float height = ui.control_height();
    const ui::ButtonSpec create{.label = strings::kNewContact,
                                .kind = ui::ButtonKind::Primary,
                                .icon = ui::Icon::Plus,
                                .shortcut = "N"};
    const ui::ButtonSpec sync{
        .label = strings::kSyncNow, .icon = ui::Icon::Sync, .is_busy = is_run_awaited(stage.state)};
    const bool is_single = layout == Layout::Single;
    const ui::Rect create_rect =
        bar.cut_right(is_single ? height : ui.button_width(create), ui::kGap2);
    const ui::Rect sync_rect = bar.cut_right(is_single ? height : ui.button_width(sync), ui::kGap4);
    const ui::Rect sync_box = sync_rect.centered(sync_rect.width, height);
    const ui::Rect create_box = create_rect.centered(create_rect.width, height);
    const bool is_sync = is_single ? ui.icon_button("sync-now", sync_box, sync).is_clicked
                                   : ui.button("sync-now", sync_box, sync).is_clicked;
    const bool is_create = is_single ? ui.icon_button("new", create_box, create).is_clicked
                                     : ui.button("new", create_box, create).is_clicked;
    if (is_sync) stage.actions.push(SyncNowClicked{});
    if (!is_create) return;
    Route target = with_contact(stage.state.route, ContactId());
    target.is_new_contact = true;
    stage.actions.push(RouteOpened{target});
}

void draw_search(Stage& stage, const ui::Rect& rect) {
    const ui::FieldEvent event = stage.ui.field("search",
                                                rect,
                                                {.name = strings::kSearch,
                                                 .value = stage.state.search_text,
                                                 .type = ui::FieldType::Search,
                                                 .placeholder = strings::kSearchHint,
                                                 .is_label_shown = false});
    if (event.is_changed) stage.actions.push(SearchChanged{event.text});
    if (event.is_cancelled) stage.actions.push(SearchChanged{""});
}

}  // namespace

void navigation_view(Stage& stage, const ui::Rect& rect, Layout layout) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Navigation, "navigation", strings::kMainNavigation, rect);
    ui.fill(rect, ui::Fill::Sunken);
    if (layout == Layout::Single) {
        draw_bottom_bar(stage, rect);
        ui.end();
        return;
    }
    ui.line_right(rect);
    ui::Rect area = rect;
    ui::Rect brand = area.cut_top(ui::kHeaderHeight, ui::kGap2);
    if (layout == Layout::Wide) brand = brand.inset(ui::kGap4, 0);
    const ui::Rect logo = layout == Layout::Wide ? brand.cut_left(28, ui::kGap2) : brand;
    const ui::Rect mark = logo.centered(28, 28);
    ui.fill(mark, ui::Fill::Accent, ui::kRadiusControl);
    ui.icon(mark, ui::Icon::Logo, ui::Tone::OnAccent);
    if (layout == Layout::Wide) ui.text(brand, strings::kLogo, ui::TextStyle::Title);
    draw_user(stage, area.cut_bottom(ui::kHeaderHeight), layout);
    area = area.inset(ui::kGap2, 0);
    for (const NavEntry& entry : kNavEntries) {
        draw_nav_entry(stage, area.cut_top(kNavItemHeight, ui::kGap1), entry, layout);
    }
    ui.end();
}

void header_view(Stage& stage, const ui::Rect& rect, Layout layout) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::Banner, "header", "", rect);
    ui.fill(rect, ui::Fill::Surface);
    ui.line_below(rect);
    ui::Rect bar = rect.inset(ui::kGap4, 0);
    // Reading order is left to right; the rectangles are cut from both ends.
    ui::Rect right = bar;
    const ui::ButtonSpec create{.label = strings::kNewContact, .icon = ui::Icon::Plus};
    const ui::ButtonSpec sync{.label = strings::kSyncNow, .icon = ui::Icon::Sync};
    const bool is_single = layout == Layout::Single;
    const float buttons =
        is_single ? 2 * ui.control_height() + ui::kGap2 + ui::kGap4
                  : ui.button_width(create) + ui.button_width(sync) + ui::kGap2 + ui::kGap4;
    const float pill = is_single ? 0 : ui.badge_width(sync_pill(stage.state).text) + ui::kGap4;
    const float search_width = std::min(kSearchWidthMax, bar.width - buttons - pill - ui::kGap2);
    const ui::Rect search = bar.cut_left(search_width);
    draw_search(stage, search.centered(search.width, ui.control_height()));
    if (!is_single) {
        right.cut_right(buttons);
        draw_pill(stage, right);
    }
    draw_buttons(stage, bar, layout);
    const bool is_free = std::holds_alternative<std::monostate>(stage.state.dialog);
    if (is_free && ui.shortcut("/")) ui.focus("search");
    if (is_free && ui.shortcut("Ctrl+K", ui::ShortcutScope::Everywhere)) {
        stage.actions.push(PaletteOpened{});
    }
    ui.end();
}

}  // namespace crm::client
