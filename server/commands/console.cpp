#include "server/commands/console.h"

#include <cstdio>

namespace crm::commands {

void say(const std::string& line) {
    std::fputs((line + '\n').c_str(), stdout);
    std::fflush(stdout);
}

int complain(const std::string& sentence, int exit_code) {
    std::fputs(("contacts-server: " + sentence + '\n').c_str(), stderr);
    return exit_code;
}

int complain(const Error& error) {
    const bool is_callers = error.code == ErrorCode::BadRequest;
    return complain(error.message, is_callers ? kExitWrongSettings : kExitRefused);
}

}  // namespace crm::commands
