// A contact as one row of a CSV file: what an export writes, and an import of it understands again.
#pragma once

#include <string>
#include <string_view>

#include "server/exchange/csv.h"
#include "shared/contact.h"

namespace crm::exchange {

// Titles of the columns that have no entry in kContactFields. DO NOT RENAME: files out there have
// them.
inline constexpr std::string_view kTagsTitle = "Tags";
inline constexpr std::string_view kMoreEmailsTitle = "More emails";
inline constexpr std::string_view kMorePhonesTitle = "More phones";
inline constexpr std::string_view kCreatedTitle = "Created";
inline constexpr std::string_view kUpdatedTitle = "Updated";
inline constexpr std::string_view kDeletedTitle = "Deleted";
inline constexpr std::string_view kIdTitle = "Id";

/// The first row.
[[nodiscard]] CsvCells table_titles();

/// Guarded against being run as formulas. `Deleted` holds the time of the deletion.
[[nodiscard]] CsvCells table_row(const Contact& contact);

}  // namespace crm::exchange
