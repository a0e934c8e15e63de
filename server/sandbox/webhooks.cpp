// Waiting and sending happen on one thread, as the vendor runs one flow of a connection at a time.
// The rules are read again when a call is due, so that switching off ends what waits.
#include "server/sandbox/webhooks.h"

#include <algorithm>
#include <utility>

#include <httplib.h>

#include "server/jwt.h"
#include "server/loopback.h"
#include "server/sandbox/contact_wire.h"
#include "server/sandbox/desk.h"

namespace crm::sandbox {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kMembers[] = {
    "url", "delayMs", "twicePercent", "swappedPercent", "lostPercent"};

Error bad_member(std::string_view member, std::string_view allowed) {
    return {ErrorCode::BadRequest,
            "\"" + std::string(member) + "\" must be " + std::string(allowed)};
}

Result<std::int64_t> read_whole(const Json& json,
                                std::string_view name,
                                std::int64_t most,
                                std::int64_t otherwise) {
    const Json* value = json.find(name);
    if (value == nullptr) return otherwise;
    const std::optional<std::int64_t> number = value->integer();
    if (number && *number >= 0 && *number <= most) return *number;
    return bad_member(name, "a whole number from 0 to " + std::to_string(most));
}

Result<std::size_t> read_percent(const Json& json, std::string_view name) {
    return static_cast<std::size_t>(CRM_TRY(read_whole(json, name, 100, 0)));
}

bool is_live(const std::optional<Record>& record) {
    return record && !record->deleted_at && !record->merged_into;
}

struct Target {
    std::string origin;  // "http://127.0.0.1:8080"
    std::string path;    // "/api/webhooks", without a slash at its end
};

Target split_url(const std::string& url) {
    const std::size_t authority = url.find("//") + 2;
    const std::size_t path = std::min(url.find('/', authority), url.size());
    Target target{url.substr(0, path), url.substr(path)};
    while (target.path.ends_with('/')) target.path.pop_back();
    return target;
}

}  // namespace

Result<WebhookRules> read_webhook_rules(const Json& json) {
    if (json.members() == nullptr) {
        return Error{ErrorCode::BadRequest, "The body must be a JSON object"};
    }
    for (const Json::Member& member : *json.members()) {
        if (std::find(std::begin(kMembers), std::end(kMembers), member.name) ==
            std::end(kMembers)) {
            return bad_member(member.name, "left out: there is no such member");
        }
    }
    WebhookRules rules;
    rules.url = json.text_at("url");
    const Json* url = json.find("url");
    if (url != nullptr && !url->is_null() && url->text() == nullptr) {
        return bad_member("url", "text");
    }
    const bool is_usable = rules.url.starts_with("http://") && is_loopback_url(rules.url) &&
                           rules.url.find_first_of(" ?#") == std::string::npos;
    if (!rules.url.empty() && !is_usable) {
        return bad_member("url", "an http:// address of this machine, or empty for none");
    }
    rules.delay = milliseconds(CRM_TRY(
        read_whole(json, "delayMs", kSandboxDelayMax.count(), kSandboxWebhookDelay.count())));
    rules.twice_percent = CRM_TRY(read_percent(json, "twicePercent"));
    rules.swapped_percent = CRM_TRY(read_percent(json, "swappedPercent"));
    rules.lost_percent = CRM_TRY(read_percent(json, "lostPercent"));
    return rules;
}

Json webhook_rules_json(const WebhookRules& rules) {
    return Json::object({{"url", rules.url},
                         {"delayMs", rules.delay.count()},
                         {"twicePercent", rules.twice_percent},
                         {"swappedPercent", rules.swapped_percent},
                         {"lostPercent", rules.lost_percent}});
}

std::optional<Webhook> webhook_of(const Desk& desk,
                                  const CustomerId& customer,
                                  const Written& written) {
    const bool was_live = is_live(written.before);
    const bool is_there = is_live(written.after);
    if (!was_live && !is_there) return std::nullopt;
    const Record& record = is_there ? *written.after : *written.before;
    Webhook webhook{.customer = customer, .system = record.system, .event = "on-update"};
    if (!was_live) webhook.event = "on-create";
    if (!is_there) webhook.event = "on-delete";
    webhook.record_id = std::to_string(record.id);
    Json body = Json::object({{"externalRecordId", webhook.record_id}});
    if (is_there) {
        body.set("data", data_record(record, record_url(desk, record), Dialect::Unified));
    }
    webhook.body = body.set("instanceKey", key_of(record.system)).dump();
    return webhook;
}

