// How an app hears of changes: a flow of the workspace calls it for every record that was created,
// changed or deleted over there, whoever did it, the app itself too. The calls carry the
// workspace's token, come late, and may on request come twice, in another order, or never.
//
// What happened is told as the events of a record are: of a merge, each record that is gone counts
// as deleted. Safe to call from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/derived.h"
#include "server/sandbox/late_calls.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/sandbox_store.h"
#include "server/sandbox/wire_json.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace crm::sandbox {

struct Desk;

struct WebhookRules {
    std::string url;  // "http://127.0.0.1:8080/api/webhooks", of this machine; empty: none
    std::chrono::milliseconds delay{kSandboxWebhookDelay};  // after the change
    std::size_t twice_percent = 0;                          // so many are sent a second time
    std::size_t swapped_percent = 0;  // so many wait once more, and those after them overtake
    std::size_t lost_percent = 0;     // so many are never sent

    bool operator==(const WebhookRules&) const = default;
};

/// `{"url","delayMs","twicePercent","swappedPercent","lostPercent"}`; what is left out is as in
/// WebhookRules. BadRequest names the member that is wrong.
[[nodiscard]] Result<WebhookRules> read_webhook_rules(const Json& json);
[[nodiscard]] Json webhook_rules_json(const WebhookRules& rules);

/// One call to come.
struct Webhook {
    CustomerId customer;
    System system = System::HubSpot;
    std::string event;  // "on-create", "on-update", "on-delete": DO NOT RENAME
    std::string record_id;
    std::string body;  // `{"externalRecordId","data"?,"instanceKey"}`
};

/// nullopt when nothing is to be told: the record was gone before and is gone now.
[[nodiscard]] std::optional<Webhook> webhook_of(const Desk& desk,
                                                const CustomerId& customer,
                                                const Written& written);

/// The claims that Integration.app puts into its token for us, signed.
[[nodiscard]] std::string webhook_token(const Desk& desk, const CustomerId& customer);

/// Posts it; the answer's status, 0 when there was none.
[[nodiscard]] int post_webhook(const std::string& url,
                               const std::string& token,
                               const std::string& body);

class Webhooks {
   public:
    explicit Webhooks(std::uint64_t seed) : dice_(seed) {}

    [[nodiscard]] WebhookRules rules() const;
    void set_rules(WebhookRules rules);
    /// From now on calls are made; the desk outlives stop().
    void start(const Desk& desk);
    /// What waits is never sent.
    void stop();

    /// Of every commit. Returns at once.
    void tell(const CustomerId& customer, const std::vector<Written>& all);

   private:
    void send_later(Webhook webhook, std::chrono::milliseconds delay, int attempt);
    void send(const Webhook& webhook, int attempt);
    void note(const Webhook& webhook, int status, std::string_view outcome) const;
    /// How often, and when: once after the delay unless chance decides otherwise.
    [[nodiscard]] std::vector<std::chrono::milliseconds> draw_delays();

    mutable std::mutex mutex_;
    WebhookRules rules_;
    Dice dice_;
    const Desk* desk_ = nullptr;
    std::unique_ptr<LateCalls> waiting_;
};

}  // namespace crm::sandbox
