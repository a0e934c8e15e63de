// What went wrong, those of one cause together: how many, what it means, what helps, and who.
#include <algorithm>
#include <array>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr std::size_t kMembersShown = 3;
constexpr std::size_t kMembersMax = 100;
constexpr float kLine = 20;

struct CauseWord {
    std::string_view code;
    std::string_view word;
};

// Codes of a run's problems, in words; of others, the code itself.
constexpr std::array<CauseWord, 21> kCauseWords{{{"no_email", "no e-mail"},
                                                 {"invalid", "not valid"},
                                                 {"invalid_email", "e-mail not valid"},
                                                 {"duplicate", "there twice"},
                                                 {"suppressed", "deleted here before"},
                                                 {"restored", "restored over there"},
                                                 {"merged", "merged over there"},
                                                 {"possible_duplicate", "maybe the same person"},
                                                 {"refused", "refused"},
                                                 {"too_long", "too long"},
                                                 {"vanished", "record vanished"},
                                                 {"unreachable", "cannot be reached"},
                                                 {"reconnect", "connection broken"},
                                                 {"access_denied", "too few rights"},
                                                 {"budget", "calls used up"},
                                                 {"first_sync", "first sync"},
                                                 {"brake_deletions", "many deletions"},
                                                 {"brake_creations", "many creations"},
                                                 {"brake_conflicts", "many conflicts"},
                                                 {"brake_empty", "empty list"},
                                                 {"listing_short", "list cut short"}}};

