// Contacts as Integration.app shows and takes them: the unified names (fullName, primaryEmail, …),
// the CRM's native ones, and the flat inputs of the actions.
#pragma once

#include <string>
#include <string_view>

#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"
#include "shared/result.h"

namespace crm::sandbox {

/// The field for another program's id, as the actions call it: DO NOT RENAME.
inline constexpr std::string_view kMarkerField = "crmContactId";
/// Pipedrive names its own fields by 40 digits.
inline constexpr std::string_view kPipedriveMarker = "9f2c4e7a1b3d5f60718293a4b5c6d7e8f9012345";

/// Whose field names stand in `fields`.
enum class Dialect { Unified, Native };

/// A DataRecord: `{"id","name","uri","createdTime","updatedTime","fields":{…}}`. `id` is text in
/// both CRMs; in the fields it is a whole number for Pipedrive. Times: milliseconds in HubSpot,
/// seconds in Pipedrive.
[[nodiscard]] Json data_record(const Record& record, const std::string& url, Dialect dialect);

/// Unified, native or flat names, side by side or under "fields". Unknown members are ignored, as
/// over there; null says nothing. BadRequest with a sentence when a known one has the wrong type.
[[nodiscard]] Result<Draft> read_draft(const Json& input);

/// The id of a record in an input: text or whole number; "" when there is none.
[[nodiscard]] std::string read_id(const Json& input);

/// HubSpot's ISO time with milliseconds, Pipedrive's with seconds.
[[nodiscard]] std::string wire_time(System system, TimePoint time);

/// A list of e-mails or phones: texts, or objects with value, label (or type) and primary.
[[nodiscard]] Result<std::vector<Reach>> read_reaches(const Json& list, std::string_view name);

/// `[{"value","label","primary"}]`.
[[nodiscard]] Json reaches_json(const std::vector<Reach>& list);

}  // namespace crm::sandbox
