// The pages of pages.h: what each shows, and what its form does.
#pragma once

#include <string>
#include <string_view>

#include "server/http/pages.h"

namespace crm::http {

[[nodiscard]] Response show_login(const PageCall& call);
[[nodiscard]] Response do_login(const PageCall& call);
[[nodiscard]] Response do_logout(const PageCall& call);
[[nodiscard]] Response show_setup(const PageCall& call);
[[nodiscard]] Response do_setup(const PageCall& call);
[[nodiscard]] Response show_account(const PageCall& call);
[[nodiscard]] Response do_account(const PageCall& call);
[[nodiscard]] Response show_style(const PageCall& call);

/// Where to go after signing in: the wish, if it is a path of ours that is safe in a header, else
/// "/". Never another site.
[[nodiscard]] std::string safe_target(std::string_view wish);

}  // namespace crm::http
