#include "server/commands/terminal.h"

#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "shared/limits.h"

namespace crm::commands {
namespace {

constexpr int kInterrupt = 3;  // Ctrl-C, which the terminal hands on while nothing is shown

Error no_password() {
    return {ErrorCode::InvalidArgument,
            "No password came; type it, or send it as one line of standard input"};
}

/// Shows nothing of what is typed, for one scope. Ctrl-C comes as a character: ending here would
/// leave a terminal that shows nothing.
class Silence {
   public:
    Silence() {
        is_terminal_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!is_terminal_) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Silence() {
        if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

   private:
    termios before_{};
    bool is_terminal_ = false;
};

Result<std::string> read_line() {
    std::string line;
    for (int c = std::getchar(); c != '\n'; c = std::getchar()) {
        if (c == kInterrupt) return Error{ErrorCode::InvalidArgument, "Nothing was changed"};
        if (c == EOF) {
            if (line.empty()) return no_password();
            break;
        }
        if (line.size() > kPasswordBytesMax) break;  // too long, whatever follows
        line += static_cast<char>(c);
    }
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return no_password();
    return line;
}

Result<std::string> ask(const std::string& question) {
    std::fputs((question + ": ").c_str(), stderr);
    Result<std::string> line = read_line();
    std::fputs("\n", stderr);
    return line;
}

}  // namespace

Result<std::string> read_password(const std::string& question) {
    if (isatty(STDIN_FILENO) == 0) return read_line();
    const Silence silence;
    std::string password = CRM_TRY(ask(question));
    const std::string again = CRM_TRY(ask("The same again"));
    if (password != again) {
        return Error{ErrorCode::InvalidArgument, "The two differ; nothing was changed"};
    }
    return password;
}

}  // namespace crm::commands
