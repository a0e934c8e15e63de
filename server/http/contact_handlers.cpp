// Handlers of /api/contacts.
#include "server/http/contact_handlers.h"

#include <charconv>

#include "server/contacts/contact_at.h"
#include "server/contacts/undo.h"
#include "server/http/respond.h"
#include "server/limits.h"
#include "shared/api_json.h"
#include "shared/api_undo_json.h"
#include "shared/contact_json.h"
#include "shared/contact_query.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::http {
namespace {

Error bad_parameter(std::string message) {
    return {ErrorCode::BadRequest, std::move(message)};
}

Origin person(const Call& call) {
    Origin origin;
    origin.actor = call.caller.user;
    return origin;
}

ContactId id_of(const Call& call) {
    return ContactId(call.parts.at(0));
}

/// Looks at the version and deletes in one transaction.
Status remove_version(ContactService& contacts, const Call& call, std::int64_t expected) {
    const CustomerId& customer = call.caller.customer;
    store::Transaction transaction = CRM_TRY(contacts.begin_write());
    const Contact before = CRM_TRY(contacts.load(transaction, customer, id_of(call)));
    if (before.version != expected) {
        return Error{ErrorCode::VersionMismatch,
                     "Somebody changed this contact since you read it; it was not deleted; read "
                     "it again"};
    }
    static_cast<void>(CRM_TRY(contacts.remove(transaction, customer, before.id, person(call))));
    CRM_TRY(transaction.commit());
    contacts.publish(customer, {before.id});
    contacts.wake(customer);
    return {};
}

Result<int> parse_limit(std::string_view text) {
    int limit = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), limit);
    const bool is_number = problem == std::errc{} && end == text.data() + text.size();
    if (!is_number || limit < 1 || limit > kPageSizeMax) {
        return bad_parameter("The parameter limit must be a whole number from 1 to " +
                             std::to_string(kPageSizeMax));
    }
    return limit;
}

}  // namespace

Result<int> read_limit(const Call& call) {
    const std::string* text = call.find("limit");
    if (text == nullptr) return kPageSizeDefault;
    return parse_limit(*text);
}

Result<ContactQuery> read_contact_query(const Call& call) {
    ContactQuery query;
    if (const std::string* text = call.find("q")) {
        if (count_chars(*text) > kSearchCharsMax) {
            return bad_parameter("The search text is longer than " +
                                 std::to_string(kSearchCharsMax) + " characters");
        }
        query.text = *text;
    }
    if (const std::string* sort = call.find("sort"); sort != nullptr && !sort->empty()) {
        query.sort = CRM_TRY(parse_sort(*sort));
    }
    if (const std::string* filter = call.find("filter"); filter != nullptr && !filter->empty()) {
        query.filter = CRM_TRY(parse_filter(*filter));
    }
    if (const std::string* deleted = call.find("deleted")) {
        query.deleted = CRM_TRY(parse_deleted(*deleted));
    }
    query.limit = CRM_TRY(read_limit(call));
    if (const std::string* cursor = call.find("cursor")) query.cursor = *cursor;
    return query;
}

Result<std::optional<std::int64_t>> read_if_match(const Request& request) {
    const std::vector<std::string_view> values = find_headers(request, "If-Match");
    if (values.empty() || (values.size() == 1 && values[0] == "*")) {
        return std::optional<std::int64_t>();
    }
    const Error malformed{ErrorCode::BadRequest,
                          "If-Match must hold one version in quotes, such as \"3\""};
    std::string_view text = values[0];
    if (values.size() > 1 || text.size() < 3 || text.front() != '"' || text.back() != '"') {
        return malformed;
    }
    text = text.substr(1, text.size() - 2);
    std::int64_t version = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (problem != std::errc{} || end != text.data() + text.size() || version < 0) return malformed;
    return std::optional<std::int64_t>(version);
}

