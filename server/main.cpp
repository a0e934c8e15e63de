// The composition root: reads the configuration, builds the server bottom-up, runs until a signal,
// stops in reverse. Exit codes: 0 stopped as asked, 1 the machine would not let it run, 2 wrong
// flags or settings.
#include <signal.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/clock.h"
#include "server/commands/console.h"
#include "server/commands/database_commands.h"
#include "server/commands/exchange_commands.h"
#include "server/commands/people_commands.h"
#include "server/config.h"
#include "server/contacts/contact_service.h"
#include "server/http/application.h"
#include "server/http/event_hub.h"
#include "server/http/server.h"
#include "server/http/static_files.h"
#include "server/http/sync_door.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/loopback.h"
#include "server/mutex.h"
#include "server/people/people_service.h"
#include "server/random.h"
#include "server/sandbox/sandbox.h"
#include "server/store/database.h"
#include "server/store/rollback_mark.h"
#include "server/sync/connectors/connections.h"
#include "server/sync/connectors/connector_memory.h"
#include "server/sync/connectors/integration_app.h"
#include "server/sync/sync_service.h"
#include "shared/api_json.h"
#include "shared/api_review_json.h"

namespace crm {
namespace {

using commands::complain;
using commands::kExitRefused;
using commands::kExitWrongSettings;
using commands::say;

/// Waiting that ends early when the server stops: connectors pause with it between attempts.
class Pause {
   public:
    void wait(std::chrono::milliseconds most) {
        const auto end = std::chrono::steady_clock::now() + most;
        const Lock lock(mutex_);
        while (!is_over_ && std::chrono::steady_clock::now() < end) {
            condition_.wait_until(mutex_, end);
        }
    }
    void end() {
        const Lock lock(mutex_);
        is_over_ = true;
        condition_.notify_all();
    }

   private:
    Mutex mutex_;
    Condition condition_;
    bool is_over_ CRM_GUARDED_BY(mutex_) = false;
};

/// Ends the process when stopping takes longer than kStopMax: a call to a CRM may hang for a
/// minute. Nothing is lost by that: what a call intends is on disk before it is made.
class StopWatchdog {
   public:
    explicit StopWatchdog(Log& log) : thread_([this, &log] { watch(log); }) {}
    ~StopWatchdog() {
        stopped_.end();
        thread_.join();
    }
    StopWatchdog(const StopWatchdog&) = delete;
    StopWatchdog& operator=(const StopWatchdog&) = delete;

   private:
    void watch(Log& log) {
        const auto end = std::chrono::steady_clock::now() + kStopMax;
        stopped_.wait(kStopMax);
        if (std::chrono::steady_clock::now() < end) return;
        log.write(LogLevel::Warning, "stopped_without_waiting");
        std::_Exit(0);
    }

