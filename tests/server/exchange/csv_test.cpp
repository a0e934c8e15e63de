// CSV: what is written is read back, whatever it holds and however it is cut; what cannot be read
// is told with its row.
#include "server/exchange/csv.h"

#include <random>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/server/exchange/feed.h"
#include "tests/shared/random_contacts.h"

using namespace crm;
using namespace crm::exchange;

namespace {

struct Reading {
    std::vector<CsvRow> rows;
    Status outcome;
};

/// Fed in parts of `part_bytes`.
Reading read_all(std::string_view text, char separator = ',', std::size_t part_bytes = 1'000'000) {
    Reading reading;
    CsvReader reader(separator, [&](CsvRow row) -> Status {
        reading.rows.push_back(std::move(row));
        return {};
    });
    reading.outcome = test::feed_in_parts(reader, text, part_bytes);
    return reading;
}

std::vector<CsvCells> cells_in(std::string_view text, char separator = ',') {
    const Reading reading = read_all(text, separator);
    REQUIRE_MESSAGE(reading.outcome.is_ok(), reading.outcome.error().message);
    std::vector<CsvCells> cells;
    for (const CsvRow& row : reading.rows) cells.push_back(row.cells);
    return cells;
}

std::string problem_in(std::string_view text) {
    const Reading reading = read_all(text);
    REQUIRE_FALSE(reading.outcome.is_ok());
    CHECK(reading.outcome.error().code == ErrorCode::InvalidArgument);
    return reading.outcome.error().message;
}

using Cells = std::vector<CsvCells>;

/// Text that hurts: separators, quotes, breaks, formulas.
std::string nasty_text(std::mt19937_64& engine) {
    static constexpr std::string_view kLetters = "a,;|\t\"'\r\n =+-@\\x:()";
    std::string text;
    for (std::size_t count = engine() % 8; count > 0; --count) {
        text += kLetters[engine() % kLetters.size()];
    }
    return text;
}

}  // namespace

TEST_CASE("rows end with CRLF, LF or CR, and the last one needs none") {
    const Cells expected{{"a", "b"}, {"1", "2"}};
    CHECK(cells_in("a,b\r\n1,2\r\n") == expected);
    CHECK(cells_in("a,b\n1,2") == expected);
    CHECK(cells_in("a,b\r1,2\r") == expected);
}

TEST_CASE("quotes keep separators, line breaks and quotes") {
    CHECK(cells_in("\"a,\"\"b\"\"\r\nc\",d\n") == Cells{{"a,\"b\"\r\nc", "d"}});
    CHECK(cells_in("5\" pipe,x\n") == Cells{{"5\" pipe", "x"}});
    CHECK(cells_in("\"\"\n\n,\n") == Cells{{""}, {"", ""}});
}

TEST_CASE("rows are counted as a spreadsheet counts them") {
    const Reading reading = read_all("a\n\n\"b\nc\"\nd\n");
    REQUIRE(reading.rows.size() == 3);
    CHECK(reading.rows[1].number == 3);
    CHECK(reading.rows[2].number == 4);
}

TEST_CASE("what cannot be read is told with its row") {
    CHECK(problem_in("a,b\n\"1\"x,2\n").starts_with("Row 2: there is text behind a closing quote"));
    CHECK(problem_in("a\n\"never closed\n1\n").starts_with("Row 2: a quote is opened"));
    CHECK(problem_in("a\n\"" + std::string(kImportCellBytesMax + 1, 'x'))
              .starts_with("Row 2: a cell is longer than 128 KiB"));
    CHECK(problem_in(std::string(kImportColumnsMax, ',') + '\n')
              .starts_with("Row 1: there are more than 1000 columns"));
    CHECK(read_all(std::string(kImportColumnsMax - 1, ',')).outcome.is_ok());
}

