#include "server/http/duplicate_handlers.h"

#include "server/contacts/duplicates.h"
#include "server/contacts/merge.h"
#include "server/http/contact_handlers.h"
#include "server/http/respond.h"
#include "shared/api_duplicates_json.h"
#include "shared/contact_parse.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::http {
namespace {

/// What is being typed, in parameters; nullopt: none was given, so everybody is asked for. What no
/// contact could have finds nobody, as it is half typed.
Result<std::optional<ContactFields>> read_typed(const Call& call) {
    ContactFields typed;
    bool is_given = false;
    for (const char* name : {"name", "email", "phone", "company"}) {
        const std::string* text = call.find(name);
        if (text == nullptr) continue;
        const FieldSpec* spec = find_field(name);
        if (count_chars(*text) > spec->chars_max) {
            return Error{ErrorCode::BadRequest,
                         "The parameter " + std::string(name) + " is longer than " +
                             std::to_string(spec->chars_max) + " characters"};
        }
        is_given = true;
        typed.*spec->member = trim(*text);
    }
    if (!is_given) return std::optional<ContactFields>();
    return std::optional<ContactFields>(std::move(typed));
}

}  // namespace

Result<Response> list_duplicates(const Services& services, const Call& call) {
    const CustomerId& customer = call.caller.customer;
    if (const auto typed = CRM_TRY(read_typed(call))) {
        const std::string* self = call.find("except");
        const ContactId id(self == nullptr ? std::string() : *self);
        return json_response(200,
                             api::write_duplicates(CRM_TRY(
                                 find_duplicates_of(services.contacts, customer, *typed, id))));
    }
    const int limit = CRM_TRY(read_limit(call));
    const std::string* cursor = call.find("cursor");
    return json_response(
        200,
        api::write_duplicates(CRM_TRY(crm::list_duplicates(
            services.contacts, customer, limit, cursor == nullptr ? std::string() : *cursor))));
}

Result<Response> keep_separate(const Services& services, const Call& call) {
    const std::vector<ContactId> pair = CRM_TRY(api::read_pair(call.request.body));
    CRM_TRY(crm::keep_separate(services.contacts, call.caller.customer, pair, call.caller.user));
    return json_response(200, R"({"separate":true})");
}

Result<Response> merge_contacts(const Services& services, const Call& call) {
    const bool is_preview = CRM_TRY(read_truth(call, "preview"));
    const api::MergeRequest request = CRM_TRY(api::read_merge_request(call.request.body));
    return json_response(
        200,
        api::write_merge(CRM_TRY(crm::merge_contacts(
            services.contacts, call.caller.customer, request, call.caller.user, is_preview))));
}

Result<Response> list_tags(const Services& services, const Call& call) {
    const store::Snapshot snapshot = CRM_TRY(services.contacts.begin_read());
    return json_response(
        200, api::write_tag_counts(CRM_TRY(store::list_tags(snapshot, call.caller.customer))));
}

}  // namespace crm::http