std::string cause_word(const std::string& code) {
    for (const CauseWord& entry : kCauseWords) {
        if (entry.code == code) return std::string(entry.word);
    }
    std::string word = code;
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

/// Problems of one system and code, in the order in which they came.
struct Cause {
    std::string key;
    std::string name;  // "HubSpot, refused"
    Problems members;
};

std::vector<Cause> causes_of(const AppState& state, const Problems& problems) {
    std::vector<Cause> causes;
    for (const api::RunProblem* problem : problems) {
        const std::string key = problem->system + "/" + problem->code;
        auto cause = std::find_if(
            causes.begin(), causes.end(), [&key](const Cause& other) { return other.key == key; });
        if (cause == causes.end()) {
            std::string name = problem->system.empty() ? "" : side_label(state, problem->system);
            name += (name.empty() ? "" : ", ") + cause_word(problem->code);
            causes.push_back({key, std::move(name), {}});
            cause = std::prev(causes.end());
        }
        cause->members.push_back(problem);
    }
    return causes;
}

std::string details_of(const AppState& state, const api::RunProblem& problem) {
    std::string text = problem.code;
    if (!problem.record_id.empty()) text += " · record " + problem.record_id;
    if (problem.next_try_at && *problem.next_try_at > state.now) {
        text += " · next try " + format_time(*problem.next_try_at).substr(11, 5) + " UTC";
    }
    return text;
}

std::string member_link(const AppState& state, const api::RunProblem& problem, std::size_t index) {
    const Contact* contact = find_contact(state.contacts, ContactId(problem.contact_id));
    const std::string who =
        contact == nullptr ? "contact " + std::to_string(index + 1) : display_name(contact->fields);
    return "Open " + who + " (" + problem.system + ", " + problem.code + ")";
}

void member_links(Stage& stage, ui::Rect line, const api::RunProblem& problem, std::size_t index) {
    ui::Ui& ui = stage.ui;
    if (!problem.contact_id.empty()) {
        const Route target = with_contact(Route{}, ContactId(problem.contact_id));
        const std::string name = member_link(stage.state, problem, index);
        const std::string href = format_route(target);
        const float width = ui.text_width(name, ui::TextStyle::Caption) + 2;
        if (ui.link("open",
                    line.cut_right(std::min(width, line.width), ui::kGap3),
                    {.name = name, .href = href, .style = ui::TextStyle::Caption})) {
            stage.actions.push(RouteOpened{target});
        }
    }
    ui.text(line, details_of(stage.state, problem), ui::TextStyle::Caption, ui::Tone::Hint);
}

void member(Stage& stage, Column& column, const api::RunProblem& problem, std::size_t index) {
    const float top = column.used;
    column.text(problem.message, ui::TextStyle::Body, ui::Tone::Text);
    const ui::Rect line = column.take(kLine, ui::kGap2);
    if (!column.is_drawing()) return;
    const ui::Rect whole{column.area.x, column.area.y + top, column.area.width, column.used - top};
    stage.ui.begin(ui::Landmark::ListItem, "problem-" + std::to_string(index), "", whole);
    member_links(stage, line, problem, index);
    stage.ui.end();
}

void members(Stage& stage, Column& column, const Cause& cause) {
    const bool is_all = stage.state.sync.shown_causes.count(cause.key) != 0;
    const std::size_t shown = std::min(cause.members.size(), is_all ? kMembersMax : kMembersShown);
    const ui::Rect place{column.area.x, column.area.y + column.used, column.area.width, 0};
    if (column.is_drawing()) stage.ui.begin(ui::Landmark::List, "members", cause.name, place);
    for (std::size_t index = 0; index < shown; ++index) {
        member(stage, column, *cause.members[index], index);
    }
    if (column.is_drawing()) stage.ui.end();
}

bool is_retried(const AppState& state) {
    return std::any_of(state.pending.begin(), state.pending.end(), [](const auto& entry) {
        return std::holds_alternative<StartSync>(entry.second);
    });
}

/// Only what failed is sent again: what is in step needs no call.
void retry(Stage& stage, const Cause& cause) {
    SyncNowClicked wish{.system = cause.members.front()->system, .contact = ContactId()};
    if (cause.members.size() == 1) wish.contact = ContactId(cause.members.front()->contact_id);
    stage.actions.push(wish);
}

void cause_buttons(Stage& stage, ui::Rect line, const Cause& cause) {
    ui::Ui& ui = stage.ui;
    const std::string again = "Retry: " + cause.name;
    const ui::ButtonSpec spec{.label = again,
                              .icon = ui::Icon::Sync,
                              .is_busy = is_retried(stage.state),
                              .is_compact = true};
    if (ui.button("retry", line.cut_left(ui.button_width(spec), ui::kGap2), spec)) {
        retry(stage, cause);
    }
    if (cause.members.size() <= kMembersShown) return;
    const bool is_all = stage.state.sync.shown_causes.count(cause.key) != 0;
    const std::string count = count_text(static_cast<std::int64_t>(cause.members.size()));
    const std::string label =
        is_all ? "Show fewer: " + cause.name : "Show all " + count + ": " + cause.name;
    const ui::ButtonSpec more{.label = label, .kind = ui::ButtonKind::Ghost, .is_compact = true};
    if (ui.button("more", line.cut_left(ui.button_width(more)), more)) {
        stage.actions.push(ProblemsToggled{cause.key});
    }
}

void cause_title(Stage& stage, ui::Rect line, const Cause& cause) {
    ui::Ui& ui = stage.ui;
    const ui::Rect icon = line.cut_left(20, ui::kGap2);
    ui.icon(icon, ui::Icon::ErrorCircle, ui::Tone::Error, 18);
    const std::size_t count = cause.members.size();
    const std::string title =
        count == 1 ? cause.name : count_text(static_cast<std::int64_t>(count)) + " × " + cause.name;
    ui.heading(2, line, title, ui::TextStyle::BodyStrong);
}

void cause_card(Stage& stage, Column& column, const Cause& cause) {
    const ui::Rect title = column.take(24, ui::kGap1);
    if (column.is_drawing()) cause_title(stage, title, cause);
    members(stage, column, cause);
    const std::string& action = cause.members.front()->action;
    if (!action.empty()) {
        column.text(action, ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap2);
    }
    const ui::Rect buttons = column.take(stage.ui.control_height());
    if (column.is_drawing()) cause_buttons(stage, buttons, cause);
}

}  // namespace

void problem_list(Stage& stage, Column& column, const Problems& problems) {
    for (const Cause& cause : causes_of(stage.state, problems)) {
        stage.ui.push_id(cause.key);
        in_card(column, ui::kGap4, [&](Column& inside) { cause_card(stage, inside, cause); });
        column.take(ui::kGap3);
        stage.ui.pop_id();
    }
}

}  // namespace crm::client
