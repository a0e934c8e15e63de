// The fields of a contact: one row for each entry of kContactFields, problems and hints beside
// them.
#pragma once

#include "client-wasm/views/view_parts.h"

namespace crm::client {

[[nodiscard]] float contact_form_height(const Stage& stage, const Draft& draft);

/// Draws the rows from the top of the area and takes their room off it.
void contact_form(Stage& stage, const Draft& draft, ui::Rect& area);

}  // namespace crm::client
