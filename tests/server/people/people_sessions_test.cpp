// Signing in and out, on a real database.
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/server/people/people_world.h"

namespace crm::people {

using test::kPassword;
using test::PeopleWorld;

TEST_CASE("sign-in: the right password opens a session, whatever the case of the e-mail") {
    PeopleWorld world;
    const api::User ada = world.add("Ada@Example.com", Role::Editor);
    const std::string session = world.session("  ada@EXAMPLE.com ");
    CHECK(session.size() >= 43);
    const Person person = world.people.find_session(session).take();
    CHECK(person ==
          Person{ada.id, test::kOurs, "Ada@Example.com", "Ada@Example.com", Role::Editor});
    CHECK(world.audit().front() == "signed_in Ada@Example.com");
    CHECK(world.people.list_users(test::kOurs).value().front().signed_in_at == world.clock.now());
}

TEST_CASE("sign-in: a wrong password and an unknown e-mail get the same answer") {
    PeopleWorld world;
    world.add("ada@example.com");
    const SignInAnswer wrong = world.sign_in("ada@example.com", "not the password");
    const SignInAnswer nobody = world.sign_in("bob@example.com", "not the password");
    const SignInAnswer no_email = world.sign_in("", "");
    CHECK_FALSE(wrong.signed_in.has_value());
    CHECK(wrong.refusal.code == ErrorCode::Unauthorized);
    CHECK(wrong.refusal == nobody.refusal);
    CHECK(wrong.refusal == no_email.refusal);
    CHECK(world.audit().front() == "sign_in_failed ada@example.com");
    // What a stranger typed is kept nowhere: it may be a password.
    CHECK(world.audit(CustomerId()) ==
          std::vector<std::string>{"sign_in_failed ", "sign_in_failed "});
}

TEST_CASE("sign-in: too many wrong passwords must wait, and then the right one works") {
    PeopleWorld world;
    world.add("ada@example.com");
    world.session("ada@example.com");
    for (int i = 0; i < kFailuresFreePair; ++i) {
        CHECK(world.sign_in("ada@example.com", "wrong").refusal.code == ErrorCode::Unauthorized);
    }
    const SignInAnswer delayed = world.sign_in("ada@example.com");
    CHECK_FALSE(delayed.signed_in.has_value());
    CHECK(delayed.refusal.code == ErrorCode::RateLimited);
    CHECK(delayed.wait == std::chrono::seconds{1});
    // From elsewhere nobody is held up by that.
    CHECK(world.sign_in("ada@example.com", kPassword, "192.0.2.99").signed_in.has_value());
    world.clock.advance(delayed.wait);
    CHECK(world.sign_in("ada@example.com").signed_in.has_value());
}

TEST_CASE("sign-in: an attack from everywhere leaves the owner a way in at once") {
    PeopleWorld world;
    world.add("ada@example.com");
    world.session("ada@example.com");
    for (int i = 0; i < 60; ++i) {
        static_cast<void>(world.sign_in("ada@example.com", "guess", "10.1.1." + std::to_string(i)));
    }
    CHECK(world.sign_in("ada@example.com", "guess", "10.2.2.2").refusal.code ==
          ErrorCode::RateLimited);
    CHECK(world.sign_in("ada@example.com").signed_in.has_value());
}

TEST_CASE("sign-in: each opens a new session, and the old one of that browser ends") {
    PeopleWorld world;
    world.add("ada@example.com");
    const std::string elsewhere = world.session("ada@example.com");
    const std::string first = world.session("ada@example.com");
    const SignInAnswer again = world.sign_in("ada@example.com", kPassword, "192.0.2.1", first);
    REQUIRE(again.signed_in.has_value());
    CHECK(again.signed_in->session != first);
    CHECK_FALSE(world.is_in(first));
    CHECK(world.is_in(elsewhere));
    CHECK(world.is_in(again.signed_in->session));
}

TEST_CASE("session: it ends when it is not used, and at the latest after its whole life") {
    PeopleWorld world;
    world.add("ada@example.com");
    const std::string session = world.session("ada@example.com");
    world.clock.advance(kSessionIdleMax - std::chrono::milliseconds{1});
    CHECK(world.is_in(session));
    world.clock.advance(kSessionIdleMax - std::chrono::milliseconds{1});
    CHECK(world.is_in(session));  // the use before has counted
    world.clock.advance(kSessionIdleMax);
    CHECK_FALSE(world.is_in(session));

    const std::string used = world.session("ada@example.com");
    for (int hour = 1; hour < kSessionLifeMax.count(); ++hour) {
        world.clock.advance(std::chrono::hours{1});
        REQUIRE(world.is_in(used));
    }
    world.clock.advance(std::chrono::hours{1});
    CHECK_FALSE(world.is_in(used));
}

TEST_CASE("session: signing out ends it, everywhere ends all, tokens stay") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com");
    const std::string one = world.session("ada@example.com");
    const std::string two = world.session("ada@example.com");
    const std::string three = world.session("ada@example.com");
    const std::string token =
        world.people.create_token(test::kOurs, ada.id, {"import", Role::Viewer, {}}, world.actor)
            .take()
            .secret;
    CHECK(world.people.sign_out(one, "192.0.2.1").is_ok());
    CHECK(world.people.sign_out("nonsense", "192.0.2.1").is_ok());
    CHECK_FALSE(world.is_in(one));
    CHECK(world.is_in(two));
    const Person person = world.people.find_session(two).take();
    CHECK(world.people.sign_out_everywhere(person, "192.0.2.1").is_ok());
    CHECK_FALSE(world.is_in(two));
    CHECK_FALSE(world.is_in(three));
    CHECK(world.people.find_token(token).is_ok());
    CHECK(world.audit().front() == "signed_out_everywhere ada@example.com");
}

