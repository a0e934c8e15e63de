// A property is known by the key it is written under and by the paths it is read from, whatever the
// case and the separators: "job_title" and "jobtitle" are both our jobTitle.
#include "server/sync/connectors/refused_fields.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace crm::sync {
namespace {

std::string plain(std::string_view name) {
    std::string text;
    for (const char letter : name) {
        if (letter == '_' || letter == '-' || letter == ' ') continue;
        const bool is_upper = letter >= 'A' && letter <= 'Z';
        text += is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return text;
}

/// "fields.emails[].value" -> "emails".
std::string property_of(std::string_view path) {
    constexpr std::string_view kValue = ".value";
    if (path.ends_with(kValue)) path.remove_suffix(kValue.size());
    path = path.substr(0, path.find('['));
    const std::size_t dot = path.rfind('.');
    return plain(dot == std::string_view::npos ? path : path.substr(dot + 1));
}

bool is_meant(const FieldMapping& mapping, const std::string& name) {
    if (name.empty()) return false;
    if (name == plain(mapping.write) || name == plain(mapping.write_rest)) return true;
    for (std::string_view path : mapping.read) {
        while (!path.empty()) {
            const std::size_t end = std::min(path.find('+'), path.size());
            if (name == property_of(path.substr(0, end))) return true;
            path.remove_prefix(std::min(end + 1, path.size()));
        }
    }
    return false;
}

/// What the file adds to a create by itself.
bool is_addition(const ConnectorSpec& spec, const std::string& name) {
    if (name.empty()) return false;
    if (name == plain(spec.marker_write)) return true;
    for (const std::string& path : spec.marker_read) {
        if (name == property_of(path)) return true;
    }
    return std::any_of(spec.constants.begin(), spec.constants.end(), [&](const auto& constant) {
        return name == plain(constant.first);
    });
}

}  // namespace

CallOutcome name_refused_fields(CallOutcome outcome,
                                const ConnectorSpec& spec,
                                const RemoteValues& sent) {
    const std::vector<std::string> names = std::exchange(outcome.refused_fields, {});
    if (outcome.end != CallEnd::Refused) return outcome;
    for (const FieldMapping& mapping : spec.mappings) {
        const bool is_named = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return is_meant(mapping, plain(name));
        });
        if (is_named && sent.contains(mapping.field)) {
            outcome.refused_fields.push_back(mapping.field);
        }
    }
    const bool is_file_wrong =
        outcome.refused_fields.empty() &&
        std::any_of(names.begin(), names.end(), [&](const std::string& name) {
            return is_addition(spec, plain(name));
        });
    if (is_file_wrong && outcome.problem.code == "refused") outcome.problem.code = "unknown_field";
    const std::string& code = outcome.problem.code;
    const bool is_about_email = code == "invalid_email" || code == "email_taken";
    if (is_about_email && outcome.refused_fields.empty() && sent.contains("email")) {
        outcome.refused_fields.emplace_back("email");
    }
    return outcome;
}

}  // namespace crm::sync
