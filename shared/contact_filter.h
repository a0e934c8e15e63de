// Filters of a list: `company is "Acme" and (tag is "vip" or phone is empty)`. Parsing, writing,
// and what a filter means: matches_filter() is what the client uses and the oracle for the server's
// SQL.
//
//   field contains "text" · field is "text" · field is empty · field is not empty
//   tag is "vip" · tag contains "vi" · tag is empty · createdAt|updatedAt since "2026-11-01"
//   sync is "error" (in any system) · sync:hubspot is "error"
//
// joined by `and`, `or` and brackets; `and` binds tighter. A text stands in quotes, a quote in it
// twice; one word needs none. Case and accents do not count. Filters only ever ask for more:
// leaving a condition out finds no fewer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

enum class FilterTest { Contains, Is, IsEmpty, IsNotEmpty, Since };

struct FilterCondition {
    std::string field;  // wire name of a text field, createdAt, updatedAt, tag, sync, sync:<system>
    FilterTest test = FilterTest::Contains;
    std::string value;  // as written; of Since a time of format_time(); empty of the two empties

    bool operator==(const FilterCondition&) const = default;
};

/// A tree. All without parts finds everybody.
struct ContactFilter {
    enum class Kind { All, Any, Condition };
    Kind kind = Kind::All;
    std::vector<ContactFilter> parts = {};
    FilterCondition condition = {};

    bool operator==(const ContactFilter& other) const;
    [[nodiscard]] bool is_everybody() const { return kind == Kind::All && parts.empty(); }
};

/// "" is everybody. BadRequest says what was expected where.
[[nodiscard]] Result<ContactFilter> parse_filter(std::string_view text);
/// Comes back from parse_filter() as the same tree.
[[nodiscard]] std::string format_filter(const ContactFilter& filter);

/// `contact` with its links, if the filter asks for them.
[[nodiscard]] bool matches_filter(const Contact& contact, const ContactFilter& filter);

/// Whether it asks how contacts stand with a system: that is in no row of a table.
[[nodiscard]] bool asks_for_sync(const ContactFilter& filter);
/// The filter with true in place of these conditions.
[[nodiscard]] ContactFilter without_sync(const ContactFilter& filter);

/// Contains and Is of one text. E-mails and phones are the same by their keys, and phones contain
/// digits whatever stands between them.
[[nodiscard]] bool meets(FilterTest test,
                         FieldKind kind,
                         std::string_view stored,
                         std::string_view wanted);

}  // namespace crm
