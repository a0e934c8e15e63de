// Reading of flags and variables through one table. Text becomes a type here, once.
#include "server/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "server/limits.h"
#include "server/loopback.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm {
namespace {

Error bad(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

std::optional<long> parse_whole(std::string_view text, long least, long most) {
    long number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (number < least || number > most) return std::nullopt;
    return number;
}

std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text) {
    double seconds = 0;
    const auto [end, problem] =
        std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
    if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (!(seconds >= 0) || seconds > kSyncSecondsMax) return std::nullopt;
    return std::chrono::milliseconds{std::llround(seconds * 1000)};
}

std::string expectation(std::string_view what) {
    return "must be " + std::string(what);
}

std::string set_host(Config& config, std::string_view text) {
    if (text.empty() || text.find_first_of(" /@?#") != std::string_view::npos) {
        return expectation("a host name or an address, such as 127.0.0.1");
    }
    config.host = text;
    return {};
}

std::string set_any_port(int& port, std::string_view text) {
    const std::optional<long> number = parse_whole(text, 0, 65535);
    if (!number) return expectation("a port from 0 to 65535; 0 takes any free one");
    port = static_cast<int>(*number);
    return {};
}

std::string set_port(Config& config, std::string_view text) {
    return set_any_port(config.port, text);
}

std::string set_sandbox_port(Config& config, std::string_view text) {
    return set_any_port(config.sandbox_port, text);
}

std::string set_path(std::filesystem::path& path, std::string_view text) {
    if (text.empty()) return expectation("a path");
    path = text;
    return {};
}

std::string set_data(Config& config, std::string_view text) {
    return set_path(config.data, text);
}
std::string set_web(Config& config, std::string_view text) {
    return set_path(config.web, text);
}
std::string set_connectors(Config& config, std::string_view text) {
    return set_path(config.connectors, text);
}

std::string set_auth(Config& config, std::string_view text) {
    if (text != "login" && text != "dev") return expectation("login or dev");
    config.auth = text == "dev" ? AuthMode::Dev : AuthMode::Login;
    return {};
}

std::string set_sandbox(Config& config, std::string_view text) {
    if (text != "0" && text != "1") return expectation("0 or 1");
    config.is_sandbox_on = text == "1";
    return {};
}

template <std::string Config::*Member>
std::string set_text(Config& config, std::string_view text) {
    config.*Member = text;
    return {};
}
constexpr auto kSetKey = &set_text<&Config::workspace_key>;
constexpr auto kSetFaults = &set_text<&Config::sandbox_faults>;
constexpr auto kSetSecret = &set_text<&Config::workspace_secret>;

std::string set_sandbox_webhooks(Config& config, std::string_view text) {
    config.sandbox_webhooks = text;
    const bool is_address = text.starts_with("http://") && is_loopback_url(text);
    if (text == "on" || text == "off" || is_address) return {};
    return expectation("on, off or an http:// address of this machine");
}

std::string set_sandbox_scenario(Config& config, std::string_view text) {
    if (text.empty()) return expectation("the name of a scenario, such as clean or duplicates");
    config.sandbox_scenario = text;
    return {};
}

std::string set_sandbox_seed(Config& config, std::string_view text) {
    const std::optional<long> number = parse_whole(text, 1, 1'000'000'000);
    if (!number) return expectation("a whole number from 1 to 1000000000");
    config.sandbox_seed = static_cast<std::uint64_t>(*number);
    return {};
}

std::string set_dev_customer(Config& config, std::string_view text) {
    if (!is_customer_name(text)) return expectation("printable text of at most 128 characters");
    config.dev_customer = text;
    return {};
}

std::string set_api_url(Config& config, std::string_view text) {
    while (text.ends_with('/')) text.remove_suffix(1);
    const bool is_https = text.starts_with("https://") && text.size() > 8;
    if (!is_https && !is_loopback_url(text)) {
        return expectation("an https:// address; http:// is taken for this machine only");
    }
    if (text.find_first_of(" @?#") != std::string_view::npos) {
        return expectation("an address without user name, spaces, query or fragment");
    }
    config.api_url = std::string(text);
    return {};
}

std::string set_interval(Config& config, std::string_view text) {
    const auto seconds = parse_seconds(text);
    if (!seconds) return expectation("seconds from 0 to 86400; 0 means only Sync now");
    config.sync_interval = *seconds;
    return {};
}

std::string set_settle(Config& config, std::string_view text) {
    config.sync_settle = parse_seconds(text);
    return config.sync_settle ? "" : expectation("seconds from 0 to 86400");
}

std::string set_late(Config& config, std::string_view text) {
    config.sync_late = parse_seconds(text);
    return config.sync_late ? "" : expectation("seconds from 0 to 86400");
}

std::string set_first(Config& config, std::string_view text) {
    if (text != "preview" && text != "auto") return expectation("preview or auto");
    config.is_first_sync_automatic = text == "auto";
    return {};
}

std::string set_delete_limit(Config& config, std::string_view text) {
    const std::optional<long> number = parse_whole(text, 0, 1'000'000);
    if (!number) return expectation("a whole number from 0 to 1000000");
    config.sync_delete_limit = static_cast<int>(*number);
    return {};
}

std::string set_backup_hours(Config& config, std::string_view text) {
    const std::optional<long> hours = parse_whole(text, 0, kBackupHoursMax);
    if (!hours) return expectation("whole hours from 0 to 8784; 0 makes no backups");
    config.backup_interval = std::chrono::hours{*hours};
    return {};
}

std::string set_backups_kept(Config& config, std::string_view text) {
    const std::optional<long> number = parse_whole(text, 1, kBackupsKeptMax);
    if (!number) return expectation("a whole number from 1 to 10000");
    config.backups_kept = static_cast<std::size_t>(*number);
    return {};
}

std::string set_certificate(Config& config, std::string_view text) {
    return set_path(config.tls_certificate, text);
}
std::string set_tls_key(Config& config, std::string_view text) {
    return set_path(config.tls_key, text);
}

std::string set_log(Config& config, std::string_view text) {
    const std::optional<LogLevel> level = parse_log_level(text);
    if (!level) return expectation("debug, info, warning or error");
    config.log_level = *level;
    return {};
}

/// One setting; without `placeholder` a switch. Secrets have no flag: every user sees flags.
struct Option {
    std::string_view flag;
    std::string_view variable;
    std::string_view placeholder;
    std::string_view meaning;
    std::string (*set)(Config&, std::string_view);  // what the value must be, or ""
};

constexpr std::array<Option, 26> kOptions{{
    {"--host", "CONTACTS_HOST", "HOST", "where to listen (127.0.0.1)", set_host},
    {"--port", "CONTACTS_PORT", "PORT", "0 takes any free one (8080)", set_port},
    {"--data", "CONTACTS_DATA", "DIR", "folder of contacts.db (./data)", set_data},
    {"--web", "CONTACTS_WEB", "DIR", "folder of the browser client", set_web},
    {"--backup-hours", "CONTACTS_BACKUP_HOURS", "H", "0: never (24)", set_backup_hours},
    {"--backup-keep", "CONTACTS_BACKUP_KEEP", "N", "in DATA/backups (7)", set_backups_kept},
    {"--tls-cert", "CONTACTS_TLS_CERT", "FILE", "PEM, with its chain: https", set_certificate},
    {"--tls-key", "CONTACTS_TLS_KEY", "FILE", "PEM, its private key", set_tls_key},
    {"--auth", "CONTACTS_AUTH", "login|dev", "dev: no login, loopback only (login)", set_auth},
    {"--sandbox", "CONTACTS_SANDBOX", "", "run and use the practice workspace", set_sandbox},
    {"--sandbox-port",
     "CONTACTS_SANDBOX_PORT",
     "PORT",
     "its port (any free one)",
     set_sandbox_port},
    {"--sandbox-seed",
     "CONTACTS_SANDBOX_SEED",
     "N",
     "other people and chances (1)",
     set_sandbox_seed},
    {"--sandbox-scenario",
     "CONTACTS_SANDBOX_SCENARIO",
     "NAME",
     "who is in it at first: clean, overlapping, duplicates, 10k, 100k, hostile-names",
     set_sandbox_scenario},
    {"--sandbox-faults", "CONTACTS_SANDBOX_FAULTS", "FILE|JSON", "what goes wrong", kSetFaults},
    {"--sandbox-webhooks",
     "CONTACTS_SANDBOX_WEBHOOKS",
     "on|off|URL",
     "whether it tells this app, or another one, of changes (on)",
     set_sandbox_webhooks},
    {"--connectors", "CONTACTS_CONNECTORS", "FILE", "the systems to sync with", set_connectors},
    {"--sync-interval", "SYNC_INTERVAL_S", "S", "shortest interval, 0: never (30)", set_interval},
    {"--sync-settle", "SYNC_SETTLE_S", "S", "how old a listing may be (60)", set_settle},
    {"--sync-late", "SYNC_LATE_S", "S", "how late a lost call may act (60)", set_late},
    {"--sync-first", "SYNC_FIRST", "preview|auto", "the first run of a system", set_first},
    {"--sync-delete-limit",
     "SYNC_DELETE_LIMIT",
     "N",
     "more deletions ask first (50)",
     set_delete_limit},
    {"", "DEV_CUSTOMER_ID", "", "the customer without x-auth-id (dev)", set_dev_customer},
    {"", "INTEGRATION_APP_API_URL", "", "base address of Integration.app", set_api_url},
    {"", "INTEGRATION_APP_WORKSPACE_KEY", "", "key of the workspace", kSetKey},
    {"", "INTEGRATION_APP_WORKSPACE_SECRET", "", "secret of the workspace", kSetSecret},
    {"", "CONTACTS_LOG", "", "debug, info, warning or error (info)", set_log},
}};

struct Given {
    std::string_view name;  // of the flag or variable, for messages
    std::string value;
};
using GivenValues = std::array<std::optional<Given>, kOptions.size()>;

const Option* find_option(std::string_view flag) {
    const auto found = std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& option) {
        return option.flag == flag;
    });
    return found == kOptions.end() ? nullptr : &*found;
}

