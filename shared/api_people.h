// Who may use an address book, as the API tells of it. DO NOT RENAME wire names. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/ids.h"
#include "shared/result.h"
#include "shared/role.h"
#include "shared/time_text.h"

namespace crm::api {

inline constexpr std::string_view kUsersPath = "/api/users";
inline constexpr std::string_view kTokensPath = "/api/tokens";
inline constexpr std::string_view kAuditPath = "/api/audit";

struct User {
    UserId id;
    std::string email;  // what the person signs in with
    std::string name;   // what history shows; never empty
    Role role = Role::Viewer;
    bool is_disabled = false;
    TimePoint created_at{};
    std::optional<TimePoint> signed_in_at;

    bool operator==(const User&) const = default;
};

struct NewUser {
    std::string email;
    std::string name;  // empty: the e-mail
    Role role = Role::Viewer;
    std::string password;
};

/// What is not there stays.
struct UserChange {
    std::optional<std::string> name;
    std::optional<Role> role;
    std::optional<bool> is_disabled;
    std::optional<std::string> password;
};

struct ApiToken {
    ApiTokenId id;
    std::string name;
    Role scope = Role::Viewer;  // "read", "write", "admin"
    std::string user;           // e-mail of whose rights it has, and never more than these
    TimePoint created_at{};
    std::optional<TimePoint> used_at;  // within a minute
    std::optional<TimePoint> expires_at;
    std::optional<TimePoint> revoked_at;

    bool operator==(const ApiToken&) const = default;
};

struct NewApiToken {
    std::string name;
    Role scope = Role::Viewer;
    std::optional<int> days;  // until it expires; none: never
};

/// One security event.
struct AuditEvent {
    std::int64_t id = 0;  // grows
    TimePoint at{};
    // "signed_in", "sign_in_failed", "signed_out", "signed_out_everywhere", "set_up", "user_added",
    // "user_changed", "password_changed", "token_created", "token_revoked"
    std::string kind;
    std::string actor;    // e-mail of who did it; "command line"; "" for a stranger
    std::string subject;  // e-mail of the user or name of the token that it is about
    std::string address;  // where from; "" from the command line
    std::string note;

    bool operator==(const AuditEvent&) const = default;
};

struct AuditPage {
    std::vector<AuditEvent> events;  // newest first
    std::string cursor;              // empty: this was the last page

    bool operator==(const AuditPage&) const = default;
};

[[nodiscard]] std::string write_users(const std::vector<User>& users);        // {"users":[…]}
[[nodiscard]] std::string write_user_answer(const User& user);                // {"user":…}
[[nodiscard]] std::string write_tokens(const std::vector<ApiToken>& tokens);  // {"tokens":[…]}
[[nodiscard]] std::string write_token_revoked(const ApiToken& token);         // {"token":…}
/// {"token":…,"secret":"…"}: the only time that the secret is shown.
[[nodiscard]] std::string write_token_created(const ApiToken& token, std::string_view secret);
[[nodiscard]] std::string write_audit_page(const AuditPage& page);

/// BadRequest: not JSON; InvalidArgument with fields: unknown ones, wrong types, no such role.
[[nodiscard]] Result<NewUser> read_new_user(std::string_view json);
[[nodiscard]] Result<UserChange> read_user_change(std::string_view json);
[[nodiscard]] Result<NewApiToken> read_new_token(std::string_view json);

}  // namespace crm::api
