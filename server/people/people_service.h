// Who may use an address book, and how they prove it: users and their passwords, sessions of
// browsers, tokens of programs, the link that makes the first admin. Every change and every attempt
// leaves a line in the audit log, in the same commit as the change. Secrets leave only once, as the
// result of the call that makes them; the store has their hashes.
//
// What a role may do is not decided here: every route says what it needs (http/routes.h). Any
// thread may call.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/clock.h"
#include "server/mutex.h"
#include "server/people/login_throttle.h"
#include "server/people/password.h"
#include "server/people/password_gate.h"
#include "server/random.h"
#include "server/store/access_store.h"
#include "server/store/database.h"
#include "server/store/user_store.h"
#include "shared/api_people.h"
#include "shared/ids.h"
#include "shared/result.h"

namespace crm::people {

/// Somebody who has proved who they are.
struct Person {
    UserId id;
    CustomerId customer;
    std::string email;
    std::string name;
    Role role = Role::Viewer;  // with a token: no more than its scope

    bool operator==(const Person&) const = default;
};

/// Who asks for a change, for the audit log.
struct Actor {
    UserId id;            // not set: nobody signed in
    std::string name;     // an e-mail, or "command line"
    std::string address;  // "" from the command line
};

struct SignedIn {
    Person person;
    std::string session;  // the secret for the cookie
};

struct SignInRequest {
    std::string email;
    std::string password;
    std::string address;
    std::string old_session;  // of this browser, if it has one: it ends
};

struct SignInAnswer {
    std::optional<SignedIn> signed_in;
    Error refusal;                // when not
    std::chrono::seconds wait{};  // of a refusal RateLimited
};

struct SetUpRequest {
    std::string secret;  // of the link
    CustomerId customer;
    std::string email;
    std::string name;
    std::string password;
    std::string address;
};

/// Whether asking who somebody is counts as a use of their session or token.
enum class Use { Counted, Looked };

class PeopleService {
   public:
    struct Doors {
        store::Database& database;
        const Clock& clock;
        Random& random;
        PasswordCost cost = {};
    };
    explicit PeopleService(const Doors& doors);
    PeopleService(const PeopleService&) = delete;
    PeopleService& operator=(const PeopleService&) = delete;

    // Signing in. The refusal of a wrong password does not tell whether there is such a user, and
    // takes as long either way.
    [[nodiscard]] SignInAnswer sign_in(const SignInRequest& request);
    /// Unauthorized: no such session, or it ended. A use keeps it for another kSessionIdleMax.
    Result<Person> find_session(std::string_view secret, Use use = Use::Counted);
    /// No session with this secret: Ok.
    Status sign_out(std::string_view secret, const std::string& address);
    /// Ends all sessions of the user, this one too. Tokens stay.
    Status sign_out_everywhere(const Person& person, const std::string& address);
    /// For somebody who is signed in and knows their password. All sessions end; the answer holds a
    /// new one.
    [[nodiscard]] SignInAnswer change_own_password(const Person& person,
                                                   const std::string& old_password,
                                                   const std::string& new_password,
                                                   const std::string& address);

    // The first admin.
    Result<bool> has_users();
    /// The secret of a new link; an older link ends.
    [[nodiscard]] std::string make_setup_secret();
    /// Unauthorized: it is not the link's, it ended, or a user is there already.
    Status check_setup(std::string_view secret);
    /// Makes the admin and ends the link. InvalidArgument with fields.
    Result<SignedIn> set_up(const SetUpRequest& request);

    // Users. NotFound: the customer has no such user.
    Result<std::vector<api::User>> list_users(const CustomerId& customer);
    /// InvalidArgument with fields. Conflict: the e-mail is taken.
    Result<api::User> add_user(const CustomerId& customer,
                               const api::NewUser& wanted,
                               const Actor& actor);
    /// Disabling and a new password end the user's sessions. Conflict: no admin would be left.
    Result<api::User> change_user(const CustomerId& customer,
                                  const UserId& id,
                                  const api::UserChange& change,
                                  const Actor& actor);
    /// Of any customer, for the command line. NotFound.
    Result<store::UserRow> find_by_email(std::string_view email);

    // Tokens.
    struct CreatedToken {
        api::ApiToken token;
        std::string secret;
    };
    Result<std::vector<api::ApiToken>> list_tokens(const CustomerId& customer);
    /// A token of that user. InvalidArgument with fields; Conflict: the user has too many.
    Result<CreatedToken> create_token(const CustomerId& customer,
                                      const UserId& user,
                                      const api::NewApiToken& wanted,
                                      const Actor& actor);
    /// Again: Ok.
    Result<api::ApiToken> revoke_token(const CustomerId& customer,
                                       const ApiTokenId& id,
                                       const Actor& actor);
    /// Unauthorized: no such token, revoked, expired, or its user is disabled.
    Result<Person> find_token(std::string_view secret, Use use = Use::Counted);

    /// Newest first. BadRequest: the cursor is none.
    Result<api::AuditPage> audit(const CustomerId& customer, const std::string& cursor, int limit);

   private:
    struct NewSession {
        store::SessionRow row;
        std::string secret;
    };
    [[nodiscard]] NewSession make_session(const store::UserRow& user);
    Result<std::optional<store::UserRow>> read_user_by_email(std::string_view email_key);
    Result<bool> check_password(const store::UserRow* user, const std::string& password);
    Result<std::string> hash_new_password(std::string_view password, std::string_view email);
    Result<store::UserRow> make_user(const CustomerId& customer, const api::NewUser& wanted);
    Result<SignedIn> open_session(const store::UserRow& user,
                                  const SignInRequest& request,
                                  const std::string& new_hash);
    Status note_failure(const std::optional<store::UserRow>& user, const std::string& address);
    Status note(store::Transaction& transaction,
                const CustomerId& customer,
                const Actor& actor,
                api::AuditEvent event);
    Result<bool> is_known(const UserId& user, const std::string& address);

    store::Database& database_;
    const Clock& clock_;
    Random& random_;
    const PasswordCost cost_;
    // Checked where there is no user, so that it takes as long. Made when it is first needed: not
    // every start has somebody sign in.
    std::once_flag nobodys_hash_once_;
    std::string nobodys_hash_;
    PasswordGate gate_;
    LoginThrottle throttle_;
    Mutex setup_mutex_;
    std::string setup_hash_ CRM_GUARDED_BY(setup_mutex_);  // empty: there is no link
    TimePoint setup_end_ CRM_GUARDED_BY(setup_mutex_){};
};

/// The person that a user is.
[[nodiscard]] Person person_of(const store::UserRow& user);

/// The beginning of every API token: a leaked one is recognised by it.
inline constexpr std::string_view kApiTokenStart = "ctk_";

}  // namespace crm::people
