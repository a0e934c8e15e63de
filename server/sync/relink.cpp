// What becomes of a contact whose record is gone from a system. Pure.
#include "server/sync/relink.h"

#include "server/sync/field_merge.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

/// Everything that was about the record goes with it; what is about the contact stays.
RemoteId drop_link(Standing& standing) {
    const RemoteId gone = standing.link->id;
    standing.link.reset();
    standing.intent.reset();
    standing.refusal.reset();
    standing.oscillations.clear();
    standing.has_vanished = true;
    standing.is_merged = false;
    return gone;
}

std::string gone_text(const RemoteId& record, const SystemSpec& system) {
    return "Record " + record.text + " is gone from " + system.label;
}

/// The agreement with the old record, for the new one. Its values may still be old readings.
FieldShadow carry_shadow(const FieldShadow& old, const std::string& raw, TimePoint until) {
    FieldShadow shadow;
    if (!trim(raw).empty()) {
        shadow.raw = old.raw;
        shadow.app = old.app;
    }
    shadow.settle_until = until;
    return shadow;
}

}  // namespace

Parting relink(Standing& standing, const Successor& successor) {
    const RemoteRecord& record = successor.record;
    const TimePoint until = successor.read_at + successor.rules.settle;
    Link link;
    link.id = record.id;
    link.url = record.url;
    link.linked_at = successor.read_at;
    link.visible_until = until;
    link.synced_at = successor.read_at;
    if (successor.system.is_version_trusted) link.version = record.version;
    for (const auto& [field, shadow] : standing.link->fields) {
        const auto shown = record.values.find(field);
        const std::string raw = shown == record.values.end() ? std::string() : shown->second;
        const FieldSpec* spec = find_field(field);
        const bool is_same =
            trim(raw).empty() || (spec != nullptr && is_same_value(spec->kind, raw, shadow.raw));
        // What a record says that may have been there all along is no edit of the old one: it is
        // compared with ours as at a first sight. There, it would fill what was cleared here.
        const bool is_cleared =
            spec != nullptr && (successor.ours.*(spec->member)).empty() && !shadow.app.empty();
        if (is_same || successor.is_proven || is_cleared)
            link.fields[field] = carry_shadow(shadow, raw, until);
    }
    Parting parting;
    parting.died = drop_link(standing);
    standing.link = std::move(link);
    standing.has_vanished = false;
    standing.is_detached = false;
    standing.is_merged = false;
    parting.history = gone_text(parting.died, successor.system) + "; record " + record.id.text +
                      " took its place";
    return parting;
}

Parting lose_record(Standing& standing, const SystemSpec& system) {
    Parting parting;
    parting.died = drop_link(standing);
    parting.history = gone_text(parting.died, system);
    switch (system.vanish) {
        case VanishPolicy::Restore:
            parting.history += "; the contact is created there anew";
            break;
        case VanishPolicy::Detach:
            standing.is_detached = true;
            parting.history += "; the contact stays here, without a record there";
            break;
        case VanishPolicy::Ask: {
            standing.is_detached = true;
            parting.history += "; a person decides whether it is created there anew";
            Refusal question;
            question.kind = IntentKind::Create;
            question.code = "vanished";
            question.message = "Its record " + parting.died.text + " is gone from " + system.label +
                               ". The contact is safe here, and nothing is written there.";
            question.action = "Create it there anew, leave it only here, or delete it.";
            standing.refusal = std::move(question);
            break;
        }
    }
    return parting;
}

Parting detach_merged(Standing& standing, const SystemSpec& system, const std::string& other_name) {
    Parting parting;
    parting.died = drop_link(standing);
    standing.is_detached = true;
    standing.is_merged = true;
    parting.history = gone_text(parting.died, system) + ": it became one with the record of " +
                      other_name + ". It is not created there anew";
    return parting;
}

}  // namespace crm::sync
