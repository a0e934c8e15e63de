// Names end in their unit, counters in _total, as Prometheus asks.
#include "server/http/metrics.h"

#include <algorithm>
#include <cstdio>

namespace crm::http {
namespace {

// Upper bounds in seconds: from a look-up to a run that somebody waits for.
constexpr std::array<double, 12> kBounds{
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

// Whatever somebody sends as a method must not make ever more lines.
constexpr std::array<std::string_view, 6> kMethods{"GET", "HEAD", "POST", "PATCH", "DELETE", "PUT"};

std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.15g", value);
    return text.data();
}

std::string quoted(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        if (c == '\n') {
            text += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

void write_head(std::string& out, std::string_view name, std::string_view type, const char* help) {
    out += "# HELP " + std::string(name) + ' ' + help + '\n';
    out += "# TYPE " + std::string(name) + ' ' + std::string(type) + '\n';
}

void write_line(std::string& out,
                std::string_view name,
                const std::string& labels,
                const std::string& value) {
    out += name;
    if (!labels.empty()) out += '{' + labels + '}';
    out += ' ' + value + '\n';
}

void write_counters(std::string& out,
                    std::string_view name,
                    std::string_view label,
                    const std::map<std::string, std::uint64_t>& counts) {
    for (const auto& [key, count] : counts) {
        write_line(out, name, std::string(label) + '=' + quoted(key), std::to_string(count));
    }
}

bool has_ended(api::RunState state) {
    switch (state) {
        case api::RunState::Queued:
        case api::RunState::Running:
            return false;
        case api::RunState::Done:
        case api::RunState::DoneWithProblems:
        case api::RunState::Held:
        case api::RunState::Superseded:
        case api::RunState::Failed:
        case api::RunState::Cancelled:
            return true;
    }
    return true;
}

void write_gauges(std::string& out, const std::vector<Gauge>& gauges) {
    std::string_view last;
    for (const Gauge& gauge : gauges) {
        if (gauge.name != last) write_head(out, gauge.name, "gauge", gauge.help.c_str());
        last = gauge.name;
        write_line(out, gauge.name, gauge.labels, number(gauge.value));
    }
}

}  // namespace

void Metrics::count_request(const RequestNote& note) {
    const bool is_known =
        std::find(kMethods.begin(), kMethods.end(), note.method) != kMethods.end();
    const double seconds = static_cast<double>(note.duration.count()) / 1e6;
    const auto* bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    const Lock lock(mutex_);
    ++requests_[{std::string(note.route),
                 is_known ? std::string(note.method) : std::string("other"),
                 note.status}];
    Histogram& histogram = durations_[std::string(note.route)];
    if (bound != kBounds.end())
        ++histogram.counts.at(static_cast<std::size_t>(bound - kBounds.begin()));
    ++histogram.count;
    histogram.seconds += seconds;
}

void Metrics::count_run(const api::Run& run) {
    if (run.is_preview) return;
    const std::string state(api::run_state_text(run.state));
    const Lock lock(mutex_);
    if (!has_ended(run.state)) {
        open_runs_[run.id.text] = state;
        return;
    }
    // A held run ends a second time, when somebody has answered.
    open_runs_.erase(run.id.text);
    ++runs_[state];
    for (const auto& [system, count] : run.calls)
        calls_[system] += static_cast<std::uint64_t>(count);
    for (const auto& [system, count] : run.writes) {
        writes_[system] += static_cast<std::uint64_t>(count);
    }
}

void Metrics::count_backup(bool is_good) {
    const Lock lock(mutex_);
    ++backups_[is_good ? "good" : "failed"];
}

void Metrics::count_limited(std::string_view kind) {
    const Lock lock(mutex_);
    ++limited_[std::string(kind)];
}

void Metrics::write_requests(std::string& out) const {
    write_head(out, "contacts_http_requests_total", "counter", "Answered requests by route.");
    for (const auto& [key, count] : requests_) {
        const auto& [route, method, status] = key;
        write_line(out,
                   "contacts_http_requests_total",
                   "route=" + quoted(route) + ",method=" + quoted(method) + ",status=\"" +
                       std::to_string(status) + '"',
                   std::to_string(count));
    }
    constexpr std::string_view kName = "contacts_http_request_duration_seconds";
    write_head(out, kName, "histogram", "Time until an answer began, by route.");
    for (const auto& [route, histogram] : durations_) {
        const std::string label = "route=" + quoted(route);
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < kBounds.size(); ++i) {
            below += histogram.counts.at(i);
            write_line(out,
                       std::string(kName) + "_bucket",
                       label + ",le=" + quoted(number(kBounds.at(i))),
                       std::to_string(below));
        }
        write_line(out,
                   std::string(kName) + "_bucket",
                   label + ",le=\"+Inf\"",
                   std::to_string(histogram.count));
        write_line(out, std::string(kName) + "_sum", label, number(histogram.seconds));
        write_line(out, std::string(kName) + "_count", label, std::to_string(histogram.count));
    }
}

void Metrics::write_runs(std::string& out) const {
    write_head(out, "contacts_sync_runs_total", "counter", "Ended sync runs by how they ended.");
    write_counters(out, "contacts_sync_runs_total", "state", runs_);
    write_head(out, "contacts_sync_calls_total", "counter", "API calls of ended runs by system.");
    write_counters(out, "contacts_sync_calls_total", "system", calls_);
    write_head(out, "contacts_sync_writes_total", "counter", "Written records by system.");
    write_counters(out, "contacts_sync_writes_total", "system", writes_);
    std::map<std::string, std::uint64_t> open{{"queued", 0}, {"running", 0}};
    for (const auto& [id, state] : open_runs_) ++open[state];
    write_head(out, "contacts_sync_runs_open", "gauge", "Runs that wait or work.");
    write_counters(out, "contacts_sync_runs_open", "state", open);
}

std::string Metrics::text(const std::vector<Gauge>& gauges) const {
    std::string out;
    const Lock lock(mutex_);
    write_requests(out);
    write_runs(out);
    write_head(out, "contacts_backups_total", "counter", "Backups on schedule by outcome.");
    write_counters(out, "contacts_backups_total", "outcome", backups_);
    write_head(out, "contacts_http_limited_total", "counter", "Requests sent away with 429.");
    write_counters(out, "contacts_http_limited_total", "by", limited_);
    write_gauges(out, gauges);
    return out;
}

}  // namespace crm::http
