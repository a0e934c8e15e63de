// The part of sync_store.h that loads notes.
#include <utility>

#include "server/store/contact_store.h"
#include "server/store/merge_store.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "server/store/suppression.h"
#include "server/store/sync_store.h"
#include "server/store/sync_text.h"
#include "shared/text.h"

namespace crm::store {
namespace {

using sync::ContactNotes;
using sync::CustomerNotes;
using sync::FieldShadow;
using sync::Intent;
using sync::Link;
using sync::Refusal;
using sync::Standing;

constexpr int kAllRows = -1;  // as LIMIT means it

/// Selects by customer, or by one contact: the two ways in which notes are loaded.
struct Scope {
    std::string_view column;  // "customer" or "contact_id"
    std::string value;

    [[nodiscard]] std::string where() const { return " WHERE " + std::string(column) + " = ?"; }
};

/// Where the rows of one contact and system belong; nullptr for a contact that is not loaded.
class Target {
   public:
    explicit Target(CustomerNotes& notes) : notes_(notes) {}
    ContactNotes* contact(const std::string& id) {
        const auto found = notes_.contacts.find(ContactId(id));
        return found == notes_.contacts.end() ? nullptr : &found->second;
    }
    Standing* standing(const std::string& id, const std::string& system) {
        ContactNotes* notes = contact(id);
        return notes == nullptr ? nullptr : &notes->systems[SystemKey(system)];
    }
    FieldShadow* shadow(const std::string& id,
                        const std::string& system,
                        const std::string& field) {
        Standing* found = standing(id, system);
        return found == nullptr || !found->link ? nullptr : &found->link->fields[field];
    }

