#include "server/exchange/vcard_label.h"

#include <array>

#include "shared/text.h"

namespace crm::exchange {
namespace {

struct Word {
    std::string_view type;
    std::string_view label;
    bool is_of_phones_only;
};

constexpr std::array<Word, 5> kWords{{
    {"work", "work", false},
    {"home", "home", false},
    {"cell", "mobile", true},
    {"fax", "fax", true},
    {"pager", "pager", true},
}};

}  // namespace

std::string type_of_label(FieldKind kind, std::string_view label) {
    for (const Word& word : kWords) {
        const bool is_meant = !word.is_of_phones_only || kind == FieldKind::Phone;
        if (is_meant && word.label == label) return std::string(word.type);
    }
    return {};
}

std::string label_of_type(FieldKind kind, std::string_view type) {
    const std::string lower = lower_text(type);
    for (const Word& word : kWords) {
        const bool is_meant = !word.is_of_phones_only || kind == FieldKind::Phone;
        if (is_meant && word.type == lower) return std::string(word.label);
    }
    return {};
}

}  // namespace crm::exchange
