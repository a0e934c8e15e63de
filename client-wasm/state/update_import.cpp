// Files in and out. Choosing a file, a column or a key looks at the file anew, and changes nothing;
// only Import does.
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select_bulk.h"
#include "client-wasm/state/update_parts.h"
#include "shared/text.h"

namespace crm::client {
namespace {

std::string format_of(const std::string& file_name) {
    const std::size_t dot = file_name.rfind('.');
    const std::string ending = dot == std::string::npos ? "" : fold(file_name.substr(dot + 1));
    return ending == "vcf" || ending == "vcard" ? "vcf" : "csv";
}

void send_file(Step& step, bool is_dry_run) {
    ImportState& import = step.state.import;
    if (import.wish.file_name.empty()) return;
    step.state.pending.erase(import.request);  // its answer is about an older wish
    import.refusal.clear();
    ImportFile wish = import.wish;
    wish.is_dry_run = is_dry_run;
    import.request = send(step, std::move(wish));
}

}  // namespace

bool handle_import_failure(Step& step, const Request& request, const RequestFailed& reply) {
    if (!std::holds_alternative<ImportFile>(request)) return false;
    ImportState& import = step.state.import;
    if (import.request != reply.request) return true;
    import.request = 0;
    import.checked.reset();
    import.refusal = reply.failure == Failure::NoConnection
                         ? "The server cannot be reached; choose the file again"
                         : as_sentence(reply.answer.error.message);
    announce(step, import.refusal, Politeness::Assertive);
    return true;
}

bool confirm_export(Step& step, const Dialog& dialog) {
    const auto* wish = std::get_if<ExportDialog>(&dialog);
    if (wish == nullptr) return false;
    step.effects.push_back(SaveExport{query_for(step.state, ListKind::Live), wish->format});
    announce(step, "The export is being saved", Politeness::Polite);
    return true;
}

void handle(Step& step, const FileChosen& action) {
    if (action.name.empty()) return;
    step.state.pending.erase(step.state.import.request);
    step.state.import = ImportState{};
    step.state.import.wish.file_name = action.name;
    step.state.import.wish.format = format_of(action.name);
    send_file(step, true);
}

void handle(Step& step, const ImportColumnChosen& action) {
    ImportState& import = step.state.import;
    if (!import.checked || action.column >= import.checked->columns.size()) return;
    import.wish.mapping["#" + std::to_string(action.column + 1)] = action.field;
    send_file(step, true);
}

void handle(Step& step, const ImportKeyChosen& action) {
    step.state.import.wish.key = action.key;
    send_file(step, true);
}

void handle(Step& step, const ImportClicked& /*action*/) {
    const ImportState& import = step.state.import;
    if (!import.checked || import.request != 0) return;
    send_file(step, false);
}

void handle(Step& step, const ImportAnswered& action) {
    if (step.state.pending.erase(action.request) == 0) return;
    ImportState& import = step.state.import;
    if (import.request != action.request) return;
    import.request = 0;
    if (action.report.is_dry_run) {
        import.checked = action.report;
        return;
    }
    import.done = action.report;
    import.checked.reset();
    import.wish = ImportFile{};
    refresh_lists(step);
    const std::int64_t changed = action.report.created + action.report.updated;
    if (action.report.id.empty()) {
        add_toast(step, "Nothing was changed", {});
        return;
    }
    note_done(step,
              action.request,
              {"Imported " + contacts_text(changed), UndoChange{action.report.id}, {}});
}

void handle(Step& step, const RefusedRowsClicked& /*action*/) {
    const ImportState& import = step.state.import;
    const std::optional<api::ImportReport>& told = import.done ? import.done : import.checked;
    if (!told || told->problems_csv.empty()) return;
    step.effects.push_back(SaveFile{"refused-rows.csv", told->problems_csv});
}

void handle(Step& step, const ExportClicked& /*action*/) {
    const bool is_free = std::holds_alternative<std::monostate>(step.state.dialog);
    if (is_free) step.state.dialog = ExportDialog{};
}

void handle(Step& step, const ExportFormatChosen& action) {
    if (auto* dialog = std::get_if<ExportDialog>(&step.state.dialog))
        dialog->format = action.format;
}

void handle(Step& step, const TimelineFiltered& action) {
    step.state.panel.history_field = action.field;
    step.state.panel.history_system = action.system;
}

void handle(Step& step, const GoPressed& /*action*/) {
    step.state.is_go_awaited = true;
    cancel_timers(step, TimerKind::GoKey);
    schedule(step, TimerKind::GoKey, kGoKeyLife);
}

}  // namespace crm::client
