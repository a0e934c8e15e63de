#include "tests/server/sync/sim/tokens.h"

#include "shared/text.h"

namespace crm::test::sim {

std::string folded(const FieldSpec& spec, const std::string& value) {
    switch (spec.kind) {
        case FieldKind::Email:
            return email_key(value).value_or(value);
        case FieldKind::Phone:
            return digits_of(value);
        case FieldKind::Line:
        case FieldKind::MultiLine:
            break;
    }
    return canonical_text(value);
}

std::string Tokens::make(const std::string& field) {
    const std::string number = std::to_string(++count_);
    if (field == "email") return "P" + number + "@Example.org";
    if (field == "phone") return "+44 20 7" + number;
    return field + " " + number;
}

void Tokens::note(const std::string& place,
                  const std::string& field,
                  const std::string& value,
                  const std::string& over) {
    const FieldSpec& spec = *find_field(field);
    typed_.try_emplace(folded(spec, value), Typed{folded(spec, over), place, field});
}

void Tokens::give_up(const std::string& field, const std::string& value) {
    given_up_.insert(folded(*find_field(field), value));
}

void Tokens::give_up_place(const std::string& place) {
    for (const auto& [value, typed] : typed_) {
        if (typed.place == place) given_up_.insert(value);
    }
}

std::vector<std::string> Tokens::find_lost(const std::set<std::string>& kept) const {
    std::set<std::string> safe;
    const auto keep = [&](std::string value) {
        while (!value.empty() && safe.insert(value).second) {
            const auto found = typed_.find(value);
            if (found == typed_.end()) return;
            value = found->second.parent;
        }
    };
    for (const std::string& value : kept) keep(value);
    for (const std::string& value : given_up_) keep(value);
    std::vector<std::string> lost;
    for (const auto& [value, typed] : typed_) {
        if (!safe.contains(value))
            lost.push_back(typed.field + " “" + value + "”, typed at " + typed.place);
    }
    return lost;
}

bool Tokens::is_ancestor(const std::string& earlier, const std::string& later) const {
    std::set<std::string> seen;
    std::string value = later;
    while (!value.empty() && seen.insert(value).second) {
        if (value == earlier) return true;
        const auto found = typed_.find(value);
        if (found == typed_.end()) return false;
        value = found->second.parent;
    }
    return false;
}

}  // namespace crm::test::sim
