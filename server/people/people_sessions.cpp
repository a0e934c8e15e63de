// Signing in and out.
#include "server/limits.h"
#include "server/people/people_service.h"
#include "server/people/secret.h"
#include "server/store/audit_store.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::people {
namespace {

Error wrong() {
    return {ErrorCode::Unauthorized, "The e-mail or the password is wrong"};
}

Error not_signed_in() {
    return {ErrorCode::Unauthorized, "You are not signed in; please sign in"};
}

Error must_wait(std::chrono::seconds wait) {
    return {ErrorCode::RateLimited,
            "There were too many wrong passwords; try again in " + std::to_string(wait.count()) +
                (wait.count() == 1 ? " second" : " seconds")};
}

SignInAnswer refused(Error error, std::chrono::seconds wait = {}) {
    SignInAnswer answer;
    answer.refusal = std::move(error);
    answer.wait = wait;
    return answer;
}

SignInAnswer answer_of(Result<SignedIn> outcome) {
    if (!outcome.is_ok()) return refused(outcome.error());
    SignInAnswer answer;
    answer.signed_in = outcome.take();
    return answer;
}

}  // namespace

PeopleService::NewSession PeopleService::make_session(const store::UserRow& user) {
    const TimePoint now = clock_.now();
    NewSession session;
    session.secret = make_secret(random_);
    session.row = {hash_secret(session.secret),
                   user.id,
                   user.customer,
                   now,
                   now,
                   now + std::chrono::milliseconds(kSessionLifeMax)};
    return session;
}

Result<std::optional<store::UserRow>> PeopleService::read_user_by_email(
    std::string_view email_key) {
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    return store::find_user_by_email(snapshot, email_key);
}

Result<bool> PeopleService::is_known(const UserId& user, const std::string& address) {
    const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
    return store::has_signed_in_from(
        snapshot, user, address, clock_.now() - std::chrono::milliseconds(kKnownAddressLife));
}

Result<bool> PeopleService::check_password(const store::UserRow* user,
                                           const std::string& password) {
    const std::optional<PasswordGate::Place> place = gate_.enter();
    if (!place) {
        return Error{ErrorCode::RateLimited,
                     "Too many people sign in at this moment; try again in a few seconds"};
    }
    std::call_once(nobodys_hash_once_, [this] {
        Result<std::string> hash = hash_password(make_secret(random_), cost_, random_);
        if (hash.is_ok()) nobodys_hash_ = hash.take();
    });
    const bool is_right =
        is_password(password, user != nullptr ? user->password_hash : nobodys_hash_);
    return is_right && user != nullptr;
}

/// What a stranger types as e-mail may be a password: only the e-mail of a known user is kept.
Status PeopleService::note_failure(const std::optional<store::UserRow>& user,
                                   const std::string& address) {
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    api::AuditEvent event;
    event.kind = "sign_in_failed";
    event.subject = user ? user->email : "";
    if (user && user->is_disabled) event.note = "The user is disabled.";
    CRM_TRY(note(
        transaction, user ? user->customer : CustomerId(), {{}, "", address}, std::move(event)));
    return transaction.commit();
}

Result<SignedIn> PeopleService::open_session(const store::UserRow& user,
                                             const SignInRequest& request,
                                             const std::string& new_hash) {
    const TimePoint now = clock_.now();
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    std::optional<store::UserRow> row =
        CRM_TRY(store::find_user(transaction, user.customer, user.id));
    // The password may have changed while it was being checked.
    if (!row || row->is_disabled || row->password_hash != user.password_hash) return wrong();
    row->signed_in_at = now;
    if (!new_hash.empty()) row->password_hash = new_hash;
    CRM_TRY(store::update_user(transaction, *row));
    if (!request.old_session.empty()) {
        CRM_TRY(store::delete_session(transaction, hash_secret(request.old_session)));
    }
    CRM_TRY(store::delete_old_sessions(
        transaction, now, now - std::chrono::milliseconds(kSessionIdleMax)));
    NewSession session = make_session(*row);
    CRM_TRY(store::insert_session(transaction, session.row));
    CRM_TRY(store::delete_surplus_sessions(transaction, row->id, kSessionsMax));
    api::AuditEvent event;
    event.kind = "signed_in";
    event.subject = row->email;
    CRM_TRY(
        note(transaction, row->customer, {row->id, row->email, request.address}, std::move(event)));
    CRM_TRY(transaction.commit());
    return SignedIn{person_of(*row), std::move(session.secret)};
}

