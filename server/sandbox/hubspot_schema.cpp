// Descriptions follow from the table of properties.
#include "server/sandbox/hubspot_schema.h"

#include <string>
#include <utility>

#include "server/sandbox/hubspot.h"
#include "server/sandbox/hubspot_wire.h"

namespace crm::sandbox {
namespace {

constexpr std::size_t kPathSegments = 5;  // hubspot crm v3 properties contacts
constexpr std::string_view kBirthday = "2025-08-15T12:45:36.263Z";

Json property_json(const HubSpotProperty& property) {
    return Json::object({{"name", property.name},
                         {"label", property.label},
                         {"type", property.type},
                         {"fieldType", property.field_type},
                         {"description", property.label},
                         {"groupName", "contactinformation"},
                         {"options", Json::array()},
                         {"createdAt", kBirthday},
                         {"updatedAt", kBirthday},
                         {"displayOrder", -1},
                         {"calculated", false},
                         {"externalOptions", false},
                         {"archived", false},
                         {"hasUniqueValue", property.name == "hs_object_id"},
                         {"hidden", false},
                         {"hubspotDefined", !property.is_own},
                         {"formField", !property.is_read_only},
                         {"modificationMetadata",
                          Json::object({{"archivable", property.is_own},
                                        {"readOnlyDefinition", !property.is_own},
                                        {"readOnlyValue", property.is_read_only}})}});
}

}  // namespace

Response answer_hubspot_schema(const Request& request) {
    if (request.is("GET", kPathSegments)) {
        Json results = Json::array();
        for (const HubSpotProperty& property : hubspot_property_table()) {
            results.push(property_json(property));
        }
        return json_response(200, Json::object({{"results", std::move(results)}}));
    }
    const std::string name = request.segment(kPathSegments);
    const HubSpotProperty* property = find_hubspot_property(name);
    if (request.is("GET", kPathSegments + 1) && property != nullptr) {
        return json_response(200, property_json(*property));
    }
    const bool is_get = request.method == "GET";
    return refusal_response(
        is_get ? hubspot_refusal(
                     404, "OBJECT_NOT_FOUND", "Property " + name + " does not exist for contacts")
               : hubspot_refusal(405, "", "The properties of the sandbox cannot be changed"));
}

}  // namespace crm::sandbox
