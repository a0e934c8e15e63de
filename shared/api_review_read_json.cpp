// What the client reads of the answers about conflicts, held records and a contact's standing.
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/api_review_json.h"
#include "shared/json_tree.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;

constexpr std::string_view kAnswer = "The answer of the server";

/// The answer; BadRequest when it lacks the member that it is about.
Result<ReadJson> read_answer(std::string_view json, std::string_view name) {
    ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, kAnswer));
    const ReadJson* member = tree::find(body, name);
    if (member != nullptr && member->is_structured()) return body;
    return Error{ErrorCode::BadRequest,
                 "The answer of the server lacks “" + std::string(name) +
                     "”: reload the page to get the matching client."};
}

std::optional<std::string> known_text(const ReadJson& object, std::string_view name) {
    const ReadJson* member = tree::find(object, name);
    if (member == nullptr || !member->is_string()) return std::nullopt;
    return tree::text(object, name);
}

Conflict conflict_from(const ReadJson& value) {
    Conflict conflict;
    conflict.id = tree::text(value, "id");
    conflict.contact_id = tree::text(value, "contactId");
    conflict.contact = tree::text(value, "contact");
    conflict.field = tree::text(value, "field");
    conflict.kind = tree::text(value, "kind");
    conflict.policy = tree::text(value, "policy");
    conflict.state = tree::text(value, "state");
    conflict.base = tree::text(value, "base");
    tree::for_each(value, "sides", [&conflict](const ReadJson& side) {
        conflict.sides.push_back({tree::text(side, "side"), tree::text(side, "value")});
    });
    conflict.winner = tree::text(value, "winner");
    conflict.run_id = tree::text(value, "runId");
    conflict.at = tree::time(value, "at").value_or(TimePoint{});
    conflict.resolution = tree::text(value, "resolution");
    conflict.resolved_by = tree::text(value, "resolvedBy");
    conflict.resolved_at = tree::time(value, "resolvedAt");
    return conflict;
}

HeldRecord hold_from(const ReadJson& value) {
    HeldRecord hold;
    hold.system = tree::text(value, "system");
    hold.record_id = tree::text(value, "recordId");
    hold.title = tree::text(value, "title");
    hold.reason = tree::text(value, "reason");
    hold.message = tree::text(value, "message");
    hold.action = tree::text(value, "action");
    hold.since = tree::time(value, "since").value_or(TimePoint{});
    hold.values = tree::texts(value, "values");
    hold.contact_id = tree::text(value, "contactId");
    hold.contact = tree::text(value, "contact");
    const ReadJson* suggestion = tree::find(value, "suggestion");
    if (suggestion == nullptr || !suggestion->is_object()) return hold;
    hold.suggestion = Suggestion{.contact_id = tree::text(*suggestion, "contactId"),
                                 .contact = tree::text(*suggestion, "contact"),
                                 .reason = tree::text(*suggestion, "reason"),
                                 .is_refused = tree::is_true(*suggestion, "refused")};
    return hold;
}

FieldSync field_from(const ReadJson& value) {
    FieldSync field;
    field.field = tree::text(value, "field");
    field.ours = tree::text(value, "ours");
    field.received = known_text(value, "received");
    field.agreed = known_text(value, "agreed");
    field.sent = known_text(value, "sent");
    field.decided_at = tree::time(value, "decidedAt");
    field.parked = tree::text(value, "parked");
    field.is_frozen = tree::is_true(value, "frozen");
    field.direction = tree::text(value, "direction");
    return field;
}

std::optional<OpenCall> open_call_from(const ReadJson& system) {
    const ReadJson* value = tree::find(system, "openCall");
    if (value == nullptr || !value->is_object()) return std::nullopt;
    return OpenCall{.kind = tree::text(*value, "kind"),
                    .sent_at = tree::time(*value, "sentAt").value_or(TimePoint{}),
                    .deadline = tree::time(*value, "deadline")};
}

SystemSync system_sync_from(const ReadJson& value) {
    SystemSync system;
    system.system = tree::text(value, "system");
    system.label = tree::text(value, "label");
    system.state = tree::text(value, "state");
    system.reason = tree::text(value, "reason");
    system.record_id = tree::text(value, "recordId");
    system.url = tree::text(value, "url");
    system.linked_at = tree::time(value, "linkedAt");
    system.synced_at = tree::time(value, "syncedAt");
    tree::for_each(value, "fields", [&system](const ReadJson& field) {
        system.fields.push_back(field_from(field));
    });
    system.open_call = open_call_from(value);
    system.next_try_at = tree::time(value, "nextTryAt");
    return system;
}

}  // namespace

Result<Conflict> read_conflict_answer(std::string_view json) {
    const ReadJson body = CRM_TRY(read_answer(json, "conflict"));
    return conflict_from(*tree::find(body, "conflict"));
}

Result<ConflictPage> read_conflict_page(std::string_view json) {
    const ReadJson body = CRM_TRY(read_answer(json, "conflicts"));
    ConflictPage page;
    tree::for_each(body, "conflicts", [&page](const ReadJson& conflict) {
        page.conflicts.push_back(conflict_from(conflict));
    });
    page.total = tree::integer(body, "total");
    page.cursor = tree::text(body, "cursor");
    return page;
}

Result<HeldRecord> read_hold_answer(std::string_view json) {
    const ReadJson body = CRM_TRY(read_answer(json, "hold"));
    return hold_from(*tree::find(body, "hold"));
}

Result<HoldPage> read_hold_page(std::string_view json) {
    const ReadJson body = CRM_TRY(read_answer(json, "holds"));
    HoldPage page;
    tree::for_each(
        body, "holds", [&page](const ReadJson& hold) { page.holds.push_back(hold_from(hold)); });
    page.total = tree::integer(body, "total");
    page.cursor = tree::text(body, "cursor");
    return page;
}

Result<std::vector<SystemSync>> read_contact_sync(std::string_view json) {
    const ReadJson body = CRM_TRY(read_answer(json, "systems"));
    std::vector<SystemSync> systems;
    tree::for_each(body, "systems", [&systems](const ReadJson& system) {
        systems.push_back(system_sync_from(system));
    });
    return systems;
}

}  // namespace crm::api
