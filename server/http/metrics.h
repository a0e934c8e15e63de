// What happened since the start, in numbers for Prometheus (text format 0.0.4). No number tells of
// a person: labels are patterns of routes, statuses, systems and states, never ids. Any thread may
// count.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "server/http/request_note.h"
#include "server/mutex.h"
#include "shared/api.h"

namespace crm::http {

/// One number that is looked up when somebody asks.
struct Gauge {
    std::string name;    // "contacts_database_bytes"
    std::string help;    // one sentence
    std::string labels;  // `state="live"`; may be empty
    double value = 0;
};

class Metrics {
   public:
    Metrics() = default;
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void count_request(const RequestNote& note);
    /// Every state that a run reports; it is counted when it has ended.
    void count_run(const api::Run& run);
    void count_backup(bool is_good);
    void count_limited(std::string_view kind);  // "address", "token"

    /// The page: counters, then `gauges`, those of one name side by side.
    [[nodiscard]] std::string text(const std::vector<Gauge>& gauges) const;

   private:
    static constexpr std::size_t kBuckets = 12;
    struct Histogram {
        std::array<std::uint64_t, kBuckets> counts{};
        std::uint64_t count = 0;
        double seconds = 0;
    };
    using RequestKey = std::tuple<std::string, std::string, int>;  // route, method, status

    void write_requests(std::string& out) const CRM_REQUIRES(mutex_);
    void write_runs(std::string& out) const CRM_REQUIRES(mutex_);

    mutable Mutex mutex_;
    std::map<RequestKey, std::uint64_t> requests_ CRM_GUARDED_BY(mutex_);
    std::map<std::string, Histogram> durations_ CRM_GUARDED_BY(mutex_);
    std::map<std::string, std::uint64_t> runs_ CRM_GUARDED_BY(mutex_);     // by state
    std::map<std::string, std::uint64_t> calls_ CRM_GUARDED_BY(mutex_);    // by system
    std::map<std::string, std::uint64_t> writes_ CRM_GUARDED_BY(mutex_);   // by system
    std::map<std::string, std::string> open_runs_ CRM_GUARDED_BY(mutex_);  // id -> state
    std::map<std::string, std::uint64_t> backups_ CRM_GUARDED_BY(mutex_);
    std::map<std::string, std::uint64_t> limited_ CRM_GUARDED_BY(mutex_);
};

}  // namespace crm::http
