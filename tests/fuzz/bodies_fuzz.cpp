// Any bytes as the body of a request that is no contact: it is read, or refused with sentences, and
// what was read and can be written is read the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "shared/api_bulk_json.h"
#include "shared/api_connections.h"
#include "shared/api_exchange_json.h"
#include "shared/api_people.h"
#include "shared/api_review_json.h"
#include "shared/text.h"

namespace {

namespace api = crm::api;

void require(bool is_true) {
    if (!is_true) std::abort();
}

/// Every refusal is words that can be sent.
template <class T>
bool is_read(const crm::Result<T>& result) {
    if (result.is_ok()) return true;
    require(!result.error().message.empty() && crm::is_utf8(result.error().message));
    for (const auto& [field, problem] : result.error().fields) {
        require(crm::is_utf8(field) && !problem.empty() && crm::is_utf8(problem));
    }
    return false;
}

template <class Read, class Write>
void check_round_trip(std::string_view text, Read read, Write write) {
    const auto first = read(text);
    if (!is_read(first)) return;
    const auto second = read(write(first.value()));
    require(second.is_ok());
    require(second.value() == first.value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    check_round_trip(text, api::read_bulk_request, api::write_bulk_request);
    check_round_trip(text, api::read_resolution, api::write_resolution);
    check_round_trip(text, api::read_link_target, api::write_link_target);
    check_round_trip(text, api::read_connections, api::write_connections);
    check_round_trip(text, api::read_conflict_page, api::write_conflict_page);
    check_round_trip(text, api::read_hold_page, api::write_hold_page);
    check_round_trip(text, api::read_contact_sync, api::write_contact_sync);
    static_cast<void>(is_read(api::read_new_user(text)));
    static_cast<void>(is_read(api::read_user_change(text)));
    static_cast<void>(is_read(api::read_new_token(text)));
    static_cast<void>(is_read(api::read_purge_request(text)));
    static_cast<void>(is_read(api::read_mapping(text)));
    return 0;
}
