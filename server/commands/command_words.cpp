#include "server/commands/command_words.h"

#include <algorithm>

namespace crm::commands {
namespace {

Error bad(std::string message) {
    return {ErrorCode::InvalidArgument, std::move(message)};
}

bool has(const std::vector<std::string_view>& flags, std::string_view flag) {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

Status take_file(Words& read, const std::string& word, const WordRules& rules) {
    if (!rules.has_file || !read.file.empty() || word.empty()) {
        return bad("Unexpected argument " + word + "; --help lists the flags");
    }
    read.file = word;
    return {};
}

}  // namespace

const std::string* Words::find(std::string_view flag) const {
    const auto found = values.find(flag);
    return found == values.end() ? nullptr : &found->second;
}

Result<Words> read_words(const std::vector<std::string>& words, const WordRules& rules) {
    Words read;
    for (std::size_t index = 0; index < words.size(); ++index) {
        const std::string& word = words[index];
        if (!word.starts_with('-')) {
            CRM_TRY(take_file(read, word, rules));
            continue;
        }
        const std::size_t equals = word.find('=');
        const std::string flag = word.substr(0, equals);
        const bool is_switch = has(rules.switches, flag);
        if (!is_switch && !has(rules.flags, flag)) {
            return bad("Unknown flag " + flag + " of " + std::string(rules.command) +
                       "; --help lists the flags");
        }
        std::string value;
        if (equals != std::string::npos) {
            value = word.substr(equals + 1);
        } else if (!is_switch && index + 1 < words.size()) {
            value = words[++index];
        }
        const bool is_complete = is_switch ? equals == std::string::npos : !value.empty();
        if (!is_complete) {
            return bad("The flag " + flag + (is_switch ? " takes no value" : " needs a value") +
                       "; --help lists the flags");
        }
        if (!read.values.emplace(flag, std::move(value)).second) {
            return bad("The flag " + flag + " is given more than once");
        }
    }
    if (rules.has_file && read.file.empty()) {
        return bad("Say which file: contacts-server " + std::string(rules.command) + " FILE");
    }
    return read;
}

}  // namespace crm::commands
