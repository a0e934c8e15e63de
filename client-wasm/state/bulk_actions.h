// What happens around many contacts at once, and around undo, as actions. Plain data.
#pragma once

#include <cstdint>
#include <string>

#include "client-wasm/state/request.h"
#include "shared/api_bulk.h"
#include "shared/api_undo.h"

namespace crm::client {

struct RowToggled {
    ListKind list = ListKind::Live;
    std::int64_t row = 0;
    bool is_range = false;  // and all rows from the one ticked last
};
/// All rows that are here, or none of them when all are ticked.
struct LoadedToggled {
    ListKind list = ListKind::Live;
};
struct EveryoneChosen {};  // whom the query finds, loaded or not
struct SelectionCleared {};
enum class BulkWish { Delete, Restore, AddTags, RemoveTags };
struct BulkClicked {
    BulkWish wish = BulkWish::Delete;
};
struct TagsTyped {
    std::string text;
};
struct BulkAnswered {
    RequestId request = 0;
    api::BulkReport report;
};
struct UndoAnswered {
    RequestId request = 0;
    api::Undo undo;
};
struct UndoPressed {};  // Ctrl+Z
struct RedoPressed {};  // Ctrl+Shift+Z

}  // namespace crm::client
