#include <utility>

#include <nlohmann/json.hpp>

#include "shared/api_connections.h"

namespace crm::api {
namespace {

using WriteJson = nlohmann::ordered_json;

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

}  // namespace crm::api
