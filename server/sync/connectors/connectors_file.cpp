// The systems that need no file, and reading the file from disk.
#include "server/sync/connectors/connectors_file.h"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string_view>

#include "server/limits.h"
#include "server/sync/connectors/digest.h"

namespace crm::sync {
namespace {

constexpr std::size_t kMappingHashChars = 32;  // of SHA-256 in hexadecimal

std::vector<std::string> field_names(const std::vector<FieldMapping>& mappings) {
    std::vector<std::string> names;
    names.reserve(mappings.size());
    for (const FieldMapping& mapping : mappings) names.push_back(mapping.field);
    return names;
}

ConnectorSpec builtin(const char* key, const char* label) {
    ConnectorSpec spec = plain_connector(key);
    spec.system.label = label;
    spec.mappings = default_mappings(InputStyle::Flat);
    return spec;
}

std::string_view word_of(Direction direction) {
    switch (direction) {
        case Direction::Both:
            return "both";
        case Direction::In:
            return "in";
        case Direction::Out:
            return "out";
    }
    return "";
}

/// Everything that changes what a value of a record means, one thing a line. Labels, limits and
/// addresses do not.
std::string meaning_of(const ConnectorSpec& spec) {
    std::string text = spec.style == InputStyle::Flat ? "flat\n" : "fields\n";
    const auto add_paths = [&](const std::vector<std::string>& paths) {
        for (const std::string& path : paths) text += " " + path;
        text += '\n';
    };
    for (const FieldMapping& mapping : spec.mappings) {
        text += mapping.field + " " + std::string(word_of(spec.system.direction_of(mapping.field)));
        text += " >" + mapping.write + " >" + mapping.write_rest + " <";
        add_paths(mapping.read);
    }
    text += "marker " + spec.marker_write + " <";
    add_paths(spec.marker_read);
    text += spec.system.is_version_trusted ? "version" : "no version";
    add_paths(spec.version);
    return text;
}

}  // namespace

ConnectorSpec plain_connector(const std::string& key) {
    ConnectorSpec spec;
    spec.system.key = SystemKey(key);
    spec.system.label = key;
    spec.connection = key;
    // As Integration.app's mapped records have them, as Pipedrive's and as HubSpot's own.
    spec.other_emails = {
        "fields.emails[].value", "fields.email[].value", "fields.hs_additional_emails"};
    return spec;
}

std::vector<std::string> default_marker_paths(const std::string& key) {
    return {"fields." + key, key};
}

void seal(ConnectorSpec& spec) {
    SystemSpec& system = spec.system;
    system.fields = field_names(spec.mappings);
    system.has_get = !spec.get_action.empty();
    system.has_marker = !spec.marker_write.empty();
    for (const FieldMapping& mapping : spec.mappings) {
        if (mapping.write.empty()) system.directions[mapping.field] = Direction::In;
    }
    system.mapping_hash = hex_digest(meaning_of(spec)).substr(0, kMappingHashChars);
}

void use_usual_limits(std::vector<ConnectorSpec>& specs) {
    using std::chrono::seconds;
    const std::map<std::string, Burst> usual{{"hubspot", {.calls = 110, .per = seconds(10)}},
                                             {"pipedrive", {.calls = 80, .per = seconds(2)}}};
    for (ConnectorSpec& spec : specs) {
        const auto found = usual.find(spec.system.key.text);
        if (!spec.burst && found != usual.end()) spec.burst = found->second;
    }
}

void use_offers(std::vector<ConnectorSpec>& specs, const AnnouncedSettings& announced) {
    for (ConnectorSpec& spec : specs) {
        spec.get_action = announced.get_action;
        spec.marker_write = announced.marker;
        spec.marker_read.clear();
        spec.burst = announced.burst;
        for (FieldMapping& mapping : spec.mappings) {
            const bool has_list = announced.has_lists && !announced.get_action.empty();
            if (has_list && mapping.field == "email") mapping.list = "emails";
            if (has_list && mapping.field == "phone") mapping.list = "phones";
        }
        if (!announced.marker.empty()) spec.marker_read = default_marker_paths(announced.marker);
        seal(spec);
    }
}

std::vector<FieldMapping> default_mappings(InputStyle style) {
    std::vector<FieldMapping> mappings{
        {.field = "name",
         .write = "name",
         .read = {"fields.fullName", "fields.firstName+fields.lastName", "name", "fields.name"}},
        {.field = "email",
         .write = "email",
         .read = {"fields.primaryEmail", "fields.email", "fields.emails[].value"}},
        {.field = "phone",
         .write = "phone",
         .read = {"fields.primaryPhone", "fields.phone", "fields.phones[].value"}},
        {.field = "jobTitle",
         .write = "jobTitle",
         .read = {"fields.jobTitle", "fields.jobtitle", "fields.job_title"}},
        {.field = "pronouns", .write = "pronouns", .read = {"fields.pronouns"}},
    };
    switch (style) {
        case InputStyle::Flat:
            break;
        case InputStyle::Wrapped:
            mappings[0].write = "fullName";
            mappings[1].write = "primaryEmail";
            mappings[2].write = "primaryPhone";
            break;
    }
    return mappings;
}

std::vector<ConnectorSpec> builtin_connectors() {
    ConnectorSpec hubspot = builtin("hubspot", "HubSpot");
    hubspot.system.is_email_unique = true;
    ConnectorSpec pipedrive = builtin("pipedrive", "Pipedrive");
    pipedrive.system.is_name_required = true;
    seal(hubspot);
    seal(pipedrive);
    return {std::move(hubspot), std::move(pipedrive)};
}

Result<ConnectorsFile> read_connectors(const std::filesystem::path& file) {
    const std::string name = file.string();
    std::ifstream stream(file, std::ios::binary);
    std::string text;
    if (stream) {
        text.resize(kBodyBytesMax + 1);
        stream.read(text.data(), static_cast<std::streamsize>(text.size()));
        text.resize(static_cast<std::size_t>(stream.gcount()));
    }
    if (text.empty()) {
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "The connectors file " + name + " cannot be read or is empty"};
    }
    if (text.size() > kBodyBytesMax) {
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "The connectors file " + name + " is longer than 1 MiB"};
    }
    return parse_connectors(text, name);
}

}  // namespace crm::sync
