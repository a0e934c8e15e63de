// What a reading shows when it is not up to date: records as they were before changes that it does
// not know of yet. The journal remembers changes in memory, for kSandboxAgeMax and at most
// kSandboxJournalMax of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/record.h"
#include "shared/ids.h"

namespace crm::sandbox {

struct RecordQuery;

/// What a record was until then; nullopt: it was not there.
struct Change {
    System system = System::HubSpot;
    std::int64_t id = 0;
    std::optional<Record> before;
    TimePoint at{};
};

class Journal {
   public:
    void add(const CustomerId& customer, std::vector<Change> changes);
    /// Since then; oldest first.
    [[nodiscard]] std::vector<Change> since(const CustomerId& customer,
                                            System system,
                                            TimePoint time) const;

   private:
    struct Entry {
        CustomerId customer;
        Change change;
    };
    std::deque<Entry> entries_;
};

/// How a reading sees the records.
struct View {
    TimePoint now{};
    std::chrono::milliseconds age{0};          // changes that are younger are not seen
    std::optional<std::uint64_t> spread = {};  // every change has an age of its own, up to that one
    int shift = 0;  // pages after the first begin so many records later; negative: earlier

    bool operator==(const View&) const = default;
};

/// By id, what a reading sees instead of the record that is there; nullopt: nothing.
using OldRecords = std::map<std::int64_t, std::optional<Record>>;

/// `changes` are oldest first.
[[nodiscard]] OldRecords old_records(const std::vector<Change>& changes, const View& view);

/// A record's addresses as they are compared, and what of it a search looks at.
[[nodiscard]] std::string email_keys(const Record& record);
[[nodiscard]] std::string key_of_email(std::string_view email);
[[nodiscard]] std::string search_text(const Record& record);

/// Would the query find this record, whatever its limit and offset?
[[nodiscard]] bool is_wanted(const Record& record, const RecordQuery& query);

/// The page that `query` asks for. `rows` are, by growing id, those that are there now: all of
/// them, or `query.offset + query.limit + old.size()`.
[[nodiscard]] std::vector<Record> as_seen(std::vector<Record> rows,
                                          const OldRecords& old,
                                          const RecordQuery& query);

}  // namespace crm::sandbox