TEST_CASE("session: no more than so many of one user; the oldest give way") {
    PeopleWorld world;
    world.add("ada@example.com");
    const std::string first = world.session("ada@example.com");
    for (std::size_t i = 0; i < kSessionsMax; ++i) {
        world.clock.advance(std::chrono::milliseconds{1});
        CHECK(world.is_in(world.session("ada@example.com")));
    }
    CHECK_FALSE(world.is_in(first));
}

TEST_CASE("password: changing one's own needs the present one and ends every other session") {
    PeopleWorld world;
    world.add("ada@example.com");
    const std::string session = world.session("ada@example.com");
    const Person ada = world.people.find_session(session).take();
    const std::string better = "a much better password";
    CHECK(world.people.change_own_password(ada, "wrong", better, "192.0.2.1").refusal.code ==
          ErrorCode::Unauthorized);
    CHECK(world.people.change_own_password(ada, kPassword, "short", "192.0.2.1").refusal.code ==
          ErrorCode::InvalidArgument);
    CHECK(world.is_in(session));
    const SignInAnswer changed =
        world.people.change_own_password(ada, kPassword, better, "192.0.2.1");
    REQUIRE(changed.signed_in.has_value());
    CHECK_FALSE(world.is_in(session));
    CHECK(world.is_in(changed.signed_in->session));
    CHECK_FALSE(world.sign_in("ada@example.com").signed_in.has_value());
    CHECK(world.sign_in("ada@example.com", better).signed_in.has_value());
}

TEST_CASE("password: a hash of an older cost is made anew at the next sign-in") {
    PeopleWorld world;
    world.add("ada@example.com");
    const std::string before = world.people.find_by_email("ada@example.com").value().password_hash;
    PeopleService costlier({world.store.database(),
                            world.clock,
                            world.random,
                            {.memory_kib = 16, .passes = 1, .lanes = 1}});
    REQUIRE(costlier.sign_in({"ada@example.com", kPassword, "192.0.2.1", ""}).signed_in);
    const std::string after = world.people.find_by_email("ada@example.com").value().password_hash;
    CHECK(before.starts_with("$argon2id$v=19$m=8,"));
    CHECK(after.starts_with("$argon2id$v=19$m=16,"));
    CHECK(costlier.sign_in({"ada@example.com", kPassword, "192.0.2.1", ""}).signed_in);
}

TEST_CASE("set-up: the link makes one admin, once, and only while there is nobody") {
    PeopleWorld world;
    CHECK_FALSE(world.people.has_users().value());
    CHECK_FALSE(world.people.check_setup("").is_ok());
    const std::string older = world.people.make_setup_secret();
    const std::string link = world.people.make_setup_secret();
    CHECK_FALSE(world.people.check_setup(older).is_ok());
    CHECK(world.people.check_setup(link).is_ok());
    SetUpRequest request{link, test::kOurs, "ada@example.com", "Ada", "short", "192.0.2.1"};
    CHECK(world.people.set_up(request).error().fields.count("password") == 1);
    request.password = kPassword;
    const SignedIn ada = world.people.set_up(request).take();
    CHECK(ada.person.role == Role::Admin);
    CHECK(ada.person.customer == test::kOurs);
    CHECK(world.is_in(ada.session));
    CHECK(world.people.has_users().value());
    request.email = "eve@example.com";
    CHECK(world.people.set_up(request).error().code == ErrorCode::Unauthorized);
    const std::string later = world.people.make_setup_secret();
    CHECK_FALSE(world.people.check_setup(later).is_ok());
    CHECK(world.audit() ==
          std::vector<std::string>{"signed_in ada@example.com", "set_up ada@example.com"});
}

TEST_CASE("set-up: the link ends by itself") {
    PeopleWorld world;
    const std::string link = world.people.make_setup_secret();
    world.clock.advance(kSetupLinkLife - std::chrono::milliseconds{1});
    CHECK(world.people.check_setup(link).is_ok());
    world.clock.advance(std::chrono::milliseconds{1});
    CHECK_FALSE(world.people.check_setup(link).is_ok());
}

TEST_CASE("secrets: none of them is in the database file") {
    PeopleWorld world;
    const api::User ada = world.add("ada@example.com");
    const std::string session = world.session("ada@example.com");
    const std::string token =
        world.people.create_token(test::kOurs, ada.id, {"import", Role::Editor, {}}, world.actor)
            .take()
            .secret;
    std::string bytes;
    for (const char* suffix : {"", "-wal"}) {
        std::ostringstream text;
        text << std::ifstream(world.store.file().string() + suffix, std::ios::binary).rdbuf();
        bytes += text.str();
    }
    REQUIRE(bytes.find("ada@example.com") != std::string::npos);
    for (const std::string& secret : {session, token, kPassword}) {
        CHECK(bytes.find(secret) == std::string::npos);
    }
}

}  // namespace crm::people
