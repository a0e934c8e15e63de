// Load and attack over real sockets: who asks too much, who asks slowly, who sends too much, TLS,
// and pages that no foreign script can live in.
#include <cstdio>
#include <memory>
#include <thread>

#include <doctest/doctest.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "server/http/pages.h"
#include "server/http/rate_limit.h"
#include "server/limits.h"
#include "shared/limits.h"
#include "tests/server/http/live_server.h"

namespace crm::http {

using std::chrono::milliseconds;
using test::Ask;
using test::HeaderList;
using test::LiveServer;
using test::RawConnection;
using test::Reply;

namespace {

using Clock = std::chrono::steady_clock;

RateRules few(double address_saved, double token_saved) {
    // One in a hundred seconds: nothing comes back during a test.
    return {0.01, token_saved, 0.01, address_saved};
}

Ask from(const std::string& address, HeaderList headers = {}) {
    headers.emplace_back("X-Forwarded-For", address);
    return {.target = "/api/self", .headers = std::move(headers)};
}

/// A certificate of "localhost" for an hour, signed by its own key.
void write_certificate(const std::string& certificate, const std::string& key) {
    EVP_PKEY* pair = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -60);
    X509_gmtime_adj(X509_getm_notAfter(made), 3600);
    X509_set_pubkey(made, pair);
    X509_NAME* name = X509_get_subject_name(made);
    const std::string host = "localhost";
    X509_NAME_add_entry_by_txt(
        name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, name);
    X509_sign(made, pair, EVP_sha256());
    std::FILE* file = std::fopen(certificate.c_str(), "w");
    PEM_write_X509(file, made);
    std::fclose(file);
    file = std::fopen(key.c_str(), "w");
    PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(made);
    EVP_PKEY_free(pair);
}

class NoHandler final : public Handler {
   public:
    std::optional<Response> refuse(const Request&) override { return std::nullopt; }
    Response handle(const Request&) override { return {}; }
};

milliseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

}  // namespace

TEST_CASE("rate limit: what is saved may be asked at once, then a steady flow") {
    RateLimit limit(2, 5);
    const RateLimit::Time start{};
    for (int i = 0; i < 5; ++i) CHECK_FALSE(limit.take("a", start));
    CHECK(limit.take("a", start) == std::chrono::seconds(1));
    CHECK_FALSE(limit.take("b", start));
    CHECK_FALSE(limit.take("a", start + milliseconds(500)));
    CHECK(limit.take("a", start + milliseconds(600)));
    int passed = 0;
    for (int i = 0; i < 100; ++i) passed += limit.take("a", start + std::chrono::hours(1)) ? 0 : 1;
    CHECK(passed == 5);
    RateLimit slow(0.01, 1);
    CHECK_FALSE(slow.take("a", start));
    CHECK(slow.take("a", start) == std::chrono::seconds(100));
}

TEST_CASE("rate limit: ever new keys cannot fill the memory, and keep nobody out") {
    RateLimit limit(1, 2, 10);
    const RateLimit::Time start{};
    for (int i = 0; i < 1000; ++i) CHECK_FALSE(limit.take("k" + std::to_string(i), start));
}

TEST_CASE("attack: too many requests of one address get 429 with Retry-After, others go on") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login, few(3, 1000));
    live.add_user("ada@ours.test");
    const HeaderList ada = live.cookie_of("ada@ours.test");
    for (int i = 0; i < 3; ++i) CHECK(live.ask(from("192.0.2.1", ada)).status == 200);
    const Reply limited = live.ask(from("192.0.2.1", ada));
    CHECK(limited.status == 429);
    CHECK(std::stoi(limited.header("retry-after")) > 90);
    CHECK(limited.body.find("\"code\":\"rate_limited\"") != std::string::npos);
    CHECK(live.ask(from("192.0.2.2", ada)).status == 200);
    Ask create = from("192.0.2.1", ada);
    create.method = "POST";
    create.target = "/api/contacts";
    create.body = R"({"name":"Ada"})";
    CHECK(live.ask(create).status == 429);
    CHECK(live.ask({.target = "/metrics"})
              .body.find("contacts_http_limited_total{by=\"address\"} 2") != std::string::npos);
}

TEST_CASE("attack: too many requests of one token get 429, wherever they come from") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login, few(1000, 3));
    live.add_user("ada@ours.test");
    live.add_user("bob@ours.test");
    const HeaderList ada = live.cookie_of("ada@ours.test");
    for (int i = 0; i < 3; ++i) {
        CHECK(live.ask(from("192.0.2." + std::to_string(i + 1), ada)).status == 200);
    }
    CHECK(live.ask(from("192.0.2.9", ada)).status == 429);
    CHECK(live.ask(from("192.0.2.9", live.cookie_of("bob@ours.test"))).status == 200);
    CHECK(live.ask(from("192.0.2.9", {{"Authorization", "Bearer ctk_x"}})).status == 401);
}

