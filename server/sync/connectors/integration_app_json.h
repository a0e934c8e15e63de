// What goes into an action run and what comes out of it, as plain data. Fields of an answer are all
// optional; ids are text or numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sync/connectors/integration_app.h"

namespace crm::sync {

/// {} for the first page, else {"cursor":…}.
[[nodiscard]] std::string write_list_input(const std::string& cursor);
[[nodiscard]] std::string write_create_input(const ConnectorSpec& spec,
                                             const RemoteValues& values,
                                             const std::string& marker);
/// `record` is the answer of a get action where a value is one of a list; else "".
[[nodiscard]] std::string write_update_input(const ConnectorSpec& spec,
                                             const RemoteId& id,
                                             const RemoteValues& values,
                                             const std::string& record = {});
/// The input of delete and of get.
[[nodiscard]] std::string write_id_input(const RemoteId& id);

struct ListPage {
    std::vector<RemoteRecord> records;
    std::string cursor;                  // empty: this was the last page
    bool has_record_without_id = false;  // left out: the listing cannot count as complete
    std::optional<std::int64_t> total;   // how many records the system says it has
};

/// nullopt: not the answer of a list action. A value that cannot be kept sets `problem` of its
/// record. Records that are in a recycle bin over there are left out.
[[nodiscard]] std::optional<ListPage> read_page(const std::string& body, const ConnectorSpec& spec);

/// The answer of a get action: the record bare or as "record". Its id is not set when there is
/// none, or only one in a recycle bin. nullopt: not the answer of one that worked.
[[nodiscard]] std::optional<RemoteRecord> read_got_record(const std::string& body,
                                                          const ConnectorSpec& spec);

struct WriteAnswer {
    RemoteId id;  // output.id; empty when there is none to be read
    std::optional<std::int64_t> version;
};

/// nullopt: not the answer of an action that worked.
[[nodiscard]] std::optional<WriteAnswer> read_write_answer(const std::string& body,
                                                           const ConnectorSpec& spec);

/// "id" of a connection; empty when it is not text.
[[nodiscard]] std::string read_connection_id(const std::string& body);

/// "connected" of a connection, else the opposite of the older "disconnected"; nullopt: it is none.
[[nodiscard]] std::optional<bool> read_connected(const std::string& body);

[[nodiscard]] std::optional<AnnouncedSettings> read_settings(const std::string& body);

/// Paths as FieldMapping::read takes them.
[[nodiscard]] bool is_record_path(std::string_view path);

}  // namespace crm::sync
