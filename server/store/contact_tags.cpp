// The tags of a customer's living contacts.
#include "server/store/contact_store.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"

namespace crm::store {

Result<std::vector<api::TagCount>> list_tags(const Connection& connection,
                                             const CustomerId& customer) {
    return sql_guard([&]() -> Result<std::vector<api::TagCount>> {
        Query query(connection,
                    "SELECT json_each.value, count(*) FROM contacts, json_each(tags)"
                    " WHERE customer = ? AND deleted_at IS NULL AND tags <> '[]'"
                    " GROUP BY json_each.value ORDER BY json_each.value");
        query.bind(customer.text);
        std::vector<api::TagCount> tags;
        while (query.step()) tags.push_back({query.text(0), query.integer(1)});
        return tags;
    });
}

}  // namespace crm::store
