// How many connections each address has. Any thread may count.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "server/mutex.h"

namespace crm::http {

class ConnectionCounts {
   public:
    /// One connection, while it lasts. Ends before the counts do.
    class Place {
       public:
        Place(ConnectionCounts& counts, std::string address)
            : counts_(counts), address_(std::move(address)) {
            const Lock lock(counts_.mutex_);
            number_ = ++counts_.counts_[address_];
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            const Lock lock(counts_.mutex_);
            if (--counts_.counts_[address_] == 0) counts_.counts_.erase(address_);
        }
        /// Of its address, counted from 1, when it came.
        [[nodiscard]] std::size_t number() const { return number_; }

       private:
        ConnectionCounts& counts_;
        const std::string address_;
        std::size_t number_ = 0;
    };

   private:
    Mutex mutex_;
    std::map<std::string, std::size_t> counts_ CRM_GUARDED_BY(mutex_);
};

}  // namespace crm::http
