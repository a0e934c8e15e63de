// Strings put together; nothing here reads or writes a record.
#include "server/sandbox/page_parts.h"

#include <algorithm>

#include "server/html_text.h"
#include "server/sandbox/fault_panel.h"
#include "server/sandbox/html.h"
#include "server/sandbox/limits.h"
#include "shared/url.h"

namespace crm::sandbox {
namespace {

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

constexpr FormField kPracticeForm[] = {{"given_name", "Given name", &Draft::first_name},
                                       {"family_name", "Family name", &Draft::last_name},
                                       {"mail", "Mail", &Draft::email},
                                       {"tel", "Tel", &Draft::phone},
                                       {"role", "Role", &Draft::job_title},
                                       {"employer", "Employer", &Draft::company},
                                       {"addressed_as", "Addressed as", &Draft::pronouns},
                                       {"external_id", "External ID", &Draft::marker}};

std::string done_note(const Request& request) {
    const std::string done = request.parameter("done");
    std::string_view sentence;
    if (done == "created") sentence = "The contact was created";
    if (done == "saved") sentence = "The contact was saved";
    if (done == "merged") sentence = "The two records are one now";
    if (done == "deleted") sentence = "The contact was deleted; the recycle bin keeps it";
    if (done == "restored") sentence = "The contact was restored";
    if (sentence.empty()) return {};
    return "<p class=\"note\" role=\"status\">" + std::string(sentence) + "</p>\n";
}

std::string problem_note(std::string_view problem) {
    if (problem.empty()) return {};
    return "<p class=\"note\" role=\"alert\">" + escape_html(problem) + "</p>\n";
}

std::string name_of(const Record& record) {
    return record.name.empty() ? "(no name)" : record.name;
}

// --- The list ---------------------------------------------------------------------------------

bool can_merge(System system) {
    return system != System::Practice;
}

std::string row_html(const Record& record, bool is_picked_from) {
    const std::string name = escape_html(name_of(record));
    std::string html = "<tr>";
    if (is_picked_from) {
        html += "<td><input class=\"pick\" type=\"checkbox\" name=\"record\" value=\"" +
                std::to_string(record.id) + "\" aria-label=\"Pick " + name + "\"></td>";
    }
    html += "<th scope=\"row\" dir=\"auto\"><a href=\"" + contact_path(record) + "\">" + name +
            "</a></th><td dir=\"auto\">" + escape_html(primary_of(record.emails)) + "</td>";
    for (const std::string& text : {primary_of(record.phones), record.job_title, record.company}) {
        html += "<td class=\"wide\" dir=\"auto\">" + escape_html(text) + "</td>";
    }
    return html + "</tr>\n";
}

std::string table_html(const Visit& visit, const Found& found) {
    if (found.records.empty()) return "<p>No contact matches</p>\n";
    const bool is_picked_from = can_merge(visit.system) && found.shown == Shown::Live;
    std::string html = "<table>\n<thead><tr>";
    if (is_picked_from) html += "<th scope=\"col\" class=\"short\">Pick</th>";
    html +=
        "<th scope=\"col\">Name</th><th scope=\"col\">Email</th>"
        "<th scope=\"col\" class=\"wide\">Phone</th><th scope=\"col\" class=\"wide\">Job "
        "title</th><th scope=\"col\" class=\"wide\">Company</th></tr></thead>\n<tbody>\n";
    for (const Record& record : found.records) html += row_html(record, is_picked_from);
    html += "</tbody>\n</table>\n";
    if (!is_picked_from) return html;
    return "<form method=\"post\" action=\"" + app_path(visit.system) + "/merge\">\n" + html +
           "<button class=\"quiet\" type=\"submit\">Merge the two picked</button>\n</form>\n";
}

std::string page_link(const Visit& visit, std::size_t number, std::string_view label) {
    QueryParams query = {{"page", std::to_string(number)}};
    for (const std::string name : {"q", "deleted"}) {
        const std::string text = visit.request.parameter(name);
        if (!text.empty()) query.emplace_back(name, text);
    }
    return "<a href=\"" + app_path(visit.system) + "?" + escape_html(format_query(query)) + "\">" +
           std::string(label) + "</a> ";
}

std::string tools_html(const Visit& visit, Shown shown) {
    const std::string path = app_path(visit.system);
    const std::string kept =
        shown == Shown::Deleted ? "<input type=\"hidden\" name=\"deleted\" value=\"1\">\n" : "";
    return "<div class=\"tools\">\n<form role=\"search\" method=\"get\" action=\"" + path +
           "\">\n" + kept +
           "<label for=\"q\">Search contacts</label>\n<input id=\"q\" name=\"q\" "
           "type=\"search\" dir=\"auto\" value=\"" +
           escape_html(visit.request.parameter("q")) +
           "\">\n<button class=\"quiet\" type=\"submit\">Search</button>\n</form>\n"
           "<a class=\"button\" href=\"" +
           path + "/new\">Create contact</a>\n</div>\n";
}

// --- Forms ------------------------------------------------------------------------------------

std::string kind_of(std::optional<std::string> Draft::*draft) {
    if (draft == &Draft::email) return "email";
    return draft == &Draft::phone ? "tel" : "text";
}

std::string form_html(System system, const std::string& action, const Draft& values) {
    // The CRM judges what is typed, so that its own refusals can be seen.
    std::string html = "<form method=\"post\" novalidate action=\"" + action + "\">\n";
    for (const FormField& field : form_of(system)) {
        const std::string name(field.name);
        html += "<label for=\"" + name + "\">" + std::string(field.label) +
                "</label>\n<input id=\"" + name + "\" name=\"" + name + "\" type=\"" +
                kind_of(field.draft) + "\" dir=\"auto\" value=\"" +
                escape_html((values.*field.draft).value_or("")) + "\">\n";
    }
    return html + "<button type=\"submit\">Save</button>\n</form>\n";
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
    if (!can_merge(record.system)) return {};
    return "<form method=\"post\" action=\"" + contact_path(record) +
           "/merge\">\n<label for=\"other\">Record to merge into this one</label>\n"
           "<input id=\"other\" name=\"other\" type=\"text\" inputmode=\"numeric\">\n"
           "<button class=\"quiet\" type=\"submit\">Merge</button>\n</form>\n";
}

std::string title_of(const Record& record) {
    const std::string title = record.name.empty() ? primary_of(record.emails) : record.name;
    return title.empty() ? "Contact" : title;
}

}  // namespace

std::span<const FormField> form_of(System system) {
    switch (system) {
        case System::HubSpot:
            return kHubSpotForm;
        case System::Pipedrive:
            return kPipedriveForm;
        case System::Practice:
            return kPracticeForm;
    }
    return kHubSpotForm;
}

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

Response page(const Visit& visit, int status, std::string_view title, std::string_view content) {
    const std::string strip = faults_strip(visit.desk, visit.system);
    return html_response(
        status, page_html(visit.system, {.title = title, .content = content, .notice = strip}));
}

Response sorry(const Visit& visit, int status, std::string_view sentence) {
    return page(visit, status, "That did not work", problem_note(sentence));
}

Response list_page(const Visit& visit, const Found& found) {
    const std::size_t pages =
        std::max<std::size_t>(1, (found.total + kSandboxAppRecords - 1) / kSandboxAppRecords);
    const bool is_bin = found.shown == Shown::Deleted;
    std::string html = done_note(visit.request) + tools_html(visit, found.shown) + "<p>" +
                       std::to_string(found.total) + (is_bin ? " deleted" : "") +
                       (found.total == 1 ? " contact, page " : " contacts, page ") +
                       std::to_string(found.page) + " of " + std::to_string(pages) + "</p>\n" +
                       table_html(visit, found) + "<nav aria-label=\"Pages\">\n";
    if (found.page > 1) html += page_link(visit, found.page - 1, "Previous page");
    if (found.page < pages) html += page_link(visit, found.page + 1, "Next page");
    const std::string label(label_of(visit.system));
    return page(visit, 200, label + (is_bin ? " recycle bin" : " contacts"), html + "</nav>\n");
}

Response new_page(const Visit& visit, const Draft& values, std::string_view problem) {
    return page(visit,
                problem.empty() ? 200 : 422,
                "Create contact",
                problem_note(problem) +
                    form_html(visit.system, app_path(visit.system) + "/contacts", values));
}

Response contact_page(const Visit& visit,
                      const Record& record,
                      const Draft& values,
                      std::string_view problem) {
    const std::string path = contact_path(record);
    const std::string html =
        done_note(visit.request) + problem_note(problem) + "<p>Record " +
        std::to_string(record.id) + "</p>\n" + form_html(visit.system, path, values) +
        further_values("All e-mails", record.emails) + further_values("All phones", record.phones) +
        "<div class=\"actions\">\n" + merge_form(record) + "<form method=\"post\" action=\"" +
        path +
        "/delete\">\n<button class=\"quiet\" type=\"submit\">Delete contact</button>\n"
        "</form>\n</div>\n";
    return page(visit, problem.empty() ? 200 : 422, title_of(record), html);
}

Response deleted_page(const Visit& visit, const Record& record, std::string_view problem) {
    std::string html = problem_note(problem) + "<p>Record " + std::to_string(record.id) +
                       " is in the recycle bin.</p>\n<dl>\n";
    const Draft values = draft_of(record);
    for (const FormField& field : form_of(visit.system)) {
        const std::string value = (values.*field.draft).value_or("");
        if (value.empty()) continue;
        html += "<dt>" + std::string(field.label) + "</dt><dd dir=\"auto\">" + escape_html(value) +
                "</dd>\n";
    }
    html += "</dl>\n<form method=\"post\" action=\"" + contact_path(record) +
            "/restore\">\n<button type=\"submit\">Restore contact</button>\n</form>\n";
    return page(visit, problem.empty() ? 404 : 422, title_of(record), html);
}

}  // namespace crm::sandbox
