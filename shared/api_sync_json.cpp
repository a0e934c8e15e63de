// Runs and the state of sync as JSON.
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/api_json.h"
#include "shared/json_tree.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

constexpr std::string_view kAnswer = "The answer of the server";

Error missing_member(std::string_view member) {
    return Error{ErrorCode::BadRequest,
                 "The answer of the server lacks “" + std::string(member) +
                     "”: reload the page to get the matching client."};
}

WriteJson problem_tree(const RunProblem& problem) {
    return WriteJson{{"contactId", tree::text_or_null<WriteJson>(problem.contact_id)},
                     {"system", problem.system},
                     {"code", problem.code},
                     {"message", problem.message},
                     {"action", problem.action},
                     {"nextTryAt", tree::time_or_null<WriteJson>(problem.next_try_at)},
                     {"recordId", tree::text_or_null<WriteJson>(problem.record_id)}};
}

RunProblem read_problem(const ReadJson& value) {
    RunProblem problem;
    problem.contact_id = tree::text(value, "contactId");
    problem.system = tree::text(value, "system");
    problem.code = tree::text(value, "code");
    problem.message = tree::text(value, "message");
    problem.action = tree::text(value, "action");
    problem.next_try_at = tree::time(value, "nextTryAt");
    problem.record_id = tree::text(value, "recordId");
    return problem;
}

WriteJson record_tree(const RunRecord& record) {
    WriteJson changes = WriteJson::array();
    for (const FieldChange& change : record.changes) {
        changes.push_back(
            WriteJson{{"field", change.field}, {"from", change.from}, {"to", change.to}});
    }
    return WriteJson{{"contactId", tree::text_or_null<WriteJson>(record.contact_id)},
                     {"title", record.title},
                     {"system", record.system},
                     {"kind", record.kind},
                     {"recordId", tree::text_or_null<WriteJson>(record.record_id)},
                     {"outcome", record.outcome},
                     {"reason", record.reason},
                     {"changes", std::move(changes)}};
}

RunRecord read_record(const ReadJson& value) {
    RunRecord record;
    record.contact_id = tree::text(value, "contactId");
    record.title = tree::text(value, "title");
    record.system = tree::text(value, "system");
    record.kind = tree::text(value, "kind");
    record.record_id = tree::text(value, "recordId");
    record.outcome = tree::text(value, "outcome");
    record.reason = tree::text(value, "reason");
    tree::for_each(value, "changes", [&record](const ReadJson& change) {
        record.changes.push_back(
            {tree::text(change, "field"), tree::text(change, "from"), tree::text(change, "to")});
    });
    return record;
}

WriteJson run_tree(const Run& run) {
    WriteJson problems = WriteJson::array();
    for (const RunProblem& problem : run.problems) problems.push_back(problem_tree(problem));
    return WriteJson{{"id", run.id.text},
                     {"state", run_state_text(run.state)},
                     {"startedAt", tree::time_or_null<WriteJson>(run.started_at)},
                     {"endedAt", tree::time_or_null<WriteJson>(run.ended_at)},
                     {"reason", run.reason},
                     {"writes", WriteJson(run.writes)},
                     {"pending", run.pending},
                     {"problems", std::move(problems)},
                     {"progress", WriteJson{{"done", run.done}, {"total", run.total}}},
                     {"trigger", run.trigger},
                     {"calls", WriteJson(run.calls)},
                     {"preview", run.is_preview},
                     {"system", tree::text_or_null<WriteJson>(run.system)},
                     {"contactId", tree::text_or_null<WriteJson>(run.contact_id)},
                     {"recordsTotal", run.records_total},
                     {"callsNeeded", WriteJson(run.calls_needed)}};
}

WriteJson full_run_tree(const Run& run) {
    WriteJson records = WriteJson::array();
    for (const RunRecord& record : run.records) records.push_back(record_tree(record));
    WriteJson out = run_tree(run);
    out["records"] = std::move(records);
    return out;
}

