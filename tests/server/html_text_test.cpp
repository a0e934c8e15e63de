#include "server/html_text.h"

#include <doctest/doctest.h>

namespace crm {

TEST_CASE("html: text cannot become markup or leave its attribute") {
    CHECK(escape_html("<script>alert('x')</script>") ==
          "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    CHECK(escape_html("\" onfocus=\"x") == "&quot; onfocus=&quot;x");
    CHECK(escape_html("Tom & Ann") == "Tom &amp; Ann");
    CHECK(escape_html("Žofie 山本") == "Žofie 山本");
}

}  // namespace crm
