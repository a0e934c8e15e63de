// api_review.h <-> JSON. Writers never fail; the reader of a decision is strict, because what is
// sent is a person's will.
#pragma once

#include <string>
#include <string_view>

#include "shared/api_review.h"
#include "shared/result.h"

namespace crm::api {

[[nodiscard]] std::string write_conflict_answer(const Conflict& conflict);  // {"conflict":…}
[[nodiscard]] std::string write_conflict_page(const ConflictPage& page);    // {"conflicts":[…]}

/// {"value":…} or {"side":…}, with "force" or without. InvalidArgument names what is wrong.
[[nodiscard]] Result<Resolution> read_resolution(std::string_view json);

/// The `details_json` of the error that a field has changed since: {"current":…}.
[[nodiscard]] std::string write_current_value(std::string_view value);

[[nodiscard]] std::string write_contact_sync(const std::vector<SystemSync>& systems);

[[nodiscard]] std::string write_hold_page(const HoldPage& page);      // {"holds":[…]}
[[nodiscard]] std::string write_hold_answer(const HeldRecord& hold);  // {"hold":…}

/// {"contactId":…}: which contact a record is to be linked to.
[[nodiscard]] Result<std::string> read_link_target(std::string_view json);

}  // namespace crm::api
