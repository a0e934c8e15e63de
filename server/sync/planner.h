// Notes -> plan. Pure, cannot fail. For one contact in one system:
//
//   contact   record    agreed     -> step
//   live      linked    yes        -> none
//   live      linked    we differ  -> update, of what differs
//   live      none                 -> create, if the listing is complete and nothing holds the
//   e-mail deleted   linked               -> delete; again if it is seen after the delete was
//   confirmed deleted   none                 -> none live, restored while its delete was on the way
//   -> that delete first
//
// and none at all while a call is open, in probation, or while a refusal is not due.
#pragma once

#include "server/sync/plan.h"
#include "server/sync/plan_fields.h"

namespace crm::sync {

/// Decides from one contact and what was seen; whether another contact holds the e-mail is
/// plan_steps's.
[[nodiscard]] StepChoice choose_step(const ContactNotes& notes,
                                     const SystemSpec& system,
                                     const SystemView& view,
                                     const Rules& rules,
                                     TimePoint now);

/// Makes a chosen update what its turn allows; nullopt when nothing of it is left.
[[nodiscard]] std::optional<Step> take_email_turn(Step step, EmailTurn turn);

using SystemViews = std::map<SystemKey, SystemView>;

/// The steps of all systems together.
[[nodiscard]] Plan plan_steps(const CustomerNotes& notes,
                              const std::vector<SystemSpec>& systems,
                              const SystemViews& views,
                              const Rules& rules,
                              TimePoint now);

}  // namespace crm::sync
