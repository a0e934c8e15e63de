// Answers in the shapes that Integration.app gives them.
#include "server/sandbox/message.h"

namespace crm::sandbox {

std::string Request::header(std::string_view name) const {
    const auto found = headers.find(std::string(name));
    return found == headers.end() ? std::string() : found->second;
}

std::string Request::parameter(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return {};
}

std::string Request::segment(std::size_t index) const {
    return index < segments.size() ? segments[index] : std::string();
}

Response json_response(int status, const Json& body) {
    return {.status = status, .body = body.dump()};
}

Response error_response(int status,
                        std::string_view type,
                        std::string_view key,
                        std::string_view message) {
    return json_response(status,
                         Json::object({{"type", type}, {"key", key}, {"message", message}}));
}

Response not_found_response(std::string_view message) {
    return error_response(404, "bad_request", "not_found", message);
}

Response dropped_response() {
    return {.status = 0, .is_dropped = true};
}

}  // namespace crm::sandbox
