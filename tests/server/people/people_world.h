// The people service on a real database, with a clock moved by hand and passwords that cost little.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/people/people_service.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace crm::test {

inline constexpr people::PasswordCost kCheapPassword{.memory_kib = 8, .passes = 1, .lanes = 1};
inline const std::string kPassword = "correct horse battery";
inline const CustomerId kOurs{"ours"};
inline const CustomerId kTheirs{"theirs"};

struct PeopleWorld {
    FakeClock clock;
    SeededRandom random;
    TempStore store;
    people::PeopleService people{{store.database(), clock, random, kCheapPassword}};
    const people::Actor actor{{}, "command line", ""};

    api::User add(const std::string& email,
                  Role role = Role::Admin,
                  const CustomerId& customer = kOurs) {
        Result<api::User> user = people.add_user(customer, {email, "", role, kPassword}, actor);
        REQUIRE_MESSAGE(user.is_ok(), (user.is_ok() ? "" : user.error().message));
        return user.take();
    }
    people::SignInAnswer sign_in(const std::string& email,
                                 const std::string& password = kPassword,
                                 const std::string& address = "192.0.2.1",
                                 const std::string& old_session = "") {
        return people.sign_in({email, password, address, old_session});
    }
    std::string session(const std::string& email) {
        const people::SignInAnswer answer = sign_in(email);
        REQUIRE_MESSAGE(answer.signed_in.has_value(), answer.refusal.message);
        return answer.signed_in->session;
    }
    bool is_in(const std::string& secret) { return people.find_session(secret).is_ok(); }
    /// "kind subject", newest first.
    std::vector<std::string> audit(const CustomerId& customer = kOurs) {
        const Result<api::AuditPage> page = people.audit(customer, "", 1000);
        REQUIRE(page.is_ok());
        std::vector<std::string> lines;
        for (const api::AuditEvent& event : page.value().events) {
            lines.push_back(event.kind + ' ' + event.subject);
        }
        return lines;
    }
};

}  // namespace crm::test
