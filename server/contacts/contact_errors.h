// What people hear when a change of a contact is refused; and the observer when there is none.
#pragma once

#include "server/contacts/contact_service.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

[[nodiscard]] Error no_such_contact_error();
[[nodiscard]] Error not_there_yet_error(const Contact& contact, TimePoint time);
[[nodiscard]] Error email_taken_error(const Contact& owner);
[[nodiscard]] Error deleted_error(const Contact& contact);

class NobodyObserves final : public ContactObserver {
   public:
    Status contact_changed(store::Transaction& transaction,
                           const Contact* before,
                           const Contact& after) override;
    Status fill_links(const store::Connection& connection,
                      const CustomerId& customer,
                      std::vector<Contact*>& contacts) override;
    void wake(const CustomerId& customer) override;
};

}  // namespace crm
