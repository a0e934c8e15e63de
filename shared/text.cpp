// Text helpers. Every loop decodes by decode_char, which moves on even over bytes that are not
// UTF-8: nothing here can hang or read too far, whatever it is given.
#include "shared/text.h"

#include "shared/fold.h"
#include "shared/limits.h"
#include "shared/utf8.h"

namespace crm {
namespace {

/// Calls visit(decoded, bytes of the character) for every character.
template <class Visit>
void for_each_char(std::string_view text, Visit visit) {
    for (std::size_t position = 0; position < text.size();) {
        const DecodedChar decoded = decode_char(text, position);
        visit(decoded, text.substr(position, decoded.bytes));
        position += decoded.bytes;
    }
}

bool is_space(const DecodedChar& decoded) {
    return decoded.is_valid && is_space_char(decoded.value);
}

/// Where the text begins and ends once white space is cut off.
std::string_view trimmed_view(std::string_view text) {
    std::size_t begin = text.size();
    std::size_t end = 0;
    std::size_t position = 0;
    for_each_char(text, [&](const DecodedChar& decoded, std::string_view bytes) {
        if (!is_space(decoded)) {
            if (begin > position) begin = position;
            end = position + bytes.size();
        }
        position += bytes.size();
    });
    return begin < end ? text.substr(begin, end - begin) : std::string_view{};
}

/// Punctuation that no address has outside quotes, and that pasted text brings along:
/// "<ann@x.org>;".
bool is_address_punctuation(char32_t value) {
    return std::u32string_view{U"<>()[],;:\\\""}.find(value) != std::u32string_view::npos;
}

bool has_only_address_chars(std::string_view text) {
    bool is_good = true;
    for_each_char(text, [&](const DecodedChar& decoded, std::string_view) {
        is_good = is_good && decoded.is_valid && !is_space_char(decoded.value) &&
                  !is_control_char(decoded.value) && !is_invisible_char(decoded.value) &&
                  !is_address_punctuation(decoded.value);
    });
    return is_good;
}

/// "localhost", or at least two labels, none of them empty.
bool is_address_domain(std::string_view domain) {
    if (domain == "localhost") return true;
    if (domain.find('.') == std::string_view::npos) return false;
    return domain.front() != '.' && domain.back() != '.' &&
           domain.find("..") == std::string_view::npos;
}

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t position = 0; position < text.size();) {
        const DecodedChar decoded = decode_char(text, position);
        if (!decoded.is_valid) return false;
        position += decoded.bytes;
    }
    return true;
}

std::size_t count_chars(std::string_view text) {
    std::size_t count = 0;
    for_each_char(text, [&count](const DecodedChar&, std::string_view) { ++count; });
    return count;
}

std::string trim(std::string_view text) {
    return std::string(trimmed_view(text));
}

bool has_forbidden_control(std::string_view text) {
    bool has_one = false;
    for_each_char(text, [&has_one](const DecodedChar& decoded, std::string_view) {
        if (decoded.value == U'\t' || decoded.value == U'\n' || !decoded.is_valid) return;
        has_one = has_one || is_control_char(decoded.value);
    });
    return has_one;
}

std::string fold(std::string_view text) {
    std::string folded;
    folded.reserve(text.size());
    bool was_space = false;
    for_each_char(text, [&](const DecodedChar& decoded, std::string_view bytes) {
        const bool is_gap = is_space(decoded);
        if (is_gap && !was_space) folded += ' ';
        was_space = is_gap;
        if (is_gap) return;
        if (decoded.is_valid) {
            append_folded_char(folded, decoded.value);
        } else {
            folded += bytes;
        }
    });
    return folded;
}

std::string canonical_text(std::string_view text) {
    std::string canonical;
    canonical.reserve(text.size());
    bool was_space = false;
    for_each_char(trimmed_view(text), [&](const DecodedChar& decoded, std::string_view bytes) {
        const bool is_gap = is_space(decoded);
        if (is_gap && !was_space) canonical += ' ';
        if (!is_gap) canonical += bytes;
        was_space = is_gap;
    });
    return canonical;
}

std::string lower_text(std::string_view text) {
    std::string lower;
    lower.reserve(text.size());
    for_each_char(text, [&lower](const DecodedChar& decoded, std::string_view bytes) {
        if (decoded.is_valid) {
            append_char(lower, lower_char(decoded.value));
        } else {
            lower += bytes;
        }
    });
    return lower;
}

std::optional<std::string> email_key(std::string_view text) {
    const std::string_view address = trimmed_view(text);
    if (count_chars(address) > kEmailCharsMax || !has_only_address_chars(address)) {
        return std::nullopt;
    }
    const std::size_t at = address.find('@');
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    if (address.find('@', at + 1) != std::string_view::npos) return std::nullopt;
    std::string key = lower_text(address);
    const std::string domain = key.substr(key.find('@') + 1);
    if (!is_address_domain(domain)) return std::nullopt;
    return key;
}

std::optional<std::string> phone_key(std::string_view text) {
    constexpr std::size_t kDigitsMin = 5;
    std::string digits = digits_of(text);
    bool is_international = false;
    bool is_at_start = true;
    for_each_char(text, [&](const DecodedChar& decoded, std::string_view) {
        if (digit_value(decoded.value) >= 0) is_at_start = false;
        if (is_at_start && (decoded.value == U'+' || decoded.value == 0xFF0B)) {
            is_international = true;
        }
    });
    if (!is_international && digits.rfind("00", 0) == 0) {
        is_international = true;
        digits.erase(0, 2);
    }
    if (digits.size() < kDigitsMin) return std::nullopt;
    return is_international ? "+" + digits : digits;
}

std::string digits_of(std::string_view text) {
    std::string digits;
    for_each_char(text, [&digits](const DecodedChar& decoded, std::string_view) {
        const int value = decoded.is_valid ? digit_value(decoded.value) : -1;
        if (value >= 0) digits += static_cast<char>('0' + value);
    });
    return digits;
}

std::string as_sentence(std::string_view text) {
    std::string sentence(text);
    const bool is_ended = sentence.empty() || sentence.find_last_of(".!?") == sentence.size() - 1;
    if (!is_ended) sentence += '.';
    return sentence;
}

}  // namespace crm
