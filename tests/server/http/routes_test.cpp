// The table of routes and how paths and parameters find their way through it.
#include "server/http/routes.h"

#include <set>

#include <doctest/doctest.h>

#include "shared/api.h"

using namespace crm;
using namespace crm::http;

TEST_CASE("every route finds itself, and no two are the same") {
    std::set<std::string> seen;
    for (const Route& route : routes()) {
        std::string path(route.pattern);
        std::size_t at = 0;
        std::size_t part_count = 0;
        while ((at = path.find("{}")) != std::string::npos) {
            path.replace(at, 2, "some-id");
            ++part_count;
        }
        CAPTURE(path);
        CHECK(seen.insert(std::string(route.method) + ' ' + std::string(route.pattern)).second);
        const RouteMatch match = find_route(route.method, path);
        REQUIRE(match.route != nullptr);
        CHECK(match.route == &route);
        CHECK(match.parts == std::vector<std::string>(part_count, "some-id"));
        CHECK(match.allowed.find(route.method) != std::string::npos);
    }
}

TEST_CASE("the paths of the contract are in the table") {
    for (const std::string_view path : {api::kHealthPath,
                                        api::kSelfPath,
                                        api::kContactsPath,
                                        api::kSyncPath,
                                        api::kRunsPath,
                                        api::kEventsPath,
                                        api::kTokenPath}) {
        CAPTURE(path);
        CHECK(find_route("GET", path).route != nullptr);
    }
}

TEST_CASE("only what tells of the server itself, and what brings the workspace's token, is open") {
    const std::set<std::string_view> open = {
        api::kHealthPath, "/api/ready", "/api/openapi.json", "/api/docs"};
    for (const Route& route : routes()) {
        CAPTURE(route.pattern);
        const bool is_open =
            open.count(route.pattern) > 0 || route.pattern.starts_with("/api/webhooks/");
        CHECK((route.right == Right::Anyone) == is_open);
    }
}

TEST_CASE(
    "whatever changes something needs more than reading, and people and connections an admin") {
    for (const Route& route : routes()) {
        CAPTURE(route.method);
        CAPTURE(route.pattern);
        if (route.method != "GET" && route.right != Right::Anyone) {
            CHECK((route.right == Right::Edit || route.right == Right::Manage));
        }
        for (const std::string_view start : {"/api/connections/",
                                             "/api/users",
                                             "/api/tokens",
                                             "/api/audit",
                                             "/api/integration-"}) {
            if (route.pattern.starts_with(start)) CHECK(route.right == Right::Manage);
        }
    }
}

TEST_CASE("a role may do what it may do, and a refusal says who can") {
    const auto refusal = [](Right right, Role role) {
        Caller caller;
        caller.role = role;
        const Status status = check_right(right, caller);
        return status.is_ok() ? std::string() : status.error().message;
    };
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin}) {
        CHECK(refusal(Right::Read, role).empty());
        CHECK(refusal(Right::Edit, role).empty() == (role != Role::Viewer));
        CHECK(refusal(Right::Manage, role).empty() == (role == Role::Admin));
    }
    CHECK(refusal(Right::Edit, Role::Viewer).find("an editor") != std::string::npos);
    CHECK(refusal(Right::Manage, Role::Editor).find("an admin") != std::string::npos);
}

TEST_CASE("parts of a path are decoded, and never more than a part") {
    CHECK(find_route("GET", "/api/contacts/a%20b").parts == std::vector<std::string>{"a b"});
    CHECK(find_route("GET", "/api/contacts/a%2Fb").parts == std::vector<std::string>{"a/b"});
    CHECK(find_route("GET", "/api/contacts/a+b").parts == std::vector<std::string>{"a+b"});
    CHECK(find_route("GET", "/api/%63ontacts").route != nullptr);
    CHECK(find_route("GET", "/api/contacts/").allowed.empty());
    CHECK(find_route("GET", "/api/contacts/%00").allowed.empty());
    CHECK(find_route("GET", "/api/contacts/%f").allowed.empty());
    CHECK(find_route("GET", "").allowed.empty());
}

TEST_CASE("parameters: only known ones, each once, readable") {
    const Route& list = *find_route("GET", "/api/contacts").route;
    const auto read = [&](const std::string& query) { return read_parameters(list, query); };
    CHECK(read("").value().empty());
    CHECK(read("q=a+b%2Bc&limit=5&").value() == QueryParams{{"q", "a b+c"}, {"limit", "5"}});
    CHECK_FALSE(read("Q=a").is_ok());
    CHECK_FALSE(read("q=a&q=b").is_ok());
    CHECK_FALSE(read("q=%").is_ok());
    CHECK_FALSE(read("q=%c3").is_ok());
    CHECK_FALSE(read("%ff=1").is_ok());
    CHECK_FALSE(read("=1").is_ok());
}