std::string webhook_token(const Desk& desk, const CustomerId& customer) {
    const auto now = std::chrono::floor<std::chrono::seconds>(desk.clock.now());
    const std::int64_t seconds = now.time_since_epoch().count();
    return sign_token({.issuer = desk.options.workspace_key,
                       .subject = customer.text,
                       .expires = seconds + kSandboxTokenLife.count(),
                       .issued = seconds},
                      desk.options.workspace_secret);
}

int post_webhook(const std::string& url, const std::string& token, const std::string& body) {
    const Target target = split_url(url);
    httplib::Client client(target.origin);
    client.set_connection_timeout(kSandboxWebhookTimeout);
    client.set_read_timeout(kSandboxWebhookTimeout);
    client.set_write_timeout(kSandboxWebhookTimeout);
    const httplib::Result result =
        client.Post(target.path,
                    {{"X-Membrane-Token", token}, {"X-Integration-App-Token", token}},
                    body,
                    "application/json");
    return result ? result->status : 0;
}

WebhookRules Webhooks::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}

void Webhooks::set_rules(WebhookRules rules) {
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
}

void Webhooks::start(const Desk& desk) {
    desk_ = &desk;
    waiting_ = std::make_unique<LateCalls>(kSandboxWebhooksMax);
}

void Webhooks::stop() {
    waiting_.reset();
}

std::vector<milliseconds> Webhooks::draw_delays() {
    const std::lock_guard lock(mutex_);
    if (rules_.url.empty() || dice_.hits(rules_.lost_percent)) return {};
    std::vector<milliseconds> delays{rules_.delay};
    if (dice_.hits(rules_.swapped_percent)) {
        delays.front() += std::max(rules_.delay, kSandboxWebhookDelay);
    }
    if (dice_.hits(rules_.twice_percent)) delays.push_back(delays.front());
    return delays;
}

void Webhooks::tell(const CustomerId& customer, const std::vector<Written>& all) {
    if (!waiting_ || rules().url.empty()) return;
    for (const Written& written : all) {
        const std::optional<Webhook> webhook = webhook_of(*desk_, customer, written);
        if (!webhook) continue;
        const std::vector<milliseconds> delays = draw_delays();
        if (delays.empty()) note(*webhook, 0, "lost");
        for (const milliseconds delay : delays) send_later(*webhook, delay, 1);
    }
}

void Webhooks::send_later(Webhook webhook, milliseconds delay, int attempt) {
    const Webhook rejected = webhook;
    const bool is_taken = waiting_->add(
        delay, [this, webhook = std::move(webhook), attempt] { send(webhook, attempt); });
    if (!is_taken) note(rejected, 0, "rejected");  // as when the queue of a flow is full
}

// A connection that is broken or archived has no flow that could see anything.
void Webhooks::send(const Webhook& webhook, int attempt) {
    const std::string url = rules().url;
    if (url.empty()) return;
    {
        Result<Session> session = desk_->store.begin(webhook.customer, Access::Read);
        if (!session.is_ok()) return;
        const auto state = session.value().connection_state(webhook.system);
        if (!state.is_ok() || state.value() != ConnectionState::Connected) return;
    }
    const int status = post_webhook(
        url + "/" + webhook.event, webhook_token(*desk_, webhook.customer), webhook.body);
    const bool is_done = status >= 200 && status < 300;
    note(webhook, status, is_done ? "ok" : status == 0 ? "unreachable" : "refused");
    if (is_done) return;
    if (attempt >= kSandboxWebhookAttemptsMax) {
        note(webhook, status, "gave_up");
        return;
    }
    send_later(webhook, kSandboxWebhookRetry * attempt * attempt, attempt + 1);
}

void Webhooks::note(const Webhook& webhook, int status, std::string_view outcome) const {
    desk_->calls.add({.customer = webhook.customer.text,
                      .door = Door::Webhook,
                      .system = webhook.system,
                      .method = "POST",
                      .action = webhook.event,
                      .status = status,
                      .record_id = webhook.record_id,
                      .outcome = std::string(outcome)},
                     desk_->clock.now());
}

}  // namespace crm::sandbox
