// E-mails of deleted contacts, which no system may bring back. As long as the tombstone is there
// the key itself is kept; after a purge only its hash is (server/store/purge.h), and an e-mail is
// compared by hashing it, too.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/store/sync_notes.h"

namespace crm::store {

inline constexpr std::string_view kHashedKeyStart = "sha256:";

/// How an e-mail's key is kept after a purge: "sha256:" and 64 hexadecimal digits.
[[nodiscard]] std::string hashed_key(std::string_view email_key);

}  // namespace crm::store

namespace crm::sync {

/// The tombstone that has the e-mail; an empty id when it was purged; nullopt: nobody deleted it.
[[nodiscard]] std::optional<ContactId> find_suppressed(const CustomerNotes& notes,
                                                       const std::string& email_key);

}  // namespace crm::sync
