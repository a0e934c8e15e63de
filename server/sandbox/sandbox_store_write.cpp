// The writing half of the store: rows as they go into the file, and what a commit leaves behind.
// The statements of a write are prepared once, since a large workspace is filled with hundreds of
// thousands of them.
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

#include "server/sandbox/limits.h"
#include "server/sandbox/sandbox_store.h"
#include "server/sandbox/sandbox_store_sql.h"
#include "server/sandbox/wire_json.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

std::int64_t to_ms(TimePoint time) {
    return time.time_since_epoch().count();
}

std::string reaches_text(const std::vector<Reach>& list) {
    Json all = Json::array();
    for (const Reach& reach : list) {
        all.push(Json::object(
            {{"value", reach.value}, {"label", reach.label}, {"primary", reach.is_primary}}));
    }
    return all.dump();
}

void bind_record(SQLite::Statement& statement, const CustomerId& customer, const Record& record) {
    bind_key(statement, customer, record.system);
    statement.bind(":id", record.id);
    statement.bind(":name", record.name);
    statement.bind(":first", record.first_name);
    statement.bind(":last", record.last_name);
    statement.bind(":emails", reaches_text(record.emails));
    statement.bind(":phones", reaches_text(record.phones));
    statement.bind(":title", record.job_title);
    statement.bind(":pronouns", record.pronouns);
    statement.bind(":company", record.company);
    statement.bind(":keys", email_keys(record));
    statement.bind(":search", search_text(record));
    statement.bind(":created", to_ms(record.created_at));
    statement.bind(":updated", to_ms(record.updated_at));
    if (record.deleted_at) {
        statement.bind(":deleted", to_ms(*record.deleted_at));
    } else {
        statement.bind(":deleted");
    }
    statement.bind(":marker", record.marker);
    if (record.merged_into) {
        statement.bind(":merged", *record.merged_into);
    } else {
        statement.bind(":merged");
    }
}

}  // namespace

void bind_key(SQLite::Statement& statement, const CustomerId& customer, System system) {
    statement.bind(":customer", customer.text);
    statement.bind(":system", std::string(key_of(system)));
}

std::string_view state_text(ConnectionState state) {
    switch (state) {
        case ConnectionState::Connected:
            return "connected";
        case ConnectionState::Disconnected:
            return "disconnected";
        case ConnectionState::Archived:
            return "archived";
    }
    return "";
}

Status Session::mark_known(TimePoint now) {
    return guarded([&]() -> Status {
        SQLite::Database& sqlite = *store_->sqlite_;
        const std::int64_t known = sqlite.execAndGet("SELECT count(*) FROM customers").getInt64();
        if (static_cast<std::size_t>(known) >= kSandboxCustomersMax) {
            return Error{ErrorCode::Forbidden,
                         "The sandbox holds as many customers as it can; use one of those"};
        }
        SQLite::Statement row(sqlite, "INSERT INTO customers VALUES(:customer, :now)");
        row.bind(":customer", customer_.text);
        row.bind(":now", to_ms(now));
        row.exec();
        return {};
    });
}

Result<std::int64_t> Session::next_id(System system, std::int64_t first, std::int64_t step) {
    return guarded([&]() -> Result<std::int64_t> {
        const Prepared row = store_->statements_->use(
            "INSERT INTO counters VALUES(:customer, :system, :first)"
            " ON CONFLICT DO UPDATE SET last_id = last_id + :step RETURNING last_id");
        bind_key(*row, customer_, system);
        row->bind(":first", first);
        row->bind(":step", step);
        row->executeStep();
        const std::int64_t id = row->getColumn(0).getInt64();
        row->executeStep();  // to its end: only then has the statement taken effect
        return id;
    });
}

Status Session::note_change(const Record& record, bool is_left) {
    if (!journal_time_) return {};
    const std::optional<Record> before = CRM_TRY(find_row(record.system, record.id));
    const std::optional<Record> after = is_left ? std::optional(record) : std::nullopt;
    changes_.push_back({record.system, record.id, before, *journal_time_});
    if (!store_->listener_) return {};
    for (Written& written : written_) {
        const Record& same = written.after ? *written.after : *written.before;
        if (same.system != record.system || same.id != record.id) continue;
        written.after = after;
        return {};
    }
    if (before || after) written_.push_back({before, after});
    return {};
}

