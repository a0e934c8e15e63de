// Contact <-> JSON, driven by the tables in contact.h. Only *_json.cpp files see the JSON library;
// nothing thrown by it leaves them.
#pragma once

#include <string>
#include <string_view>

#include "shared/contact.h"
#include "shared/contact_parse.h"
#include "shared/result.h"

namespace crm {

/// The object of the contract, with "emails" and "phones" primary first, "hubspotId" and
/// "pipedriveId" (null when not linked) and "links" for every system.
[[nodiscard]] std::string write_contact(const Contact& contact);

/// Reads what write_contact wrote. Unknown members are ignored: a newer server may send more.
[[nodiscard]] Result<Contact> read_contact(std::string_view json);

/// A request body of create or patch. BadRequest: not JSON, not an object, broken UTF-8, nested
/// deeper than kJsonDepthMax. InvalidArgument with `fields`: unknown field, wrong type, NUL, too
/// long, invalid e-mail; all problems at once. null for a text means "", null for a list none.
///
/// An entry of "emails" or "phones" is a text or {"value","label","primary"}. The list is complete:
/// it replaces the further ones, and its primary entry the primary text. Where no entry mentions
/// "primary" and the text is not given either, the first entry is it. An empty list leaves the
/// primary text alone. The label of a primary entry is not kept.
[[nodiscard]] Result<ContactPatch> read_contact_patch(std::string_view json);

/// The body that read_contact_patch takes.
[[nodiscard]] std::string write_contact_patch(const ContactPatch& patch);

/// List fields as stored in one SQL column and back; nullopt on text that is not such JSON.
[[nodiscard]] std::string write_values(const std::vector<LabeledValue>& values);
[[nodiscard]] std::optional<std::vector<LabeledValue>> read_values(std::string_view json);
[[nodiscard]] std::string write_tags(const std::vector<std::string>& tags);
[[nodiscard]] std::optional<std::vector<std::string>> read_tags(std::string_view json);

}  // namespace crm
