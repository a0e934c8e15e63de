// A file of people: looked at as a whole first (encoding, separator, titles, whether all of it can
// be read), then read row by row as often as needed. A part of it is in memory at a time.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "server/exchange/exporter.h"
#include "server/exchange/import_row.h"
#include "server/exchange/text_encoding.h"
#include "server/exchange/vcard.h"
#include "shared/api_exchange.h"
#include "shared/result.h"

namespace crm::exchange {

/// Bytes that can be read again from their beginning.
class ByteSource {
   public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;
    /// The next part; empty at the end.
    virtual Result<std::string> next() = 0;
    virtual Status rewind() = 0;
};

/// Of text that outlives it.
class TextSource final : public ByteSource {
   public:
    explicit TextSource(std::string_view text) : text_(text) {}
    Result<std::string> next() override;
    Status rewind() override;

   private:
    std::string_view text_;
    std::size_t position_ = 0;
};

/// Header, or "#" and place (from 1), of a column -> field of column_guess.h, "" to leave it out.
using ColumnMapping = std::map<std::string, std::string>;

struct ImportFile {
    Format format = Format::Csv;
    Encoding encoding = Encoding::Utf8;
    char separator = ',';
    std::vector<std::string> titles;
    std::vector<ColumnMeaning> columns;  // as many as titles
};

/// InvalidArgument, with the row where there is one: nothing in it, too large, too many rows, what
/// csv.h refuses, no title that is understood. BadRequest: the mapping names no such column or
/// field.
Result<ImportFile> look_at_file(ByteSource& source, Format format, const ColumnMapping& mapping);

/// Rows without the titles, in their order.
Status each_row(ByteSource& source,
                const ImportFile& file,
                const std::function<Status(ImportRow)>& sink);

}  // namespace crm::exchange
