// What a run did, or would do, write by write: who, where, old → new, and why.
#include <algorithm>
#include <string>

#include "client-wasm/state/route.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kLine = 20;
constexpr float kTitleLine = 24;
constexpr std::size_t kRecordsShown = 300;
constexpr std::size_t kChangesShown = 8;

std::string place_text(const AppState& state, const std::string& system) {
    if (system == "app") return "here";
    if (state.sync.status) {
        for (const api::SystemStatus& known : state.sync.status->systems) {
            if (known.key == system) return "in " + known.label;
        }
    }
    return "in " + system;
}

std::string verb_text(const std::string& kind) {
    if (kind == "create") return "Create ";
    if (kind == "delete") return "Delete ";
    if (kind == "link") return "Link ";
    return "Change ";
}

struct Outcome {
    ui::BadgeKind badge;
    std::string_view word;
};

Outcome outcome_of(const api::RunRecord& record) {
    if (record.outcome == "done") return {ui::BadgeKind::Synced, strings::kRecordDone};
    if (record.outcome == "held") return {ui::BadgeKind::Held, strings::kRecordHeld};
    if (record.outcome == "refused") return {ui::BadgeKind::Error, strings::kRecordRefused};
    if (record.outcome == "unknown") return {ui::BadgeKind::Pending, strings::kRecordUnknown};
    if (record.outcome == "later") return {ui::BadgeKind::Pending, strings::kRecordLater};
    if (record.outcome == "skipped") return {ui::BadgeKind::Paused, strings::kRecordSkipped};
    return {ui::BadgeKind::Pending, strings::kRecordPlanned};
}

std::string change_text(const api::RunRecord& record, const FieldChange& change) {
    const FieldSpec* spec = find_field(change.field);
    const std::string label = spec == nullptr ? change.field : std::string(spec->label);
    const auto quoted = [](const std::string& text) {
        return text.empty() ? std::string(strings::kEmptyValue) : "“" + text + "”";
    };
    if (record.kind == "create") return label + ": " + quoted(change.to);
    return label + ": " + quoted(change.from) + " → " + quoted(change.to);
}

std::size_t change_count(const api::RunRecord& record) {
    return std::min(record.changes.size(), kChangesShown);
}

float record_height(const api::RunRecord& record) {
    float height = 2 * ui::kGap2 + kTitleLine + static_cast<float>(change_count(record)) * kLine;
    if (!record.reason.empty()) height += kLine;
    return height;
}

void draw_title(Stage& stage, ui::Rect line, const api::RunRecord& record) {
    ui::Ui& ui = stage.ui;
    const Outcome outcome = outcome_of(record);
    ui.badge(line.cut_right(ui.badge_width(outcome.word), ui::kGap2), outcome.badge, outcome.word);
    const std::string text =
        verb_text(record.kind) + record.title + " " + place_text(stage.state, record.system);
    if (record.contact_id.empty()) {
        ui.text(line, text, ui::TextStyle::BodyMedium);
        return;
    }
    const Route target = with_contact(Route{}, ContactId(record.contact_id));
    const std::string href = format_route(target);
    const float width = std::min(line.width, ui.text_width(text, ui::TextStyle::BodyMedium) + 2);
    if (ui.link("who",
                line.cut_left(width),
                {.name = text, .href = href, .style = ui::TextStyle::BodyMedium})) {
        stage.actions.push(RouteOpened{target});
    }
}

void draw_record(Stage& stage,
                 const ui::Rect& rect,
                 const api::RunRecord& record,
                 std::size_t index) {
    ui::Ui& ui = stage.ui;
    ui.begin(ui::Landmark::ListItem, "record-" + std::to_string(index), "", rect);
    ui.line_below(rect);
    ui::Rect area = rect.inset(ui::kGap3, ui::kGap2);
    draw_title(stage, area.cut_top(kTitleLine), record);
    for (std::size_t i = 0; i < change_count(record); ++i) {
        ui.text(area.cut_top(kLine), change_text(record, record.changes[i]), ui::TextStyle::Body);
    }
    if (!record.reason.empty()) {
        ui.text(area.cut_top(kLine), record.reason, ui::TextStyle::Caption, ui::Tone::Secondary);
    }
    ui.end();
}

/// "HubSpot 6, Pipedrive 8".
std::string calls_text(const AppState& state, const api::Run& run) {
    std::string text;
    for (const auto& [system, needed] : run.calls_needed) {
        if (needed == 0) continue;
        text += (text.empty() ? "" : ", ") + side_label(state, system) + " " + count_text(needed);
    }
    return text;
}

std::string heading_text(const AppState& state, const api::Run& run) {
    const std::string count = count_text(
        std::max<std::int64_t>(run.records_total, static_cast<std::int64_t>(run.records.size())));
    if (!run.is_preview) return count + (count == "1" ? " change" : " changes");
    std::string text = "Would make " + count + (count == "1" ? " change" : " changes");
    std::int64_t calls = 0;
    for (const auto& [system, needed] : run.calls_needed) calls += needed;
    return text + ", with " + count_text(calls) + (calls == 1 ? " API call" : " API calls") +
           (calls == 0 ? "" : ": " + calls_text(state, run));
}

/// How many are not listed: the list of a large run is cut.
std::string rest_text(const api::Run& run) {
    const auto shown = static_cast<std::int64_t>(std::min(run.records.size(), kRecordsShown));
    const std::int64_t rest = run.records_total - shown;
    return rest <= 0 ? "" : count_text(rest) + " more are not listed";
}

}  // namespace

float run_records_height(const api::Run& run) {
    if (run.records.empty()) return 0;
    float height = kTitleLine + 2 * ui::kGap2;
    for (std::size_t i = 0; i < std::min(run.records.size(), kRecordsShown); ++i) {
        height += record_height(run.records[i]);
    }
    if (!rest_text(run).empty()) height += kLine + ui::kGap2;
    return height;
}

void run_records(Stage& stage, ui::Rect& area, const api::Run& run) {
    if (run.records.empty()) return;
    ui::Ui& ui = stage.ui;
    ui.heading(2,
               area.cut_top(kTitleLine, ui::kGap2),
               heading_text(stage.state, run),
               ui::TextStyle::Title);
    float height = 0;
    const std::size_t count = std::min(run.records.size(), kRecordsShown);
    for (std::size_t i = 0; i < count; ++i) height += record_height(run.records[i]);
    ui::Rect box = area.cut_top(height, ui::kGap2);
    ui.begin(ui::Landmark::List, "records", strings::kRecords, box);
    ui.card(box);
    for (std::size_t i = 0; i < count; ++i) {
        const ui::Rect rect = box.cut_top(record_height(run.records[i]));
        if (ui.is_visible(rect)) draw_record(stage, rect, run.records[i], i);
    }
    ui.end();
    const std::string rest = rest_text(run);
    if (!rest.empty())
        ui.text(area.cut_top(kLine, ui::kGap2), rest, ui::TextStyle::Body, ui::Tone::Secondary);
}

}  // namespace crm::client
