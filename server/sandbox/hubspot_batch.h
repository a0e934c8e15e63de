// HubSpot's batches: up to 100 contacts a call. Without trace ids one bad input refuses the whole
// call; with one for every input the good ones are carried out and the others are told (207).
// Results do not come in the order of the inputs.
#pragma once

#include "server/sandbox/message.h"
#include "server/sandbox/sandbox_store.h"
#include "shared/time_text.h"

namespace crm::sandbox {

/// `method` is read, create, update, upsert or archive. The session is committed when something
/// was written.
[[nodiscard]] Result<Response> answer_batch(Session& session,
                                            const std::string& method,
                                            const Request& request,
                                            TimePoint now);

}  // namespace crm::sandbox
