// What undoes changes of one contact, and what has to stay because something newer is there. Pure.
#pragma once

#include <vector>

#include "server/store/contact_store.h"
#include "shared/api_undo.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

struct UndoPlan {
    enum class Fate { Stays, Delete, Restore };
    Fate fate = Fate::Stays;
    ContactFields fields;               // as they are to be; the present ones when nothing differs
    std::vector<api::KeptChange> kept;  // and why

    [[nodiscard]] bool is_nothing(const Contact& current) const {
        return fate == Fate::Stays && fields == current.fields;
    }
};

/// `lines`: the changes to be undone, all of this contact, in their order. Internal: the stored
/// history cannot be read.
[[nodiscard]] Result<UndoPlan> plan_undo(const Contact& current,
                                         const std::vector<store::JournalLine>& lines);

}  // namespace crm
