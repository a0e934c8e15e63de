#include "server/commands/people_commands.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>

#include "server/commands/console.h"
#include "server/commands/terminal.h"
#include "server/people/people_service.h"
#include "server/random.h"
#include "shared/limits.h"
#include "shared/time_text.h"

namespace crm::commands {
namespace {

Error wrong(std::string sentence) {
    return {ErrorCode::InvalidArgument, std::move(sentence)};
}

/// The words of a command, sorted out.
struct Words {
    std::vector<std::string> plain;            // "user", "add", "ada@example.com"
    std::map<std::string, std::string> flags;  // "--role" -> "editor"

    [[nodiscard]] std::string flag(const std::string& name, const std::string& otherwise) const {
        const auto found = flags.find(name);
        return found == flags.end() ? otherwise : found->second;
    }
};

Result<Words> sort_out(const std::vector<std::string>& words) {
    Words sorted;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (!word.starts_with("--")) {
            sorted.plain.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        if (equals != std::string::npos) {
            sorted.flags[word.substr(0, equals)] = word.substr(equals + 1);
        } else if (i + 1 < words.size()) {
            sorted.flags[word] = words[++i];
        } else {
            return wrong("The flag " + word + " needs a value");
        }
    }
    return sorted;
}

/// What a command works on.
struct Desk {
    const Words& words;
    people::PeopleService& people;
    CustomerId customer;
    people::Actor actor{{}, "command line", ""};

