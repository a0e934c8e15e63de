// Every operation is written from its route; what a person says about it is looked up.
#include "server/http/openapi_json.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <nlohmann/json.hpp>

#include "server/http/api_schemas.h"
#include "server/http/route_words.h"
#include "server/http/routes.h"
#include "server/limits.h"
#include "shared/contact.h"
#include "shared/json_tree.h"
#include "shared/text.h"

namespace crm::http {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSecurityWords =
    "An API token of this app (ctk_…), or the token that the workspace of Integration.app signs "
    "for a customer (a JWT with the customer in sub).";

/// The part before the next `separator`, trimmed; it is taken off.
std::string take_part(std::string_view& text, char separator) {
    const std::size_t at = std::min(text.find(separator), text.size());
    std::string part = trim(text.substr(0, at));
    text.remove_prefix(std::min(at + 1, text.size()));
    return part;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        std::string part = take_part(text, separator);
        if (!part.empty()) parts.push_back(std::move(part));
    }
    return parts;
}

Json reference(const std::string& name) {
    return Json{{"$ref", "#/components/schemas/" + name}};
}

Json words_schema(std::string_view type) {
    Json words = Json::array();
    for (std::string& word : split(type, '|')) words.push_back(std::move(word));
    return Json{{"type", "string"}, {"enum", std::move(words)}};
}

Json text_schema(std::string_view type) {
    Json schema{{"type", "string"}};
    const std::size_t sign = type.find("<=");
    if (sign == std::string_view::npos) return schema;
    std::size_t most = 0;
    std::from_chars(type.data() + sign + 2, type.data() + type.size(), most);
    schema["maxLength"] = most;
    return schema;
}

/// One type of api_schemas.h.
Json type_schema(std::string_view type) {  // NOLINT(misc-no-recursion): as deep as it is written
    if (type.ends_with('?')) {
        Json inner = type_schema(type.substr(0, type.size() - 1));
        if (inner.contains("type")) {
            inner["type"] = Json::array({inner["type"], "null"});
            return inner;
        }
        return Json{{"oneOf", Json::array({std::move(inner), Json{{"type", "null"}}})}};
    }
    const std::string_view inner = type.size() > 2 ? type.substr(1, type.size() - 2) : "";
    if (type.starts_with('[')) return Json{{"type", "array"}, {"items", type_schema(inner)}};
    if (type.starts_with('{')) {
        return Json{{"type", "object"}, {"additionalProperties", type_schema(inner)}};
    }
    if (type == "any") return Json::object();
    if (type == "int") return Json{{"type", "integer"}};
    if (type == "truth") return Json{{"type", "boolean"}};
    if (type == "time") return Json{{"type", "string"}, {"format", "date-time"}};
    if (type.starts_with("text")) return text_schema(type);
    if (type.find('|') != std::string_view::npos) return words_schema(type);
    return reference(std::string(type));
}

void add_member(Json& schema, std::string name, const Json& type) {
    if (name.ends_with('?')) {
        name.pop_back();
    } else {
        schema["required"].push_back(name);
    }
    schema["properties"][name] = type;
}

Json empty_schema() {
    return Json{{"type", "object"}, {"properties", Json::object()}, {"required", Json::array()}};
}

void add_members(Json& schema, std::string_view members) {
    for (const std::string& member : split(members, ',')) {
        std::string_view rest = member;
        std::string name = take_part(rest, ' ');
        add_member(schema, std::move(name), type_schema(trim(rest)));
    }
}

/// What a body may say of a contact, from the table of fields.
Json contact_input() {
    Json schema = empty_schema();
    for (const FieldSpec& spec : kContactFields) {
        const Json text{{"type", Json::array({"string", "null"})},
                        {"maxLength", spec.chars_max},
                        {"description", spec.label}};
        add_member(schema, std::string(spec.wire) + '?', text);
    }
    const Json entry{{"oneOf", Json::array({Json{{"type", "string"}}, reference("LabeledValue")})}};
    for (const ListFieldSpec& spec : kContactListFields) {
        add_member(schema,
                   std::string(spec.wire) + '?',
                   Json{{"type", "array"}, {"items", entry}, {"maxItems", kExtraValuesMax + 1}});
    }
    add_member(schema,
               std::string(kTagsWire) + '?',
               Json{{"type", "array"},
                    {"items", Json{{"type", "string"}, {"maxLength", kTagCharsMax}}},
                    {"maxItems", kTagsMax}});
    schema.erase("required");
    return schema;
}

