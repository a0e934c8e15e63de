// The systems that need no file, and reading the file from disk.
#include "server/sync/connectors/connectors_file.h"

#include <cstddef>
#include <fstream>
#include <iterator>

#include "shared/limits.h"

namespace crm::sync {
namespace {

std::vector<std::string> field_names(const std::vector<FieldMapping>& mappings) {
    std::vector<std::string> names;
    names.reserve(mappings.size());
    for (const FieldMapping& mapping : mappings) names.push_back(mapping.field);
    return names;
}

ConnectorSpec builtin(const char* key, const char* label) {
    ConnectorSpec spec;
    spec.system.key = SystemKey(key);
    spec.system.label = label;
    spec.connection = key;
    spec.mappings = default_mappings(InputStyle::Flat);
    spec.system.fields = field_names(spec.mappings);
    return spec;
}

}  // namespace

std::vector<FieldMapping> default_mappings(InputStyle style) {
    std::vector<FieldMapping> mappings{
        {.field = "name",
         .write = "name",
         .read = {"fields.fullName", "fields.firstName+fields.lastName", "name", "fields.name"}},
        {.field = "email",
         .write = "email",
         .read = {"fields.primaryEmail", "fields.email", "fields.emails[0].value"}},
        {.field = "phone",
         .write = "phone",
         .read = {"fields.primaryPhone", "fields.phone", "fields.phones[0].value"}},
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
    return {std::move(hubspot), std::move(pipedrive)};
}

Result<std::vector<ConnectorSpec>> read_connectors(const std::filesystem::path& file) {
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
