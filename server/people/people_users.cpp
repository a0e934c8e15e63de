// Users: making, changing, disabling.
#include "server/limits.h"
#include "server/people/people_service.h"
#include "shared/contact_parse.h"
#include "shared/text.h"

namespace crm::people {
namespace {

api::User shown(const store::UserRow& row) {
    return {
        row.id, row.email, row.name, row.role, row.is_disabled, row.created_at, row.signed_in_at};
}

Error no_such_user() {
    return {ErrorCode::NotFound, "There is no such user"};
}

/// Says what is wrong with a name, or "".
std::string name_problem(const std::string& name) {
    if (!is_utf8(name) || has_forbidden_control(name) ||
        name.find_first_of("\t\n") != std::string::npos) {
        return "The name holds characters that cannot be shown";
    }
    if (count_chars(name) > kUserNameCharsMax) {
        return "The name is longer than " + std::to_string(kUserNameCharsMax) + " characters";
    }
    return {};
}

/// What changed, in words for the audit log.
std::string describe(const store::UserRow& before, const store::UserRow& after) {
    std::string text;
    if (before.role != after.role) {
        text += "Role " + std::string(role_text(before.role)) + " became " +
                std::string(role_text(after.role)) + ". ";
    }
    if (before.is_disabled != after.is_disabled) {
        text += after.is_disabled ? "Disabled. " : "Enabled. ";
    }
    if (before.name != after.name) text += "Name changed. ";
    return trim(text);
}

bool is_acting_admin(const store::UserRow& user) {
    return user.role == Role::Admin && !user.is_disabled;
}

}  // namespace

Result<store::UserRow> PeopleService::make_user(const CustomerId& customer,
                                                const api::NewUser& wanted) {
    FieldProblems problems;
    store::UserRow user;
    user.email = trim(wanted.email);
    if (!is_utf8(wanted.email) || !email_key(user.email)) {
        problems["email"] = "This is not an e-mail address; it looks like ada@example.com";
    }
    user.name = trim(wanted.name).empty() ? user.email : trim(wanted.name);
    const std::string about_name = name_problem(user.name);
    if (!wanted.name.empty() && !about_name.empty()) problems["name"] = about_name;
    const Status rules = check_password_rules(wanted.password, user.email);
    if (!rules.is_ok()) problems["password"] = rules.error().message;
    if (!problems.empty()) return problems_error(std::move(problems));
    user.id = UserId(make_uuid(random_));
    user.customer = customer;
    user.role = wanted.role;
    user.created_at = clock_.now();
    user.password_hash = CRM_TRY(hash_new_password(wanted.password, user.email));
    return user;
}

Result<std::vector<api::User>> PeopleService::list_users(const CustomerId& customer) {
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    const std::vector<store::UserRow> rows = CRM_TRY(store::load_users(snapshot, customer));
    std::vector<api::User> users;
    users.reserve(rows.size());
    for (const store::UserRow& row : rows) users.push_back(shown(row));
    return users;
}

Result<api::User> PeopleService::add_user(const CustomerId& customer,
                                          const api::NewUser& wanted,
                                          const Actor& actor) {
    const store::UserRow user = CRM_TRY(make_user(customer, wanted));
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    const std::vector<store::UserRow> present = CRM_TRY(store::load_users(transaction, customer));
    if (present.size() >= kUsersMax) {
        return Error{ErrorCode::Conflict,
                     "There are " + std::to_string(kUsersMax) + " users already; no more fit"};
    }
    CRM_TRY(store::insert_user(transaction, user));
    api::AuditEvent event;
    event.kind = "user_added";
    event.subject = user.email;
    event.note = "As " + std::string(role_text(user.role)) + '.';
    CRM_TRY(note(transaction, customer, actor, std::move(event)));
    CRM_TRY(transaction.commit());
    return shown(user);
}

Result<api::User> PeopleService::change_user(const CustomerId& customer,
                                             const UserId& id,
                                             const api::UserChange& change,
                                             const Actor& actor) {
    std::string new_hash;
    if (change.password) {
        std::optional<store::UserRow> present;
        {
            const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
            present = CRM_TRY(store::find_user(snapshot, customer, id));
        }
        if (!present) return no_such_user();
        new_hash = CRM_TRY(hash_new_password(*change.password, present->email));
    }
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    const std::optional<store::UserRow> before =
        CRM_TRY(store::find_user(transaction, customer, id));
    if (!before) return no_such_user();
    store::UserRow after = *before;
    if (change.name) {
        const std::string about_name = name_problem(*change.name);
        if (!about_name.empty()) return problems_error({{"name", about_name}});
        after.name = trim(*change.name).empty() ? after.email : trim(*change.name);
    }
    after.role = change.role.value_or(after.role);
    after.is_disabled = change.is_disabled.value_or(after.is_disabled);
    if (!new_hash.empty()) after.password_hash = new_hash;
    if (after == *before) return shown(after);
    if (is_acting_admin(*before) && !is_acting_admin(after) &&
        CRM_TRY(store::count_admins(transaction, customer)) <= 1) {
        return Error{ErrorCode::Conflict,
                     "This is the last admin, so nothing was changed; make somebody else admin "
                     "first"};
    }
    CRM_TRY(store::update_user(transaction, after));
    if (after.is_disabled || !new_hash.empty()) {
        CRM_TRY(store::delete_sessions_of(transaction, id, ""));
    }
    api::AuditEvent event;
    event.subject = after.email;
    event.note = describe(*before, after);
    if (!event.note.empty()) {
        event.kind = "user_changed";
        CRM_TRY(note(transaction, customer, actor, event));
    }
    if (!new_hash.empty()) {
        event.kind = "password_changed";
        event.note.clear();
        CRM_TRY(note(transaction, customer, actor, event));
    }
    CRM_TRY(transaction.commit());
    return shown(after);
}

Result<store::UserRow> PeopleService::find_by_email(std::string_view email) {
    const std::optional<store::UserRow> user =
        CRM_TRY(read_user_by_email(email_key(email).value_or("")));
    if (!user) return Error{ErrorCode::NotFound, "There is no user with this e-mail"};
    return *user;
}

}  // namespace crm::people