   private:
    CustomerNotes& notes_;
};

void load_links(const Connection& connection, const Scope& scope, Target target) {
    Query query(
        connection,
        "SELECT contact_id, system, remote_id, url, linked_at, visible_until, absent_count, "
        "last_absent_start, delete_acked, confirmed_gone, redeletes, is_dying, synced_at, version "
        "FROM sync_link" +
            scope.where());
    query.bind(scope.value);
    while (query.step()) {
        Standing* standing = target.standing(query.text(0), query.text(1));
        if (standing == nullptr) continue;
        Link link;
        link.id = RemoteId(query.text(2));
        link.url = query.text(3);
        link.linked_at = query.time(4);
        link.visible_until = query.time(5);
        link.absent_count = static_cast<int>(query.integer(6));
        link.last_absent_start = query.time(7);
        link.delete_acked = time_or_none(query, 8);
        link.confirmed_gone = time_or_none(query, 9);
        link.redeletes = static_cast<int>(query.integer(10));
        link.is_dying = query.integer(11) != 0;
        link.synced_at = query.time(12);
        if (!query.is_null(13)) link.version = query.integer(13);
        standing->link = std::move(link);
    }
}

void load_shadows(const Connection& connection, const Scope& scope, Target target) {
    Query query(connection,
                "SELECT contact_id, system, field, raw, app, settle_until, is_settling_own, "
                "doubt_until "
                "FROM sync_shadow" +
                    scope.where());
    query.bind(scope.value);
    while (query.step()) {
        FieldShadow* shadow = target.shadow(query.text(0), query.text(1), query.text(2));
        if (shadow == nullptr) continue;
        shadow->raw = query.text(3);
        shadow->app = query.text(4);
        shadow->settle_until = query.time(5);
        shadow->is_settling_own = query.integer(6) != 0;
        shadow->doubt_until = query.time(7);
    }
}

void load_values(const Connection& connection, const Scope& scope, Target target) {
    Query query(connection,
                "SELECT contact_id, system, field, kind, raw, app, until FROM sync_value" +
                    scope.where() + " ORDER BY contact_id, system, field, kind, position");
    query.bind(scope.value);
    while (query.step()) {
        FieldShadow* shadow = target.shadow(query.text(0), query.text(1), query.text(2));
        if (shadow == nullptr) continue;
        const std::string kind = query.text(3);
        if (kind == "sent") {
            shadow->sent.push_back({query.text(4), query.text(5), query.time(6)});
        } else if (kind == "lost") {
            shadow->lost.push_back({query.text(4), query.text(5), query.time(6)});
        } else if (kind == "superseded") {
            shadow->superseded.push_back({query.text(4),
                                          query.time(6),
                                          std::chrono::milliseconds(read_number(query.text(5)))});
        } else {
            shadow->noted.push_back(query.text(4));
        }
    }
}

void load_intents(const Connection& connection, const Scope& scope, Target target) {
    Query query(
        connection,
        "SELECT contact_id, system, kind, remote_id, raw, app, email_key, is_unknown, sent_at, "
        "deadline, absent_count FROM sync_intent" +
            scope.where());
    query.bind(scope.value);
    while (query.step()) {
        Standing* standing = target.standing(query.text(0), query.text(1));
        if (standing == nullptr) continue;
        Intent intent;
        intent.kind = parse_kind(query.text(2));
        intent.id = RemoteId(query.text(3));
        intent.raw = read_texts(query.text(4));
        intent.app = read_texts(query.text(5));
        intent.email_key = query.text(6);
        intent.is_unknown = query.integer(7) != 0;
        intent.sent_at = query.time(8);
        intent.deadline = query.time(9);
        intent.absent_count = static_cast<int>(query.integer(10));
        standing->intent = std::move(intent);
    }
}

void load_refusals(const Connection& connection, const Scope& scope, Target target) {
    Query query(
        connection,
        "SELECT contact_id, system, kind, code, message, action, raw, attempts, next_try_at "
        "FROM sync_refusal" +
            scope.where());
    query.bind(scope.value);
    while (query.step()) {
        Standing* standing = target.standing(query.text(0), query.text(1));
        if (standing == nullptr) continue;
        Refusal refusal;
        refusal.kind = parse_kind(query.text(2));
        refusal.code = query.text(3);
        refusal.message = query.text(4);
        refusal.action = query.text(5);
        refusal.raw = read_texts(query.text(6));
        refusal.attempts = static_cast<int>(query.integer(7));
        refusal.next_try_at = time_or_none(query, 8);
        standing->refusal = std::move(refusal);
    }
}

void load_rest(const Connection& connection, const Scope& scope, Target target) {
    Query vanished(connection, "SELECT contact_id, system FROM sync_vanished" + scope.where());
    vanished.bind(scope.value);
    while (vanished.step()) {
        Standing* standing = target.standing(vanished.text(0), vanished.text(1));
        if (standing != nullptr) standing->has_vanished = true;
    }
    const bool is_of_all = scope.column == "customer";
    Query suggested(connection,
                    std::string("SELECT suggested, system FROM sync_hold WHERE suggested <> '' AND "
                                "is_suggestion_refused = 0 AND reason <> ? AND ") +
                        (is_of_all ? "customer" : "suggested") + " = ?");
    suggested.bind(sync::hold_word(sync::HoldReason::Similar)).bind(scope.value);
    while (suggested.step()) {
        Standing* standing = target.standing(suggested.text(0), suggested.text(1));
        if (standing != nullptr) standing->is_suggested = true;
    }
    Query aliases(connection, "SELECT contact_id, email_key FROM sync_alias" + scope.where());
    aliases.bind(scope.value);
    while (aliases.step()) {
        ContactNotes* contact = target.contact(aliases.text(0));
        if (contact != nullptr) contact->aliases.insert(aliases.text(1));
    }
}

void load_notes(const Connection& connection, const Scope& scope, Target target) {
    Query query(connection,
                "SELECT contact_id, system, kind, field, text FROM sync_note" + scope.where());
    query.bind(scope.value);
    while (query.step()) {
        Standing* standing = target.standing(query.text(0), query.text(1));
        if (standing == nullptr) continue;
        const std::string kind = query.text(2);
        if (kind == "parked") {
            standing->parked[query.text(3)] = read_parked(query.text(4));
        } else if (kind == "oscillation") {
            standing->oscillations[query.text(3)] = read_oscillation(query.text(4));
        } else {
            standing->is_detached = true;
            standing->is_merged = query.text(4) == kMergedNote;
        }
    }
}

void load_standings(const Connection& connection, const Scope& scope, CustomerNotes& notes) {
    const Target target(notes);
    load_links(connection, scope, target);
    load_shadows(connection, scope, target);
    load_values(connection, scope, target);
    load_intents(connection, scope, target);
    load_refusals(connection, scope, target);
    load_notes(connection, scope, target);
    load_rest(connection, scope, target);
}

void load_records(const Connection& connection, const CustomerId& customer, CustomerNotes& notes) {
    Query dead(connection,
               "SELECT system, remote_id, contact_id FROM sync_dead WHERE customer = ?");
    dead.bind(customer.text);
    while (dead.step()) {
        notes.dead[{SystemKey(dead.text(0)), RemoteId(dead.text(1))}] = ContactId(dead.text(2));
    }
    Query suppressed(connection,
                     "SELECT email_key, contact_id FROM sync_suppressed WHERE customer = ?");
    suppressed.bind(customer.text);
    while (suppressed.step()) {
        std::string key = suppressed.text(0);
        if (key.starts_with(kHashedKeyStart)) {
            notes.purged.insert(std::move(key));
        } else {
            notes.suppressed[std::move(key)] = ContactId(suppressed.text(1));
        }
    }
}

}  // namespace

Result<CustomerNotes> load_customer_notes(const Connection& connection,
                                          const CustomerId& customer) {
    return sql_guard([&]() -> Result<CustomerNotes> {
        CustomerNotes notes;
        for (Contact& contact : CRM_TRY(load_contacts(connection, customer))) {
            const ContactId id = contact.id;
            notes.contacts[id].contact = std::move(contact);
        }
        load_standings(connection, {"customer", customer.text}, notes);
        load_records(connection, customer, notes);
        for (auto& [record, hold] : CRM_TRY(list_holds(connection, customer, {}, kAllRows)))
            notes.holds[record] = std::move(hold);
        notes.systems = CRM_TRY(load_systems(connection, customer));
        notes.merged = CRM_TRY(load_merged(connection, customer));
        return notes;
    });
}

Result<CustomerNotes> load_notes_around(const Connection& connection,
                                        const CustomerId& customer,
                                        const ContactId& contact) {
    return sql_guard([&]() -> Result<CustomerNotes> {
        CustomerNotes notes;
        ContactNotes self = CRM_TRY(load_contact_notes(connection, customer, contact));
        const std::string key = email_key(self.contact.fields.email).value_or("");
        notes.contacts[contact] = std::move(self);
        std::vector<ContactId> others;
        {
            Query query(connection,
                        "SELECT contact_id FROM sync_alias WHERE customer = ? AND email_key = ?");
            query.bind(customer.text).bind(key);
            while (query.step()) others.emplace_back(query.text(0));
        }
        for (const ContactId& other : others) {
            if (notes.contacts.contains(other)) continue;
            notes.contacts[other] = CRM_TRY(load_contact_notes(connection, customer, other));
        }
        for (auto& [record, hold] : CRM_TRY(list_holds(connection, customer, {}, kAllRows)))
            notes.holds[record] = std::move(hold);
        notes.systems = CRM_TRY(load_systems(connection, customer));
        return notes;
    });
}

Result<ContactNotes> load_contact_notes(const Connection& connection,
                                        const CustomerId& customer,
                                        const ContactId& contact) {
    std::optional<Contact> found = CRM_TRY(find_contact(connection, customer, contact));
    if (!found) return Error{ErrorCode::NotFound, "There is no such contact."};
    ContactNotes notes;
    notes.contact = std::move(*found);
    CRM_TRY(complete_notes(connection, notes));
    return notes;
}

Status complete_notes(const Connection& connection, ContactNotes& notes) {
    return sql_guard([&]() -> Status {
        const ContactId id = notes.contact.id;
        CustomerNotes only;
        only.contacts[id] = std::move(notes);
        load_standings(connection, {"contact_id", id.text}, only);
        notes = std::move(only.contacts.at(id));
        return Status();
    });
}

Result<std::optional<RecordOwner>> find_record_owner(const Connection& connection,
                                                     const CustomerId& customer,
                                                     const sync::RemoteKey& record) {
    return sql_guard([&]() -> Result<std::optional<RecordOwner>> {
        Query query(connection,
                    "SELECT contact_id, 0 FROM sync_link WHERE customer = ?1 AND system = ?2 AND "
                    "remote_id = ?3 "
                    "UNION ALL SELECT contact_id, 1 FROM sync_dead "
                    "WHERE customer = ?1 AND system = ?2 AND remote_id = ?3 ORDER BY 2");
        query.bind(customer.text).bind(record.first.text).bind(record.second.text);
        if (!query.step()) return std::optional<RecordOwner>();
        return std::optional(RecordOwner{ContactId(query.text(0)), query.integer(1) != 0});
    });
}

Result<std::set<SystemKey>> load_unanswered(const Connection& connection,
                                            const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::set<SystemKey>> {
        Query query(
            connection,
            "SELECT DISTINCT system FROM sync_intent WHERE customer = ? AND is_unknown = 1");
        query.bind(customer.text);
        std::set<SystemKey> systems;
        while (query.step()) systems.insert(SystemKey(query.text(0)));
        return systems;
    });
}

Result<std::vector<std::pair<ContactId, SystemKey>>> load_interrupted(const Connection& connection,
                                                                      const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<std::pair<ContactId, SystemKey>>> {
        Query query(
            connection,
            "SELECT contact_id, system FROM sync_intent WHERE customer = ? AND is_unknown = 0 "
            "ORDER BY contact_id, system");
        query.bind(customer.text);
        std::vector<std::pair<ContactId, SystemKey>> rows;
        while (query.step()) rows.emplace_back(ContactId(query.text(0)), SystemKey(query.text(1)));
        return rows;
    });
}

}  // namespace crm::store
