// Which words are spelled nearly alike. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crm::store {

/// One folded word of a query, compared with many words.
class NearWord {
   public:
    explicit NearWord(std::string_view word);

    /// 0: the word stands in `term`. Else how many letters are wrong, missing, too much or swapped
    /// with their neighbour, at most one in a word of 4 letters and two from 8 on; from 5 letters
    /// on the term may go on after them ("mulle" is near "mullers"). nullopt: not near.
    [[nodiscard]] std::optional<std::size_t> distance_to(std::string_view term) const;

   private:
    std::string word_;
    std::u32string letters_;
};

}  // namespace crm::store
