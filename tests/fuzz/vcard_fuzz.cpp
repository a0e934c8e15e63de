// Any bytes as a vCard file: they are read or refused, and a card that makes a contact is the same
// contact when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "server/exchange/import_file.h"
#include "shared/contact_parse.h"

namespace {

using crm::exchange::ImportRow;

void require(bool is_true) {
    if (!is_true) std::abort();
}

std::vector<ImportRow> read_rows(std::string_view text) {
    std::vector<ImportRow> rows;
    crm::exchange::TextSource source(text);
    const auto file = crm::exchange::look_at_file(source, crm::exchange::Format::Vcard, {});
    if (!file.is_ok()) return rows;
    const auto keep = [&](ImportRow row) -> crm::Status {
        rows.push_back(std::move(row));
        return {};
    };
    require(crm::exchange::each_row(source, file.value(), keep).is_ok());
    return rows;
}

void check_there_and_back(const crm::ContactFields& fields, crm::exchange::VcardVersion version) {
    crm::Contact contact;
    contact.fields = fields;
    const std::vector<ImportRow> again = read_rows(crm::exchange::write_vcard(contact, version));
    require(again.size() == 1);
    const auto patch = crm::parse_patch(again[0].raw);
    require(patch.is_ok());
    require(crm::apply_patch({}, patch.value()) == fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const ImportRow& row :
         read_rows(std::string_view(reinterpret_cast<const char*>(data), size))) {
        const auto patch = crm::parse_patch(row.raw);
        if (!patch.is_ok()) continue;
        const crm::ContactFields fields = crm::apply_patch({}, patch.value());
        check_there_and_back(fields, crm::exchange::VcardVersion::V3);
        check_there_and_back(fields, crm::exchange::VcardVersion::V4);
    }
    return 0;
}
