// What of a contact goes to a system, field by field. Pure.
#pragma once

#include <optional>
#include <string>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "shared/contact.h"

namespace crm::sync {

/// Texts of ours that a system does not have yet: what an update would send.
struct Difference {
    FieldTexts raw;
    FieldTexts app;
};
/// `standing` must have a link. Left out: what only comes from the system, what it cannot hold, and
/// what is frozen.
[[nodiscard]] Difference find_difference(const Contact& contact,
                                         const Standing& standing,
                                         const SystemSpec& system);

/// What a record is created with.
[[nodiscard]] Difference find_first_texts(const Contact& contact,
                                          const Standing& standing,
                                          const SystemSpec& system);

/// What is sent for one of our values: a system that wants a name gets one made from what there is.
[[nodiscard]] std::string outgoing_text(const Contact& contact,
                                        const FieldSpec& spec,
                                        const SystemSpec& system);

/// Why a value of ours stays out of a system: it is longer than the system can hold, or was refused
/// as it is. Nullopt when nothing is known against it.
[[nodiscard]] std::optional<ParkedValue> find_parked(const Contact& contact,
                                                     const Standing& standing,
                                                     const SystemSpec& system,
                                                     const std::string& field);

}  // namespace crm::sync
