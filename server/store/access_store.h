// SQL for what lets a user in without the password: sessions of browsers and tokens of programs.
// Only hashes of their secrets are here. No rules: people/people_service has them.
#pragma once

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

struct SessionRow {
    std::string hash;
    UserId user;
    CustomerId customer;
    TimePoint created_at{};
    TimePoint seen_at{};
    TimePoint expires_at{};

    bool operator==(const SessionRow&) const = default;
};

Status insert_session(Transaction& transaction, const SessionRow& session);
Result<std::optional<SessionRow>> find_session(const Connection& connection, std::string_view hash);
Status touch_session(Transaction& transaction, std::string_view hash, TimePoint at);
Status delete_session(Transaction& transaction, std::string_view hash);
/// All of a user but the one with `kept` ("" keeps none).
Status delete_sessions_of(Transaction& transaction, const UserId& user, std::string_view kept);
/// Those of everybody that ended, or were not used since `idle_since`.
Status delete_old_sessions(Transaction& transaction, TimePoint now, TimePoint idle_since);
/// All of a user but the newest `count`.
Status delete_surplus_sessions(Transaction& transaction, const UserId& user, std::size_t count);

struct ApiTokenRow {
    ApiTokenId id;
    CustomerId customer;
    UserId user;
    std::string user_email;  // when read
    std::string name;
    Role scope = Role::Viewer;
    std::string hash;
    TimePoint created_at{};
    std::optional<TimePoint> used_at;
    std::optional<TimePoint> expires_at;
    std::optional<TimePoint> revoked_at;

    bool operator==(const ApiTokenRow&) const = default;
};

Status insert_token(Transaction& transaction, const ApiTokenRow& token);
/// Whatever the customer: who comes with a token does not say it.
Result<std::optional<ApiTokenRow>> find_token_by_hash(const Connection& connection,
                                                      std::string_view hash);
Result<std::optional<ApiTokenRow>> find_token(const Connection& connection,
                                              const CustomerId& customer,
                                              const ApiTokenId& id);
/// Newest first, revoked ones too.
Result<std::vector<ApiTokenRow>> load_tokens(const Connection& connection,
                                             const CustomerId& customer);
/// Of a user, revoked ones left out.
Result<std::int64_t> count_tokens(const Connection& connection, const UserId& user);
Status touch_token(Transaction& transaction, const ApiTokenId& id, TimePoint at);
Status revoke_token(Transaction& transaction, const ApiTokenId& id, TimePoint at);

}  // namespace crm::store