    Pause stopped_;
    std::thread thread_;
};

/// What to sync with, once it is known where the sandbox listens.
struct Outside {
    sync::Workspace workspace;
    std::vector<sync::ConnectorSpec> connectors;  // empty: nothing is connected
    sync::ConflictPolicies conflicts;
    std::string phone_region;
    std::optional<sync::AnnouncedSettings> announced;
};

sync::Workspace choose_workspace(const Config& config, const sandbox::Sandbox* practice) {
    sync::Workspace workspace{
        std::string(kVendorApiUrl), config.workspace_key, config.workspace_secret};
    if (config.api_url) workspace.api_url = *config.api_url;
    // A proxy on this machine in front of the sandbox is fine; a workspace elsewhere is not the
    // sandbox's.
    const bool is_proxy = config.api_url && is_loopback_url(*config.api_url);
    if (practice != nullptr && !is_proxy) workspace.api_url = practice->url();
    return workspace;
}

Result<sync::ConnectorsFile> read_connectors_file(const Config& config) {
    if (!config.connectors.empty()) return sync::read_connectors(config.connectors);
    return sync::ConnectorsFile{
        .systems = sync::builtin_connectors(), .conflicts = {}, .phone_region = {}};
}

/// What a workspace on this machine offers is used by the built-in systems; a file says by itself
/// what to use, and only the workspace that is talked to can promise anything.
Outside find_outside(const Config& config,
                     sync::ConnectorsFile connectors,
                     const sandbox::Sandbox* practice) {
    Outside outside;
    if (!config.has_workspace()) return outside;
    outside.connectors = std::move(connectors.systems);
    outside.conflicts = std::move(connectors.conflicts);
    outside.phone_region = std::move(connectors.phone_region);
    outside.workspace = choose_workspace(config, practice);
    if (!is_loopback_url(outside.workspace.api_url)) {
        sync::use_usual_limits(outside.connectors);
        return outside;
    }
    outside.announced = sync::read_announced_settings(outside.workspace.api_url);
    if (outside.announced && config.connectors.empty()) {
        sync::use_offers(outside.connectors, *outside.announced);
    }
    if (!outside.announced && practice != nullptr) {
        outside.announced = sync::read_announced_settings(practice->url());
    }
    return outside;
}

std::chrono::milliseconds to_milliseconds(double seconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

sync::SyncSettings sync_settings(const Config& config, const Outside& outside) {
    const sync::AnnouncedSettings usual = outside.announced.value_or(
        sync::AnnouncedSettings{.settle_seconds = kSyncSettleSecondsDefault,
                                .late_seconds = kSyncLateSecondsDefault,
                                .get_action = {},
                                .marker = {},
                                .burst = {},
                                .has_lists = false});
    sync::SyncSettings settings;
    for (const sync::ConnectorSpec& spec : outside.connectors) {
        settings.systems.push_back(spec.system);
    }
    settings.interval = config.sync_interval;
    settings.settle = config.sync_settle.value_or(to_milliseconds(usual.settle_seconds));
    settings.late = config.sync_late.value_or(to_milliseconds(usual.late_seconds));
    settings.is_first_sync_automatic = config.is_first_sync_automatic;
    settings.delete_limit = config.sync_delete_limit;
    settings.policies = outside.conflicts;
    settings.phone_region = outside.phone_region;
    return settings;
}

std::string make_boot_id(Random& random) {
    return make_uuid(random).substr(0, 8);
}

/// Everything above the database. Members are in the order in which they are built; they end in
/// reverse.
class App {
   public:
    struct Doors {
        const Config& config;
        const Outside& outside;
        store::Database& database;
        const Clock& clock;
        Random& random;
        Log& log;
    };

    explicit App(const Doors& doors)
        : doors_(doors),
          boot_(make_boot_id(doors.random)),
          hub_(boot_),
          mark_(doors.config.data / "contacts.db"),
          contacts_(doors.database, doors.clock, doors.random),
          people_({doors.database, doors.clock, doors.random}),
          sync_({doors.database, contacts_, doors.clock, doors.random, &mark_},
                sync_settings(doors.config, doors.outside),
                connector_factory(),
                listeners()),
          sync_door_(http::make_sync_door(sync_)),
          services_{contacts_, sync_door_, hub_, token_door(), doors.database.schema_version()},
          application_(
              {doors.config.auth, doors.config.dev_customer, &people_}, services_, files_) {
        services_.people = &people_;
        if (doors_.config.has_workspace()) {
            services_.connections = connection_door();
            services_.read_webhook_token = [this](std::string_view token) {
                return sync::read_webhook_token(
                    doors_.outside.workspace, token, doors_.clock.now());
            };
        }
        contacts_.connect(&sync_, [this](const Contact& contact) {
            hub_.publish(contact.customer_id, "contact", api::write_contact_answer(contact));
        });
    }

    Status start() {
        load_client();
        CRM_TRY(sync_.start());
        http::ServerOptions options;
        options.host = doors_.config.host;
        options.port = doors_.config.port;
        options.boot_id = boot_;
        server_ = CRM_TRY(http::Server::start(options, application_, doors_.log));
        return {};
    }

    [[nodiscard]] std::string url() const { return server_->url(); }

    /// The address at which the first admin is made; "" when nobody has to sign in, or somebody
    /// can.
    Result<std::string> setup_link() {
        if (doors_.config.auth == AuthMode::Dev) return std::string();
        if (CRM_TRY(people_.has_users())) return std::string();
        return url() + "/setup?token=" + people_.make_setup_secret();
    }

    /// Requests that wait for a run and streams of events are told to end, then everything is
    /// joined.
    void stop() {
        services_.is_stopping = true;
        pause_.end();
        server_->stop_accepting();
        hub_.close();
        sync_.stop();
        server_.reset();
    }

   private:
    void load_client() {
        const std::filesystem::path folder =
            doors_.config.web.empty()
                ? default_web_folder(std::filesystem::read_symlink("/proc/self/exe"))
                : doors_.config.web;
        Result<http::StaticFiles> files = http::StaticFiles::load(folder);
        if (files.is_ok()) {
            files_ = files.take();
        } else {
            doors_.log.write(LogLevel::Warning, "no_client", {{"reason", files.error().message}});
        }
    }

    sync::ConnectorFactory connector_factory() {
        return [this](const CustomerId& customer) {
            sync::ConnectorDoors doors{
                doors_.clock, doors_.random, [this](std::chrono::milliseconds most) {
                    pause_.wait(most);
                }};
            std::vector<std::unique_ptr<sync::Connector>> connectors;
            for (const sync::ConnectorSpec& spec : doors_.outside.connectors) {
                doors.memory = memories_.of(customer, spec.system.key);
                connectors.push_back(make_integration_app_connector(
                    spec, doors_.outside.workspace, customer, doors));
            }
            return connectors;
        };
    }

    sync::SyncListeners listeners() {
        return {[this](const CustomerId& customer, const api::Run& run) {
                    hub_.publish(customer, "run", api::write_run_answer(run));
                },
                [this](const CustomerId& customer, const api::SystemStatus& system) {
                    hub_.publish(customer, "system", api::write_system_event(system));
                },
                [this](const CustomerId& customer, const api::Conflict& conflict) {
                    hub_.publish(customer, "conflict", api::write_conflict_answer(conflict));
                }};
    }

    std::function<Result<std::string>(const CustomerId&)> token_door() {
        return [this](const CustomerId& customer) -> Result<std::string> {
            if (!doors_.config.has_workspace()) {
                return Error{ErrorCode::Unavailable,
                             "No workspace is connected; start the server with its key and secret"};
            }
            return sync::mint_token(doors_.outside.workspace, customer, doors_.clock.now());
        };
    }

    http::ConnectionDoor connection_door() {
        http::ConnectionDoor door;
        door.state = [this](const CustomerId& customer, const std::string& system) {
            return connections_.state(customer, system);
        };
        door.disconnect = [this](const CustomerId& customer, const std::string& system) {
            return connections_.archive(customer, system);
        };
        door.connect_url = [this](const CustomerId& customer, const std::string& system) {
            return connections_.connect_url(customer, system);
        };
        return door;
    }

    Doors doors_;
    sync::Connections connections_{
        doors_.outside.workspace, doors_.outside.connectors, doors_.clock};
    std::string boot_;
    Pause pause_;
    sync::ConnectorMemories memories_;
    http::EventHub hub_;
    store::RollbackMark mark_;
    ContactService contacts_;
    people::PeopleService people_;
    sync::SyncService sync_;
    http::SyncDoor sync_door_;
    http::Services services_;
    http::StaticFiles files_;
    http::Application application_;
    std::unique_ptr<http::Server> server_;
};

Result<std::unique_ptr<sandbox::Sandbox>> start_sandbox(const Config& config, const Clock& clock) {
    sandbox::SandboxOptions options;
    options.database = config.data / "sandbox.db";
    options.port = config.sandbox_port;
    options.workspace_key = config.workspace_key;
    options.workspace_secret = config.workspace_secret;
    options.dev_customer = config.dev_customer;
    options.seed = config.sandbox_seed;
    options.scenario = config.sandbox_scenario;
    options.faults = config.sandbox_faults;
    return sandbox::Sandbox::start(options, clock);
}

int run_app(const Config& config, sync::ConnectorsFile connectors, const sigset_t& stop_signals) {
    const SystemClock clock;
    SystemRandom random;
    Log log(clock, config.log_level, 2);
    std::unique_ptr<sandbox::Sandbox> practice;
    if (config.is_sandbox_on) {
        Result<std::unique_ptr<sandbox::Sandbox>> started = start_sandbox(config, clock);
        if (!started.is_ok()) {
            const bool is_setting = started.error().code == ErrorCode::InvalidArgument;
            return complain(started.error().message,
                            is_setting ? kExitWrongSettings : kExitRefused);
        }
        practice = started.take();
        say("sandbox on " + practice->url());
    }
    const Outside outside = find_outside(config, std::move(connectors), practice.get());
    Result<std::unique_ptr<store::Database>> database =
        store::Database::open(config.data / "contacts.db");
    if (!database.is_ok()) return complain(database.error().message, kExitRefused);

    App app({config, outside, *database.value(), clock, random, log});
    const Status started = app.start();
    if (!started.is_ok()) return complain(started.error().message, kExitRefused);
    if (outside.connectors.empty()) {
        say("nothing is connected: set INTEGRATION_APP_WORKSPACE_KEY and _SECRET, or use "
            "--sandbox");
    }
    const Result<std::string> link = app.setup_link();
    if (!link.is_ok()) return complain(link.error().message, kExitRefused);
    if (!link.value().empty()) say("set-up link: " + link.value());
    say("listening on " + app.url());
    log.write(LogLevel::Info, "started", {{"version", std::string(kVersion)}});

    int signal_number = 0;
    sigwait(&stop_signals, &signal_number);
    log.write(LogLevel::Info, "stopping", {{"signal", std::to_string(signal_number)}});
    const StopWatchdog watchdog(log);
    app.stop();
    practice.reset();
    return EXIT_SUCCESS;
}

int serve(const Config& config) {
    Result<sync::ConnectorsFile> connectors = read_connectors_file(config);
    if (!connectors.is_ok()) return complain(connectors.error().message, kExitWrongSettings);
    // Blocked before any thread starts, so that only sigwait() sees them.
    sigset_t stop_signals;
    sigemptyset(&stop_signals);
    sigaddset(&stop_signals, SIGTERM);
    sigaddset(&stop_signals, SIGINT);
    sigaddset(&stop_signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);
    signal(SIGPIPE, SIG_IGN);
    umask(077);  // the data belongs to the user who runs the server
    std::error_code problem;
    std::filesystem::create_directories(config.data, problem);
    if (problem) {
        return complain(
            "Cannot create the data folder " + config.data.string() + ": " + problem.message(),
            kExitRefused);
    }
    return run_app(config, connectors.take(), stop_signals);
}

}  // namespace
}  // namespace crm

int main(int argument_count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + argument_count);
    if (crm::commands::is_people_command(words)) {
        return crm::commands::run_people_command(words, crm::process_environment);
    }
    const crm::Result<crm::Config> config = crm::read_config(words, crm::process_environment);
    if (!config.is_ok()) {
        return crm::commands::complain(config.error().message, crm::commands::kExitWrongSettings);
    }
    switch (config.value().command) {
        case crm::Command::Version:
            crm::commands::say("contacts-server " + std::string(crm::kVersion));
            return EXIT_SUCCESS;
        case crm::Command::Help:
            std::fputs(crm::usage_text().c_str(), stdout);
            std::fputs(crm::commands::people_usage().c_str(), stdout);
            return EXIT_SUCCESS;
        case crm::Command::Check:
            return crm::commands::check(config.value());
        case crm::Command::Backup:
            return crm::commands::back_up(config.value());
        case crm::Command::Restore:
            return crm::commands::restore(config.value());
        case crm::Command::Purge:
            return crm::commands::purge(config.value());
        case crm::Command::Import:
            return crm::commands::import_file(config.value());
        case crm::Command::Export:
            return crm::commands::export_file(config.value());
        case crm::Command::Serve:
            break;
    }
    return crm::serve(config.value());
}
