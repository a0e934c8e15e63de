// Events of the hub as a text/event-stream, with a comment now and then so that both sides notice a
// connection that is gone.
#include "server/http/event_handlers.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "server/limits.h"

namespace crm::http {
namespace {

constexpr std::chrono::milliseconds kLook{
    1000};  // how often a stream looks whether its listener is there

class EventStream final : public BodyStream {
   public:
    EventStream(std::unique_ptr<EventSubscription> subscription, std::function<bool()> is_still_in)
        : subscription_(std::move(subscription)), is_still_in_(std::move(is_still_in)) {}

    std::optional<std::string> next() override {
        if (!is_greeted_) return greet();
        if (!may_go_on()) return std::nullopt;
        EventSubscription::Next news = subscription_->next(kLook);
        switch (news.outcome) {
            case EventSubscription::Outcome::Closed:
                return std::nullopt;
            case EventSubscription::Outcome::Quiet:
                return beat();
            case EventSubscription::Outcome::Event:
                break;
        }
        quiet_since_ = std::chrono::steady_clock::now();
        return format_event(news.event);
    }

   private:
    /// An id without data is remembered by the browser and not dispatched: who loses the connection
    /// before the first event resumes from here.
    std::string greet() {
        is_greeted_ = true;
        return "retry: 2000\nid: " + subscription_->position() + "\n\n";
    }

    /// Who has signed out, or was disabled, hears nothing more.
    bool may_go_on() {
        const auto now = std::chrono::steady_clock::now();
        if (!is_still_in_ || now - asked_at_ < kLook) return true;
        asked_at_ = now;
        return is_still_in_();
    }

    std::string beat() {
        const auto now = std::chrono::steady_clock::now();
        if (now - quiet_since_ < kEventHeartbeat) return {};
        quiet_since_ = now;
        return ": quiet\n\n";
    }

    std::unique_ptr<EventSubscription> subscription_;
    std::function<bool()> is_still_in_;
    std::chrono::steady_clock::time_point asked_at_ = std::chrono::steady_clock::now();
    bool is_greeted_ = false;
    std::chrono::steady_clock::time_point quiet_since_ = std::chrono::steady_clock::now();
};

}  // namespace

std::string format_event(const api::Event& event) {
    std::string text = "id: " + event.id + "\nevent: " + event.type + '\n';
    std::string_view rest = event.data;
    while (true) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        text += "data: ";
        text += rest.substr(0, end);
        text += '\n';
        if (end == rest.size()) break;
        rest.remove_prefix(end + 1);
    }
    text += '\n';
    return text;
}

Result<Response> stream_events(const Services& services, const Call& call) {
    const std::string_view last = find_header(call.request, "Last-Event-ID");
    Response response;
    response.stream = std::make_shared<EventStream>(
        CRM_TRY(services.events.subscribe(call.caller.customer, last)), call.is_still_in);
    response.content_type = "text/event-stream";
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    return response;
}

}  // namespace crm::http
