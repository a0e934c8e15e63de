#include "server/http/bulk_handlers.h"

#include "server/contacts/bulk.h"
#include "server/http/contact_handlers.h"
#include "server/http/respond.h"
#include "server/limits.h"
#include "shared/api_bulk_json.h"

namespace crm::http {
namespace {

/// Whom the request is about.
Result<std::vector<ContactId>> find_meant(const Services& services,
                                          const Call& call,
                                          const api::BulkRequest& request) {
    if (!request.query) return request.ids;
    // The same words as in the address of a list.
    Call list{.request = call.request, .caller = call.caller, .parts = {}, .query = {}};
    for (const auto& [name, value] : *request.query) list.query.emplace_back(name, value);
    const ContactQuery query = CRM_TRY(read_contact_query(list));
    return find_ids(services.contacts, call.caller.customer, query, request.without);
}

}  // namespace

void announce_changes(const Services& services,
                      const CustomerId& customer,
                      const std::vector<ContactId>& changed) {
    if (changed.empty()) return;
    if (changed.size() > kImportAnnouncedMax) {
        services.events.publish(customer, "reset", "{}");
    } else {
        services.contacts.publish(customer, changed);
    }
    services.contacts.wake(customer);
}

Result<Response> change_contacts(const Services& services, const Call& call) {
    const api::BulkRequest request = CRM_TRY(api::read_bulk_request(call.request.body));
    const CustomerId& customer = call.caller.customer;
    const std::vector<ContactId> ids = CRM_TRY(find_meant(services, call, request));
    BulkOptions options;
    options.actor = call.caller.user;
    options.is_stopping = [&services] { return services.is_stopping.load(); };
    const Result<BulkOutcome> outcome =
        change_many(services.contacts, customer, ids, request, options);
    if (!outcome.is_ok()) {
        // Earlier batches may be in.
        services.events.publish(customer, "reset", "{}");
        services.contacts.wake(customer);
        return outcome.error();
    }
    announce_changes(services, customer, outcome.value().changed);
    return json_response(200, api::write_bulk_report(outcome.value().report));
}

}  // namespace crm::http