Result<Run> run_from(const ReadJson& value) {
    Run run;
    run.id = RunId{tree::text(value, "id")};
    if (!run.id.is_set()) return missing_member("run");
    run.state = parse_run_state(tree::text(value, "state")).value_or(RunState::Failed);
    run.started_at = tree::time(value, "startedAt");
    run.ended_at = tree::time(value, "endedAt");
    run.reason = tree::text(value, "reason");
    run.writes = tree::counts(value, "writes");
    run.pending = tree::integer(value, "pending");
    tree::for_each(value, "problems", [&run](const ReadJson& problem) {
        run.problems.push_back(read_problem(problem));
    });
    if (const ReadJson* progress = tree::find(value, "progress")) {
        run.done = tree::integer(*progress, "done");
        run.total = tree::integer(*progress, "total");
    }
    run.trigger = tree::text(value, "trigger");
    run.calls = tree::counts(value, "calls");
    run.is_preview = tree::is_true(value, "preview");
    run.system = tree::text(value, "system");
    run.contact_id = tree::text(value, "contactId");
    tree::for_each(value, "records", [&run](const ReadJson& record) {
        run.records.push_back(read_record(record));
    });
    run.records_total = tree::integer(value, "recordsTotal");
    run.calls_needed = tree::counts(value, "callsNeeded");
    return run;
}

WriteJson system_tree(const SystemStatus& system) {
    return WriteJson{{"key", system.key},
                     {"label", system.label},
                     {"state", system.state},
                     {"reason", system.reason},
                     {"inSync", system.in_sync},
                     {"excluded", system.excluded},
                     {"failing", system.failing},
                     {"pending", system.pending},
                     {"lastRunAt", tree::time_or_null<WriteJson>(system.last_run_at)},
                     {"nextTryAt", tree::time_or_null<WriteJson>(system.next_try_at)}};
}

SystemStatus system_from(const ReadJson& value) {
    SystemStatus system;
    system.key = tree::text(value, "key");
    system.label = tree::text(value, "label");
    system.state = tree::text(value, "state");
    system.reason = tree::text(value, "reason");
    system.in_sync = tree::integer(value, "inSync");
    system.excluded = tree::integer(value, "excluded");
    system.failing = tree::integer(value, "failing");
    system.pending = tree::integer(value, "pending");
    system.last_run_at = tree::time(value, "lastRunAt");
    system.next_try_at = tree::time(value, "nextTryAt");
    return system;
}

}  // namespace

std::string write_run(const Run& run) {
    return tree::dump(full_run_tree(run));
}

std::string write_run_answer(const Run& run) {
    return tree::dump(WriteJson{{"run", full_run_tree(run)}});
}

Result<Run> read_run(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    return run_from(value);
}

Result<Run> read_run_answer(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* run = tree::find(value, "run");
    if (run == nullptr) return missing_member("run");
    return run_from(*run);
}

std::string write_runs(const std::vector<Run>& runs) {
    WriteJson list = WriteJson::array();
    for (const Run& run : runs) list.push_back(run_tree(run));
    return tree::dump(WriteJson{{"runs", std::move(list)}});
}

Result<std::vector<Run>> read_runs(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* list = tree::find(value, "runs");
    if (list == nullptr || !list->is_array()) return missing_member("runs");
    std::vector<Run> runs;
    runs.reserve(list->size());
    for (const ReadJson& element : *list) runs.push_back(CRM_TRY(run_from(element)));
    return runs;
}

std::string write_sync_status(const SyncStatus& status) {
    WriteJson systems = WriteJson::array();
    for (const SystemStatus& system : status.systems) systems.push_back(system_tree(system));
    return tree::dump(WriteJson{{"running", status.running},
                                {"run", status.run ? run_tree(*status.run) : WriteJson(nullptr)},
                                {"nextRunAt", tree::time_or_null<WriteJson>(status.next_run_at)},
                                {"systems", std::move(systems)}});
}

Result<SyncStatus> read_sync_status(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* systems = tree::find(value, "systems");
    if (systems == nullptr || !systems->is_array()) return missing_member("systems");
    SyncStatus status;
    status.running = tree::is_true(value, "running");
    const ReadJson* run = tree::find(value, "run");
    if (run != nullptr && run->is_object()) status.run = CRM_TRY(run_from(*run));
    status.next_run_at = tree::time(value, "nextRunAt");
    for (const ReadJson& element : *systems) status.systems.push_back(system_from(element));
    return status;
}

std::string write_system_event(const SystemStatus& system) {
    return tree::dump(WriteJson{{"system", system_tree(system)}});
}

Result<SystemStatus> read_system_event(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* system = tree::find(value, "system");
    if (system == nullptr || !system->is_object()) return missing_member("system");
    return system_from(*system);
}

}  // namespace crm::api
