// What /metrics and /api/ready look up when somebody asks.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/clock.h"
#include "server/http/event_hub.h"
#include "server/http/metrics.h"
#include "server/mutex.h"
#include "server/store/database.h"
#include "server/store/statistics.h"

namespace crm {

class AppHealth {
   public:
    /// All of it outlives this.
    AppHealth(store::Database& database,
              std::filesystem::path file,
              const http::EventHub& hub,
              const Clock& clock);
    AppHealth(const AppHealth&) = delete;
    AppHealth& operator=(const AppHealth&) = delete;

    [[nodiscard]] std::vector<http::Gauge> gauges();
    /// Each check by its name, with what is wrong or "".
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> checks();

   private:
    [[nodiscard]] store::Statistics statistics();

    store::Database& database_;
    const std::filesystem::path file_;
    const http::EventHub& hub_;
    const Clock& clock_;
    const TimePoint started_;
    Mutex mutex_;
    store::Statistics counted_ CRM_GUARDED_BY(mutex_);
    std::optional<TimePoint> counted_at_ CRM_GUARDED_BY(mutex_);
};

}  // namespace crm
