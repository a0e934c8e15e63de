#include <algorithm>

#include "server/exchange/csv.h"

namespace crm::exchange {
namespace {

/// What a spreadsheet may run, whatever it was meant to be.
constexpr std::string_view kFormulaStarts = "=+-@\t\r";

/// Whether the text begins with apostrophes, or none, and then with what starts a formula.
bool is_formula_behind(std::string_view apostrophes_and_text) {
    const std::size_t start = apostrophes_and_text.find_first_not_of('\'');
    return start != std::string_view::npos &&
           kFormulaStarts.find(apostrophes_and_text[start]) != std::string_view::npos;
}

bool needs_quotes(std::string_view cell) {
    if (cell.find_first_of(",;|\t\"\r\n") != std::string_view::npos) return true;
    return !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
}

std::string quote(std::string_view cell) {
    std::string quoted = "\"";
    for (const char letter : cell) {
        if (letter == '"') quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

}  // namespace

std::string write_csv_row(const CsvCells& cells) {
    std::string row;
    for (const std::string& cell : cells) {
        if (&cell != &cells.front()) row += ',';
        row += needs_quotes(cell) ? quote(cell) : cell;
    }
    // A row of one empty cell would be an empty row, which says nothing.
    if (row.empty()) row = "\"\"";
    return row + "\r\n";
}

std::string guard_cell(std::string_view text) {
    return is_formula_behind(text) ? '\'' + std::string(text) : std::string(text);
}

std::string unguard_cell(std::string_view text) {
    if (text.starts_with('\'') && is_formula_behind(text)) text.remove_prefix(1);
    return std::string(text);
}

}  // namespace crm::exchange
