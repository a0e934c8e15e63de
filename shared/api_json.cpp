// Health, self, contacts, history, tokens and errors as JSON; runs are in api_sync_json.cpp.
#include "shared/api_json.h"

#include <array>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/json_tree.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

constexpr std::string_view kAnswer = "The answer of the server";

Error missing_member(std::string_view member) {
    return Error{ErrorCode::BadRequest,
                 "The answer of the server lacks “" + std::string(member) +
                     "”: reload the page to get the matching client."};
}

/// Ids of history are texts on the wire, like every id.
std::int64_t read_number_text(const ReadJson& object, std::string_view name) {
    const std::string text = tree::text(object, name);
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = problem == std::errc{} && end == text.data() + text.size();
    return is_number ? number : tree::integer(object, name);
}

WriteJson history_tree(const HistoryEntry& entry) {
    WriteJson changes = WriteJson::array();
    for (const FieldChange& change : entry.changes) {
        changes.push_back(
            WriteJson{{"field", change.field}, {"from", change.from}, {"to", change.to}});
    }
    return WriteJson{{"id", std::to_string(entry.id)},
                     {"at", format_time(entry.at)},
                     {"kind", entry.kind},
                     {"actor", entry.actor},
                     {"system", entry.system},
                     {"runId", tree::text_or_null<WriteJson>(entry.run_id)},
                     {"note", entry.note},
                     {"changes", std::move(changes)}};
}

HistoryEntry read_history_entry(const ReadJson& value) {
    HistoryEntry entry;
    entry.id = read_number_text(value, "id");
    entry.at = tree::time(value, "at").value_or(TimePoint{});
    entry.kind = tree::text(value, "kind");
    entry.actor = tree::text(value, "actor");
    entry.system = tree::text(value, "system");
    entry.run_id = tree::text(value, "runId");
    entry.note = tree::text(value, "note");
    tree::for_each(value, "changes", [&entry](const ReadJson& change) {
        entry.changes.push_back(
            {tree::text(change, "field"), tree::text(change, "from"), tree::text(change, "to")});
    });
    return entry;
}

/// What a person reads when a refused request brought no sentence of ours.
std::string_view fallback_message(ErrorCode code) {
    switch (code) {
        case ErrorCode::Unauthorized:
            return "You are signed out. Sign in again; what you typed is kept.";
        case ErrorCode::Forbidden:
            return "You may not do this. Ask an administrator of this address book.";
        case ErrorCode::NotFound:
            return "This is no longer there. Reload the list to see what is.";
        case ErrorCode::Conflict:
            return "Another contact has this e-mail already. Nothing was saved.";
        case ErrorCode::VersionMismatch:
            return "Somebody else changed this too. Nothing was saved yet; look at both versions.";
        case ErrorCode::TooLarge:
            return "This is too large to be saved. Shorten it and try again.";
        case ErrorCode::InvalidArgument:
            return "Something in the form needs a correction. Nothing was saved.";
        case ErrorCode::RateLimited:
            return "The server is busy with too many requests. Try again in a minute.";
        case ErrorCode::Unavailable:
            return "The server cannot be reached. What you typed is kept; try again in a moment.";
        case ErrorCode::BadRequest:
        case ErrorCode::MethodNotAllowed:
        case ErrorCode::UnsupportedMediaType:
            return "The server did not understand this request. Reload the page and try again.";
        case ErrorCode::Internal:
            break;
    }
    return "The server failed at this. Nothing was saved; try again in a moment.";
}

std::optional<VersionConflict> read_conflict(const ReadJson& error) {
    if (tree::find(error, "current") == nullptr) return std::nullopt;
    VersionConflict conflict;
    tree::for_each(error, "changedFields", [&conflict](const ReadJson& field) {
        const auto* name = field.get_ptr<const std::string*>();
        if (name != nullptr) conflict.fields.push_back(*name);
    });
    conflict.base = tree::texts(error, "base");
    conflict.current = tree::texts(error, "current");
    conflict.yours = tree::texts(error, "yours");
    conflict.version = tree::integer(error, "version");
    const ReadJson* contact = tree::find(error, "contact");
    if (contact == nullptr) return conflict;
    Result<Contact> read = tree::read_contact(*contact);
    if (read.is_ok()) conflict.contact = read.take();
    return conflict;
}

}  // namespace

std::string write_health(const Health& health) {
    return tree::dump(WriteJson{
        {"status", health.status}, {"version", health.version}, {"schema", health.schema}});
}

