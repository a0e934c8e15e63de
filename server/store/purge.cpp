#include "server/store/purge.h"

#include <string_view>

#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "server/store/suppression.h"

namespace crm::store {
namespace {

/// Of a tombstone `contacts`: nothing of it is anywhere, and nothing is on its way.
constexpr std::string_view kIsReady =
    "NOT EXISTS (SELECT 1 FROM sync_link WHERE contact_id = contacts.id"
    " AND confirmed_gone IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM sync_intent WHERE contact_id = contacts.id)"
    " AND NOT EXISTS (SELECT 1 FROM sync_refusal WHERE contact_id = contacts.id)"
    " AND NOT EXISTS (SELECT 1 FROM sync_hold WHERE sync_hold.customer = contacts.customer"
    " AND (contact_id = contacts.id OR suggested = contacts.id))"
    " AND NOT EXISTS (SELECT 1 FROM sync_conflict WHERE sync_conflict.customer = contacts.customer"
    " AND contact_id = contacts.id AND state = 'open')";

constexpr std::string_view kIsOld = "customer = ? AND deleted_at IS NOT NULL AND deleted_at <= ?";

/// Children before parents.
constexpr std::string_view kRemovals[] = {
    "DELETE FROM sync_conflict WHERE contact_id = ?",
    "DELETE FROM history_change WHERE history IN (SELECT id FROM history WHERE contact = ?)",
    "DELETE FROM history WHERE contact = ?",
    "DELETE FROM contacts WHERE id = ?",  // its notes go with it
};

void hash_suppressed(Transaction& transaction,
                     const CustomerId& customer,
                     const ContactId& contact) {
    std::vector<std::string> keys;
    Query find(transaction,
               "SELECT email_key FROM sync_suppressed WHERE customer = ? AND contact_id = ?");
    find.bind(customer.text).bind(contact.text);
    while (find.step()) keys.push_back(find.text(0));
    for (const std::string& key : keys) {
        if (key.starts_with(kHashedKeyStart)) continue;
        Query(transaction,
              "UPDATE OR REPLACE sync_suppressed SET email_key = ?, contact_id = ''"
              " WHERE customer = ? AND email_key = ?")
            .bind(hashed_key(key))
            .bind(customer.text)
            .bind(key)
            .run();
    }
}

void remove(Transaction& transaction, const CustomerId& customer, const ContactId& contact) {
    Query(transaction, "INSERT INTO purging VALUES (?)").bind(contact.text).run();
    hash_suppressed(transaction, customer, contact);
    for (const std::string_view sql : kRemovals) Query(transaction, sql).bind(contact.text).run();
    Query(transaction, "DELETE FROM purging WHERE contact = ?").bind(contact.text).run();
}

}  // namespace

Result<std::vector<ContactId>> find_purgeable(const Connection& connection,
                                              const CustomerId& customer,
                                              TimePoint before,
                                              std::size_t most) {
    return sql_guard([&]() -> Result<std::vector<ContactId>> {
        Query query(connection,
                    "SELECT id FROM contacts WHERE " + std::string(kIsOld) + " AND " +
                        std::string(kIsReady) + " ORDER BY id LIMIT ?");
        query.bind(customer.text).bind(before).bind(static_cast<std::int64_t>(most));
        std::vector<ContactId> contacts;
        while (query.step()) contacts.emplace_back(query.text(0));
        return contacts;
    });
}

Result<std::int64_t> count_not_purgeable(const Connection& connection,
                                         const CustomerId& customer,
                                         TimePoint before) {
    return sql_guard([&]() -> Result<std::int64_t> {
        Query query(connection,
                    "SELECT count(*) FROM contacts WHERE " + std::string(kIsOld) + " AND NOT (" +
                        std::string(kIsReady) + ")");
        query.bind(customer.text).bind(before);
        return query.step() ? query.integer(0) : std::int64_t{0};
    });
}

Status purge(Transaction& transaction,
             const CustomerId& customer,
             const std::vector<ContactId>& contacts) {
    return sql_guard([&]() -> Status {
        Query secure(transaction, "PRAGMA secure_delete = ON");
        static_cast<void>(secure.step());
        for (const ContactId& contact : contacts) remove(transaction, customer, contact);
        return {};
    });
}

}  // namespace crm::store
