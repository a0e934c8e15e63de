#include "server/store/contact_index.h"

#include <array>
#include <cstdint>
#include <optional>

#include "server/store/query.h"

namespace crm::store {
namespace {

constexpr std::array<std::string_view, 2> kIndexes{"contact_pieces", "contact_words"};

struct Indexed {
    std::int64_t number = 0;
    std::string search;
};

std::optional<Indexed> find_indexed(const Connection& connection, const ContactId& contact) {
    Query query(connection,
                "SELECT number, search FROM contact_number JOIN contacts ON contacts.id = contact"
                " WHERE contact = ?");
    query.bind(contact.text);
    if (!query.step()) return std::nullopt;
    return Indexed{query.integer(0), query.text(1)};
}

void add(Transaction& transaction, const Indexed& entry) {
    for (const std::string_view index : kIndexes) {
        Query(transaction, "INSERT INTO " + std::string(index) + " (rowid, search) VALUES (?, ?)")
            .bind(entry.number)
            .bind(entry.search)
            .run();
    }
}

/// The index forgets an entry by the very text that it was made of.
void take_out(Transaction& transaction, const Indexed& entry) {
    for (const std::string_view index : kIndexes) {
        const std::string name(index);
        Query(transaction,
              "INSERT INTO " + name + " (" + name + ", rowid, search) VALUES ('delete', ?, ?)")
            .bind(entry.number)
            .bind(entry.search)
            .run();
    }
}

}  // namespace

void index_contact(Transaction& transaction, const ContactId& contact, std::string_view search) {
    Indexed entry{0, std::string(search)};
    {
        Query insert(transaction,
                     "INSERT INTO contact_number (contact) VALUES (?) RETURNING number");
        insert.bind(contact.text);
        while (insert.step()) entry.number = insert.integer(0);
    }
    add(transaction, entry);
}

void reindex_contact(Transaction& transaction, const ContactId& contact, std::string_view search) {
    const std::optional<Indexed> before = find_indexed(transaction, contact);
    if (!before || before->search == search) return;
    take_out(transaction, *before);
    add(transaction, {before->number, std::string(search)});
}

void unindex_contact(Transaction& transaction, const ContactId& contact) {
    if (const std::optional<Indexed> before = find_indexed(transaction, contact)) {
        take_out(transaction, *before);
    }
}

}  // namespace crm::store
