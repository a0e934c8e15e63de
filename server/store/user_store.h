// SQL for the users who may sign in. Functions, not a class: they hold nothing. No rules here:
// people/people_service has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/database.h"
#include "shared/ids.h"
#include "shared/result.h"
#include "shared/role.h"
#include "shared/time_text.h"

namespace crm::store {

struct UserRow {
    UserId id;
    CustomerId customer;
    std::string email;  // as typed; its key is email_key() of shared/text.h
    std::string name;
    Role role = Role::Viewer;
    std::string password_hash;
    bool is_disabled = false;
    TimePoint created_at{};
    std::optional<TimePoint> signed_in_at;

    bool operator==(const UserRow&) const = default;
};

Result<std::optional<UserRow>> find_user(const Connection& connection,
                                         const CustomerId& customer,
                                         const UserId& id);
/// Whatever the customer: the one query that does not name it, because who signs in does not.
Result<std::optional<UserRow>> find_user_by_email(const Connection& connection,
                                                  std::string_view email_key);
/// By e-mail.
Result<std::vector<UserRow>> load_users(const Connection& connection, const CustomerId& customer);
/// Of all customers together.
Result<std::int64_t> count_users(const Connection& connection);
/// Those of a customer who are not disabled.
Result<std::int64_t> count_admins(const Connection& connection, const CustomerId& customer);

/// Conflict: the e-mail is another user's.
Status insert_user(Transaction& transaction, const UserRow& user);
/// Everything but id, customer, e-mail and creation. NotFound: the customer has no such user.
Status update_user(Transaction& transaction, const UserRow& user);

}  // namespace crm::store
