// vCards: every contact goes there and back, cards of phones and mail programs are understood, and
// no bytes break the reader.
#include "server/exchange/vcard.h"

#include <random>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "shared/text.h"
#include "tests/server/exchange/feed.h"
#include "tests/server/exchange/storable.h"
#include "tests/shared/random_contacts.h"

using namespace crm;
using namespace crm::exchange;

namespace {

struct Reading {
    std::vector<ImportRow> rows;
    Status outcome;
};

Reading read_all(std::string_view text, std::size_t part_bytes = 1'000'000) {
    Reading reading;
    VcardReader reader([&](ImportRow row) -> Status {
        reading.rows.push_back(std::move(row));
        return {};
    });
    reading.outcome = test::feed_in_parts(reader, text, part_bytes);
    return reading;
}

ContactFields fields_in(std::string_view card) {
    const Reading reading = read_all(card);
    REQUIRE_MESSAGE(reading.outcome.is_ok(), reading.outcome.error().message);
    REQUIRE(reading.rows.size() == 1);
    const Result<ContactPatch> patch = parse_patch(reading.rows[0].raw);
    REQUIRE_MESSAGE(patch.is_ok(), patch.error().message);
    return apply_patch({}, patch.value());
}

std::string problem_in(std::string_view text) {
    const Reading reading = read_all(text);
    REQUIRE_FALSE(reading.outcome.is_ok());
    return reading.outcome.error().message;
}

/// Where no e-mail or phone is the primary one, a card makes the first one it.
ContactFields with_primaries(ContactFields fields) {
    for (const ListFieldSpec& spec : kContactListFields) {
        std::vector<LabeledValue>& further = fields.*spec.member;
        if (!(fields.*spec.primary).empty() || further.empty()) continue;
        fields.*spec.primary = further.front().value;
        further.erase(further.begin());
    }
    return normalize_lists(std::move(fields));
}

}  // namespace

TEST_CASE("every contact goes there and back in both versions") {
    test::RandomContacts random(21);
    for (int round = 0; round < test::kRandomCases; ++round) {
        Contact contact = random.contact();
        contact.fields = with_primaries(test::storable(std::move(contact.fields)));
        for (const VcardVersion version : {VcardVersion::V3, VcardVersion::V4}) {
            const std::string card = write_vcard(contact, version);
            CAPTURE(card);
            const Reading reading = read_all(card, 3);
            REQUIRE(reading.outcome.is_ok());
            REQUIRE(reading.rows.size() == 1);
            CHECK(reading.rows[0].id == contact.id.text);
            CHECK(reading.rows[0].is_marked_deleted == contact.deleted);
            CHECK(fields_in(card) == contact.fields);
        }
    }
}

TEST_CASE("a card is what other programs expect") {
    Contact contact;
    contact.id = ContactId("8c7a8c1e-0000-4000-8000-000000000001");
    contact.fields.name = "Ada King Lovelace";
    contact.fields.email = "ada@x.example";
    contact.fields.phone = "+44 20 1";
    contact.fields.more_phones = {{"+44 7700", "mobile"}, {"123", "Büro"}};
    contact.fields.company = "Engines; Ltd";
    contact.fields.notes = "one\ntwo, three";
    contact.fields.tags = {"a,b", "vip"};
    contact.fields.pronouns = "she/her";
    CHECK(write_vcard(contact, VcardVersion::V3) ==
          "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:urn:uuid:8c7a8c1e-0000-4000-8000-000000000001\r\n"
          "FN:Ada King Lovelace\r\nN:Lovelace;Ada King;;;\r\nEMAIL;TYPE=PREF:ada@x.example\r\n"
          "TEL;TYPE=PREF:+44 20 1\r\nTEL;TYPE=cell:+44 7700\r\nitem1.TEL:123\r\n"
          "item1.X-ABLABEL:Büro\r\nORG:Engines\\; Ltd\r\nX-PRONOUNS:she/her\r\n"
          "NOTE:one\\ntwo\\, three\r\nCATEGORIES:a\\,b,vip\r\n"
          "REV:1970-01-01T00:00:00.000Z\r\nEND:VCARD\r\n");
    const std::string newer = write_vcard(contact, VcardVersion::V4);
    CHECK(newer.find("VERSION:4.0\r\n") != std::string::npos);
    CHECK(newer.find("EMAIL;PREF=1:ada@x.example\r\n") != std::string::npos);
    CHECK(newer.find("\r\nPRONOUNS:she/her\r\n") != std::string::npos);
}

TEST_CASE("lines are folded at 75 bytes and never inside of a letter") {
    test::RandomContacts random(4);
    for (int round = 0; round < 500; ++round) {
        Contact contact = random.contact();
        for (int word = 0; word < 30; ++word) contact.fields.notes += "Ångström 👩‍🚀 ";
        const std::string text = write_vcard(contact, VcardVersion::V4);
        std::string_view rest = text;
        while (!rest.empty()) {
            const std::size_t end = rest.find("\r\n");
            REQUIRE(end != std::string_view::npos);
            CHECK(end <= 75);
            CHECK(is_utf8(rest.substr(0, end)));
            rest.remove_prefix(end + 2);
        }
    }
}

