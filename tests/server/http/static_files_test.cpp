// The browser client over HTTP: types, caching, packed variants, and that nothing else is ever
// served.
#include "server/http/static_files.h"

#include <doctest/doctest.h>

#include "server/http/application.h"
#include "tests/server/http/live_server.h"

using namespace crm;
using namespace crm::http;
using crm::test::LiveServer;
using crm::test::Reply;

TEST_CASE("hashed names are known by their hash") {
    CHECK(is_hashed_name("client-1a2b3c4d.wasm"));
    CHECK(is_hashed_name("my-app-0123456789abcdef.js"));
    CHECK(is_hashed_name("app-0123abcd.js.map"));
    CHECK_FALSE(is_hashed_name("client.wasm"));
    CHECK_FALSE(is_hashed_name("client-1a2b3c4.wasm"));
    CHECK_FALSE(is_hashed_name("client-1a2b3c4g.wasm"));
    CHECK_FALSE(is_hashed_name("client-1a2b3c4d"));
    CHECK_FALSE(is_hashed_name("lucide-icons.ttf"));
}

TEST_CASE("Accept-Encoding is read with its qualities") {
    CHECK(accepts_coding("gzip, deflate, br", "br"));
    CHECK(accepts_coding("BR;q=0.5", "br"));
    CHECK(accepts_coding("*", "gzip"));
    CHECK(accepts_coding("br;q=0, *", "gzip"));
    CHECK_FALSE(accepts_coding("br;q=0, *", "br"));
    CHECK_FALSE(accepts_coding("br; q=0.000", "br"));
    CHECK_FALSE(accepts_coding("", "br"));
    CHECK_FALSE(accepts_coding("brotli", "br"));
}

TEST_CASE("files come with their type and how long they may be kept") {
    LiveServer live(LiveServer::Client::Built);
    const Reply page = live.ask({.target = "/"});
    CHECK(page.status == 200);
    CHECK(page.body == "<!doctype html><title>Contacts</title>");
    CHECK(page.header("content-type") == "text/html; charset=utf-8");
    CHECK(page.header("cache-control") == "no-cache");
    CHECK(live.ask({.target = "/index.html?v=1"}).body == page.body);

    const Reply wasm = live.ask({.target = "/client-89abcdef01.wasm"});
    CHECK(wasm.header("content-type") == "application/wasm");
    CHECK(wasm.header("cache-control") == "public, max-age=31536000, immutable");
    CHECK(wasm.body == std::string("\0asm", 4));
    CHECK(live.ask({.target = "/font/inter.woff2"}).header("content-type") == "font/woff2");
}

TEST_CASE("packed variants go to who takes them, byte for byte") {
    LiveServer live(LiveServer::Client::Built);
    const auto get = [&](const std::string& accepted, test::HeaderList more = {}) {
        more.emplace_back("Accept-Encoding", accepted);
        return live.ask({.target = "/app-0123abcd.js", .headers = more});
    };
    const Reply brotli = get("gzip, br");
    CHECK(brotli.body == "brotli script");
    CHECK(brotli.header("content-encoding") == "br");
    CHECK(brotli.header("content-type") == "text/javascript; charset=utf-8");
    CHECK(brotli.header("vary") == "Accept-Encoding");
    const Reply gzip = get("gzip;q=0.9, br;q=0");
    CHECK(gzip.body == "gzip script");
    CHECK(gzip.header("content-encoding") == "gzip");
    const Reply plain = get("identity");
    CHECK(plain.body == "plain script");
    CHECK(plain.header("content-encoding").empty());
    CHECK(brotli.header("etag") != gzip.header("etag"));
    CHECK(brotli.header("etag") != plain.header("etag"));

    const Reply again = get("br", {{"If-None-Match", brotli.header("etag")}});
    CHECK(again.status == 304);
    CHECK(again.header("etag") == brotli.header("etag"));
    CHECK(get("identity", {{"If-None-Match", brotli.header("etag")}}).status == 200);
    CHECK(get("br", {{"Range", "bytes=0-3"}}).body == "plain script");
}

TEST_CASE("HEAD says the same as GET, without a body") {
    LiveServer live(LiveServer::Client::Built);
    const Reply head = live.ask({.method = "HEAD", .target = "/"});
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "38");
    CHECK(head.header("etag") == live.ask({.target = "/"}).header("etag"));
}

TEST_CASE("nothing outside the folder, hidden or linked is served") {
    LiveServer live(LiveServer::Client::Built);
    for (const std::string target : {"/../outside.txt",
                                     "/%2e%2e/outside.txt",
                                     "/..%2foutside.txt",
                                     "/font/../../outside.txt",
                                     "/link.txt",
                                     "/.hidden",
                                     "/app-0123abcd.js.br",
                                     "/font",
                                     "/font/",
                                     "//index.html",
                                     "/index.html%00",
                                     "/%zz",
                                     "/etc/passwd",
                                     "/nothing"}) {
        CAPTURE(target);
        CHECK(live.ask({.target = target}).status == 404);
    }
}

TEST_CASE("without a client the API answers and / says what is missing") {
    LiveServer live;
    const Reply page = live.ask({.target = "/"});
    CHECK(page.status == 503);
    CHECK(page.body.find("--web") != std::string::npos);
    CHECK(live.ask({.target = "/api/health"}).status == 200);
    CHECK_FALSE(StaticFiles::load(live.folder() / "nowhere").is_ok());
}
