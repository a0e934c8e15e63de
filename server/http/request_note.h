// One answered request, as statistics need it.
#pragma once

#include <chrono>
#include <string_view>

namespace crm::http {

struct RequestNote {
    std::string_view method;
    std::string_view route;  // the pattern
    int status = 0;
    std::chrono::microseconds duration{};  // until the answer began
};

}  // namespace crm::http
