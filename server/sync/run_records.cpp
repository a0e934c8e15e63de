// The sentences of a run, and the values that they show.
#include "server/sync/run_records.h"

#include <algorithm>
#include <set>

#include "server/limits.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr std::string_view kApp = "app";

/// Runs are stored for long: a value is shown, not kept.
std::string shown(const std::string& value) {
    if (count_chars(value) <= kRecordValueCharsMax) return value;
    std::size_t chars = 0;
    std::size_t end = 0;
    while (end < value.size() && chars < kRecordValueCharsMax) {
        ++end;
        while (end < value.size() && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) {
            ++end;
        }
        ++chars;
    }
    return value.substr(0, end) + "…";
}

/// One that is not stored yet has no lasting id.
api::RunRecord blank_record(const ContactNotes& contact, std::string system, std::string kind) {
    api::RunRecord record;
    if (contact.contact.customer_id.is_set()) record.contact_id = contact.contact.id.text;
    record.title = display_name(contact.contact.fields);
    record.system = std::move(system);
    record.kind = std::move(kind);
    record.outcome = "planned";
    return record;
}

std::string record_in(const ContactNotes& contact, const SystemKey& system) {
    const auto found = contact.systems.find(system);
    if (found == contact.systems.end() || !found->second.link) return {};
    return found->second.link->id.text;
}

std::string reason_of_delete(const ContactNotes& contact, const Link* link) {
    if (!contact.contact.deleted) {
        return "Deleted here before it was restored: the old record goes first";
    }
    if (link != nullptr && link->delete_acked) return "Deleted here, and put back over there";
    return "Deleted here";
}

std::string reason_of(const ContactNotes& contact, const Step& step, const SystemSpec& system) {
    const auto found = contact.systems.find(step.system);
    const Link* link =
        found != contact.systems.end() && found->second.link ? &*found->second.link : nullptr;
    switch (step.kind) {
        case IntentKind::Create:
            if (step.is_recreation) return "Its record in " + system.label + " vanished";
            return "Not in " + system.label + " yet";
        case IntentKind::Update:
            return "Changed here";
        case IntentKind::Delete:
            return reason_of_delete(contact, link);
    }
    return {};
}

std::string kind_of(IntentKind kind) {
    switch (kind) {
        case IntentKind::Create:
            return "create";
        case IntentKind::Update:
            return "update";
        case IntentKind::Delete:
            return "delete";
    }
    return {};
}

std::vector<FieldChange> changes_between(const ContactFields& before, const ContactFields& after) {
    std::vector<FieldChange> changes;
    for (const FieldSpec& spec : kContactFields) {
        const std::string& from = before.*(spec.member);
        const std::string& to = after.*(spec.member);
        if (from != to) changes.push_back({std::string(spec.wire), shown(from), shown(to)});
    }
    return changes;
}

}  // namespace

api::RunRecord record_of_step(const ContactNotes& contact,
                              const Step& step,
                              const SystemSpec& system) {
    api::RunRecord record = blank_record(contact, step.system.text, kind_of(step.kind));
    record.record_id = step.record.text;
    record.reason = as_sentence(reason_of(contact, step, system));
    const auto found = contact.systems.find(step.system);
    for (const auto& [field, to] : step.raw) {
        std::string from;
        if (found != contact.systems.end() && found->second.link) {
            const auto known = found->second.link->fields.find(field);
            if (known != found->second.link->fields.end()) from = known->second.raw;
        }
        record.changes.push_back({field, shown(from), shown(to)});
    }
    return record;
}

std::vector<api::RunRecord> records_of(const Observed& observed,
                                       const CustomerNotes& notes,
                                       const SystemSpec& system) {
    std::vector<api::RunRecord> records;
    const std::set<ContactId> arrived(observed.arrived.begin(), observed.arrived.end());
    for (const ContactId& id : observed.arrived) {
        const ContactNotes& contact = notes.contacts.at(id);
        api::RunRecord record = blank_record(contact, std::string(kApp), "create");
        record.record_id = record_in(contact, system.key);
        record.reason = "New in " + system.label + ".";
        record.changes = changes_between({}, contact.contact.fields);
        records.push_back(std::move(record));
    }
    for (const auto& [id, before] : observed.edited) {
        const auto found = notes.contacts.find(id);
        if (found == notes.contacts.end() || arrived.contains(id)) continue;
        api::RunRecord record = blank_record(found->second, std::string(kApp), "update");
        record.record_id = record_in(found->second, system.key);
        record.reason = "Changed in " + system.label + ".";
        record.changes = changes_between(before, found->second.contact.fields);
        if (!record.changes.empty()) records.push_back(std::move(record));
    }
    for (const HistoryNote& note : observed.history) {
        const auto found = notes.contacts.find(note.contact);
        if (note.kind != "linked" || found == notes.contacts.end() ||
            arrived.contains(note.contact))
            continue;
        api::RunRecord record = blank_record(found->second, system.key.text, "link");
        record.record_id = record_in(found->second, system.key);
        record.reason = as_sentence(note.text);
        records.push_back(std::move(record));
    }
    return records;
}

std::vector<api::RunRecord> records_of_missing(const CustomerNotes& notes,
                                               const SystemSpec& system,
                                               const Listing& listing) {
    std::set<RemoteId> listed;
    for (const RemoteRecord& record : listing.records) listed.insert(record.id);
    std::vector<api::RunRecord> records;
    const bool is_restored = system.vanish == VanishPolicy::Restore;
    for (const auto& [id, contact] : notes.contacts) {
        const std::string record_id = record_in(contact, system.key);
        if (contact.contact.deleted || record_id.empty() || listed.contains(RemoteId(record_id)))
            continue;
        api::RunRecord record =
            blank_record(contact, system.key.text, is_restored ? "create" : "delete");
        record.record_id = record_id;
        record.reason = "Record " + record_id + " is missing from " + system.label +
                        (is_restored ? ": the contact would be created there anew."
                                     : ": the contact would stay here without a record there.");
        if (is_restored) record.changes = changes_between({}, contact.contact.fields);
        records.push_back(std::move(record));
    }
    return records;
}

}  // namespace crm::sync
