#include "client-wasm/state/route.h"

#include <array>
#include <optional>
#include <utility>

#include "shared/url.h"

namespace crm::client {
namespace {

constexpr std::string_view kNewWord = "new";  // no contact has this id: ids are UUIDs

struct ScreenWord {
    std::string_view word;
    Screen screen;
};

constexpr std::array<ScreenWord, 6> kScreenWords{{{"contacts", Screen::Contacts},
                                                  {"sync", Screen::Sync},
                                                  {"review", Screen::Review},
                                                  {"trash", Screen::Trash},
                                                  {"settings", Screen::Settings},
                                                  {"import", Screen::Import}}};

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (!part.empty()) parts.push_back(percent_decode(part).value_or(std::string()));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return parts;
}

void read_query(std::string_view query, Route& route) {
    const std::optional<QueryParams> params = parse_query(query);
    if (!params) return;
    for (const auto& [name, value] : *params) {
        if (name == "q") route.text = value;
        if (name == "tab") route.tab = value;
        if (name != "sort") continue;
        Result<std::vector<SortKey>> sort = parse_sort(value);
        if (sort.is_ok()) route.sort = sort.take();
    }
}

bool has_tab(const Route& route) {
    if (route.screen == Screen::Review) {
        return route.tab == kRecordsTab || route.tab == kProblemsTab || route.tab == kPastTab;
    }
    return route.contact.is_set() && (route.tab == kTimelineTab || route.tab == kSyncTab);
}

std::string_view word_of(Screen screen) {
    for (const ScreenWord& entry : kScreenWords) {
        if (entry.screen == screen) return entry.word;
    }
    return kScreenWords.front().word;
}

}  // namespace

Route parse_route(std::string_view hash) {
    Route route;
    if (!hash.empty() && hash.front() == '#') hash.remove_prefix(1);
    const std::size_t mark = hash.find('?');
    if (mark != std::string_view::npos) read_query(hash.substr(mark + 1), route);
    const std::vector<std::string> parts = split_path(hash.substr(0, mark));
    if (parts.empty()) {
        route.tab.clear();
        return route;
    }
    for (const ScreenWord& entry : kScreenWords) {
        if (entry.word == parts.front()) route.screen = entry.screen;
    }
    if (route.screen == Screen::Contacts && parts.front() == "contacts" && parts.size() > 1) {
        route.is_new_contact = parts[1] == kNewWord;
        if (!route.is_new_contact) route.contact = ContactId(parts[1]);
    }
    if (route.screen == Screen::Sync && parts.size() > 2 && parts[1] == "runs") {
        route.run = RunId(parts[2]);
    }
    if (!has_tab(route)) route.tab.clear();
    return route;
}

std::string format_route(const Route& route) {
    std::string hash = "#/" + std::string(word_of(route.screen));
    if (route.screen == Screen::Contacts) {
        if (route.is_new_contact) hash += "/" + std::string(kNewWord);
        if (route.contact.is_set()) hash += "/" + percent_encode(route.contact.text);
    }
    if (route.screen == Screen::Sync && route.run.is_set()) {
        hash += "/runs/" + percent_encode(route.run.text);
    }
    QueryParams params;
    if (!route.text.empty()) params.emplace_back("q", route.text);
    if (!route.sort.empty()) params.emplace_back("sort", format_sort(route.sort));
    if (!route.tab.empty()) params.emplace_back("tab", route.tab);
    if (!params.empty()) hash += "?" + format_query(params);
    return hash;
}

Route with_contact(Route route, const ContactId& contact) {
    const bool has_same_tabs = route.screen == Screen::Contacts && contact.is_set();
    if (!has_same_tabs) route.tab.clear();
    route.screen = Screen::Contacts;
    route.run = RunId();
    route.is_new_contact = false;
    route.contact = contact;
    return route;
}

bool has_panel(const Route& route) {
    return route.screen == Screen::Contacts && (route.is_new_contact || route.contact.is_set());
}

}  // namespace crm::client
