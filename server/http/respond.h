// From what a service says to an HTTP answer. The status of an ErrorCode comes from
// shared/api_json.h and is turned into an answer only here.
#pragma once

#include <string>
#include <string_view>

#include "server/http/message.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm::http {

inline constexpr std::string_view kJsonType = "application/json";

[[nodiscard]] Response json_response(int status, std::string body);

/// {"contact":…} with the version as ETag, ready for If-Match.
[[nodiscard]] Response contact_response(int status, const Contact& contact);

[[nodiscard]] Response text_response(int status, std::string text);

/// Messages are ended by a period where they have none.
[[nodiscard]] Response error_response(const Error& error, std::string_view request_id);

/// 413.
[[nodiscard]] Response too_large_response(std::size_t bytes_max, std::string_view request_id);

/// What is said about a request that broke off below the handlers: too long, too slow, not HTTP.
[[nodiscard]] Response broken_request_response(int status, std::string_view request_id);

/// A quoted strong tag of these bytes.
[[nodiscard]] std::string make_etag(std::string_view bytes);

/// Whether If-None-Match (a list of tags, weak or strong, or *) names the tag.
[[nodiscard]] bool has_etag(std::string_view if_none_match, std::string_view etag);

/// The 304 for an answer: its headers without its body.
[[nodiscard]] Response not_modified(const Response& whole);

}  // namespace crm::http
