#include "server/store/query.h"

#include <utility>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace crm::store {
namespace {

// Lists have one statement per combination of order, filter and number of words; beyond this many
// the rare ones are prepared anew each time.
constexpr std::size_t kIdleStatementsMax = 128;

}  // namespace

StatementCache::StatementCache() = default;
StatementCache::~StatementCache() = default;

Query::Query(const Connection& connection, std::string_view sql) : cache_(connection.statements()) {
    const auto found = cache_.idle_.find(sql);
    if (found != cache_.idle_.end() && found->second) {
        // Taken out while in use: the same SQL may be needed again before this one is done.
        statement_ = std::move(found->second);
        return;
    }
    statement_ = std::make_unique<SQLite::Statement>(connection.sqlite(), std::string(sql));
}

Query::~Query() {
    if (statement_->tryReset() != 0) return;  // it failed while stepping: not worth keeping
    statement_->clearBindings();
    const std::string& sql = statement_->getQuery();
    const auto place = cache_.idle_.find(sql);
    if (place != cache_.idle_.end()) {
        place->second = std::move(statement_);
    } else if (cache_.idle_.size() < kIdleStatementsMax) {
        cache_.idle_.emplace(sql, std::move(statement_));
    }
}

Query& Query::bind(std::string_view text) {
    statement_->bind(++bound_, std::string(text));
    return *this;
}

Query& Query::bind(std::int64_t number) {
    statement_->bind(++bound_, number);
    return *this;
}

Query& Query::bind(TimePoint time) {
    return bind(std::int64_t{time.time_since_epoch().count()});
}

Query& Query::bind(std::optional<std::int64_t> number) {
    if (number) return bind(*number);
    statement_->bind(++bound_);
    return *this;
}

Query& Query::bind(std::optional<TimePoint> time) {
    if (time) return bind(*time);
    return bind(std::optional<std::int64_t>{});
}

bool Query::step() {
    return statement_->executeStep();
}

int Query::run() {
    return statement_->exec();
}

std::string Query::text(int column) const {
    return statement_->getColumn(column).getString();
}

std::int64_t Query::integer(int column) const {
    return statement_->getColumn(column).getInt64();
}

TimePoint Query::time(int column) const {
    return TimePoint{std::chrono::milliseconds{integer(column)}};
}

bool Query::is_null(int column) const {
    return statement_->getColumn(column).isNull();
}

}  // namespace crm::store
