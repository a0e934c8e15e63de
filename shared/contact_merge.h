// Three-way merge, field by field, pure. Never fails, never drops a value: what cannot be merged is
// a conflict that names all three sides. Lists merge by value: additions and removals of both sides
// count.
#pragma once

#include <string>
#include <vector>

#include "shared/contact.h"

namespace crm {

struct FieldConflict {
    std::string field;  // wire name
    std::string base;
    std::string local;
    std::string remote;

    bool operator==(const FieldConflict&) const = default;
};

struct MergeResult {
    ContactFields fields;                  // conflicting fields keep the local text
    std::vector<FieldConflict> conflicts;  // in table order

    bool operator==(const MergeResult&) const = default;
};

[[nodiscard]] MergeResult merge_fields(const ContactFields& base,
                                       const ContactFields& local,
                                       const ContactFields& remote);

}  // namespace crm
