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

ImportSample read_sample(const ReadJson& element) {
    ImportSample sample{.row = tree::integer(element, "row"),
                        .action = tree::text(element, "action"),
                        .contact_id = tree::text(element, "contactId"),
                        .title = tree::text(element, "title"),
                        .changes = {}};
    tree::for_each(element, "changes", [&sample](const ReadJson& change) {
        sample.changes.push_back(
            {tree::text(change, "field"), tree::text(change, "from"), tree::text(change, "to")});
    });
    return sample;
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

Result<ImportReport> read_import_report(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The answer"));
    const ReadJson* body = tree::find(object, "import");
    if (body == nullptr || !body->is_object()) {
        return Error{ErrorCode::BadRequest, "The answer tells nothing of an import"};
    }
    ImportReport report;
    report.id = tree::text(*body, "id");
    report.is_dry_run = tree::is_true(*body, "dryRun");
    report.format = tree::text(*body, "format");
    report.encoding = tree::text(*body, "encoding");
    report.separator = tree::text(*body, "separator");
    report.key = tree::text(*body, "key");
    report.rows = tree::integer(*body, "rows");
    report.created = tree::integer(*body, "created");
    report.updated = tree::integer(*body, "updated");
    report.unchanged = tree::integer(*body, "unchanged");
    report.refused = tree::integer(*body, "refused");
    tree::for_each(*body, "columns", [&report](const ReadJson& column) {
        report.columns.push_back({tree::text(column, "header"),
                                  tree::text(column, "field"),
                                  tree::text(column, "label")});
    });
    tree::for_each(*body, "samples", [&report](const ReadJson& sample) {
        report.samples.push_back(read_sample(sample));
    });
    tree::for_each(*body, "problems", [&report](const ReadJson& problem) {
        report.problems.push_back({tree::integer(problem, "row"),
                                   tree::text(problem, "title"),
                                   tree::text(problem, "reason")});
    });
    report.problems_csv = tree::text(*body, "problemsCsv");
    report.is_problems_csv_cut = tree::is_true(*body, "problemsCsvCut");
    return report;
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

std::string write_mapping(const std::map<std::string, std::string>& mapping) {
    WriteJson object = WriteJson::object();
    for (const auto& [column, meaning] : mapping) object[column] = meaning;
    return tree::dump(object);
}

}  // namespace crm::api
