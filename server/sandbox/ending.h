// How one call of Integration.app ended: what is answered and what is noted. All ways in which a
// call can end badly have their answer here.
#pragma once

#include <string>
#include <string_view>

#include "server/sandbox/call_log.h"
#include "server/sandbox/crm.h"
#include "server/sandbox/message.h"
#include "server/sandbox/record.h"
#include "server/sandbox/wire_json.h"
#include "shared/result.h"

namespace crm::sandbox {

struct Ending {
    Response response;
    std::string record_id;
    std::string outcome = "ok";
    bool is_applied = false;
};

/// An action's answer is `{"output":…}`, a data collection's is bare.
[[nodiscard]] Ending done(Door door, Json output);
/// The CRM said no: its status and body travel inside Integration.app's error.
[[nodiscard]] Ending refused(System system, const CrmRefusal& refusal);
[[nodiscard]] Ending broken(const Error& error);
[[nodiscard]] Ending bad_input(std::string_view message);
[[nodiscard]] Ending defunct(System system);
[[nodiscard]] Ending unknown_connection(System system);
/// Integration.app's access to the CRM is over.
[[nodiscard]] Ending access_expired(System system);
/// Our access to Integration.app is over.
[[nodiscard]] Ending token_expired();
/// An HTML page.
[[nodiscard]] Ending bad_gateway();
/// No answer at all; the rest of the ending stays.
[[nodiscard]] Ending lost(Ending ending, std::string_view outcome);
/// The other shape of an error that was observed: the CRM's body is the `data` itself.
[[nodiscard]] Response with_bare_error(Response response);
/// Half of the answer.
[[nodiscard]] Ending cut(Ending ending);

}  // namespace crm::sandbox