SignInAnswer PeopleService::sign_in(const SignInRequest& request) {
    const std::optional<std::string> key = email_key(request.email);
    const std::string typed = key.value_or("");
    Result<std::optional<store::UserRow>> found = read_user_by_email(typed);
    if (!found.is_ok()) return refused(found.error());
    const std::optional<store::UserRow>& user = found.value();
    Attempt attempt{request.address, user ? user->id.text : typed, false};
    if (user) {
        const Result<bool> known = is_known(user->id, request.address);
        if (!known.is_ok()) return refused(known.error());
        attempt.is_address_known = known.value();
    }
    const std::chrono::seconds wait = throttle_.begin(attempt, clock_.now());
    if (wait.count() > 0) return refused(must_wait(wait), wait);

    const Result<bool> is_right = check_password(user ? &*user : nullptr, request.password);
    if (!is_right.is_ok()) {
        throttle_.succeed(attempt);
        return refused(is_right.error(), std::chrono::seconds{1});
    }
    if (!is_right.value() || user->is_disabled) {
        const Status noted = note_failure(user, request.address);
        if (!noted.is_ok()) return refused(noted.error());
        if (!is_right.value()) return refused(wrong());
        return refused({ErrorCode::Forbidden, "This user is disabled; ask an admin"});
    }
    throttle_.succeed(attempt);
    std::string new_hash;
    if (has_other_cost(user->password_hash, cost_)) {
        Result<std::string> hash = hash_password(request.password, cost_, random_);
        if (hash.is_ok()) new_hash = hash.take();
    }
    return answer_of(open_session(*user, request, new_hash));
}

Result<Person> PeopleService::find_session(std::string_view secret, Use use) {
    if (secret.empty() || secret.size() > kIdCharsMax) return not_signed_in();
    const std::string hash = hash_secret(secret);
    const TimePoint now = clock_.now();
    std::optional<store::SessionRow> session;
    std::optional<store::UserRow> user;
    {
        const store::Snapshot snapshot = CRM_TRY(database_.begin_read());
        session = CRM_TRY(store::find_session(snapshot, hash));
        if (!session) return not_signed_in();
        user = CRM_TRY(store::find_user(snapshot, session->customer, session->user));
    }
    const bool has_ended = now >= session->expires_at || now >= session->seen_at + kSessionIdleMax;
    if (has_ended || !user || user->is_disabled) return not_signed_in();
    if (use == Use::Counted && now >= session->seen_at + kSeenEvery) {
        store::Transaction transaction = CRM_TRY(database_.begin_write());
        CRM_TRY(store::touch_session(transaction, hash, now));
        CRM_TRY(transaction.commit());
    }
    return person_of(*user);
}

Status PeopleService::sign_out(std::string_view secret, const std::string& address) {
    const Result<Person> person = find_session(secret);
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    CRM_TRY(store::delete_session(transaction, hash_secret(secret)));
    if (person.is_ok()) {
        const Person& who = person.value();
        api::AuditEvent event;
        event.kind = "signed_out";
        event.subject = who.email;
        CRM_TRY(note(transaction, who.customer, {who.id, who.email, address}, std::move(event)));
    }
    return transaction.commit();
}

Status PeopleService::sign_out_everywhere(const Person& person, const std::string& address) {
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    CRM_TRY(store::delete_sessions_of(transaction, person.id, ""));
    api::AuditEvent event;
    event.kind = "signed_out_everywhere";
    event.subject = person.email;
    CRM_TRY(
        note(transaction, person.customer, {person.id, person.email, address}, std::move(event)));
    return transaction.commit();
}

SignInAnswer PeopleService::change_own_password(const Person& person,
                                                const std::string& old_password,
                                                const std::string& new_password,
                                                const std::string& address) {
    const SignInAnswer proof = sign_in({person.email, old_password, address, ""});
    if (!proof.signed_in) {
        if (proof.refusal.code != ErrorCode::Unauthorized) return proof;
        return refused({ErrorCode::Unauthorized, "The present password is wrong"});
    }
    api::UserChange change;
    change.password = new_password;
    const Result<api::User> changed =
        change_user(person.customer, person.id, change, {person.id, person.email, address});
    if (!changed.is_ok()) {
        static_cast<void>(sign_out(proof.signed_in->session, address));
        return refused(changed.error());
    }
    return sign_in({person.email, new_password, address, ""});
}

}  // namespace crm::people
