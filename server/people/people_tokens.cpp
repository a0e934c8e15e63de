// Tokens: how programs sign in. A token acts for the user that it belongs to, with no more rights
// than that user has at that moment.
#include <algorithm>

#include "server/limits.h"
#include "server/people/people_service.h"
#include "server/people/secret.h"
#include "shared/contact_parse.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::people {
namespace {

api::ApiToken shown(const store::ApiTokenRow& row) {
    return {row.id,
            row.name,
            row.scope,
            row.user_email,
            row.created_at,
            row.used_at,
            row.expires_at,
            row.revoked_at};
}

Error bad_token() {
    return {ErrorCode::Unauthorized,
            "This access token is not known, was revoked or has expired; make a new one"};
}

std::string name_problem(const std::string& name) {
    if (name.empty()) return "Say what the token is for";
    if (!is_utf8(name) || has_forbidden_control(name)) {
        return "The name holds characters that cannot be shown";
    }
    if (count_chars(name) > kApiTokenNameCharsMax) {
        return "The name is longer than " + std::to_string(kApiTokenNameCharsMax) + " characters";
    }
    return {};
}

}  // namespace

Result<std::vector<api::ApiToken>> PeopleService::list_tokens(const CustomerId& customer) {
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    const std::vector<store::ApiTokenRow> rows = CRM_TRY(store::load_tokens(snapshot, customer));
    std::vector<api::ApiToken> tokens;
    tokens.reserve(rows.size());
    for (const store::ApiTokenRow& row : rows) tokens.push_back(shown(row));
    return tokens;
}

Result<PeopleService::CreatedToken> PeopleService::create_token(const CustomerId& customer,
                                                                const UserId& user,
                                                                const api::NewApiToken& wanted,
                                                                const Actor& actor) {
    store::ApiTokenRow row;
    row.name = trim(wanted.name);
    const std::string about_name = name_problem(row.name);
    if (!about_name.empty()) return problems_error({{"name", about_name}});
    const std::string secret = std::string(kApiTokenStart) + make_secret(random_);
    row.id = ApiTokenId(make_uuid(random_));
    row.customer = customer;
    row.user = user;
    row.scope = wanted.scope;
    row.hash = hash_secret(secret);
    row.created_at = clock_.now();
    if (wanted.days) row.expires_at = row.created_at + std::chrono::hours(24 * *wanted.days);

    store::Transaction transaction = CRM_TRY(database_.begin_write());
    const std::optional<store::UserRow> owner =
        CRM_TRY(store::find_user(transaction, customer, user));
    if (!owner) {
        return Error{ErrorCode::Conflict,
                     "A token belongs to a user, and nobody is signed in here; start the server "
                     "with --auth login"};
    }
    if (static_cast<std::size_t>(CRM_TRY(store::count_tokens(transaction, user))) >=
        kApiTokensMax) {
        return Error{ErrorCode::Conflict,
                     "This user has " + std::to_string(kApiTokensMax) +
                         " tokens already; revoke one that is not needed"};
    }
    row.user_email = owner->email;
    CRM_TRY(store::insert_token(transaction, row));
    api::AuditEvent event;
    event.kind = "token_created";
    event.subject = row.name;
    event.note = "Scope " + std::string(scope_text(row.scope)) + ", for " + owner->email + '.';
    CRM_TRY(note(transaction, customer, actor, std::move(event)));
    CRM_TRY(transaction.commit());
    return CreatedToken{shown(row), secret};
}

Result<api::ApiToken> PeopleService::revoke_token(const CustomerId& customer,
                                                  const ApiTokenId& id,
                                                  const Actor& actor) {
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    std::optional<store::ApiTokenRow> row = CRM_TRY(store::find_token(transaction, customer, id));
    if (!row) return Error{ErrorCode::NotFound, "There is no such token"};
    if (row->revoked_at) return shown(*row);
    row->revoked_at = clock_.now();
    CRM_TRY(store::revoke_token(transaction, id, *row->revoked_at));
    api::AuditEvent event;
    event.kind = "token_revoked";
    event.subject = row->name;
    CRM_TRY(note(transaction, customer, actor, std::move(event)));
    CRM_TRY(transaction.commit());
    return shown(*row);
}

Result<Person> PeopleService::find_token(std::string_view secret, Use use) {
    if (!secret.starts_with(kApiTokenStart) || secret.size() > kIdCharsMax) return bad_token();
    const TimePoint now = clock_.now();
    std::optional<store::ApiTokenRow> token;
    std::optional<store::UserRow> user;
    {
        const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
        token = CRM_TRY(store::find_token_by_hash(snapshot, hash_secret(secret)));
        if (!token) return bad_token();
        user = CRM_TRY(store::find_user(snapshot, token->customer, token->user));
    }
    const bool has_ended = token->revoked_at || (token->expires_at && now >= *token->expires_at);
    if (has_ended || !user || user->is_disabled) return bad_token();
    const bool is_due = !token->used_at || now >= *token->used_at + kSeenEvery;
    if (use == Use::Counted && is_due) {
        store::Transaction transaction = CRM_TRY(database_.begin_write());
        CRM_TRY(store::touch_token(transaction, token->id, now));
        CRM_TRY(transaction.commit());
    }
    Person person = person_of(*user);
    person.role = std::min(person.role, token->scope);
    return person;
}

}  // namespace crm::people
