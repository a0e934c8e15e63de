// Walks over the text once, from quote to quote; a hundred megabytes must cost next to nothing.
#include "server/sync/connectors/output_part.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace crm::sync {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

std::size_t skip_space(std::string_view text, std::size_t at) {
    return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

/// Behind the closing quote of the string that opens at `at`.
std::size_t skip_string(std::string_view text, std::size_t at) {
    for (std::size_t quote = text.find('"', at + 1); quote != kNowhere;
         quote = text.find('"', quote + 1)) {
        std::size_t slashes = 0;
        while (text[quote - 1 - slashes] == '\\') ++slashes;  // the opening quote ends it
        if (slashes % 2 == 0) return quote + 1;
    }
    return kNowhere;
}

/// Behind the object or list that opens at `at`.
std::size_t skip_nested(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    while (at < text.size()) {
        switch (text[at]) {
            case '"':
                at = skip_string(text, at);
                continue;
            case '{':
            case '[':
                ++depth;
                break;
            case '}':
            case ']':
                if (--depth == 0) return at + 1;
                break;
            default:
                break;
        }
        ++at;
    }
    return kNowhere;
}

std::size_t skip_value(std::string_view text, std::size_t at) {
    if (at >= text.size()) return kNowhere;
    if (text[at] == '"') return skip_string(text, at);
    if (text[at] == '{' || text[at] == '[') return skip_nested(text, at);
    return text.find_first_of(",} \t\r\n", at);
}

struct Member {
    std::string_view name;  // with its quotes
    std::string_view value;
    std::size_t end = 0;  // behind the value
};

/// The member whose name begins at `at`.
std::optional<Member> read_member(std::string_view body, std::size_t at) {
    if (at >= body.size() || body[at] != '"') return std::nullopt;
    const std::size_t name_end = skip_string(body, at);
    if (name_end == kNowhere) return std::nullopt;
    const std::size_t colon = skip_space(body, name_end);
    if (colon >= body.size() || body[colon] != ':') return std::nullopt;
    const std::size_t begin = skip_space(body, colon + 1);
    const std::size_t end = skip_value(body, begin);
    if (end == kNowhere) return std::nullopt;
    return Member{.name = body.substr(at, name_end - at),
                  .value = body.substr(begin, end - begin),
                  .end = end};
}

}  // namespace

std::string_view output_part(std::string_view body) {
    std::size_t at = skip_space(body, 0);
    if (at >= body.size() || body[at] != '{') return body;
    do {
        const std::optional<Member> member = read_member(body, skip_space(body, at + 1));
        if (!member) return body;
        if (member->name == R"("output")") return member->value;
        at = skip_space(body, member->end);
    } while (at < body.size() && body[at] == ',');
    return body;
}

}  // namespace crm::sync
