// The whole server but the sync engine, on a loopback port: real store, real contact service, real
// sockets. The sync engine is a few answers that a test sets.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "server/clock.h"
#include "server/contacts/contact_service.h"
#include "server/http/application.h"
#include "server/http/event_hub.h"
#include "server/http/idempotency.h"
#include "server/http/server.h"
#include "server/log.h"
#include "server/random.h"
#include "tests/server/http/raw_client.h"
#include "tests/server/people/people_world.h"
#include "tests/support/temp_store.h"

namespace crm::test {

/// What the pretended sync engine was asked, and what it says.
struct PretendedSync {
    http::SyncDoor door();

    Mutex mutex;
    std::vector<std::string> calls CRM_GUARDED_BY(mutex);  // "run ada", "approve ada r1"
    std::atomic<int> waits_until_done{0};                  // wait() says "running" so often first
    std::atomic<bool> is_down{false};                      // run() answers Unavailable

    [[nodiscard]] std::vector<std::string> taken_calls();

   private:
    void note(std::string call);
};

class LiveServer {
   public:
    enum class Client { Missing, Built };
    explicit LiveServer(Client client = Client::Missing, AuthMode mode = AuthMode::Dev);
    LiveServer(Client client,
               AuthMode mode,
               http::RateRules rates,
               http::ServerOptions options = {});
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;
    ~LiveServer();

    [[nodiscard]] int port() const { return server_->port(); }
    [[nodiscard]] Reply ask(const Ask& question) const { return test::ask(port(), question); }
    /// A contact with this name and e-mail; fails the test when it is refused.
    Contact create(const std::string& name, const std::string& email);
    /// Everything a customer has, tombstones too, as the API lists it: equal texts mean that
    /// nothing changed.
    [[nodiscard]] std::string everything_of(const std::string& customer) const;

    [[nodiscard]] people::PeopleService& people() { return people_; }
    /// A user with kPassword; fails the test when it is refused.
    api::User add_user(const std::string& email,
                       Role role = Role::Admin,
                       const CustomerId& customer = kOurs);
    /// What a browser of that user sends: the header Cookie with a new session.
    HeaderList cookie_of(const std::string& email);

    /// Everything that was logged, at every level.
    [[nodiscard]] std::string logged() const;

    [[nodiscard]] http::EventHub& hub() { return hub_; }
    [[nodiscard]] PretendedSync& sync() { return sync_; }
    [[nodiscard]] http::Services& services() { return services_; }
    [[nodiscard]] http::Server& server() { return *server_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

   private:
    SystemClock clock_;
    SystemRandom random_;
    TempFolder folder_;
    TempStore store_;
    int log_file_ = -1;
    Log log_;
    http::EventHub hub_{"b00t"};
    ContactService contacts_;
    people::PeopleService people_;
    PretendedSync sync_;
    http::SyncDoor door_;
    http::Metrics metrics_;
    http::RepeatGuard repeats_{store_.database(), clock_, "b00t"};
    http::Services services_;
    http::StaticFiles files_;
    http::Application application_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace crm::test
