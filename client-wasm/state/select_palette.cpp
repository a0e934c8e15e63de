#include "client-wasm/state/select_palette.h"

#include <array>
#include <utility>

#include "shared/text.h"

namespace crm::client {
namespace {

struct Place {
    Screen screen;
    std::string_view name;
};

constexpr std::array<Place, 6> kPlaces{{{Screen::Contacts, "Contacts"},
                                        {Screen::Sync, "Sync"},
                                        {Screen::Review, "Review"},
                                        {Screen::Trash, "Trash"},
                                        {Screen::Settings, "Settings"},
                                        {Screen::Import, "Import"}}};

Route new_contact() {
    Route route;
    route.is_new_contact = true;
    return route;
}

Route past_conflicts() {
    Route route;
    route.screen = Screen::Review;
    route.tab = kPastTab;
    return route;
}

/// What the contact that is open allows.
void add_about_open(const AppState& state, std::vector<PaletteEntry>& entries) {
    if (!state.panel.draft || !state.route.contact.is_set()) return;
    const std::string name = display_name(state.panel.draft->base.fields);
    Route why = state.route;
    why.tab = kSyncTab;
    entries.push_back({"Sync " + name + " now",
                       "Action",
                       SyncNowClicked{.system = "", .contact = state.route.contact}});
    entries.push_back(
        {"Why " + name + " stands in each CRM as it does", "Action", RouteOpened{why}});
}

std::vector<PaletteEntry> all_actions(const AppState& state) {
    std::vector<PaletteEntry> entries;
    add_about_open(state, entries);
    entries.push_back({"Sync everything", "Action", SyncNowClicked{}});
    entries.push_back({"Preview what a sync would change", "Action", PreviewClicked{}});
    entries.push_back({"Add a contact", "Action · N", RouteOpened{new_contact()}});
    entries.push_back({"Export this list", "Action", ExportClicked{}});
    entries.push_back({"Undo the last change", "Action · Ctrl+Z", UndoPressed{}});
    entries.push_back({"Use the light theme", "Action", ThemeChosen{ThemeChoice::Light}});
    entries.push_back({"Use the dark theme", "Action", ThemeChosen{ThemeChoice::Dark}});
    entries.push_back({"Use the theme of the system", "Action", ThemeChosen{ThemeChoice::System}});
    entries.push_back({"List the keyboard shortcuts", "Action · ?", HelpClicked{}});
    return entries;
}

std::vector<PaletteEntry> all_places() {
    std::vector<PaletteEntry> entries;
    for (const Place& place : kPlaces) {
        Route route;
        route.screen = place.screen;
        entries.push_back({"Go to " + std::string(place.name), "Screen", RouteOpened{route}});
    }
    entries.push_back({"Go to past conflicts", "Screen", RouteOpened{past_conflicts()}});
    return entries;
}

void add_fitting(std::vector<PaletteEntry>& all,
                 std::vector<PaletteEntry> some,
                 const std::string& wanted) {
    for (PaletteEntry& entry : some) {
        if (fold(entry.title).find(wanted) == std::string::npos) continue;
        all.push_back(std::move(entry));
    }
}

}  // namespace

std::vector<PaletteEntry> palette_entries(const AppState& state) {
    std::vector<PaletteEntry> entries;
    const auto* dialog = std::get_if<PaletteDialog>(&state.dialog);
    if (dialog == nullptr) return entries;
    std::string text = trim(dialog->text);
    const char mark = text.empty() ? ' ' : text.front();
    const bool is_marked = mark == '>' || mark == '@';
    if (is_marked) text = trim(text.substr(1));
    if (mark != '>' && !text.empty()) {
        for (const Contact& contact : dialog->people) {
            entries.push_back(
                {display_name(contact.fields),
                 "Contact" +
                     (contact.fields.email.empty() ? std::string() : " · " + contact.fields.email),
                 RouteOpened{with_contact(Route{}, contact.id)}});
        }
    }
    if (mark == '@') return entries;
    const std::string wanted = fold(text);
    add_fitting(entries, all_actions(state), wanted);
    if (mark != '>') add_fitting(entries, all_places(), wanted);
    return entries;
}

}  // namespace crm::client