    [[nodiscard]] const std::string& target() const { return words.plain.at(2); }
};

Result<Role> read_role(const Desk& desk) {
    const std::string text = desk.words.flag("--role", "");
    if (text.empty()) {
        // Somebody has to be able to add the others.
        const bool is_first = CRM_TRY(desk.people.list_users(desk.customer)).empty();
        return is_first ? Role::Admin : Role::Editor;
    }
    const std::optional<Role> role = parse_role(text);
    if (!role) return wrong("--role must be viewer, editor or admin");
    return *role;
}

Status add_user(const Desk& desk) {
    const Role role = CRM_TRY(read_role(desk));
    const std::string password = CRM_TRY(read_password("Password of " + desk.target()));
    const api::User user = CRM_TRY(desk.people.add_user(
        desk.customer, {desk.target(), desk.words.flag("--name", ""), role, password}, desk.actor));
    say("added " + user.email + " as " + std::string(role_text(user.role)));
    return {};
}

Status list_users(const Desk& desk) {
    const std::vector<api::User> users = CRM_TRY(desk.people.list_users(desk.customer));
    for (const api::User& user : users) {
        std::string line = user.email + '\t' + std::string(role_text(user.role)) + '\t' +
                           (user.is_disabled ? "disabled" : "enabled") + '\t';
        line += user.signed_in_at ? format_time(*user.signed_in_at) : "never signed in";
        say(line);
    }
    return {};
}

Status change(const Desk& desk, const api::UserChange& wanted, const std::string& done) {
    const store::UserRow user = CRM_TRY(desk.people.find_by_email(desk.target()));
    const api::User changed =
        CRM_TRY(desk.people.change_user(user.customer, user.id, wanted, desk.actor));
    say(done + ' ' + changed.email);
    return {};
}

Status disable_user(const Desk& desk) {
    api::UserChange wanted;
    wanted.is_disabled = true;
    return change(desk, wanted, "disabled");
}

Status enable_user(const Desk& desk) {
    api::UserChange wanted;
    wanted.is_disabled = false;
    return change(desk, wanted, "enabled");
}

Status set_role(const Desk& desk) {
    api::UserChange wanted;
    if (desk.words.flag("--role", "").empty()) return wrong("Say the role with --role");
    wanted.role = CRM_TRY(read_role(desk));
    return change(desk, wanted, "changed the role of");
}

Status set_password(const Desk& desk) {
    const store::UserRow user = CRM_TRY(desk.people.find_by_email(desk.target()));
    api::UserChange wanted;
    wanted.password = CRM_TRY(read_password("New password of " + user.email));
    return change(desk, wanted, "changed the password of");
}

Status create_token(const Desk& desk) {
    const store::UserRow user = CRM_TRY(desk.people.find_by_email(desk.target()));
    api::NewApiToken wanted;
    wanted.name = desk.words.flag("--name", "");
    if (wanted.name.empty()) return wrong("Say what the token is for with --name");
    const std::optional<Role> scope = parse_scope(desk.words.flag("--scope", ""));
    if (!scope) return wrong("--scope must be read, write or admin");
    wanted.scope = *scope;
    const std::string days = desk.words.flag("--days", "");
    if (!days.empty()) {
        int number = 0;
        const auto [end, problem] = std::from_chars(days.data(), days.data() + days.size(), number);
        const bool is_number = problem == std::errc{} && end == days.data() + days.size();
        if (!is_number || number < 1 || number > kApiTokenDaysMax) {
            return wrong("--days must be a whole number from 1 to " +
                         std::to_string(kApiTokenDaysMax));
        }
        wanted.days = number;
    }
    const people::PeopleService::CreatedToken created =
        CRM_TRY(desk.people.create_token(user.customer, user.id, wanted, desk.actor));
    say(created.secret);
    std::fputs("This token is shown only now; whoever has it acts as the user.\n", stderr);
    return {};
}

Status list_tokens(const Desk& desk) {
    const std::vector<api::ApiToken> tokens = CRM_TRY(desk.people.list_tokens(desk.customer));
    for (const api::ApiToken& token : tokens) {
        std::string line = token.id.text + '\t' + token.user + '\t' +
                           std::string(scope_text(token.scope)) + '\t' + token.name + '\t';
        line += token.revoked_at ? "revoked" : "valid";
        if (token.expires_at) line += " until " + format_time(*token.expires_at);
        say(line);
    }
    return {};
}

Status revoke_token(const Desk& desk) {
    const api::ApiToken token =
        CRM_TRY(desk.people.revoke_token(desk.customer, ApiTokenId(desk.target()), desk.actor));
    say("revoked " + token.name);
    return {};
}

struct PeopleCommand {
    std::string_view topic;
    std::string_view verb;
    std::string_view target;  // empty: it takes none
    std::string_view flags;   // besides --data and --customer
    Status (*run)(const Desk&);
};

constexpr std::array kCommands{
    PeopleCommand{"user", "add", "EMAIL", "--role --name", add_user},
    PeopleCommand{"user", "list", "", "", list_users},
    PeopleCommand{"user", "disable", "EMAIL", "", disable_user},
    PeopleCommand{"user", "enable", "EMAIL", "", enable_user},
    PeopleCommand{"user", "role", "EMAIL", "--role", set_role},
    PeopleCommand{"user", "passwd", "EMAIL", "", set_password},
    PeopleCommand{"token", "create", "EMAIL", "--name --scope --days", create_token},
    PeopleCommand{"token", "list", "", "", list_tokens},
    PeopleCommand{"token", "revoke", "ID", "", revoke_token},
};

std::string line_of(const PeopleCommand& command) {
    std::string line =
        "contacts-server " + std::string(command.topic) + ' ' + std::string(command.verb);
    if (!command.target.empty()) line += ' ' + std::string(command.target);
    if (!command.flags.empty()) line += ' ' + std::string(command.flags);
    return line;
}

Result<const PeopleCommand*> find_command(const Words& words) {
    const std::string& topic = words.plain.at(0);
    const std::string verb = words.plain.size() > 1 ? words.plain[1] : "";
    const auto found =
        std::find_if(kCommands.begin(), kCommands.end(), [&](const PeopleCommand& command) {
            return command.topic == topic && command.verb == verb;
        });
    if (found == kCommands.end()) {
        std::string verbs;
        for (const PeopleCommand& command : kCommands) {
            if (command.topic != topic) continue;
            verbs += (verbs.empty() ? "" : ", ") + std::string(command.verb);
        }
        return wrong("Say what to do: " + topic + ' ' + verbs);
    }
    const std::size_t wanted = found->target.empty() ? 2 : 3;
    if (words.plain.size() != wanted) return wrong("It goes like this: " + line_of(*found));
    for (const auto& [flag, value] : words.flags) {
        const bool is_known = flag == "--data" || flag == "--customer" ||
                              std::string(found->flags).find(flag) != std::string::npos;
        if (!is_known)
            return wrong("Unknown flag " + flag + "; it goes like this: " + line_of(*found));
    }
    return &*found;
}

std::string setting(const Words& words,
                    const std::string& flag,
                    const std::optional<std::string>& variable,
                    const std::string& otherwise) {
    return words.flag(flag, variable && !variable->empty() ? *variable : otherwise);
}

Status run(const std::vector<std::string>& given, const Environment& environment) {
    const Words words = CRM_TRY(sort_out(given));
    const PeopleCommand* command = CRM_TRY(find_command(words));
    const std::string customer =
        setting(words, "--customer", environment("DEV_CUSTOMER_ID"), Config().dev_customer);
    if (!is_customer_name(customer)) return wrong("--customer must be printable text");
    const std::filesystem::path data =
        setting(words, "--data", environment("CONTACTS_DATA"), Config().data.string());
    umask(077);
    std::error_code problem;
    std::filesystem::create_directories(data, problem);
    const auto database = CRM_TRY(store::Database::open_or_join(data / "contacts.db"));
    const SystemClock clock;
    SystemRandom random;
    people::PeopleService people({*database, clock, random});
    return command->run({words, people, CustomerId(customer)});
}

/// The sentence, and what is wrong with single values.
std::string describe(const Error& error) {
    std::string text = error.message;
    for (const auto& [field, problem] : error.fields) {
        if (problem != error.message) text += "; " + field + ": " + problem;
    }
    return text;
}

}  // namespace

bool is_people_command(const std::vector<std::string>& words) {
    return !words.empty() && (words[0] == "user" || words[0] == "token");
}

int run_people_command(const std::vector<std::string>& words, const Environment& environment) {
    const Status done = run(words, environment);
    if (done.is_ok()) return 0;
    const bool is_wording = done.error().code == ErrorCode::InvalidArgument;
    return complain(describe(done.error()), is_wording ? kExitWrongSettings : kExitRefused);
}

std::string people_usage() {
    std::string text;
    for (const PeopleCommand& command : kCommands) text += line_of(command) + '\n';
    return text;
}

}  // namespace crm::commands
