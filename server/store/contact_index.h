// The full-text indexes that contacts are found by (search_schema.h): kept in the transaction that
// writes the contact, by whoever writes a row of it. For the other store/*.cpp; throws what SQLite
// throws.
#pragma once

#include <string>
#include <string_view>

#include "server/store/database.h"
#include "shared/ids.h"

namespace crm::store {

/// After the row was inserted.
void index_contact(Transaction& transaction, const ContactId& contact, std::string_view search);

/// Before the row is written: its `search` becomes this one.
void reindex_contact(Transaction& transaction, const ContactId& contact, std::string_view search);

/// Before the row is deleted.
void unindex_contact(Transaction& transaction, const ContactId& contact);

}  // namespace crm::store
