// Switches the rules of the engine off and on, in programs that link the switchable engine.
#pragma once

#include <string_view>

#include "server/sync/rule.h"

namespace crm::test {

[[nodiscard]] std::string_view rule_name(sync::Rule rule);
/// The engine has asked for the rule since the program began: it is in the code, and some test
/// comes by.
[[nodiscard]] bool is_rule_asked(sync::Rule rule);

}  // namespace crm::test
