#include "server/contacts/contact_reader.h"

#include "server/contacts/contact_reader_state.h"
#include "server/contacts/sync_filter.h"
#include "server/store/contact_store.h"

namespace crm {

ContactReader::ContactReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
ContactReader::ContactReader(ContactReader&&) noexcept = default;
ContactReader& ContactReader::operator=(ContactReader&&) noexcept = default;
ContactReader::~ContactReader() = default;

Result<std::vector<Contact>> ContactReader::next() {
    while (!state_->is_over) {
        api::ContactPage page = CRM_TRY(store::list_contacts(
            state_->snapshot, state_->customer, state_->query, store::Total::Skipped));
        state_->query.cursor = page.cursor;
        state_->is_over = page.cursor.empty();
        if (state_->fill_links) CRM_TRY(state_->fill_links(state_->snapshot, page.contacts));
        if (asks_for_sync(state_->query.filter)) keep_matching(page.contacts, state_->query.filter);
        if (!page.contacts.empty()) return std::move(page.contacts);
    }
    return std::vector<Contact>();
}

}  // namespace crm
