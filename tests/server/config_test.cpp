// Flags, variables and defaults: which one wins, and what is refused with which words.
#include "server/config.h"

#include <map>

#include <doctest/doctest.h>

namespace crm {
namespace {

using Variables = std::map<std::string, std::string>;

Result<Config> read(const std::vector<std::string>& arguments, const Variables& variables = {}) {
    return read_config(arguments, [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    });
}

Config good(const std::vector<std::string>& arguments, const Variables& variables = {}) {
    const Result<Config> config = read(arguments, variables);
    REQUIRE_MESSAGE(config.is_ok(), (config.is_ok() ? "" : config.error().message));
    return config.value();
}

}  // namespace

TEST_CASE("the settings are told without secrets") {
    const Config config = good({"settings", "--port", "1234", "--backup-hours", "6"},
                               {{"INTEGRATION_APP_WORKSPACE_KEY", "our-key"},
                                {"INTEGRATION_APP_WORKSPACE_SECRET", "our-secret"},
                                {"SYNC_SETTLE_S", "0.25"}});
    const std::string text = settings_text(config);
    for (const char* line : {"CONTACTS_PORT=1234\n",
                             "CONTACTS_BACKUP_HOURS=6\n",
                             "INTEGRATION_APP_WORKSPACE_KEY=our-key\n",
                             "INTEGRATION_APP_WORKSPACE_SECRET=(set)\n",
                             "SYNC_SETTLE_S=0.250\n"}) {
        CHECK_MESSAGE(text.find(line) != std::string::npos, line);
    }
    CHECK(text.find("our-secret") == std::string::npos);
}

TEST_CASE("backups and certificates") {
    const Config config = good({"--backup-hours", "0", "--backup-keep=3"});
    CHECK(config.backup_interval.count() == 0);
    CHECK(config.backups_kept == 3);
    CHECK_FALSE(read({"--backup-keep", "0"}).is_ok());
    CHECK_FALSE(read({"--backup-hours", "1.5"}).is_ok());
    CHECK_FALSE(read({"--tls-cert", "c.pem"}).is_ok());
    CHECK(good({"--tls-cert", "c.pem", "--tls-key", "k.pem"}).tls_key == "k.pem");
}

TEST_CASE("defaults are those of the contract") {
    const Config config = good({});
    CHECK(config.command == Command::Serve);
    CHECK(config.host == "127.0.0.1");
    CHECK(config.port == 8080);
    CHECK(config.data == "data");
    CHECK(config.auth == AuthMode::Login);
    CHECK(config.dev_customer == "dev");
    CHECK_FALSE(config.is_sandbox_on);
    CHECK_FALSE(config.has_workspace());
    CHECK_FALSE(config.api_url.has_value());
    CHECK(config.sync_interval == std::chrono::seconds{30});
    CHECK_FALSE(config.sync_settle.has_value());
    CHECK_FALSE(config.is_first_sync_automatic);
    CHECK(config.sync_delete_limit == 50);
}

TEST_CASE("every flag and its variable set the same thing") {
    struct Row {
        std::string flag, variable, value;
        std::function<bool(const Config&)> is_set;
    };
    const std::vector<Row> rows{
        {"--host", "CONTACTS_HOST", "::1", [](const Config& c) { return c.host == "::1"; }},
        {"--port", "CONTACTS_PORT", "0", [](const Config& c) { return c.port == 0; }},
        {"--data", "CONTACTS_DATA", "d", [](const Config& c) { return c.data == "d"; }},
        {"--web", "CONTACTS_WEB", "w", [](const Config& c) { return c.web == "w"; }},
        {"--auth", "CONTACTS_AUTH", "dev", [](const Config& c) { return c.auth == AuthMode::Dev; }},
        {"--sandbox", "CONTACTS_SANDBOX", "1", [](const Config& c) { return c.is_sandbox_on; }},
        {"--sandbox-seed",
         "CONTACTS_SANDBOX_SEED",
         "9",
         [](const Config& c) { return c.sandbox_seed == 9; }},
        {"--sandbox-scenario",
         "CONTACTS_SANDBOX_SCENARIO",
         "10k",
         [](const Config& c) { return c.sandbox_scenario == "10k"; }},
        {"--sandbox-faults",
         "CONTACTS_SANDBOX_FAULTS",
         "f.json",
         [](const Config& c) { return c.sandbox_faults == "f.json"; }},
        {"--sandbox-webhooks",
         "CONTACTS_SANDBOX_WEBHOOKS",
         "http://127.0.0.1:9/hooks",
         [](const Config& c) { return c.sandbox_webhooks == "http://127.0.0.1:9/hooks"; }},
        {"--sandbox-port",
         "CONTACTS_SANDBOX_PORT",
         "7",
         [](const Config& c) { return c.sandbox_port == 7; }},
        {"--connectors",
         "CONTACTS_CONNECTORS",
         "f",
         [](const Config& c) { return c.connectors == "f"; }},
        {"--sync-interval",
         "SYNC_INTERVAL_S",
         "0.5",
         [](const Config& c) { return c.sync_interval == std::chrono::milliseconds{500}; }},
        {"--sync-settle",
         "SYNC_SETTLE_S",
         "1.25",
         [](const Config& c) { return c.sync_settle == std::chrono::milliseconds{1250}; }},
        {"--sync-late",
         "SYNC_LATE_S",
         "2",
         [](const Config& c) { return c.sync_late == std::chrono::seconds{2}; }},
        {"--sync-first",
         "SYNC_FIRST",
         "auto",
         [](const Config& c) { return c.is_first_sync_automatic; }},
        {"--sync-delete-limit",
         "SYNC_DELETE_LIMIT",
         "9",
         [](const Config& c) { return c.sync_delete_limit == 9; }},
    };
    for (const Row& row : rows) {
        CAPTURE(row.flag);
        CHECK_FALSE(row.is_set(good({})));
        CHECK(row.is_set(good({row.flag + '=' + row.value})));
        CHECK(row.is_set(good({}, {{row.variable, row.value}})));
        CHECK_FALSE(row.is_set(good({}, {{row.variable, ""}})));
        if (row.flag != "--sandbox") CHECK(row.is_set(good({row.flag, row.value})));
    }
    CHECK(good({"serve", "--sandbox"}).is_sandbox_on);
}

TEST_CASE("a flag beats its variable") {
    CHECK(good({"--port", "1"}, {{"CONTACTS_PORT", "2"}}).port == 1);
    CHECK_FALSE(good({"--sandbox=0"}, {{"CONTACTS_SANDBOX", "1"}}).is_sandbox_on);
    CHECK_FALSE(good({"--sandbox", "--sync-first", "preview"}).is_first_sync_automatic);
}

TEST_CASE("variables without a flag") {
    CHECK(good({}, {{"DEV_CUSTOMER_ID", "acme"}}).dev_customer == "acme");
    CHECK(good({}, {{"CONTACTS_LOG", "debug"}}).log_level == LogLevel::Debug);
    const Config config = good({},
                               {{"INTEGRATION_APP_WORKSPACE_KEY", "k"},
                                {"INTEGRATION_APP_WORKSPACE_SECRET", "s"},
                                {"INTEGRATION_APP_API_URL", "https://example.test/"}});
    CHECK(config.has_workspace());
    CHECK(config.api_url == "https://example.test");
}

TEST_CASE("the sandbox brings its own workspace and goes ahead by itself") {
    const Config config = good({"--sandbox"});
    CHECK(config.workspace_key == "sandbox");
    CHECK(config.workspace_secret == "sandbox-secret");
    CHECK(config.is_first_sync_automatic);
    const Config own =
        good({"--sandbox"},
             {{"INTEGRATION_APP_WORKSPACE_KEY", "k"}, {"INTEGRATION_APP_WORKSPACE_SECRET", "s"}});
    CHECK(own.workspace_key == "k");
}

TEST_CASE("what cannot be meant is refused, and the message names it") {
    struct Row {
        std::vector<std::string> arguments;
        Variables variables;
        std::string named;
    };
    const std::vector<Row> rows{
        {{"--prot", "1"}, {}, "--prot"},
        {{"-x"}, {}, "-x"},
        {{"--port"}, {}, "--port"},
        {{"--port", "65536"}, {}, "--port"},
        {{"--port", "-1"}, {}, "--port"},
        {{"--port", "80x"}, {}, "--port"},
        {{"--port="}, {}, "--port"},
        {{"--host", "a b"}, {}, "--host"},
        {{"--host", ""}, {}, "--host"},
        {{"--data", ""}, {}, "--data"},
        {{"--auth", "none"}, {}, "--auth"},
        {{"--sandbox=yes"}, {}, "--sandbox"},
        {{"--sandbox-seed", "0"}, {}, "--sandbox-seed"},
        {{"--sync-interval", "-1"}, {}, "--sync-interval"},
        {{"--sync-interval", "nan"}, {}, "--sync-interval"},
        {{"--sync-settle", "1e3"}, {}, "--sync-settle"},
        {{"--sync-late", "86401"}, {}, "--sync-late"},
        {{"--sync-first", "maybe"}, {}, "--sync-first"},
        {{"--sync-delete-limit", "1.5"}, {}, "--sync-delete-limit"},
        {{"serve", "twice"}, {}, "twice"},
        {{"frobnicate"}, {}, "frobnicate"},
        {{"backup"}, {}, "backup FILE"},
        {{"backup", "f", "g"}, {}, "Unexpected argument g"},
        {{"check", "f"}, {}, "Unexpected argument f"},
        {{}, {{"CONTACTS_PORT", "http"}}, "CONTACTS_PORT"},
        {{}, {{"CONTACTS_SANDBOX", "on"}}, "CONTACTS_SANDBOX"},
        {{}, {{"CONTACTS_LOG", "loud"}}, "CONTACTS_LOG"},
        {{}, {{"DEV_CUSTOMER_ID", "a\nb"}}, "DEV_CUSTOMER_ID"},
        {{}, {{"INTEGRATION_APP_WORKSPACE_KEY", "k"}}, "INTEGRATION_APP_WORKSPACE_SECRET"},
        {{}, {{"INTEGRATION_APP_WORKSPACE_SECRET", "s"}}, "INTEGRATION_APP_WORKSPACE_KEY"},
        {{"--sandbox"},
         {{"INTEGRATION_APP_WORKSPACE_KEY", "k"}},
         "INTEGRATION_APP_WORKSPACE_SECRET"},
        {{}, {{"INTEGRATION_APP_API_URL", "http://example.test"}}, "INTEGRATION_APP_API_URL"},
        {{}, {{"INTEGRATION_APP_API_URL", "ftp://127.0.0.1"}}, "INTEGRATION_APP_API_URL"},
        {{}, {{"INTEGRATION_APP_API_URL", "https://a@b"}}, "INTEGRATION_APP_API_URL"},
        {{"--auth", "dev", "--host", "0.0.0.0"}, {}, "loopback"},
        {{"--auth", "dev"}, {{"CONTACTS_HOST", "example.test"}}, "loopback"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.named);
        CAPTURE(row.arguments.size());
        const Result<Config> config = read(row.arguments, row.variables);
        REQUIRE_FALSE(config.is_ok());
        CHECK(config.error().message.find(row.named) != std::string::npos);
        CHECK(config.error().message.find('\n') == std::string::npos);
    }
}

TEST_CASE("secrets are never repeated in a message") {
    const Result<Config> config = read({}, {{"INTEGRATION_APP_WORKSPACE_SECRET", "hush-hush"}});
    REQUIRE_FALSE(config.is_ok());
    CHECK(config.error().message.find("hush-hush") == std::string::npos);
}

TEST_CASE("check and backup need nothing but the folder") {
    const Config check = good({"check", "--data", "d"}, {{"INTEGRATION_APP_WORKSPACE_KEY", "k"}});
    CHECK(check.command == Command::Check);
    CHECK(check.data == "d");
    const Config backup = good({"backup", "--data", "d", "copy.db"});
    CHECK(backup.command == Command::Backup);
    CHECK(backup.backup == "copy.db");
}

TEST_CASE("the words of later commands are handed on, and shared flags are read") {
    const Config import = good({"import", "a.csv", "--key", "phone", "--data", "d", "--dry-run"});
    CHECK(import.command == Command::Import);
    CHECK(import.data == "d");
    CHECK(import.words == std::vector<std::string>{"a.csv", "--key", "phone", "--dry-run"});
    CHECK(good({"export", "--data=d", "--format=csv"}).words ==
          std::vector<std::string>{"--format=csv"});
    CHECK(good({"restore", "f"}).command == Command::Restore);
    CHECK(good({"purge", "--older-than", "3"}).command == Command::Purge);
}

TEST_CASE("help and version win over everything else") {
    CHECK(good({"--version"}).command == Command::Version);
    CHECK(good({"--help"}, {{"CONTACTS_PORT", "broken"}}).command == Command::Help);
    CHECK(usage_text().find("--sync-delete-limit") != std::string::npos);
    CHECK(usage_text().find("SYNC_DELETE_LIMIT") != std::string::npos);
}

TEST_CASE("the client is looked for beside the program") {
    const std::filesystem::path folder =
        default_web_folder("/nowhere/build/release/server/contacts-server");
    const std::filesystem::path installed = "/usr/share/contacts-crm/web";
    if (!std::filesystem::exists(installed)) CHECK(folder == "/nowhere/build/wasm/web");
}

}  // namespace crm
