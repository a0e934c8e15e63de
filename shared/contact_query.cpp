// Order, pages and search. A cursor carries a checksum: it keeps out what this program did not
// write, by accident or by play; it is no secret, for a cursor shows nothing but where a page
// ended.
#include "shared/contact_query.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "shared/contact_parse.h"
#include "shared/limits.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm {
namespace {

constexpr std::string_view kCreatedAt = "createdAt";
constexpr std::string_view kUpdatedAt = "updatedAt";
constexpr std::string_view kDefaultSort = "name";

constexpr char kCursorForm = '1';  // of the encoding below; another form gets another digit
constexpr std::size_t kChecksumBytes = 4;

bool is_sort_field(std::string_view field) {
    if (field == kCreatedAt || field == kUpdatedAt) return true;
    const FieldSpec* spec = find_field(field);
    return spec != nullptr && spec->kind != FieldKind::MultiLine;
}

std::string sort_field_names() {
    std::string names;
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind != FieldKind::MultiLine) names += std::string(spec.wire) + ", ";
    }
    return names + std::string(kCreatedAt) + " or " + std::string(kUpdatedAt);
}

Error bad_request(std::string message) {
    return Error{ErrorCode::BadRequest, std::move(message)};
}

Result<SortKey> parse_sort_key(std::string_view text) {
    SortKey key{std::string(text), false};
    if (!text.empty() && text.front() == '-') key = {std::string(text.substr(1)), true};
    if (is_sort_field(key.field)) return key;
    return bad_request("Contacts cannot be sorted by “" + shorten_shown(key.field) + "”: sort by " +
                       sort_field_names() + ".");
}

/// FNV-1a.
std::uint32_t checksum(std::string_view bytes) {
    std::uint32_t hash = 2166136261U;
    for (const char byte : bytes) {
        hash ^= static_cast<std::uint8_t>(byte);
        hash *= 16777619U;
    }
    return hash;
}

std::string checksum_bytes(std::string_view bytes) {
    std::uint32_t hash = checksum(bytes);
    std::string text;
    for (std::size_t index = 0; index < kChecksumBytes; ++index) {
        text += static_cast<char>(static_cast<std::uint8_t>(hash & 0xFFU));
        hash >>= 8U;
    }
    return text;
}

/// Length in decimal, a colon, the bytes: "3:bob".
void append_part(std::string& bytes, std::string_view part) {
    bytes += std::to_string(part.size());
    bytes += ':';
    bytes += part;
}

std::optional<std::string> take_part(std::string_view& bytes) {
    constexpr std::size_t kLengthDigitsMax = 5;
    const std::size_t colon = bytes.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > kLengthDigitsMax) {
        return std::nullopt;
    }
    std::size_t length = 0;
    for (const char digit : bytes.substr(0, colon)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        length = length * 10 + static_cast<std::size_t>(digit - '0');
    }
    bytes.remove_prefix(colon + 1);
    if (length > bytes.size()) return std::nullopt;
    std::string part(bytes.substr(0, length));
    bytes.remove_prefix(length);
    return part;
}

std::optional<Cursor> read_cursor(std::string_view text) {
    const std::optional<std::string> decoded = base64url_decode(text);
    if (!decoded || decoded->size() < kChecksumBytes) return std::nullopt;
    std::string_view bytes = *decoded;
    const std::string_view sum = bytes.substr(0, kChecksumBytes);
    bytes.remove_prefix(kChecksumBytes);
    if (sum != checksum_bytes(bytes) || bytes.empty() || bytes.front() != kCursorForm) {
        return std::nullopt;
    }
    bytes.remove_prefix(1);
    std::optional<std::string> id = take_part(bytes);
    if (!id || id->empty() || !is_utf8(*id)) return std::nullopt;
    Cursor cursor{{}, std::move(*id)};
    while (!bytes.empty()) {
        std::optional<std::string> value = take_part(bytes);
        if (!value || !is_utf8(*value)) return std::nullopt;
        cursor.values.push_back(std::move(*value));
    }
    return cursor;
}