TEST_CASE("the sink's refusal ends the reading") {
    int rows = 0;
    CsvReader reader(',', [&](const CsvRow&) -> Status {
        ++rows;
        return Error{ErrorCode::TooLarge, "Enough"};
    });
    CHECK(reader.feed("a\nb\n").error().message == "Enough");
    CHECK(rows == 1);
}

TEST_CASE("the separator is the one that makes even columns") {
    CHECK(guess_separator("name,email\nAda,a@x.example\n") == ',');
    CHECK(guess_separator("name;email\n\"Lovelace, Ada\";a@x.example\nB, C;b@x.example\n") == ';');
    CHECK(guess_separator("name\temail\nA\ta@x.example\n") == '\t');
    CHECK(guess_separator("name|email|note\nA|a@x.example|one, two\n") == '|');
    CHECK(guess_separator("email\na@x.example\n") == ',');
    CHECK(guess_separator("sep=;\na,b\n") == ';');
    CHECK(guess_separator("a;b;c") == ';');
    CHECK(guess_separator("") == ',');
    // The beginning of a file is cut anywhere.
    CHECK(guess_separator("name;note\nA;\"one, two, thr") == ';');
    CHECK(is_separator_line({1, {"sep=", ""}}));
    CHECK_FALSE(is_separator_line({2, {"sep=", ""}}));
}

TEST_CASE("a cell is guarded when a spreadsheet would run it, and comes back as it was") {
    CHECK(guard_cell("=1+1") == "'=1+1");
    CHECK(guard_cell("+48 600 100 200") == "'+48 600 100 200");
    CHECK(guard_cell("-x") == "'-x");
    CHECK(guard_cell("@x") == "'@x");
    CHECK(guard_cell("\tx") == "'\tx");
    CHECK(guard_cell("O'Brien") == "O'Brien");
    CHECK(guard_cell("'quoted'") == "'quoted'");
    CHECK(guard_cell("'=x") == "''=x");
    CHECK(unguard_cell("'+48 600") == "+48 600");
    CHECK(unguard_cell("'quoted'") == "'quoted'");
    CHECK(unguard_cell("") == "");
    std::mt19937_64 engine(7);
    for (int round = 0; round < 20'000; ++round) {
        const std::string text = nasty_text(engine);
        const std::string guarded = guard_cell(text);
        CAPTURE(text);
        CHECK(unguard_cell(guarded) == text);
        const bool is_safe =
            guarded.empty() || std::string_view("=+-@\t\r").find(guarded[0]) == std::string::npos;
        CHECK(is_safe);
    }
}

TEST_CASE("what is written is read, however the parts are cut") {
    std::mt19937_64 engine(11);
    for (int round = 0; round < 2'000; ++round) {
        Cells rows(1 + engine() % 3);
        std::string text;
        for (CsvCells& row : rows) {
            for (std::size_t count = 1 + engine() % 4; count > 0; --count) {
                row.push_back(nasty_text(engine));
            }
            text += write_csv_row(row);
        }
        CAPTURE(text);
        const Reading reading = read_all(text, ',', 1 + engine() % 5);
        REQUIRE(reading.outcome.is_ok());
        Cells read;
        for (const CsvRow& row : reading.rows) read.push_back(row.cells);
        CHECK(read == rows);
    }
}

TEST_CASE("any bytes are read or refused, and the parts they come in change nothing") {
    std::mt19937_64 engine(13);
    for (int round = 0; round < 5'000; ++round) {
        std::string bytes;
        for (std::size_t count = engine() % 60; count > 0; --count) {
            bytes += engine() % 3 == 0 ? static_cast<char>(engine()) : "\",\r\na;"[engine() % 6];
        }
        const Reading whole = read_all(bytes);
        const Reading cut = read_all(bytes, ',', 1);
        CHECK(whole.rows == cut.rows);
        CHECK(whole.outcome.is_ok() == cut.outcome.is_ok());
        static_cast<void>(guess_separator(bytes));
    }
}