/// Reads the flag at `index`, and its value from the next argument when it has none of its own.
Status read_flag(const std::vector<std::string>& arguments,
                 std::size_t& index,
                 GivenValues& given) {
    const std::string& argument = arguments[index];
    const std::size_t equals = argument.find('=');
    const std::string flag = argument.substr(0, equals);
    const Option* option = find_option(flag);
    if (option == nullptr) {
        return bad("Unknown flag " + flag + "; --help lists the flags");
    }
    std::string value;
    if (equals != std::string::npos) {
        value = argument.substr(equals + 1);
    } else if (option->placeholder.empty()) {
        value = "1";
    } else if (index + 1 < arguments.size()) {
        value = arguments[++index];
    } else {
        return bad("The flag " + flag + " needs a value; --help lists the flags");
    }
    given[static_cast<std::size_t>(option - kOptions.data())] = Given{option->flag, value};
    return {};
}

/// Their own words are read where the command is (server/commands/).
bool has_own_words(Command command) {
    return command == Command::Restore || command == Command::Purge || command == Command::Import ||
           command == Command::Export;
}

Result<Command> read_command(const std::string& word) {
    if (word == "serve") return Command::Serve;
    if (word == "settings") return Command::Settings;
    if (word == "check") return Command::Check;
    if (word == "backup") return Command::Backup;
    if (word == "restore") return Command::Restore;
    if (word == "purge") return Command::Purge;
    if (word == "import") return Command::Import;
    if (word == "export") return Command::Export;
    return bad("Unknown command " + word + "; --help lists what there is");
}

