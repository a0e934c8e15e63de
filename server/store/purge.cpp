#include "server/store/purge.h"

#include <string_view>

#include "server/store/contact_index.h"
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
    "DELETE FROM history_change WHERE history IN (SELECT id FROM history WHERE contact = ?)",
    "DELETE FROM history WHERE contact = ?",
    "DELETE FROM contacts WHERE id = ?",  // its notes go with it
};

void hash_suppressed(Transaction& transaction,
                     const CustomerId& customer,
                     const ContactId& contact) {
    // What is suppressed for a contact are its aliases (suppress()), and these have an index.
    std::vector<std::string> keys;
    Query find(transaction, "SELECT email_key FROM sync_alias WHERE contact_id = ?");
    find.bind(contact.text);
    while (find.step()) keys.push_back(find.text(0));
    for (const std::string& key : keys) {
        Query(transaction,
              "UPDATE OR REPLACE sync_suppressed SET email_key = ?, contact_id = ''"
              " WHERE customer = ? AND email_key = ? AND contact_id = ?")
            .bind(hashed_key(key))
            .bind(customer.text)
            .bind(key)
            .bind(contact.text)
            .run();
    }
}

void remove(Transaction& transaction, const CustomerId& customer, const ContactId& contact) {
    Query(transaction, "INSERT INTO purging VALUES (?)").bind(contact.text).run();
    hash_suppressed(transaction, customer, contact);
    Query(transaction, "DELETE FROM sync_conflict WHERE customer = ? AND contact_id = ?")
        .bind(customer.text)
        .bind(contact.text)
        .run();
    unindex_contact(transaction, contact);
    for (const std::string_view sql : kRemovals) Query(transaction, sql).bind(contact.text).run();
    Query(transaction, "DELETE FROM purging WHERE contact = ?").bind(contact.text).run();
}

}  // namespace

Result<Purgeable> find_purgeable(const Connection& connection,
                                 const CustomerId& customer,
                                 TimePoint before,
                                 PurgePlace place,
                                 std::size_t most) {
    return sql_guard([&]() -> Result<Purgeable> {
        // In the order of the index contacts_by_deletion: each tombstone is looked at once.
        Query query(connection,
                    "SELECT id, deleted_at, rowid FROM contacts WHERE " + std::string(kIsOld) +
                        " AND (deleted_at, rowid) > (?, ?) AND " + std::string(kIsReady) +
                        " ORDER BY deleted_at, rowid LIMIT ?");
        query.bind(customer.text).bind(before).bind(place.deleted_at).bind(place.row);
        query.bind(static_cast<std::int64_t>(most));
        Purgeable found{{}, place};
        while (query.step()) {
            found.contacts.emplace_back(query.text(0));
            found.place = {query.integer(1), query.integer(2)};
        }
        return found;
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

Status forget_words(Transaction& transaction) {
    return sql_guard([&]() -> Status {
        Query secure(transaction, "PRAGMA secure_delete = ON");
        static_cast<void>(secure.step());
        for (const char* sql : {"INSERT INTO contact_pieces (contact_pieces) VALUES ('optimize')",
                                "INSERT INTO contact_words (contact_words) VALUES ('optimize')"}) {
            Query(transaction, sql).run();
        }
        return {};
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