/// -1, 0, 1. The empty text comes last, whichever way the rest is turned.
int compare_values(const std::string& left, const std::string& right, const SortKey& key) {
    if (left == right) return 0;
    if (left.empty()) return 1;
    if (right.empty()) return -1;
    return (left < right) != key.is_descending ? -1 : 1;
}

bool is_phone_char(char letter) {
    return (letter >= '0' && letter <= '9') ||
           std::string_view{"+-()./"}.find(letter) != std::string_view::npos;
}

struct Umlaut {
    std::string_view letter;
    std::string_view written_out;
    char folded;
};
constexpr std::array<Umlaut, 6> kUmlauts{{{"ä", "ae", 'a'},
                                          {"ö", "oe", 'o'},
                                          {"ü", "ue", 'u'},
                                          {"Ä", "ae", 'a'},
                                          {"Ö", "oe", 'o'},
                                          {"Ü", "ue", 'u'}}};

/// "Müller" -> "Mueller".
std::string write_umlauts_out(std::string_view text) {
    std::string written;
    while (!text.empty()) {
        const auto* const umlaut =
            std::find_if(kUmlauts.begin(), kUmlauts.end(), [&](const Umlaut& one) {
                return text.substr(0, one.letter.size()) == one.letter;
            });
        const bool is_one = umlaut != kUmlauts.end();
        written += is_one ? umlaut->written_out : text.substr(0, 1);
        text.remove_prefix(is_one ? umlaut->letter.size() : 1);
    }
    return written;
}

/// "mueller" -> "muller", as fold() makes it of "müller". Of a short word ("sue", "joel") too
/// little would be left: "".
std::string draw_umlauts_together(std::string_view folded) {
    constexpr std::size_t kBytesMin = 5;
    std::string drawn;
    for (std::size_t index = 0; index < folded.size(); ++index) {
        drawn += folded[index];
        const bool is_one =
            std::any_of(kUmlauts.begin(), kUmlauts.end(), [&](const Umlaut& umlaut) {
                return folded.substr(index, 2) == umlaut.written_out;
            });
        if (is_one) ++index;
    }
    return drawn.size() >= kBytesMin ? drawn : std::string{};
}

void add_form(SearchForms& forms, const std::string& form) {
    if (form.empty() || std::find(forms.begin(), forms.end(), form) != forms.end()) return;
    forms.push_back(form);
}

void append_line(std::string& text, std::string_view line) {
    if (line.empty()) return;
    text += line;
    text += '\n';
}

}  // namespace

Result<std::vector<SortKey>> parse_sort(std::string_view text) {
    std::vector<SortKey> keys;
    bool is_more = !text.empty();
    while (is_more) {
        const std::size_t comma = text.find(',');
        SortKey key = CRM_TRY(parse_sort_key(text.substr(0, comma)));
        const bool is_known = std::any_of(keys.begin(), keys.end(), [&key](const SortKey& other) {
            return other.field == key.field;
        });
        if (is_known) return bad_request("Contacts are sorted by " + key.field + " once only.");
        keys.push_back(std::move(key));
        if (keys.size() > kSortKeysMax) {
            return bad_request("Contacts can be sorted by " + std::to_string(kSortKeysMax) +
                               " fields at most.");
        }
        is_more = comma != std::string_view::npos;
        if (is_more) text.remove_prefix(comma + 1);
    }
    return keys;
}

Result<Deleted> parse_deleted(std::string_view text) {
    if (text == "false") return Deleted::Hidden;
    if (text == "true") return Deleted::Included;
    if (text == "only") return Deleted::Only;
    return Error{ErrorCode::BadRequest, "The parameter deleted must be false, true or only"};
}

std::string format_sort(const std::vector<SortKey>& keys) {
    std::string text;
    for (const SortKey& key : keys) {
        if (!text.empty()) text += ',';
        if (key.is_descending) text += '-';
        text += key.field;
    }
    return text;
}

