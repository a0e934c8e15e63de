// Who hears what, from where, and that nobody who publishes ever waits.
#include "server/http/event_hub.h"

#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "server/http/event_handlers.h"
#include "server/limits.h"

using namespace crm;
using namespace crm::http;
using Outcome = EventSubscription::Outcome;

namespace {

const CustomerId kAda("ada");
const CustomerId kBob("bob");
constexpr std::chrono::milliseconds kNow{0};
constexpr std::chrono::milliseconds kSoon{5000};

std::unique_ptr<EventSubscription> listen(EventHub& hub, const std::string& last = "") {
    Result<std::unique_ptr<EventSubscription>> subscription = hub.subscribe(kAda, last);
    REQUIRE(subscription.is_ok());
    return subscription.take();
}

/// "id type data" of everything that waits for this listener.
std::vector<std::string> drain(EventSubscription& subscription) {
    std::vector<std::string> events;
    while (true) {
        const EventSubscription::Next next = subscription.next(kNow);
        if (next.outcome != Outcome::Event) break;
        events.push_back(next.event.id + ' ' + next.event.type + ' ' + next.event.data);
    }
    return events;
}

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("a listener hears what comes after it began, of its own customer") {
    EventHub hub("b");
    hub.publish(kAda, "contact", "before");
    const auto listener = listen(hub);
    CHECK(listener->position() == "b-1");
    hub.publish(kBob, "contact", "another customer's");
    hub.publish(kAda, "contact", "one");
    hub.publish(kAda, "run", "two");
    CHECK(drain(*listener) == Events{"b-2 contact one", "b-3 run two"});
    CHECK(listener->position() == "b-3");
    CHECK(drain(*listener).empty());
}

TEST_CASE("an id resumes after it; an id that cannot be resumed resets") {
    EventHub hub("b");
    for (const char* data : {"one", "two", "three"}) hub.publish(kAda, "contact", data);
    CHECK(drain(*listen(hub, "b-1")) == Events{"b-2 contact two", "b-3 contact three"});
    CHECK(drain(*listen(hub, "b-3")).empty());
    CHECK(drain(*listen(hub, "b-0")).size() == 3);
    for (const char* unknown :
         {"old-1", "b-4", "b-", "b-x", "b-1x", "-1", "garbage", "b-99999999999999999999"}) {
        CAPTURE(unknown);
        CHECK(drain(*listen(hub, unknown)) == Events{"b-3 reset {}"});
    }
    EventHub fresh("c");
    CHECK(drain(*listen(fresh, "b-3")) == Events{"c-0 reset {}"});
}

TEST_CASE("who falls too far behind is reset and goes on from the newest") {
    EventHub hub("b");
    const auto slow = listen(hub);
    const std::size_t count = kEventsKept + 1;
    for (std::size_t event = 0; event < count; ++event) hub.publish(kAda, "contact", "x");
    const std::string newest = "b-" + std::to_string(count);
    CHECK(drain(*slow) == Events{newest + " reset {}"});
    hub.publish(kAda, "contact", "y");
    CHECK(drain(*slow) == Events{"b-" + std::to_string(count + 1) + " contact y"});
    CHECK(drain(*listen(hub, "b-1")) == Events{"b-" + std::to_string(count + 1) + " reset {}"});
    CHECK(drain(*listen(hub, "b-3")).size() == kEventsKept - 1);
}

TEST_CASE("large events push old ones out before their number does") {
    EventHub hub("b");
    const auto slow = listen(hub);
    const std::string large(kEventBytesKept / 4, 'x');
    for (int event = 0; event < 6; ++event) hub.publish(kAda, "contact", large);
    CHECK(drain(*slow) == Events{"b-6 reset {}"});
    CHECK(drain(*listen(hub, "b-2")).size() == 4);
    hub.publish(kAda, "contact", std::string(2 * kEventBytesKept, 'y'));
    CHECK(drain(*listen(hub, "b-6")).size() == 1);
}

TEST_CASE("a waiting listener is woken by news and by the end") {
    EventHub hub("b");
    const auto listener = listen(hub);
    EventSubscription::Next news;
    std::thread waiting([&] { news = listener->next(kSoon); });
    hub.publish(kAda, "run", "now");
    waiting.join();
    CHECK(news.outcome == Outcome::Event);
    CHECK(news.event.data == "now");

    EventSubscription::Next end;
    std::thread still_waiting([&] { end = listener->next(kSoon); });
    hub.close();
    still_waiting.join();
    CHECK(end.outcome == Outcome::Closed);
    CHECK_FALSE(hub.subscribe(kAda, "").is_ok());
}

TEST_CASE("nothing new is said when the time is over") {
    EventHub hub("b");
    CHECK(listen(hub)->next(std::chrono::milliseconds{1}).outcome == Outcome::Quiet);
}

TEST_CASE("the number of listeners has a limit, and who leaves makes room") {
    EventHub hub("b");
    std::vector<std::unique_ptr<EventSubscription>> listeners;
    for (std::size_t count = 0; count < kEventStreamsMax; ++count) listeners.push_back(listen(hub));
    const auto refused = hub.subscribe(kBob, "");
    REQUIRE_FALSE(refused.is_ok());
    CHECK(refused.error().code == ErrorCode::Unavailable);
    listeners.pop_back();
    CHECK(hub.subscribe(kBob, "").is_ok());
}

TEST_CASE("a listener may outlive its hub") {
    auto hub = std::make_unique<EventHub>("b");
    const auto listener = listen(*hub);
    hub.reset();
    CHECK(listener->next(kSoon).outcome == Outcome::Closed);
}

TEST_CASE("many threads publish and listen, and every listener hears everything in order") {
    EventHub hub("b");
    constexpr int kPublishers = 4;
    constexpr int kEach = 200;
    std::vector<std::unique_ptr<EventSubscription>> listeners;
    for (int count = 0; count < 4; ++count) listeners.push_back(listen(hub));
    std::vector<std::thread> threads;
    std::vector<int> heard(listeners.size(), 0);
    for (std::size_t index = 0; index < listeners.size(); ++index) {
        threads.emplace_back([&, index] {
            while (heard[index] < kPublishers * kEach) {
                const EventSubscription::Next next = listeners[index]->next(kSoon);
                if (next.outcome != Outcome::Event) break;
                ++heard[index];
                if (next.event.id != "b-" + std::to_string(heard[index])) break;
            }
        });
    }
    for (int publisher = 0; publisher < kPublishers; ++publisher) {
        threads.emplace_back([&] {
            for (int event = 0; event < kEach; ++event) hub.publish(kAda, "contact", "x");
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(heard == std::vector<int>(listeners.size(), kPublishers * kEach));
}

TEST_CASE("an event is written as lines") {
    CHECK(format_event({"b-1", "run", R"({"run":1})"}) ==
          "id: b-1\nevent: run\ndata: {\"run\":1}\n\n");
    CHECK(format_event({"b-2", "x", "two\nlines"}) ==
          "id: b-2\nevent: x\ndata: two\ndata: lines\n\n");
    CHECK(format_event({"b-3", "x", ""}) == "id: b-3\nevent: x\ndata: \n\n");
}
