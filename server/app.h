// Everything that serves, above the database: built bottom-up, ended in reverse.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/app_health.h"
#include "server/clock.h"
#include "server/config.h"
#include "server/contacts/contact_service.h"
#include "server/http/application.h"
#include "server/http/event_hub.h"
#include "server/http/idempotency.h"
#include "server/http/metrics.h"
#include "server/http/server.h"
#include "server/http/static_files.h"
#include "server/http/sync_door.h"
#include "server/log.h"
#include "server/outside.h"
#include "server/pause.h"
#include "server/people/people_service.h"
#include "server/random.h"
#include "server/store/backup_schedule.h"
#include "server/store/database.h"
#include "server/store/rollback_mark.h"
#include "server/sync/connectors/connections.h"
#include "server/sync/connectors/connector_memory.h"
#include "server/sync/sync_service.h"
#include "shared/result.h"

namespace crm {

class App {
   public:
    /// All of it outlives the app.
    struct Doors {
        const Config& config;
        const Outside& outside;
        store::Database& database;
        const Clock& clock;
        Random& random;
        Log& log;
    };

    explicit App(const Doors& doors);
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    /// Starts syncing and listening. Unavailable with a sentence when the port cannot be had.
    Status start();

    [[nodiscard]] std::string url() const { return server_->url(); }

    /// The address at which the first admin is made; "" when nobody has to sign in, or somebody
    /// can.
    Result<std::string> setup_link();

    /// Requests that wait for a run and streams of events are told to end, then everything is
    /// joined.
    void stop();

   private:
    void load_client();
    sync::ConnectorFactory connector_factory();
    sync::SyncListeners listeners();
    std::function<Result<std::string>(const CustomerId&)> token_door();
    /// Who an app of the workspace works for; no function where such apps are not let in.
    std::function<Result<CustomerId>(std::string_view)> app_token_reader();
    std::function<Result<CustomerId>(std::string_view)> workspace_token_reader();
    http::ConnectionDoor connection_door();
    void log_run(const api::Run& run);

    Doors doors_;
    sync::Connections connections_;
    std::string boot_;
    Pause pause_;
    sync::ConnectorMemories memories_;
    http::EventHub hub_;
    http::Metrics metrics_;
    AppHealth health_;
    store::RollbackMark mark_;
    ContactService contacts_;
    people::PeopleService people_;
    sync::SyncService sync_;
    http::SyncDoor sync_door_;
    http::RepeatGuard repeats_;
    http::Services services_;
    http::StaticFiles files_;
    http::Application application_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<store::BackupSchedule> backups_;
};

}  // namespace crm
