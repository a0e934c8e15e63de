// Live events, per customer: who publishes never waits, who listens reads at its own pace. The last
// kEventsKept events are kept, so that a listener that was away resumes after the event it saw
// last; one that fell further behind gets "reset" and fetches everything again.
//
// Ids are "<boot>-<n>": after a restart of the server no old id can be resumed. Any thread may
// call.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "shared/api.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace crm::http {

/// One listener. Used by one thread; may outlive the hub.
class EventSubscription {
   public:
    enum class Outcome { Event, Quiet, Closed };
    struct Next {
        Outcome outcome = Outcome::Quiet;
        api::Event event;  // when there is one
    };

    EventSubscription(const EventSubscription&) = delete;
    EventSubscription& operator=(const EventSubscription&) = delete;
    ~EventSubscription();

    /// Blocks until there is an event, the hub closes or the time is over.
    [[nodiscard]] Next next(std::chrono::milliseconds most);
    /// The id from which a new listener would go on here.
    [[nodiscard]] std::string position() const;

   private:
    friend class EventHub;
    struct State;
    explicit EventSubscription(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

class EventHub {
   public:
    /// `boot` differs with every start of the server and has no '-'.
    explicit EventHub(std::string boot);
    EventHub(const EventHub&) = delete;
    EventHub& operator=(const EventHub&) = delete;
    ~EventHub();

    void publish(const CustomerId& customer, std::string type, std::string data);
    /// An empty id starts with what comes next. Unavailable when kEventStreamsMax listen already,
    /// or after close().
    [[nodiscard]] Result<std::unique_ptr<EventSubscription>> subscribe(
        const CustomerId& customer, std::string_view last_event_id);
    /// Ends every listener.
    void close();
    [[nodiscard]] std::size_t stream_count() const;

   private:
    friend class EventSubscription;
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace crm::http
