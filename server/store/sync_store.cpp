#include "server/store/sync_store.h"

#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "server/store/suppression.h"
#include "server/store/sync_text.h"
#include "shared/text.h"

namespace crm::store {
namespace {

using sync::FieldShadow;
using sync::Intent;
using sync::Link;
using sync::Refusal;
using sync::Standing;

void save_values(const Transaction& transaction,
                 const Contact& contact,
                 const SystemKey& system,
                 const std::string& field,
                 const FieldShadow& shadow) {
    int position = 0;
    const auto insert = [&](std::string_view kind,
                            const std::string& raw,
                            const std::string& app,
                            TimePoint until) {
        Query(transaction, "INSERT INTO sync_value VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(contact.id.text)
            .bind(system.text)
            .bind(field)
            .bind(kind)
            .bind(std::int64_t{position++})
            .bind(contact.customer_id.text)
            .bind(raw)
            .bind(app)
            .bind(until)
            .run();
    };
    for (const auto& old : shadow.superseded) {
        const std::int64_t late_by = old.late_by.count();
        insert("superseded", old.raw, late_by == 0 ? "" : std::to_string(late_by), old.until);
    }
    for (const auto& sent : shadow.sent) insert("sent", sent.raw, sent.app, sent.until);
    for (const auto& lost : shadow.lost) insert("lost", lost.raw, lost.app, lost.until);
    for (const std::string& raw : shadow.noted) insert("noted", raw, "", shadow.settle_until);
}

void save_link(const Transaction& transaction,
               const Contact& contact,
               const SystemKey& system,
               const Link& link) {
    Query(transaction, "INSERT INTO sync_link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(contact.id.text)
        .bind(system.text)
        .bind(contact.customer_id.text)
        .bind(link.id.text)
        .bind(link.url)
        .bind(link.linked_at)
        .bind(link.visible_until)
        .bind(std::int64_t{link.absent_count})
        .bind(link.last_absent_start)
        .bind(link.delete_acked)
        .bind(link.confirmed_gone)
        .bind(std::int64_t{link.redeletes})
        .bind(std::int64_t{link.is_dying ? 1 : 0})
        .bind(link.synced_at)
        .bind(link.version)
        .run();
    for (const auto& [field, shadow] : link.fields) {
        Query(transaction, "INSERT INTO sync_shadow VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(contact.id.text)
            .bind(system.text)
            .bind(field)
            .bind(contact.customer_id.text)
            .bind(shadow.raw)
            .bind(shadow.app)
            .bind(shadow.settle_until)
            .bind(std::int64_t{shadow.is_settling_own ? 1 : 0})
            .bind(shadow.doubt_until)
            .run();
        save_values(transaction, contact, system, field, shadow);
    }
}

void save_intent(const Transaction& transaction,
                 const Contact& contact,
                 const SystemKey& system,
                 const Intent& intent) {
    Query(transaction, "INSERT INTO sync_intent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(contact.id.text)
        .bind(system.text)
        .bind(contact.customer_id.text)
        .bind(kind_text(intent.kind))
        .bind(intent.id.text)
        .bind(write_texts(intent.raw))
        .bind(write_texts(intent.app))
        .bind(intent.email_key)
        .bind(std::int64_t{intent.is_unknown ? 1 : 0})
        .bind(intent.sent_at)
        .bind(intent.deadline)
        .bind(std::int64_t{intent.absent_count})
        .run();
}

void save_refusal(const Transaction& transaction,
                  const Contact& contact,
                  const SystemKey& system,
                  const Refusal& refusal) {
    Query(transaction, "INSERT INTO sync_refusal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(contact.id.text)
        .bind(system.text)
        .bind(contact.customer_id.text)
        .bind(kind_text(refusal.kind))
        .bind(refusal.code)
        .bind(refusal.message)
        .bind(refusal.action)
        .bind(write_texts(refusal.raw))
        .bind(std::int64_t{refusal.attempts})
        .bind(refusal.next_try_at)
        .run();
}

void save_notes(const Transaction& transaction,
                const Contact& contact,
                const SystemKey& system,
                const Standing& standing) {
    const auto insert =
        [&](std::string_view kind, const std::string& field, const std::string& text) {
            Query(transaction, "INSERT INTO sync_note VALUES (?, ?, ?, ?, ?, ?)")
                .bind(contact.id.text)
                .bind(system.text)
                .bind(kind)
                .bind(field)
                .bind(contact.customer_id.text)
                .bind(text)
                .run();
        };
    for (const auto& [field, value] : standing.parked) insert("parked", field, write_parked(value));
    for (const auto& [field, value] : standing.oscillations) {
        insert("oscillation", field, write_oscillation(value));
    }
    if (standing.is_detached) insert("detached", "", standing.is_merged ? kMergedNote : "");
}

}  // namespace

Status save_standing(Transaction& transaction,
                     const Contact& contact,
                     const SystemKey& system,
                     const Standing& standing) {
    return sql_guard([&]() -> Status {
        for (const std::string_view table :
             {"sync_link", "sync_intent", "sync_refusal", "sync_vanished", "sync_note"}) {
            Query(transaction,
                  "DELETE FROM " + std::string(table) + " WHERE contact_id = ? AND system = ?")
                .bind(contact.id.text)
                .bind(system.text)
                .run();
        }
        if (standing.link) save_link(transaction, contact, system, *standing.link);
        if (standing.intent) save_intent(transaction, contact, system, *standing.intent);
        if (standing.refusal) save_refusal(transaction, contact, system, *standing.refusal);
        if (standing.has_vanished) {
            Query(transaction, "INSERT INTO sync_vanished VALUES (?, ?, ?)")
                .bind(contact.id.text)
                .bind(system.text)
                .bind(contact.customer_id.text)
                .run();
        }
        save_notes(transaction, contact, system, standing);
        return Status();
    });
}

Status add_alias(Transaction& transaction, const Contact& contact, const std::string& email_key) {
    return sql_guard([&]() -> Status {
        Query(transaction, "INSERT OR IGNORE INTO sync_alias VALUES (?, ?, ?)")
            .bind(contact.customer_id.text)
            .bind(email_key)
            .bind(contact.id.text)
            .run();
        return Status();
    });
}

Status add_dead(Transaction& transaction,
                const CustomerId& customer,
                const sync::RemoteKey& record,
                const ContactId& contact,
                TimePoint since) {
    return sql_guard([&]() -> Status {
        Query(transaction, "INSERT OR IGNORE INTO sync_dead VALUES (?, ?, ?, ?, ?)")
            .bind(customer.text)
            .bind(record.first.text)
            .bind(record.second.text)
            .bind(contact.text)
            .bind(since)
            .run();
        return Status();
    });
}

Status remove_dead(Transaction& transaction,
                   const CustomerId& customer,
                   const sync::RemoteKey& record) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "DELETE FROM sync_dead WHERE customer = ? AND system = ? AND remote_id = ?")
            .bind(customer.text)
            .bind(record.first.text)
            .bind(record.second.text)
            .run();
        return Status();
    });
}

Status suppress(Transaction& transaction, const Contact& contact, TimePoint since) {
    return sql_guard([&]() -> Status {
        Query(transaction,
              "INSERT OR REPLACE INTO sync_suppressed SELECT customer, email_key, contact_id, ? "
              "FROM sync_alias WHERE contact_id = ?")
            .bind(since)
            .bind(contact.id.text)
            .run();
        return Status();
    });
}

Status lift_suppression(Transaction& transaction, const Contact& contact) {
    return sql_guard([&]() -> Status {
        const std::string key = email_key(contact.fields.email).value_or("");
        Query(transaction,
              "DELETE FROM sync_suppressed WHERE customer = ?"
              " AND (email_key IN (?, ?) OR contact_id = ?)")
            .bind(contact.customer_id.text)
            .bind(key)
            .bind(hashed_key(key))
            .bind(contact.id.text)
            .run();
        return Status();
    });
}

Status forget_contact(Transaction& transaction, const ContactId& contact) {
    return sql_guard([&]() -> Status {
        for (const std::string_view table : {"sync_link",
                                             "sync_intent",
                                             "sync_refusal",
                                             "sync_vanished",
                                             "sync_note",
                                             "sync_alias"}) {
            Query(transaction, "DELETE FROM " + std::string(table) + " WHERE contact_id = ?")
                .bind(contact.text)
                .run();
        }
        return Status();
    });
}

}  // namespace crm::store
