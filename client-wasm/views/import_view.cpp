// Files in: choose one, see what its columns mean and what would happen, then do it or not.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "client-wasm/state/select_bulk.h"
#include "client-wasm/state/select_review.h"
#include "client-wasm/views/strings.h"
#include "client-wasm/views/view_parts.h"

namespace crm::client {
namespace {

constexpr float kWidthMax = 760;
constexpr std::size_t kSamplesShown = 5;
constexpr std::size_t kProblemsShown = 8;
constexpr std::size_t kChangesShown = 3;

struct Meaning {
    std::string_view field;  // as the server calls it
    std::string_view label;
};

// Those that a person would choose by hand; others (labels, our own ids) are guessed only.
constexpr std::array<Meaning, 14> kMeanings{{{"", "(leave out)"},
                                             {"name", "Name"},
                                             {"firstName", "First name"},
                                             {"middleName", "Middle name"},
                                             {"lastName", "Last name"},
                                             {"email", "Email"},
                                             {"emails", "Several emails"},
                                             {"phone", "Phone"},
                                             {"phones", "Several phones"},
                                             {"jobTitle", "Job title"},
                                             {"pronouns", "Pronouns"},
                                             {"company", "Company"},
                                             {"tags", "Tags"},
                                             {"notes", "Notes"}}};

struct KeyEntry {
    std::string_view key;
    std::string_view label;
};

constexpr std::array<KeyEntry, 3> kKeys{{{"email", strings::kMatchEmail},
                                         {"phone", strings::kMatchPhone},
                                         {"none", strings::kMatchNone}}};

void choose_file(Stage& stage, Column& column) {
    const ImportState& import = stage.state.import;
    column.text(strings::kImportHint, ui::TextStyle::Body, ui::Tone::Secondary, ui::kGap3);
    ui::Rect line = column.take(stage.ui.control_height(), ui::kGap4);
    if (!column.is_drawing()) return;
    const ui::ButtonSpec spec{
        .label = strings::kChooseFile,
        .kind = import.wish.file_name.empty() ? ui::ButtonKind::Primary : ui::ButtonKind::Secondary,
        .icon = ui::Icon::Upload};
    const ui::Rect place = line.cut_left(stage.ui.button_width(spec), ui::kGap3);
    const std::string chosen = stage.ui.file_button("file", place, spec, ".csv,.txt,.vcf");
    if (!chosen.empty()) stage.actions.push(FileChosen{chosen});
    const std::string& name = import.wish.file_name;
    const std::string_view words = import.request != 0 ? strings::kReadingFile : name;
    if (!words.empty()) stage.ui.text(line, words, ui::TextStyle::BodyMedium);
}

void column_row(Stage& stage, ui::Rect line, const api::ImportColumn& shown, std::size_t index) {
    std::vector<std::string> labels;
    int selected = -1;
    for (const Meaning& meaning : kMeanings) {
        if (meaning.field == shown.field) selected = static_cast<int>(labels.size());
        labels.emplace_back(meaning.label);
    }
    if (selected < 0) {
        selected = static_cast<int>(labels.size());
        labels.push_back(shown.field);
    }
    const std::string name = "Column " + std::to_string(index + 1) + ": " + shown.header;
    const ui::Rect right = line.cut_right(line.width / 2, ui::kGap3);
    stage.ui.text(line, name, ui::TextStyle::Body);
    const int chosen = stage.ui.select(
        "column-" + std::to_string(index),
        right,
        {.name = name, .options = labels, .selected = selected, .is_label_shown = false});
    if (chosen >= 0 && chosen < static_cast<int>(kMeanings.size())) {
        const std::string_view field = kMeanings[static_cast<std::size_t>(chosen)].field;
        stage.actions.push(ImportColumnChosen{index, std::string(field)});
    }
}

void title(Stage& stage, Column& column, std::string_view words) {
    const ui::Rect line = column.take(24, ui::kGap2);
    if (column.is_drawing()) stage.ui.heading(2, line, words, ui::TextStyle::Title);
}

void columns_card(Stage& stage, Column& column, const api::ImportReport& report) {
    title(stage, column, strings::kColumnsTitle);
    column.text(strings::kColumnsHint, ui::TextStyle::Caption, ui::Tone::Secondary, ui::kGap2);
    for (std::size_t index = 0; index < report.columns.size(); ++index) {
        const ui::Rect line = column.take(stage.ui.control_height(), ui::kGap2);
        const bool is_shown = column.is_drawing() && stage.ui.is_visible(line);
        if (is_shown) column_row(stage, line, report.columns[index], index);
    }
}

void key_card(Stage& stage, Column& column) {
    title(stage, column, strings::kMatchTitle);
    ui::Rect rows = column.take(static_cast<float>(kKeys.size()) * stage.ui.control_height());
    if (!column.is_drawing()) return;
    stage.ui.begin(ui::Landmark::Group, "key", strings::kMatchTitle, rows);
    for (const KeyEntry& entry : kKeys) {
        const bool is_chosen = stage.state.import.wish.key == entry.key;
        const ui::Rect line = rows.cut_top(stage.ui.control_height());
        if (stage.ui.radio(entry.key, line, entry.label, is_chosen)) {
            stage.actions.push(ImportKeyChosen{std::string(entry.key)});
        }
    }
    stage.ui.end();
}

std::string counts_text(const api::ImportReport& report) {
    return count_text(report.rows) + (report.rows == 1 ? " row: " : " rows: ") +
           count_text(report.created) + " new · " + count_text(report.updated) + " changed · " +
           count_text(report.unchanged) + " the same · " + count_text(report.refused) + " refused";
}

std::string sample_text(const api::ImportSample& sample) {
    std::string text = sample.action == "create" ? "New: " : "Changed: ";
    text += sample.title;
    for (std::size_t i = 0; i < std::min(sample.changes.size(), kChangesShown); ++i) {
        const FieldChange& change = sample.changes[i];
        text += (i == 0 ? " — " : "; ") + field_label(change.field) + " ";
        if (!change.from.empty()) text += "“" + change.from + "” → ";
        text += "“" + change.to + "”";
    }
    return text;
}

void examples(Stage& stage, Column& column, const api::ImportReport& report) {
    (void)stage;
    for (std::size_t i = 0; i < std::min(report.samples.size(), kSamplesShown); ++i) {
        column.text(
            sample_text(report.samples[i]), ui::TextStyle::Caption, ui::Tone::Secondary, ui::kGap1);
    }
    for (std::size_t i = 0; i < std::min(report.problems.size(), kProblemsShown); ++i) {
        const api::ImportProblem& problem = report.problems[i];
        std::string text = "Row " + std::to_string(problem.row);
        if (!problem.title.empty()) text += ", " + problem.title;
        column.text(
            text + ": " + problem.reason, ui::TextStyle::Caption, ui::Tone::Error, ui::kGap1);
    }
}

void refused_button(Stage& stage, ui::Rect& line, const api::ImportReport& report) {
    if (report.problems_csv.empty()) return;
    const ui::ButtonSpec save{.label = strings::kRefusedRows, .icon = ui::Icon::Download};
    if (stage.ui.button("refused", line.cut_left(stage.ui.button_width(save), ui::kGap2), save)) {
        stage.actions.push(RefusedRowsClicked{});
    }
}

void check_card(Stage& stage, Column& column, const api::ImportReport& report) {
    title(stage, column, strings::kCheckTitle);
    column.text(counts_text(report), ui::TextStyle::BodyMedium, ui::Tone::Text, ui::kGap2);
    examples(stage, column, report);
    ui::Rect line = column.take(stage.ui.control_height());
    if (!column.is_drawing()) return;
    const std::int64_t count = report.created + report.updated;
    const std::string label = "Import " + contacts_text(count);
    const ui::ButtonSpec run{.label = label,
                             .kind = ui::ButtonKind::Primary,
                             .icon = ui::Icon::Check,
                             .is_enabled = count > 0,
                             .is_busy = stage.state.import.request != 0};
    if (stage.ui.button("run", line.cut_left(stage.ui.button_width(run), ui::kGap2), run)) {
        stage.actions.push(ImportClicked{});
    }
    refused_button(stage, line, report);
}

void done_card(Stage& stage, Column& column, const api::ImportReport& report) {
    title(stage, column, strings::kDoneTitle);
    column.text(counts_text(report), ui::TextStyle::BodyMedium, ui::Tone::Text, ui::kGap2);
    examples(stage, column, report);
    ui::Rect line = column.take(stage.ui.control_height());
    if (!column.is_drawing()) return;
    const ui::ButtonSpec undo{.label = strings::kUndoImport, .icon = ui::Icon::Undo};
    const float width = stage.ui.button_width(undo);
    const bool has_undo = !report.id.empty();
    if (has_undo && stage.ui.button("undo", line.cut_left(width, ui::kGap2), undo)) {
        stage.actions.push(HistoryUndoClicked{report.id});
    }
    refused_button(stage, line, report);
}

void screen(Stage& stage, Column& column) {
    const ImportState& import = stage.state.import;
    const auto card = [&](auto draw) {
        in_card(column, ui::kGap4, [&](Column& inside) { draw(inside); });
        column.take(ui::kGap4);
    };
    choose_file(stage, column);
    if (!import.refusal.empty()) {
        column.text(import.refusal, ui::TextStyle::Body, ui::Tone::Error, ui::kGap4);
    }
    if (import.done) {
        card([&](Column& inside) { done_card(stage, inside, *import.done); });
    }
    if (!import.checked) return;
    const api::ImportReport& report = *import.checked;
    card([&](Column& inside) { check_card(stage, inside, report); });
    card([&](Column& inside) { key_card(stage, inside); });
    if (report.columns.empty()) return;
    card([&](Column& inside) { columns_card(stage, inside, report); });
}

}  // namespace

void import_view(Stage& stage, ui::Rect rect) {
    screen_title(stage, rect, strings::kImportTitle, "");
    notice_stack(stage, NoticePlace::Screen, rect);
    const float width = std::min(rect.width, kWidthMax);
    const float height = measure(stage.ui, width, [&](Column& column) { screen(stage, column); });
    ui::Rect area = stage.ui.begin_scroll("import", rect, height);
    area.width = width;
    Column column{stage.ui, area};
    screen(stage, column);
    stage.ui.end_scroll();
}

}  // namespace crm::client
