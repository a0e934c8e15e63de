// What counts as a password, and that only its hash is kept.
#include "server/people/password.h"

#include <chrono>

#include <doctest/doctest.h>

#include "shared/limits.h"
#include "tests/server/people/people_world.h"

namespace crm::people {

TEST_CASE("password: the right one is known again, others and broken hashes are not") {
    test::SeededRandom random;
    const std::string hash = hash_password("open sesame 42", test::kCheapPassword, random).take();
    CHECK(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    CHECK(hash.find("sesame") == std::string::npos);
    CHECK(is_password("open sesame 42", hash));
    CHECK_FALSE(is_password("open sesame 43", hash));
    CHECK_FALSE(is_password("", hash));
    CHECK_FALSE(is_password("open sesame 42", ""));
    CHECK_FALSE(is_password("open sesame 42", "$argon2id$v=19$m=8,t=1,p=1$"));
    CHECK_FALSE(is_password(std::string(kPasswordBytesMax + 1, 'a'), hash));
}

TEST_CASE("password: the same one twice has two hashes") {
    test::SeededRandom random;
    CHECK(hash_password("open sesame 42", test::kCheapPassword, random).value() !=
          hash_password("open sesame 42", test::kCheapPassword, random).value());
}

TEST_CASE("password: a hash of another cost is recognised") {
    test::SeededRandom random;
    const std::string hash = hash_password("open sesame 42", test::kCheapPassword, random).take();
    CHECK_FALSE(has_other_cost(hash, test::kCheapPassword));
    CHECK(has_other_cost(hash, {.memory_kib = 16, .passes = 1, .lanes = 1}));
    CHECK(has_other_cost(hash, PasswordCost{}));
    CHECK(has_other_cost("", test::kCheapPassword));
}

TEST_CASE("password: the usual cost is what the limits say, and it works") {
    test::SeededRandom random;
    const auto begin = std::chrono::steady_clock::now();
    const std::string hash = hash_password("open sesame 42", PasswordCost{}, random).take();
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
    CHECK(is_password("open sesame 42", hash));
    MESSAGE("one hash: " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count()
                         << " ms");
}

TEST_CASE("password: length counts, kinds of characters do not") {
    const auto problem = [](const std::string& password) {
        const Status status = check_password_rules(password, "ada@example.com");
        if (status.is_ok()) return std::string();
        CHECK(status.error().code == ErrorCode::InvalidArgument);
        CHECK(status.error().fields.count("password") == 1);
        return status.error().message;
    };
    CHECK(problem("correct horse battery").empty());
    CHECK(problem("жили-были дед").empty());  // characters, not bytes
    CHECK(problem("elevenchars").find("at least 12") != std::string::npos);
    CHECK(problem("жили-были").find("at least 12") != std::string::npos);
    CHECK(problem(std::string(kPasswordBytesMax, 'a') + "bcdef").find("longer") !=
          std::string::npos);
    for (const char* guessable : {"aaaaaaaaaaaa",
                                  "abcabcabcabc",
                                  "123456789012",
                                  "abcdefghijkl",
                                  "zyxwvutsrqponm",
                                  "ADA@example.com"}) {
        CAPTURE(guessable);
        CHECK_FALSE(problem(guessable).empty());
    }
    CHECK_FALSE(problem(std::string("with a byte \0 zero", 18)).empty());
    CHECK_FALSE(problem("broken \xff utf-8 text").empty());
}

}  // namespace crm::people
