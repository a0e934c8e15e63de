// What the parts of the service share, the set-up link and the audit log.
#include "server/people/people_service.h"

#include <charconv>

#include "server/limits.h"
#include "server/people/secret.h"
#include "server/store/audit_store.h"
#include "shared/text.h"

namespace crm::people {
namespace {

Error ended_link() {
    return {ErrorCode::Unauthorized,
            "This set-up link has been used or has ended; restart the server to get a new one"};
}

}  // namespace

Person person_of(const store::UserRow& user) {
    return {user.id, user.customer, user.email, user.name, user.role};
}

PeopleService::PeopleService(const Doors& doors)
    : database_(doors.database), clock_(doors.clock), random_(doors.random), cost_(doors.cost) {}

Status PeopleService::note(store::Transaction& transaction,
                           const CustomerId& customer,
                           const Actor& actor,
                           api::AuditEvent event) {
    event.at = clock_.now();
    event.actor = actor.name;
    event.address = actor.address;
    return store::append_audit(transaction, {customer, actor.id, std::move(event)});
}

Result<std::string> PeopleService::hash_new_password(std::string_view password,
                                                     std::string_view email) {
    CRM_TRY(check_password_rules(password, email));
    const std::optional<PasswordGate::Place> place = gate_.enter();
    if (!place) {
        return Error{ErrorCode::RateLimited,
                     "Too many people sign in at this moment; nothing was changed; try again"};
    }
    return hash_password(password, cost_, random_);
}

Result<bool> PeopleService::has_users() {
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    return CRM_TRY(store::count_users(snapshot)) > 0;
}

std::string PeopleService::make_setup_secret() {
    std::string secret = make_secret(random_);
    const Lock lock(setup_mutex_);
    setup_hash_ = hash_secret(secret);
    setup_end_ = clock_.now() + kSetupLinkLife;
    return secret;
}

Status PeopleService::check_setup(std::string_view secret) {
    {
        const Lock lock(setup_mutex_);
        const bool is_it = !setup_hash_.empty() && clock_.now() < setup_end_ &&
                           is_same_secretly(hash_secret(secret), setup_hash_);
        if (!is_it) return ended_link();
    }
    if (CRM_TRY(has_users())) return ended_link();
    return {};
}

Result<SignedIn> PeopleService::set_up(const SetUpRequest& request) {
    CRM_TRY(check_setup(request.secret));
    const api::NewUser wanted{request.email, request.name, Role::Admin, request.password};
    store::UserRow user = CRM_TRY(make_user(request.customer, wanted));
    user.signed_in_at = user.created_at;
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    // Two people may hold the link: the second one comes too late.
    if (CRM_TRY(store::count_users(transaction)) > 0) return ended_link();
    CRM_TRY(store::insert_user(transaction, user));
    NewSession session = make_session(user);
    CRM_TRY(store::insert_session(transaction, session.row));
    const Actor actor{user.id, user.email, request.address};
    api::AuditEvent made;
    made.kind = "set_up";
    made.subject = user.email;
    CRM_TRY(note(transaction, user.customer, actor, made));
    api::AuditEvent in;
    in.kind = "signed_in";
    in.subject = user.email;
    CRM_TRY(note(transaction, user.customer, actor, in));
    CRM_TRY(transaction.commit());
    const Lock lock(setup_mutex_);
    setup_hash_.clear();
    return SignedIn{person_of(user), std::move(session.secret)};
}

Result<api::AuditPage> PeopleService::audit(const CustomerId& customer,
                                            const std::string& cursor,
                                            int limit) {
    std::int64_t before = 0;
    if (!cursor.empty()) {
        const auto [end, problem] =
            std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
        if (problem != std::errc{} || end != cursor.data() + cursor.size() || before < 1) {
            return Error{ErrorCode::BadRequest, "The cursor is none of this list; begin anew"};
        }
    }
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    api::AuditPage page;
    page.events = CRM_TRY(store::load_audit(snapshot, customer, before, limit + 1));
    if (page.events.size() > static_cast<std::size_t>(limit)) {
        page.events.pop_back();
        page.cursor = std::to_string(page.events.back().id);
    }
    return page;
}

}  // namespace crm::people
