// A record of a system that is seen and not taken over, or that a person should look at, as plain
// data.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "shared/ids.h"
#include "shared/time_text.h"

namespace crm::sync {

/// Wire name of a text field -> its text.
using FieldTexts = std::map<std::string, std::string>;

enum class HoldReason {
    NoEmail,
    Invalid,
    Duplicate,
    Suppressed,
    Restored,
    Merged,   // two records of ours became one over there
    Similar,  // taken over as a contact of its own, which may be somebody known
};

/// A reason in a word, as it is stored and travels. DO NOT RENAME.
[[nodiscard]] std::string_view hold_word(HoldReason reason);
/// nullopt: no such word.
[[nodiscard]] std::optional<HoldReason> find_hold_reason(std::string_view word);
/// All words, for a sentence: "no_email, invalid, … or merged".
[[nodiscard]] std::string list_hold_words();

/// A record that is seen but not taken over, and why.
struct Hold {
    HoldReason reason = HoldReason::NoEmail;
    std::string message;  // what a person should know
    std::string title;    // name or e-mail of the record
    ContactId contact;    // the one that it collides with, if any
    TimePoint since{};
    FieldTexts values;                   // what the record shows
    ContactId suggested;                 // a contact that may be the same person, by phone
    std::string suggestion;              // why, or why nobody is suggested, in a sentence
    bool is_suggestion_refused = false;  // a person said no

    /// A person has not said yet whether the record is the contact's; until then the contact gets
    /// none of its own.
    [[nodiscard]] bool is_awaited() const {
        return suggested.is_set() && !is_suggestion_refused && reason != HoldReason::Similar;
    }
    bool operator==(const Hold&) const = default;
};

}  // namespace crm::sync
