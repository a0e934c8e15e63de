// The SQL of lists against its oracle: matches() and less() over all contacts in memory.
#include <algorithm>

#include "server/store/contact_store.h"
#include "server/store/query.h"
#include "shared/limits.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

std::vector<std::string> ids_of(const std::vector<Contact>& contacts) {
    std::vector<std::string> ids;
    ids.reserve(contacts.size());
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
    static const std::vector<std::string> texts = {
        "",       "",   "a",       "A á",        "lee",     "%",     "_",    "vip",
        "'",      "日", "zilina",  "9",          "+42",     "(1)93", "0900", "x.com",
        "no one", "ss", "a b lee", "Žilina vip", "mueller", "MÜLLER"};
    static const std::vector<std::string> filters = {
        "",
        "",
        "name contains a",
        "company is \"a B\"",
        "email is empty",
        "email contains \"@x\" and tag is VIP",
        "phone contains 0900 or jobTitle is not empty",
        "phone is \"09001\"",
        "tag is empty and (notes contains lee or pronouns is a)",
        "tag contains ili",
        "updatedAt since \"1970-01-01T00:08:00Z\"",
        "createdAt since 1970-01-02"};
    ContactQuery query;
    query.text = texts[random_below(random, texts.size())];
    query.filter = parse_filter(filters[random_below(random, filters.size())]).take();
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

/// Nobody is found as it is written: whoever comes instead meets all but the text.
void check_nearby(Database& database, const std::vector<Contact>& all, ContactQuery query) {
    const std::vector<std::string> found = walk(database, query);
    CHECK(page_of(database, query).total == static_cast<std::int64_t>(found.size()));
    query.text.clear();
    for (const std::string& id : expected_ids(all, query)) {
        if (found.empty()) break;
        CHECK(std::count(found.begin(), found.end(), id) <= 1);
    }
    const std::vector<std::string> others = expected_ids(all, query);
    for (const std::string& id : found) {
        CHECK(std::find(others.begin(), others.end(), id) != others.end());
    }
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
            CAPTURE(format_filter(query.filter));
            const std::vector<std::string> expected = expected_ids(all, query);
            if (expected.empty() && !query.text.empty()) {
                check_nearby(files.database(), all, query);
                continue;
            }
            CHECK(walk(files.database(), query) == expected);
            CHECK(page_of(files.database(), query).total ==
                  static_cast<std::int64_t>(expected.size()));
        }
    }
}

TEST_CASE("contact list: typing errors find who is meant, unless somebody is written like that") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Chloé Müller", "chloe@example.org"));
    test::insert(files.database(), test::make_contact("2", "Bob Miles"));
    Contact called = test::make_contact("3", "Zoe Jones");
    called.fields.phone = "+44 20 7946 0991";
    test::insert(files.database(), called);
    const auto found = [&](const char* text) {
        ContactQuery query;
        query.text = text;
        const std::vector<std::string> ids = walk(files.database(), query);
        CHECK(page_of(files.database(), query).total == static_cast<std::int64_t>(ids.size()));
        return ids;
    };
    using Ids = std::vector<std::string>;
    for (const char* text : {"mulller",
                             "Mueller",
                             "müller",
                             "mlüler",
                             "mullr",
                             "Mulle",
                             "chloe mulller",
                             "choe mul",
                             "CHLOE@EXMAPLE.org"}) {
        CAPTURE(text);
        CHECK(found(text) == Ids{"1"});
    }
    CHECK(found("0991") == Ids{"3"});
    CHECK(found("79460991") == Ids{"3"});
    CHECK(found("joness") == Ids{"3"});
    CHECK(found("mulller jones").empty());
    CHECK(found("xyz").empty());
    CHECK(found("zo") == Ids{"3"});
    // Somebody is called that: the others are not meant.
    test::insert(files.database(), test::make_contact("4", "Ann Mulller"));
    CHECK(found("mulller") == Ids{"4"});
}

TEST_CASE("contact list: what changes, comes or goes is found at once, and no more") {
    test::TempStore files;
    Contact contact = test::make_contact("1", "Ann Archer");
    test::insert(files.database(), contact);
    const auto total = [&](const char* text) {
        ContactQuery query;
        query.text = text;
        return page_of(files.database(), query).total;
    };
    CHECK(total("archer") == 1);
    test::write(files.database(), [&](Transaction& transaction) {
        contact.fields.name = "Ann Baker";
        contact.version = 2;
        REQUIRE(update_contact(transaction, contact, 1).is_ok());
    });
    CHECK(total("archer") == 0);
    CHECK(total("bakers") == 1);  // nearly
    {
        auto transaction = files.database().begin_write();
        contact.fields.name = "Ann Cooper";
        contact.version = 3;
        REQUIRE(update_contact(transaction.value(), contact, 2).is_ok());
    }  // rolled back
    CHECK(total("cooper") == 0);
    CHECK(total("bakr") == 1);
    Contact guest = test::make_contact("2", "Guest");
    guest.arriving = true;
    test::insert(files.database(), guest);
    CHECK(total("gues") == 1);
    test::write(files.database(), [&](Transaction& transaction) {
        REQUIRE(withdraw_contact(transaction, ContactId("2")).is_ok());
    });
    CHECK(total("gues") == 0);
    auto snapshot = files.database().begin_read();
    Query terms(snapshot.value(), "SELECT count(*) FROM contact_terms WHERE term = 'guest'");
    REQUIRE(terms.step());
    CHECK(terms.integer(0) == 0);
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
