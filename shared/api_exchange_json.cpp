#include "shared/api_exchange_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "shared/contact_parse.h"
#include "shared/json_tree.h"
#include "shared/limits.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

WriteJson changes_tree(const std::vector<FieldChange>& changes) {
    WriteJson list = WriteJson::array();
    for (const FieldChange& change : changes) {
        list.push_back(
            WriteJson{{"field", change.field}, {"from", change.from}, {"to", change.to}});
    }
    return list;
}

WriteJson columns_tree(const std::vector<ImportColumn>& columns) {
    WriteJson list = WriteJson::array();
    for (const ImportColumn& column : columns) {
        list.push_back(
            WriteJson{{"header", column.header}, {"field", column.field}, {"label", column.label}});
    }
    return list;
}

WriteJson samples_tree(const std::vector<ImportSample>& samples) {
    WriteJson list = WriteJson::array();
    for (const ImportSample& sample : samples) {
        list.push_back(WriteJson{{"row", sample.row},
                                 {"action", sample.action},
                                 {"contactId", tree::text_or_null<WriteJson>(sample.contact_id)},
                                 {"title", sample.title},
                                 {"changes", changes_tree(sample.changes)}});
    }
    return list;
}

WriteJson problems_tree(const std::vector<ImportProblem>& problems) {
    WriteJson list = WriteJson::array();
    for (const ImportProblem& problem : problems) {
        list.push_back(
            WriteJson{{"row", problem.row}, {"title", problem.title}, {"reason", problem.reason}});
    }
    return list;
}

}  // namespace

std::string write_import_report(const ImportReport& report) {
    const WriteJson body{{"id", tree::text_or_null<WriteJson>(report.id)},
                         {"dryRun", report.is_dry_run},
                         {"format", report.format},
                         {"encoding", report.encoding},
                         {"separator", report.separator},
                         {"key", report.key},
                         {"rows", report.rows},
                         {"created", report.created},
                         {"updated", report.updated},
                         {"unchanged", report.unchanged},
                         {"refused", report.refused},
                         {"columns", columns_tree(report.columns)},
                         {"samples", samples_tree(report.samples)},
                         {"problems", problems_tree(report.problems)},
                         {"problemsCsv", report.problems_csv},
                         {"problemsCsvCut", report.is_problems_csv_cut}};
    return tree::dump(WriteJson{{"import", body}});
}

Result<int> read_purge_request(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The request"));
    FieldProblems problems;
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        if (entry.key() != "olderThanDays" && problems.size() < kFieldProblemsMax) {
            problems[shorten_shown(entry.key())] = unknown_field_problem(entry.key());
        }
    }
    const ReadJson* days = tree::find(object, "olderThanDays");
    const std::int64_t number = days == nullptr ? -1 : tree::integer_of(*days);
    const bool is_number = days != nullptr && days->is_number_integer();
    if (!is_number || number < 0 || number > kPurgeDaysMax) {
        problems["olderThanDays"] =
            "Give a whole number of days from 0 to " + std::to_string(kPurgeDaysMax) + ".";
    }
    if (!problems.empty()) return problems_error(std::move(problems));
    return static_cast<int>(number);
}

std::string write_purged(std::int64_t purged, std::int64_t waiting) {
    return tree::dump(WriteJson{{"purged", purged}, {"waiting", waiting}});
}

Result<std::map<std::string, std::string>> read_mapping(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The parameter map"));
    std::map<std::string, std::string> mapping;
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        const auto* field = entry.value().get_ptr<const std::string*>();
        if (field == nullptr) {
            return Error{ErrorCode::BadRequest,
                         "The parameter map says for each column the name of a field, or \"\" to "
                         "leave it out"};
        }
        mapping[entry.key()] = *field;
    }
    return mapping;
}

}  // namespace crm::api
