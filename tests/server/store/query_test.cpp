#include "server/store/query.h"

#include "tests/server/store/samples.h"

namespace crm::store {

TEST_CASE("query: values come back as they were bound") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    REQUIRE(snapshot.is_ok());
    const std::string with_nul("a\0b", 3);
    Query query(snapshot.value(), "SELECT ?, ?, ?, ?, ?");
    query.bind(with_nul).bind(std::int64_t{-7}).bind(test::at_ms(42));
    query.bind(std::optional<std::int64_t>{}).bind(std::optional<TimePoint>{test::at_ms(5)});
    REQUIRE(query.step());
    CHECK(query.text(0) == with_nul);
    CHECK(query.integer(1) == -7);
    CHECK(query.time(2) == test::at_ms(42));
    CHECK(query.is_null(3));
    CHECK(query.time(4) == test::at_ms(5));
    CHECK_FALSE(query.step());
}

TEST_CASE("query: a kept statement starts without the values of its last use") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    REQUIRE(snapshot.is_ok());
    const char* sql = "SELECT ?";
    {
        Query first(snapshot.value(), sql);
        REQUIRE(first.bind("old").step());
    }
    Query second(snapshot.value(), sql);
    REQUIRE(second.step());
    CHECK(second.is_null(0));
}

TEST_CASE("query: the same SQL may be open twice") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    REQUIRE(snapshot.is_ok());
    const char* sql = "SELECT value FROM (SELECT 1 AS value UNION SELECT 2) WHERE value >= ?";
    for (int round = 0; round < 3; ++round) {
        Query outer(snapshot.value(), sql);
        outer.bind(std::int64_t{1});
        int rows = 0;
        while (outer.step()) {
            Query inner(snapshot.value(), sql);
            REQUIRE(inner.bind(std::int64_t{2}).step());
            CHECK(inner.integer(0) == 2);
            ++rows;
        }
        CHECK(rows == 2);
    }
}

TEST_CASE("query: more statements than are kept still work") {
    test::TempStore files;
    auto snapshot = files.database().begin_read();
    REQUIRE(snapshot.is_ok());
    for (int number = 0; number < 300; ++number) {
        Query query(snapshot.value(), "SELECT " + std::to_string(number));
        REQUIRE(query.step());
        CHECK(query.integer(0) == number);
    }
}

TEST_CASE("query: run() tells how many rows changed") {
    test::TempStore files;
    test::insert(files.database(), test::make_contact("1", "Ann"));
    test::insert(files.database(), test::make_contact("2", "Bob"));
    test::write(files.database(), [](Transaction& transaction) {
        CHECK(Query(transaction, "UPDATE contacts SET origin = origin").run() == 2);
        CHECK(Query(transaction, "UPDATE contacts SET origin = '' WHERE id = 'x'").run() == 0);
    });
}

}  // namespace crm::store
