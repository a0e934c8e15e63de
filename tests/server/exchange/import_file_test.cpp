// A file before it is imported: what it is, what its rows say, and what is wrong with it.
#include "server/exchange/import_file.h"

#include <random>

#include <doctest/doctest.h>

#include "server/exchange/contact_table.h"
#include "server/limits.h"
#include "tests/server/exchange/storable.h"
#include "tests/shared/random_contacts.h"

using namespace crm;
using namespace crm::exchange;

namespace {

Result<ImportFile> look(std::string_view text, const ColumnMapping& mapping = {}) {
    TextSource source(text);
    return look_at_file(source, Format::Csv, mapping);
}

std::vector<ImportRow> rows_of(std::string_view text, const ColumnMapping& mapping = {}) {
    TextSource source(text);
    const Result<ImportFile> file = look_at_file(source, Format::Csv, mapping);
    REQUIRE_MESSAGE(file.is_ok(), file.error().message);
    std::vector<ImportRow> rows;
    REQUIRE(each_row(source, file.value(), [&](ImportRow row) -> Status {
                rows.push_back(std::move(row));
                return {};
            }).is_ok());
    return rows;
}

std::string refusal_of(std::string_view text, const ColumnMapping& mapping = {}) {
    const Result<ImportFile> file = look(text, mapping);
    REQUIRE_FALSE(file.is_ok());
    return file.error().message;
}

/// Wide text of a narrow one, for UTF-16.
std::string widen(std::string_view text) {
    std::string wide = "\xFF\xFE";
    for (const char letter : text) {
        wide += letter;
        wide += '\0';
    }
    return wide;
}

}  // namespace

TEST_CASE("encoding and separator are told, and columns understood") {
    const Result<ImportFile> file = look("Imi\xEA;E-Mail;Firma\nAda;ada@x.example;X\n");
    REQUIRE(file.is_ok());
    CHECK(file.value().encoding == Encoding::Windows1252);
    CHECK(file.value().separator == ';');
    CHECK(file.value().columns[1].field == "email");
    const std::vector<ImportRow> wide = rows_of(widen("sep=\t\r\nName\tEmail\r\nAda\ta@x.example"));
    REQUIRE(wide.size() == 1);
    CHECK(wide[0].number == 3);
    CHECK(wide[0].raw.texts.at("name") == "Ada");
    CHECK(wide[0].raw.texts.at("email") == "a@x.example");
}

TEST_CASE("the caller's mapping goes before the guess") {
    const std::string text = "Name,Shoe,Email\nAda,Analyst,a@x.example\n";
    const std::vector<ImportRow> rows = rows_of(text, {{"Shoe", "jobTitle"}, {"#3", ""}});
    CHECK(rows[0].raw.texts.at("jobTitle") == "Analyst");
    CHECK_FALSE(rows[0].raw.texts.contains("email"));
    CHECK(refusal_of(text, {{"Hat", "name"}}).find("no column “Hat”") != std::string::npos);
    CHECK(refusal_of(text, {{"#4", "name"}}).find("#4") != std::string::npos);
    CHECK(refusal_of(text, {{"Shoe", "version"}}).find("jobTitle") != std::string::npos);
}

TEST_CASE("names come in parts, e-mails and phones in columns and in one cell") {
    const std::vector<ImportRow> rows = rows_of(
        "First Name,Middle Name,Last Name,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - "
        "Value,Mobile,Home Phone,Tags,Notes,Note\n"
        "Ada,King,Lovelace,* Work,a@x.example ::: b@x.example,c@x.example,'+48 600,(020) 1,\"vip, "
        "* myContacts\",one,two\n");
    REQUIRE(rows.size() == 1);
    const RawPatch& raw = rows[0].raw;
    CHECK(raw.texts.at("name") == "Ada King Lovelace");
    CHECK(raw.texts.at("email") == "a@x.example");
    REQUIRE(raw.emails->size() == 2);
    CHECK(raw.emails->at(0).value == "b@x.example");
    CHECK(raw.emails->at(0).label == "work");
    CHECK(raw.emails->at(1).label.empty());
    CHECK(raw.texts.at("phone") == "+48 600");
    CHECK(raw.phones->at(0).value == "(020) 1");
    CHECK(raw.phones->at(0).label == "home");
    CHECK(raw.tags == std::vector<std::string>{"vip"});
    CHECK(raw.texts.at("notes") == "one\ntwo");
}

TEST_CASE("blank rows say nothing, short rows leave out") {
    const std::vector<ImportRow> rows = rows_of("Name,Email\n , \n\nAda\n");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].number == 4);
}

TEST_CASE("what cannot be a file of people is refused in a sentence") {
    CHECK(refusal_of("").find("empty") != std::string::npos);
    CHECK(refusal_of("\n\n").find("empty") != std::string::npos);
    CHECK(refusal_of("a,b\n1,2\n").find("No title of a column was understood") == 0);
    CHECK(refusal_of("Name\n\"open").find("Row 2: a quote is opened") == 0);
    CHECK(refusal_of("\xEF\xBB\xBFName\n\xFF").find("not UTF-8") != std::string::npos);
    std::string many = "Name\n";
    for (std::size_t row = 0; row < kImportRowsMax + 1; ++row) many += "x\n";
    CHECK(refusal_of(many).find("more than 200000 rows") != std::string::npos);
    CHECK(refusal_of(std::string(kImportBytesMax + 1, 'x')).find("64 MiB") != std::string::npos);
}

TEST_CASE("what an export holds comes back from it") {
    test::RandomContacts random(9);
    for (int round = 0; round < test::kRandomCases; ++round) {
        Contact contact = random.contact();
        contact.fields = test::storable(std::move(contact.fields));
        const std::string file = write_csv_row(table_titles()) + write_csv_row(table_row(contact));
        CAPTURE(file);
        const std::vector<ImportRow> rows = rows_of(file);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].id == contact.id.text);
        CHECK(rows[0].is_marked_deleted == contact.deleted);
        const Result<ContactPatch> patch = parse_patch(rows[0].raw);
        REQUIRE_MESSAGE(patch.is_ok(), patch.error().message);
        CHECK(apply_patch({}, patch.value()) == contact.fields);
    }
}

TEST_CASE("any bytes are a file or refused") {
    std::mt19937_64 engine(17);
    for (int round = 0; round < 3'000; ++round) {
        std::string bytes = engine() % 2 == 0 ? "Name,Email\n" : "";
        for (std::size_t count = engine() % 80; count > 0; --count) {
            bytes += engine() % 2 == 0 ? "\",\r\na;@="[engine() % 8] : static_cast<char>(engine());
        }
        const Result<ImportFile> file = look(bytes);
        if (file.is_ok()) static_cast<void>(rows_of(bytes));
        CHECK((file.is_ok() || !file.error().message.empty()));
    }
}
