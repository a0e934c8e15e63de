// Counting a million contacts takes a moment, so a count is kept for kStatisticsLife.
#include "server/app_health.h"

#include "server/config.h"
#include "server/limits.h"

namespace crm {

AppHealth::AppHealth(store::Database& database,
                     std::filesystem::path file,
                     const http::EventHub& hub,
                     const Clock& clock)
    : database_(database),
      file_(std::move(file)),
      hub_(hub),
      clock_(clock),
      started_(clock.now()) {}

store::Statistics AppHealth::statistics() {
    const TimePoint now = clock_.now();
    const Lock lock(mutex_);
    if (counted_at_ && now - *counted_at_ < kStatisticsLife) return counted_;
    const Result<store::Snapshot> snapshot = database_.begin_read();
    if (!snapshot.is_ok()) return counted_;
    const Result<store::Statistics> counted = store::count_all(snapshot.value());
    if (counted.is_ok()) {
        counted_ = counted.value();
        counted_at_ = now;
    }
    return counted_;
}

std::vector<http::Gauge> AppHealth::gauges() {
    const store::Statistics counted = statistics();
    std::error_code problem;
    const std::filesystem::space_info room = std::filesystem::space(file_.parent_path(), problem);
    const auto seconds = [](TimePoint at) {
        return static_cast<double>(at.time_since_epoch().count()) / 1000;
    };
    const auto number = [](auto value) { return static_cast<double>(value); };
    return {
        {"contacts_build_info", "Always 1.", "version=\"" + std::string(kVersion) + '"', 1},
        {"contacts_start_time_seconds", "When the server started.", "", seconds(started_)},
        {"contacts_contacts",
         "Contacts of all customers.",
         "state=\"live\"",
         number(counted.contacts)},
        {"contacts_contacts",
         "Contacts of all customers.",
         "state=\"deleted\"",
         number(counted.tombstones)},
        {"contacts_customers", "Customers with contacts.", "", number(counted.customers)},
        {"contacts_open_conflicts",
         "Conflicts that wait for a person.",
         "",
         number(counted.open_conflicts)},
        {"contacts_database_bytes",
         "The database with its log.",
         "",
         number(store::database_bytes(file_))},
        {"contacts_disk_free_bytes",
         "Room left on its disk.",
         "",
         problem ? 0 : number(room.available)},
        {"contacts_database_commits", "Commits since the start.", "", number(database_.commits())},
        {"contacts_event_streams", "Live listeners.", "", number(hub_.stream_count())},
    };
}

std::vector<std::pair<std::string, std::string>> AppHealth::checks() {
    const Result<store::Snapshot> snapshot = database_.begin_read();
    const Status room = store::check_room(file_);
    return {{"database", snapshot.is_ok() ? "" : snapshot.error().message},
            {"disk", room.is_ok() ? "" : room.error().message}};
}

}  // namespace crm
