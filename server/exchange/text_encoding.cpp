#include "server/exchange/text_encoding.h"

#include <algorithm>
#include <array>

#include "shared/text.h"
#include "shared/utf8.h"

namespace crm::exchange {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LeMark = "\xFF\xFE";
constexpr std::string_view kUtf16BeMark = "\xFE\xFF";
constexpr char32_t kByteOrderMark = 0xFEFF;
constexpr std::size_t kBeginningBytes = 1024;

/// 0x80 to 0x9F, where Windows-1252 differs from Latin-1. What it leaves free stays a control
/// character, which no field takes.
constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

Error broken(Encoding encoding) {
    return {ErrorCode::InvalidArgument,
            "The file holds bytes that are not " + std::string(encoding_name(encoding)) +
                ", so nothing was read; save it again as UTF-8"};
}

/// How many bytes at the end begin a letter of UTF-8 that is not complete: 0 to 3.
std::size_t incomplete_bytes(std::string_view bytes) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, bytes.size()); ++back) {
        const auto lead = static_cast<unsigned char>(bytes[bytes.size() - back]);
        if (lead < 0x80) return 0;
        if (lead < 0xC0) continue;
        const std::size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        return needed > back ? back : 0;
    }
    return 0;
}

std::string from_windows_1252(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    for (const char byte : bytes) {
        const auto value = static_cast<unsigned char>(byte);
        const bool is_special = value >= 0x80 && value <= 0x9F;
        append_char(text, is_special ? kWindows1252.at(value - 0x80U) : value);
    }
    return text;
}

/// Text in UTF-16 without its mark: most letters of a table are ASCII, so every other byte is zero.
bool has_zeros_at(std::string_view bytes, std::size_t first) {
    std::size_t zeros = 0;
    for (std::size_t position = first; position < bytes.size(); position += 2) {
        if (bytes[position] == '\0') ++zeros;
    }
    return zeros > 0 && zeros * 4 > bytes.size();
}

bool has_no_zeros_at(std::string_view bytes, std::size_t first) {
    for (std::size_t position = first; position < bytes.size(); position += 2) {
        if (bytes[position] == '\0') return false;
    }
    return true;
}

}  // namespace

std::string_view encoding_name(Encoding encoding) {
    switch (encoding) {
        case Encoding::Utf8:
            return "UTF-8";
        case Encoding::Utf16Le:
            return "UTF-16LE";
        case Encoding::Utf16Be:
            return "UTF-16BE";
        case Encoding::Windows1252:
            return "Windows-1252";
    }
    return "";
}

void EncodingGuess::feed(std::string_view bytes) {
    if (beginning_.size() < kBeginningBytes) {
        beginning_ += bytes.substr(0, kBeginningBytes - beginning_.size());
    }
    if (!is_utf8_) return;
    tail_ += bytes;
    const std::size_t complete = tail_.size() - incomplete_bytes(tail_);
    is_utf8_ = is_utf8(std::string_view(tail_).substr(0, complete));
    tail_.erase(0, complete);
}

Encoding EncodingGuess::result() const {
    if (beginning_.starts_with(kUtf8Mark)) return Encoding::Utf8;
    if (beginning_.starts_with(kUtf16LeMark)) return Encoding::Utf16Le;
    if (beginning_.starts_with(kUtf16BeMark)) return Encoding::Utf16Be;
    if (has_zeros_at(beginning_, 1) && has_no_zeros_at(beginning_, 0)) return Encoding::Utf16Le;
    if (has_zeros_at(beginning_, 0) && has_no_zeros_at(beginning_, 1)) return Encoding::Utf16Be;
    return is_utf8_ && tail_.empty() ? Encoding::Utf8 : Encoding::Windows1252;
}

Result<std::string> Decoder::feed(std::string_view bytes) {
    switch (encoding_) {
        case Encoding::Utf8:
            return feed_utf8(bytes);
        case Encoding::Utf16Le:
        case Encoding::Utf16Be:
            return feed_utf16(bytes);
        case Encoding::Windows1252:
            return from_windows_1252(bytes);
    }
    return std::string();
}

Result<std::string> Decoder::feed_utf8(std::string_view bytes) {
    tail_ += bytes;
    const std::size_t complete = tail_.size() - incomplete_bytes(tail_);
    std::string text = tail_.substr(0, complete);
    tail_.erase(0, complete);
    if (!is_utf8(text)) return broken(encoding_);
    if (!is_begun_ && !text.empty()) {
        is_begun_ = true;
        if (text.starts_with(kUtf8Mark)) text.erase(0, kUtf8Mark.size());
    }
    return text;
}

Result<std::string> Decoder::feed_utf16(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) {
        tail_ += byte;
        if (tail_.size() < 2) continue;
        const auto first = static_cast<unsigned char>(tail_[0]);
        const auto second = static_cast<unsigned char>(tail_[1]);
        tail_.clear();
        const bool is_big = encoding_ == Encoding::Utf16Be;
        const char32_t unit = is_big ? first * 256U + second : second * 256U + first;
        const bool is_mark = !is_begun_ && unit == kByteOrderMark;
        is_begun_ = true;
        if (is_mark) continue;
        const bool is_high = unit >= 0xD800 && unit < 0xDC00;
        const bool is_low = unit >= 0xDC00 && unit < 0xE000;
        if (is_low != (surrogate_ != 0)) return broken(encoding_);
        if (is_high) {
            surrogate_ = unit;
        } else if (is_low) {
            append_char(text, 0x10000 + (surrogate_ - 0xD800) * 0x400 + (unit - 0xDC00));
            surrogate_ = 0;
        } else {
            append_char(text, unit);
        }
    }
    return text;
}

Status Decoder::finish() const {
    if (tail_.empty() && surrogate_ == 0) return {};
    return broken(encoding_);
}

}  // namespace crm::exchange
