// The settings in words, for an operator who wonders which of flag, variable and default it was.
#include <filesystem>
#include <string>

#include "server/config.h"

namespace crm {
namespace {

std::string seconds_text(std::chrono::milliseconds time) {
    std::string text = std::to_string(time.count() / 1000);
    if (time.count() % 1000 != 0)
        text += '.' + std::to_string(1000 + time.count() % 1000).substr(1);
    return text;
}

std::string seconds_text(const std::optional<std::chrono::milliseconds>& time) {
    return time ? seconds_text(*time) : std::string("(as the workspace says)");
}

std::string secret_text(const std::string& secret) {
    return secret.empty() ? "(not set)" : "(set)";
}

std::string path_text(const std::filesystem::path& path, const char* empty) {
    return path.empty() ? std::string(empty) : path.string();
}

}  // namespace

std::string settings_text(const Config& config) {
    const auto line = [](const char* name, const std::string& value) {
        return std::string(name) + '=' + value + '\n';
    };
    const std::string key = config.workspace_key.empty() ? "(not set)" : config.workspace_key;
    return line("CONTACTS_HOST", config.host) + line("CONTACTS_PORT", std::to_string(config.port)) +
           line("CONTACTS_DATA", config.data.string()) +
           line("CONTACTS_WEB", path_text(config.web, "(beside the program)")) +
           line("CONTACTS_AUTH", config.auth == AuthMode::Dev ? "dev" : "login") +
           line("CONTACTS_BACKUP_HOURS", std::to_string(config.backup_interval.count())) +
           line("CONTACTS_BACKUP_KEEP", std::to_string(config.backups_kept)) +
           line("CONTACTS_TLS_CERT", path_text(config.tls_certificate, "(none: plain HTTP)")) +
           line("CONTACTS_TLS_KEY", path_text(config.tls_key, "(none)")) +
           line("CONTACTS_SANDBOX", config.is_sandbox_on ? "1" : "0") +
           line("CONTACTS_CONNECTORS", path_text(config.connectors, "(built in)")) +
           line("DEV_CUSTOMER_ID", config.dev_customer) +
           line("INTEGRATION_APP_API_URL", config.api_url.value_or("(usual)")) +
           line("INTEGRATION_APP_WORKSPACE_KEY", key) +
           line("INTEGRATION_APP_WORKSPACE_SECRET", secret_text(config.workspace_secret)) +
           line("SYNC_INTERVAL_S", seconds_text(config.sync_interval)) +
           line("SYNC_SETTLE_S", seconds_text(config.sync_settle)) +
           line("SYNC_LATE_S", seconds_text(config.sync_late)) +
           line("SYNC_FIRST", config.is_first_sync_automatic ? "auto" : "preview") +
           line("SYNC_DELETE_LIMIT", std::to_string(config.sync_delete_limit));
}

}  // namespace crm
