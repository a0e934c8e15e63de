// The SQL of lists against its oracle: matches() and less() over all contacts in memory.
#include <algorithm>

#include "server/store/contact_store.h"
#include "shared/limits.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

std::vector<std::string> ids_of(const std::vector<Contact>& contacts) {
    std::vector<std::string> ids;
    for (const Contact& contact : contacts) ids.push_back(contact.id.text);
    return ids;
}

std::vector<std::string> expected_ids(std::vector<Contact> all, const ContactQuery& query) {
    all.erase(std::remove_if(all.begin(),
                             all.end(),
                             [&](const Contact& contact) { return !matches(contact, query); }),
              all.end());
    std::sort(all.begin(), all.end(), [&](const Contact& left, const Contact& right) {
        return less(left, right, query.sort);
    });
    return ids_of(all);
}

api::ContactPage page_of(Database& database, const ContactQuery& query) {
    auto snapshot = database.begin_read();
    REQUIRE(snapshot.is_ok());
    auto page = list_contacts(snapshot.value(), test::kAcme, query);
    REQUIRE_MESSAGE(page.is_ok(), (page.is_ok() ? "" : page.error().message));
    return page.take();
}

/// All pages, one after the other.
std::vector<std::string> walk(Database& database, ContactQuery query) {
    std::vector<std::string> ids;
    for (int pages = 0; pages < 1000; ++pages) {
        const api::ContactPage page = page_of(database, query);
        for (const Contact& contact : page.contacts) ids.push_back(contact.id.text);
        if (page.cursor.empty()) return ids;
        CHECK(page.contacts.size() == static_cast<std::size_t>(query.limit));
        query.cursor = page.cursor;
    }
    FAIL("the pages do not end");
    return ids;
}

std::vector<SortKey> random_sort(Random& random) {
    static const std::vector<std::string> fields = {
        "name", "email", "phone", "jobTitle", "pronouns", "company", "createdAt", "updatedAt"};
    std::vector<SortKey> sort;
    for (std::uint64_t keys = random_below(random, kSortKeysMax + 1); keys > 0; --keys) {
        sort.push_back({fields[random_below(random, fields.size())], random_below(random, 2) == 0});
    }
    return sort;
}

ContactQuery random_query(Random& random) {
    static const std::vector<std::string> texts = {"",
                                                   "",
                                                   "a",
                                                   "A á",
                                                   "lee",
                                                   "%",
                                                   "_",
                                                   "vip",
                                                   "'",
                                                   "日",
                                                   "zilina",
                                                   "9",
                                                   "+42",
                                                   "(1)93",
                                                   "0900",
                                                   "x.com",
                                                   "no one",
                                                   "ss",
                                                   "a b lee"};
    ContactQuery query;
    query.text = texts[random_below(random, texts.size())];
    query.sort = random_sort(random);
    query.deleted = static_cast<Deleted>(random_below(random, 3));
    query.limit = static_cast<int>(1 + random_below(random, 9));
    return query;
}

std::vector<Contact> fill(Database& database, Random& random, int count) {
    std::vector<Contact> contacts;
    test::write(database, [&](Transaction& transaction) {
        for (int number = 0; number < count; ++number) {
            Contact contact = test::random_contact(random);
            if (!insert_contact(transaction, contact).is_ok()) continue;  // an e-mail drawn twice
            contacts.push_back(contact);
            contact.id = ContactId(make_uuid(random));
            contact.customer_id = test::kGlobex;  // the same again for a neighbour
            REQUIRE(insert_contact(transaction, contact).is_ok());
        }
    });
    return contacts;
}

}  // namespace

TEST_CASE("contact list: order, search, filter and pages are those of the oracle") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random(seed);
        test::TempStore files;
        const std::vector<Contact> all = fill(files.database(), random, 60);
        for (int round = 0; round < 25; ++round) {
            const ContactQuery query = random_query(random);
            CAPTURE(query.text);
            CAPTURE(format_sort(query.sort));
            const std::vector<std::string> expected = expected_ids(all, query);
            CHECK(walk(files.database(), query) == expected);
            CHECK(page_of(files.database(), query).total ==
                  static_cast<std::int64_t>(expected.size()));
        }
    }
}

