// Every job gets a thread while there may be more, however fast they come; idle threads go.
#include "server/http/thread_crew.h"

#include <atomic>
#include <future>

#include <doctest/doctest.h>

namespace crm::http {

using std::chrono::milliseconds;

TEST_CASE("thread crew: of a burst every job runs at once, up to the most threads") {
    ThreadCrew crew({2, 60, 100, milliseconds(50)});
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    std::atomic<int> running{0};
    std::atomic<int> done{0};
    for (int i = 0; i < 80; ++i) {
        CHECK(crew.take([&] {
            ++running;
            opened.wait();
            ++done;
        }));
    }
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (running < 60 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    CHECK(running == 60);
    CHECK(crew.thread_count() == 60);
    gate.set_value();
    while (done < 80 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    CHECK(done == 80);
    while (crew.thread_count() > 2 && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
    }
    CHECK(crew.thread_count() == 2);
    std::promise<void> again;
    CHECK(crew.take([&again] { again.set_value(); }));
    again.get_future().wait();
}

TEST_CASE("thread crew: no more wait than may, and shutting down finishes what was taken") {
    std::atomic<int> done{0};
    {
        ThreadCrew crew({0, 1, 3, milliseconds(50)});
        std::promise<void> gate;
        const std::shared_future<void> opened = gate.get_future().share();
        std::promise<void> begun;
        CHECK(crew.take([&, opened] {
            begun.set_value();
            opened.wait();
            ++done;
        }));
        begun.get_future().wait();
        for (int i = 0; i < 3; ++i) CHECK(crew.take([&] { ++done; }));
        CHECK_FALSE(crew.take([&] { ++done; }));
        gate.set_value();
        crew.shut_down();
        CHECK(done == 4);
        CHECK_FALSE(crew.take([&] { ++done; }));
    }
    CHECK(done == 4);
}

}  // namespace crm::http
