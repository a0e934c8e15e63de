// A switch is an order of faults.h with words for people; the words of orders that came another way
// are made from the order itself.
#include "server/sandbox/fault_panel.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "server/html_text.h"
#include "server/sandbox/html.h"
#include "shared/time_text.h"
#include "shared/url.h"

namespace crm::sandbox {
namespace {

using std::chrono::milliseconds;

enum class Group { Lost, Refused, Reading, Others };

struct Preset {
    std::string_view key;
    Group group;
    std::string_view label;
    std::string_view says;
    Fault fault;
    bool is_for_writes = false;
    int count = 1;
    std::chrono::seconds lasts{0};
    std::chrono::milliseconds delay{0};
    Limit limit = Limit::Burst;
};

constexpr std::chrono::seconds kMinute{60};

constexpr Preset kPresets[] = {
    {.key = "lose_answer",
     .group = Group::Lost,
     .label = "Lose the next answer",
     .says = "The next write takes effect, but nobody is told.",
     .fault = Fault::LoseAnswer,
     .is_for_writes = true},
    {.key = "lose_request",
     .group = Group::Lost,
     .label = "Lose the next write",
     .says = "It never arrives, and nobody is told.",
     .fault = Fault::LoseRequest,
     .is_for_writes = true},
    {.key = "late_write",
     .group = Group::Lost,
     .label = "Carry the next write out late",
     .says = "No answer comes; it takes effect 0.8 seconds later.",
     .fault = Fault::LateWrite,
     .is_for_writes = true,
     .delay = milliseconds(800)},
    {.key = "cut_answer",
     .group = Group::Lost,
     .label = "Cut the next answer in half",
     .says = "The next write takes effect; what comes back cannot be read.",
     .fault = Fault::CutAnswer,
     .is_for_writes = true},
    {.key = "slow",
     .group = Group::Lost,
     .label = "Answer slowly for a minute",
     .says = "Every call takes two seconds longer.",
     .fault = Fault::Delay,
     .count = -1,
     .lasts = kMinute,
     .delay = milliseconds(2000)},
    {.key = "error_page",
     .group = Group::Refused,
     .label = "Show an error page three times",
     .says = "The next three calls get 502 and a page of HTML.",
     .fault = Fault::Error502,
     .count = 3},
    {.key = "read_only",
     .group = Group::Refused,
     .label = "Go read-only for a minute",
     .says = "Reading works; every write is refused.",
     .fault = Fault::ReadOnly,
     .count = -1,
     .lasts = kMinute},
    {.key = "locked",
     .group = Group::Refused,
     .label = "Lock the records three times",
     .says = "The next three calls are told that somebody else is at work on the record.",
     .fault = Fault::Locked,
     .count = 3},
    {.key = "blocked",
     .group = Group::Refused,
     .label = "Block the app once",
     .says = "The next call meets the page of a firewall. The app then waits for half an hour.",
     .fault = Fault::Blocked},
    {.key = "token",
     .group = Group::Refused,
     .label = "Expire the token",
     .says = "The next call is told that the app's token is no longer good.",
     .fault = Fault::TokenExpired},
    {.key = "access",
     .group = Group::Refused,
     .label = "Break the connection for a minute",
     .says = "Integration.app's access to this system counts as expired.",
     .fault = Fault::AccessExpired,
     .count = -1,
     .lasts = kMinute},
    {.key = "disconnect",
     .group = Group::Refused,
     .label = "Count as disconnected for a minute",
     .says = "Integration.app says that the connection must be made again.",
     .fault = Fault::Disconnect,
     .count = -1,
     .lasts = kMinute},
    {.key = "burst",
     .group = Group::Refused,
     .label = "Limit the rate for ten seconds",
     .says = "Every call is told to slow down.",
     .fault = Fault::RateLimit,
     .count = -1,
     .lasts = std::chrono::seconds(10)},
    {.key = "search",
     .group = Group::Refused,
     .label = "Limit the searches for ten seconds",
     .says = "Every call is told that searches come too fast.",
     .fault = Fault::RateLimit,
     .count = -1,
     .lasts = std::chrono::seconds(10),
     .limit = Limit::Search},
    {.key = "gateway",
     .group = Group::Refused,
     .label = "Let the gateway refuse once",
     .says = "The next call is told to slow down in plain text, by whatever stands in front.",
     .fault = Fault::PlainLimit},
    {.key = "daily",
     .group = Group::Refused,
     .label = "Use up the day's calls for a minute",
     .says =
         "Every call is told that no more are allowed today. The app then waits until tomorrow.",
     .fault = Fault::RateLimit,
     .count = -1,
     .lasts = kMinute,
     .limit = Limit::Daily},
    {.key = "skip_record",
     .group = Group::Reading,
     .label = "Skip a record between two pages",
     .says = "The next listing of more than one page misses one, as when another was just deleted.",
     .fault = Fault::SkipRecord},
    {.key = "repeat_record",
     .group = Group::Reading,
     .label = "Repeat a record on two pages",
     .says =
         "The next listing of more than one page has one twice, as when another was just added.",
     .fault = Fault::RepeatRecord},
    {.key = "empty_page",
     .group = Group::Reading,
     .label = "Put an empty page into the next listing",
     .says = "It has no records, and says that there are more.",
     .fault = Fault::EmptyPage},
    {.key = "repeat_cursor",
     .group = Group::Reading,
     .label = "Lead the next listing in a circle",
     .says = "Its page names itself as the one that follows.",
     .fault = Fault::RepeatCursor},
    {.key = "lag",
     .group = Group::Reading,
     .label = "Show changes late for a minute",
     .says =
         "Each change shows in listings after a time of its own, five seconds at most; made for an "
         "app with --sync-settle 5 or more.",
     .fault = Fault::Lag,
     .count = -1,
     .lasts = kMinute,
     .delay = milliseconds(5000)},
    {.key = "stale",
     .group = Group::Reading,
     .label = "Show everything as it was for a minute",
     .says = "What is read is five seconds old; made for an app with --sync-settle 5 or more.",
     .fault = Fault::Stale,
     .count = -1,
     .lasts = kMinute,
     .delay = milliseconds(5000)},
    {.key = "short_list",
     .group = Group::Reading,
     .label = "End the next listing half-way",
     .says = "It shows half a page, and says that this was all.",
     .fault = Fault::ShortList},
    {.key = "merge",
     .group = Group::Others,
     .label = "Merge two records",
     .says = "Somebody makes one of two, just before the next call.",
     .fault = Fault::Merge},
    {.key = "bump",
     .group = Group::Others,
     .label = "Touch ten records",
     .says = "Their time of change moves, and nothing else, just before the next call.",
     .fault = Fault::PhantomBump}};

FaultOrder order_of(const Preset& preset) {
    FaultOrder order;
    order.is_for_writes = preset.is_for_writes;
    order.fault = preset.fault;
    order.count = preset.count;
    order.delay = preset.delay;
    order.lasts = preset.lasts;
    order.limit = preset.limit;
    return order;
}

std::string_view group_title(Group group) {
    switch (group) {
        case Group::Lost:
            return "Answers that do not come";
        case Group::Refused:
            return "Refusals";
        case Group::Reading:
            return "Listings";
        case Group::Others:
            return "Somebody else at work";
    }
    return "";
}

bool concerns(const FaultOrder& order, System system, const std::string& customer) {
    return (!order.system || *order.system == system) &&
           (order.customer.empty() || order.customer == customer);
}

std::string words_of(const FaultOrder& order) {
    for (const Preset& preset : kPresets) {
        if (preset.fault == order.fault && preset.limit == order.limit &&
            preset.is_for_writes == order.is_for_writes) {
            return std::string(preset.label);
        }
    }
    return "Fault " + std::string(word_of(order.fault));
}

// "ends at 14:32:10 (UTC)", "2 times more".
std::string left_of(const WaitingFault& waiting) {
    if (waiting.ends_at) {
        constexpr std::size_t kTimeStart = 11;  // "2026-01-01T14:32:10.000Z"
        return "ends at " + format_time(*waiting.ends_at).substr(kTimeStart, 8) + " UTC";
    }
    if (waiting.order.count < 0) return "until it is ended";
    if (waiting.order.count == 1) return "once";
    return std::to_string(waiting.order.count) + " times more";
}

std::string app_path(System system) {
    return "/" + std::string(key_of(system)) + "/app";
}

std::string preset_html(const Preset& preset) {
    const std::string key(preset.key);
    return "<li><button type=\"submit\" name=\"preset\" value=\"" + key +
           "\" aria-describedby=\"says-" + key + "\">" + escape_html(preset.label) +
           "</button><p id=\"says-" + key + "\">" + escape_html(preset.says) + "</p></li>\n";
}

std::string switches_html(System system) {
    std::string html = "<form method=\"post\" action=\"" + app_path(system) + "/faults\">\n";
    for (const Group group : {Group::Lost, Group::Refused, Group::Reading, Group::Others}) {
        html += "<h2>" + std::string(group_title(group)) + "</h2>\n<ul class=\"faults\">\n";
        for (const Preset& preset : kPresets) {
            if (preset.group == group) html += preset_html(preset);
        }
        html += "</ul>\n";
    }
    return html + "</form>\n";
}

std::string line_html(const CallLog::Line& line) {
    const CallNote& note = line.note;
    constexpr std::size_t kTimeStart = 11;
    std::string html =
        "<tr><td>" + format_time(line.at).substr(kTimeStart, 8) + "</td><th scope=\"row\">";
    html += escape_html(note.action) + "</th><td class=\"wide\">" +
            std::string(word_of(note.door)) + "</td><td>";
    html += note.status == 0 ? "no answer" : std::to_string(note.status);
    return html + "</td><td>" + escape_html(note.outcome) + "</td><td class=\"wide\">" +
           (note.is_applied ? "yes" : "no") + "</td></tr>\n";
}

std::string calls_html(const Desk& desk, System system) {
    constexpr std::size_t kLines = 20;
    const std::vector<CallLog::Line> lines = desk.calls.lines(
        {.customer = desk.options.dev_customer, .system = system, .limit = kLines});
    std::string html = "<h2>Last calls</h2>\n";
    if (lines.empty()) return html + "<p>Nobody has called yet.</p>\n";
    html +=
        "<table>\n<thead><tr><th scope=\"col\">Time (UTC)</th><th scope=\"col\">Call</th>"
        "<th scope=\"col\" class=\"wide\">Through</th><th scope=\"col\">Answer</th>"
        "<th scope=\"col\">Outcome</th><th scope=\"col\" class=\"wide\">Changed something</th>"
        "</tr></thead>\n<tbody>\n";
    for (const CallLog::Line& line : lines) html += line_html(line);
    return html + "</tbody>\n</table>\n";
}

std::string posted(const Request& request, std::string_view wanted) {
    const std::optional<QueryParams> form = parse_query(request.body);
    if (!form) return {};
    for (const auto& [name, value] : *form) {
        if (name == wanted) return value;
    }
    return {};
}

Response panel(const Desk& desk, System system, int status, std::string_view problem) {
    std::string content;
    if (!problem.empty()) {
        content = "<p class=\"note\" role=\"alert\">" + escape_html(problem) + "</p>\n";
    }
    content += "<p>What the app meets when it calls " + std::string(label_of(system)) +
               ". These pages themselves keep working.</p>\n";
    content += switches_html(system) + calls_html(desk, system);
    const std::string title = "Break things in " + std::string(label_of(system));
    const std::string strip = faults_strip(desk, system);
    return html_response(status,
                         page_html(system, {.title = title, .content = content, .notice = strip}));
}

}  // namespace

std::string faults_strip(const Desk& desk, System system) {
    std::string list;
    for (const WaitingFault& waiting : desk.faults.orders(desk.clock.now())) {
        if (!concerns(waiting.order, system, desk.options.dev_customer)) continue;
        list +=
            "<li>" + escape_html(words_of(waiting.order)) + " (" + left_of(waiting) + ")</li>\n";
    }
    if (list.empty()) return {};
    return "<section class=\"on\" aria-label=\"Faults that are on\">\n<strong>On right now</strong>"
           "\n<ul>\n" +
           list + "</ul>\n<form method=\"post\" action=\"" + app_path(system) +
           "/faults/end\">\n<button class=\"end\" type=\"submit\">End all "
           "faults</button>\n</form>\n"
           "</section>\n";
}

Response show_fault_panel(const Desk& desk, System system) {
    return panel(desk, system, 200, "");
}

Response switch_fault_on(const Desk& desk, System system, const Request& request) {
    const std::string key = posted(request, "preset");
    for (const Preset& preset : kPresets) {
        if (preset.key != key) continue;
        FaultOrder order = order_of(preset);
        order.system = system;
        order.customer = desk.options.dev_customer;
        const Status added = desk.faults.add(order, desk.clock.now());
        if (!added.is_ok()) return panel(desk, system, 422, added.error().message);
        return see_other(app_path(system) + "/faults");
    }
    return panel(desk, system, 422, "There is no such switch; nothing was changed");
}

Response end_faults(const Desk& desk, System system) {
    desk.faults.end(system, desk.options.dev_customer);
    return see_other(app_path(system) + "/faults");
}

}  // namespace crm::sandbox