TEST_CASE("contact list: rows that come and go between pages shift nothing") {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random(seed);
        test::TempStore files;
        const std::vector<Contact> first = fill(files.database(), random, 40);
        ContactQuery query;
        query.sort = random_sort(random);
        query.deleted = Deleted::Included;
        query.limit = 7;
        const std::vector<std::string> expected = expected_ids(first, query);

        std::vector<std::string> seen;
        for (;;) {
            const api::ContactPage page = page_of(files.database(), query);
            for (const Contact& contact : page.contacts) seen.push_back(contact.id.text);
            if (page.cursor.empty()) break;
            query.cursor = page.cursor;
            fill(files.database(), random, 5);
        }
        // Whoever was there all the time is seen exactly once, in the same order.
        std::vector<std::string> lasting;
        for (const std::string& id : seen) {
            if (std::find(expected.begin(), expected.end(), id) != expected.end()) {
                lasting.push_back(id);
            }
        }
        CHECK(lasting == expected);
        std::sort(seen.begin(), seen.end());
        CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
    }
}

TEST_CASE("contact list: empty texts come last in both directions") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", ""));
    test::insert(files.database(), test::make_contact("2", "Zoe"));
    test::insert(files.database(), test::make_contact("3", "ann"));
    ContactQuery query;
    CHECK(walk(files.database(), query) == std::vector<std::string>{"3", "2", "1"});
    query.sort = {{"name", true}};
    query.limit = 1;
    CHECK(walk(files.database(), query) == std::vector<std::string>{"2", "3", "1"});
}

TEST_CASE("contact list: the last page has no cursor, even when it is full") {
    test::TempStore files;
    for (const char* id : {"1", "2"}) test::insert(files.database(), test::make_contact(id, "Ann"));
    ContactQuery query;
    query.limit = 2;
    CHECK(page_of(files.database(), query).cursor.empty());
    query.limit = 1;
    CHECK_FALSE(page_of(files.database(), query).cursor.empty());
}

TEST_CASE("contact list: a cursor of another order, or none of ours, is refused") {
    test::TempStore files;
    for (const char* id : {"1", "2"}) test::insert(files.database(), test::make_contact(id, "Ann"));
    ContactQuery query;
    query.limit = 1;
    const std::string by_name = page_of(files.database(), query).cursor;
    auto snapshot = files.database().begin_read();
    const auto code = [&](const ContactQuery& asked) {
        const auto page = list_contacts(snapshot.value(), test::kAcme, asked);
        REQUIRE_FALSE(page.is_ok());
        return page.error().code;
    };
    query.cursor = "zzz";
    CHECK(code(query) == ErrorCode::BadRequest);
    query.cursor = by_name;
    query.sort = {{"name"}, {"email"}};
    CHECK(code(query) == ErrorCode::BadRequest);
    query.sort = {{"updatedAt"}};
    CHECK(code(query) == ErrorCode::BadRequest);
    query.cursor.clear();
    query.sort = {{"notes"}};
    CHECK(code(query) == ErrorCode::BadRequest);
    query.sort = {{"id; DROP TABLE contacts"}};
    CHECK(code(query) == ErrorCode::BadRequest);
}

TEST_CASE("contact list: limits outside the allowed range are brought into it") {
    test::TempStore files;
    for (const char* id : {"1", "2"}) test::insert(files.database(), test::make_contact(id, "Ann"));
    ContactQuery query;
    query.limit = 0;
    CHECK(page_of(files.database(), query).contacts.size() == 1);
    query.limit = kPageSizeMax + 1;
    CHECK(page_of(files.database(), query).contacts.size() == 2);
}

}  // namespace crm::store
