// Signing in and out as a browser without scripts does it, over real sockets.
#include "server/http/login_pages.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "server/http/page_html.h"
#include "server/limits.h"
#include "shared/api_json.h"
#include "tests/server/http/live_server.h"

namespace crm::test {
namespace {

struct LoginServer : LiveServer {
    LoginServer() : LiveServer(Client::Missing, AuthMode::Login) {}

    [[nodiscard]] Reply post(const std::string& path,
                             const QueryParams& form,
                             HeaderList headers = {}) const {
        headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
        return ask({.method = "POST",
                    .target = path,
                    .body = format_query(form),
                    .headers = std::move(headers)});
    }
    [[nodiscard]] Reply sign_in(const std::string& email,
                                const std::string& password = kPassword,
                                const std::string& next = "/") const {
        return post("/login", {{"email", email}, {"password", password}, {"next", next}});
    }
    [[nodiscard]] int status_of(const HeaderList& headers,
                                const std::string& target = "/api/self") const {
        return ask({.target = target, .headers = headers}).status;
    }
};

/// The cookie as a browser sends it back.
HeaderList cookie_in(const Reply& reply) {
    const std::string cookie = reply.header("set-cookie");
    return {{"Cookie", cookie.substr(0, cookie.find(';'))}};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("login: the form leads to the API, to the page that was wanted, and no further") {
    LoginServer live;
    live.add_user("ada@example.com", Role::Editor);
    CHECK(live.status_of({}) == 401);
    CHECK(live.status_of({{"x-auth-id", "ours"}}) == 401);
    const Reply page = live.ask({.target = "/login?next=%2F%23%2Fcontacts%2F42"});
    CHECK(page.status == 200);
    CHECK(has(page.body, "name=\"next\" value=\"/#/contacts/42\""));
    CHECK(has(page.body, "autocomplete=\"username\""));
    CHECK(has(page.body, "autocomplete=\"current-password\""));
    CHECK(has(page.body, "<label for=\"email\">"));
    CHECK_FALSE(has(page.body, "<script"));
    CHECK(page.header("content-security-policy").starts_with("default-src 'none'; style-src"));
    CHECK(page.header("cache-control") == "no-store");
    CHECK(page.header("referrer-policy") == "same-origin");
    const Reply in = live.sign_in("ada@example.com", kPassword, "/#/contacts/42");
    CHECK(in.status == 303);
    CHECK(in.header("location") == "/#/contacts/42");
    CHECK(has(in.header("set-cookie"), "HttpOnly; SameSite=Strict"));
    const Reply self = live.ask({.target = "/api/self", .headers = cookie_in(in)});
    CHECK(self.status == 200);
    CHECK(
        self.body ==
        R"({"customerId":"ours","customerName":"ours","user":"ada@example.com","role":"editor"})");
    CHECK(live.ask({.target = "/login?next=/x", .headers = cookie_in(in)}).header("location") ==
          "/x");
}

TEST_CASE("login: a wrong password is said beside the form, and the e-mail stays, made harmless") {
    LoginServer live;
    live.add_user("ada@example.com");
    const Reply refused = live.sign_in("\"><script>x</script>@example.com", "a wrong password");
    CHECK(refused.status == 401);
    CHECK(has(refused.body, "role=\"alert\""));
    CHECK(has(refused.body, "The e-mail or the password is wrong."));
    CHECK(has(refused.body, "value=\"&quot;&gt;&lt;script&gt;x"));
    CHECK_FALSE(has(refused.body, "<script"));
    CHECK_FALSE(has(refused.body, "a wrong password"));
    CHECK(refused.header("set-cookie").empty());
    CHECK(live.sign_in("ada@example.com", "a wrong password").body ==
          live.sign_in("ada@example.com", "another wrong one").body);
}

TEST_CASE("login: who guesses must wait, and is told how long") {
    LoginServer live;
    live.add_user("ada@example.com");
    for (int i = 0; i < kFailuresFreePair; ++i) {
        CHECK(live.sign_in("ada@example.com", "guess").status == 401);
    }
    const Reply delayed = live.sign_in("ada@example.com", "guess");
    CHECK(delayed.status == 429);
    CHECK(delayed.header("retry-after") == "1");
    CHECK(has(delayed.body, "try again in 1 second."));
}

TEST_CASE("login: each opens a new session and the browser's old one ends") {
    LoginServer live;
    live.add_user("ada@example.com");
    const HeaderList first = cookie_in(live.sign_in("ada@example.com"));
    const Reply again =
        live.post("/login", {{"email", "ada@example.com"}, {"password", kPassword}}, first);
    CHECK(again.status == 303);
    CHECK(cookie_in(again) != first);
    CHECK(live.status_of(first) == 401);
    CHECK(live.status_of(cookie_in(again)) == 200);
}

TEST_CASE("logout: it ends the session, everywhere ends all of them") {
    LoginServer live;
    live.add_user("ada@example.com");
    const HeaderList one = cookie_in(live.sign_in("ada@example.com"));
    const HeaderList two = cookie_in(live.sign_in("ada@example.com"));
    const HeaderList three = cookie_in(live.sign_in("ada@example.com"));
    const Reply out = live.post("/logout", {}, one);
    CHECK(out.status == 303);
    CHECK(out.header("location") == "/login");
    CHECK(has(out.header("set-cookie"), "contacts_session=; "));
    CHECK(has(out.header("set-cookie"), "Max-Age=0"));
    CHECK(live.status_of(one) == 401);
    CHECK(live.status_of(two) == 200);
    CHECK(live.post("/logout", {{"everywhere", "1"}}, two).status == 303);
    CHECK(live.status_of(two) == 401);
    CHECK(live.status_of(three) == 401);
    CHECK(live.post("/logout", {}).status == 303);
    CHECK(live.ask({.target = "/logout"}).header("allow") == "POST");
}

TEST_CASE("login: another site's page signs nobody in or out") {
    LoginServer live;
    live.add_user("ada@example.com");
    const HeaderList cookie = cookie_in(live.sign_in("ada@example.com"));
    for (const std::pair<std::string, std::string>& header :
         HeaderList{{"Origin", "https://evil.test"},
                    {"Origin", "null"},
                    {"Sec-Fetch-Site", "cross-site"},
                    {"Sec-Fetch-Site", "same-site"}}) {
        CAPTURE(header.second);
        HeaderList headers = cookie;
        headers.push_back(header);
        for (const std::string path : {"/login", "/logout", "/setup", "/account"}) {
            CHECK(live.post(path, {}, headers).status == 403);
        }
        CHECK(live.ask({.method = "POST",
                        .target = "/api/contacts",
                        .body = R"({"name":"Eve"})",
                        .headers = headers})
                  .status == 403);
    }
    CHECK(live.status_of(cookie) == 200);
    CHECK(live.post("/logout", {}, {cookie[0], {"Origin", "http://localhost"}}).status == 303);
    CHECK(live.ask({.method = "POST", .target = "/login", .body = "{}"}).status == 415);
}

TEST_CASE("account: the password is changed by who knows it, and other sessions end") {
    LoginServer live;
    live.add_user("ada@example.com", Role::Viewer);
    const Reply sent = live.ask({.target = "/account"});
    CHECK(sent.header("location") == "/login?next=%2Faccount");
    const HeaderList other = cookie_in(live.sign_in("ada@example.com"));
    const HeaderList cookie = cookie_in(live.sign_in("ada@example.com"));
    CHECK(has(live.ask({.target = "/account", .headers = cookie}).body, "<b>ada@example.com</b>"));
    const auto change = [&](const std::string& present, const std::string& wanted) {
        return live.post("/account", {{"old_password", present}, {"new_password", wanted}}, cookie);
    };
    CHECK(change("wrong", "a much better password").status == 401);
    const Reply too_short = change(kPassword, "short");
    CHECK(too_short.status == 422);
    CHECK(has(too_short.body, "aria-invalid=\"true\""));
    const Reply changed = change(kPassword, "a much better password");
    CHECK(changed.status == 303);
    CHECK(live.status_of(other) == 401);
    CHECK(live.status_of(cookie) == 401);
    CHECK(live.status_of(cookie_in(changed)) == 200);
    CHECK(live.sign_in("ada@example.com").status == 401);
    CHECK(live.sign_in("ada@example.com", "a much better password").status == 303);
}

TEST_CASE("set-up: the link makes the first admin, once") {
    LoginServer live;
    CHECK(live.ask({.target = "/setup?token=guess"}).status == 403);
    const std::string token = live.people().make_setup_secret();
    const Reply page = live.ask({.target = "/setup?token=" + token});
    CHECK(page.status == 200);
    CHECK(has(page.body, "autocomplete=\"new-password\""));
    CHECK(live.post("/setup", {{"token", "guess"}, {"email", "eve@example.com"}}).status == 403);
    const Reply refused = live.post(
        "/setup", {{"token", token}, {"email", "nobody"}, {"password", "short"}, {"name", "Ada"}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "id=\"email-wrong\""));
    const std::size_t focus = refused.body.find("autofocus");
    CHECK(focus > refused.body.find("id=\"email\""));
    CHECK(focus < refused.body.find("id=\"password\""));
    CHECK(has(refused.body, "id=\"password-wrong\""));
    CHECK(has(refused.body, "value=\"Ada\""));
    const QueryParams form{
        {"token", token}, {"email", "ada@example.com"}, {"password", kPassword}, {"name", "Ada"}};
    const Reply made = live.post("/setup", form);
    CHECK(made.status == 303);
    const Reply self = live.ask({.target = "/api/self", .headers = cookie_in(made)});
    CHECK(self.body == R"({"customerId":"dev","customerName":"dev","user":"Ada","role":"admin"})");
    CHECK(live.post("/setup", form).status == 403);
    CHECK(live.ask({.target = "/setup?token=" + token}).status == 403);
}

TEST_CASE("pages: without login they lead to the app, and nothing there signs in") {
    LiveServer live;
    live.add_user("ada@example.com");
    for (const std::string path : {"/login", "/setup", "/account"}) {
        CHECK(live.ask({.target = path}).header("location") == "/");
    }
}

TEST_CASE("pages: no secret of signing in is logged, at any level") {
    LoginServer live;
    live.add_user("ada@example.com");
    const std::string setup = live.people().make_setup_secret();
    CHECK(live.ask({.target = "/setup?token=" + setup}).status == 403);  // somebody is there
    const HeaderList cookie = cookie_in(live.sign_in("ada@example.com"));
    CHECK(live.status_of(cookie) == 200);
    CHECK(live.sign_in("ada@example.com", "a wrong password").status == 401);
    const std::string log = live.logged();
    CHECK(has(log, "/login"));
    for (const std::string& secret : {setup,
                                      kPassword,
                                      std::string("a wrong password"),
                                      cookie[0].second.substr(cookie[0].second.find('=') + 1),
                                      std::string("ada@example.com")}) {
        CHECK_FALSE(has(log, secret));
    }
}

TEST_CASE("events: who signs out hears nothing more") {
    LoginServer live;
    live.add_user("ada@example.com");
    const HeaderList cookie = cookie_in(live.sign_in("ada@example.com"));
    RawConnection connection(live.port());
    connection.send(format_request({.target = "/api/events", .headers = cookie}));
    CHECK(connection.read_head().status == 200);
    CHECK(has(connection.read_until("\n\n"), "retry: "));
    CHECK(live.post("/logout", {}, cookie).status == 303);
    CHECK(has(connection.read_until("0\r\n\r\n"), "0\r\n\r\n"));
}

TEST_CASE("target: own paths only, safe in a header") {
    for (const std::string own : {"/", "/#/contacts/42", "/#/contacts?q=a%20b", "/account"}) {
        CHECK(http::safe_target(own) == own);
    }
    for (const std::string other : {"",
                                    "//evil.test",
                                    "/\\evil.test",
                                    "https://evil.test",
                                    "javascript:alert(1)",
                                    "/a\r\nSet-Cookie: x=y",
                                    "/a b",
                                    "/login",
                                    "/logout"}) {
        CAPTURE(other);
        CHECK(http::safe_target(other) == "/");
    }
}

TEST_CASE("style: its colours are those of the client, in light and dark") {
    std::ostringstream text;
    text << std::ifstream(std::string(CRM_SOURCE_DIR) + "/web/app.css").rdbuf();
    const std::string client = text.str();
    const std::size_t dark = client.find("[data-theme=\"dark\"]");
    REQUIRE(dark != std::string::npos);
    const std::string style(http::page_style());
    const std::size_t own_dark = style.find("prefers-color-scheme: dark");
    REQUIRE(own_dark != std::string::npos);
    int compared = 0;
    for (std::size_t at = style.find("--"); at != std::string::npos; at = style.find("--", at)) {
        const std::size_t end = style.find(';', at);
        const std::string token = style.substr(at, end - at);
        at = end;
        if (token.find(": #") == std::string::npos) continue;
        CAPTURE(token);
        const std::size_t found =
            at < own_dark ? client.find(token + ';') : client.find(token + ';', dark);
        CHECK(found != std::string::npos);
        if (at < own_dark) CHECK(found < dark);
        ++compared;
    }
    CHECK(compared == 30);
}

}  // namespace crm::test
