// A call ends in an Ending: what is answered and what is noted. Only here do faults strike.
#include "server/sandbox/runs.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/crm.h"

namespace crm::sandbox {
namespace {

// How a call ended: what is answered and what is noted.
struct Ending {
    Response response;
    std::string record_id;
    std::string outcome = "ok";
    bool is_applied = false;
};

// The CRM said no: its status and body travel inside Integration.app's error.
Ending refused(System system, const CrmRefusal& refusal) {
    const bool is_rate_limit = refusal.status == 429;
    Json body = Json::object();
    body.set("type", is_rate_limit ? "connection" : "action_run");
    if (is_rate_limit) body.set("key", "rate_limit_exceeded");
    body.set("message",
             std::string(label_of(system)) + " answered " + std::to_string(refusal.status) + ": " +
                 refusal.message);
    Json response = Json::object(
        {{"status", refusal.status}, {"headers", Json::object()}, {"data", refusal.body}});
    body.set("data", Json::object({{"response", std::move(response)}}));
    return {.response = json_response(is_rate_limit ? 429 : 400, body), .outcome = "refused"};
}

Ending broken(const Error& error) {
    return {.response = error_response(500, "internal", "internal", error.message),
            .outcome = "failed"};
}

Ending bad_input(std::string_view message) {
    return {.response = error_response(400, "bad_request", "bad_request", message),
            .outcome = "bad_input"};
}

Ending defunct(System system) {
    return {.response = error_response(400,
                                       "connection",
                                       "connection_is_defunct",
                                       "The connection to " + std::string(label_of(system)) +
                                           " is broken: connect it again"),
            .outcome = "disconnected"};
}

Ending unknown_connection(System system) {
    return {.response =
                not_found_response("Connection \"" + std::string(key_of(system)) + "\" not found"),
            .outcome = "disconnected"};
}

Ending bad_gateway() {
    return {.response = {.status = 502,
                         .content_type = "text/html; charset=utf-8",
                         .body = "<html><head><title>502 Bad Gateway</title></head>"
                                 "<body><h1>502 Bad Gateway</h1></body></html>\n"},
            .outcome = "error_502"};
}

Ending done(const Call& call, Json output) {
    if (call.door == Door::Action) output = Json::object({{"output", std::move(output)}});
    return {.response = json_response(200, output)};
}

Dialect dialect_of(const Call& call) {
    return call.door == Door::Data ? Dialect::Native : Dialect::Unified;
}

Json shown(const Desk& desk, const Call& call, const Record& record) {
    return data_record(record, record_url(desk, record), dialect_of(call));
}

// "search" and "match" of a data collection look for something; a list may filter by e-mail or
// name.
PageQuery read_query(const Call& call) {
    PageQuery query;
    if (const Json* cursor = call.input.find("cursor")) {
        if (cursor->text() != nullptr) query.cursor = *cursor->text();
        if (const auto number = cursor->integer()) query.cursor = std::to_string(*number);
    }
    if (call.action.ends_with(".search")) query.text = call.input.text_at("query");
    for (const std::string_view name : {"filter", "unifiedFilter", "query"}) {
        const Json* filter = call.input.find(name);
        if (filter == nullptr || filter->members() == nullptr) continue;
        for (const std::string_view field : {"email", "primaryEmail"}) {
            if (!filter->text_at(field).empty()) query.email = filter->text_at(field);
        }
        for (const std::string_view field : {"name", "fullName"}) {
            if (!filter->text_at(field).empty()) query.text = filter->text_at(field);
        }
    }
    return query;
}

Result<Ending> run_list(const Desk& desk, const Call& call) {
    Session session = CRM_TRY(enter(desk, call.customer, Access::Read));
    const bool is_match = call.action.ends_with(".match");
    const PageQuery query = read_query(call);
    if (is_match && query.email.empty() && query.text.empty()) {
        return bad_input("A match needs an e-mail or a name to look for");
    }
    const PageAnswer answer = CRM_TRY(crm_of(call.system).list(session, query));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer))
        return refused(call.system, *refusal);
    const Page& page = std::get<Page>(answer);
    Json output = Json::object();
    if (is_match) {
        if (!page.records.empty()) output.set("record", shown(desk, call, page.records.front()));
        return done(call, std::move(output));
    }
    Json records = Json::array();
    for (const Record& record : page.records) records.push(shown(desk, call, record));
    output.set("records", std::move(records));
    if (!page.cursor.empty()) output.set("cursor", page.cursor);
    return done(call, std::move(output));
}

