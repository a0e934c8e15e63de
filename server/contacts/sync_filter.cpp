#include "server/contacts/sync_filter.h"

#include <algorithm>
#include <utility>

#include "server/limits.h"
#include "server/store/contact_store.h"

namespace crm {
namespace {

/// Everyone that the query finds behind its cursor, in parts; `take` returns false to stop.
template <class Take>
Status walk(const store::Connection& connection,
            const CustomerId& customer,
            ContactQuery query,
            const FillLinks& fill_links,
            Take take) {
    query.limit = kReaderPageRows;
    while (true) {
        api::ContactPage part =
            CRM_TRY(store::list_contacts(connection, customer, query, store::Total::Skipped));
        CRM_TRY(fill_links(connection, part.contacts));
        keep_matching(part.contacts, query.filter);
        if (!take(part.contacts) || part.cursor.empty()) return {};
        query.cursor = part.cursor;
    }
}

}  // namespace

Result<api::ContactPage> list_by_sync(const store::Connection& connection,
                                      const CustomerId& customer,
                                      const ContactQuery& query,
                                      const FillLinks& fill_links) {
    const auto limit = static_cast<std::size_t>(std::clamp(query.limit, 1, kPageSizeMax));
    api::ContactPage page;
    const auto fill_page = [&](std::vector<Contact>& found) {
        for (Contact& contact : found) {
            if (page.contacts.size() > limit) break;  // one more tells whether a page follows
            page.contacts.push_back(std::move(contact));
        }
        return page.contacts.size() <= limit;
    };
    CRM_TRY(walk(connection, customer, query, fill_links, fill_page));
    if (page.contacts.size() > limit) {
        page.contacts.pop_back();
        page.cursor = store::cursor_after(page.contacts.back(), query.sort);
    }
    ContactQuery all = query;
    all.cursor.clear();
    const auto count = [&](const std::vector<Contact>& found) {
        page.total += static_cast<std::int64_t>(found.size());
        return true;
    };
    CRM_TRY(walk(connection, customer, all, fill_links, count));
    return page;
}

void keep_matching(std::vector<Contact>& contacts, const ContactFilter& filter) {
    const auto is_out = [&](const Contact& contact) { return !matches_filter(contact, filter); };
    contacts.erase(std::remove_if(contacts.begin(), contacts.end(), is_out), contacts.end());
}

}  // namespace crm
