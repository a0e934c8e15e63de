// Each page is a string; each form is posted, answered with 303, and shown again when it is
// refused.
#include "server/sandbox/pages.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "server/sandbox/crm.h"
#include "server/sandbox/html.h"
#include "shared/limits.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm::sandbox {
namespace {

// One input of the forms; `name` is also the name in the posted form.
struct FormField {
    std::string_view name;
    std::string_view label;
    std::optional<std::string> Draft::*draft;
};

constexpr FormField kHubSpotForm[] = {{"firstname", "First name", &Draft::first_name},
                                      {"lastname", "Last name", &Draft::last_name},
                                      {"email", "Email", &Draft::email},
                                      {"phone", "Phone number", &Draft::phone},
                                      {"jobtitle", "Job title", &Draft::job_title},
                                      {"company", "Company name", &Draft::company},
                                      {"pronouns", "Pronouns", &Draft::pronouns},
                                      {"crm_contact_id", "CRM contact ID", &Draft::marker}};

constexpr FormField kPipedriveForm[] = {{"name", "Name", &Draft::name},
                                        {"email", "Email", &Draft::email},
                                        {"phone", "Phone", &Draft::phone},
                                        {"job_title", "Job title", &Draft::job_title},
                                        {"org_name", "Organization", &Draft::company},
                                        {"pronouns", "Pronouns", &Draft::pronouns},
                                        {"crm_contact_id", "CRM contact ID", &Draft::marker}};

std::span<const FormField> form_of(System system) {
    if (system == System::HubSpot) return kHubSpotForm;
    return kPipedriveForm;
}

// The record as its form shows it.
Draft draft_of(const Record& record) {
    return {.name = record.name,
            .first_name = record.first_name,
            .last_name = record.last_name,
            .email = primary_of(record.emails),
            .phone = primary_of(record.phones),
            .job_title = record.job_title,
            .pronouns = record.pronouns,
            .company = record.company,
            .marker = record.marker};
}

std::string app_path(System system) {
    return "/" + std::string(key_of(system)) + "/app";
}

std::string contact_path(const Record& record) {
    return app_path(record.system) + "/contacts/" + std::to_string(record.id);
}

// The person at the pages: one CRM, the dev customer's.
struct Visit {
    const Desk& desk;
    System system;
    const Request& request;

    [[nodiscard]] CustomerId customer() const { return CustomerId(desk.options.dev_customer); }
};

std::string done_note(const Request& request) {
    const std::string done = request.parameter("done");
    std::string_view sentence;
    if (done == "created") sentence = "The contact was created";
    if (done == "saved") sentence = "The contact was saved";
    if (done == "merged") sentence = "The two records are one now";
    if (done == "deleted") sentence = "The contact was deleted";
    if (sentence.empty()) return {};
    return "<p class=\"note\" role=\"status\">" + std::string(sentence) + "</p>\n";
}

std::string problem_note(std::string_view problem) {
    if (problem.empty()) return {};
    return "<p class=\"note\" role=\"alert\">" + escape_html(problem) + "</p>\n";
}

Response sorry(const Visit& visit, int status, std::string_view sentence) {
    return html_response(status,
                         page_html(visit.system, "That did not work", problem_note(sentence)));
}

// --- The list ---------------------------------------------------------------------------------

std::string row_html(const Record& record) {
    const std::string name = record.name.empty() ? "(no name)" : record.name;
    std::string html = "<tr><th scope=\"row\" dir=\"auto\"><a href=\"" + contact_path(record) +
                       "\">" + escape_html(name) + "</a></th>";
    for (const std::string& text :
         {primary_of(record.emails), primary_of(record.phones), record.job_title, record.company}) {
        html += "<td dir=\"auto\">" + escape_html(text) + "</td>";
    }
    return html + "</tr>\n";
}

std::string table_html(const std::vector<Record>& records) {
    if (records.empty()) return "<p>No contact matches</p>\n";
    std::string html =
        "<table>\n<thead><tr><th scope=\"col\">Name</th><th scope=\"col\">Email</th>"
        "<th scope=\"col\">Phone</th><th scope=\"col\">Job title</th>"
        "<th scope=\"col\">Company</th></tr></thead>\n<tbody>\n";
    for (const Record& record : records) html += row_html(record);
    return html + "</tbody>\n</table>\n";
}

std::string page_link(const Visit& visit, std::size_t number, std::string_view label) {
    QueryParams query = {{"page", std::to_string(number)}};
    const std::string text = visit.request.parameter("q");
    if (!text.empty()) query.emplace_back("q", text);
    return "<a href=\"" + app_path(visit.system) + "?" + escape_html(format_query(query)) + "\">" +
           std::string(label) + "</a> ";
}

std::string tools_html(const Visit& visit) {
    const std::string path = app_path(visit.system);
    return "<div class=\"tools\">\n<form role=\"search\" method=\"get\" action=\"" + path +
           "\">\n<label for=\"q\">Search contacts</label>\n<input id=\"q\" name=\"q\" "
           "type=\"search\" dir=\"auto\" value=\"" +
           escape_html(visit.request.parameter("q")) +
           "\">\n<button type=\"submit\">Search</button>\n</form>\n<a class=\"button\" href=\"" +
           path + "/new\">Create contact</a>\n</div>\n";
}

Result<Response> show_list(const Visit& visit) {
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Read));
    constexpr std::int64_t kPageMax = 1'000'000;
    const std::int64_t number = std::clamp<std::int64_t>(
        parse_id(visit.request.parameter("page")).value_or(1), 1, kPageMax);
    const auto page = static_cast<std::size_t>(number);
    RecordQuery query{.system = visit.system,
                      .offset = (page - 1) * kSandboxAppRecords,
                      .limit = kSandboxAppRecords,
                      .text = visit.request.parameter("q")};
    const std::size_t total = CRM_TRY(session.count(query));
    const std::vector<Record> records = CRM_TRY(session.list(query));
    const std::size_t pages =
        std::max<std::size_t>(1, (total + kSandboxAppRecords - 1) / kSandboxAppRecords);
    std::string html = done_note(visit.request) + tools_html(visit) + "<p>" +
                       std::to_string(total) + " contacts, page " + std::to_string(page) + " of " +
                       std::to_string(pages) + "</p>\n" + table_html(records) +
                       "<nav aria-label=\"Pages\">\n";
    if (page > 1) html += page_link(visit, page - 1, "Previous page");
    if (page < pages) html += page_link(visit, page + 1, "Next page");
    html += "</nav>\n";
    const std::string title = std::string(label_of(visit.system)) + " contacts";
    return html_response(200, page_html(visit.system, title, html));
}

