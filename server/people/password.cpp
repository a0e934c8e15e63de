#include "server/people/password.h"

#include <argon2.h>

#include <algorithm>
#include <array>
#include <set>

#include "server/limits.h"
#include "server/people/secret.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::people {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

Error problem(std::string sentence) {
    return Error{.code = ErrorCode::InvalidArgument,
                 .message = sentence,
                 .fields = {{"password", sentence}}};
}

/// "abcdefghijkl", "123456789012": each character follows the one before, or all are alike.
bool is_run(std::string_view text) {
    for (const int step : {-1, 0, 1}) {
        std::size_t in_step = 1;
        while (in_step < text.size() && (text[in_step] - text[in_step - 1] == step ||
                                         (text[in_step] == '0' && text[in_step - 1] == '9'))) {
            ++in_step;
        }
        if (in_step == text.size()) return true;
    }
    return false;
}

}  // namespace

Status check_password_rules(std::string_view password, std::string_view email) {
    if (password.size() > kPasswordBytesMax) {
        return problem("The password is longer than " + std::to_string(kPasswordBytesMax) +
                       " bytes; choose a shorter one");
    }
    if (!is_utf8(password) || password.find('\0') != std::string_view::npos) {
        return problem("The password holds bytes that are no text; type it again");
    }
    if (count_chars(password) < kPasswordCharsMin) {
        return problem("The password needs at least " + std::to_string(kPasswordCharsMin) +
                       " characters; a few words are easy to remember");
    }
    const std::set<char> kinds(password.begin(), password.end());
    if (kinds.size() < kPasswordKindsMin || is_run(password)) {
        return problem("The password is easy to guess; use some more different characters");
    }
    const std::string lower = lower_text(password);
    const std::string address = lower_text(email);
    const std::string local = address.substr(0, address.find('@'));
    if (lower == address || lower == local || lower == local + local) {
        return problem("The password is the e-mail; choose something that others do not know");
    }
    return {};
}

Result<std::string> hash_password(std::string_view password,
                                  const PasswordCost& cost,
                                  Random& random) {
    const std::string salt = random_bytes(random, kSaltBytes);
    std::string encoded(argon2_encodedlen(cost.passes,
                                          cost.memory_kib,
                                          cost.lanes,
                                          static_cast<std::uint32_t>(kSaltBytes),
                                          static_cast<std::uint32_t>(kHashBytes),
                                          Argon2_id),
                        '\0');
    const int outcome = argon2id_hash_encoded(cost.passes,
                                              cost.memory_kib,
                                              cost.lanes,
                                              password.data(),
                                              password.size(),
                                              salt.data(),
                                              salt.size(),
                                              kHashBytes,
                                              encoded.data(),
                                              encoded.size());
    if (outcome != ARGON2_OK) {
        return Error{ErrorCode::Internal,
                     "The server has not memory enough to keep a password safely; nothing was "
                     "changed; try again"};
    }
    encoded.resize(encoded.find('\0'));
    return encoded;
}

bool is_password(std::string_view password, const std::string& hash) {
    if (password.size() > kPasswordBytesMax) return false;
    return argon2id_verify(hash.c_str(), password.data(), password.size()) == ARGON2_OK;
}

bool has_other_cost(std::string_view hash, const PasswordCost& cost) {
    const std::string wanted = "$argon2id$v=" + std::to_string(ARGON2_VERSION_NUMBER) +
                               "$m=" + std::to_string(cost.memory_kib) +
                               ",t=" + std::to_string(cost.passes) +
                               ",p=" + std::to_string(cost.lanes) + '$';
    return !hash.starts_with(wanted);
}

}  // namespace crm::people
