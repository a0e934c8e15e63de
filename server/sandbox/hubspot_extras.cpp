// Small answers, each in the vendor's own shape.
#include "server/sandbox/hubspot_extras.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/crm.h"
#include "server/sandbox/hubspot.h"
#include "server/sandbox/hubspot_wire.h"
#include "server/sandbox/rest.h"

namespace crm::sandbox {
namespace {

constexpr std::size_t kIdAt = 5;  // hubspot crm v4 objects contacts ID associations TO
constexpr std::size_t kWordAt = 6;

Response missing() {
    return refusal_response(hubspot_refusal(404, "", "resource not found"));
}

Json version_json(const std::string& value, TimePoint since) {
    return Json::object({{"value", value},
                         {"timestamp", wire_time(System::HubSpot, since)},
                         {"sourceType", "INTEGRATION"}});
}

// From now backwards: a change in which the value differs from the one after it began that one.
Json versions_json(const Record& record,
                   const std::vector<Change>& changes,
                   std::string_view name) {
    Json versions = Json::array();
    std::string value = hubspot_properties(record).text_at(name);
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (!change->before) break;
        std::string before = hubspot_properties(*change->before).text_at(name);
        if (before == value) continue;
        versions.push(version_json(value, change->at));
        value = std::move(before);
    }
    if (!value.empty()) versions.push(version_json(value, record.created_at));
    return versions;
}

}  // namespace

Result<Response> erase_contact(Session& session, const Request& request) {
    const Json body = Json::parse(request.body).value_or(Json());
    const std::string id =
        CRM_TRY(resolve_hubspot_id(session, body.text_at("objectId"), body.text_at("idProperty")));
    const std::optional<Record> record =
        CRM_TRY(session.find(System::HubSpot, parse_id(id).value_or(0)));
    if (!record || record->merged_into) return missing();
    CRM_TRY(session.erase(*record));
    CRM_TRY(session.commit());
    return Response{.status = 204, .content_type = ""};
}

bool is_association_path(const Request& request) {
    const std::size_t count = request.segments.size();
    return (count == kWordAt + 2 || count == kWordAt + 3) && request.segment(1) == "crm" &&
           request.segment(2) == "v4" && request.segment(3) == "objects" &&
           request.segment(4) == "contacts" && request.segment(kWordAt) == "associations";
}

Result<Response> answer_associations(Session& session, const Request& request) {
    const CrmAnswer answer = CRM_TRY(crm_of(System::HubSpot).find(session, request.segment(kIdAt)));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return refusal_response(*refusal);
    if (request.is("GET", kWordAt + 2)) {
        return json_response(200, Json::object({{"results", Json::array()}}));
    }
    return missing();  // the object at the other end
}

Json history_json(const Session& session,
                  const Record& record,
                  const std::vector<std::string>& names) {
    const std::vector<Change> changes = session.changes_of(System::HubSpot, record.id);
    Json history = Json::object();
    for (const std::string& name : names) {
        if (find_hubspot_property(name) == nullptr) continue;
        history.set(name, versions_json(record, changes, name));
    }
    return history;
}

}  // namespace crm::sandbox
