// One ring of events per customer under one mutex: it is held to copy an event in or out, never
// while anybody waits for a network.
#include "server/http/event_hub.h"

#include <charconv>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "server/limits.h"
#include "server/mutex.h"

namespace crm::http {
namespace {

struct Stored {
    std::string type;
    std::string data;
};

/// Event numbers first + 0 … first + events.size() - 1 are kept; the newest is `last`.
struct Channel {
    std::deque<Stored> events;
    std::uint64_t last = 0;
    std::size_t bytes = 0;
    Condition has_news;

    [[nodiscard]] std::uint64_t first() const { return last + 1 - events.size(); }

    void push(Stored event) {
        bytes += event.data.size();
        events.push_back(std::move(event));
        ++last;
        while (events.size() > kEventsKept || (bytes > kEventBytesKept && events.size() > 1)) {
            bytes -= events.front().data.size();
            events.pop_front();
        }
    }
};

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

}  // namespace

struct EventHub::State {
    explicit State(std::string the_boot) : boot(std::move(the_boot)) {}

    const std::string boot;
    Mutex mutex;
    std::map<CustomerId, std::shared_ptr<Channel>> channels CRM_GUARDED_BY(mutex);
    std::size_t stream_count CRM_GUARDED_BY(mutex) = 0;
    bool is_closed CRM_GUARDED_BY(mutex) = false;

    std::shared_ptr<Channel> channel_of(const CustomerId& customer) CRM_REQUIRES(mutex) {
        std::shared_ptr<Channel>& channel = channels[customer];
        if (!channel) channel = std::make_shared<Channel>();
        return channel;
    }

    [[nodiscard]] std::string id_of(std::uint64_t number) const {
        return boot + '-' + std::to_string(number);
    }

    /// The number in an id of this run of the server.
    [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view id) const {
        if (!id.starts_with(boot + '-')) return std::nullopt;
        return parse_number(id.substr(boot.size() + 1));
    }
};

struct EventSubscription::State {
    std::shared_ptr<EventHub::State> hub;
    std::shared_ptr<Channel> channel;
    std::uint64_t seen = 0;  // number of the last event handed out
    bool needs_reset = false;
};

EventSubscription::EventSubscription(std::unique_ptr<State> state) : state_(std::move(state)) {}

EventSubscription::~EventSubscription() {
    const Lock lock(state_->hub->mutex);
    --state_->hub->stream_count;
}

EventSubscription::Next EventSubscription::next(std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    EventHub::State& hub = *state_->hub;
    Channel& channel = *state_->channel;
    const Lock lock(hub.mutex);
    while (true) {
        if (hub.is_closed) return {Outcome::Closed, {}};
        if (state_->needs_reset || state_->seen + 1 < channel.first()) {
            state_->needs_reset = false;
            state_->seen = channel.last;
            return {Outcome::Event, {hub.id_of(channel.last), "reset", "{}"}};
        }
        if (state_->seen < channel.last) {
            const Stored& stored = channel.events[state_->seen + 1 - channel.first()];
            ++state_->seen;
            return {Outcome::Event, {hub.id_of(state_->seen), stored.type, stored.data}};
        }
        if (!channel.has_news.wait_until(hub.mutex, end)) break;
    }
    return {Outcome::Quiet, {}};
}

std::string EventSubscription::position() const {
    return state_->hub->id_of(state_->seen);
}

EventHub::EventHub(std::string boot) : state_(std::make_shared<State>(std::move(boot))) {}

EventHub::~EventHub() {
    close();
}

void EventHub::publish(const CustomerId& customer, std::string type, std::string data) {
    const Lock lock(state_->mutex);
    Channel& channel = *state_->channel_of(customer);
    channel.push({std::move(type), std::move(data)});
    channel.has_news.notify_all();
}

Result<std::unique_ptr<EventSubscription>> EventHub::subscribe(const CustomerId& customer,
                                                               std::string_view last_event_id) {
    auto listener = std::make_unique<EventSubscription::State>();
    const Lock lock(state_->mutex);
    if (state_->is_closed || state_->stream_count >= kEventStreamsMax) {
        return Error{ErrorCode::Unavailable,
                     "Too many windows listen for live changes; close some, or reload later"};
    }
    listener->hub = state_;
    listener->channel = state_->channel_of(customer);
    const Channel& channel = *listener->channel;
    listener->seen = channel.last;
    if (!last_event_id.empty()) {
        const std::optional<std::uint64_t> number = state_->number_of(last_event_id);
        const bool can_resume = number && *number <= channel.last && *number + 1 >= channel.first();
        if (can_resume) listener->seen = *number;
        listener->needs_reset = !can_resume;
    }
    ++state_->stream_count;
    return std::unique_ptr<EventSubscription>(new EventSubscription(std::move(listener)));
}

std::size_t EventHub::stream_count() const {
    const Lock lock(state_->mutex);
    return state_->stream_count;
}

void EventHub::close() {
    const Lock lock(state_->mutex);
    state_->is_closed = true;
    for (const auto& [customer, channel] : state_->channels) channel->has_news.notify_all();
}

}  // namespace crm::http
