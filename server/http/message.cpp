// Looking up headers.
#include "server/http/message.h"

#include <algorithm>

namespace crm::http {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool may_have_body(std::string_view method) {
    return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE";
}

bool is_same_word(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return lower(a) == lower(b);
    });
}

std::vector<std::string_view> find_headers(const Request& request, std::string_view name) {
    std::vector<std::string_view> values;
    for (const auto& [key, value] : request.headers) {
        if (is_same_word(key, name)) values.emplace_back(value);
    }
    return values;
}

std::string_view find_header(const Request& request, std::string_view name) {
    const std::vector<std::string_view> values = find_headers(request, name);
    return values.empty() ? std::string_view() : values.front();
}

}  // namespace crm::http
