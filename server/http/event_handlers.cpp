// Events of the hub as a text/event-stream, with a comment now and then so that both sides notice a
// connection that is gone.
#include "server/http/event_handlers.h"

#include <algorithm>
#include <chrono>

#include "shared/limits.h"

namespace crm::http {
namespace {

constexpr std::chrono::milliseconds kLook{
    1000};  // how often a stream looks whether its listener is there

class EventStream final : public BodyStream {
   public:
    explicit EventStream(std::unique_ptr<EventSubscription> subscription)
        : subscription_(std::move(subscription)) {}

    std::optional<std::string> next() override {
        if (!is_greeted_) return greet();
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

    std::string beat() {
        const auto now = std::chrono::steady_clock::now();
        if (now - quiet_since_ < kEventHeartbeat) return {};
        quiet_since_ = now;
        return ": quiet\n\n";
    }

    std::unique_ptr<EventSubscription> subscription_;
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
        CRM_TRY(services.events.subscribe(call.caller.customer, last)));
    response.content_type = "text/event-stream";
    response.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
    return response;
}

}  // namespace crm::http
