// The part of the address after '#': which screen, which record, which query. Addresses are shared
// and bookmarked: DO NOT RENAME what parse_route understands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/contact_query.h"
#include "shared/ids.h"

namespace crm::client {

enum class Screen { Contacts, Sync, Review, Trash, Settings, Import };

// DO NOT RENAME: they stand in addresses.
inline constexpr std::string_view kTimelineTab = "timeline";  // of a record
inline constexpr std::string_view kSyncTab = "sync";
inline constexpr std::string_view kRecordsTab = "records";  // of Review
inline constexpr std::string_view kProblemsTab = "problems";
inline constexpr std::string_view kPastTab = "past";

struct Route {
    Screen screen = Screen::Contacts;
    ContactId contact;            // Contacts: the open record
    bool is_new_contact = false;  // Contacts: the empty form is open
    RunId run;                    // Sync: the open run
    std::string text;             // ?q=
    std::vector<SortKey> sort;    // ?sort=, empty: by name
    std::string tab;              // ?tab=, of the record or of Review; empty: the first

    bool operator==(const Route&) const = default;
};

/// Never fails: what is unknown leads to the contacts, a bad sort to the usual order, an unknown
/// tab to the first.
[[nodiscard]] Route parse_route(std::string_view hash);

/// "#/contacts/42?q=ada&sort=-updatedAt".
[[nodiscard]] std::string format_route(const Route& route);

/// The same query and tab with this record open, or none.
[[nodiscard]] Route with_contact(Route route, const ContactId& contact);

/// A record is open, or the form of a new one.
[[nodiscard]] bool has_panel(const Route& route);

}  // namespace crm::client
