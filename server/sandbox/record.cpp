// Splitting and joining names, and reading ids: pure.
#include "server/sandbox/record.h"

#include <algorithm>
#include <charconv>

#include "shared/text.h"

namespace crm::sandbox {

std::string_view key_of(System system) {
    switch (system) {
        case System::HubSpot:
            return "hubspot";
        case System::Pipedrive:
            return "pipedrive";
        case System::Practice:
            return "practice";
    }
    return "";
}

std::string_view label_of(System system) {
    switch (system) {
        case System::HubSpot:
            return "HubSpot";
        case System::Pipedrive:
            return "Pipedrive";
        case System::Practice:
            return "Practice CRM";
    }
    return "";
}

std::optional<System> find_system(std::string_view key) {
    for (const System system : kSystems) {
        if (key_of(system) == key) return system;
    }
    return std::nullopt;
}

std::string primary_of(const std::vector<Reach>& list) {
    for (const Reach& reach : list) {
        if (reach.is_primary) return reach.value;
    }
    return list.empty() ? std::string() : list.front().value;
}

void take_over(Record& record, const Record& other) {
    for (const auto field : {&Record::name,
                             &Record::first_name,
                             &Record::last_name,
                             &Record::job_title,
                             &Record::pronouns,
                             &Record::company,
                             &Record::marker}) {
        if ((record.*field).empty()) record.*field = other.*field;
    }
    if (record.phones.empty()) record.phones = other.phones;
    for (const Reach& reach : other.emails) {
        const std::optional<std::string> key = email_key(reach.value);
        const bool is_known =
            std::any_of(record.emails.begin(), record.emails.end(), [&](const Reach& own) {
                return own.value == reach.value || (key && email_key(own.value) == key);
            });
        if (is_known) continue;
        record.emails.push_back(reach);
        record.emails.back().is_primary = record.emails.size() == 1;
    }
    record.created_at = std::min(record.created_at, other.created_at);
}

SplitName split_name(std::string_view name) {
    const std::string clean = canonical_text(name);
    const std::size_t space = clean.find(' ');
    if (space == std::string::npos) return {clean, ""};
    return {clean.substr(0, space), clean.substr(space + 1)};
}

std::string join_name(std::string_view first, std::string_view rest) {
    std::string joined = trim(first);
    const std::string tail = trim(rest);
    if (!joined.empty() && !tail.empty()) joined += ' ';
    return joined + tail;
}

std::optional<std::int64_t> parse_id(std::string_view text) {
    constexpr std::size_t kDigitsMax = 18;  // always fits 64 bits
    if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
    if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::int64_t id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    return id;
}

}  // namespace crm::sandbox