// --- Forms ------------------------------------------------------------------------------------

std::string form_html(System system, const std::string& action, const Draft& values) {
    std::string html = "<form method=\"post\" action=\"" + action + "\">\n";
    for (const FormField& field : form_of(system)) {
        const std::string name(field.name);
        const std::string kind = name == "email" ? "email" : name == "phone" ? "tel" : "text";
        html += "<label for=\"" + name + "\">" + std::string(field.label) +
                "</label>\n<input id=\"" + name + "\" name=\"" + name + "\" type=\"" + kind +
                "\" dir=\"auto\" value=\"" + escape_html((values.*field.draft).value_or("")) +
                "\">\n";
    }
    return html + "<button type=\"submit\">Save</button>\n</form>\n";
}

Response show_new(const Visit& visit, const Draft& values, std::string_view problem, int status) {
    return html_response(
        status,
        page_html(visit.system,
                  "Create contact",
                  problem_note(problem) +
                      form_html(visit.system, app_path(visit.system) + "/contacts", values)));
}

std::string further_values(std::string_view label, const std::vector<Reach>& list) {
    if (list.size() < 2) return {};
    std::string html = "<p>" + std::string(label) + ":";
    for (const Reach& reach : list) html += " " + escape_html(reach.value) + ";";
    html.back() = '.';
    return html + "</p>\n";
}

// Where a CRM can merge at all.
std::string merge_form(const Record& record) {
    if (record.system == System::Practice) return {};
    return "<form method=\"post\" action=\"" + contact_path(record) +
           "/merge\">\n<label for=\"other\">Record to merge into this one</label>\n"
           "<input id=\"other\" name=\"other\" type=\"text\" inputmode=\"numeric\">\n"
           "<button class=\"quiet\" type=\"submit\">Merge</button>\n</form>\n";
}

Response show_contact(const Visit& visit,
                      const Record& record,
                      const Draft& values,
                      std::string_view problem) {
    const std::string path = contact_path(record);
    const std::string title = record.name.empty() ? primary_of(record.emails) : record.name;
    return html_response(
        problem.empty() ? 200 : 422,
        page_html(
            visit.system,
            title.empty() ? "Contact" : title,
            done_note(visit.request) + problem_note(problem) + "<p>Record " +
                std::to_string(record.id) + "</p>\n" + form_html(visit.system, path, values) +
                further_values("All e-mails", record.emails) +
                further_values("All phones", record.phones) + merge_form(record) +
                "<form method=\"post\" action=\"" + path +
                "/delete\">\n<button class=\"quiet\" type=\"submit\">Delete contact</button>\n"
                "</form>\n"));
}

Result<Response> show_one(const Visit& visit) {
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Read));
    const CrmAnswer answer = CRM_TRY(crm_of(visit.system).find(session, visit.request.segment(3)));
    const auto* record = std::get_if<Record>(&answer);
    if (record == nullptr) return sorry(visit, 404, "There is no such contact any more");
    return show_contact(visit, *record, draft_of(*record), "");
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
        return show_new(visit, *draft, refusal->message, 422);
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
        return show_contact(visit, *old, *draft, refusal->message);
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

Result<Response> merge(const Visit& visit) {
    const std::optional<QueryParams> form = parse_query(visit.request.body);
    const std::string other =
        form && !form->empty() && form->front().first == "other" ? form->front().second : "";
    const Crm& crm = crm_of(visit.system);
    Session session = CRM_TRY(enter(visit.desk, visit.customer(), Access::Write));
    const CrmAnswer answer = CRM_TRY(
        crm.merge(session, visit.request.segment(3), other, MergedId::New, visit.desk.clock.now()));
    note(visit, "merge", answer);
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) {
        return sorry(visit, 422, "The records were not merged: " + refusal->message);
    }
    CRM_TRY(session.commit());
    return see_other(contact_path(std::get<Record>(answer)) + "?done=merged");
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
    if (request.segments.size() == 3) return create(visit);
    if (request.segments.size() == 4) return update(visit);
    if (request.segments.size() == 5 && request.segment(4) == "delete") return remove(visit);
    if (request.segments.size() == 5 && request.segment(4) == "merge") return merge(visit);
    return sorry(visit, 404, "There is nothing at this address");
}

Result<Response> dispatch(const Visit& visit) {
    const Request& request = visit.request;
    const bool is_contacts = request.segment(2) == "contacts";
    if (request.is("GET", 2)) return show_list(visit);
    if (request.is("GET", 3) && request.segment(2) == "new") return show_new(visit, {}, "", 200);
    if (request.is("GET", 4) && is_contacts) return show_one(visit);
    if (request.method == "POST" && is_contacts) return post(visit);
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
