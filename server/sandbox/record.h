// A contact as one of the CRMs keeps it, and the change a caller asks for. Plain data: what is
// allowed is up to hubspot.cpp and pipedrive.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/time_text.h"

namespace crm::sandbox {

enum class System {
    HubSpot,
    Pipedrive,
    Practice,  // one that no program knows by heart: only who names it meets it
};

inline constexpr System kSystems[] = {System::HubSpot, System::Pipedrive, System::Practice};
/// Those that every workspace shows.
inline constexpr System kShownSystems[] = {System::HubSpot, System::Pipedrive};

[[nodiscard]] std::string_view key_of(System system);    // "hubspot": DO NOT RENAME
[[nodiscard]] std::string_view label_of(System system);  // "HubSpot"
[[nodiscard]] std::optional<System> find_system(std::string_view key);

/// One of several e-mails or phones. At most one of a list is the primary one.
struct Reach {
    std::string value;
    std::string label;
    bool is_primary = false;

    bool operator==(const Reach&) const = default;
};

struct Record {
    System system = System::HubSpot;
    std::int64_t id = 0;
    std::string name;  // as shown; HubSpot's is joined from the two below
    std::string first_name;
    std::string last_name;
    std::vector<Reach> emails;
    std::vector<Reach> phones;
    std::string job_title;
    std::string pronouns;
    std::string company;
    std::string marker;  // a field of ours, for the id of the contact in another program
    TimePoint created_at{};
    TimePoint updated_at{};
    std::optional<TimePoint> deleted_at;      // in the recycle bin since then, or merged away
    std::optional<std::int64_t> merged_into;  // the record that took its place

    bool operator==(const Record&) const = default;
};

/// The primary one, else the first, else "".
[[nodiscard]] std::string primary_of(const std::vector<Reach>& list);

/// What a caller wants written. Absent: stays as it is. Empty: cleared.
struct Draft {
    std::optional<std::string> name;
    std::optional<std::string> first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> email;
    std::optional<std::string> phone;
    std::optional<std::string> job_title;
    std::optional<std::string> pronouns;
    std::optional<std::string> company;
    std::optional<std::string> marker;
    std::optional<std::vector<Reach>> emails;  // the whole list, primary one first or marked
    std::optional<std::vector<Reach>> phones;  // likewise
    std::optional<std::vector<std::string>>
        more_emails;  // HubSpot's additional ones, without the primary

    bool operator==(const Draft&) const = default;
};

/// What a merge makes of a record: its own values, with the other's where it has none, and the
/// e-mails of both.
void take_over(Record& record, const Record& other);

/// First word and the rest, without the white space around and between.
struct SplitName {
    std::string first;
    std::string rest;
};
[[nodiscard]] SplitName split_name(std::string_view name);
/// Both parts with one space between; just one of them when the other is empty.
[[nodiscard]] std::string join_name(std::string_view first, std::string_view rest);

/// Decimal digits only, at most 18 of them; nullopt otherwise.
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text);

}  // namespace crm::sandbox
