#include "tests/shared/random_contacts.h"

#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace crm::test {
namespace {

constexpr std::array<std::string_view, 14> kTexts{
    "",
    "",
    "Ada Lovelace",
    "ada lovelace",
    "Ada  Lovelace",
    "Zoë Łukasz-Ångström",
    "Дмитрий Иванов",
    "王小明",
    "O'Brien \"Bob\" <b>",
    "line one\nline two\n\n  indented",
    "back\\slash / {json: [1,2]}",
    "👩‍🚀 astronaut",
    "50% & more; a=b+c",
    "tab\there",
};

constexpr std::array<std::string_view, 8> kEmails{
    "",
    "ada@example.com",
    "Ada@Example.com",
    "bob+crm@mail.example.org",
    "chloé@müller.example",
    "d'artagnan@x.co",
    "иван@пример.рф",
    "e@localhost",
};

constexpr std::array<std::string_view, 8> kPhones{
    "",
    "+44 20 7946 0991",
    "020 7946 0991",
    "(0044) 20-7946-0991",
    "12345",
    "ask reception",
    "+1 (555) 010-9999 ext. 7",
    "٠١٢٣٤٥",
};

constexpr std::array<std::string_view, 4> kLabels{"", "work", "home", "Büro"};
constexpr std::array<std::string_view, 6> kTags{"vip", "VIP", "lead", "été", "a;b", "Tag \"x\""};

template <std::size_t Size>
std::string pick(const std::array<std::string_view, Size>& pool, std::size_t index) {
    return std::string(pool[index % Size]);
}

}  // namespace

std::size_t RandomContacts::below(std::size_t end) {
    return static_cast<std::size_t>(engine_() % end);
}

std::string RandomContacts::text() {
    return pick(kTexts, below(kTexts.size()));
}
std::string RandomContacts::email() {
    return pick(kEmails, below(kEmails.size()));
}
std::string RandomContacts::phone() {
    return pick(kPhones, below(kPhones.size()));
}

TimePoint RandomContacts::time() {
    constexpr std::size_t kYear2100Ms = 4'102'444'800'000;
    return TimePoint{std::chrono::milliseconds{below(kYear2100Ms)}};
}

void RandomContacts::edit_one(ContactFields& fields) {
    const std::size_t choice = below(kContactFields.size() + kContactListFields.size() + 1);
    if (choice < kContactFields.size()) {
        const FieldSpec& spec = kContactFields[choice];
        std::string value = text();
        if (spec.kind == FieldKind::Email) value = email();
        if (spec.kind == FieldKind::Phone) value = phone();
        fields.*spec.member = std::move(value);
        return;
    }
    if (choice == kContactFields.size() + kContactListFields.size()) {
        fields.tags.push_back(pick(kTags, below(kTags.size())));
        if (below(2) == 0) fields.tags.erase(fields.tags.begin());
        return;
    }
    const ListFieldSpec& spec = kContactListFields[choice - kContactFields.size()];
    std::vector<LabeledValue>& values = fields.*spec.member;
    std::string value = spec.kind == FieldKind::Email ? email() : phone();
    values.push_back({std::move(value), pick(kLabels, below(kLabels.size()))});
    if (below(2) == 0) values.erase(values.begin());
}

ContactFields RandomContacts::edited(ContactFields fields) {
    for (std::size_t count = below(4); count > 0; --count) edit_one(fields);
    return normalize_lists(std::move(fields));
}

ContactFields RandomContacts::fields() {
    ContactFields fields;
    for (int count = 0; count < 20; ++count) edit_one(fields);
    return normalize_lists(std::move(fields));
}

Contact RandomContacts::contact() {
    constexpr std::array kStates{LinkState::Synced,
                                 LinkState::Pending,
                                 LinkState::Conflict,
                                 LinkState::Error,
                                 LinkState::NotLinked};
    Contact contact;
    contact.id = ContactId{"id-" + std::to_string(below(1'000'000))};
    contact.customer_id = CustomerId{"customer " + text()};
    contact.fields = fields();
    contact.version = static_cast<std::int64_t>(below(1'000'000));
    contact.deleted = below(3) == 0;
    contact.arriving = below(5) == 0;
    contact.created_at = time();
    contact.updated_at = time();
    contact.sources = {"local"};
    for (const std::string_view system : {"hubspot", "pipedrive", "zoho"}) {
        if (below(2) == 0) continue;
        contact.sources.emplace_back(system);
        ContactLink& link = contact.links[SystemKey{std::string(system)}];
        link.id = RemoteId{below(2) == 0 ? "" : std::to_string(below(99'999))};
        link.url = below(2) == 0 ? "" : "https://crm.example/1?a=b&c=d";
        link.state = kStates[below(kStates.size())];
        link.reason = text();
        if (below(2) == 0) link.synced_at = time();
    }
    return contact;
}

}  // namespace crm::test
