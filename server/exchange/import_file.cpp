#include "server/exchange/import_file.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "server/limits.h"
#include "shared/text.h"

namespace crm::exchange {
namespace {

constexpr std::size_t kPartBytes = 64 * 1024;

Error refuse(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

Error bad_mapping(std::string message) {
    return {ErrorCode::BadRequest, std::move(message)};
}

Result<Encoding> find_encoding(ByteSource& source) {
    CRM_TRY(source.rewind());
    EncodingGuess guess;
    std::size_t bytes = 0;
    while (true) {
        const std::string part = CRM_TRY(source.next());
        if (part.empty()) break;
        bytes += part.size();
        if (bytes > kImportBytesMax) {
            return Error{ErrorCode::TooLarge,
                         "The file is larger than " +
                             std::to_string(kImportBytesMax / (1024 * 1024)) +
                             " MiB, so nothing was read; cut it into several"};
        }
        guess.feed(part);
    }
    if (bytes == 0) return refuse("The file is empty, so there is nothing to import");
    return guess.result();
}

/// Hands on the text of the file.
Status each_text(ByteSource& source,
                 Encoding encoding,
                 const std::function<Status(const std::string&)>& sink) {
    CRM_TRY(source.rewind());
    Decoder decoder(encoding);
    while (true) {
        const std::string part = CRM_TRY(source.next());
        if (part.empty()) return decoder.finish();
        const std::string text = CRM_TRY(decoder.feed(part));
        CRM_TRY(sink(text));
    }
}

Result<char> find_separator(ByteSource& source, Encoding encoding) {
    CRM_TRY(source.rewind());
    Decoder decoder(encoding);
    const std::string part = CRM_TRY(source.next());
    return guess_separator(CRM_TRY(decoder.feed(part)));
}

/// Rows of a table with the titles, without the line that tells the separator.
Status each_table_row(ByteSource& source,
                      const ImportFile& file,
                      const std::function<Status(CsvRow)>& sink) {
    CsvReader reader(file.separator, [&](CsvRow row) -> Status {
        return is_separator_line(row) ? Status() : sink(std::move(row));
    });
    CRM_TRY(each_text(
        source, file.encoding, [&](const std::string& text) { return reader.feed(text); }));
    return reader.finish();
}

/// The column that the caller means: by title, or by place.
std::optional<std::size_t> find_column(const ImportFile& file, const std::string& name) {
    const auto found = std::find(file.titles.begin(), file.titles.end(), name);
    if (found != file.titles.end()) {
        return static_cast<std::size_t>(found - file.titles.begin());
    }
    if (!name.starts_with('#')) return std::nullopt;
    std::size_t place = 0;
    const char* end = name.data() + name.size();
    const auto [stop, problem] = std::from_chars(name.data() + 1, end, place);
    const bool is_place = problem == std::errc{} && stop == end && place >= 1;
    if (!is_place || place > file.titles.size()) return std::nullopt;
    return place - 1;
}

Status apply_mapping(ImportFile& file, const ColumnMapping& mapping) {
    for (const auto& [name, field] : mapping) {
        const std::optional<std::size_t> column = find_column(file, name);
        if (!column) {
            return bad_mapping("The file has no column “" + shorten_shown(name) +
                               "”; name it by its title, or by its place as #1");
        }
        if (!field.empty() && !is_import_field(field)) {
            return bad_mapping("A column cannot be “" + shorten_shown(field) +
                               "”; it can be \"\" (left out), " + import_fields());
        }
        file.columns[*column].field = field;
    }
    return {};
}

Status understand_titles(ImportFile& file, CsvCells titles, const ColumnMapping& mapping) {
    for (std::string& title : titles) title = trim(unguard_cell(title));
    file.titles = std::move(titles);
    file.columns = guess_columns(file.titles);
    CRM_TRY(apply_mapping(file, mapping));
    const bool is_any_understood =
        std::any_of(file.columns.begin(), file.columns.end(), [](const ColumnMeaning& column) {
            return !column.field.empty();
        });
    if (is_any_understood) return {};
    return refuse(
        "No title of a column was understood; the first row must hold titles such as Name, "
        "Email, Phone, or the mapping must say what the columns mean");
}

Error too_many_rows() {
    return refuse("The file has more than " + std::to_string(kImportRowsMax) +
                  " rows, so nothing was read; cut it into several");
}

Result<ImportFile> look_at_table(ByteSource& source,
                                 ImportFile file,
                                 const ColumnMapping& mapping) {
    file.separator = CRM_TRY(find_separator(source, file.encoding));
    bool has_titles = false;
    std::size_t rows = 0;
    CRM_TRY(each_table_row(source, file, [&](CsvRow row) -> Status {
        if (!std::exchange(has_titles, true)) {
            return understand_titles(file, std::move(row.cells), mapping);
        }
        return ++rows > kImportRowsMax ? Status(too_many_rows()) : Status();
    }));
    if (!has_titles) return refuse("The file is empty, so there is nothing to import");
    return file;
}

Status each_card(ByteSource& source,
                 const ImportFile& file,
                 const std::function<Status(ImportRow)>& sink) {
    VcardReader reader(sink);
    CRM_TRY(each_text(
        source, file.encoding, [&](const std::string& text) { return reader.feed(text); }));
    return reader.finish();
}

Result<ImportFile> look_at_cards(ByteSource& source, ImportFile file) {
    std::size_t cards = 0;
    CRM_TRY(each_card(source, file, [&](const ImportRow&) -> Status {
        return ++cards > kImportRowsMax ? Status(too_many_rows()) : Status();
    }));
    return file;
}

}  // namespace

Result<std::string> TextSource::next() {
    const std::string_view part = text_.substr(position_, kPartBytes);
    position_ += part.size();
    return std::string(part);
}

Status TextSource::rewind() {
    position_ = 0;
    return {};
}

Result<ImportFile> look_at_file(ByteSource& source, Format format, const ColumnMapping& mapping) {
    ImportFile file;
    file.format = format;
    file.encoding = CRM_TRY(find_encoding(source));
    if (format == Format::Vcard) {
        if (mapping.empty()) return look_at_cards(source, std::move(file));
        return bad_mapping("Cards have no columns: leave the mapping out");
    }
    return look_at_table(source, std::move(file), mapping);
}

Status each_row(ByteSource& source,
                const ImportFile& file,
                const std::function<Status(ImportRow)>& sink) {
    if (file.format == Format::Vcard) return each_card(source, file, sink);
    bool has_titles = false;
    return each_table_row(source, file, [&](CsvRow row) -> Status {
        if (!std::exchange(has_titles, true)) return {};
        const bool is_blank = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& cell) {
            return trim(cell).empty();
        });
        return is_blank ? Status() : sink(read_table_row(file.columns, std::move(row)));
    });
}

}  // namespace crm::exchange
