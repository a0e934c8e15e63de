// The row of a contact: titles that nobody may rename, and no cell that a spreadsheet would run.
#include "server/exchange/contact_table.h"

#include <doctest/doctest.h>

#include "tests/shared/random_contacts.h"

using namespace crm;
using namespace crm::exchange;

TEST_CASE("the titles stay what they are: files out there have them") {
    CHECK(write_csv_row(table_titles()) ==
          "Name,Email,Phone,Job title,Pronouns,Company,Notes,Tags,More emails,More phones,"
          "Created,Updated,Deleted,Id\r\n");
}

TEST_CASE("a row has a cell for every title, and none that a spreadsheet would run") {
    test::RandomContacts random(1);
    for (int round = 0; round < test::kRandomCases; ++round) {
        const CsvCells row = table_row(random.contact());
        REQUIRE(row.size() == table_titles().size());
        for (const std::string& cell : row) {
            CHECK_FALSE((!cell.empty() &&
                         std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos));
        }
    }
}

TEST_CASE("a deleted contact tells when") {
    Contact contact;
    contact.fields.phone = "+48 600 100 200";
    contact.deleted = true;
    contact.updated_at = TimePoint(std::chrono::milliseconds(1'000));
    const CsvCells row = table_row(contact);
    CHECK(row[2] == "'+48 600 100 200");
    CHECK(row[12] == "1970-01-01T00:00:01.000Z");
}
