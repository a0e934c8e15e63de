#include "server/loopback.h"

#include <doctest/doctest.h>

using namespace crm;

TEST_CASE("a loopback host is known by its name or its number") {
    for (const char* host :
         {"localhost", "127.0.0.1", "127.1.2.3", "127.255.255.255", "::1", "[::1]"}) {
        CAPTURE(host);
        CHECK(is_loopback_host(host));
    }
    for (const char* host : {"",
                             "0.0.0.0",
                             "127.0.0.1.evil.test",
                             "127.0.0",
                             "127.0.0.0.1",
                             "127.0.0.",
                             "127.0.0.256",
                             "127.0.0.0001",
                             "127.0.0.-1",
                             "127.0.0.+1",
                             "127.0.0.1 ",
                             "128.0.0.1",
                             "localhost.evil.test",
                             "localhost.",
                             "[127.0.0.1]",
                             "[::1",
                             "::2",
                             "::",
                             "127..0.1",
                             "127."}) {
        CAPTURE(host);
        CHECK_FALSE(is_loopback_host(host));
    }
}

TEST_CASE("a loopback address has a loopback host, whatever else stands in it") {
    for (const char* url : {"http://127.0.0.1",
                            "http://localhost:80/x",
                            "http://[::1]:9/",
                            "http://[::1]",
                            "https://127.0.0.1",
                            "https://localhost:1",
                            "http://localhost:65535"}) {
        CAPTURE(url);
        CHECK(is_loopback_url(url));
    }
    for (const char* url : {"",
                            "localhost",
                            "ftp://localhost",
                            "HTTP://localhost",
                            "http://evil.test",
                            "https://api.integration.app",
                            "http://localhost@evil.test",
                            "http://localhost:80@evil.test",
                            "http://localhost?@evil.test",
                            "http://127.0.0.1.evil.test",
                            "http://",
                            "https://",
                            "http:///",
                            "http://localhost:",
                            "http://localhost:0",
                            "http://localhost:65536",
                            "http://localhost:x",
                            "http://localhost:1:2",
                            "http://::1",
                            "http://[::1",
                            "http://[::1]x"}) {
        CAPTURE(url);
        CHECK_FALSE(is_loopback_url(url));
    }
}