Json contact_schema() {
    Json schema = empty_schema();
    add_members(schema, "id text");
    for (const FieldSpec& spec : kContactFields) {
        add_member(
            schema, std::string(spec.wire), Json{{"type", "string"}, {"description", spec.label}});
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        add_member(schema, std::string(spec.wire), type_schema("[LabeledValue]"));
    }
    add_members(schema,
                "tags [text], customerId text, version int, deleted truth, arriving? truth, "
                "createdAt time, updatedAt time, sources [text], hubspotId text?, "
                "pipedriveId text?, links {Link}");
    return schema;
}

Json schemas() {
    Json all = Json::object();
    for (const ApiSchema& line : api_schemas()) {
        Json schema = empty_schema();
        add_members(schema, line.members);
        if (schema["required"].empty()) schema.erase("required");
        all[std::string(line.name)] = std::move(schema);
    }
    all["Contact"] = contact_schema();
    all["ContactInput"] = contact_input();
    return all;
}

/// "/api/contacts/{id}" from "/api/contacts/{}".
std::string path_of(const Route& route, const std::vector<std::string>& names) {
    std::string path(route.pattern);
    std::size_t at = 0;
    for (const std::string& name : names) {
        at = path.find("{}", at);
        if (at == std::string::npos) break;
        path.insert(at + 1, name);
        at += name.size() + 2;
    }
    return path;
}

Json header_parameter(const std::string& name, const std::string& description) {
    return Json{{"name", name},
                {"in", "header"},
                {"required", false},
                {"description", description},
                {"schema", Json{{"type", "string"}}}};
}

std::string header_meaning(const std::string& name) {
    if (name == "If-Match") return "The version that the change is based on, in quotes";
    if (name == "If-None-Match") return "ETags of answers that are known already";
    return "The id of the last event that was received";
}

Json parameters_of(const Route& route, const RouteWords& words) {
    Json list = Json::array();
    for (const std::string& name : split(words.parts, ' ')) {
        list.push_back(Json{{"name", name},
                            {"in", "path"},
                            {"required", true},
                            {"schema", Json{{"type", "string"}, {"maxLength", kIdCharsMax}}}});
    }
    for (const std::string& name : split(route.parameters, ' ')) {
        const ParameterWords* known = find_parameter_words(name);
        Json parameter{{"name", name}, {"in", "query"}, {"required", false}};
        if (known != nullptr) parameter["description"] = known->summary;
        parameter["schema"] = type_schema(known == nullptr ? "text" : known->type);
        list.push_back(std::move(parameter));
    }
    for (const std::string& name : split(words.headers, ' ')) {
        list.push_back(header_parameter(name, header_meaning(name)));
    }
    if (takes_idempotency_key(route)) {
        list.push_back(header_parameter(
            "Idempotency-Key",
            "A text of your own, new for each thing to do: a request that comes again with the "
            "same key and body gets the first answer for 24 hours and does nothing"));
    }
    return list;
}

Json content_of(const std::string& type) {
    if (type.find('/') == std::string::npos) {
        return Json{{"application/json", Json{{"schema", type_schema(type)}}}};
    }
    const Json schema = type == "application/json" ? Json::object() : Json{{"type", "string"}};
    return Json{{type, Json{{"schema", schema}}}};
}

/// Statuses of errors: those that follow from the row, and those in `words`.
std::set<std::string> refusals_of(const Route& route, const RouteWords& words) {
    std::set<std::string> statuses{"405", "429", "500"};
    for (std::string& status : split(words.refuses, ' ')) statuses.insert(std::move(status));
    if (route.right != Right::Anyone) statuses.insert({"400", "401", "403"});
    if (!words.parts.empty()) statuses.insert("404");
    if (!route.parameters.empty()) statuses.insert("400");
    if (route.body != Body::None) statuses.insert({"400", "413", "415", "422"});
    if (takes_idempotency_key(route)) statuses.insert("409");
    return statuses;
}

Json responses_of(const Route& route, const RouteWords& words) {
    Json responses = Json::object();
    for (const std::string& answer : split(words.gives, '|')) {
        std::string_view rest = answer;
        const std::string status = take_part(rest, ' ');
        const std::string type = trim(rest);
        Json& response = responses[status];
        response["description"] = type.empty() ? "Nothing new" : std::string(words.summary);
        if (type.empty()) continue;
        const Json content = content_of(type);
        response["content"].update(content);
    }
    for (const std::string& status : refusals_of(route, words)) {
        if (!responses.contains(status)) {
            responses[status] = Json{{"$ref", "#/components/responses/Error"}};
        }
    }
    return responses;
}

