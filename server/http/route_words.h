// What the table of routes does not need for its work, and whoever calls the API does: a name and a
// sentence for each route, and the shapes of what it takes and gives. A test holds the two tables
// together; everything else in the description comes from the table of routes itself.
#pragma once

#include <span>
#include <string_view>

#include "server/http/routes.h"

namespace crm::http {

struct RouteWords {
    std::string_view method;
    std::string_view pattern;
    std::string_view id;       // unlike any other's: names of functions are made of it
    std::string_view summary;  // one sentence without its period
    std::string_view parts;    // names for each {} of the pattern, separated by spaces
    std::string_view takes;    // the schema of the body; "" is none
    std::string_view gives;    // "201 ContactAnswer|200 ContactAnswer"; a type with a / is no JSON
    std::string_view refuses;  // error statuses besides those that follow from the table
    std::string_view headers = {};  // of the request: "If-Match"
};

/// nullptr: nobody wrote them down.
[[nodiscard]] const RouteWords* find_words(const Route& route);
[[nodiscard]] std::span<const RouteWords> all_route_words();

/// What a query parameter means. The same name means the same at every route.
struct ParameterWords {
    std::string_view name;
    std::string_view type;  // as in api_schemas.h
    std::string_view summary;
};
[[nodiscard]] const ParameterWords* find_parameter_words(std::string_view name);

}  // namespace crm::http
