// Reads and writes records for the pages; each form is posted, answered with 303, and shown again
// when it is refused.
#include "server/sandbox/pages.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "server/sandbox/crm.h"
#include "server/sandbox/fault_panel.h"
#include "server/sandbox/html.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/page_parts.h"
#include "server/sandbox/restore.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm::sandbox {
namespace {

Result<Response> show_list(const Visit& visit) {
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Read));
    constexpr std::int64_t kPageMax = 1'000'000;
    const std::int64_t number = std::clamp<std::int64_t>(
        parse_id(visit.request.parameter("page")).value_or(1), 1, kPageMax);
    Found found{.records = {}, .total = 0, .page = static_cast<std::size_t>(number)};
    if (!visit.request.parameter("deleted").empty()) found.shown = Shown::Deleted;
    const RecordQuery query{.system = visit.system,
                            .shown = found.shown,
                            .offset = (found.page - 1) * kSandboxAppRecords,
                            .limit = kSandboxAppRecords,
                            .text = visit.request.parameter("q")};
    found.total = CRM_TRY(session.count(query));
    found.records = CRM_TRY(session.list(query));
    return list_page(visit, found);
}

Result<Response> show_one(const Visit& visit) {
    const std::string id = visit.request.segment(3);
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Read));
    const CrmAnswer answer = CRM_TRY(crm_of(visit.system).find(session, id));
    if (const auto* record = std::get_if<Record>(&answer)) {
        return contact_page(visit, *record, draft_of(*record), "");
    }
    const CrmAnswer in_bin = CRM_TRY(find_with_bin(session, visit.system, id));
    if (const auto* record = std::get_if<Record>(&in_bin)) return deleted_page(visit, *record, "");
    return sorry(visit, 404, "There is no such contact any more");
}

// --- Posts ------------------------------------------------------------------------------------

// Browsers say where a form was sent from. A program that says nothing is no browser, and carries
// no person's visit to another site.
bool is_own_form(const Request& request) {
    const std::string site = request.header("sec-fetch-site");
    const std::string origin = request.header("origin");
    if (!site.empty() && site != "same-origin") return false;
    return origin.empty() || origin == "http://" + request.header("host");
}

std::optional<Draft> read_form(const Visit& visit) {
    const std::optional<QueryParams> form = parse_query(visit.request.body);
    if (!form) return std::nullopt;
    Draft draft;
    for (const auto& [name, value] : *form) {
        if (!is_utf8(name) || !is_utf8(value)) return std::nullopt;
        for (const FormField& field : form_of(visit.system)) {
            if (field.name == name) draft.*field.draft = value;
        }
    }
    return draft;
}

void note(const Visit& visit, std::string_view action, const CrmAnswer& answer) {
    const auto* record = std::get_if<Record>(&answer);
    visit.desk.calls.add({.customer = visit.desk.options.dev_customer,
                          .door = Door::Page,
                          .system = visit.system,
                          .method = "POST",
                          .action = std::string(action),
                          .status = record == nullptr ? 422 : 303,
                          .record_id = record == nullptr ? "" : std::to_string(record->id),
                          .outcome = record == nullptr ? "refused" : "ok",
                          .is_applied = record != nullptr},
                         visit.desk.clock.now());
}

Result<Response> create(const Visit& visit) {
    const std::optional<Draft> draft = read_form(visit);
    if (!draft) return sorry(visit, 400, "The form could not be read; nothing was changed");
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Write));
    const CrmAnswer answer =
        CRM_TRY(crm_of(visit.system).create(session, *draft, visit.desk.clock.now()));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) {
        note(visit, "create", answer);
        return new_page(visit, *draft, refusal->message);
    }
    CRM_TRY(session.commit());
    note(visit, "create", answer);
    return see_other(contact_path(std::get<Record>(answer)) + "?done=created");
}

// Only what was edited: saving a form must not replace a list of e-mails by the one it shows.
Draft edited_part(System system, const Draft& wanted, const Draft& current) {
    Draft edited;
    for (const FormField& field : form_of(system)) {
        const auto& value = wanted.*field.draft;
        if (value && value != current.*field.draft) edited.*field.draft = value;
    }
    return edited;
}

Result<Response> update(const Visit& visit) {
    const std::optional<Draft> draft = read_form(visit);
    if (!draft) return sorry(visit, 400, "The form could not be read; nothing was changed");
    const Crm& crm = crm_of(visit.system);
    const std::string id = visit.request.segment(3);
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Write));
    const CrmAnswer found = CRM_TRY(crm.find(session, id));
    const auto* old = std::get_if<Record>(&found);
    if (old == nullptr) return sorry(visit, 404, "There is no such contact any more");
    const Draft edited = edited_part(visit.system, *draft, draft_of(*old));
    const CrmAnswer answer = CRM_TRY(crm.update(session, id, edited, visit.desk.clock.now()));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) {
        note(visit, "update", answer);
        return contact_page(visit, *old, *draft, refusal->message);
    }
    CRM_TRY(session.commit());
    note(visit, "update", answer);
    return see_other(contact_path(*old) + "?done=saved");
}

