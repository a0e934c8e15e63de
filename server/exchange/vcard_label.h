// Labels of e-mails and phones, and the words that vCard has for some of them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "shared/contact.h"

namespace crm::exchange {

/// "cell" of "mobile"; "" where vCard has no word.
[[nodiscard]] std::string type_of_label(FieldKind kind, std::string_view label);

/// Of one TYPE, in whatever case; "" of those that say nothing to a person ("internet", "voice").
[[nodiscard]] std::string label_of_type(FieldKind kind, std::string_view type);

}  // namespace crm::exchange
