// What an import tells: counts, examples, what was refused and why. DO NOT RENAME wire names. Plain
// data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"

namespace crm::api {

inline constexpr std::string_view kImportPath = "/api/import";
inline constexpr std::string_view kExportPath = "/api/export";

/// How one column of a file was understood.
struct ImportColumn {
    std::string header;  // as it stands in the file
    std::string field;   // "" is left out; "name", "email", "firstName", … (import_fields())
    std::string label;   // of an e-mail or phone in it: "work"; may be empty

    bool operator==(const ImportColumn&) const = default;
};

/// One row that changes something, as an example.
struct ImportSample {
    std::int64_t row = 0;    // as a spreadsheet counts; of a vCard file the number of the card
    std::string action;      // "create", "update"
    std::string contact_id;  // empty: it does not exist yet
    std::string title;       // who
    std::vector<FieldChange> changes;

    bool operator==(const ImportSample&) const = default;
};

struct ImportProblem {
    std::int64_t row = 0;
    std::string title;   // who; may be empty
    std::string reason;  // one sentence

    bool operator==(const ImportProblem&) const = default;
};

struct ImportReport {
    std::string id;  // for POST /api/undo/{id}; empty: nothing was changed
    bool is_dry_run = true;
    std::string format;     // "csv", "vcf"
    std::string encoding;   // "UTF-8", …
    std::string separator;  // of CSV
    std::string key;        // "email", "phone", "none"
    std::int64_t rows = 0;  // without the titles
    std::int64_t created = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t refused = 0;
    std::vector<ImportColumn> columns;
    std::vector<ImportSample> samples;    // at most kImportSamplesMax of each action
    std::vector<ImportProblem> problems;  // at most kImportProblemsListed
    std::string problems_csv;             // the refused rows with a column "Reason"
    bool is_problems_csv_cut = false;     // after kImportProblemBytesMax

    bool operator==(const ImportReport&) const = default;
};

}  // namespace crm::api
