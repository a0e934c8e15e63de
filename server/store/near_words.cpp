#include "server/store/near_words.h"

#include <algorithm>
#include <array>
#include <vector>

#include "shared/utf8.h"

namespace crm::store {
namespace {

constexpr std::size_t kOneEditFrom = 4;
constexpr std::size_t kGoesOnFrom = 5;
constexpr std::size_t kTwoEditsFrom = 8;

std::u32string letters_of(std::string_view text) {
    std::u32string letters;
    for (std::size_t position = 0; position < text.size();) {
        const DecodedChar letter = decode_char(text, position);
        letters += letter.value;
        position += letter.bytes;
    }
    return letters;
}

std::size_t edits_allowed(std::size_t letters) {
    if (letters < kOneEditFrom) return 0;
    return letters < kTwoEditsFrom ? 1 : 2;
}

}  // namespace

NearWord::NearWord(std::string_view word) : word_(word), letters_(letters_of(word)) {}

std::optional<std::size_t> NearWord::distance_to(std::string_view term) const {
    if (term.find(word_) != std::string_view::npos) return 0;
    const std::size_t most = edits_allowed(letters_.size());
    // A letter has at least one byte and at most four.
    if (most == 0 || term.size() + most < letters_.size()) return std::nullopt;
    std::u32string other = letters_of(term);
    const bool can_go_on = letters_.size() >= kGoesOnFrom;
    if (!can_go_on && other.size() > letters_.size() + most) return std::nullopt;
    other.resize(std::min(other.size(), letters_.size() + most));

    // Rows of the table of distances (optimal string alignment): the last but one, the last, this.
    std::array<std::vector<std::size_t>, 3> rows;
    for (auto& row : rows) row.resize(other.size() + 1);
    for (std::size_t column = 0; column <= other.size(); ++column) rows[1][column] = column;
    for (std::size_t line = 1; line <= letters_.size(); ++line) {
        std::vector<std::size_t>& now = rows[2];
        now[0] = line;
        for (std::size_t column = 1; column <= other.size(); ++column) {
            const bool is_same = letters_[line - 1] == other[column - 1];
            now[column] = std::min({rows[1][column] + 1,
                                    now[column - 1] + 1,
                                    rows[1][column - 1] + (is_same ? 0 : 1)});
            const bool is_swapped = line > 1 && column > 1 &&
                                    letters_[line - 1] == other[column - 2] &&
                                    letters_[line - 2] == other[column - 1];
            if (is_swapped) now[column] = std::min(now[column], rows[0][column - 2] + 1);
        }
        if (*std::min_element(now.begin(), now.end()) > most) return std::nullopt;
        std::rotate(rows.begin(), rows.begin() + 1, rows.end());
    }
    const std::vector<std::size_t>& last = rows[1];
    const std::size_t distance =
        can_go_on ? *std::min_element(last.begin(), last.end()) : last.back();
    if (distance > most) return std::nullopt;
    return std::max<std::size_t>(distance, 1);
}

}  // namespace crm::store