Status Session::insert(const Record& record) {
    CRM_TRY(note_change(record, true));
    const Status status = guarded([&]() -> Status {
        const Prepared row = store_->statements_->use(
            "INSERT INTO records VALUES(:customer, :system, :id, :name, :first, :last, :emails,"
            " :phones, :title, :pronouns, :company, :keys, :search, :created, :updated, :deleted,"
            " :marker, :merged)");
        bind_record(*row, customer_, record);
        row->exec();
        return {};
    });
    return status.is_ok() ? note_emails(record) : status;
}

Status Session::replace(const Record& record) {
    CRM_TRY(note_change(record, true));
    const Status status = guarded([&]() -> Status {
        const Prepared row = store_->statements_->use(
            "UPDATE records SET name = :name, first_name = :first, last_name = :last,"
            " emails = :emails, phones = :phones, job_title = :title, pronouns = :pronouns,"
            " company = :company, email_keys = :keys, search = :search, created_at = :created,"
            " updated_at = :updated, deleted_at = :deleted, marker = :marker,"
            " merged_into = :merged"
            " WHERE customer = :customer AND system = :system AND id = :id");
        bind_record(*row, customer_, record);
        row->exec();
        return {};
    });
    return status.is_ok() ? note_emails(record) : status;
}

Status Session::set_updated_at(const Record& record) {
    return guarded([&]() -> Status {
        const Prepared row = store_->statements_->use(
            "UPDATE records SET updated_at = :updated"
            " WHERE customer = :customer AND system = :system AND id = :id");
        bind_key(*row, customer_, record.system);
        row->bind(":id", record.id);
        row->bind(":updated", to_ms(record.updated_at));
        row->exec();
        return {};
    });
}

Status Session::erase(const Record& record) {
    CRM_TRY(note_change(record, false));
    Record without = record;
    without.emails.clear();
    CRM_TRY(note_emails(without));
    return guarded([&]() -> Status {
        const Prepared row = store_->statements_->use(
            "DELETE FROM records WHERE customer = :customer AND system = :system AND id IN"
            " (WITH RECURSIVE gone(id) AS (SELECT :id UNION SELECT merged.id"
            "  FROM gone JOIN records AS merged ON merged.merged_into = gone.id"
            "  WHERE merged.customer = :customer AND merged.system = :system)"
            "  SELECT id FROM gone)");
        bind_key(*row, customer_, record.system);
        row->bind(":id", record.id);
        row->exec();
        return {};
    });
}

Status Session::note_emails(const Record& record) {
    has_written_ = true;
    if (record.system != System::HubSpot) return {};
    return guarded([&]() -> Status {
        const Prepared old = store_->statements_->use(
            "DELETE FROM hubspot_emails WHERE customer = :customer AND id = :id");
        old->bind(":customer", customer_.text);
        old->bind(":id", record.id);
        old->exec();
        if (record.deleted_at) return {};
        for (const Reach& reach : record.emails) {
            const Prepared row = store_->statements_->use(
                "INSERT INTO hubspot_emails VALUES(:customer, :email, :id)");
            row->bind(":customer", customer_.text);
            row->bind(":email", reach.value);
            row->bind(":id", record.id);
            row->exec();
        }
        return {};
    });
}

Status Session::set_connection_state(System system, ConnectionState state) {
    return guarded([&]() -> Status {
        SQLite::Statement row(*store_->sqlite_,
                              "INSERT INTO connections VALUES(:customer, :system, :state)"
                              " ON CONFLICT DO UPDATE SET state = :state");
        bind_key(row, customer_, system);
        row.bind(":state", std::string(state_text(state)));
        row.exec();
        return {};
    });
}

Status Session::commit() {
    return guarded([&]() -> Status {
        transaction_->commit();
        store_->journal_.add(customer_, std::exchange(changes_, {}));
        if (store_->listener_ && !written_.empty()) store_->listener_(customer_, written_);
        written_.clear();
        return {};
    });
}

}  // namespace crm::sandbox