/// Sets what the words say; the values of flags are kept for later.
Status read_arguments(const std::vector<std::string>& arguments,
                      Config& config,
                      GivenValues& given) {
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const std::string& argument = arguments[index];
        if (argument == "--help" || argument == "-h" || argument == "--version") {
            config.command = argument == "--version" ? Command::Version : Command::Help;
            return {};
        }
        const bool is_known = find_option(argument.substr(0, argument.find('='))) != nullptr;
        if (has_own_words(config.command) && !is_known) {
            config.words.push_back(argument);
        } else if (argument.starts_with('-')) {
            CRM_TRY(read_flag(arguments, index, given));
        } else if (index == 0) {
            config.command = CRM_TRY(read_command(argument));
        } else if (config.command == Command::Backup && config.backup.empty()) {
            config.backup = argument;
        } else {
            return bad("Unexpected argument " + argument + "; --help lists the flags");
        }
    }
    if (config.command == Command::Backup && config.backup.empty()) {
        return bad("Say where to write the backup: contacts-server backup FILE");
    }
    return {};
}

void read_variables(const Environment& environment, GivenValues& given) {
    for (std::size_t index = 0; index < kOptions.size(); ++index) {
        if (given[index]) continue;
        const std::string_view variable = kOptions[index].variable;
        const std::optional<std::string> value = environment(std::string(variable));
        if (value && !value->empty()) given[index] = Given{variable, *value};
    }
}

