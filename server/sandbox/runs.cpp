// What a call reads or writes; how faults bend that is in strikes.cpp.
#include "server/sandbox/runs.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "server/sandbox/contact_wire.h"
#include "server/sandbox/crm.h"
#include "server/sandbox/ending.h"
#include "server/sandbox/record_dialect.h"
#include "server/sandbox/strikes.h"

namespace crm::sandbox {
namespace {

Dialect dialect_of(const Call& call) {
    return call.door == Door::Data ? Dialect::Native : Dialect::Unified;
}

Json shown(const Desk& desk, const Call& call, const Record& record) {
    return in_dialect(data_record(record, record_url(desk, record), dialect_of(call)),
                      record,
                      desk.budget.rules_of(call.customer.text).dialect);
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
    if (call.view) session.look_through(*call.view);
    const bool is_match = call.action.ends_with(".match");
    PageQuery query = read_query(call);
    const RestRules rules = desk.budget.rules_of(call.customer.text);
    if (call.door == Door::Action) query.limit = rules.page_records.value_or(query.limit);
    if (is_match && query.email.empty() && query.text.empty()) {
        return bad_input("A match needs an e-mail or a name to look for");
    }
    PageAnswer answer = CRM_TRY(crm_of(call.system).list(session, query));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer))
        return refused(call.system, *refusal);
    Page& page = std::get<Page>(answer);
    bend_page(call.page_bend, call.system, query.cursor, page);
    Json output = Json::object();
    if (is_match) {
        if (!page.records.empty()) output.set("record", shown(desk, call, page.records.front()));
        return done(call.door, std::move(output));
    }
    Json records = Json::array();
    for (const Record& record : page.records) records.push(shown(desk, call, record));
    output.set("records", std::move(records));
    if (!page.cursor.empty()) output.set("cursor", page.cursor);
    return done(call.door, std::move(output));
}

Result<Ending> run_find(const Desk& desk, const Call& call) {
    Session session = CRM_TRY(enter(desk, call.customer, Access::Read));
    if (call.view) session.look_through(*call.view);
    const CrmAnswer answer = CRM_TRY(crm_of(call.system).find(session, read_id(call.input)));
    if (const auto* refusal = std::get_if<CrmRefusal>(&answer))
        return refused(call.system, *refusal);
    Ending ending =
        done(call.door, Json::object({{"record", shown(desk, call, std::get<Record>(answer))}}));
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
    Ending ending =
        done(call.door,
             call.operation == Operation::Remove ? Json::object() : Json::object({{"id", id}}));
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

}  // namespace

Response run_call(const Desk& desk, const Call& call) {
    const Occasion occasion{.system = call.system,
                            .operation = call.operation,
                            .customer = call.customer.text,
                            .is_later_page = !read_query(call).cursor.empty()};
    const Strikes strikes = desk.faults.take(occasion, desk.clock.now());
    Ending ending = strike(desk, call, strikes, apply_or_report);
    const RestRules rules = desk.budget.rules_of(call.customer.text);
    if (rules.is_run_created && ending.response.status == 200) ending.response.status = 201;
    if (rules.has_bare_errors) ending.response = with_bare_error(std::move(ending.response));
    note_call(desk, call, ending);
    return std::move(ending.response);
}

}  // namespace crm::sandbox