Result<Response> remove(const Visit& visit) {
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Write));
    const CrmAnswer answer = CRM_TRY(
        crm_of(visit.system).remove(session, visit.request.segment(3), visit.desk.clock.now()));
    if (std::holds_alternative<CrmRefusal>(answer)) {
        return sorry(visit, 404, "There is no such contact any more");
    }
    CRM_TRY(session.commit());
    note(visit, "delete", answer);
    return see_other(app_path(visit.system) + "?done=deleted");
}

Result<Response> merge(const Visit& visit, const std::string& kept, const std::string& other) {
    const Crm& crm = crm_of(visit.system);
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Write));
    const CrmAnswer answer =
        CRM_TRY(crm.merge(session, kept, other, MergedId::New, visit.desk.clock.now()));
    note(visit, "merge", answer);
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) {
        return sorry(visit, 422, "The records were not merged: " + refusal->message);
    }
    CRM_TRY(session.commit());
    return see_other(contact_path(std::get<Record>(answer)) + "?done=merged");
}

Result<Response> merge_other(const Visit& visit) {
    const std::optional<QueryParams> form = parse_query(visit.request.body);
    const std::string other =
        form && !form->empty() && form->front().first == "other" ? form->front().second : "";
    return merge(visit, visit.request.segment(3), other);
}

// The boxes that were ticked in the list.
Result<Response> merge_picked(const Visit& visit) {
    std::vector<std::string> picked;
    for (const auto& [name, value] : parse_query(visit.request.body).value_or(QueryParams{})) {
        if (name == "record") picked.push_back(value);
    }
    if (picked.size() != 2) {
        return sorry(visit, 422, "Pick exactly two records to merge; nothing was changed");
    }
    return merge(visit, picked.front(), picked.back());
}

Result<Response> restore(const Visit& visit) {
    const std::string id = visit.request.segment(3);
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Write));
    const CrmAnswer answer =
        CRM_TRY(restore_record(session, visit.system, id, visit.desk.clock.now()));
    note(visit, "restore", answer);
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) {
        const CrmAnswer found = CRM_TRY(find_with_bin(session, visit.system, id));
        const auto* record = std::get_if<Record>(&found);
        return record != nullptr && record->deleted_at
                   ? deleted_page(visit, *record, refusal->message)
                   : sorry(visit, refusal->status, refusal->message);
    }
    CRM_TRY(session.commit());
    return see_other(contact_path(std::get<Record>(answer)) + "?done=restored");
}

Result<Response> post_contact(const Visit& visit) {
    const Request& request = visit.request;
    const std::string part = request.segment(4);
    if (request.segments.size() == 3) return create(visit);
    if (request.segments.size() == 4) return update(visit);
    if (request.segments.size() == 5 && part == "delete") return remove(visit);
    if (request.segments.size() == 5 && part == "merge") return merge_other(visit);
    if (request.segments.size() == 5 && part == "restore") return restore(visit);
    return sorry(visit, 404, "There is nothing at this address");
}

Result<Response> post(const Visit& visit) {
    const Request& request = visit.request;
    if (!is_own_form(request)) {
        return sorry(visit, 403, "This form was sent from another site; nothing was changed");
    }
    if (!request.header("content-type").starts_with("application/x-www-form-urlencoded") &&
        !request.body.empty()) {
        return sorry(visit, 415, "Only the forms of these pages are understood here");
    }
    const std::string part = request.segment(2);
    if (part == "contacts") return post_contact(visit);
    if (request.is("POST", 3) && part == "merge") return merge_picked(visit);
    if (request.is("POST", 3) && part == "faults") {
        return switch_fault_on(visit.desk, visit.system, request);
    }
    if (request.is("POST", 4) && part == "faults" && request.segment(3) == "end") {
        return end_faults(visit.desk, visit.system);
    }
    return sorry(visit, 404, "There is nothing at this address");
}

Result<Response> dispatch(const Visit& visit) {
    const Request& request = visit.request;
    const bool is_contacts = request.segment(2) == "contacts";
    if (request.is("GET", 2)) return show_list(visit);
    if (request.is("GET", 3) && request.segment(2) == "new") return new_page(visit, {}, "");
    if (request.is("GET", 4) && is_contacts) return show_one(visit);
    if (request.is("GET", 3) && request.segment(2) == "faults") {
        return show_fault_panel(visit.desk, visit.system);
    }
    if (request.method == "POST") return post(visit);
    return sorry(visit, 404, "There is nothing at this address");
}

}  // namespace

Response answer_page(const Desk& desk, const Request& request) {
    const Visit visit{.desk = desk,
                      .system = find_system(request.segment(0)).value_or(System::HubSpot),
                      .request = request};
    Result<Response> response = dispatch(visit);
    return response.is_ok() ? response.take() : sorry(visit, 500, response.error().message);
}

}  // namespace crm::sandbox
