// api_review.h <-> JSON. Writers never fail; the reader of a decision is strict, because what is
// sent is a person's will. The readers of answers ignore members that they do not know; they are in
// api_review_read_json.cpp.
#pragma once

#include <string>
#include <string_view>

#include "shared/api_review.h"
#include "shared/result.h"

namespace crm::api {

[[nodiscard]] std::string write_conflict_answer(const Conflict& conflict);  // {"conflict":…}
[[nodiscard]] Result<Conflict> read_conflict_answer(std::string_view json);
[[nodiscard]] std::string write_conflict_page(const ConflictPage& page);  // {"conflicts":[…]}
[[nodiscard]] Result<ConflictPage> read_conflict_page(std::string_view json);

/// {"value":…} or {"side":…}, with "force" or without. InvalidArgument names what is wrong.
[[nodiscard]] Result<Resolution> read_resolution(std::string_view json);
[[nodiscard]] std::string write_resolution(const Resolution& resolution);

/// The `details_json` of the error that a field has changed since: {"current":…}.
[[nodiscard]] std::string write_current_value(std::string_view value);

[[nodiscard]] std::string write_contact_sync(const std::vector<SystemSync>& systems);
[[nodiscard]] Result<std::vector<SystemSync>> read_contact_sync(std::string_view json);

[[nodiscard]] std::string write_hold_page(const HoldPage& page);  // {"holds":[…]}
[[nodiscard]] Result<HoldPage> read_hold_page(std::string_view json);
[[nodiscard]] std::string write_hold_answer(const HeldRecord& hold);  // {"hold":…}
[[nodiscard]] Result<HeldRecord> read_hold_answer(std::string_view json);

/// {"contactId":…}: which contact a record is to be linked to.
[[nodiscard]] Result<std::string> read_link_target(std::string_view json);
[[nodiscard]] std::string write_link_target(std::string_view contact_id);

}  // namespace crm::api
