#include "server/http/login_pages.h"

#include <algorithm>

#include "server/html_text.h"
#include "server/http/page_html.h"
#include "server/http/session_cookie.h"
#include "server/limits.h"
#include "shared/api_json.h"

namespace crm::http {
namespace {

Response with_cookie(Response response, std::string cookie) {
    response.headers.emplace_back("Set-Cookie", std::move(cookie));
    return response;
}

Response signed_in(const PageCall& call, std::string_view session, std::string_view target) {
    return with_cookie(see_other(target), make_session_cookie(call.request, session));
}

struct LoginText {
    std::string email;
    std::string next;
    std::string problem;
};

Response login_page(int status, const LoginText& shown) {
    Form form;
    form.action = "/login";
    form.button = "Sign in";
    form.hidden = {{"next", shown.next}};
    // After a wrong password it is the password that is typed again.
    const bool is_email_kept = !shown.email.empty();
    form.fields = {{.label = "Email",
                    .name = "email",
                    .type = "email",
                    .autocomplete = "username",
                    .value = shown.email,
                    .is_focused = !is_email_kept},
                   {.label = "Password",
                    .name = "password",
                    .type = "password",
                    .autocomplete = "current-password",
                    .is_focused = is_email_kept}};
    PageText text;
    text.title = "Sign in";
    text.problem = shown.problem;
    text.content = form_html(form);
    return page_response(status, text);
}

std::string hint_for_password() {
    return "At least " + std::to_string(kPasswordCharsMin) +
           " characters; a few words are easy to remember.";
}

std::string problem_of(const Error& error, const std::string& field) {
    const auto found = error.fields.find(field);
    return found == error.fields.end() ? std::string() : found->second;
}

Response setup_page(int status,
                    const PageCall& call,
                    const std::string& token,
                    const Error& error) {
    const std::string email_problem = problem_of(error, "email");
    const std::string password_problem = problem_of(error, "password");
    Form form;
    form.action = "/setup";
    form.button = "Create the admin";
    form.hidden = {{"token", token}};
    form.fields = {{.label = "Name",
                    .name = "name",
                    .type = "text",
                    .autocomplete = "name",
                    .value = call.filled("name"),
                    .hint = "Shown beside what you change.",
                    .problem = problem_of(error, "name"),
                    .is_focused = email_problem.empty() && password_problem.empty(),
                    .is_optional = true},
                   {.label = "Email",
                    .name = "email",
                    .type = "email",
                    .autocomplete = "username",
                    .value = call.filled("email"),
                    .hint = "What you sign in with.",
                    .problem = email_problem,
                    .is_focused = !email_problem.empty()},
                   {.label = "Password",
                    .name = "password",
                    .type = "password",
                    .autocomplete = "new-password",
                    .hint = hint_for_password(),
                    .problem = password_problem,
                    .is_focused = email_problem.empty() && !password_problem.empty()}};
    PageText text;
    text.title = "Set up Contacts";
    if (!error.message.empty()) {
        text.problem = error.fields.empty() ? error.message : "Please correct what is marked below";
    }
    text.content =
        "<p>This makes the first admin, who can add everybody else.</p>\n" + form_html(form);
    return page_response(status, text);
}

Response account_page(int status, const PageCall& call, const Error& error, std::string notice) {
    Form password;
    password.action = "/account";
    password.button = "Change password";
    password.fields = {{.label = "Present password",
                        .name = "old_password",
                        .type = "password",
                        .autocomplete = "current-password"},
                       {.label = "New password",
                        .name = "new_password",
                        .type = "password",
                        .autocomplete = "new-password",
                        .hint = hint_for_password(),
                        .problem = problem_of(error, "password")}};
    PageText text;
    text.title = "Your account";
    text.problem = error.message;
    text.notice = std::move(notice);
    text.content = "<p>Signed in as <b>" + escape_html(call.caller.email) + "</b>, " +
                   escape_html(role_text(call.caller.role)) +
                   ".</p>\n<p><a href=\"/\">Open Contacts</a></p>\n" +
                   form_html({"/logout", "Sign out", {}}) +
                   form_html({"/logout", "Sign out everywhere", {}, {{"everywhere", "1"}}}) +
                   "<h2>Password</h2>\n"
                   "<p>A new one ends all your other sessions.</p>\n" +
                   form_html(password);
    return page_response(status, text);
}

Response with_wait(Response response, std::chrono::seconds wait) {
    if (wait.count() > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
    }
    return response;
}

}  // namespace

std::string safe_target(std::string_view wish) {
    const bool is_own = wish.size() <= kPathBytesMax && wish.starts_with('/') &&
                        !wish.starts_with("//") && wish.find('\\') == std::string_view::npos;
    const bool is_readable =
        std::none_of(wish.begin(), wish.end(), [](char c) { return c <= ' ' || c == '\x7F'; });
    for (const std::string_view page : {"/login", "/logout", "/setup"}) {
        if (wish.starts_with(page)) return "/";
    }
    return is_own && is_readable ? std::string(wish) : "/";
}

Response show_login(const PageCall& call) {
    const std::string next = safe_target(call.asked("next"));
    if (identify(call.request, call.rules).is_ok()) return see_other(next);
    return login_page(200, {"", next, ""});
}

Response do_login(const PageCall& call) {
    const std::string next = safe_target(call.filled("next"));
    const people::SignInAnswer answer = call.people().sign_in({call.filled("email"),
                                                               call.filled("password"),
                                                               client_address(call.request),
                                                               find_session_secret(call.request)});
    if (answer.signed_in) return signed_in(call, answer.signed_in->session, next);
    const int status = api::http_status(answer.refusal.code);
    return with_wait(login_page(status, {call.filled("email"), next, answer.refusal.message}),
                     answer.wait);
}

Response do_logout(const PageCall& call) {
    const std::string session = find_session_secret(call.request);
    const std::string address = client_address(call.request);
    Status done;
    const Result<people::Person> person = call.people().find_session(session);
    if (person.is_ok() && call.filled("everywhere") == "1") {
        done = call.people().sign_out_everywhere(person.value(), address);
    } else if (person.is_ok()) {
        done = call.people().sign_out(session, address);
    }
    if (!done.is_ok()) {
        return message_page(503, "You are still signed in", done.error().message);
    }
    return with_cookie(see_other("/login"), end_session_cookie(call.request));
}

Response show_setup(const PageCall& call) {
    const std::string token = call.asked("token");
    const Status status = call.people().check_setup(token);
    if (!status.is_ok()) {
        return message_page(403, "This link does not work", status.error().message);
    }
    return setup_page(200, call, token, {});
}

Response do_setup(const PageCall& call) {
    const std::string token = call.filled("token");
    const Result<people::SignedIn> outcome =
        call.people().set_up({token,
                              CustomerId(call.rules.dev_customer),
                              call.filled("email"),
                              call.filled("name"),
                              call.filled("password"),
                              client_address(call.request)});
    if (outcome.is_ok()) return signed_in(call, outcome.value().session, "/");
    const Error& error = outcome.error();
    if (error.code == ErrorCode::Unauthorized) {
        return message_page(403, "This link does not work", error.message);
    }
    return setup_page(api::http_status(error.code), call, token, error);
}

Response show_account(const PageCall& call) {
    return account_page(200, call, {}, call.asked("changed") == "1" ? "Your password is new" : "");
}

Response do_account(const PageCall& call) {
    const Caller& caller = call.caller;
    if (!caller.user_id.is_set()) return see_other("/");
    const people::Person person{
        caller.user_id, caller.customer, caller.email, caller.user, caller.role};
    const people::SignInAnswer answer =
        call.people().change_own_password(person,
                                          call.filled("old_password"),
                                          call.filled("new_password"),
                                          client_address(call.request));
    if (answer.signed_in) {
        return signed_in(call, answer.signed_in->session, "/account?changed=1");
    }
    return with_wait(account_page(api::http_status(answer.refusal.code), call, answer.refusal, ""),
                     answer.wait);
}

Response show_style(const PageCall& /*call*/) {
    Response response;
    response.content_type = "text/css; charset=utf-8";
    response.body = page_style();
    response.headers = {{"Cache-Control", "no-cache"}};
    return response;
}

}  // namespace crm::http
