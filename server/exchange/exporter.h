// Everyone that a query finds, as a file, part by part: a hundred thousand contacts take the memory
// of one page. All parts show one moment. Used by one thread at a time; ends before the database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/contacts/contact_reader.h"
#include "server/exchange/vcard.h"
#include "shared/result.h"

namespace crm::exchange {

enum class Format { Csv, Vcard, Json };

/// "csv", "vcf", "json"; BadRequest names what there is.
[[nodiscard]] Result<Format> parse_format(std::string_view text);
[[nodiscard]] std::string_view media_type(Format format);
[[nodiscard]] std::string_view file_ending(Format format);  // "csv"

/// "3.0", "4.0"; BadRequest otherwise.
[[nodiscard]] Result<VcardVersion> parse_vcard_version(std::string_view text);

struct ExportOptions {
    Format format = Format::Csv;
    VcardVersion version = VcardVersion::V3;  // what every program reads
    bool has_mark = false;  // CSV: begins with a byte order mark, by which Excel knows UTF-8
};

class Exporter {
   public:
    Exporter(ContactReader contacts, ExportOptions options)
        : contacts_(std::move(contacts)), options_(options) {}

    /// The next part, never empty; nullopt after the last one.
    Result<std::optional<std::string>> next();

   private:
    [[nodiscard]] std::string begin() const;
    [[nodiscard]] std::string write(const Contact& contact);

    ContactReader contacts_;
    ExportOptions options_;
    bool is_begun_ = false;
    bool is_over_ = false;
    bool is_first_ = true;
};

}  // namespace crm::exchange
