#include "server/store/contact_store.h"

#include "server/store/contact_index.h"
#include "server/store/contact_row.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "shared/text.h"

namespace crm::store {
namespace {

Result<std::optional<Contact>> read_one(Query& query) {
    if (!query.step()) return std::optional<Contact>{};
    Contact contact = CRM_TRY(read_row(query));
    return std::optional<Contact>(std::move(contact));
}

Error no_such_contact() {
    return Error{ErrorCode::NotFound, "There is no such contact; it may have been removed"};
}

}  // namespace

Result<std::optional<Contact>> find_contact(const Connection& connection,
                                            const CustomerId& customer,
                                            const ContactId& id) {
    return sql_guard([&]() -> Result<std::optional<Contact>> {
        Query query(connection,
                    "SELECT " + row_columns() + " FROM contacts WHERE id = ? AND customer = ?");
        query.bind(id.text).bind(customer.text);
        return read_one(query);
    });
}

Result<std::optional<Contact>> find_live_by_email(const Connection& connection,
                                                  const CustomerId& customer,
                                                  std::string_view email_key) {
    if (email_key.empty()) return std::optional<Contact>{};
    return sql_guard([&]() -> Result<std::optional<Contact>> {
        // The index is partial: without its very condition it would not be used.
        Query query(connection,
                    "SELECT " + row_columns() +
                        " FROM contacts WHERE customer = ? AND email_key = ?"
                        " AND deleted_at IS NULL AND email_key <> ''");
        query.bind(customer.text).bind(email_key);
        return read_one(query);
    });
}

Result<std::optional<Contact>> find_any_by_email(const Connection& connection,
                                                 const CustomerId& customer,
                                                 std::string_view email_key) {
    if (email_key.empty()) return std::optional<Contact>{};
    return sql_guard([&]() -> Result<std::optional<Contact>> {
        Query query(connection,
                    "SELECT " + row_columns() +
                        " FROM contacts WHERE customer = ? AND email_key = ?"
                        " ORDER BY deleted_at IS NOT NULL, deleted_at DESC, id LIMIT 1");
        query.bind(customer.text).bind(email_key);
        return read_one(query);
    });
}

Result<std::vector<Contact>> find_live_without_email(const Connection& connection,
                                                     const CustomerId& customer,
                                                     std::string_view name) {
    return sql_guard([&]() -> Result<std::vector<Contact>> {
        Query query(connection,
                    "SELECT " + row_columns() +
                        " FROM contacts WHERE customer = ? AND deleted_at IS NULL"
                        " AND (sort_name = '') = ? AND sort_name = ? AND email_key = ''"
                        " ORDER BY id");
        const std::string sort_name = fold(name);
        query.bind(customer.text).bind(std::int64_t{sort_name.empty() ? 1 : 0}).bind(sort_name);
        std::vector<Contact> contacts;
        while (query.step()) contacts.push_back(CRM_TRY(read_row(query)));
        return contacts;
    });
}

Result<std::vector<Contact>> load_contacts(const Connection& connection,
                                           const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<Contact>> {
        Query query(connection,
                    "SELECT " + row_columns() + " FROM contacts WHERE customer = ? ORDER BY id");
        query.bind(customer.text);
        std::vector<Contact> contacts;
        while (query.step()) contacts.push_back(CRM_TRY(read_row(query)));
        return contacts;
    });
}

Status insert_contact(Transaction& transaction, const Contact& contact) {
    return sql_guard([&]() -> Status {
        Query query(transaction, insert_row_sql());
        query.bind(contact.id.text).bind(contact.customer_id.text);
        query.bind(contact.sources.empty() ? std::string_view("local") : contact.sources.front());
        query.bind(contact.created_at);
        bind_row(query, contact);
        query.run();
        index_contact(transaction, contact.id, search_text(contact.fields));
        return {};
    });
}

Status update_contact(Transaction& transaction,
                      const Contact& contact,
                      std::int64_t expected_version) {
    return sql_guard([&]() -> Status {
        // A version that is not there any more rolls all of it back.
        reindex_contact(transaction, contact.id, search_text(contact.fields));
        Query query(transaction, update_row_sql());
        bind_row(query, contact);
        query.bind(contact.id.text).bind(contact.customer_id.text).bind(expected_version);
        if (query.run() == 1) return {};
        return Error{ErrorCode::VersionMismatch,
                     "Someone else changed this contact, so nothing was saved; look at it again"};
    });
}

Status confirm_contact(Transaction& transaction, const ContactId& id) {
    return sql_guard([&]() -> Status {
        Query(transaction, "UPDATE contacts SET arriving = 0 WHERE id = ?").bind(id.text).run();
        return {};
    });
}

Status withdraw_contact(Transaction& transaction, const ContactId& id) {
    return sql_guard([&]() -> Status {
        Query found(transaction, "SELECT 1 FROM contacts WHERE id = ? AND arriving = 1");
        if (!found.bind(id.text).step()) return no_such_contact();
        unindex_contact(transaction, id);
        for (const char* sql : {"DELETE FROM history_change WHERE history IN"
                                " (SELECT id FROM history WHERE contact = ?)",
                                "DELETE FROM history WHERE contact = ?",
                                "DELETE FROM contacts WHERE id = ?"}) {
            Query(transaction, sql).bind(id.text).run();
        }
        return {};
    });
}

}  // namespace crm::store
