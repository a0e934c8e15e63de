// Many people at once: each test starts its threads together and lets them race.
#include <atomic>
#include <latch>
#include <set>
#include <thread>

#include "tests/server/contacts/world.h"

namespace crm {
namespace {

using test::by;
using test::kAcme;
using test::patch;
using test::World;

/// Runs work(0) … work(count - 1), each in a thread of its own, all at the same moment.
template <class Work>
void race(int count, Work work) {
    std::latch start(count);
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    for (int number = 0; number < count; ++number) {
        threads.emplace_back([&start, &work, number] {
            start.arrive_and_wait();
            work(number);
        });
    }
    for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("threads: of many that create one e-mail, exactly one makes a new contact") {
    for (int round = 0; round < 10; ++round) {
        World world;
        std::atomic<int> made{0};
        std::atomic<int> updated{0};
        std::atomic<int> failed{0};
        race(6, [&](int number) {
            const auto outcome = world.service.create(
                kAcme,
                patch({{"name", "Ann " + std::to_string(number)}, {"email", "ann@x.com"}}),
                by("Ann"));
            if (!outcome.is_ok()) {
                ++failed;
            } else if (outcome.value().is_new) {
                ++made;
            } else {
                ++updated;
            }
        });
        CHECK(made == 1);
        CHECK(updated == 5);
        CHECK(failed == 0);
        CHECK(world.count(Deleted::Included) == 1);
    }
}

TEST_CASE("threads: no edit of another field is lost, and history has them all") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}}));
    const std::vector<std::string> names = {"phone", "jobTitle", "pronouns", "company"};
    constexpr int kRounds = 10;
    std::atomic<int> failed{0};
    race(static_cast<int>(names.size()), [&](int number) {
        const std::string& field = names[static_cast<std::size_t>(number)];
        for (int round = 1; round <= kRounds; ++round) {
            // Everybody still has version 1 on the screen, and edits one field, again and again.
            const auto seen = round == 1 ? std::optional<std::int64_t>(1) : std::nullopt;
            const auto outcome = world.service.update(
                kAcme, ann.id, patch({{field, "v" + std::to_string(round)}}), seen, by(field));
            if (!outcome.is_ok()) ++failed;
        }
    });
    CHECK(failed == 0);
    const Contact last = world.find(ann.id);
    CHECK(last.version == 1 + static_cast<std::int64_t>(names.size()) * kRounds);
    for (const std::string& field : names) {
        CHECK(last.fields.*find_field(field)->member == "v" + std::to_string(kRounds));
    }
    CHECK(world.history(ann.id).size() == static_cast<std::size_t>(last.version));
}

TEST_CASE("threads: of many that edit one field from one version, exactly one wins") {
    World world;
    const Contact ann = world.create(patch({{"name", "Ann"}}));
    std::atomic<int> won{0};
    std::atomic<int> refused{0};
    race(6, [&](int number) {
        const auto outcome = world.service.update(
            kAcme, ann.id, patch({{"name", "Name " + std::to_string(number)}}), 1, by("Ann"));
        if (outcome.is_ok()) {
            ++won;
        } else if (outcome.error().code == ErrorCode::VersionMismatch) {
            ++refused;
        }
    });
    CHECK(won == 1);
    CHECK(refused == 5);
    CHECK(world.find(ann.id).version == 2);
}

TEST_CASE("threads: lists show whole states while people write") {
    World world;
    std::atomic<bool> is_over{false};
    std::atomic<int> wrong{0};
    std::thread reader([&] {
        while (!is_over) {
            ContactQuery query;
            query.limit = 3;
            std::set<std::string> seen;
            for (;;) {
                const auto page = world.service.list(kAcme, query);
                if (!page.is_ok()) {
                    ++wrong;
                    break;
                }
                for (const Contact& contact : page.value().contacts) {
                    if (!seen.insert(contact.id.text).second || contact.deleted) ++wrong;
                }
                query.cursor = page.value().cursor;
                if (query.cursor.empty()) break;
            }
        }
    });
    race(3, [&](int number) {
        for (int round = 0; round < 15; ++round) {
            const std::string name = std::to_string(round) + "-" + std::to_string(number);
            const auto made = world.service.create(kAcme, patch({{"name", name}}), by("Ann"));
            const bool is_kept = round % 3 != 0;
            const bool is_done =
                made.is_ok() &&
                (is_kept ||
                 world.service.remove(kAcme, made.value().contact.id, by("Ann")).is_ok());
            if (!is_done) ++wrong;
        }
    });
    is_over = true;
    reader.join();
    CHECK(wrong == 0);
    CHECK(world.count() == 30);
    CHECK(world.count(Deleted::Only) == 15);
}

}  // namespace crm
