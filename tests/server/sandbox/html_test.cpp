#include "server/sandbox/html.h"

#include <doctest/doctest.h>

namespace crm::sandbox {

TEST_CASE("html: a page says that it is the sandbox, and forbids scripts") {
    const std::string html =
        page_html(System::HubSpot, {.title = "A <b> title", .content = "<p>body</p>"});
    CHECK(html.find("Sandbox") != std::string::npos);
    CHECK(html.find("A &lt;b&gt; title") != std::string::npos);
    const Response response = html_response(200, html);
    bool has_policy = false;
    for (const auto& [name, value] : response.headers) {
        if (name != "Content-Security-Policy") continue;
        has_policy = true;
        CHECK(value.find("default-src 'none'") != std::string::npos);
        CHECK(value.find("unsafe") == std::string::npos);
        CHECK(value.find("script-src") == std::string::npos);
    }
    CHECK(has_policy);
}

}  // namespace crm::sandbox