std::string write_self(const Self& self) {
    return tree::dump(WriteJson{{"customerId", self.customer_id.text},
                                {"customerName", self.customer_name},
                                {"user", self.user},
                                {"role", self.role}});
}

Result<Self> read_self(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    Self self;
    self.customer_id = CustomerId{tree::text(value, "customerId")};
    self.customer_name = tree::text(value, "customerName");
    self.user = tree::text(value, "user");
    self.role = tree::text(value, "role");
    if (!self.customer_id.is_set()) return missing_member("customerId");
    return self;
}

std::string write_contact_answer(const Contact& contact) {
    return tree::dump(WriteJson{{"contact", tree::write_contact<WriteJson>(contact)}});
}

Result<Contact> read_contact_answer(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* contact = tree::find(value, "contact");
    if (contact == nullptr) return missing_member("contact");
    return tree::read_contact(*contact);
}

std::string write_contact_page(const ContactPage& page) {
    WriteJson contacts = WriteJson::array();
    for (const Contact& contact : page.contacts) {
        contacts.push_back(tree::write_contact<WriteJson>(contact));
    }
    WriteJson out{{"contacts", std::move(contacts)}, {"total", page.total}};
    if (!page.cursor.empty()) out["cursor"] = page.cursor;
    return tree::dump(out);
}

Result<ContactPage> read_contact_page(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* contacts = tree::find(value, "contacts");
    if (contacts == nullptr || !contacts->is_array()) return missing_member("contacts");
    ContactPage page;
    page.contacts.reserve(contacts->size());
    for (const ReadJson& element : *contacts) {
        page.contacts.push_back(CRM_TRY(tree::read_contact(element)));
    }
    page.total = tree::integer(value, "total");
    page.cursor = tree::text(value, "cursor");
    return page;
}

std::string write_history(const std::vector<HistoryEntry>& entries) {
    WriteJson list = WriteJson::array();
    for (const HistoryEntry& entry : entries) list.push_back(history_tree(entry));
    return tree::dump(WriteJson{{"history", std::move(list)}});
}

Result<std::vector<HistoryEntry>> read_history(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* list = tree::find(value, "history");
    if (list == nullptr || !list->is_array()) return missing_member("history");
    std::vector<HistoryEntry> entries;
    entries.reserve(list->size());
    for (const ReadJson& element : *list) entries.push_back(read_history_entry(element));
    return entries;
}

std::string write_token(std::string_view token) {
    return tree::dump(WriteJson{{"token", token}});
}

std::string write_version_conflict(const VersionConflict& conflict) {
    return tree::dump(WriteJson{{"changedFields", conflict.fields},
                                {"base", WriteJson(conflict.base)},
                                {"current", WriteJson(conflict.current)},
                                {"yours", WriteJson(conflict.yours)},
                                {"version", conflict.version},
                                {"contact", tree::write_contact<WriteJson>(conflict.contact)}});
}

std::string write_error(const Error& error, std::string_view request_id) {
    WriteJson out{{"code", error_code_text(error.code)}, {"message", error.message}};
    out["fields"] = WriteJson::object();
    for (const auto& [wire, problem] : error.fields) out["fields"][wire] = problem;
    out["requestId"] = request_id;
    if (!error.details_json.empty()) {
        const WriteJson details = WriteJson::parse(error.details_json, nullptr, false);
        for (auto member = details.begin(); details.is_object() && member != details.end();
             ++member) {
            if (!out.contains(member.key())) out[member.key()] = member.value();
        }
    }
    return tree::dump(WriteJson{{"error", std::move(out)}});
}

ErrorAnswer read_error(int status, std::string_view body) {
    ErrorAnswer answer;
    answer.error.code = error_code_of_status(status);
    answer.error.message = fallback_message(answer.error.code);
    const Result<ReadJson> parsed = tree::parse_object<ReadJson>(body, kAnswer);
    const ReadJson* error = parsed.is_ok() ? tree::find(parsed.value(), "error") : nullptr;
    if (error == nullptr || !error->is_object()) return answer;
    std::string message = tree::text(*error, "message");
    if (!message.empty()) answer.error.message = std::move(message);
    answer.error.fields = tree::texts(*error, "fields");
    answer.request_id = tree::text(*error, "requestId");
    if (answer.error.code == ErrorCode::VersionMismatch) answer.conflict = read_conflict(*error);
    return answer;
}

}  // namespace crm::api
