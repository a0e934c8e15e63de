// Every method is one function for one input; what they share is around them.
#include "server/sandbox/hubspot_batch.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/hubspot.h"
#include "server/sandbox/hubspot_wire.h"
#include "server/sandbox/limits.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

// What one input came to: its result, or why not.
using Outcome = std::variant<Json, CrmRefusal>;
using Work = std::function<Result<Outcome>(const Json& input)>;

struct Batch {
    Json body;
    std::vector<Json> inputs;
    bool has_traces = false;  // a trace id of its own for each input
};

CrmRefusal bad_batch(std::string_view message) {
    return hubspot_refusal(400, "VALIDATION_ERROR", message);
}

std::variant<Batch, CrmRefusal> read_batch(const Request& request) {
    const std::optional<Json> body = Json::parse(request.body);
    const Json* inputs = body ? body->find("inputs") : nullptr;
    if (inputs == nullptr || inputs->items() == nullptr) {
        return bad_batch("Invalid input JSON: an object with inputs is wanted");
    }
    Batch batch{.body = *body, .inputs = *inputs->items()};
    if (batch.inputs.size() > kHubSpotBatchMax) {
        return bad_batch("A batch has at most 100 inputs, this one has " +
                         std::to_string(batch.inputs.size()));
    }
    std::set<std::string> traces;
    for (const Json& input : batch.inputs) {
        if (input.members() == nullptr) return bad_batch("Each input must be an object");
        traces.insert(input.text_at("objectWriteTraceId"));
    }
    batch.has_traces = traces.size() == batch.inputs.size() && !traces.contains("");
    return batch;
}

// The same contact twice in one call is refused as a whole.
std::optional<CrmRefusal> find_repeated(const Batch& batch) {
    std::set<std::string> ids;
    for (const Json& input : batch.inputs) {
        const std::string id = lower_text(input.text_at("id"));
        if (!id.empty() && !ids.insert(id).second) {
            return bad_batch("Duplicate IDs found in batch input: [" + id +
                             "]. IDs must be unique");
        }
    }
    return std::nullopt;
}

Json error_json(const CrmRefusal& refusal, const std::string& trace) {
    Json error = Json::object({{"status", "error"},
                               {"category", refusal.body.text_at("category")},
                               {"message", refusal.message},
                               {"context", Json::object()},
                               {"links", Json::object()},
                               {"errors", Json::array()}});
    if (error.text_at("category").empty()) error.set("category", "OBJECT_NOT_FOUND");
    if (!trace.empty()) {
        error.set("context", Json::object({{"objectWriteTraceId", Json::array({Json(trace)})}}));
    }
    return error;
}

Json batch_json(std::vector<Json> results, Json::Array errors, TimePoint now) {
    std::reverse(results.begin(), results.end());
    const std::string time = wire_time(System::HubSpot, now);
    Json body = Json::object({{"status", "COMPLETE"},
                              {"results", Json::array(std::move(results))},
                              {"startedAt", time},
                              {"completedAt", time}});
    if (!errors.empty()) {
        body.set("numErrors", errors.size());
        body.set("errors", Json::array(std::move(errors)));
    }
    return body;
}

struct Ended {
    std::vector<Json> results;
    Json::Array errors;
    std::optional<CrmRefusal> refusal;  // of the whole call
};

Result<Ended> run_all(const Batch& batch, const Work& work) {
    Ended ended;
    for (const Json& input : batch.inputs) {
        Outcome outcome = CRM_TRY(work(input));
        const std::string trace = input.text_at("objectWriteTraceId");
        if (auto* refusal = std::get_if<CrmRefusal>(&outcome)) {
            if (!batch.has_traces) {
                ended.refusal = std::move(*refusal);
                return ended;
            }
            ended.errors.push_back(error_json(*refusal, trace));
            continue;
        }
        Json result = std::get<Json>(std::move(outcome));
        if (!trace.empty()) result.set("objectWriteTraceId", trace);
        ended.results.push_back(std::move(result));
    }
    return ended;
}

Result<Response> write_all(
    Session& session, const Batch& batch, const Work& work, int status, TimePoint now) {
    if (auto repeated = find_repeated(batch)) return refusal_response(*repeated);
    Ended ended = CRM_TRY(run_all(batch, work));
    if (ended.refusal) return refusal_response(*ended.refusal);  // and nothing is committed
    CRM_TRY(session.commit());
    const int answered = ended.errors.empty() ? status : 207;
    return json_response(answered,
                         batch_json(std::move(ended.results), std::move(ended.errors), now));
}

Result<Outcome> create_one(Session& session, const Json& input, TimePoint now) {
    const auto draft = read_hubspot_properties(input.find("properties"));
    if (const auto* refusal = std::get_if<CrmRefusal>(&draft)) return Outcome(*refusal);
    const CrmAnswer answer =
        CRM_TRY(crm_of(System::HubSpot).create(session, std::get<Draft>(draft), now));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return Outcome(*refusal);
    return Outcome(created_json(std::get<Record>(answer)));
}

