#include "server/exchange/exporter.h"

#include <utility>

#include "server/exchange/contact_table.h"
#include "shared/contact_json.h"

namespace crm::exchange {

Result<Format> parse_format(std::string_view text) {
    if (text == "csv") return Format::Csv;
    if (text == "vcf") return Format::Vcard;
    if (text == "json") return Format::Json;
    return Error{ErrorCode::BadRequest, "The format must be csv, vcf or json"};
}

Result<VcardVersion> parse_vcard_version(std::string_view text) {
    if (text == "3.0") return VcardVersion::V3;
    if (text == "4.0") return VcardVersion::V4;
    return Error{ErrorCode::BadRequest, "The version of vCards must be 3.0 or 4.0"};
}

std::string_view media_type(Format format) {
    switch (format) {
        case Format::Csv:
            return "text/csv; charset=utf-8";
        case Format::Vcard:
            return "text/vcard; charset=utf-8";
        case Format::Json:
            return "application/json";
    }
    return "";
}

std::string_view file_ending(Format format) {
    switch (format) {
        case Format::Csv:
            return "csv";
        case Format::Vcard:
            return "vcf";
        case Format::Json:
            return "json";
    }
    return "";
}

std::string Exporter::begin() const {
    switch (options_.format) {
        case Format::Csv:
            return (options_.has_mark ? "\xEF\xBB\xBF" : "") + write_csv_row(table_titles());
        case Format::Vcard:
            return {};
        case Format::Json:
            return "{\"contacts\":[\n";
    }
    return {};
}

std::string Exporter::write(const Contact& contact) {
    const bool is_first = std::exchange(is_first_, false);
    switch (options_.format) {
        case Format::Csv:
            return write_csv_row(table_row(contact));
        case Format::Vcard:
            return write_vcard(contact, options_.version);
        case Format::Json:
            return (is_first ? "" : ",\n") + write_contact(contact);
    }
    return {};
}

Result<std::optional<std::string>> Exporter::next() {
    if (is_over_) return std::optional<std::string>();
    std::string part;
    if (!std::exchange(is_begun_, true)) part = begin();
    const std::vector<Contact> page = CRM_TRY(contacts_.next());
    for (const Contact& contact : page) part += write(contact);
    if (page.empty()) {
        is_over_ = true;
        if (options_.format == Format::Json) part += "\n]}\n";
        if (part.empty()) return std::optional<std::string>();
    }
    return std::optional<std::string>(std::move(part));
}

}  // namespace crm::exchange
