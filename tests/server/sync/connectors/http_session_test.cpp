// The session against real sockets: what counts as sent, what is refused, and that nothing is sent
// twice.
#include "server/sync/connectors/http_session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/support/wire_server.h"

namespace crm::sync {
namespace {

using test::Security;
using test::WireEnd;
using test::WireServer;

std::unique_ptr<HttpSession> open_session(const std::string& url, HttpTimeouts timeouts = {}) {
    auto session = HttpSession::open(url, timeouts);
    REQUIRE(session.is_ok());
    return session.take();
}

/// A port of this machine on which nobody listens: bound, so that nobody else gets it meanwhile.
class SilentPort {
   public:
    SilentPort() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t bytes = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(::bind(descriptor_, generic, bytes) == 0);
        REQUIRE(::getsockname(descriptor_, generic, &bytes) == 0);
        port_ = ntohs(address.sin_port);
    }
    SilentPort(const SilentPort&) = delete;
    SilentPort& operator=(const SilentPort&) = delete;
    ~SilentPort() { ::close(descriptor_); }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

   private:
    int descriptor_;
    int port_ = 0;
};

std::string gzip(const std::string& text) {
    constexpr int kGzipWindow = 15 + 16;
    z_stream stream{};
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

/// SSL_CERT_FILE for as long as this lives.
class TrustedFile {
   public:
    explicit TrustedFile(const std::string& pem)
        : path_(std::filesystem::temp_directory_path() /
                ("wire-" + std::to_string(::getpid()) + ".pem")) {
        std::ofstream(path_) << pem;
        ::setenv("SSL_CERT_FILE", path_.c_str(), 1);
    }
    TrustedFile(const TrustedFile&) = delete;
    TrustedFile& operator=(const TrustedFile&) = delete;
    ~TrustedFile() {
        ::unsetenv("SSL_CERT_FILE");
        std::filesystem::remove(path_);
    }

   private:
    std::filesystem::path path_;
};

TEST_CASE("http session: a request as Integration.app wants it") {
    WireServer server;
    server.reply({.status = 201, .body = R"({"output":1})", .headers = {{"Retry-After", "3"}}});
    const HttpAnswer answer =
        open_session(server.url() + "/base/")->post("/a%2Fb/run", "the.token", R"({"cursor":"1"})");
    CHECK(answer == HttpAnswer{.delivery = Delivery::Answered,
                               .status = 201,
                               .body = R"({"output":1})",
                               .retry_after = "3"});
    const test::WireRequest request = server.requests().at(0);
    CHECK(request.method == "POST");
    CHECK(request.target == "/base/a%2Fb/run");
    CHECK(request.body == R"({"cursor":"1"})");
    CHECK(request.headers.at("content-type") == "application/json");
    CHECK(request.headers.at("content-length") == "14");
    CHECK(request.headers.at("authorization") == "Bearer the.token");
}

TEST_CASE("http session: one connection is kept") {
    WireServer server;
    const auto session = open_session(server.url());
    for (int time = 0; time < 3; ++time) server.reply({});
    CHECK(session->post("/a", "", "{}").status == 200);
    CHECK(session->get("/b", "").status == 200);
    CHECK(session->post("/c", "", "{}").status == 200);
    CHECK(server.connection_count() == 1);
    CHECK(server.requests().at(1).headers.count("authorization") == 0);
}

TEST_CASE("http session: a connection that was closed meanwhile is opened anew") {
    WireServer server;
    const auto session = open_session(server.url());
    server.reply({.end = WireEnd::Close});
    server.reply({});
    CHECK(session->get("/a", "").status == 200);
    server.wait_until_closed();
    CHECK(session->post("/b", "", "{}").status == 200);
    CHECK(server.connection_count() == 2);
}

TEST_CASE("http session: nothing is sent to a port where nobody listens") {
    const SilentPort port;
    const auto session = open_session(port.url());
    for (const HttpAnswer& answer : {session->post("/a", "", "{}"), session->get("/a", "")}) {
        CHECK(answer.delivery == Delivery::NotSent);
        CHECK(answer.problem == TransportProblem::Unreachable);
    }
}

TEST_CASE("http session: an unknown host is not sent to") {
    const HttpAnswer answer = open_session("https://no-such-host.invalid")->post("/a", "", "{}");
    CHECK(answer.delivery == Delivery::NotSent);
    CHECK(answer.problem == TransportProblem::Unreachable);
}

TEST_CASE("http session: a lost, cut or late answer may have taken effect") {
    for (const WireEnd end : {WireEnd::NoAnswer, WireEnd::CutBody, WireEnd::Silence}) {
        CAPTURE(static_cast<int>(end));
        WireServer server;
        const auto session = open_session(server.url(), {.whole = std::chrono::milliseconds(400)});
        server.reply({.body = R"({"output":{"id":"1"}})", .end = end});
        const HttpAnswer answer = session->post("/a", "", "{}");
        CHECK(answer.delivery == Delivery::MaybeSent);
        CHECK(answer.problem == TransportProblem::Interrupted);
        CHECK(server.requests().size() == 1);
        // The session works on.
        server.reply({});
        CHECK(session->post("/a", "", "{}").status == 200);
    }
}

TEST_CASE("http session: packed answers are unpacked") {
    WireServer server;
    server.reply({.body = gzip(R"({"output":{}})"), .headers = {{"Content-Encoding", "gzip"}}});
    CHECK(open_session(server.url())->post("/a", "", "{}").body == R"({"output":{}})");
    CHECK(server.requests().at(0).headers.at("accept-encoding") == "gzip");
}

TEST_CASE("http session: an answer that is too long is not taken, packed or not") {
    const std::string longer(kResponseBytesMax + 1, ' ');
    WireServer server;
    const auto session = open_session(server.url());
    server.reply({.body = gzip(longer), .headers = {{"Content-Encoding", "gzip"}}});
    const HttpAnswer packed = session->post("/a", "", "{}");
    CHECK(packed.delivery == Delivery::MaybeSent);
    CHECK(packed.problem == TransportProblem::AnswerTooLong);
    CHECK(packed.body.empty());
    server.reply({.body = longer});
    const HttpAnswer plain = session->post("/a", "", "{}");
    CHECK(plain.delivery == Delivery::MaybeSent);
    CHECK(plain.body.empty());
    server.reply({.body = std::string(kResponseBytesMax, ' ')});
    CHECK(session->post("/a", "", "{}").body.size() == kResponseBytesMax);
}

TEST_CASE("http session: a redirect is an answer, not a way") {
    WireServer server;
    server.reply({.status = 307, .headers = {{"Location", server.url() + "/elsewhere"}}});
    CHECK(open_session(server.url())->post("/a", "token", "{}").status == 307);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("http session: a long body arrives whole") {
    WireServer server;
    server.reply({});
    const std::string body = "{\"a\":\"" + std::string(300'000, 'x') + "\"}";
    CHECK(open_session(server.url())->post("/a", "", body).status == 200);
    CHECK(server.requests().at(0).body == body);
}

TEST_CASE(
    "http session: a certificate that nobody vouches for is refused before anything is sent") {
    WireServer server(Security::SelfSigned);
    const auto session = open_session(server.url());
    for (const HttpAnswer& answer : {session->post("/a", "t", "{}"), session->get("/a", "t")}) {
        CHECK(answer.delivery == Delivery::NotSent);
        CHECK(answer.problem == TransportProblem::Untrusted);
    }
    CHECK(server.requests().empty());
}

TEST_CASE("http session: SSL_CERT_FILE vouches, and for this host only") {
    WireServer server(Security::SelfSigned);
    const TrustedFile trusted(server.certificate());
    server.reply({.body = "yes"});
    CHECK(open_session(server.url())->post("/a", "t", "{}").body == "yes");
    std::string other_name = server.url();
    other_name.replace(other_name.find("127.0.0.1"), 9, "localhost");
    CHECK(open_session(other_name)->post("/a", "t", "{}").problem == TransportProblem::Untrusted);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("http session: over TLS, too, a lost answer may have taken effect and is sent once") {
    WireServer server(Security::SelfSigned);
    const TrustedFile trusted(server.certificate());
    const auto session = open_session(server.url());
    server.reply({});
    server.reply({.end = WireEnd::NoAnswer});
    server.reply({.body = R"({"output":{"id":"1"}})", .end = WireEnd::CutBody});
    CHECK(session->post("/a", "t", "{}").status == 200);
    CHECK(session->post("/b", "t", "{}").delivery == Delivery::MaybeSent);
    CHECK(session->post("/c", "t", "{}").delivery == Delivery::MaybeSent);
    CHECK(server.requests().size() == 3);
    CHECK(server.connection_count() == 2);
}

TEST_CASE("http session: http:// is for this machine only") {
    for (const char* url : {"http://127.0.0.1:80",
                            "http://localhost",
                            "http://[::1]:8080",
                            "http://127.1.2.3/base",
                            "https://api.integration.app",
                            "https://example.com:8443/x/"}) {
        CAPTURE(url);
        CHECK(check_api_url(url).is_ok());
        CHECK(HttpSession::open(url, {}).is_ok());
    }
    for (const char* url : {"http://api.integration.app",
                            "http://127.0.0.1.example.com",
                            "http://127.0.0.1@evil.com",
                            "https://user:pass@host",
                            "http://localhost.example.com",
                            "http://[::2]",
                            "http://128.0.0.1",
                            "http://127.0.0.256",
                            "http://127.0.0",
                            "http://0.0.0.0",
                            "ftp://localhost",
                            "localhost",
                            "",
                            "https://",
                            "http://",
                            "https:///x",
                            "https://a b",
                            "https://a\r\nX: y",
                            "https://a?x",
                            "https://a#x",
                            "https://a:x",
                            "https://a:99999",
                            "https://[::1",
                            "HTTP://localhost"}) {
        CAPTURE(url);
        CHECK_FALSE(check_api_url(url).is_ok());
        CHECK_FALSE(HttpSession::open(url, {}).is_ok());
    }
}

}  // namespace
}  // namespace crm::sync