Result<Response> list_contacts(const Services& services, const Call& call) {
    const ContactQuery query = CRM_TRY(read_contact_query(call));
    const api::ContactPage page = CRM_TRY(services.contacts.list(call.caller.customer, query));
    Response response = json_response(200, api::write_contact_page(page));
    const std::string etag = make_etag(response.body);
    response.headers = {
        {"Cache-Control", "private, no-cache"}, {"ETag", etag}, {"Vary", "x-auth-id"}};
    if (has_etag(find_header(call.request, "If-None-Match"), etag)) return not_modified(response);
    return response;
}

Result<Response> create_contact(const Services& services, const Call& call) {
    const ContactPatch patch = CRM_TRY(read_contact_patch(call.request.body));
    const CreateOutcome outcome =
        CRM_TRY(services.contacts.create(call.caller.customer, patch, person(call)));
    Response response = contact_response(outcome.is_new ? 201 : 200, outcome.contact);
    response.headers.emplace_back("Location",
                                  std::string(api::kContactsPath) + '/' + outcome.contact.id.text);
    return response;
}

Result<Response> show_contact(const Services& services, const Call& call) {
    if (const std::string* at = call.find("at")) {
        const std::optional<TimePoint> time = parse_time(*at);
        if (!time) {
            return bad_parameter("The parameter at must be a time such as 2026-11-01T09:00:00Z");
        }
        const Contact then =
            CRM_TRY(contact_at(services.contacts, call.caller.customer, id_of(call), *time));
        return contact_response(200, then);
    }
    const Response response =
        contact_response(200, CRM_TRY(services.contacts.find(call.caller.customer, id_of(call))));
    const std::string etag = response.headers.back().second;
    const std::string_view known = find_header(call.request, "If-None-Match");
    return has_etag(known, etag) ? not_modified(response) : response;
}

Result<Response> update_contact(const Services& services, const Call& call) {
    const std::optional<std::int64_t> expected = CRM_TRY(read_if_match(call.request));
    const ContactPatch patch = CRM_TRY(read_contact_patch(call.request.body));
    return contact_response(200,
                            CRM_TRY(services.contacts.update(
                                call.caller.customer, id_of(call), patch, expected, person(call))));
}

Result<Response> delete_contact(const Services& services, const Call& call) {
    const std::optional<std::int64_t> expected = CRM_TRY(read_if_match(call.request));
    if (expected) {
        CRM_TRY(remove_version(services.contacts, call, *expected));
        return contact_response(200,
                                CRM_TRY(services.contacts.find(call.caller.customer, id_of(call))));
    }
    return contact_response(
        200, CRM_TRY(services.contacts.remove(call.caller.customer, id_of(call), person(call))));
}

Result<Response> delete_contact_by_email(const Services& services, const Call& call) {
    const std::string* email = call.find("email");
    if (email == nullptr || email->empty()) {
        return bad_parameter(
            "Say which contact to delete: DELETE /api/contacts/{id}, or ?email= with its address");
    }
    return contact_response(
        200,
        CRM_TRY(services.contacts.remove_by_email(call.caller.customer, *email, person(call))));
}

Result<Response> restore_contact(const Services& services, const Call& call) {
    return contact_response(
        200, CRM_TRY(services.contacts.restore(call.caller.customer, id_of(call), person(call))));
}

Result<Response> undo_change(const Services& services, const Call& call) {
    const bool is_preview = CRM_TRY(read_truth(call, "preview"));
    const api::Undo undo = CRM_TRY(undo_changes(
        services.contacts, call.caller.customer, call.parts.at(0), call.caller.user, is_preview));
    // Of so many nobody was told one by one.
    const bool is_large = !is_preview && undo.undone > std::int64_t{kImportAnnouncedMax};
    if (is_large) services.events.publish(call.caller.customer, "reset", "{}");
    return json_response(200, api::write_undo(undo));
}

Result<Response> show_history(const Services& services, const Call& call) {
    return json_response(
        200,
        api::write_history(CRM_TRY(services.contacts.history(call.caller.customer, id_of(call)))));
}

}  // namespace crm::http
