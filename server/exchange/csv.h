// CSV as RFC 4180 says it and as spreadsheets write it: any one separator, quotes, line breaks in
// quotes, CRLF, LF or CR. Pure; text is UTF-8 and comes in parts of any length.
//
// A spreadsheet runs a cell that begins with = + - @ tab or CR as a formula. guard_cell() puts an
// apostrophe before such a cell, and before one that would look guarded already; unguard_cell()
// takes one off again, so that reading what was written gives back every text ("+48 600 100 200"
// travels as "'+48 600 100 200").
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/result.h"

namespace crm::exchange {

using CsvCells = std::vector<std::string>;

struct CsvRow {
    std::size_t number = 0;  // as a spreadsheet counts: the first row is 1, empty ones count too
    CsvCells cells;

    bool operator==(const CsvRow&) const = default;
};

class CsvReader {
   public:
    /// Hears every row that is not empty. Its refusal ends the reading.
    using Sink = std::function<Status(CsvRow)>;

    CsvReader(char separator, Sink sink);
    /// InvalidArgument, with the number of the row: text behind a closing quote, a cell longer than
    /// kImportCellBytesMax, more columns than kImportColumnsMax. Nothing may be fed after an error.
    Status feed(std::string_view text);
    /// The last row needs no line break. InvalidArgument: a quote was opened and never closed.
    Status finish();

   private:
    enum class State { CellStart, Plain, Quoted, QuoteSeen };

    Status take(char letter);
    Status take_plain(char letter);
    Status end_cell();
    Status end_row();
    [[nodiscard]] Error problem(std::string_view what) const;

    char separator_;
    Sink sink_;
    State state_ = State::CellStart;
    bool is_line_feed_skipped_ = false;  // the CR before it ended the row
    bool has_quotes_ = false;            // in this row: "" alone is no empty row
    std::size_t number_ = 1;
    std::string cell_;
    CsvCells cells_;
};

/// Comma, semicolon, tab or pipe: which one cuts the beginning of a file into the most even
/// columns. "sep=;" in the first line decides. A comma when nothing tells.
[[nodiscard]] char guess_separator(std::string_view beginning);

/// Whether a row is the line "sep=;" by which spreadsheets tell their separator.
[[nodiscard]] bool is_separator_line(const CsvRow& row);

/// One row with its CRLF. Cells are written as they are: guard them first.
[[nodiscard]] std::string write_csv_row(const CsvCells& cells);

[[nodiscard]] std::string guard_cell(std::string_view text);
[[nodiscard]] std::string unguard_cell(std::string_view text);

}  // namespace crm::exchange
