#include "server/sync/connectors/json_text.h"

#include <charconv>
#include <cstddef>
#include <cstdint>

#include "server/limits.h"
#include "shared/json_text.h"
#include "shared/limits.h"
#include "shared/text.h"
#include "shared/utf8.h"

namespace crm::sync {
namespace {

constexpr std::size_t kEscapeBytes = 6;  // \ud83d

/// The UTF-16 unit of an escape at the start of `text`.
std::optional<std::uint32_t> read_escape(std::string_view text) {
    if (text.size() < kEscapeBytes || !text.starts_with("\\u")) return std::nullopt;
    std::uint32_t unit = 0;
    const char* begin = text.data() + 2;
    const auto [end, problem] = std::from_chars(begin, begin + 4, unit, 16);
    if (problem != std::errc{} || end != begin + 4) return std::nullopt;
    return unit;
}

bool is_high_surrogate(std::uint32_t unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(std::uint32_t unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

/// Copies the escape at `at`, with its second half if it has one; returns how many bytes it took.
std::size_t copy_escape(std::string_view text, std::size_t at, std::string& copy) {
    const std::optional<std::uint32_t> unit = read_escape(text.substr(at));
    if (!unit) {  // \n, \", \\ and the like
        copy += text.substr(at, 2);
        return 2;
    }
    const std::optional<std::uint32_t> next = at + kEscapeBytes <= text.size()
                                                  ? read_escape(text.substr(at + kEscapeBytes))
                                                  : std::nullopt;
    if (is_high_surrogate(*unit) && next && is_low_surrogate(*next)) {
        copy += text.substr(at, 2 * kEscapeBytes);
        return 2 * kEscapeBytes;
    }
    const bool is_lone = is_high_surrogate(*unit) || is_low_surrogate(*unit);
    copy += is_lone ? std::string_view("\\ufdd0") : text.substr(at, kEscapeBytes);
    return kEscapeBytes;
}

std::string repair(std::string_view text) {
    std::string copy;
    copy.reserve(text.size() + kBrokenMark.size());
    std::size_t at = 0;
    while (at < text.size()) {
        if (text[at] == '\\') {
            at += copy_escape(text, at, copy);
            continue;
        }
        const DecodedChar decoded = decode_char(text, at);
        copy += decoded.is_valid ? text.substr(at, decoded.bytes) : kBrokenMark;
        at += decoded.is_valid ? decoded.bytes : 1;
    }
    return copy;
}

bool may_have_surrogates(std::string_view text) {
    return text.find("\\ud") != std::string_view::npos ||
           text.find("\\uD") != std::string_view::npos;
}

}  // namespace

std::optional<std::string> make_parseable(std::string text) {
    if (json_depth(text) > kJsonDepthMax) return std::nullopt;
    if (is_utf8(text) && !may_have_surrogates(text)) return text;
    return repair(text);
}

std::string make_presentable(std::string_view text) {
    std::string line;
    std::size_t chars = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        if (chars == kDetailsCharsMax) return line + "…";
        const DecodedChar decoded = decode_char(text, at);
        const bool is_broken =
            !decoded.is_valid || text.substr(at, kBrokenMark.size()) == kBrokenMark;
        if (is_broken) {
            line += "\xEF\xBF\xBD";
        } else if (is_control_char(decoded.value)) {
            line += ' ';
        } else {
            line += text.substr(at, decoded.bytes);
        }
        at += decoded.is_valid ? decoded.bytes : 1;
        ++chars;
    }
    return line;
}

}  // namespace crm::sync
