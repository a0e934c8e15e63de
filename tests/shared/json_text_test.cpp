#include "shared/json_text.h"

#include <string>

#include <doctest/doctest.h>

#include "shared/limits.h"

namespace crm {
namespace {

TEST_CASE("depth counts brackets outside of strings") {
    CHECK(json_depth("") == 0);
    CHECK(json_depth("1") == 0);
    CHECK(json_depth("{}") == 1);
    CHECK(json_depth("[[1],[2]]") == 2);
    CHECK(json_depth(R"({"a":"[[[[","b":[1]})") == 2);
    CHECK(json_depth(R"({"a\"[[":"\\"})") == 1);
    CHECK(json_depth(R"(["\\",[]])") == 2);
    CHECK(json_depth("]]]][") == 1);
    CHECK(json_depth("\"[[[") == 0);
    CHECK(json_depth("\"\\") == 0);
    CHECK(json_depth(std::string(100'000, '[')) == 100'000);
}

TEST_CASE("too deep and broken UTF-8 are refused in words") {
    CHECK(check_json_text("{}").is_ok());
    CHECK(check_json_text(std::string(kJsonDepthMax, '[')).is_ok());
    CHECK_FALSE(check_json_text(std::string(kJsonDepthMax + 1, '[')).is_ok());
    CHECK_FALSE(check_json_text(std::string_view("{}\0", 3)).is_ok());
    const Status broken = check_json_text("\"\xC3\x28\"");
    REQUIRE_FALSE(broken.is_ok());
    CHECK(broken.error().code == ErrorCode::BadRequest);
    CHECK(broken.error().message.find("UTF-8") != std::string::npos);
}

}  // namespace
}  // namespace crm
