// Titles as HubSpot, Pipedrive, Google and Outlook write them, in three languages.
#include "server/exchange/column_guess.h"

#include <doctest/doctest.h>

#include "server/exchange/contact_table.h"

using namespace crm::exchange;

namespace {

/// "field" or "field/label" of each title.
std::vector<std::string> guessed(const std::vector<std::string>& titles) {
    std::vector<std::string> texts;
    for (const ColumnMeaning& column : guess_columns(titles)) {
        texts.push_back(column.field + (column.label.empty() ? "" : '/' + column.label));
    }
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("our own export is understood") {
    CHECK(guessed(table_titles()) == Texts{"name",
                                           "email",
                                           "phone",
                                           "jobTitle",
                                           "pronouns",
                                           "company",
                                           "notes",
                                           "tags",
                                           "emails",
                                           "phones",
                                           "",
                                           "",
                                           "deleted",
                                           "id"});
}

TEST_CASE("HubSpot and Pipedrive") {
    CHECK(guessed({"Record ID",
                   "First Name",
                   "Last Name",
                   "Email",
                   "Additional email addresses",
                   "Phone Number",
                   "Mobile Phone Number",
                   "Job Title",
                   "Company Name",
                   "Lead Status"}) == Texts{"",
                                            "firstName",
                                            "lastName",
                                            "email",
                                            "emails",
                                            "phone",
                                            "phone/mobile",
                                            "jobTitle",
                                            "company",
                                            ""});
    CHECK(guessed({"Person - Name",
                   "Person - Organization",
                   "Person - Email - Work",
                   "Person - Email - Home",
                   "Person - Phone - Work",
                   "Person - Phone - Mobile",
                   "Person - Labels",
                   "Person - ID",
                   "Person - Owner"}) == Texts{"name",
                                               "company",
                                               "email/work",
                                               "email/home",
                                               "phone/work",
                                               "phone/mobile",
                                               "tags",
                                               "",
                                               ""});
}

TEST_CASE("Google and Outlook") {
    CHECK(guessed({"Name",
                   "Given Name",
                   "Additional Name",
                   "Family Name",
                   "Group Membership",
                   "E-mail 1 - Type",
                   "E-mail 1 - Value",
                   "E-mail 2 - Value",
                   "Phone 1 - Type",
                   "Phone 1 - Value",
                   "Organization 1 - Name",
                   "Organization 1 - Title"}) == Texts{"name",
                                                       "firstName",
                                                       "middleName",
                                                       "lastName",
                                                       "tags",
                                                       "emailLabel",
                                                       "email",
                                                       "email",
                                                       "phoneLabel",
                                                       "phone",
                                                       "company",
                                                       "jobTitle"});
    CHECK(guessed({"Title",
                   "First Name",
                   "Company",
                   "Job Title",
                   "Business Fax",
                   "Business Phone",
                   "E-mail Address",
                   "E-mail 2 Address",
                   "E-mail Type"}) == Texts{"",
                                            "firstName",
                                            "company",
                                            "jobTitle",
                                            "",
                                            "phone/work",
                                            "email",
                                            "email",
                                            "emailLabel"});
    CHECK(guessed({"Title"}) == Texts{"jobTitle"});
}

TEST_CASE("German and Polish") {
    CHECK(guessed({"Vorname",
                   "Nachname",
                   "Firma",
                   "Position",
                   "E-Mail-Adresse",
                   "E-Mail 2: Adresse",
                   "Telefon geschäftlich",
                   "Mobiltelefon",
                   "Notizen",
                   "Kategorien"}) == Texts{"firstName",
                                           "lastName",
                                           "company",
                                           "jobTitle",
                                           "email",
                                           "email",
                                           "phone/work",
                                           "phone/mobile",
                                           "notes",
                                           "tags"});
    CHECK(guessed({"Imię",
                   "Nazwisko",
                   "Imię i nazwisko",
                   "Adres e-mail",
                   "Telefon służbowy",
                   "Telefon komórkowy",
                   "Stanowisko",
                   "Nazwa firmy",
                   "Uwagi",
                   "Etykiety"}) == Texts{"firstName",
                                         "lastName",
                                         "name",
                                         "email",
                                         "phone/work",
                                         "phone/mobile",
                                         "jobTitle",
                                         "company",
                                         "notes",
                                         "tags"});
}

TEST_CASE("fields are known by name") {
    CHECK(is_import_field("email"));
    CHECK(is_import_field("firstName"));
    CHECK(is_import_field("company"));
    CHECK_FALSE(is_import_field(""));
    CHECK_FALSE(is_import_field("version"));
    CHECK(import_fields().starts_with("company, deleted, email, emailLabel"));
}
