// Settings: the look, the connections, who is signed in, the shortcuts.
#include <array>

#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

struct ThemeEntry {
    ThemeChoice choice;
    std::string_view label;
};

constexpr std::array<ThemeEntry, 3> kThemes{{{ThemeChoice::System, strings::kThemeSystem},
                                             {ThemeChoice::Light, strings::kThemeLight},
                                             {ThemeChoice::Dark, strings::kThemeDark}}};
constexpr float kCardWidthMax = 640;

void appearance(Stage& stage, Column& column) {
    ui::Ui& ui = stage.ui;
    const ui::Rect title = column.take(24, ui::kGap2);
    ui::Rect rows = column.take(static_cast<float>(kThemes.size()) * ui.control_height());
    if (!column.is_drawing()) return;
    ui.heading(2, title, strings::kAppearance, ui::TextStyle::Title);
    ui.begin(ui::Landmark::Group, "theme", strings::kTheme, rows);
    for (const ThemeEntry& entry : kThemes) {
        const bool is_chosen = stage.state.theme == entry.choice;
        if (ui.radio(entry.label, rows.cut_top(ui.control_height()), entry.label, is_chosen)) {
            stage.actions.push(ThemeChosen{entry.choice});
        }
    }
    ui.end();
}

void account(Stage& stage, Column& column) {
    ui::Ui& ui = stage.ui;
    const ui::Rect title = column.take(24, ui::kGap2);
    if (column.is_drawing()) ui.heading(2, title, strings::kAccount, ui::TextStyle::Title);
    const std::optional<api::Self>& self = stage.state.self;
    if (!self) {
        const ui::Rect place = column.take(48);
        if (column.is_drawing()) ui.skeleton(place, 2, 24);
        return;
    }
    const std::string& customer =
        self->customer_name.empty() ? self->customer_id.text : self->customer_name;
    const std::string who = self->user.empty() ? customer : self->user + " at " + customer;
    column.text("Signed in as " + who, ui::TextStyle::Body, ui::Tone::Text, ui::kGap1);
    if (!self->role.empty())
        column.text("Role: " + self->role, ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap1);
    if (self->user.empty()) return;
    const ui::Rect line = column.take(24);
    if (!column.is_drawing()) return;
    ui.link("account",
            line,
            {.name = strings::kAccountPage,
             .href = "/account",
             .style = ui::TextStyle::BodyMedium,
             .opens_outside = true});
}

void shortcuts_button(Stage& stage, Column& column) {
    const ui::ButtonSpec help{
        .label = strings::kShortcuts, .icon = ui::Icon::Help, .shortcut = "?"};
    ui::Rect line = column.take(stage.ui.control_height(), ui::kGap4);
    const ui::Rect place = line.cut_left(stage.ui.button_width(help));
    if (column.is_drawing() && stage.ui.button("shortcuts", place, help)) {
        stage.actions.push(HelpClicked{});
    }
}

void cards(Stage& stage, Column& column) {
    const auto card = [&](auto draw) {
        in_card(column, ui::kGap4, [&](Column& inside) { draw(stage, inside); });
        column.take(ui::kGap4);
    };
    card(connections_view);
    card(appearance);
    card(account);
    shortcuts_button(stage, column);
}

}  // namespace

void settings_view(Stage& stage, ui::Rect rect) {
    screen_title(stage, rect, strings::kSettings, "");
    notice_stack(stage, NoticePlace::Screen, rect);
    const float width = std::min(rect.width, kCardWidthMax);
    const float height = measure(stage.ui, width, [&](Column& column) { cards(stage, column); });
    ui::Rect area = stage.ui.begin_scroll("settings", rect, height);
    area.width = width;
    Column column{stage.ui, area};
    cards(stage, column);
    stage.ui.end_scroll();
}

}  // namespace crm::client
