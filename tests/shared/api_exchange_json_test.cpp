// What an import tells, and the mapping of its columns, over the wire and back.
#include "shared/api_exchange_json.h"

#include <doctest/doctest.h>

namespace crm::api {
namespace {

TEST_CASE("an import report survives the wire") {
    ImportReport report{.id = "import-1",
                        .is_dry_run = false,
                        .format = "csv",
                        .encoding = "UTF-8",
                        .separator = ";",
                        .key = "phone",
                        .rows = 10,
                        .created = 4,
                        .updated = 3,
                        .unchanged = 2,
                        .refused = 1,
                        .columns = {{"E-Mail", "email", "work"}, {"Shoe", "", ""}},
                        .samples = {},
                        .problems = {{7, "Ada", "This is no e-mail."}},
                        .problems_csv = "a;b\r\n",
                        .is_problems_csv_cut = true};
    report.samples.push_back({.row = 2,
                              .action = "update",
                              .contact_id = "c1",
                              .title = "Ben",
                              .changes = {{"company", "", "Acme"}}});
    const Result<ImportReport> read = read_import_report(write_import_report(report));
    REQUIRE(read.is_ok());
    CHECK(read.value() == report);
    CHECK_FALSE(read_import_report("{}").is_ok());
}

TEST_CASE("a mapping of columns survives the wire") {
    const std::map<std::string, std::string> mapping{{"#3", ""}, {"Sch\"uh", "jobTitle"}};
    const auto read = read_mapping(write_mapping(mapping));
    REQUIRE(read.is_ok());
    CHECK(read.value() == mapping);
}

}  // namespace
}  // namespace crm::api
