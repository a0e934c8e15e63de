// Titles are compared in lower case, without accents, numbers and punctuation: "E-mail 2 Address"
// and "E-Mail-Adresse" are "e mail address" and "e mail adresse".
#include "server/exchange/column_guess.h"

#include <algorithm>
#include <array>

#include "shared/contact.h"
#include "shared/text.h"

namespace crm::exchange {
namespace {

constexpr std::array kFileFields{field::kFirstName,
                                 field::kMiddleName,
                                 field::kLastName,
                                 field::kEmails,
                                 field::kPhones,
                                 field::kEmailLabel,
                                 field::kPhoneLabel,
                                 field::kTags,
                                 field::kId,
                                 field::kDeleted};

/// Titles of one meaning, separated by "/".
struct Titles {
    std::string_view field;
    std::string_view label;
    std::string_view titles;
};

constexpr std::array kTitles{
    Titles{"name",
           "",
           "name/full name/display name/contact name/contact/person name/person/person contact "
           "person/vollstandiger name/anzeigename/kontakt/kontaktname/kontaktperson/"
           "ansprechpartner/imie i nazwisko/nazwisko i imie/pelna nazwa/nazwa/nazwa kontaktu"},
    Titles{
        "firstName", "", "first name/firstname/given name/forename/person first name/vorname/imie"},
    Titles{"middleName",
           "",
           "middle name/additional name/zweiter vorname/weitere vornamen/drugie imie"},
    Titles{"lastName",
           "",
           "last name/lastname/family name/surname/person last name/nachname/familienname/"
           "nazwisko"},
    Titles{"email",
           "",
           "email/e mail/mail/email address/e mail address/primary email/e mail value/email "
           "value/person email/e mail adresse/email adresse/emailadresse/mailadresse/adres e "
           "mail/adres email/adres poczty elektronicznej/poczta/poczta elektroniczna"},
    Titles{"email",
           "work",
           "work email/business email/person email work/e mail geschaftlich/email geschaftlich/"
           "e mail sluzbowy/email sluzbowy"},
    Titles{"email",
           "home",
           "home email/personal email/private email/person email home/e mail privat/email "
           "privat/e mail prywatny/email prywatny"},
    Titles{"email", "other", "other email/person email other"},
    Titles{"emails",
           "",
           "emails/more emails/further emails/additional emails/additional email addresses/"
           "weitere e mails/weitere e mail adressen/dodatkowe adresy e mail"},
    Titles{"emailLabel", "", "e mail type/e mail label/email type/email label"},
    Titles{"phone",
           "",
           "phone/phone number/telephone/telephone number/tel/primary phone/phone value/person "
           "phone/telefon/telefonnummer/telefonnr/rufnummer/numer telefonu/nr telefonu"},
    Titles{"phone",
           "work",
           "work phone/business phone/company main phone/person phone work/telefon "
           "geschaftlich/telefon firma/hauptnummer firma/telefon sluzbowy/telefon w pracy/"
           "telefon do pracy"},
    Titles{"phone",
           "home",
           "home phone/person phone home/telefon privat/telefon privat nummer/telefon domowy/"
           "telefon prywatny"},
    Titles{"phone",
           "mobile",
           "mobile/mobile phone/mobile phone number/mobile number/cell/cell phone/person phone "
           "mobile/handy/handynummer/mobil/mobilnummer/mobiltelefon/telefon mobil/komorka/"
           "telefon komorkowy/numer komorkowy"},
    Titles{"phone",
           "other",
           "other phone/person phone other/weiteres telefon/inny telefon/telefon inny"},
    Titles{"phones",
           "",
           "phones/more phones/further phones/additional phones/additional phone numbers/weitere "
           "telefonnummern/dodatkowe telefony"},
    Titles{"phoneLabel", "", "phone type/phone label"},
    Titles{"jobTitle",
           "",
           "job title/jobtitle/job/position/organization title/person job title/berufsbezeichnung/"
           "beruf/stelle/funktion/stanowisko/tytul zawodowy/stanowisko sluzbowe"},
    Titles{"pronouns", "", "pronouns/preferred pronouns/pronomen/zaimki"},
    Titles{"company",
           "",
           "company/company name/organization/organisation/organization name/associated company/"
           "primary associated company/person organization/account name/employer/firma/firmenname/"
           "unternehmen/organizacja/przedsiebiorstwo/nazwa firmy"},
    Titles{"notes",
           "",
           "notes/note/comment/comments/person notes/notizen/notiz/bemerkung/bemerkungen/"
           "kommentar/kommentare/notatka/notatki/uwagi"},
    Titles{"tags",
           "",
           "tags/tag/label/labels/category/categories/person label/person labels/group "
           "membership/kategorie/kategorien/schlagworter/schlagworte/etykiety/etykieta/tagi"},
    Titles{"id", "", "id"},
    Titles{"deleted", "", "deleted"},
};

/// The job only where no other column says it: Outlook's "Title" is "Dr.".
constexpr std::string_view kDoubtfulJobTitle = "title";

/// Lower case, no accents; whatever is no letter is one space; numbers are gone.
std::string simplify(std::string_view title) {
    std::string simple;
    bool has_gap = false;
    for (const char letter : fold(title)) {
        const bool is_letter =
            (letter >= 'a' && letter <= 'z') || static_cast<unsigned char>(letter) >= 0x80;
        if (!is_letter) {
            has_gap = true;
            continue;
        }
        if (has_gap && !simple.empty()) simple += ' ';
        has_gap = false;
        simple += letter;
    }
    return simple;
}

bool has_title(std::string_view titles, std::string_view wanted) {
    while (!titles.empty()) {
        const std::size_t slash = std::min(titles.find('/'), titles.size());
        if (titles.substr(0, slash) == wanted) return true;
        titles.remove_prefix(std::min(slash + 1, titles.size()));
    }
    return false;
}

ColumnMeaning guess(std::string_view simple) {
    if (simple.empty()) return {};
    for (const Titles& entry : kTitles) {
        if (has_title(entry.titles, simple)) {
            return {std::string(entry.field), std::string(entry.label)};
        }
    }
    return {};
}

}  // namespace

bool is_import_field(std::string_view name) {
    return find_field(name) != nullptr ||
           std::find(kFileFields.begin(), kFileFields.end(), name) != kFileFields.end();
}

std::string import_fields() {
    std::vector<std::string> names(kFileFields.begin(), kFileFields.end());
    for (const FieldSpec& spec : kContactFields) names.emplace_back(spec.wire);
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::vector<ColumnMeaning> guess_columns(const std::vector<std::string>& titles) {
    std::vector<ColumnMeaning> columns;
    columns.reserve(titles.size());
    for (const std::string& title : titles) columns.push_back(guess(simplify(title)));
    const bool has_job = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
        return column.field == "jobTitle";
    });
    for (std::size_t index = 0; index < titles.size() && !has_job; ++index) {
        if (simplify(titles[index]) == kDoubtfulJobTitle) columns[index].field = "jobTitle";
    }
    return columns;
}

}  // namespace crm::exchange
