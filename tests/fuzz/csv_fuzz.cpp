// Any bytes as a CSV file: they are read or refused, a row that was read is written and read back
// the same, and how the bytes are cut changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/exchange/import_file.h"

namespace {

using crm::exchange::CsvCells;

void require(bool is_true) {
    if (!is_true) std::abort();
}

std::vector<CsvCells> read_rows(std::string_view text, std::size_t part_bytes) {
    std::vector<CsvCells> rows;
    crm::exchange::CsvReader reader(',', [&](crm::exchange::CsvRow row) -> crm::Status {
        rows.push_back(std::move(row.cells));
        return {};
    });
    while (!text.empty()) {
        if (!reader.feed(text.substr(0, part_bytes)).is_ok()) return rows;
        text.remove_prefix(std::min(part_bytes, text.size()));
    }
    static_cast<void>(reader.finish());
    return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::vector<CsvCells> rows = read_rows(text, size + 1);
    require(rows == read_rows(text, 1));
    std::string written;
    for (CsvCells cells : rows) {
        for (std::string& cell : cells) {
            require(crm::exchange::unguard_cell(crm::exchange::guard_cell(cell)) == cell);
        }
        written += crm::exchange::write_csv_row(cells);
    }
    require(rows == read_rows(written, written.size() + 1));

    crm::exchange::TextSource source(text);
    const auto file = crm::exchange::look_at_file(source, crm::exchange::Format::Csv, {});
    if (!file.is_ok()) return 0;
    const auto ignore = [](const crm::exchange::ImportRow&) { return crm::Status(); };
    require(crm::exchange::each_row(source, file.value(), ignore).is_ok());
    return 0;
}
