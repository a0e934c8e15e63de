// One letter at a time; what a row needs is kept, and nothing else.
#include <algorithm>
#include <array>
#include <utility>

#include "server/exchange/csv.h"
#include "server/limits.h"

namespace crm::exchange {
namespace {

constexpr std::array<char, 4> kSeparators{',', ';', '\t', '|'};
constexpr std::size_t kRowsLookedAt = 50;  // for the guess of the separator

bool is_break(char letter) {
    return letter == '\n' || letter == '\r';
}

/// How well a separator fits: columns of the first row, counted once for each row that has as many.
std::size_t score(char separator, std::string_view beginning) {
    std::size_t columns = 0;
    std::size_t rows = 0;
    std::size_t fitting = 0;
    const Error enough{ErrorCode::Internal, "Enough rows were seen"};
    CsvReader reader(separator, [&](const CsvRow& row) -> Status {
        if (rows == 0) columns = row.cells.size();
        if (row.cells.size() == columns) ++fitting;
        return ++rows == kRowsLookedAt ? Status(enough) : Status();
    });
    // Rows up to the first that this separator cannot read count all the same.
    if (reader.feed(beginning).is_ok() && rows == 0) static_cast<void>(reader.finish());
    return columns < 2 ? 0 : columns * fitting;
}

}  // namespace

CsvReader::CsvReader(char separator, Sink sink) : separator_(separator), sink_(std::move(sink)) {}

Error CsvReader::problem(std::string_view what) const {
    return {ErrorCode::InvalidArgument,
            "Row " + std::to_string(number_) + ": " + std::string(what)};
}

Status CsvReader::feed(std::string_view text) {
    for (const char letter : text) CRM_TRY(take(letter));
    return {};
}

Status CsvReader::take(char letter) {
    if (std::exchange(is_line_feed_skipped_, false) && letter == '\n') return {};
    if (cell_.size() >= kImportCellBytesMax) {
        return problem("a cell is longer than " + std::to_string(kImportCellBytesMax / 1024) +
                       " KiB; a quote may be missing somewhere above");
    }
    switch (state_) {
        case State::Quoted:
            if (letter == '"') {
                state_ = State::QuoteSeen;
            } else {
                cell_ += letter;
            }
            return {};
        case State::QuoteSeen:
            if (letter == '"') {
                cell_ += letter;
                state_ = State::Quoted;
                return {};
            }
            if (letter != separator_ && !is_break(letter)) {
                return problem(
                    "there is text behind a closing quote; a quote inside of quotes is written "
                    "twice");
            }
            return take_plain(letter);
        case State::CellStart:
            if (letter == '"') {
                state_ = State::Quoted;
                has_quotes_ = true;
                return {};
            }
            return take_plain(letter);
        case State::Plain:
            return take_plain(letter);
    }
    return {};
}

Status CsvReader::take_plain(char letter) {
    if (letter == separator_) return end_cell();
    if (is_break(letter)) {
        is_line_feed_skipped_ = letter == '\r';
        return end_row();
    }
    cell_ += letter;
    state_ = State::Plain;
    return {};
}

Status CsvReader::end_cell() {
    if (cells_.size() == kImportColumnsMax) {
        return problem("there are more than " + std::to_string(kImportColumnsMax) +
                       " columns; leave out those that are not needed");
    }
    cells_.push_back(std::exchange(cell_, {}));
    state_ = State::CellStart;
    return {};
}

Status CsvReader::end_row() {
    CRM_TRY(end_cell());
    CsvRow row{number_++, std::exchange(cells_, {})};
    const bool is_empty = row.cells.size() == 1 && row.cells[0].empty() && !has_quotes_;
    has_quotes_ = false;
    return is_empty ? Status() : sink_(std::move(row));
}

Status CsvReader::finish() {
    if (state_ == State::Quoted) {
        return problem("a quote is opened and never closed; everything behind it is one cell");
    }
    const bool is_begun = state_ != State::CellStart || !cells_.empty();
    return is_begun ? end_row() : Status();
}

char guess_separator(std::string_view beginning) {
    if (beginning.starts_with("sep=") && beginning.size() > 4 &&
        std::find(kSeparators.begin(), kSeparators.end(), beginning[4]) != kSeparators.end()) {
        return beginning[4];
    }
    char best = kSeparators[0];
    std::size_t best_score = 0;
    for (const char separator : kSeparators) {
        const std::size_t reached = score(separator, beginning);
        if (reached > best_score) {
            best = separator;
            best_score = reached;
        }
    }
    return best;
}

bool is_separator_line(const CsvRow& row) {
    // The separator itself cuts its line in two.
    return row.number == 1 && !row.cells.empty() && row.cells[0] == "sep=" &&
           (row.cells.size() == 1 || (row.cells.size() == 2 && row.cells[1].empty()));
}

}  // namespace crm::exchange
