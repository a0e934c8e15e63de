// Users, tokens and the audit log, on a real database.
#include <array>
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "tests/server/people/people_world.h"

namespace crm::people {

using test::kOurs;
using test::kPassword;
using test::kTheirs;
using test::PeopleWorld;

namespace {

ErrorCode code_of(const Result<api::User>& outcome) {
    REQUIRE_FALSE(outcome.is_ok());
    return outcome.error().code;
}

api::UserChange with_role(Role role) {
    api::UserChange change;
    change.role = role;
    return change;
}

api::UserChange disabled(bool is_disabled) {
    api::UserChange change;
    change.is_disabled = is_disabled;
    return change;
}

}  // namespace

TEST_CASE("users: what is wrong with a new one is said all at once") {
    PeopleWorld world;
    const Result<api::User> refused = world.people.add_user(
        kOurs, {"no address", std::string(101, 'x'), Role::Viewer, "short"}, world.actor);
    CHECK(code_of(refused) == ErrorCode::InvalidArgument);
    CHECK(refused.error().fields.size() == 3);
    CHECK(world.people.list_users(kOurs).value().empty());
    world.add("ada@example.com");
    CHECK(code_of(world.people.add_user(
              kTheirs, {"ADA@example.com", "", Role::Admin, kPassword}, world.actor)) ==
          ErrorCode::Conflict);
}

TEST_CASE("users: each customer sees and changes its own only") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com");
    const api::User bob = world.add("bob@example.com", Role::Admin, kTheirs);
    CHECK(world.people.list_users(kOurs).value() == std::vector{ada});
    CHECK(world.people.list_users(kTheirs).value() == std::vector{bob});
    CHECK(code_of(world.people.change_user(kOurs, bob.id, with_role(Role::Viewer), world.actor)) ==
          ErrorCode::NotFound);
    api::UserChange password;
    password.password = "another password here";
    CHECK(code_of(world.people.change_user(kOurs, bob.id, password, world.actor)) ==
          ErrorCode::NotFound);
    CHECK(world.people.list_users(kTheirs).value() == std::vector{bob});
    CHECK(world.sign_in("bob@example.com").signed_in.has_value());
}

TEST_CASE("users: the last admin stays one, the last but one may go") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com");
    world.add("theirs@example.com", Role::Admin, kTheirs);
    CHECK(code_of(world.people.change_user(kOurs, ada.id, with_role(Role::Editor), world.actor)) ==
          ErrorCode::Conflict);
    CHECK(code_of(world.people.change_user(kOurs, ada.id, disabled(true), world.actor)) ==
          ErrorCode::Conflict);
    const api::User bob = world.add("bob@example.com");
    CHECK(world.people.change_user(kOurs, ada.id, disabled(true), world.actor).is_ok());
    CHECK(code_of(world.people.change_user(kOurs, bob.id, with_role(Role::Viewer), world.actor)) ==
          ErrorCode::Conflict);
    CHECK(world.people.change_user(kOurs, ada.id, disabled(false), world.actor).is_ok());
    CHECK(world.people.change_user(kOurs, bob.id, with_role(Role::Viewer), world.actor).is_ok());
    CHECK(world.audit().front() == "user_changed bob@example.com");
}

