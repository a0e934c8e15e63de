// What happens around files, undo of what history tells of, and the timeline, as actions. Plain
// data.
#pragma once

#include <cstddef>
#include <string>

#include "client-wasm/state/request.h"
#include "shared/api_exchange.h"

namespace crm::client {

struct FileChosen {
    std::string name;
};
struct ImportColumnChosen {
    std::size_t column = 0;
    std::string field;  // "": left out
};
struct ImportKeyChosen {
    std::string key;
};
struct ImportClicked {};
struct ImportAnswered {
    RequestId request = 0;
    api::ImportReport report;
};
struct RefusedRowsClicked {};  // saves them as a file
struct ExportClicked {};
struct ExportFormatChosen {
    std::string format;
};
struct HistoryUndoClicked {  // of a run, or of one line of history
    std::string id;
};
struct TimelineFiltered {
    std::string field;   // wire name; empty: all
    std::string system;  // likewise
};
struct GoPressed {};

}  // namespace crm::client
