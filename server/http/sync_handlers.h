// The sync API: start a run, show runs and systems, answer a held run.
#pragma once

#include "server/http/routes.h"

namespace crm::http {

[[nodiscard]] Result<Response> show_sync(const Services& services, const Call& call);
[[nodiscard]] Result<Response> start_sync(const Services& services, const Call& call);
[[nodiscard]] Result<Response> pause_sync(const Services& services, const Call& call);
[[nodiscard]] Result<Response> resume_sync(const Services& services, const Call& call);
[[nodiscard]] Result<Response> list_runs(const Services& services, const Call& call);
[[nodiscard]] Result<Response> show_run(const Services& services, const Call& call);
[[nodiscard]] Result<Response> approve_run(const Services& services, const Call& call);
[[nodiscard]] Result<Response> discard_run(const Services& services, const Call& call);
[[nodiscard]] Result<Response> cancel_run(const Services& services, const Call& call);

}  // namespace crm::http
