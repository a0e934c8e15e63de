// Contacts and small steps that the tests of the store share.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/random.h"
#include "server/store/contact_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace crm::test {

inline const CustomerId kAcme{"acme"};
inline const CustomerId kGlobex{"globex"};

inline TimePoint at_ms(std::int64_t milliseconds) {
    return TimePoint{std::chrono::milliseconds{milliseconds}};
}

inline Contact make_contact(const std::string& id,
                            const std::string& name,
                            const std::string& email = "") {
    Contact contact;
    contact.id = ContactId(id);
    contact.customer_id = kAcme;
    contact.fields.name = name;
    contact.fields.email = email;
    contact.created_at = at_ms(1000);
    contact.updated_at = at_ms(1000);
    contact.sources = {"local"};
    return contact;
}

/// Runs `work` in a transaction that is committed.
template <class Work>
void write(store::Database& database, Work work) {
    auto transaction = database.begin_write();
    REQUIRE(transaction.is_ok());
    work(transaction.value());
    REQUIRE(transaction.value().commit().is_ok());
}

inline void insert(store::Database& database, const Contact& contact) {
    write(database, [&](store::Transaction& transaction) {
        const Status outcome = store::insert_contact(transaction, contact);
        REQUIRE_MESSAGE(outcome.is_ok(), (outcome.is_ok() ? "" : outcome.error().message));
    });
}

/// Made of few letters, so that texts collide, are empty, and sort in ways that need a tie-break.
inline std::string random_text(Random& random) {
    static const std::vector<std::string> pieces = {
        "", "", "a", "b", "Á", "ab", "%", "_a", "ž", "'", "日", "Lee", "B", "ß"};
    std::string text;
    for (std::uint64_t words = random_below(random, 3); words > 0; --words) {
        if (!text.empty()) text += ' ';
        text += pieces[random_below(random, pieces.size())];
        text += pieces[random_below(random, pieces.size())];
    }
    return text;
}

inline Contact random_contact(Random& random) {
    Contact contact = make_contact(make_uuid(random), "");
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind == FieldKind::Email) continue;
        contact.fields.*spec.member = random_text(random);
    }
    if (random_below(random, 3) != 0) {
        contact.fields.email = "p" + std::to_string(random_below(random, 1'000'000'000)) + "@x.com";
    }
    if (random_below(random, 2) == 0)
        contact.fields.phone = "+42 (1) 9" + std::to_string(random_below(random, 40));
    if (random_below(random, 4) == 0) contact.fields.tags = {"vip", "Žilina"};
    if (random_below(random, 4) == 0) contact.fields.more_phones = {{"0900 1", "home"}};
    contact.deleted = random_below(random, 4) == 0;
    contact.created_at = at_ms(static_cast<std::int64_t>(random_below(random, 5)) * 1000);
    contact.updated_at = at_ms(static_cast<std::int64_t>(random_below(random, 1'000'000)));
    return contact;
}

}  // namespace crm::test
