// The practice workspace: Integration.app's wire protocol with a HubSpot and a Pipedrive behind it,
// each with its quirks, on a loopback port of its own. One instance owns its SQLite file and its
// threads.
//
// Customers are apart: a token's customer sees only its own records, filled on first use.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "server/clock.h"
#include "shared/result.h"

namespace crm::sandbox {

struct SandboxOptions {
    std::filesystem::path database;  // "DATA/sandbox.db"; its folder exists
    std::string host = "127.0.0.1";
    int port = 0;  // 0: any free one
    std::string workspace_key = "sandbox";
    std::string workspace_secret = "sandbox-secret";
    std::string dev_customer = "dev";  // whose records the REST surfaces and pages show
    std::uint64_t seed = 1;            // the same seed gives the same people and the same faults
    std::string scenario = "overlapping";  // see scenarios.h; of customers that are new
    std::string faults;  // JSON (faults.h), or a file with it: what goes wrong from the start
};

class Sandbox {
   public:
    Sandbox();
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;
    virtual ~Sandbox();

    /// Opens the file, binds the port, serves until destroyed. Unavailable with a sentence when the
    /// file or the port cannot be had, InvalidArgument when `faults` or `scenario` cannot be
    /// used.
    static Result<std::unique_ptr<Sandbox>> start(const SandboxOptions& options,
                                                  const Clock& clock);

    [[nodiscard]] virtual std::string url() const = 0;  // "http://127.0.0.1:43121"

    /// Whom changes are told from now on (webhooks.h). `setting` is "off", "on" for the app that
    /// listens at `app`, or another http:// address of this machine: "http://127.0.0.1:8080/hooks".
    virtual void tell_changes(const std::string& setting, const std::string& app) = 0;
};

}  // namespace crm::sandbox
