// Strong types over opaque text, so that a run's id is never passed where a contact's is wanted.
// An empty text means "none". Nothing here parses the text: an id means something only to its
// owner.
#pragma once

#include <string>
#include <utility>

namespace crm {

template <class Tag>
struct Id {
    std::string text;

    Id() = default;
    explicit Id(std::string value) : text(std::move(value)) {}

    [[nodiscard]] bool is_set() const { return !text.empty(); }
    bool operator==(const Id&) const = default;
    bool operator<(const Id& other) const { return text < other.text; }
};

using ContactId = Id<struct ContactTag>;    // UUID
using CustomerId = Id<struct CustomerTag>;  // a tenant; every row belongs to one
using UserId = Id<struct UserTag>;          // UUID
using ApiTokenId = Id<struct ApiTokenTag>;  // UUID; not the secret
using RunId = Id<struct RunTag>;            // UUID
using SystemKey = Id<struct SystemTag>;     // "hubspot": an entry of connectors.json
using RemoteId = Id<struct RemoteTag>;  // a record's id inside one system; never parsed as a number

}  // namespace crm
