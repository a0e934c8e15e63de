// Which contacts, in which order, which page. Parsing of `sort` and `cursor`; matches() and less()
// are what the client uses on its own and the oracle for the server's SQL.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"
#include "shared/contact_filter.h"
#include "shared/limits.h"
#include "shared/result.h"

namespace crm {

enum class Deleted { Hidden, Included, Only };

/// Wire names that may be sorted by: the text fields but notes, and createdAt, updatedAt.
struct SortKey {
    std::string field;
    bool is_descending = false;

    bool operator==(const SortKey&) const = default;
};

struct ContactQuery {
    std::string text;           // every word must be found in some field; empty matches everyone
    std::vector<SortKey> sort;  // empty: by name; the id always breaks ties
    Deleted deleted = Deleted::Hidden;
    int limit = kPageSizeDefault;  // 1..kPageSizeMax
    std::string cursor;            // as given out with the page before; empty: first page
    ContactFilter filter = {};

    bool operator==(const ContactQuery&) const = default;
};

/// "name,-updatedAt"; BadRequest names the key that is unknown.
[[nodiscard]] Result<std::vector<SortKey>> parse_sort(std::string_view text);
/// "false", "true", "only"; BadRequest otherwise.
[[nodiscard]] Result<Deleted> parse_deleted(std::string_view text);
[[nodiscard]] std::string format_sort(const std::vector<SortKey>& keys);

/// Keyset cursor: the sort values of the last row of a page, and its id. Opaque outside.
struct Cursor {
    std::vector<std::string> values;  // folded texts or times, one per sort key
    std::string id;

    bool operator==(const Cursor&) const = default;
};
[[nodiscard]] std::string format_cursor(const Cursor& cursor);
[[nodiscard]] Result<Cursor> parse_cursor(std::string_view text, std::size_t key_count);

/// The value a contact is sorted by: fold() of a text field, format_time() of a time. Empty texts
/// sort last in both directions: that is the caller's (and less()'s) rule.
[[nodiscard]] std::string sort_value(const Contact& contact, std::string_view field);

/// The text that search looks in: folded fields joined, and the digits of the phones after them.
[[nodiscard]] std::string search_text(const ContactFields& fields);

/// The folded words of a query.
[[nodiscard]] std::vector<std::string> search_words(std::string_view text);

/// The digits of a word that looks like a part of a phone ("+44-20", at least 3 digits), else "".
[[nodiscard]] std::string phone_digits_of_word(std::string_view word);

/// How one word of a query may stand in a search_text(): folded, with a German umlaut written out
/// or not ("müller", "mueller"), and as the digits of a phone. Never empty.
using SearchForms = std::vector<std::string>;
/// One per word of a query.
[[nodiscard]] std::vector<SearchForms> search_forms(std::string_view text);

/// Whether a form is found in `haystack`, a search_text().
[[nodiscard]] bool finds_word(std::string_view haystack, const SearchForms& word);

[[nodiscard]] bool matches(const Contact& contact, const ContactQuery& query);
[[nodiscard]] bool less(const Contact& left,
                        const Contact& right,
                        const std::vector<SortKey>& sort);

}  // namespace crm
