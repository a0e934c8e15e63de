#include "server/store/user_store.h"

#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "shared/text.h"

namespace crm::store {
namespace {

constexpr std::string_view kColumns =
    "id, customer, email, name, role, password_hash, is_disabled, created_at, signed_in_at";

std::string select(std::string_view rest) {
    return "SELECT " + std::string(kColumns) + " FROM people_user " + std::string(rest);
}

UserRow read_user(const Query& query) {
    UserRow user;
    user.id = UserId(query.text(0));
    user.customer = CustomerId(query.text(1));
    user.email = query.text(2);
    user.name = query.text(3);
    user.role = parse_role(query.text(4)).value_or(Role::Viewer);
    user.password_hash = query.text(5);
    user.is_disabled = query.integer(6) != 0;
    user.created_at = query.time(7);
    if (!query.is_null(8)) user.signed_in_at = query.time(8);
    return user;
}

std::optional<UserRow> read_one(Query& query) {
    if (!query.step()) return std::nullopt;
    return read_user(query);
}

std::string key_of(const UserRow& user) {
    return email_key(user.email).value_or(user.email);
}

}  // namespace

Result<std::optional<UserRow>> find_user(const Connection& connection,
                                         const CustomerId& customer,
                                         const UserId& id) {
    return sql_guard([&]() -> Result<std::optional<UserRow>> {
        Query query(connection, select("WHERE id = ? AND customer = ?"));
        query.bind(id.text).bind(customer.text);
        return read_one(query);
    });
}

Result<std::optional<UserRow>> find_user_by_email(const Connection& connection,
                                                  std::string_view email_key) {
    return sql_guard([&]() -> Result<std::optional<UserRow>> {
        Query query(connection, select("WHERE email_key = ?"));
        query.bind(email_key);
        return read_one(query);
    });
}

Result<std::vector<UserRow>> load_users(const Connection& connection, const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<UserRow>> {
        Query query(connection, select("WHERE customer = ? ORDER BY email_key"));
        query.bind(customer.text);
        std::vector<UserRow> users;
        while (query.step()) users.push_back(read_user(query));
        return users;
    });
}

Result<std::int64_t> count_users(const Connection& connection) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection, "SELECT count(*) FROM people_user");
        static_cast<void>(query.step());
        return query.integer(0);
    });
}

Result<std::int64_t> count_admins(const Connection& connection, const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection,
                    "SELECT count(*) FROM people_user"
                    " WHERE customer = ? AND role = 'admin' AND is_disabled = 0");
        query.bind(customer.text);
        static_cast<void>(query.step());
        return query.integer(0);
    });
}

Status insert_user(Transaction& transaction, const UserRow& user) {
    if (CRM_TRY(find_user_by_email(transaction, key_of(user)))) {
        return Error{ErrorCode::Conflict,
                     "A user with this e-mail is there already; nothing was changed"};
    }
    return sql_guard([&]() -> Status {
        Query query(transaction,
                    "INSERT INTO people_user (id, customer, email, email_key, name, role,"
                    " password_hash, is_disabled, created_at, signed_in_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        query.bind(user.id.text).bind(user.customer.text).bind(user.email).bind(key_of(user));
        query.bind(user.name).bind(role_text(user.role)).bind(user.password_hash);
        query.bind(std::int64_t{user.is_disabled}).bind(user.created_at).bind(user.signed_in_at);
        query.run();
        return {};
    });
}

Status update_user(Transaction& transaction, const UserRow& user) {
    return sql_guard([&]() -> Status {
        Query query(transaction,
                    "UPDATE people_user SET name = ?, role = ?, password_hash = ?, is_disabled = ?,"
                    " signed_in_at = ? WHERE id = ? AND customer = ?");
        query.bind(user.name).bind(role_text(user.role)).bind(user.password_hash);
        query.bind(std::int64_t{user.is_disabled}).bind(user.signed_in_at);
        query.bind(user.id.text).bind(user.customer.text);
        if (query.run() == 1) return {};
        return Error{ErrorCode::NotFound, "There is no such user"};
    });
}

}  // namespace crm::store
