#include "server/contacts/contact_at.h"

#include <utility>

#include "server/contacts/contact_errors.h"

namespace crm {

Result<Contact> contact_at(ContactService& contacts,
                           const CustomerId& customer,
                           const ContactId& id,
                           TimePoint time) {
    const store::Snapshot snapshot = CRM_TRY(contacts.begin_read());
    Contact contact = CRM_TRY(contacts.load(snapshot, customer, id));
    const auto then = CRM_TRY(store::version_at(snapshot, customer, id, time));
    if (!then) return not_there_yet_error(contact, time);
    auto fields = CRM_TRY(store::fields_at(snapshot, contact, then->version));
    if (!fields) return not_there_yet_error(contact, time);
    contact.fields = std::move(*fields);
    contact.version = then->version;
    contact.deleted = then->is_deleted;
    contact.updated_at = then->since;
    contact.arriving = false;
    return contact;
}

}  // namespace crm
