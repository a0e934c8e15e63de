#include "server/store/merge_store.h"

#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "shared/contact_json.h"

namespace crm::store {
namespace {

Result<std::vector<LabeledValue>> read_list(const std::string& json) {
    if (json == "[]") return std::vector<LabeledValue>{};
    auto values = read_values(json);
    if (values) return std::move(*values);
    return Error{ErrorCode::Internal, "A stored contact cannot be read; restore a backup"};
}

std::vector<MovedLink> load_moved(const Connection& connection, const std::string& merge) {
    Query query(connection,
                "SELECT system, remote_id, was_detached FROM contact_merge_link WHERE merge = ?"
                " ORDER BY system");
    query.bind(merge);
    std::vector<MovedLink> moved;
    while (query.step()) {
        moved.push_back({SystemKey(query.text(0)), RemoteId(query.text(1)), query.integer(2) != 0});
    }
    return moved;
}

}  // namespace

Status add_merge(Transaction& transaction, const CustomerId& customer, const MergeRow& row) {
    return sql_guard([&]() -> Status {
        Query insert(transaction, "INSERT INTO contact_merge VALUES (?, ?, ?, ?, ?, NULL)");
        insert.bind(row.id).bind(customer.text).bind(row.winner.text).bind(row.loser.text);
        insert.bind(row.at).run();
        for (const MovedLink& link : row.moved) {
            Query(transaction, "INSERT INTO contact_merge_link VALUES (?, ?, ?, ?)")
                .bind(row.id)
                .bind(link.system.text)
                .bind(link.record.text)
                .bind(std::int64_t{link.was_detached ? 1 : 0})
                .run();
        }
        return {};
    });
}

Result<std::optional<MergeRow>> find_merge(const Connection& connection,
                                           const CustomerId& customer,
                                           const std::string& id) {
    return sql_guard([&]() -> Result<std::optional<MergeRow>> {
        Query query(connection,
                    "SELECT winner, loser, at, undone_at FROM contact_merge"
                    " WHERE id = ? AND customer = ?");
        query.bind(id).bind(customer.text);
        if (!query.step()) return std::optional<MergeRow>();
        MergeRow row;
        row.id = id;
        row.winner = ContactId(query.text(0));
        row.loser = ContactId(query.text(1));
        row.at = query.time(2);
        if (!query.is_null(3)) row.undone_at = query.time(3);
        row.moved = load_moved(connection, id);
        return std::optional<MergeRow>(std::move(row));
    });
}

Status end_merge(Transaction& transaction, const std::string& id, TimePoint undone_at) {
    return sql_guard([&]() -> Status {
        Query(transaction, "UPDATE contact_merge SET undone_at = ? WHERE id = ?")
            .bind(undone_at)
            .bind(id)
            .run();
        return {};
    });
}

Result<std::map<ContactId, ContactId>> load_merged(const Connection& connection,
                                                   const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::map<ContactId, ContactId>> {
        Query query(connection,
                    "SELECT loser, winner FROM contact_merge WHERE customer = ?"
                    " AND undone_at IS NULL ORDER BY at");
        query.bind(customer.text);
        std::map<ContactId, ContactId> merged;
        while (query.step()) merged[ContactId(query.text(0))] = ContactId(query.text(1));
        return merged;
    });
}

ContactPair make_pair_of(ContactId left, ContactId right) {
    if (right < left) std::swap(left, right);
    return {std::move(left), std::move(right)};
}

Status keep_separate(Transaction& transaction,
                     const CustomerId& customer,
                     const ContactPair& pair,
                     const std::string& actor,
                     TimePoint at) {
    return sql_guard([&]() -> Status {
        Query(transaction, "INSERT OR IGNORE INTO kept_separate VALUES (?, ?, ?, ?, ?)")
            .bind(pair.first.text)
            .bind(pair.second.text)
            .bind(customer.text)
            .bind(actor)
            .bind(at)
            .run();
        return {};
    });
}

Result<std::set<ContactPair>> load_kept_separate(const Connection& connection,
                                                 const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::set<ContactPair>> {
        Query query(connection, "SELECT first, second FROM kept_separate WHERE customer = ?");
        query.bind(customer.text);
        std::set<ContactPair> pairs;
        while (query.step()) pairs.emplace(ContactId(query.text(0)), ContactId(query.text(1)));
        return pairs;
    });
}

Result<std::vector<Contact>> load_comparable(const Connection& connection,
                                             const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<Contact>> {
        Query query(connection,
                    "SELECT id, name, email, phone, company, more_emails, more_phones FROM contacts"
                    " WHERE customer = ? AND deleted_at IS NULL AND arriving = 0 ORDER BY id");
        query.bind(customer.text);
        std::vector<Contact> contacts;
        while (query.step()) {
            Contact contact;
            contact.id = ContactId(query.text(0));
            contact.customer_id = customer;
            contact.fields.name = query.text(1);
            contact.fields.email = query.text(2);
            contact.fields.phone = query.text(3);
            contact.fields.company = query.text(4);
            contact.fields.more_emails = CRM_TRY(read_list(query.text(5)));
            contact.fields.more_phones = CRM_TRY(read_list(query.text(6)));
            contacts.push_back(std::move(contact));
        }
        return contacts;
    });
}

}  // namespace crm::store
