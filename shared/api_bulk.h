// One action on many contacts: what is asked for, and what became of each. DO NOT RENAME wire
// names. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/contact.h"

namespace crm::api {

inline constexpr std::string_view kBulkPath = "/api/contacts/bulk";

enum class BulkAction { Update, Delete, Restore, Tag };

struct BulkRequest {
    BulkAction action = BulkAction::Delete;
    // Whom it is about: exactly one of these two is set.
    std::vector<ContactId> ids;
    // The parameters of a list: "q", "filter", "deleted". All that it finds, not one page.
    std::optional<std::map<std::string, std::string>> query;
    std::vector<ContactId> without;         // of the query: these are left alone
    ContactPatch fields;                    // Update: at least one, without e-mails
    std::vector<std::string> added_tags;    // Tag
    std::vector<std::string> removed_tags;  // Tag

    bool operator==(const BulkRequest&) const = default;
};

/// What became of one contact.
struct BulkResult {
    std::string contact_id;
    std::string title;    // name, or e-mail; empty: there is no such contact
    std::string outcome;  // "changed", "unchanged", "refused"
    std::string reason;   // of a refusal, one sentence

    bool operator==(const BulkResult&) const = default;
};

struct BulkReport {
    std::string id;  // for POST /api/undo/{id}; empty: nothing was changed
    BulkAction action = BulkAction::Delete;
    std::int64_t matched = 0;
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;  // they were so already
    std::int64_t refused = 0;
    std::vector<BulkResult> results;  // refused ones first; of both kinds at most kBulkResultsShown

    bool operator==(const BulkReport&) const = default;
};

}  // namespace crm::api
