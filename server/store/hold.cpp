#include "server/store/hold.h"

#include <array>
#include <utility>

namespace crm::sync {
namespace {

constexpr std::array<std::pair<HoldReason, std::string_view>, 7> kWords{{
    {HoldReason::NoEmail, "no_email"},
    {HoldReason::Invalid, "invalid"},
    {HoldReason::Duplicate, "duplicate"},
    {HoldReason::Suppressed, "suppressed"},
    {HoldReason::Restored, "restored"},
    {HoldReason::Merged, "merged"},
    {HoldReason::Similar, "possible_duplicate"},
}};

}  // namespace

std::string_view hold_word(HoldReason reason) {
    for (const auto& [known, word] : kWords) {
        if (known == reason) return word;
    }
    return "invalid";
}

std::optional<HoldReason> find_hold_reason(std::string_view word) {
    for (const auto& [reason, known] : kWords) {
        if (known == word) return reason;
    }
    return std::nullopt;
}

std::string list_hold_words() {
    std::string text;
    for (std::size_t i = 0; i < kWords.size(); ++i) {
        if (i > 0) text += i + 1 < kWords.size() ? ", " : " or ";
        text += kWords.at(i).second;
    }
    return text;
}

}  // namespace crm::sync
