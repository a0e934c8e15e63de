#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/api_people.h"
#include "shared/contact_parse.h"
#include "shared/json_tree.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

WriteJson user_tree(const User& user) {
    return WriteJson{{"id", user.id.text},
                     {"email", user.email},
                     {"name", user.name},
                     {"role", role_text(user.role)},
                     {"disabled", user.is_disabled},
                     {"createdAt", format_time(user.created_at)},
                     {"signedInAt", tree::time_or_null<WriteJson>(user.signed_in_at)}};
}

WriteJson token_tree(const ApiToken& token) {
    return WriteJson{{"id", token.id.text},
                     {"name", token.name},
                     {"scope", scope_text(token.scope)},
                     {"user", token.user},
                     {"createdAt", format_time(token.created_at)},
                     {"usedAt", tree::time_or_null<WriteJson>(token.used_at)},
                     {"expiresAt", tree::time_or_null<WriteJson>(token.expires_at)},
                     {"revokedAt", tree::time_or_null<WriteJson>(token.revoked_at)}};
}

WriteJson event_tree(const AuditEvent& event) {
    return WriteJson{{"id", std::to_string(event.id)},
                     {"at", format_time(event.at)},
                     {"kind", event.kind},
                     {"actor", event.actor},
                     {"subject", event.subject},
                     {"address", event.address},
                     {"note", event.note}};
}

/// Takes members out of a body, one by one; what is left over is not known.
class Members {
   public:
    explicit Members(const ReadJson& body) : body_(body) {}

    std::optional<std::string> text(const std::string& name, std::size_t bytes_max) {
        const ReadJson* value = take(name);
        if (value == nullptr) return std::nullopt;
        const auto* text = value->get_ptr<const std::string*>();
        if (text == nullptr) return problem<std::string>(name, "This must be a text.");
        if (text->size() > bytes_max) return problem<std::string>(name, "This is too long.");
        if (has_forbidden_control(*text)) {
            return problem<std::string>(name, "This holds characters that cannot be shown.");
        }
        return *text;
    }

    std::optional<bool> truth(const std::string& name) {
        const ReadJson* value = take(name);
        if (value == nullptr) return std::nullopt;
        if (!value->is_boolean()) return problem<bool>(name, "This must be true or false.");
        return value->get<bool>();
    }

    std::optional<int> days(const std::string& name) {
        const ReadJson* value = take(name);
        if (value == nullptr || value->is_null()) return std::nullopt;
        const std::int64_t number = tree::integer_of(*value);
        if (number < 1 || number > kApiTokenDaysMax) {
            return problem<int>(name,
                                "This must be a whole number of days from 1 to " +
                                    std::to_string(kApiTokenDaysMax) + ".");
        }
        return static_cast<int>(number);
    }

    std::optional<Role> word(const std::string& name,
                             std::optional<Role> (*parse)(std::string_view),
                             const std::string& words) {
        const std::optional<std::string> given = text(name, kIdCharsMax);
        if (!given) return std::nullopt;
        const std::optional<Role> role = parse(*given);
        if (!role) return problem<Role>(name, "This must be " + words + ".");
        return role;
    }

    void require(const std::string& name, const std::string& sentence) {
        if (tree::find(body_, name) == nullptr) problems_[name] = sentence;
    }

    Status finish() {
        for (auto member = body_.begin(); member != body_.end(); ++member) {
            if (known_.count(member.key()) > 0 || problems_.size() >= kFieldProblemsMax) continue;
            problems_[shorten_shown(member.key())] = "This is not known here: leave it out.";
        }
        if (!problems_.empty()) return problems_error(std::move(problems_));
        return {};
    }

   private:
    const ReadJson* take(const std::string& name) {
        known_[name] = true;
        return tree::find(body_, name);
    }
    template <class T>
    std::optional<T> problem(const std::string& name, std::string sentence) {
        problems_[name] = std::move(sentence);
        return std::nullopt;
    }

    const ReadJson& body_;
    std::map<std::string, bool> known_;
    FieldProblems problems_;
};

constexpr std::size_t kTextBytesMax = 4 * kAuthIdCharsMax * 2;  // of an e-mail or a name
const char* const kRoleWords = "viewer, editor or admin";

}  // namespace

std::string write_users(const std::vector<User>& users) {
    WriteJson list = WriteJson::array();
    for (const User& user : users) list.push_back(user_tree(user));
    return tree::dump(WriteJson{{"users", std::move(list)}});
}

std::string write_user_answer(const User& user) {
    return tree::dump(WriteJson{{"user", user_tree(user)}});
}

std::string write_tokens(const std::vector<ApiToken>& tokens) {
    WriteJson list = WriteJson::array();
    for (const ApiToken& token : tokens) list.push_back(token_tree(token));
    return tree::dump(WriteJson{{"tokens", std::move(list)}});
}

std::string write_token_revoked(const ApiToken& token) {
    return tree::dump(WriteJson{{"token", token_tree(token)}});
}

std::string write_token_created(const ApiToken& token, std::string_view secret) {
    return tree::dump(WriteJson{{"token", token_tree(token)}, {"secret", secret}});
}

std::string write_audit_page(const AuditPage& page) {
    WriteJson list = WriteJson::array();
    for (const AuditEvent& event : page.events) list.push_back(event_tree(event));
    WriteJson out{{"events", std::move(list)}};
    if (!page.cursor.empty()) out["cursor"] = page.cursor;
    return tree::dump(out);
}

Result<NewUser> read_new_user(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, "The body"));
    Members members(body);
    members.require("email", "Say the e-mail that the person signs in with.");
    members.require("role", std::string("Say what the person may do: ") + kRoleWords + ".");
    members.require("password", "Say a first password; the person can change it.");
    NewUser user;
    user.email = members.text("email", kTextBytesMax).value_or("");
    user.name = members.text("name", kTextBytesMax).value_or("");
    user.role = members.word("role", parse_role, kRoleWords).value_or(Role::Viewer);
    user.password = members.text("password", kPasswordBytesMax).value_or("");
    CRM_TRY(members.finish());
    return user;
}

Result<UserChange> read_user_change(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, "The body"));
    Members members(body);
    UserChange change;
    change.name = members.text("name", kTextBytesMax);
    change.role = members.word("role", parse_role, kRoleWords);
    change.is_disabled = members.truth("disabled");
    change.password = members.text("password", kPasswordBytesMax);
    CRM_TRY(members.finish());
    return change;
}

Result<NewApiToken> read_new_token(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, "The body"));
    Members members(body);
    members.require("name", "Say what the token is for.");
    members.require("scope", "Say what the token may do: read, write or admin.");
    NewApiToken token;
    token.name = members.text("name", kTextBytesMax).value_or("");
    token.scope = members.word("scope", parse_scope, "read, write or admin").value_or(Role::Viewer);
    token.days = members.days("expiresInDays");
    CRM_TRY(members.finish());
    return token;
}

}  // namespace crm::api
