// The whole screen: which part goes where, at which width. Draws through the widget layer only and
// pushes what the person did. Call between begin_frame and end_frame.
#pragma once

#include "client-wasm/state/actions.h"
#include "client-wasm/state/app_state.h"
#include "client-wasm/views/widgets.h"

namespace crm::client {

void app_view(ui::Ui& ui, const AppState& state, ActionQueue& actions);

}  // namespace crm::client
