#include "server/commands/offline.h"

#include <algorithm>

#include "server/store/file_check.h"
#include "server/store/sync_store.h"

namespace crm::commands {
namespace {

std::string list_names(const std::vector<CustomerId>& customers) {
    std::string names;
    for (const CustomerId& customer : customers) {
        names += (names.empty() ? "" : ", ") + customer.text;
    }
    return names;
}

}  // namespace

std::filesystem::path database_file(const Config& config) {
    return config.data / "contacts.db";
}

Status check_is_there(const Config& config) {
    const std::filesystem::path file = database_file(config);
    const store::FileState state = CRM_TRY(store::check_database_file(file));
    if (state == store::FileState::Ours) return {};
    return Error{ErrorCode::Unavailable,
                 "There is no database at " + file.string() + "; name its folder with --data"};
}

Offline::Offline(std::unique_ptr<store::Database> database)
    : database_(std::move(database)),
      contacts_(*database_, clock_, random_),
      // Never started: it only notes what changes mean for sync.
      sync_(
          {*database_, contacts_, clock_, random_, nullptr},
          sync::SyncSettings{},
          [](const CustomerId&) { return std::vector<std::unique_ptr<sync::Connector>>(); },
          sync::SyncListeners{}) {
    contacts_.connect(&sync_, {});
}

Result<std::unique_ptr<Offline>> Offline::open(const Config& config) {
    CRM_TRY(check_is_there(config));
    return open_file(database_file(config));
}

Result<std::unique_ptr<Offline>> Offline::open_file(const std::filesystem::path& file) {
    std::unique_ptr<store::Database> database = CRM_TRY(store::Database::open(file));
    return std::unique_ptr<Offline>(new Offline(std::move(database)));
}

Result<std::vector<CustomerId>> Offline::customers(const std::string* name) {
    const store::Snapshot snapshot = CRM_TRY(database_->begin_read());
    std::vector<CustomerId> known = CRM_TRY(store::load_customers(snapshot));
    if (name == nullptr) return known;
    if (std::find(known.begin(), known.end(), CustomerId(*name)) == known.end()) {
        return Error{ErrorCode::BadRequest, "There is no customer " + *name + " in the database"};
    }
    return std::vector<CustomerId>{CustomerId(*name)};
}

Result<CustomerId> Offline::customer(const std::string* name, const std::string& usual) {
    if (name != nullptr) return CustomerId(*name);
    const std::vector<CustomerId> known = CRM_TRY(customers(nullptr));
    if (known.empty()) return CustomerId(usual);
    if (known.size() == 1) return known.front();
    return Error{ErrorCode::BadRequest,
                 "The database has several customers (" + list_names(known) +
                     "): say which one with --customer"};
}

}  // namespace crm::commands
