// The composition root: reads the configuration, builds the server bottom-up, runs until a signal,
// stops in reverse. Exit codes: 0 stopped as asked, 1 the machine would not let it run, 2 wrong
// flags or settings.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "server/app.h"
#include "server/clock.h"
#include "server/commands/console.h"
#include "server/commands/database_commands.h"
#include "server/commands/exchange_commands.h"
#include "server/commands/people_commands.h"
#include "server/config.h"
#include "server/limits.h"
#include "server/log.h"
#include "server/outside.h"
#include "server/pause.h"
#include "server/random.h"
#include "server/sandbox/sandbox.h"
#include "server/store/database.h"
#include "server/sync/connectors/integration_app.h"

namespace crm {
namespace {

using commands::complain;
using commands::kExitRefused;
using commands::kExitWrongSettings;
using commands::say;

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
    if (practice != nullptr) practice->tell_changes(config.sandbox_webhooks, app.url());
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

/// Each connection is a file to the system, and its usual limit of 1024 is less than we serve.
void take_files() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
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
    take_files();
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
        case crm::Command::Settings:
            std::fputs(crm::settings_text(config.value()).c_str(), stdout);
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
