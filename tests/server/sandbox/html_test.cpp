#include "server/sandbox/html.h"

#include <doctest/doctest.h>

namespace crm::sandbox {

TEST_CASE("html: text cannot become markup or leave its attribute") {
    CHECK(escape_html("<script>alert('x')</script>") ==
          "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    CHECK(escape_html("\" onfocus=\"x") == "&quot; onfocus=&quot;x");
    CHECK(escape_html("Tom & Ann") == "Tom &amp; Ann");
    CHECK(escape_html("Žofie 山本") == "Žofie 山本");
}

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
