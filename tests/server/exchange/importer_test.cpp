// Imports into a real store: who a row is, what it changes, what is refused, and that nothing
// happens twice.
#include "server/exchange/importer.h"

#include <doctest/doctest.h>

#include "server/exchange/contact_table.h"
#include "server/limits.h"
#include "shared/limits.h"
#include "tests/server/contacts/world.h"

using namespace crm;
using namespace crm::exchange;
using crm::test::kAcme;
using crm::test::patch;
using crm::test::World;

namespace {

constexpr auto kDry = true;

ImportOptions by_key(ImportKey key, bool is_dry_run = false) {
    ImportOptions options;
    options.key = key;
    options.is_dry_run = is_dry_run;
    options.actor = "Ann";
    options.file_name = "people.csv";
    return options;
}

Result<ImportOutcome> try_import(World& world,
                                 std::string_view text,
                                 const ImportOptions& options) {
    TextSource source(text);
    return import_contacts(world.service, kAcme, source, options);
}

api::ImportReport import(World& world,
                         std::string_view text,
                         const ImportOptions& options = by_key(ImportKey::Email)) {
    auto outcome = try_import(world, text, options);
    REQUIRE_MESSAGE(outcome.is_ok(), outcome.error().message);
    return outcome.value().report;
}

/// "created updated unchanged refused".
std::string counts(const api::ImportReport& report) {
    CHECK(report.rows == report.created + report.updated + report.unchanged + report.refused);
    return std::to_string(report.created) + ' ' + std::to_string(report.updated) + ' ' +
           std::to_string(report.unchanged) + ' ' + std::to_string(report.refused);
}

std::string export_all(World& world) {
    auto reader = world.service.open_reader(kAcme, {}, ContactService::Links::LeftOut);
    REQUIRE(reader.is_ok());
    Exporter exporter(reader.take(), {});
    std::string text;
    while (true) {
        auto part = exporter.next();
        REQUIRE(part.is_ok());
        if (!part.value()) return text;
        text += *part.value();
    }
}

std::vector<Contact> everyone(World& world) {
    ContactQuery query;
    query.limit = kPageSizeMax;
    return world.service.list(kAcme, query).value().contacts;
}

}  // namespace

TEST_CASE("a dry run says what would happen and changes nothing") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.example"}}));
    world.forget();
    const api::ImportReport report =
        import(world,
               "Name,Email,Company\nAda,ADA@x.example,Engines\nBerta,b@x.example,\n,broken,\n",
               by_key(ImportKey::Email, kDry));
    CHECK(counts(report) == "1 1 0 1");
    CHECK(report.id.empty());
    CHECK(report.encoding == "UTF-8");
    CHECK(report.separator == ",");
    REQUIRE(report.samples.size() == 2);
    CHECK(report.samples[0].action == "update");
    CHECK(report.samples[0].contact_id == ada.id.text);
    CHECK(report.samples[0].changes == std::vector<FieldChange>{{"company", "", "Engines"}});
    CHECK(report.samples[1].action == "create");
    CHECK(report.samples[1].row == 3);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].row == 4);
    CHECK(report.problems[0].reason.find("The @ is missing") != std::string::npos);
    CHECK(report.problems_csv.starts_with("Name,Email,Company,Reason\r\n,broken,,"));
    CHECK(world.observer.calls.empty());
    CHECK(everyone(world).size() == 1);
}

TEST_CASE("an import does what its dry run said, once, and history names it") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.example"}}));
    const std::string file = "Name,Email,Company\nAda K,ada@x.example,Engines\nB,b@x.example,\n";
    const api::ImportReport report = import(world, file);
    CHECK(counts(report) == "1 1 0 0");
    CHECK(report.id.starts_with("import-"));
    CHECK(world.find(ada.id).fields.company == "Engines");
    const api::HistoryEntry line = world.history(ada.id).front();
    CHECK(line.run_id == report.id);
    CHECK(line.actor == "Ann");
    CHECK(line.note == "Import of people.csv");
    const api::ImportReport again = import(world, file);
    CHECK(counts(again) == "0 0 2 0");
    CHECK(again.id.empty());
    CHECK(everyone(world).size() == 2);
}