std::string format_cursor(const Cursor& cursor) {
    std::string bytes(1, kCursorForm);
    append_part(bytes, cursor.id);
    for (const std::string& value : cursor.values) append_part(bytes, value);
    return base64url_encode(checksum_bytes(bytes) + bytes);
}

Result<Cursor> parse_cursor(std::string_view text, std::size_t key_count) {
    std::optional<Cursor> cursor = read_cursor(text);
    if (!cursor || cursor->values.size() != key_count) {
        return bad_request(
            "This cursor does not belong to this list: ask for the first page again.");
    }
    return std::move(*cursor);
}

std::string sort_value(const Contact& contact, std::string_view field) {
    if (field == kCreatedAt) return format_time(contact.created_at);
    if (field == kUpdatedAt) return format_time(contact.updated_at);
    const FieldSpec* spec = find_field(field);
    return spec != nullptr ? fold(contact.fields.*spec->member) : std::string{};
}

std::string search_text(const ContactFields& fields) {
    std::string text;
    for (const FieldSpec& spec : kContactFields) append_line(text, fold(fields.*spec.member));
    for (const ListFieldSpec& spec : kContactListFields) {
        for (const LabeledValue& entry : fields.*spec.member) append_line(text, fold(entry.value));
    }
    for (const std::string& tag : fields.tags) append_line(text, fold(tag));
    append_line(text, digits_of(fields.phone));
    for (const LabeledValue& entry : fields.more_phones) {
        append_line(text, digits_of(entry.value));
    }
    return text;
}

std::vector<std::string> search_words(std::string_view text) {
    const std::string folded = fold(text);
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin < folded.size();) {
        const std::size_t end = std::min(folded.find(' ', begin), folded.size());
        if (end > begin) words.push_back(folded.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

std::string phone_digits_of_word(std::string_view word) {
    constexpr std::size_t kDigitsMin = 3;
    if (!std::all_of(word.begin(), word.end(), is_phone_char)) return {};
    std::string digits = digits_of(word);
    return digits.size() >= kDigitsMin ? digits : std::string{};
}

std::vector<SearchForms> search_forms(std::string_view text) {
    const std::vector<std::string> written_out = search_words(write_umlauts_out(text));
    std::vector<SearchForms> words;
    for (std::string& folded : search_words(text)) {
        SearchForms forms{folded};
        const std::string digits = phone_digits_of_word(folded);
        const std::size_t place = words.size();
        add_form(forms, place < written_out.size() ? written_out[place] : "");
        add_form(forms, draw_umlauts_together(folded));
        add_form(forms, digits);
        words.push_back(std::move(forms));
    }
    return words;
}

bool finds_word(std::string_view haystack, const SearchForms& word) {
    return std::any_of(word.begin(), word.end(), [&](const std::string& form) {
        return haystack.find(form) != std::string_view::npos;
    });
}

bool matches(const Contact& contact, const ContactQuery& query) {
    if (query.deleted == Deleted::Hidden && contact.deleted) return false;
    if (query.deleted == Deleted::Only && !contact.deleted) return false;
    if (!matches_filter(contact, query.filter)) return false;
    const std::vector<SearchForms> words = search_forms(query.text);
    if (words.empty()) return true;
    const std::string haystack = search_text(contact.fields);
    return std::all_of(words.begin(), words.end(), [&haystack](const SearchForms& word) {
        return finds_word(haystack, word);
    });
}

bool less(const Contact& left, const Contact& right, const std::vector<SortKey>& sort) {
    const std::vector<SortKey> by_name{{std::string(kDefaultSort), false}};
    for (const SortKey& key : sort.empty() ? by_name : sort) {
        const int order =
            compare_values(sort_value(left, key.field), sort_value(right, key.field), key);
        if (order != 0) return order < 0;
    }
    return left.id < right.id;
}

}  // namespace crm