/// What only shows when all values are known.
Status check_together(Config& config) {
    if (config.auth == AuthMode::Dev && !is_loopback_host(config.host)) {
        return bad(
            "--auth dev lets everybody in, so it needs a loopback host such as 127.0.0.1, not " +
            config.host);
    }
    if (config.workspace_key.empty() != config.workspace_secret.empty()) {
        return bad(
            "INTEGRATION_APP_WORKSPACE_KEY and INTEGRATION_APP_WORKSPACE_SECRET belong together: "
            "set both or neither");
    }
    if (config.tls_certificate.empty() != config.tls_key.empty()) {
        return bad("--tls-cert and --tls-key belong together: name both files or neither");
    }
    if (config.is_sandbox_on && config.workspace_key.empty()) {
        config.workspace_key = "sandbox";
        config.workspace_secret = kSandboxSecret;
    }
    return {};
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
}

Result<Config> read_config(const std::vector<std::string>& arguments,
                           const Environment& environment) {
    Config config;
    GivenValues given;
    CRM_TRY(read_arguments(arguments, config, given));
    if (config.command == Command::Version || config.command == Command::Help) return config;
    read_variables(environment, given);
    bool is_first_sync_set = false;
    for (std::size_t index = 0; index < kOptions.size(); ++index) {
        if (!given[index]) continue;
        const std::string problem = kOptions[index].set(config, given[index]->value);
        if (!problem.empty()) return bad(std::string(given[index]->name) + ' ' + problem);
        if (kOptions[index].set == set_first) is_first_sync_set = true;
    }
    if (!is_first_sync_set) config.is_first_sync_automatic = config.is_sandbox_on;
    const bool is_whole = config.command == Command::Serve || config.command == Command::Settings;
    if (is_whole) CRM_TRY(check_together(config));
    return config;
}

std::string usage_text() {
    std::string text =
        "contacts-server [serve] [flags]\n"
        "contacts-server settings [flags]          every setting as it comes out\n"
        "contacts-server check [--data DIR]        whether contacts.db is sound\n"
        "contacts-server backup FILE [--data DIR]  a copy of it, while the server runs or not\n"
        "contacts-server restore FILE              put a backup in its place; the old one is kept\n"
        "contacts-server purge --older-than DAYS [--customer NAME]\n"
        "                 remove tombstones for good that no system can bring back\n"
        "contacts-server import FILE [--dry-run] [--format csv|vcf] [--key email|phone|none]\n"
        "                 [--map JSON] [--problems FILE] [--customer NAME]\n"
        "contacts-server export [--format csv|vcf|json] [--out FILE] [--search TEXT] [--sort "
        "KEYS]\n"
        "                 [--deleted false|true|only] [--vcard 3.0|4.0] [--customer NAME]\n\n"
        "Keeps one address book true in the app and in the CRMs "
        "behind Integration.app.\nEach flag has a variable; a flag beats its variable.\n\n";
    for (const Option& option : kOptions) {
        std::string left(option.flag);
        if (!option.placeholder.empty()) left += ' ' + std::string(option.placeholder);
        left.resize(std::max<std::size_t>(left.size() + 1, 27), ' ');
        std::string middle(option.variable);
        middle.resize(std::max<std::size_t>(middle.size() + 1, 34), ' ');
        text += "  " + left + middle + std::string(option.meaning) + '\n';
    }
    text += "  --version, --help\n";
    return text;
}

bool is_customer_name(std::string_view text) {
    return is_utf8(text) && !has_forbidden_control(text) &&
           text.find_first_of("\t\n") == std::string_view::npos && !trim(text).empty() &&
           count_chars(text) <= kAuthIdCharsMax;
}

std::filesystem::path default_web_folder(const std::filesystem::path& program) {
    const std::filesystem::path folder = program.parent_path();
    const std::array<std::filesystem::path, 3> candidates{folder / ".." / ".." / "wasm" / "web",
                                                          folder / ".." / "web",
                                                          "/usr/share/contacts-crm/web"};
    for (const std::filesystem::path& candidate : candidates) {
        std::error_code problem;
        if (std::filesystem::is_directory(candidate, problem)) return candidate.lexically_normal();
    }
    return candidates[0].lexically_normal();
}

}  // namespace crm
