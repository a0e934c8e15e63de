#include <utility>

#include <nlohmann/json.hpp>

#include "shared/api_connections.h"
#include "shared/json_tree.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

constexpr std::string_view kAnswer = "The answer of the server";

Error unreadable_answer() {
    return {ErrorCode::BadRequest,
            "The answer of the server about connections cannot be read: reload the page to get the "
            "matching client."};
}

SystemConnection connection_from(const ReadJson& value) {
    return {.system = tree::text(value, "system"),
            .label = tree::text(value, "label"),
            .state = tree::text(value, "state"),
            .reason = tree::text(value, "reason"),
            .disconnecting = tree::text(value, "disconnecting")};
}

// Words of another program come along in the reason.
std::string dump(const WriteJson& json) {
    return json.dump(-1, ' ', false, WriteJson::error_handler_t::replace);
}

WriteJson connection_tree(const SystemConnection& connection) {
    return WriteJson{{"system", connection.system},
                     {"label", connection.label},
                     {"state", connection.state},
                     {"reason", connection.reason},
                     {"disconnecting", connection.disconnecting}};
}

}  // namespace

std::string write_connections(const std::vector<SystemConnection>& connections) {
    WriteJson list = WriteJson::array();
    for (const SystemConnection& each : connections) list.push_back(connection_tree(each));
    return dump(WriteJson{{"connections", std::move(list)}});
}

std::string write_connection_answer(const SystemConnection& connection) {
    return dump(WriteJson{{"connection", connection_tree(connection)}});
}

std::string write_connect_url(const std::string& url) {
    return dump(WriteJson{{"url", url}});
}

Result<std::vector<SystemConnection>> read_connections(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* list = tree::find(body, "connections");
    if (list == nullptr || !list->is_array()) return unreadable_answer();
    std::vector<SystemConnection> connections;
    for (const ReadJson& each : *list) connections.push_back(connection_from(each));
    return connections;
}

Result<SystemConnection> read_connection_answer(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* connection = tree::find(body, "connection");
    if (connection == nullptr || !connection->is_object()) return unreadable_answer();
    return connection_from(*connection);
}

Result<std::string> read_connect_url(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    std::string url = tree::text(body, "url");
    const bool is_page = url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
    if (!is_page) return unreadable_answer();
    return url;
}

}  // namespace crm::api
