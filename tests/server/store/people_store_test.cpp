// The tables of users, and what the file itself refuses.
#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/store/access_store.h"
#include "server/store/audit_store.h"
#include "server/store/query.h"
#include "server/store/user_store.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

UserRow make_user(const std::string& email, const CustomerId& customer = test::kAcme) {
    UserRow user;
    user.id = UserId("id of " + email);
    user.customer = customer;
    user.email = email;
    user.name = "Name";
    user.role = Role::Editor;
    user.password_hash = "$hash";
    user.created_at = TimePoint{std::chrono::milliseconds{5}};
    return user;
}

AuditLine make_line(const std::string& kind) {
    AuditLine line;
    line.customer = test::kAcme;
    line.event.kind = kind;
    return line;
}

std::int64_t count(Database& database, std::string_view sql) {
    const auto snapshot = database.begin_read();
    Query query(snapshot.value(), sql);
    REQUIRE(query.step());
    return query.integer(0);
}

}  // namespace

TEST_CASE("user store: a user comes back as it was put in, for its customer only") {
    test::TempStore files;
    UserRow user = make_user("Ada@X.com");
    test::write(files.database(), [&](Transaction& transaction) {
        REQUIRE(insert_user(transaction, user).is_ok());
        CHECK(insert_user(transaction, make_user("ada@x.com", test::kGlobex)).error().code ==
              ErrorCode::Conflict);
        user.signed_in_at = TimePoint{std::chrono::milliseconds{9}};
        user.is_disabled = true;
        user.role = Role::Admin;
        REQUIRE(update_user(transaction, user).is_ok());
        UserRow stolen = user;
        stolen.customer = test::kGlobex;
        CHECK(update_user(transaction, stolen).error().code == ErrorCode::NotFound);
    });
    const auto snapshot = files.database().begin_read();
    CHECK(find_user(snapshot.value(), test::kAcme, user.id).value() == user);
    CHECK_FALSE(find_user(snapshot.value(), test::kGlobex, user.id).value().has_value());
    CHECK(find_user_by_email(snapshot.value(), "ada@x.com").value() == user);
    CHECK(load_users(snapshot.value(), test::kGlobex).value().empty());
    CHECK(count_admins(snapshot.value(), test::kAcme).value() == 0);  // disabled
}

TEST_CASE("access store: sessions end by name, by age and by number") {
    test::TempStore files;
    const UserRow user = make_user("ada@x.com");
    const auto at = [](int ms) { return TimePoint{std::chrono::milliseconds{ms}}; };
    test::write(files.database(), [&](Transaction& transaction) {
        REQUIRE(insert_user(transaction, user).is_ok());
        for (int i = 1; i <= 5; ++i) {
            const SessionRow session{
                "h" + std::to_string(i), user.id, user.customer, at(i), at(i * 10), at(1000)};
            REQUIRE(insert_session(transaction, session).is_ok());
        }
        REQUIRE(touch_session(transaction, "h1", at(500)).is_ok());
        CHECK(find_session(transaction, "h1").value()->seen_at == at(500));
        REQUIRE(delete_old_sessions(transaction, at(600), at(20)).is_ok());
        CHECK_FALSE(find_session(transaction, "h2").value().has_value());
        REQUIRE(delete_surplus_sessions(transaction, user.id, 2).is_ok());
        CHECK_FALSE(find_session(transaction, "h1").value().has_value());
        CHECK(find_session(transaction, "h4").value().has_value());
        REQUIRE(delete_sessions_of(transaction, user.id, "h5").is_ok());
        CHECK_FALSE(find_session(transaction, "h4").value().has_value());
        CHECK(find_session(transaction, "h5").value().has_value());
        REQUIRE(delete_old_sessions(transaction, at(1000), at(0)).is_ok());
        CHECK_FALSE(find_session(transaction, "h5").value().has_value());
    });
}

TEST_CASE("audit store: the file itself refuses to rewrite or drop what happened") {
    test::TempStore files;
    test::write(files.database(), [&](Transaction& transaction) {
        REQUIRE(append_audit(transaction, make_line("signed_in")).is_ok());
    });
    auto transaction = files.database().begin_write();
    for (const char* sql : {"UPDATE people_audit SET note = 'x'", "DELETE FROM people_audit"}) {
        CAPTURE(sql);
        CHECK_THROWS_AS(Query(transaction.value(), sql).run(), std::runtime_error);
    }
}

TEST_CASE("audit store: an attacker's failures push out each other and nothing else") {
    test::TempStore files;
    test::write(files.database(), [&](Transaction& transaction) {
        REQUIRE(append_audit(transaction, make_line("signed_in")).is_ok());
        for (std::int64_t i = 0; i < kAuditFailuresKept + 5; ++i) {
            REQUIRE(append_audit(transaction, make_line("sign_in_failed")).is_ok());
        }
    });
    CHECK(count(files.database(), "SELECT count(*) FROM people_audit") == kAuditFailuresKept + 1);
    CHECK(count(files.database(), "SELECT count(*) FROM people_audit WHERE kind = 'signed_in'") ==
          1);
}

}  // namespace crm::store
