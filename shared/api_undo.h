// What an undo would do, or did: a compensating write for each contact, and what it leaves alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"

namespace crm::api {

inline constexpr std::string_view kUndoPath = "/api/undo";

/// A part of a change that stays, and why: something newer is there.
struct KeptChange {
    std::string field;   // wire name; "" is the whole contact
    std::string reason;  // one sentence

    bool operator==(const KeptChange&) const = default;
};

/// One contact.
struct UndoneContact {
    std::string contact_id;
    std::string title;                // name, or e-mail
    std::string kind;                 // "update", "delete", "restore", "none"
    std::vector<FieldChange> undone;  // as they are now -> as they will be, or are again
    std::vector<KeptChange> kept;
    std::vector<std::string> records = {};  // of a merge: what becomes of its records, sentences

    bool operator==(const UndoneContact&) const = default;
};

struct Undo {
    std::string id;  // undoes the undo; empty: nothing was written
    bool is_preview = false;
    std::int64_t undone = 0;              // contacts that were written, or would be
    std::int64_t kept = 0;                // contacts of which something stays
    std::vector<UndoneContact> contacts;  // the first kUndoContactsShown

    bool operator==(const Undo&) const = default;
};

}  // namespace crm::api
