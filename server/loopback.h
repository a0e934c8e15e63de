// What counts as this machine. Decided here once: who may listen without login, which address may
// be spoken to without encryption, and which is asked for the sandbox's settings depend on it.
#pragma once

#include <string_view>

namespace crm {

/// "localhost", 127.0.0.0/8, ::1 and [::1].
[[nodiscard]] bool is_loopback_host(std::string_view host);

/// http:// or https:// with a loopback host. Anything unclear (a user name in it, say) is not.
[[nodiscard]] bool is_loopback_url(std::string_view url);

}  // namespace crm
