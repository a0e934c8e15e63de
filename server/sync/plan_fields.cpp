// See plan_fields.h.
#include "server/sync/plan_fields.h"

#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

std::string label_of(const std::string& field) {
    const FieldSpec* spec = find_field(field);
    return spec == nullptr ? field : std::string(spec->label);
}

bool is_frozen(const Standing& standing, const std::string& field) {
    const auto found = standing.oscillations.find(field);
    return is_on(Rule::OscillationFreeze) && found != standing.oscillations.end() &&
           found->second.is_frozen;
}

/// Never sent, whatever its value.
bool is_left_out(const Contact& contact,
                 const Standing& standing,
                 const SystemSpec& system,
                 const std::string& field) {
    return system.direction_of(field) == Direction::In || is_frozen(standing, field) ||
           find_parked(contact, standing, system, field).has_value();
}

}  // namespace

std::string outgoing_text(const Contact& contact, const FieldSpec& spec, const SystemSpec& system) {
    const std::string& text = contact.fields.*(spec.member);
    if (!text.empty() || spec.wire != "name" || !system.is_name_required) return text;
    const std::string& email = contact.fields.email;
    const std::string local = email.substr(0, email.find('@'));
    return local.empty() ? display_name(contact.fields) : local;
}

Difference find_difference(const Contact& contact,
                           const Standing& standing,
                           const SystemSpec& system) {
    Difference difference;
    for (const std::string& field : system.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr || is_left_out(contact, standing, system, field)) continue;
        const std::string& ours = contact.fields.*(spec->member);
        const auto shadow = standing.link->fields.find(field);
        if (shadow != standing.link->fields.end()) {
            if (shadow->second.app == ours) continue;
        } else if (system.direction_of(field) != Direction::Out || ours.empty()) {
            // Never agreed on: the first reading adopts before anything is written. What is never
            // read is sent.
            continue;
        }
        difference.raw[field] = outgoing_text(contact, *spec, system);
        difference.app[field] = ours;
    }
    return difference;
}

Difference find_first_texts(const Contact& contact,
                            const Standing& standing,
                            const SystemSpec& system) {
    Difference texts;
    for (const std::string& field : system.fields) {
        const FieldSpec* spec = find_field(field);
        if (spec == nullptr || is_left_out(contact, standing, system, field)) continue;
        const std::string raw = outgoing_text(contact, *spec, system);
        if (raw.empty()) continue;
        texts.raw[field] = raw;
        texts.app[field] = contact.fields.*(spec->member);
    }
    return texts;
}

std::optional<ParkedValue> find_parked(const Contact& contact,
                                       const Standing& standing,
                                       const SystemSpec& system,
                                       const std::string& field) {
    const FieldSpec* spec = find_field(field);
    if (!is_on(Rule::Parking) || spec == nullptr) return std::nullopt;
    const std::string& ours = contact.fields.*(spec->member);
    const auto known = standing.parked.find(field);
    if (known != standing.parked.end() && known->second.app == ours) return known->second;
    const auto limit = system.chars_max.find(field);
    if (limit == system.chars_max.end() || count_chars(ours) <= limit->second) return std::nullopt;
    ParkedValue parked;
    parked.app = ours;
    parked.code = "too_long";
    parked.message = label_of(field) + " is kept here only: it has " +
                     std::to_string(count_chars(ours)) + " characters, and " + system.label +
                     " holds at most " + std::to_string(limit->second);
    return parked;
}

}  // namespace crm::sync
