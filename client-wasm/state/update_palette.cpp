// The command palette: typing, walking, and doing what is chosen as if it had been clicked.
#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select_palette.h"
#include "client-wasm/state/update_parts.h"
#include "shared/text.h"

namespace crm::client {
namespace {

PaletteDialog* palette_of(Step& step) {
    return std::get_if<PaletteDialog>(&step.state.dialog);
}

void say_selected(Step& step) {
    const PaletteDialog* palette = palette_of(step);
    const std::vector<PaletteEntry> entries = palette_entries(step.state);
    if (palette == nullptr || palette->selected >= entries.size()) return;
    announce(step, entries[palette->selected].title, Politeness::Polite);
}

}  // namespace

void find_people(Step& step) {
    PaletteDialog* palette = palette_of(step);
    if (palette == nullptr) return;
    std::string text = trim(palette->text);
    if (!text.empty() && text.front() == '@') text = trim(text.substr(1));
    if (text.empty() || text.front() == '>') return;
    palette->request = send(step, FindPeople{text});
}

void handle(Step& step, const PaletteOpened& /*action*/) {
    if (!std::holds_alternative<std::monostate>(step.state.dialog)) return;
    step.state.dialog = PaletteDialog{};
}

void handle(Step& step, const PaletteTyped& action) {
    PaletteDialog* palette = palette_of(step);
    if (palette == nullptr) return;
    palette->text = action.text;
    palette->selected = 0;
    palette->people.clear();
    palette->request = 0;
    cancel_timers(step, TimerKind::Palette);
    schedule(step, TimerKind::Palette, kSearchPause);
}

void handle(Step& step, const PeopleFound& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    PaletteDialog* palette = palette_of(step);
    if (palette == nullptr || palette->request != action.request) return;
    palette->people = action.people;
}

void handle(Step& step, const PaletteMoved& action) {
    PaletteDialog* palette = palette_of(step);
    if (palette == nullptr) return;
    const auto count = static_cast<std::int64_t>(palette_entries(step.state).size());
    if (count == 0) return;
    const std::int64_t wanted = static_cast<std::int64_t>(palette->selected) + action.step;
    palette->selected = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted, 0, count - 1));
    say_selected(step);
}

void handle(Step& step, const PaletteChosen& action) {
    std::vector<PaletteEntry> entries = palette_entries(step.state);
    if (action.index >= entries.size()) return;
    const Action chosen = std::move(entries[action.index].action);
    step.state.dialog = std::monostate();
    std::visit([&step](const auto& wanted) { handle(step, wanted); }, chosen);
}

}  // namespace crm::client
