// Picks the rules of a system, and holds the one check that all share.
#include "server/sandbox/crm.h"

#include "server/sandbox/hubspot.h"
#include "server/sandbox/pipedrive.h"
#include "server/sandbox/practice.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

const std::string* find_control_in(const std::optional<std::string>& text) {
    return text && has_forbidden_control(*text) ? &*text : nullptr;
}

const std::string* find_control_in(const std::optional<std::vector<Reach>>& list) {
    if (!list) return nullptr;
    for (const Reach& reach : *list) {
        if (has_forbidden_control(reach.value)) return &reach.value;
        if (has_forbidden_control(reach.label)) return &reach.label;
    }
    return nullptr;
}

}  // namespace

const Crm& crm_of(System system) {
    static const HubSpot hubspot;
    static const Pipedrive pipedrive;
    static const Practice practice;
    switch (system) {
        case System::HubSpot:
            return hubspot;
        case System::Pipedrive:
            return pipedrive;
        case System::Practice:
            return practice;
    }
    return hubspot;
}

const std::string* find_control(const Draft& draft) {
    for (const auto* text : {&draft.name,
                             &draft.first_name,
                             &draft.last_name,
                             &draft.email,
                             &draft.phone,
                             &draft.job_title,
                             &draft.pronouns,
                             &draft.company,
                             &draft.marker}) {
        if (const std::string* found = find_control_in(*text)) return found;
    }
    if (draft.more_emails) {
        for (const std::string& text : *draft.more_emails) {
            if (has_forbidden_control(text)) return &text;
        }
    }
    const std::string* found = find_control_in(draft.emails);
    return found != nullptr ? found : find_control_in(draft.phones);
}

}  // namespace crm::sandbox
