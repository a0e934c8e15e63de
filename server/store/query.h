// One statement, bound, stepped and put back: prepared statements are kept per connection, because
// preparing costs more than most queries here. For store/*.cpp only: what SQLite throws passes
// through, so a Query lives inside sql_guard(). It ends before its transaction or snapshot does.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/database.h"
#include "shared/time_text.h"

namespace SQLite {
class Statement;
}

namespace crm::store {

/// The idle statements of one connection, by their SQL. Destroyed before the connection.
class StatementCache {
   public:
    StatementCache();
    StatementCache(const StatementCache&) = delete;
    StatementCache& operator=(const StatementCache&) = delete;
    ~StatementCache();

   private:
    friend class Query;
    std::map<std::string, std::unique_ptr<SQLite::Statement>, std::less<>> idle_;
};

class Query {
   public:
    Query(const Connection& connection, std::string_view sql);
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    /// Each call fills the next `?`.
    Query& bind(std::string_view text);
    Query& bind(std::int64_t number);
    Query& bind(TimePoint time);  // as milliseconds
    Query& bind(std::optional<std::int64_t> number);
    Query& bind(std::optional<TimePoint> time);

    /// False when there is no further row.
    [[nodiscard]] bool step();
    /// Runs a statement that returns no rows; how many rows it changed.
    int run();

    /// Of the current row, counted from 0.
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] TimePoint time(int column) const;
    [[nodiscard]] bool is_null(int column) const;

   private:
    StatementCache& cache_;
    std::unique_ptr<SQLite::Statement> statement_;
    int bound_ = 0;
};

}  // namespace crm::store
