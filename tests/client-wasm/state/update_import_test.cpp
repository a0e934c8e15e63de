// Files in and out, undo of what history tells of, the timeline's filter, and "g".
#include <doctest/doctest.h>

#include "client-wasm/api/api_client.h"
#include "tests/client-wasm/state_support.h"

using namespace crm;
using namespace crm::client;

namespace {

ImportFile sent_file(const Driver& driver) {
    const auto sent = driver.sent<ImportFile>();
    REQUIRE(sent.size() == 1);
    return sent.front().second;
}

api::ImportReport report(bool is_dry_run) {
    api::ImportReport told{.id = is_dry_run ? "" : "import-1", .is_dry_run = is_dry_run};
    told.rows = 3;
    told.created = 2;
    told.refused = 1;
    told.columns = {{"Name", "name", ""}, {"Shoe", "", ""}};
    told.problems_csv = "Name;Reason\n";
    return told;
}

void answer(Driver& driver, const api::ImportReport& told) {
    driver.act(ImportAnswered{driver.waiting<ImportFile>(), told});
}

}  // namespace

TEST_CASE("import: a chosen file is looked at, and each choice looks anew") {
    Driver driver;
    driver.start_with({});
    driver.act(FileChosen{"People.VCF"});
    CHECK(sent_file(driver).format == "vcf");
    driver.act(FileChosen{"people.csv"});
    const ImportFile first = sent_file(driver);
    CHECK(first.format == "csv");
    CHECK(first.is_dry_run);
    driver.act(ImportClicked{});  // nothing is known of it yet
    CHECK(driver.sent<ImportFile>().empty());
    answer(driver, report(true));
    driver.act(ImportColumnChosen{1, "jobTitle"});
    CHECK(sent_file(driver).mapping.at("#2") == "jobTitle");
    answer(driver, report(true));
    driver.act(ImportKeyChosen{"phone"});
    const ImportFile last = sent_file(driver);
    CHECK(last.key == "phone");
    CHECK(last.mapping.at("#2") == "jobTitle");
    CHECK(last.is_dry_run);
}

TEST_CASE("import: it runs once, can be undone, and the refused rows are saved") {
    Driver driver;
    driver.start_with({});
    driver.act(FileChosen{"people.csv"});
    answer(driver, report(true));
    driver.act(ImportClicked{});
    CHECK_FALSE(sent_file(driver).is_dry_run);
    driver.act(ImportClicked{});
    CHECK(driver.sent<ImportFile>().empty());
    answer(driver, report(false));
    CHECK(driver.said("Imported 2 contacts"));
    driver.act(RefusedRowsClicked{});
    REQUIRE(driver.all<SaveFile>().size() == 1);
    CHECK(driver.all<SaveFile>().front().text == "Name;Reason\n");
    driver.act(UndoPressed{});
    CHECK(driver.sent<UndoChange>().front().second.id == "import-1");
    driver.act(UndoAnswered{driver.waiting<UndoChange>(), {.id = "undo-1", .undone = 2}});
    CHECK_FALSE(driver.state.import.done.has_value());
}

TEST_CASE("import: why a file is refused is said, and an old answer counts no more") {
    Driver driver;
    driver.start_with({});
    driver.act(FileChosen{"people.csv"});
    const RequestId old = driver.waiting<ImportFile>();
    driver.act(FileChosen{"others.csv"});
    driver.act(ImportAnswered{old, report(true)});
    CHECK_FALSE(driver.state.import.checked.has_value());
    RequestFailed failed{driver.waiting<ImportFile>(), Failure::Refused, {}};
    failed.answer.error.message = "The file has no titles";
    driver.act(failed);
    CHECK(driver.said("The file has no titles."));
    CHECK(driver.state.import.refusal == "The file has no titles.");
}

TEST_CASE("export: what the list shows, in the form that was chosen") {
    Driver driver;
    driver.act(Started{"#/contacts?q=ada&sort=-company", ThemeChoice::System});
    driver.act(ExportClicked{});
    driver.act(ExportFormatChosen{"vcf"});
    driver.act(DialogConfirmed{});
    REQUIRE(driver.all<SaveExport>().size() == 1);
    CHECK(export_path(driver.all<SaveExport>().front()) ==
          "/api/export?format=vcf&q=ada&sort=-company");
}

TEST_CASE("undo of a run or a line is told first, and done after a yes") {
    Driver driver;
    driver.start_with({});
    driver.act(HistoryUndoClicked{"r1"});
    REQUIRE(driver.sent<UndoChange>().size() == 1);
    CHECK(driver.sent<UndoChange>().front().second.is_preview);
    driver.act(UndoAnswered{driver.waiting<UndoChange>(), {.is_preview = true, .undone = 2}});
    REQUIRE(std::holds_alternative<UndoDialog>(driver.state.dialog));
    driver.act(DialogConfirmed{});
    REQUIRE(driver.sent<UndoChange>().size() == 1);
    CHECK_FALSE(driver.sent<UndoChange>().front().second.is_preview);
    CHECK(driver.sent<UndoChange>().front().second.id == "r1");
}

TEST_CASE("g waits a moment for the key that says where to") {
    Driver driver;
    driver.start_with({});
    driver.act(GoPressed{});
    CHECK(driver.state.is_go_awaited);
    driver.fire(TimerKind::GoKey);
    CHECK_FALSE(driver.state.is_go_awaited);
    driver.act(GoPressed{});
    Route sync;
    sync.screen = Screen::Sync;
    driver.act(RouteOpened{sync});
    CHECK_FALSE(driver.state.is_go_awaited);
}
