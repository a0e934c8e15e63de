// A request and an answer without the HTTP library, so that everything but sandbox_server.cpp is
// plain functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/sandbox/wire_json.h"
#include "shared/url.h"

namespace crm::sandbox {

struct Request {
    std::string method;                          // "GET"; HEAD arrives as GET
    std::vector<std::string> segments;           // of the path, decoded; UTF-8
    QueryParams query;                           // UTF-8
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    /// "" when absent.
    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] std::string parameter(std::string_view name) const;
    [[nodiscard]] std::string segment(std::size_t index) const;
    [[nodiscard]] bool is(std::string_view wanted_method, std::size_t segment_count) const {
        return method == wanted_method && segments.size() == segment_count;
    }
};

struct Response {
    int status = 200;
    std::string content_type = "application/json; charset=utf-8";
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    bool is_dropped = false;  // the connection is closed without a byte of answer
};

[[nodiscard]] Response json_response(int status, const Json& body);

/// Integration.app's error body.
[[nodiscard]] Response error_response(int status,
                                      std::string_view type,
                                      std::string_view key,
                                      std::string_view message);
[[nodiscard]] Response not_found_response(std::string_view message);
[[nodiscard]] Response dropped_response();

}  // namespace crm::sandbox