TEST_CASE("attack: a request with a body counts once") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login, few(4, 1000));
    live.add_user("ada@ours.test");
    Ask create = from("192.0.2.1", live.cookie_of("ada@ours.test"));
    create.method = "POST";
    create.target = "/api/contacts";
    create.body = R"({"name":"Ada"})";
    for (int i = 0; i < 4; ++i) CHECK(live.ask(create).status == 201);
    CHECK(live.ask(create).status == 429);
}

TEST_CASE("attack: dev mode has no limit") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Dev, few(1, 1));
    for (int i = 0; i < 20; ++i) CHECK(live.ask({.target = "/api/self"}).status == 200);
}

TEST_CASE("attack: hundreds of slow heads starve nobody, and are ended however they trickle") {
    ServerOptions options;
    options.head_timeout = milliseconds(1500);
    LiveServer live(LiveServer::Client::Missing, AuthMode::Dev, {}, options);
    constexpr int kSlow = 400;  // many times the threads that are always there
    std::vector<std::unique_ptr<RawConnection>> slow;
    for (int i = 0; i < kSlow; ++i) {
        slow.push_back(std::make_unique<RawConnection>(live.port()));
        CHECK(slow.back()->send("GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
    }
    const Clock::time_point start = Clock::now();
    milliseconds worst{0};
    int good = 0;
    while (since(start) < milliseconds(2500)) {
        for (const auto& connection : slow) static_cast<void>(connection->send("a"));
        const Clock::time_point asked = Clock::now();
        good += live.ask({.target = "/api/contacts"}).status == 200 ? 1 : 0;
        worst = std::max(worst, since(asked));
    }
    CHECK(good > 10);
    CHECK(worst < milliseconds(1500));
    MESSAGE("beside " << kSlow << " slow clients: " << good << " answers, the slowest took "
                      << worst.count() << " ms");
    int ended = 0;
    for (const auto& connection : slow) ended += connection->is_closed_within(milliseconds(500));
    CHECK(ended == kSlow);
}

TEST_CASE("attack: one address cannot hold all connections") {
    ServerOptions options;
    options.connections_per_address_max = 5;
    options.is_own_machine_limited = true;
    LiveServer live(LiveServer::Client::Missing, AuthMode::Dev, {}, options);
    std::vector<std::unique_ptr<RawConnection>> held;
    for (int i = 0; i < 5; ++i) {
        held.push_back(std::make_unique<RawConnection>(live.port()));
        CHECK(held.back()->send("GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        CHECK(held.back()->read_reply().status == 200);
    }
    const Reply refused = live.ask({.target = "/api/health"});
    CHECK(refused.status == 429);
    CHECK(refused.header("retry-after") == "5");
    held.clear();
    // The server sees the ends within a moment of its own.
    const Clock::time_point start = Clock::now();
    int status = 0;
    while (status != 200 && since(start) < milliseconds(5000)) {
        status = live.ask({.target = "/api/health"}).status;
    }
    CHECK(status == 200);
}

TEST_CASE("attack: what is too long is refused in time, and the server goes on") {
    const LiveServer live;
    const auto status_of = [&](const std::string& request) {
        RawConnection connection(live.port());
        static_cast<void>(connection.send(request));
        return connection.read_reply().status;
    };
    const std::string host = " HTTP/1.1\r\nHost: localhost\r\n";
    CHECK(status_of("GET /" + std::string(kPathBytesMax + 10, 'a') + host + "\r\n") == 414);
    // What comes after the refusal may reset the connection before the client has read it.
    const auto is_refused = [&](const std::string& request) {
        const int status = status_of(request);
        return status == 0 || status == 400 || status == 414;
    };
    CHECK(is_refused("GET /api/contacts?q=" + std::string(kUrlBytesMax + 10, 'a') + host + "\r\n"));
    CHECK(is_refused("GET /api/health" + host + "X-Long: " + std::string(64 * 1024, 'a') +
                     "\r\n\r\n"));
    std::string many = "GET /api/health" + host;
    for (int i = 0; i < 1000; ++i) many += "X-H" + std::to_string(i) + ": 1\r\n";
    CHECK(is_refused(many + "\r\n"));
    CHECK(status_of("POST /api/contacts" + host +
                    "Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n") == 413);
    CHECK(live.ask({.target = "/api/health"}).status == 200);
}

TEST_CASE("attack: requests in one packet are answered in order") {
    const LiveServer live;
    RawConnection connection(live.port());
    const std::string first = "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const std::string second = "GET /api/nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
    REQUIRE(connection.send(first + second + first));
    CHECK(connection.read_reply().status == 200);
    CHECK(connection.read_reply().status == 404);
    CHECK(connection.read_reply().status == 200);
}

TEST_CASE("tls: the server speaks https with files of its own, and plain HTTP gets nothing") {
    const test::TempFolder folder;
    ServerOptions options;
    options.tls_certificate = (folder.path() / "cert.pem").string();
    options.tls_key = (folder.path() / "key.pem").string();
    write_certificate(options.tls_certificate, options.tls_key);
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login, {}, options);
    CHECK(live.server().url().starts_with("https://"));
    httplib::SSLClient client("localhost", live.port());
    client.set_ca_cert_path(options.tls_certificate);
    client.enable_server_certificate_verification(true);
    for (int i = 0; i < 3; ++i) {
        const httplib::Result health = client.Get("/api/health");
        REQUIRE(health);
        CHECK(health->status == 200);
        CHECK(health->get_header_value("Strict-Transport-Security").starts_with("max-age="));
    }
    // A large body and a large answer go through in parts.
    live.add_user("ada@ours.test");
    const httplib::Headers session{
        {"Cookie", "__Host-" + live.cookie_of("ada@ours.test").front().second}};
    const std::string body = R"({"name":"Ada","notes":")" + std::string(19'000, 'n') + R"("})";
    for (int i = 0; i < 40; ++i) {
        const httplib::Result made =
            client.Post("/api/contacts", session, body, "application/json");
        REQUIRE(made);
        CHECK(made->status == 201);
    }
    const httplib::Result list = client.Get("/api/contacts", session);
    REQUIRE(list);
    CHECK(list->body.size() > 700'000);
    const httplib::Result signed_in = client.Post("/login",
                                                  {},
                                                  "email=ada%40ours.test&password=correct+horse+"
                                                  "battery",
                                                  "application/x-www-form-urlencoded");
    REQUIRE(signed_in);
    const std::string cookie = signed_in->get_header_value("Set-Cookie");
    CHECK(cookie.starts_with("__Host-contacts_session="));
    CHECK(cookie.find("; Secure") != std::string::npos);

    RawConnection plain(live.port());
    REQUIRE(plain.send("GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    CHECK(plain.read_reply().status == 0);
    // A stranger's certificate is not taken for ours: the test can tell.
    write_certificate((folder.path() / "other.pem").string(), (folder.path() / "o.key").string());
    httplib::SSLClient wary("localhost", live.port());
    wary.set_ca_cert_path((folder.path() / "other.pem").string());
    wary.enable_server_certificate_verification(true);
    CHECK_FALSE(wary.Get("/api/health"));
}

TEST_CASE("tls: files that cannot be used end the start with a sentence") {
    const test::TempFolder folder;
    ServerOptions options;
    options.tls_certificate = (folder.path() / "cert.pem").string();
    options.tls_key = (folder.path() / "key.pem").string();
    NoHandler handler;
    SystemClock clock;
    Log log(clock, LogLevel::Error, 2);
    const auto missing = Server::start(options, handler, log);
    REQUIRE_FALSE(missing.is_ok());
    CHECK(missing.error().message.find("cert.pem cannot be used for https") != std::string::npos);
    write_certificate(options.tls_certificate, (folder.path() / "other.key").string());
    write_certificate((folder.path() / "other.pem").string(), options.tls_key);
    const auto unlike = Server::start(options, handler, log);
    REQUIRE_FALSE(unlike.is_ok());
    CHECK(unlike.error().message.find("private key") != std::string::npos);
}

TEST_CASE("attack: no page lets a script of its own text, or of elsewhere, run") {
    LiveServer live(LiveServer::Client::Built, AuthMode::Login);
    std::vector<std::string> targets{"/", "/api/docs", "/nothing", "/api/nothing"};
    for (const Page& page : pages()) targets.emplace_back(page.path);
    for (const std::string& target : targets) {
        CAPTURE(target);
        const Reply reply = live.ask({.target = target});
        const std::string policy = reply.header("content-security-policy");
        CHECK(policy.starts_with("default-src 'none'"));
        CHECK(policy.find("unsafe-inline") == std::string::npos);
        CHECK(policy.find("'unsafe-eval'") == std::string::npos);
        CHECK(policy.find('*') == std::string::npos);
        CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
        if (!reply.header("content-type").starts_with("text/html")) continue;
        for (const char* inline_code :
             {"<script>", "javascript:", " style=\"", " onclick=", "<style"}) {
            CHECK_MESSAGE(reply.body.find(inline_code) == std::string::npos, inline_code);
        }
    }
}

}  // namespace crm::http
