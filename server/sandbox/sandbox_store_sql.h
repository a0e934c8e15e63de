// What the two halves of the store share: exceptions that end as errors, and statements that are
// prepared once. Only sandbox_store*.cpp include it.
#pragma once

#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/sandbox/record.h"
#include "server/sandbox/sandbox_store.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace SQLite {
class Database;
class Statement;
}  // namespace SQLite

namespace crm::sandbox {

/// What the body returns, or Unavailable with a sentence when SQLite throws.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (const std::exception& problem) {
        return Error{ErrorCode::Unavailable,
                     std::string("The sandbox could not use its file; nothing was changed: ") +
                         problem.what()};
    }
}

/// A prepared statement while it is used; afterwards it holds no row and no value. It can be used
/// once at a time.
class Prepared {
   public:
    explicit Prepared(SQLite::Statement& statement) : statement_(&statement) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    ~Prepared();

    SQLite::Statement* operator->() const { return statement_; }
    SQLite::Statement& operator*() const { return *statement_; }

   private:
    SQLite::Statement* statement_;
};

/// Guarded by the store's mutex: a session holds it. The database outlives it.
class Statements {
   public:
    explicit Statements(SQLite::Database& sqlite) : sqlite_(&sqlite) {}
    Statements(const Statements&) = delete;
    Statements& operator=(const Statements&) = delete;
    ~Statements();

    [[nodiscard]] Prepared use(const std::string& sql);

   private:
    SQLite::Database* sqlite_;
    std::map<std::string, std::unique_ptr<SQLite::Statement>> prepared_;  // by their text
};

void bind_key(SQLite::Statement& statement, const CustomerId& customer, System system);

/// As the file keeps it.
[[nodiscard]] std::string_view state_text(ConnectionState state);

}  // namespace crm::sandbox
