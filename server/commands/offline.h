// The address book while no server runs: the database with the rules of contacts and the sync
// engine's notes about changes, but no sync. What is changed here is synced by the next server.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "server/clock.h"
#include "server/config.h"
#include "server/contacts/contact_service.h"
#include "server/random.h"
#include "server/store/database.h"
#include "server/sync/sync_service.h"
#include "shared/result.h"

namespace crm::commands {

[[nodiscard]] std::filesystem::path database_file(const Config& config);

/// Unavailable: there is no database.
[[nodiscard]] Status check_is_there(const Config& config);

class Offline {
   public:
    /// Unavailable: there is no database, or a server has it open.
    static Result<std::unique_ptr<Offline>> open(const Config& config);
    /// Of a file that this process alone knows.
    static Result<std::unique_ptr<Offline>> open_file(const std::filesystem::path& file);

    [[nodiscard]] ContactService& contacts() { return contacts_; }
    /// The one named, else all that the database knows. BadRequest: there is none of that name.
    Result<std::vector<CustomerId>> customers(const std::string* name);
    /// The one named, else the only one, else `usual` where there is none yet. BadRequest: several.
    Result<CustomerId> customer(const std::string* name, const std::string& usual);

   private:
    explicit Offline(std::unique_ptr<store::Database> database);

    std::unique_ptr<store::Database> database_;
    SystemClock clock_;
    SystemRandom random_;
    ContactService contacts_;
    sync::SyncService sync_;
};

}  // namespace crm::commands
