#include "shared/api_review_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "shared/contact_parse.h"
#include "shared/json_tree.h"
#include "shared/limits.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

WriteJson conflict_tree(const Conflict& conflict) {
    WriteJson sides = WriteJson::array();
    for (const ConflictSide& side : conflict.sides) {
        sides.push_back(WriteJson{{"side", side.side}, {"value", side.value}});
    }
    return WriteJson{{"id", conflict.id},
                     {"contactId", conflict.contact_id},
                     {"contact", conflict.contact},
                     {"field", conflict.field},
                     {"kind", conflict.kind},
                     {"policy", conflict.policy},
                     {"state", conflict.state},
                     {"base", conflict.base},
                     {"sides", std::move(sides)},
                     {"winner", conflict.winner},
                     {"runId", tree::text_or_null<WriteJson>(conflict.run_id)},
                     {"at", format_time(conflict.at)},
                     {"resolution", conflict.resolution},
                     {"resolvedBy", tree::text_or_null<WriteJson>(conflict.resolved_by)},
                     {"resolvedAt", tree::time_or_null<WriteJson>(conflict.resolved_at)}};
}

WriteJson known_or_null(const std::optional<std::string>& value) {
    return value ? WriteJson(*value) : WriteJson(nullptr);
}

WriteJson field_tree(const FieldSync& field) {
    return WriteJson{{"field", field.field},
                     {"ours", field.ours},
                     {"sent", known_or_null(field.sent)},
                     {"received", known_or_null(field.received)},
                     {"agreed", known_or_null(field.agreed)},
                     {"decidedAt", tree::time_or_null<WriteJson>(field.decided_at)},
                     {"parked", tree::text_or_null<WriteJson>(field.parked)},
                     {"frozen", field.is_frozen},
                     {"direction", field.direction}};
}

WriteJson open_call_tree(const std::optional<OpenCall>& call) {
    if (!call) return WriteJson(nullptr);
    return WriteJson{{"kind", call->kind},
                     {"sentAt", format_time(call->sent_at)},
                     {"deadline", tree::time_or_null<WriteJson>(call->deadline)}};
}

WriteJson system_sync_tree(const SystemSync& system) {
    WriteJson fields = WriteJson::array();
    for (const FieldSync& field : system.fields) fields.push_back(field_tree(field));
    return WriteJson{{"system", system.system},
                     {"label", system.label},
                     {"state", system.state},
                     {"reason", system.reason},
                     {"recordId", tree::text_or_null<WriteJson>(system.record_id)},
                     {"url", tree::text_or_null<WriteJson>(system.url)},
                     {"linkedAt", tree::time_or_null<WriteJson>(system.linked_at)},
                     {"syncedAt", tree::time_or_null<WriteJson>(system.synced_at)},
                     {"fields", std::move(fields)},
                     {"openCall", open_call_tree(system.open_call)},
                     {"nextTryAt", tree::time_or_null<WriteJson>(system.next_try_at)}};
}

WriteJson hold_tree(const HeldRecord& hold) {
    WriteJson suggestion(nullptr);
    if (hold.suggestion) {
        suggestion = WriteJson{{"contactId", hold.suggestion->contact_id},
                               {"contact", hold.suggestion->contact},
                               {"reason", hold.suggestion->reason},
                               {"refused", hold.suggestion->is_refused}};
    }
    return WriteJson{{"system", hold.system},
                     {"recordId", hold.record_id},
                     {"title", hold.title},
                     {"reason", hold.reason},
                     {"message", hold.message},
                     {"action", hold.action},
                     {"since", format_time(hold.since)},
                     {"values", WriteJson(hold.values)},
                     {"contactId", tree::text_or_null<WriteJson>(hold.contact_id)},
                     {"contact", tree::text_or_null<WriteJson>(hold.contact)},
                     {"suggestion", std::move(suggestion)}};
}

/// One member of a decision; what is wrong with it goes to `problems`.
void read_member(const std::string& name,
                 const ReadJson& value,
                 Resolution& resolution,
                 FieldProblems& problems) {
    const auto* text = value.get_ptr<const std::string*>();
    if (name == "value" && text != nullptr) {
        resolution.value = *text;
    } else if (name == "side" && text != nullptr && !text->empty()) {
        resolution.side = *text;
    } else if (name == "force" && value.is_boolean()) {
        resolution.is_forced = value.get<bool>();
    } else if (name == "value" || name == "side") {
        problems[name] = "This must be a text in quotes.";
    } else if (name == "force") {
        problems[name] = "This must be true or false.";
    } else if (problems.size() < kFieldProblemsMax) {
        problems[shorten_shown(name)] =
            "A decision has value, side and force, and nothing else: leave it out.";
    }
}

}  // namespace

std::string write_conflict_answer(const Conflict& conflict) {
    return tree::dump(WriteJson{{"conflict", conflict_tree(conflict)}});
}

std::string write_conflict_page(const ConflictPage& page) {
    WriteJson list = WriteJson::array();
    for (const Conflict& conflict : page.conflicts) list.push_back(conflict_tree(conflict));
    WriteJson out{{"conflicts", std::move(list)}, {"total", page.total}};
    if (!page.cursor.empty()) out["cursor"] = page.cursor;
    return tree::dump(out);
}

Result<Resolution> read_resolution(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, "The body"));
    Resolution resolution;
    FieldProblems problems;
    for (auto member = body.begin(); member != body.end(); ++member) {
        read_member(member.key(), member.value(), resolution, problems);
    }
    if (problems.empty() && resolution.value.has_value() != resolution.side.empty()) {
        problems["value"] = "Say either the value that is to stand, or the side whose value it is.";
    }
    if (!problems.empty()) return problems_error(std::move(problems));
    return resolution;
}

std::string write_resolution(const Resolution& resolution) {
    WriteJson out = WriteJson::object();
    if (resolution.value) out["value"] = *resolution.value;
    if (!resolution.side.empty()) out["side"] = resolution.side;
    if (resolution.is_forced) out["force"] = true;
    return tree::dump(out);
}

std::string write_contact_sync(const std::vector<SystemSync>& systems) {
    WriteJson list = WriteJson::array();
    for (const SystemSync& system : systems) list.push_back(system_sync_tree(system));
    return tree::dump(WriteJson{{"systems", std::move(list)}});
}

std::string write_hold_page(const HoldPage& page) {
    WriteJson list = WriteJson::array();
    for (const HeldRecord& hold : page.holds) list.push_back(hold_tree(hold));
    WriteJson out{{"holds", std::move(list)}, {"total", page.total}};
    if (!page.cursor.empty()) out["cursor"] = page.cursor;
    return tree::dump(out);
}

std::string write_hold_answer(const HeldRecord& hold) {
    return tree::dump(WriteJson{{"hold", hold_tree(hold)}});
}

Result<std::string> read_link_target(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, "The body"));
    FieldProblems problems;
    for (auto member = body.begin(); member != body.end(); ++member) {
        if (member.key() == "contactId" || problems.size() >= kFieldProblemsMax) continue;
        problems[shorten_shown(member.key())] = "Only contactId is wanted here: leave it out.";
    }
    const std::string contact = tree::text(body, "contactId");
    if (contact.empty()) problems["contactId"] = "Name the contact that the record belongs to.";
    if (!problems.empty()) return problems_error(std::move(problems));
    return contact;
}

std::string write_link_target(std::string_view contact_id) {
    return tree::dump(WriteJson{{"contactId", std::string(contact_id)}});
}

std::string write_current_value(std::string_view value) {
    return tree::dump(WriteJson{{"current", std::string(value)}});
}

}  // namespace crm::api
