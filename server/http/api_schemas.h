// The shapes of what requests and answers carry, in one line each, for the description of the API.
// A test compares them with what the server really answers, member by member.
//
// A line is "member type, member? type": `?` after a member says that it may be missing. Types:
//   text, text<=200     a text, of at most so many characters
//   int, truth, time    a whole number; true or false; ISO 8601 in UTC
//   a|b                 one of these words
//   any                 anything
//   Name                another line
//   [T], {T}, T?        a list; a map from texts; T or null
#pragma once

#include <span>
#include <string_view>

namespace crm::http {

struct ApiSchema {
    std::string_view name;
    std::string_view members;
};

/// Besides ContactValues, which openapi_json makes of the table of contact.h.
[[nodiscard]] std::span<const ApiSchema> api_schemas();

}  // namespace crm::http