TEST_CASE("cards of Google and Apple") {
    const ContactFields google = fields_in(
        "BEGIN:VCARD\nVERSION:3.0\nN:Lovelace;Ada;;;\nFN:Ada Lovelace\n"
        "EMAIL;TYPE=INTERNET;TYPE=WORK:work@x.example\nEMAIL;TYPE=INTERNET:other@x.example\n"
        "TEL;TYPE=CELL:+44 7700\nORG:Engines;Research\nTITLE:Analyst\n"
        "CATEGORIES:myContacts,vip\nEND:VCARD\n");
    CHECK(google.name == "Ada Lovelace");
    CHECK(google.email == "work@x.example");
    CHECK(google.more_emails == std::vector<LabeledValue>{{"other@x.example", ""}});
    CHECK(google.phone == "+44 7700");
    CHECK(google.company == "Engines");
    CHECK(google.job_title == "Analyst");
    const ContactFields apple = fields_in(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//macOS//EN\r\nN:Muster;Eva;;Dr.;\r\n"
        "FN:Dr. Eva Muster\r\nitem1.EMAIL;type=INTERNET:home@x.example\r\n"
        "item1.X-ABLabel:_$!<Home>!$_\r\nEMAIL;type=INTERNET;type=WORK;type=pref:eva@x.example\r\n"
        "item2.TEL:+49 30 1\r\nitem2.X-ABLabel:Büro\r\nTEL;type=CELL;type=VOICE;type=pref:+49 "
        "170 1\r\nPHOTO;ENCODING=b;TYPE=JPEG:" +
        std::string(3 * kVcardLineBytesMax, 'A') + "\r\nEND:VCARD\r\n");
    CHECK(apple.name == "Dr. Eva Muster");
    CHECK(apple.email == "eva@x.example");
    CHECK(apple.more_emails == std::vector<LabeledValue>{{"home@x.example", "home"}});
    CHECK(apple.phone == "+49 170 1");
    CHECK(apple.more_phones == std::vector<LabeledValue>{{"+49 30 1", "Büro"}});
}

TEST_CASE("cards of Outlook: version 2.1 with quoted-printable") {
    const ContactFields outlook = fields_in(
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=utf-8;ENCODING=QUOTED-PRINTABLE:"
        "M=C3=BCller;J=C3=B6rg\r\nTEL;WORK;VOICE:030 1234\r\nTEL;CELL;PREF:0170 1\r\n"
        "EMAIL;PREF;INTERNET:j@x.example\r\n"
        "NOTE;ENCODING=QUOTED-PRINTABLE:eins=0D=0A=\r\nzwei=\r\n drei\r\nEND:VCARD\r\n");
    CHECK(outlook.name == "Jörg Müller");
    CHECK(outlook.phone == "0170 1");
    CHECK(outlook.more_phones == std::vector<LabeledValue>{{"030 1234", "work"}});
    CHECK(outlook.email == "j@x.example");
    CHECK(outlook.notes.starts_with("eins\nzwei"));
    CHECK(fields_in("BEGIN:VCARD\nFN;QUOTED-PRINTABLE;CHARSET=iso-8859-1:Zo=EB\nEND:VCARD").name ==
          "Zoë");
}

TEST_CASE("version 4.0: quoted parameters, tel: and preferences") {
    const ContactFields fields = fields_in(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nTEL;VALUE=uri;PREF=2;TYPE=\"voice,home\":tel:+44-"
        "2\r\n"
        "TEL;VALUE=uri;PREF=1;TYPE=\"voice,work\":tel:+44-1\r\nEMAIL;ALTID=\"a:b;c\":a@x."
        "example\r\n"
        "END:VCARD\r\n");
    CHECK(fields.phone == "+44-1");
    CHECK(fields.more_phones == std::vector<LabeledValue>{{"+44-2", "home"}});
    CHECK(fields.email == "a@x.example");
}

TEST_CASE("what is no file of cards is told") {
    CHECK(problem_in("").find("no card in the file") != std::string::npos);
    CHECK(problem_in("Name,Email\n").find("in no card") != std::string::npos);
    CHECK(problem_in("BEGIN:VCARD\nFN:A\n").starts_with("Card 1: its END:VCARD is missing"));
    CHECK(problem_in("BEGIN:VCARD\nNOTE:" + std::string(kVcardLineBytesMax + 1, 'x'))
              .starts_with("Card 1: a line is longer than"));
    std::string many = "BEGIN:VCARD\n";
    for (std::size_t line = 0; line <= kVcardLinesMax; ++line) many += "X:1\n";
    CHECK(problem_in(many + "END:VCARD\n").starts_with("Card 1: it has more than"));
    const Reading agent =
        read_all("BEGIN:VCARD\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nEND:VCARD\n");
    REQUIRE(agent.rows.size() == 1);
    CHECK(agent.rows[0].raw.texts.at("name") == "Boss");
}

TEST_CASE("any bytes are read or refused, and the parts they come in change nothing") {
    std::mt19937_64 engine(23);
    static constexpr std::string_view kPieces[] = {"BEGIN:VCARD\n",
                                                   "END:VCARD\n",
                                                   "FN:",
                                                   "N:;;",
                                                   "TEL;TYPE=\"",
                                                   "ENCODING=QUOTED-PRINTABLE:=",
                                                   "\r\n ",
                                                   "item1.",
                                                   "PHOTO:",
                                                   "PREF=99999999999:",
                                                   "\\",
                                                   "EMAIL;"};
    for (int round = 0; round < 10'000; ++round) {
        std::string bytes = "BEGIN:VCARD\n";
        for (std::size_t count = engine() % 12; count > 0; --count) {
            if (engine() % 4 == 0) {
                bytes += static_cast<char>(engine());
            } else {
                bytes += kPieces[engine() % std::size(kPieces)];
            }
        }
        CAPTURE(bytes);
        const Reading whole = read_all(bytes);
        const Reading cut = read_all(bytes, 1);
        CHECK(whole.outcome.is_ok() == cut.outcome.is_ok());
        REQUIRE(whole.rows.size() == cut.rows.size());
        for (std::size_t row = 0; row < whole.rows.size(); ++row) {
            CHECK(whole.rows[row].raw.texts == cut.rows[row].raw.texts);
        }
    }
}
