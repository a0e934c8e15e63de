// What each part hears of the others.
#include "server/app.h"

#include <filesystem>
#include <utility>

#include "server/sync/connectors/integration_app.h"
#include "shared/api_json.h"
#include "shared/api_review_json.h"

namespace crm {
namespace {

std::string make_boot_id(Random& random) {
    return make_uuid(random).substr(0, 8);
}

}  // namespace

App::App(const Doors& doors)
    : doors_(doors),
      connections_{doors.outside.workspace, doors.outside.connectors, doors.clock},
      boot_(make_boot_id(doors.random)),
      hub_(boot_),
      health_(doors.database, doors.config.data / "contacts.db", hub_, doors.clock),
      mark_(doors.config.data / "contacts.db"),
      contacts_(doors.database, doors.clock, doors.random),
      people_({doors.database, doors.clock, doors.random}),
      sync_({doors.database, contacts_, doors.clock, doors.random, &mark_},
            sync_settings(doors.config, doors.outside),
            connector_factory(),
            listeners()),
      sync_door_(http::make_sync_door(sync_)),
      repeats_(doors.database, doors.clock, boot_),
      services_{contacts_, sync_door_, hub_, token_door(), doors.database.schema_version()},
      application_({doors.config.auth, doors.config.dev_customer, &people_, app_token_reader()},
                   services_,
                   files_) {
    services_.people = &people_;
    services_.repeats = &repeats_;
    services_.metrics = &metrics_;
    services_.gauges = [this] { return health_.gauges(); };
    services_.check_ready = [this] { return health_.checks(); };
    if (doors_.config.has_workspace()) {
        services_.connections = connection_door();
        services_.read_webhook_token = workspace_token_reader();
    }
    contacts_.connect(&sync_, [this](const Contact& contact) {
        hub_.publish(contact.customer_id, "contact", api::write_contact_answer(contact));
    });
}

Status App::start() {
    load_client();
    CRM_TRY(sync_.start());
    http::ServerOptions options;
    options.host = doors_.config.host;
    options.port = doors_.config.port;
    options.boot_id = boot_;
    options.tls_certificate = doors_.config.tls_certificate.string();
    options.tls_key = doors_.config.tls_key.string();
    server_ = CRM_TRY(http::Server::start(options, application_, doors_.log));
    store::BackupPlan plan;
    plan.database = doors_.config.data / "contacts.db";
    plan.folder = doors_.config.data / "backups";
    plan.interval = doors_.config.backup_interval;
    plan.keep = doors_.config.backups_kept;
    backups_ = std::make_unique<store::BackupSchedule>(
        plan, doors_.clock, doors_.log, [this](bool is_good) { metrics_.count_backup(is_good); });
    return {};
}

Result<std::string> App::setup_link() {
    if (doors_.config.auth == AuthMode::Dev) return std::string();
    if (CRM_TRY(people_.has_users())) return std::string();
    return url() + "/setup?token=" + people_.make_setup_secret();
}

void App::stop() {
    services_.is_stopping = true;
    backups_.reset();
    pause_.end();
    server_->stop_accepting();
    hub_.close();
    sync_.stop();
    server_.reset();
}

void App::load_client() {
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

sync::ConnectorFactory App::connector_factory() {
    return [this](const CustomerId& customer) {
        sync::ConnectorDoors doors{doors_.clock,
                                   doors_.random,
                                   [this](std::chrono::milliseconds most) { pause_.wait(most); }};
        std::vector<std::unique_ptr<sync::Connector>> connectors;
        for (const sync::ConnectorSpec& spec : doors_.outside.connectors) {
            doors.memory = memories_.of(customer, spec.system.key);
            connectors.push_back(
                make_integration_app_connector(spec, doors_.outside.workspace, customer, doors));
        }
        return connectors;
    };
}

sync::SyncListeners App::listeners() {
    return {[this](const CustomerId& customer, const api::Run& run) {
                metrics_.count_run(run);
                log_run(run);
                hub_.publish(customer, "run", api::write_run_answer(run));
            },
            [this](const CustomerId& customer, const api::SystemStatus& system) {
                hub_.publish(customer, "system", api::write_system_event(system));
            },
            [this](const CustomerId& customer, const api::Conflict& conflict) {
                hub_.publish(customer, "conflict", api::write_conflict_answer(conflict));
            }};
}

std::function<Result<std::string>(const CustomerId&)> App::token_door() {
    return [this](const CustomerId& customer) -> Result<std::string> {
        if (!doors_.config.has_workspace()) {
            return Error{ErrorCode::Unavailable,
                         "No workspace is connected; start the server with its key and secret"};
        }
        return sync::mint_token(doors_.outside.workspace, customer, doors_.clock.now());
    };
}

std::function<Result<CustomerId>(std::string_view)> App::app_token_reader() {
    // Where people sign in, nobody may get past that with a secret that everybody knows.
    const bool is_door_open =
        doors_.config.auth == AuthMode::Login && doors_.config.is_workspace_secret_public();
    return is_door_open ? nullptr : workspace_token_reader();
}

std::function<Result<CustomerId>(std::string_view)> App::workspace_token_reader() {
    if (!doors_.config.has_workspace()) return {};
    return [this](std::string_view token) {
        return sync::read_webhook_token(doors_.outside.workspace, token, doors_.clock.now());
    };
}

void App::log_run(const api::Run& run) {
    if (!run.ended_at) return;
    const LogLevel level = run.state == api::RunState::Failed ? LogLevel::Warning : LogLevel::Info;
    const auto began = run.started_at.value_or(*run.ended_at);
    doors_.log.write(level,
                     "run",
                     {{"run_id", run.id.text},
                      {"state", std::string(api::run_state_text(run.state))},
                      {"trigger", run.trigger},
                      {"ms", std::to_string((*run.ended_at - began).count())}});
}

http::ConnectionDoor App::connection_door() {
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

}  // namespace crm