Result<Outcome> update_one(Session& session, const Json& input, TimePoint now) {
    const Json* properties = input.find("properties");
    const auto draft = read_hubspot_properties(properties);
    if (const auto* refusal = std::get_if<CrmRefusal>(&draft)) return Outcome(*refusal);
    const std::string id =
        CRM_TRY(resolve_hubspot_id(session, input.text_at("id"), input.text_at("idProperty")));
    const CrmAnswer answer =
        CRM_TRY(crm_of(System::HubSpot).update(session, id, std::get<Draft>(draft), now));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer)) return Outcome(*refusal);
    return Outcome(updated_json(std::get<Record>(answer), *properties));
}

// By e-mail only: of the properties of the sandbox no other one is unique.
Result<Outcome> upsert_one(Session& session, const Json& input, TimePoint now) {
    if (input.text_at("idProperty") != "email") {
        return Outcome(bad_batch("idProperty must name a unique property: email"));
    }
    const std::string id = CRM_TRY(resolve_hubspot_id(session, input.text_at("id"), "email"));
    const bool is_new = id == "0";
    Json changed = input;
    if (is_new) {
        Json properties =
            input.find("properties") == nullptr ? Json::object() : *input.find("properties");
        if (properties.members() != nullptr) properties.set("email", input.text_at("id"));
        changed.set("properties", std::move(properties));
    }
    Outcome outcome =
        CRM_TRY(is_new ? create_one(session, changed, now) : update_one(session, changed, now));
    if (auto* json = std::get_if<Json>(&outcome)) json->set("new", is_new);
    return outcome;
}

// Ids that name nobody are no error here: they are in the bin, or were never there.
Result<Response> archive_all(Session& session, const Batch& batch, TimePoint now) {
    for (const Json& input : batch.inputs) {
        const CrmAnswer answer =
            CRM_TRY(crm_of(System::HubSpot).remove(session, input.text_at("id"), now));
        const auto* refusal = std::get_if<CrmRefusal>(&answer);
        if (refusal != nullptr && refusal->status != 404) return refusal_response(*refusal);
    }
    CRM_TRY(session.commit());
    return Response{.status = 204, .content_type = ""};
}

Result<std::optional<Record>> read_one(Session& session, const std::string& id, Shown shown) {
    if (shown == Shown::Deleted) {
        auto record = CRM_TRY(session.find(System::HubSpot, parse_id(id).value_or(0)));
        if (record && record->deleted_at && !record->merged_into) return record;
        return std::optional<Record>();
    }
    CrmAnswer answer = CRM_TRY(crm_of(System::HubSpot).find(session, id));
    auto* record = std::get_if<Record>(&answer);
    return record == nullptr ? std::optional<Record>() : std::optional(std::move(*record));
}

Result<Response> read_all(Session& session,
                          const Batch& batch,
                          const Request& request,
                          TimePoint now) {
    const std::vector<std::string> wanted = texts_at(batch.body, "properties");
    const Shown shown = request.parameter("archived") == "true" ? Shown::Deleted : Shown::Live;
    std::vector<Json> results;
    std::set<std::int64_t> seen;
    Json missing = Json::array();
    for (const Json& input : batch.inputs) {
        const std::string named = input.text_at("id");
        const std::string id =
            CRM_TRY(resolve_hubspot_id(session, named, batch.body.text_at("idProperty")));
        const std::optional<Record> record = CRM_TRY(read_one(session, id, shown));
        if (!record) {
            missing.push(named);
        } else if (seen.insert(record->id).second) {
            results.push_back(contact_json(*record, wanted));
        }
    }
    if (missing.items()->empty()) {
        return json_response(200, batch_json(std::move(results), {}, now));
    }
    Json error = error_json(
        hubspot_refusal(404,
                        "OBJECT_NOT_FOUND",
                        "Could not get some CONTACT objects, they may be deleted or not exist. "
                        "Check that ids are valid."),
        "");
    error.set("context", Json::object({{"ids", std::move(missing)}}));
    return json_response(207, batch_json(std::move(results), {std::move(error)}, now));
}

}  // namespace

Result<Response> answer_batch(Session& session,
                              const std::string& method,
                              const Request& request,
                              TimePoint now) {
    const auto read = read_batch(request);
    if (const auto* refusal = std::get_if<CrmRefusal>(&read)) return refusal_response(*refusal);
    const auto& batch = std::get<Batch>(read);
    const auto each = [&](Result<Outcome> (*work)(Session&, const Json&, TimePoint)) {
        return [&session, work, now](const Json& input) { return work(session, input, now); };
    };
    if (method == "read") return read_all(session, batch, request, now);
    if (method == "create") return write_all(session, batch, each(create_one), 201, now);
    if (method == "update") return write_all(session, batch, each(update_one), 200, now);
    if (method == "upsert") return write_all(session, batch, each(upsert_one), 200, now);
    if (method == "archive") return archive_all(session, batch, now);
    return refusal_response(hubspot_refusal(404, "", "There is nothing at this address"));
}

}  // namespace crm::sandbox