Result<Ending> run_find(const Desk& desk, const Call& call) {
    Session session = CRM_TRY(enter(desk, call.customer, Access::Read));
    const CrmAnswer answer = CRM_TRY(crm_of(call.system).find(session, read_id(call.input)));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer))
        return refused(call.system, *refusal);
    Ending ending =
        done(call, Json::object({{"record", shown(desk, call, std::get<Record>(answer))}}));
    ending.record_id = read_id(call.input);
    return ending;
}

Result<CrmAnswer> write_record(const Call& call,
                               const Draft& draft,
                               Session& session,
                               TimePoint now) {
    const Crm& crm = crm_of(call.system);
    const std::string id = read_id(call.input);
    switch (call.operation) {
        case Operation::Create:
            return crm.create(session, draft, now);
        case Operation::Update:
            return crm.update(session, id, draft, now);
        case Operation::Remove:
            return crm.remove(session, id, now);
        case Operation::List:
        case Operation::Find:
            break;
    }
    return crm.find(session, id);
}

Result<Ending> run_write(const Desk& desk, const Call& call) {
    if (call.operation != Operation::Create && read_id(call.input).empty()) {
        return bad_input("The input needs the \"id\" of the record");
    }
    Draft draft;
    if (call.operation != Operation::Remove) {
        Result<Draft> read = read_draft(call.input);
        if (!read.is_ok()) return bad_input(read.error().message);
        draft = read.take();
    }
    Session session = CRM_TRY(enter(desk, call.customer, Access::Write));
    const CrmAnswer answer = CRM_TRY(write_record(call, draft, session, desk.clock.now()));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer))
        return refused(call.system, *refusal);
    CRM_TRY(session.commit());
    const std::string id = std::to_string(std::get<Record>(answer).id);
    Ending ending = done(
        call, call.operation == Operation::Remove ? Json::object() : Json::object({{"id", id}}));
    ending.record_id = id;
    ending.is_applied = session.has_written();
    return ending;
}

Result<Ending> apply(const Desk& desk, const Call& call) {
    {
        Session session = CRM_TRY(enter(desk, call.customer, Access::Read));
        const ConnectionState state = CRM_TRY(session.connection_state(call.system));
        if (state == ConnectionState::Archived) return unknown_connection(call.system);
        if (state == ConnectionState::Disconnected) return defunct(call.system);
    }
    switch (call.operation) {
        case Operation::List:
            return run_list(desk, call);
        case Operation::Find:
            return run_find(desk, call);
        case Operation::Create:
        case Operation::Update:
        case Operation::Remove:
            break;
    }
    return run_write(desk, call);
}

Ending apply_or_report(const Desk& desk, const Call& call) {
    Result<Ending> ending = apply(desk, call);
    return ending.is_ok() ? ending.take() : broken(ending.error());
}

Ending lost(Ending ending, std::string_view outcome) {
    ending.response = dropped_response();
    ending.outcome = outcome;
    return ending;
}

Ending strike(const Desk& desk, const Call& call, const Strike& strike) {
    if (!desk.pause(strike.delay)) return lost({}, "stopped");
    switch (strike.fault) {
        case Fault::LoseAnswer:
            return lost(apply_or_report(desk, call), "lost_answer");
        case Fault::LoseRequest:
            return lost({}, "lost_request");
        case Fault::Error502:
            return bad_gateway();
        case Fault::RateLimit:
            return refused(call.system, crm_of(call.system).rate_limit());
        case Fault::Locked:
            return refused(call.system,
                           {.status = 423,
                            .body = Json::object({{"status", "error"}, {"message", "Locked"}}),
                            .message = "Locked"});
        case Fault::Blocked:
            return refused(
                call.system,
                {.status = 403,
                 .body = Json("<!DOCTYPE html><html><body>Attention required</body></html>"),
                 .message = "Forbidden"});
        case Fault::ReadOnly:
            return refused(call.system, crm_of(call.system).read_only());
        case Fault::Disconnect:
            return defunct(call.system);
        case Fault::Delay:
            break;
    }
    return apply_or_report(desk, call);
}

}  // namespace

Response run_call(const Desk& desk, const Call& call) {
    const std::optional<Strike> fault =
        desk.faults.take(call.system, call.operation, call.customer.text);
    Ending ending = fault ? strike(desk, call, *fault) : apply_or_report(desk, call);
    desk.calls.add({.customer = call.customer.text,
                    .door = call.door,
                    .system = call.system,
                    .method = "POST",
                    .action = call.action,
                    .status = ending.response.status,
                    .record_id = std::move(ending.record_id),
                    .outcome = std::move(ending.outcome),
                    .is_applied = ending.is_applied},
                   desk.clock.now());
    return std::move(ending.response);
}

}  // namespace crm::sandbox