TEST_CASE("empty cells change nothing, lists only grow, spelling of the key stays") {
    World world;
    ContactPatch known = patch({{"name", "Ada"}, {"email", "Ada@x.example"}, {"phone", "12345"}});
    known.tags = {{"vip"}};
    known.more_emails = {{{"a2@x.example", "home"}}};
    const Contact ada = world.create(known);
    import(world, "Email,Phone,Tags,More emails\nADA@X.EXAMPLE,,lead,a3@x.example (work)\n");
    const ContactFields after = world.find(ada.id).fields;
    CHECK(after.email == "Ada@x.example");
    CHECK(after.phone == "12345");
    CHECK(after.tags == std::vector<std::string>{"lead", "vip"});
    CHECK(after.more_emails ==
          std::vector<LabeledValue>{{"a2@x.example", "home"}, {"a3@x.example", "work"}});
}

TEST_CASE("people without e-mail are known by name and phone") {
    World world;
    const std::string file = "Name,Phone,Company\nAda,+44 20 1234,X\nAda,+44 20 9999,Y\nBob,,Z\n";
    CHECK(counts(import(world, file)) == "3 0 0 0");
    CHECK(counts(import(world, file)) == "0 0 3 0");
    CHECK(counts(import(world, file, by_key(ImportKey::None))) == "0 0 3 0");
    CHECK(counts(import(world, "Name,Phone,Company\nada,+44 (20) 1234,New\n")) == "0 1 0 0");
}

TEST_CASE("a phone as the key") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"phone", "+44 20 12345"}}));
    world.create(patch({{"name", "Twin"}, {"phone", "777 777"}}));
    world.create(patch({{"name", "Twin two"}, {"phone", "777777"}}));
    world.create(patch({{"name", "Owner"}, {"email", "owner@x.example"}}));
    const api::ImportReport report =
        import(world,
               "Name,Phone,Email\nAda K,+44 2012345,\n"
               "Twin,777777,\nNew,888888,\n,+442012345,owner@x.example\n",
               by_key(ImportKey::Phone));
    CHECK(counts(report) == "1 1 0 2");
    CHECK(world.find(ada.id).fields.name == "Ada K");
    CHECK(report.problems[0].reason.find("Several contacts have this phone") == 0);
    CHECK(report.problems[1].reason.find("Row 2 of this file") == 0);
    const api::ImportReport taken =
        import(world, "Phone,Email\n+442012345,owner@x.example\n", by_key(ImportKey::Phone));
    CHECK(taken.problems[0].reason.find("Another contact already has this e-mail") == 0);
    CHECK(counts(taken) == "0 0 0 1");
}

TEST_CASE("without a key nobody is changed and nobody is there twice") {
    World world;
    world.create(patch({{"name", "Ada"}, {"email", "ada@x.example"}}));
    const api::ImportReport report =
        import(world, "Name,Email\nAda,ada@x.example\nB,b@x.example\n", by_key(ImportKey::None));
    CHECK(counts(report) == "1 0 1 0");
    const api::ImportReport changed =
        import(world, "Name,Email\nAda X,ada@x.example\n", by_key(ImportKey::None));
    CHECK(counts(changed) == "0 0 0 1");
    CHECK(changed.problems[0].reason.find("Ada is there already") == 0);
}

TEST_CASE("two rows about one person: the same is fine, another one is a question") {
    World world;
    const api::ImportReport report =
        import(world, "Name,Email\nAda,a@x.example\nAda,a@x.example\nEve,A@x.example\n");
    CHECK(counts(report) == "1 0 1 1");
    CHECK(report.problems[0].reason.find("Row 2 of this file is about the same person") == 0);
}