Json body_of(const Route& route, const RouteWords& words) {
    if (route.body == Body::File) {
        const Json file{{"schema", Json{{"type", "string"}}}};
        return Json{{"required", true},
                    {"content", Json{{"text/csv", file}, {"text/vcard", file}}}};
    }
    return Json{{"required", true}, {"content", content_of(std::string(words.takes))}};
}

std::string_view right_word(Right right) {
    switch (right) {
        case Right::Anyone:
            return "anyone";
        case Right::Read:
            return "viewer";
        case Right::Edit:
            return "editor";
        case Right::Manage:
            return "admin";
    }
    return "admin";
}

Json security_of(const Route& route) {
    if (route.pattern.starts_with("/api/webhooks/")) {
        return Json::array({Json{{"workspaceToken", Json::array()}}});
    }
    if (route.right == Right::Anyone) return Json::array();
    Json ways = Json::array();
    for (const char* way : {"bearer", "workspaceToken", "session", "developer"}) {
        ways.push_back(Json{{way, Json::array()}});
    }
    return ways;
}

/// "contacts" of "/api/contacts/{}": how a page groups them.
std::string tag_of(const Route& route) {
    std::string_view rest = route.pattern.substr(std::string_view("/api/").size());
    return take_part(rest, '/');
}

Json operation_of(const Route& route, const RouteWords& words) {
    Json operation{{"operationId", words.id},
                   {"summary", words.summary},
                   {"tags", Json::array({tag_of(route)})},
                   {"x-right", right_word(route.right)},
                   {"security", security_of(route)}};
    Json parameters = parameters_of(route, words);
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    if (!words.takes.empty()) operation["requestBody"] = body_of(route, words);
    operation["responses"] = responses_of(route, words);
    return operation;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return result;
}

Json paths() {
    Json all = Json::object();
    for (const Route& route : routes()) {
        const RouteWords* words = find_words(route);
        const RouteWords shown = words != nullptr ? *words : RouteWords{};
        const std::string path = path_of(route, split(shown.parts, ' '));
        all[path][lower(route.method)] = operation_of(route, shown);
    }
    return all;
}

Json security_schemes() {
    return Json{
        {"bearer", Json{{"type", "http"}, {"scheme", "bearer"}, {"description", kSecurityWords}}},
        {"workspaceToken",
         Json{{"type", "apiKey"},
              {"in", "header"},
              {"name", "X-Membrane-Token"},
              {"description", "The same token of the workspace, as its flows send it."}}},
        {"session",
         Json{{"type", "apiKey"},
              {"in", "cookie"},
              {"name", "contacts_session"},
              {"description", "A browser that signed in at /login."}}},
        {"developer",
         Json{{"type", "apiKey"},
              {"in", "header"},
              {"name", "x-auth-id"},
              {"description", "The customer's id; only in dev mode, which is for one machine."}}},
    };
}

}  // namespace

std::string write_openapi(std::string_view version, std::string_view server_url) {
    const Json error{{"description", "Refused: nothing was changed"},
                     {"headers",
                      Json{{"X-Request-Id",
                            Json{{"description", "Names this request in the log"},
                                 {"schema", Json{{"type", "string"}}}}}}},
                     {"content", Json{{"application/json", Json{{"schema", reference("Error")}}}}}};
    return tree::dump(Json{
        {"openapi", "3.1.0"},
        {"info",
         Json{{"title", "Contacts CRM"},
              {"version", version},
              {"description",
               "One address book that stays true in the app and in the CRMs. An external app of "
               "Integration.app uses listContacts, findContact, createContact, updateContact and "
               "deleteContact."}}},
        {"servers", Json::array({Json{{"url", server_url}}})},
        {"paths", paths()},
        {"components",
         Json{{"schemas", schemas()},
              {"responses", Json{{"Error", error}}},
              {"securitySchemes", security_schemes()}}}});
}

std::string write_ready(const ReadyChecks& checks) {
    Json shown = Json::object();
    bool is_ready = true;
    for (const auto& [name, problem] : checks) {
        shown[name] = problem.empty() ? "ok" : problem;
        is_ready = is_ready && problem.empty();
    }
    return tree::dump(
        Json{{"status", is_ready ? "ready" : "not_ready"}, {"checks", std::move(shown)}});
}

}  // namespace crm::http
