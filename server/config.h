// What the server was told: flags beat variables beat defaults. The only reader of the environment.
// A bad value is one sentence for standard error; nothing is guessed.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/limits.h"
#include "server/log.h"
#include "shared/limits.h"
#include "shared/result.h"

namespace crm {

inline constexpr std::string_view kVersion = "1.0.0";
inline constexpr std::string_view kVendorApiUrl = "https://api.integration.app";
inline constexpr std::string_view kSandboxSecret = "sandbox-secret";  // of its workspace

enum class Command {
    Serve,
    Settings,
    Check,
    Backup,
    Restore,
    Purge,
    Import,
    Export,
    Version,
    Help
};
enum class AuthMode { Login, Dev };

struct Config {
    Command command = Command::Serve;
    std::filesystem::path backup;    // of Command::Backup: the file to write
    std::vector<std::string> words;  // of the later commands: what is no flag of the table below
    std::string host = "127.0.0.1";
    int port = 8080;  // 0: any free one
    std::filesystem::path data = "data";
    std::chrono::hours backup_interval{kBackupHoursDefault};  // 0: never
    std::size_t backups_kept = kBackupsKeptDefault;
    std::filesystem::path tls_certificate;  // both or neither; empty: plain HTTP
    std::filesystem::path tls_key;
    std::filesystem::path web;  // empty: beside the program, see default_web_folder()
    AuthMode auth = AuthMode::Login;
    std::string dev_customer = "dev";
    LogLevel log_level = LogLevel::Info;

    bool is_sandbox_on = false;
    int sandbox_port = 0;
    std::uint64_t sandbox_seed = 1;
    std::string sandbox_scenario = "overlapping";
    std::string sandbox_faults;           // a file, or its JSON itself; empty: nothing goes wrong
    std::string sandbox_webhooks = "on";  // "off", or whom else it tells of changes
    std::optional<std::string> api_url;   // as set; empty: the sandbox's, else the vendor's
    std::string workspace_key;            // with the sandbox on: never empty
    std::string workspace_secret;
    std::filesystem::path connectors;  // empty: the built-in ones

    std::chrono::milliseconds sync_interval{std::chrono::seconds{kSyncIntervalSecondsDefault}};
    std::optional<std::chrono::milliseconds>
        sync_settle;  // empty: what the workspace announces, else default
    std::optional<std::chrono::milliseconds> sync_late;
    bool is_first_sync_automatic = false;
    int sync_delete_limit = kSyncDeleteLimitDefault;

    [[nodiscard]] bool has_workspace() const { return !workspace_key.empty(); }
    /// The sandbox's own secret is in the documentation: whoever read that can sign for anybody.
    [[nodiscard]] bool is_workspace_secret_public() const {
        return workspace_secret == kSandboxSecret;
    }
};

/// The value of a variable, or nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own.
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// `arguments` without the program's name. InvalidArgument with one sentence; variables that are
/// set but empty count as not set.
[[nodiscard]] Result<Config> read_config(const std::vector<std::string>& arguments,
                                         const Environment& environment);

/// Every setting as it came out, a line each, `NAME=value`; of secrets only whether they are set.
[[nodiscard]] std::string settings_text(const Config& config);

/// For --help: every flag with its variable and its meaning.
[[nodiscard]] std::string usage_text();

/// Printable UTF-8 of at most kAuthIdCharsMax characters, not all of them spaces.
[[nodiscard]] bool is_customer_name(std::string_view text);

/// Where the browser client of this build lies, found from the program's own path; the first
/// candidate that exists, else the first one.
[[nodiscard]] std::filesystem::path default_web_folder(const std::filesystem::path& program);

}  // namespace crm
