// See plan_view.h.
#include "server/sync/plan_view.h"

#include <algorithm>

#include "server/sync/linking.h"

namespace crm::sync {

SystemView make_view(const SystemSpec& system,
                     const Listing& listing,
                     const Window& window,
                     const CustomerNotes& notes) {
    SystemView view;
    view.is_reachable = true;
    view.is_complete = listing.is_complete;
    view.started = window.started;
    std::set<RemoteId> linked;
    for (const auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system.key);
        if (found != contact.systems.end() && found->second.link)
            linked.insert(found->second.link->id);
    }
    for (const RemoteRecord& record : listing.records) {
        view.visible.insert(record.id);
        if (linked.contains(record.id)) continue;
        for (const std::string& key : email_keys_of(record)) view.unlinked_emails.insert(key);
    }
    return view;
}

Rules rules_for(const SystemKey& system, const CustomerNotes& notes, const Rules& configured) {
    const auto row = notes.systems.find(system);
    if (row == notes.systems.end()) return configured;
    return {std::max(configured.settle, row->second.settle),
            std::max(configured.late, row->second.late)};
}

}  // namespace crm::sync