TEST_CASE("users: two admins who demote each other at the same moment leave one") {
    PeopleWorld world;
    const std::array<api::User, 2> admins{world.add("ada@example.com"),
                                          world.add("bob@example.com")};
    std::atomic<int> demoted{0};
    std::vector<std::thread> threads;
    threads.reserve(admins.size());
    for (const api::User& admin : admins) {
        threads.emplace_back([&world, &demoted, &admin] {
            if (world.people.change_user(kOurs, admin.id, with_role(Role::Viewer), world.actor)
                    .is_ok()) {
                ++demoted;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(demoted == 1);
}

TEST_CASE("users: disabling ends sessions and tokens at once, enabling brings tokens back") {
    PeopleWorld world;
    world.add("root@example.com");
    const api::User ada = world.add("ada@example.com", Role::Editor);
    const std::string session = world.session("ada@example.com");
    const std::string token =
        world.people.create_token(kOurs, ada.id, {"import", Role::Editor, {}}, world.actor)
            .take()
            .secret;
    CHECK(world.people.change_user(kOurs, ada.id, disabled(true), world.actor).is_ok());
    CHECK_FALSE(world.is_in(session));
    CHECK_FALSE(world.people.find_token(token).is_ok());
    const SignInAnswer refused = world.sign_in("ada@example.com");
    CHECK_FALSE(refused.signed_in.has_value());
    CHECK(refused.refusal.message.find("disabled") != std::string::npos);
    // Who does not know the password is not told.
    CHECK(world.sign_in("ada@example.com", "guess").refusal.message.find("disabled") ==
          std::string::npos);
    CHECK(world.people.change_user(kOurs, ada.id, disabled(false), world.actor).is_ok());
    CHECK_FALSE(world.is_in(session));
    CHECK(world.people.find_token(token).is_ok());
    CHECK(world.sign_in("ada@example.com").signed_in.has_value());
}

TEST_CASE("users: a changed role holds for sessions that are open") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com", Role::Editor);
    const std::string session = world.session("ada@example.com");
    CHECK(world.people.change_user(kOurs, ada.id, with_role(Role::Viewer), world.actor).is_ok());
    CHECK(world.people.find_session(session).value().role == Role::Viewer);
}

TEST_CASE("tokens: shown once, with no more rights than their scope and their user") {
    PeopleWorld world;
    world.add("root@example.com");
    const api::User ada = world.add("ada@example.com", Role::Editor);
    const auto make = [&](Role scope) {
        return world.people.create_token(kOurs, ada.id, {"for tests", scope, {}}, world.actor)
            .take();
    };
    const PeopleService::CreatedToken reading = make(Role::Viewer);
    const PeopleService::CreatedToken all = make(Role::Admin);
    CHECK(reading.secret.starts_with(kApiTokenStart));
    CHECK(world.people.find_token(reading.secret).value().role == Role::Viewer);
    CHECK(world.people.find_token(all.secret).value().role == Role::Editor);
    CHECK(world.people.change_user(kOurs, ada.id, with_role(Role::Viewer), world.actor).is_ok());
    CHECK(world.people.find_token(all.secret).value().role == Role::Viewer);
    const std::vector<api::ApiToken> listed = world.people.list_tokens(kOurs).take();
    CHECK(listed.size() == 2);
    CHECK(listed.front().user == "ada@example.com");
    CHECK(listed.front().used_at == world.clock.now());
    CHECK(world.people.list_tokens(kTheirs).value().empty());
}

TEST_CASE("tokens: revoked and expired ones are refused, and only their customer revokes them") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com");
    const PeopleService::CreatedToken lasting =
        world.people.create_token(kOurs, ada.id, {"one", Role::Viewer, {}}, world.actor).take();
    const PeopleService::CreatedToken brief =
        world.people.create_token(kOurs, ada.id, {"two", Role::Viewer, 1}, world.actor).take();
    CHECK_FALSE(world.people.revoke_token(kTheirs, lasting.token.id, world.actor).is_ok());
    world.clock.advance(std::chrono::hours{24} - std::chrono::milliseconds{1});
    CHECK(world.people.find_token(brief.secret).is_ok());
    world.clock.advance(std::chrono::milliseconds{1});
    CHECK_FALSE(world.people.find_token(brief.secret).is_ok());
    CHECK(world.people.find_token(lasting.secret).is_ok());
    const api::ApiToken revoked =
        world.people.revoke_token(kOurs, lasting.token.id, world.actor).take();
    CHECK(revoked.revoked_at == world.clock.now());
    CHECK_FALSE(world.people.find_token(lasting.secret).is_ok());
    CHECK(world.people.revoke_token(kOurs, lasting.token.id, world.actor).is_ok());
    CHECK(world.audit() == std::vector<std::string>{"token_revoked one",
                                                    "token_created two",
                                                    "token_created one",
                                                    "user_added ada@example.com"});
    for (const std::string& none : {std::string(), std::string("ctk_"), lasting.secret + "x"}) {
        CHECK(world.people.find_token(none).error().code == ErrorCode::Unauthorized);
    }
}

TEST_CASE("tokens: a user of another customer or nobody gets none, and names are checked") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com");
    for (const UserId& user : {UserId(), ada.id}) {
        CHECK_FALSE(
            world.people.create_token(kTheirs, user, {"x", Role::Admin, {}}, world.actor).is_ok());
    }
    for (const std::string& name : {std::string(" "), std::string(101, 'x')}) {
        CHECK(world.people.create_token(kOurs, ada.id, {name, Role::Admin, {}}, world.actor)
                  .error()
                  .fields.count("name") == 1);
    }
    CHECK(world.people.list_tokens(kOurs).value().empty());
}

TEST_CASE("audit: pages go back to the beginning, each event once, and each customer's own") {
    PeopleWorld world;
    for (int i = 0; i < 25; ++i) world.add("user" + std::to_string(i) + "@example.com");
    world.add("theirs@example.com", Role::Admin, kTheirs);
    std::vector<std::string> seen;
    std::string cursor;
    do {
        const api::AuditPage page = world.people.audit(kOurs, cursor, 10).take();
        CHECK(page.events.size() <= 10);
        for (const api::AuditEvent& event : page.events) seen.push_back(event.subject);
        cursor = page.cursor;
    } while (!cursor.empty());
    CHECK(seen.size() == 25);
    CHECK(seen.front() == "user24@example.com");
    CHECK(seen.back() == "user0@example.com");
    for (const char* broken : {"x", "-1", "0", "1x", "99999999999999999999"}) {
        CHECK(world.people.audit(kOurs, broken, 10).error().code == ErrorCode::BadRequest);
    }
}

}  // namespace crm::people
