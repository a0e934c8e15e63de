// One person of a file, before any check: what a row of a table or a vCard says. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/exchange/column_guess.h"
#include "server/exchange/csv.h"
#include "shared/contact_parse.h"

namespace crm::exchange {

struct ImportRow {
    std::size_t number = 0;  // as a spreadsheet counts; of a vCard file the number of the card
    RawPatch raw;            // an empty cell says nothing: what is known stays
    std::string id;          // of a contact here; may be empty, or no id at all
    bool is_marked_deleted = false;
    CsvCells cells;  // as they were, for the file of refused rows
};

/// `columns` may be fewer than the cells: the rest is left out. Guarded cells are taken as they
/// were before (csv.h).
[[nodiscard]] ImportRow read_table_row(const std::vector<ColumnMeaning>& columns, CsvRow row);

}  // namespace crm::exchange
