// Everything that a person ever typed, as values that exist once, and what each of them replaced:
// an edit is not lost while it, or one that a person typed over it, is still to be found.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "shared/contact.h"

namespace crm::test::sim {

/// What makes two values of a field the same one.
[[nodiscard]] std::string folded(const FieldSpec& spec, const std::string& value);

class Tokens {
   public:
    struct Typed {
        std::string parent;  // folded; what it was typed over
        std::string place;   // "app <id>", "hubspot 101"
        std::string field;
    };

    /// A value that nobody has typed before.
    std::string make(const std::string& field);
    void note(const std::string& place,
              const std::string& field,
              const std::string& value,
              const std::string& over);
    /// A person gave this value up knowingly, and all that led to it.
    void give_up(const std::string& field, const std::string& value);
    /// What was typed at a place that a person removed, and is nowhere else.
    void give_up_place(const std::string& place);

    /// What is neither among the kept values nor an ancestor of them.
    [[nodiscard]] std::vector<std::string> find_lost(const std::set<std::string>& kept) const;
    /// Folded. True when a person typed `later` over `earlier`, directly or step by step.
    [[nodiscard]] bool is_ancestor(const std::string& earlier, const std::string& later) const;
    [[nodiscard]] bool is_typed(const std::string& value) const { return typed_.contains(value); }

   private:
    std::map<std::string, Typed> typed_;  // by folded value
    std::set<std::string> given_up_;
    int count_ = 10'000;
};

}  // namespace crm::test::sim
