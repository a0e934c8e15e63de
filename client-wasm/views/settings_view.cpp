// Settings: the look, who is signed in, the shortcuts.
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

void draw_appearance(Stage& stage, ui::Rect card) {
    ui::Ui& ui = stage.ui;
    ui.card(card);
    card = card.inset(ui::kGap4);
    ui.heading(2, card.cut_top(24, ui::kGap2), strings::kAppearance, ui::TextStyle::Title);
    ui.begin(ui::Landmark::Group, "theme", strings::kTheme, card);
    for (const ThemeEntry& entry : kThemes) {
        const bool is_chosen = stage.state.theme == entry.choice;
        if (ui.radio(entry.label, card.cut_top(ui.control_height()), entry.label, is_chosen)) {
            stage.actions.push(ThemeChosen{entry.choice});
        }
    }
    ui.end();
}

void draw_account(Stage& stage, ui::Rect card) {
    ui::Ui& ui = stage.ui;
    ui.card(card);
    card = card.inset(ui::kGap4);
    ui.heading(2, card.cut_top(24, ui::kGap2), strings::kAccount, ui::TextStyle::Title);
    const std::optional<api::Self>& self = stage.state.self;
    if (self) {
        const std::string& customer =
            self->customer_name.empty() ? self->customer_id.text : self->customer_name;
        const std::string who = self->user.empty() ? customer : self->user + " at " + customer;
        ui.text(card.cut_top(24), "Signed in as " + who, ui::TextStyle::Body);
        if (!self->role.empty()) {
            ui.text(
                card.cut_top(24), "Role: " + self->role, ui::TextStyle::Body, ui::Tone::Secondary);
        }
    } else {
        ui.skeleton(card, 2, 24);
    }
}

}  // namespace

void settings_view(Stage& stage, ui::Rect rect) {
    screen_title(stage, rect, strings::kSettings, "");
    notice_stack(stage, NoticePlace::Screen, rect);
    rect.width = std::min(rect.width, kCardWidthMax);
    ui::Ui& ui = stage.ui;
    draw_appearance(
        stage, rect.cut_top(2 * ui::kGap4 + 24 + ui::kGap2 + 3 * ui.control_height(), ui::kGap4));
    draw_account(stage, rect.cut_top(2 * ui::kGap4 + 24 + ui::kGap2 + 48, ui::kGap4));
    const ui::ButtonSpec help{
        .label = strings::kShortcuts, .icon = ui::Icon::Help, .shortcut = "?"};
    ui::Rect line = rect.cut_top(ui.control_height());
    if (ui.button("shortcuts", line.cut_left(ui.button_width(help)), help)) {
        stage.actions.push(HelpClicked{});
    }
}

}  // namespace crm::client
