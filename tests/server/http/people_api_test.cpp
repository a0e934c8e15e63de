// Users, tokens and the audit log over the API, and what each role may do.
#include <doctest/doctest.h>

#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

namespace crm::test {
namespace {

struct LoginServer : LiveServer {
    LoginServer() : LiveServer(Client::Missing, AuthMode::Login) {}

    [[nodiscard]] Reply send(const std::string& method,
                             const std::string& target,
                             const HeaderList& headers,
                             const std::string& body = "") const {
        return ask({.method = method, .target = target, .body = body, .headers = headers});
    }
};

HeaderList bearer(const std::string& secret) {
    return {{"Authorization", "Bearer " + secret}};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// The text of a member, wherever it stands first.
std::string member(const std::string& json, const std::string& name) {
    const std::string start = '"' + name + "\":\"";
    const std::size_t at = json.find(start);
    if (at == std::string::npos) return {};
    const std::size_t from = at + start.size();
    return json.substr(from, json.find('"', from) - from);
}

std::string path_of(const http::Route& route) {
    std::string path(route.pattern);
    for (std::size_t at = path.find("{}"); at != std::string::npos; at = path.find("{}")) {
        path.replace(at, 2, "no-such-id");
    }
    return path;
}

}  // namespace

TEST_CASE("rights: every route refuses who has not the right, before it looks at anything") {
    LoginServer live;
    live.add_user("root@example.com");
    live.add_user("editor@example.com", Role::Editor);
    live.add_user("viewer@example.com", Role::Viewer);
    const HeaderList viewer = live.cookie_of("viewer@example.com");
    const HeaderList editor = live.cookie_of("editor@example.com");
    const std::string before = live.ask({.target = "/api/contacts", .headers = viewer}).body;
    int refused = 0;
    for (const http::Route& route : http::routes()) {
        const std::string path = path_of(route);
        const std::string method(route.method);
        CAPTURE(method);
        CAPTURE(path);
        if (route.right == http::Right::Anyone) continue;
        CHECK(live.send(method, path, {}).status == 401);
        CHECK(live.send(method, path, {{"x-auth-id", "ours"}}).status == 401);
        CHECK(live.send(method, path, bearer("ctk_nonsense")).status == 401);
        if (route.right == http::Right::Read) continue;
        const Reply reply = live.send(method, path, viewer);
        CHECK(reply.status == 403);
        CHECK(has(reply.body, "your role is viewer"));
        ++refused;
        if (route.right == http::Right::Manage) {
            CHECK(live.send(method, path, editor).status == 403);
        }
    }
    CHECK(refused > 15);
    CHECK(live.ask({.target = "/api/contacts", .headers = viewer}).body == before);
    CHECK(live.sync().taken_calls().empty());
}

TEST_CASE("rights: a viewer reads, an editor writes and syncs, an admin manages") {
    LoginServer live;
    live.add_user("root@example.com");
    live.add_user("editor@example.com", Role::Editor);
    live.add_user("viewer@example.com", Role::Viewer);
    const HeaderList viewer = live.cookie_of("viewer@example.com");
    const HeaderList editor = live.cookie_of("editor@example.com");
    const std::string body = R"({"name":"Grace"})";
    CHECK(live.send("GET", "/api/contacts", viewer).status == 200);
    CHECK(live.send("POST", "/api/contacts", viewer, body).status == 403);
    CHECK(live.send("POST", "/api/contacts", editor, body).status == 201);
    CHECK(live.send("POST", "/api/sync", editor).status == 202);
    CHECK(live.send("GET", "/api/users", editor).status == 403);
    CHECK(live.send("GET", "/api/users", live.cookie_of("root@example.com")).status == 200);
    // History names the person.
    const std::string list = live.send("GET", "/api/contacts", viewer).body;
    const std::string history =
        live.send("GET", "/api/contacts/" + member(list, "id") + "/history", viewer).body;
    CHECK(member(history, "actor") == "editor@example.com");
}

TEST_CASE("users: an admin adds, changes and disables, and bad requests say what is wrong") {
    LoginServer live;
    live.add_user("root@example.com");
    const HeaderList root = live.cookie_of("root@example.com");
    const Reply made = live.send(
        "POST",
        "/api/users",
        root,
        R"({"email":"ada@example.com","role":"editor","password":"correct horse battery"})");
    CHECK(made.status == 201);
    CHECK_FALSE(has(made.body, "correct horse"));
    CHECK_FALSE(has(made.body, "argon2"));
    const std::string id = member(made.body, "id");
    const HeaderList ada = live.cookie_of("ada@example.com");
    CHECK(live.send("PATCH", "/api/users/" + id, root, R"({"role":"viewer"})").status == 200);
    CHECK(live.send("POST", "/api/contacts", ada, R"({"name":"x"})").status == 403);
    CHECK(live.send("PATCH", "/api/users/" + id, root, R"({"disabled":true})").status == 200);
    CHECK(live.send("GET", "/api/self", ada).status == 401);
    CHECK(has(live.send("GET", "/api/users", root).body, "\"disabled\":true"));
    struct Row {
        std::string body;
        int status;
        std::string said;
    };
    for (const Row& row : std::vector<Row>{
             {"", 400, ""},
             {"[]", 400, ""},
             {"{}", 422, "\"email\""},
             {R"({"email":"a@b.com","role":"owner","password":"correct horse battery"})",
              422,
              "viewer, editor or admin"},
             {R"({"email":"a@b.com","role":"viewer","password":"short"})", 422, "at least 12"},
             {R"({"email":7,"role":"viewer","password":"correct horse battery"})", 422, "a text"},
             {R"({"email":"a@b.com","role":"viewer","password":"correct horse battery","x":1})",
              422,
              "\"x\""},
             {R"({"email":"ADA@example.com","role":"viewer","password":"correct horse battery"})",
              409,
              "there already"}}) {
        CAPTURE(row.body);
        const Reply reply = live.send("POST", "/api/users", root, row.body);
        CHECK(reply.status == row.status);
        CHECK_MESSAGE(has(reply.body, row.said), reply.body);
    }
    CHECK(live.send("PATCH", "/api/users/nobody", root, R"({"role":"viewer"})").status == 404);
    CHECK(live.send("PATCH", "/api/users/" + id, root, R"({"disabled":"yes"})").status == 422);
}

TEST_CASE("tokens: shown once, work as Bearer within their scope, and end when revoked") {
    LoginServer live;
    live.add_user("root@example.com");
    const HeaderList root = live.cookie_of("root@example.com");
    const Reply made =
        live.send("POST", "/api/tokens", root, R"({"name":"import","scope":"write"})");
    CHECK(made.status == 201);
    const std::string secret = member(made.body, "secret");
    const std::string id = member(made.body, "id");
    CHECK(secret.starts_with("ctk_"));
    const std::string listed = live.send("GET", "/api/tokens", root).body;
    CHECK(has(listed, id));
    CHECK_FALSE(has(listed, secret));
    CHECK(live.send("POST", "/api/contacts", bearer(secret), R"({"name":"Grace"})").status == 201);
    CHECK(live.send("GET", "/api/users", bearer(secret)).status == 403);
    // No browser sends this header by itself, but another site's page is refused all the same.
    HeaderList foreign = bearer(secret);
    foreign.emplace_back("Origin", "https://evil.test");
    CHECK(live.send("POST", "/api/contacts", foreign, R"({"name":"Eve"})").status == 403);
    CHECK(live.send("GET", "/api/self", {{"Authorization", "Basic " + secret}}).status == 401);
    CHECK(live.send("DELETE", "/api/tokens/" + id, root).status == 200);
    CHECK(live.send("GET", "/api/contacts", bearer(secret)).status == 401);
    CHECK(live.send("DELETE", "/api/tokens/nothing", root).status == 404);
    CHECK_FALSE(has(live.logged(), secret));
    for (const std::string body : {R"({"name":"x"})",
                                   R"({"name":"","scope":"read"})",
                                   R"({"name":"x","scope":"all"})",
                                   R"({"name":"x","scope":"read","expiresInDays":0})",
                                   R"({"name":"x","scope":"read","expiresInDays":1.5})"}) {
        CAPTURE(body);
        CHECK(live.send("POST", "/api/tokens", root, body).status == 422);
    }
}

TEST_CASE("tokens: without login there is nobody whom one could belong to") {
    LiveServer live;
    const Reply reply = live.ask(
        {.method = "POST", .target = "/api/tokens", .body = R"({"name":"x","scope":"read"})"});
    CHECK(reply.status == 409);
    CHECK(has(reply.body, "--auth login"));
}

TEST_CASE("audit: it says who did what, page by page, to admins") {
    LoginServer live;
    live.add_user("root@example.com");
    const HeaderList root = live.cookie_of("root@example.com");
    CHECK(live.send("POST", "/api/tokens", root, R"({"name":"import","scope":"read"})").status ==
          201);
    const Reply page = live.send("GET", "/api/audit?limit=1", root);
    CHECK(member(page.body, "kind") == "token_created");
    CHECK(member(page.body, "actor") == "root@example.com");
    CHECK(member(page.body, "address") == "127.0.0.1");
    const std::string cursor = member(page.body, "cursor");
    CHECK(member(live.send("GET", "/api/audit?limit=1&cursor=" + cursor, root).body, "kind") ==
          "signed_in");
    CHECK(live.send("GET", "/api/audit?cursor=x", root).status == 400);
}

}  // namespace crm::test
