// What a column of a file means, told from its title: in English, German and Polish, and as
// HubSpot, Pipedrive, Google and Outlook write it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crm::exchange {

/// What a column can be read as: wire names of the contact's fields, and some that only files have.
/// DO NOT RENAME: callers send them.
namespace field {
inline constexpr std::string_view kName = "name";
inline constexpr std::string_view kFirstName = "firstName";
inline constexpr std::string_view kMiddleName = "middleName";
inline constexpr std::string_view kLastName = "lastName";
inline constexpr std::string_view kEmail = "email";
inline constexpr std::string_view kPhone = "phone";
inline constexpr std::string_view kEmails = "emails";          // several in one cell
inline constexpr std::string_view kPhones = "phones";          // likewise
inline constexpr std::string_view kEmailLabel = "emailLabel";  // of the e-mail column behind it
inline constexpr std::string_view kPhoneLabel = "phoneLabel";  // of the phone column behind it
inline constexpr std::string_view kTags = "tags";
inline constexpr std::string_view kNotes = "notes";
inline constexpr std::string_view kId = "id";            // of a contact here, from our own export
inline constexpr std::string_view kDeleted = "deleted";  // not empty: a tombstone of our export
}  // namespace field

/// Every name above and the text fields of a contact.
[[nodiscard]] bool is_import_field(std::string_view name);
/// For messages: "company, deleted, email, …".
[[nodiscard]] std::string import_fields();

struct ColumnMeaning {
    std::string field;  // "": not understood, left out
    std::string label;  // of the e-mails or phones in it

    bool operator==(const ColumnMeaning&) const = default;
};

/// One for each title. A title that may mean two things ("Title") means the job only where no other
/// column does.
[[nodiscard]] std::vector<ColumnMeaning> guess_columns(const std::vector<std::string>& titles);

}  // namespace crm::exchange
