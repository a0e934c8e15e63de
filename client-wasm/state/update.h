// update(): what the client does about everything that happens. Pure and deterministic: the same
// state, action and time give the same effects. It is the only writer of AppState.
//
// Invariants, after every action:
//  - every id in `pending` was given out once, and every SendRequest is in `pending` until
//  answered;
//  - at most one request per list is under way; an answer that nobody waits for changes nothing;
//  - while the connection is lost, no background fetch is sent on top of one that failed;
//  - a page of rows is never longer than asked for, and no more pages are held than kListPagesKept;
//  - unsaved text is dropped only after the person confirmed it.
#pragma once

#include "client-wasm/state/actions.h"
#include "client-wasm/state/app_state.h"

namespace crm::client {

/// Effects are in the order in which they are to be done.
[[nodiscard]] Effects update(AppState& state, const Action& action, TimePoint now);

}  // namespace crm::client
