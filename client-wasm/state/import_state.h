// What the Import screen knows: plain data of app_state.h.
#pragma once

#include <optional>
#include <string>

#include "client-wasm/state/request.h"
#include "shared/api_exchange.h"

namespace crm::client {

struct ImportState {
    ImportFile wish;                           // file_name empty: nothing is chosen
    std::optional<api::ImportReport> checked;  // of the dry run of `wish`
    std::optional<api::ImportReport> done;
    RequestId request = 0;  // under way
    std::string refusal;    // why the file cannot be read, or the import failed

    bool operator==(const ImportState&) const = default;
};

}  // namespace crm::client
