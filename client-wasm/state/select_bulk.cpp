#include "client-wasm/state/select_bulk.h"

#include <algorithm>

#include "client-wasm/state/select.h"
#include "shared/text.h"

namespace crm::client {

bool is_ticked(const AppState& state, ListKind list, const ContactId& id) {
    const Selection& selection = state.selection;
    if (selection.list != list) return false;
    if (selection.is_everyone) return selection.without.count(id) == 0;
    return selection.ids.count(id) != 0;
}

std::int64_t ticked_count(const AppState& state, ListKind list) {
    const Selection& selection = state.selection;
    if (selection.list != list) return 0;
    if (!selection.is_everyone) return static_cast<std::int64_t>(selection.ids.size());
    const auto left_out = static_cast<std::int64_t>(selection.without.size());
    return std::max<std::int64_t>(0, list_of(state, list).total.value_or(0) - left_out);
}

Ticked ticked_state(const AppState& state, ListKind list) {
    const std::int64_t count = ticked_count(state, list);
    if (count == 0) return Ticked::None;
    return count >= list_of(state, list).total.value_or(0) ? Ticked::All : Ticked::Some;
}

bool are_loaded_ticked(const AppState& state, ListKind list) {
    for (const auto& [page, contacts] : list_of(state, list).pages) {
        for (const Contact& contact : contacts) {
            if (!is_ticked(state, list, contact.id)) return false;
        }
    }
    return true;
}

std::string contacts_text(std::int64_t count) {
    return count_text(count) + (count == 1 ? " contact" : " contacts");
}

std::vector<std::string> read_tag_list(std::string_view text) {
    std::vector<std::string> tags;
    while (!text.empty()) {
        const std::size_t comma = text.find(',');
        std::string tag(trim(text.substr(0, comma)));
        const bool is_known = std::find(tags.begin(), tags.end(), tag) != tags.end();
        if (!tag.empty() && !is_known) tags.push_back(std::move(tag));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return tags;
}

bool is_bulk_sent(const AppState& state) {
    return std::any_of(state.pending.begin(), state.pending.end(), [](const auto& pending) {
        return std::holds_alternative<ChangeMany>(pending.second);
    });
}

}  // namespace crm::client