TEST_CASE("our own export back: ids find who has no e-mail, tombstones stay dead") {
    World world;
    const Contact ada = world.create(patch({{"name", "Ada"}, {"email", "ada@x.example"}}));
    world.create(patch({{"name", "+Plus"}, {"phone", "+48 600 100 200"}}));
    const std::string file = export_all(world);
    CHECK(counts(import(world, file)) == "0 0 2 0");
    std::string edited = file;
    edited.replace(edited.find("ada@x.example"), 13, "new@x.example");
    CHECK(counts(import(world, edited)) == "0 1 1 0");
    CHECK(world.find(ada.id).fields.email == "new@x.example");
    REQUIRE(world.service.remove(kAcme, ada.id, test::by("Ann")).is_ok());
    std::string dead = write_csv_row(table_titles()) + write_csv_row(table_row(world.find(ada.id)));
    const api::ImportReport report = import(world, dead);
    CHECK(counts(report) == "0 0 0 1");
    CHECK(report.problems[0].reason.find("was deleted") != std::string::npos);
}

TEST_CASE("another customer's ids and e-mails are nobody's") {
    World world;
    const Contact theirs =
        world.create(patch({{"name", "T"}, {"email", "t@x.example"}}), test::kGlobex);
    const api::ImportReport report =
        import(world, "Id,Name,Email\n" + theirs.id.text + ",Mine,t@x.example\n");
    CHECK(counts(report) == "1 0 0 0");
    CHECK(world.service.find(test::kGlobex, theirs.id).value().fields.name == "T");
}

TEST_CASE("limits hold after rows are laid over contacts") {
    World world;
    std::string tags;
    for (std::size_t count = 0; count < kTagsMax; ++count)
        tags += 't' + std::to_string(count) + ';';
    ContactPatch known = patch({{"name", "Ada"}, {"email", "a@x.example"}});
    known.tags = {{"vip"}};
    world.create(known);
    const api::ImportReport report = import(world, "Email,Tags\na@x.example," + tags + '\n');
    CHECK(counts(report) == "0 0 0 1");
    CHECK(report.problems[0].reason.find("more than 50 tags") != std::string::npos);
}

TEST_CASE("an import of several batches is whole, and one that breaks off says what is in") {
    World world;
    std::string file = "Name,Email\n";
    for (std::size_t row = 0; row < kImportBatchRows * 2 + 3; ++row) {
        file += "P,p" + std::to_string(row) + "@x.example\n";
    }
    ImportOptions options = by_key(ImportKey::Email);
    int batches = 0;
    options.is_stopping = [&] { return ++batches == 2; };
    const auto broken = try_import(world, file, options);
    REQUIRE_FALSE(broken.is_ok());
    CHECK(broken.error().message.find("The first 500 rows are in") != std::string::npos);
    CHECK(world.count() == 500);
    CHECK(counts(import(world, file)) == "503 0 500 0");
    world.observer.is_refusing = true;
    CHECK_FALSE(try_import(world, "Email\nq@x.example\n", by_key(ImportKey::Email)).is_ok());
    world.observer.is_refusing = false;
    CHECK(world.count() == 1003);
}

TEST_CASE("a contact in probation that a file names is confirmed") {
    World world;
    const Contact arriving = world
                                 .sync([&](store::Transaction& transaction) {
                                     ContactFields fields;
                                     fields.email = "a@x.example";
                                     return world.service.insert(
                                         transaction, kAcme, fields, true, test::from("hubspot"));
                                 })
                                 .take();
    CHECK(counts(import(world, "Name,Email\nAda,a@x.example\n")) == "0 1 0 0");
    CHECK_FALSE(world.find(arriving.id).arriving);
}

TEST_CASE("refused rows go into a file that can be given again, and no spreadsheet runs") {
    World world;
    const api::ImportReport report = import(world, "Name;Email\n=cmd;nobody\n");
    CHECK(report.problems_csv.find("'=cmd,nobody,") != std::string::npos);
    CHECK(counts(import(world, report.problems_csv, by_key(ImportKey::Email, kDry))) == "0 0 0 1");
}
