// Any bytes as JSON: readers must not fail in any way but by their Result, and what was read and
// written once must be read the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/api_json.h"
#include "shared/contact_json.h"
#include "shared/contact_query.h"
#include "shared/text.h"
#include "shared/url.h"

namespace {

void require(bool is_true) {
    if (!is_true) std::abort();
}

/// Whatever `read` makes of the text, writing and reading it again gives the same.
template <class Read, class Write>
void check_round_trip(std::string_view text, Read read, Write write) {
    auto first = read(text);
    if (!first.is_ok()) {
        require(!first.error().message.empty());
        require(crm::is_utf8(first.error().message));
        return;
    }
    const std::string written = write(first.value());
    require(crm::is_utf8(written));
    auto second = read(written);
    require(second.is_ok());
    require(second.value() == first.value());
}

void check_query_texts(std::string_view text) {
    const auto query = crm::parse_query(text);
    if (query) require(crm::parse_query(crm::format_query(*query)) == query);
    const auto cursor = crm::parse_cursor(text, 1);
    if (cursor.is_ok()) require(crm::format_cursor(cursor.value()) == text);
    const auto sort = crm::parse_sort(text);
    if (sort.is_ok()) require(crm::format_sort(sort.value()) == text);
    const auto time = crm::parse_time(text);
    if (time) require(crm::parse_time(crm::format_time(*time)) == time);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    namespace api = crm::api;
    check_round_trip(text, crm::read_contact_patch, crm::write_contact_patch);
    check_round_trip(
        text,
        [](std::string_view json) { return crm::read_contact(json); },
        [](const crm::Contact& contact) { return crm::write_contact(contact); });
    check_round_trip(text, api::read_contact_page, api::write_contact_page);
    check_round_trip(text, api::read_history, api::write_history);
    check_round_trip(text, api::read_run, api::write_run);
    check_round_trip(text, api::read_sync_status, api::write_sync_status);
    const api::ErrorAnswer answer = api::read_error(412, text);
    require(!answer.error.message.empty());
    require(crm::is_utf8(api::write_error({crm::ErrorCode::Internal, text, {}, text}, text)));
    check_query_texts(text);
    return 0;
}
