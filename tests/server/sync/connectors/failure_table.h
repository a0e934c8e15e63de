// A row of the table of failures: an answer, and what the engine is told about it. The answer
// travels over a socket and through a whole connector.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "server/sync/connectors/failure.h"
#include "tests/server/sync/connectors/connector_desk.h"

namespace crm::sync {

struct Row {
    std::string name;
    Action action = Action::Create;
    test::WireReply reply;
    CallEnd end = CallEnd::Unknown;
    std::string code = {};
    std::optional<std::chrono::milliseconds> retry_after = {};
    std::string id = {};
    std::string details = {};
};

/// The CRM's answer as Integration.app wraps it, shape 1.
inline std::string wrapped(int status, const std::string& body, const std::string& headers = "{}") {
    return R"({"type":"action_run","message":"Request failed","data":{"response":{"status":)" +
           std::to_string(status) + R"(,"headers":)" + headers + R"(,"data":)" + body + "}}}";
}

inline std::string platform(const std::string& type,
                            const std::string& key,
                            const std::string& message = "It failed") {
    return R"({"type":")" + type + R"(","key":")" + key + R"(","message":")" + message + R"("})";
}

inline const std::string kHubSpotConflict =
    R"({"status":"error","message":"Contact already exists. Existing ID: 37765128953",)"
    R"("correlationId":"2dea5219","category":"CONFLICT"})";

inline ConnectorSpec spec_with_get() {
    ConnectorSpec spec = builtin_connectors().front();
    spec.get_action = "find-contact-by-id";
    seal(spec);
    return spec;
}

inline CallOutcome perform(Connector& connector, Action action) {
    switch (action) {
        case Action::Create:
            return connector.create({{"name", "Ann"}, {"email", "ann@example.com"}}, "m");
        case Action::Update:
            return connector.update(RemoteId("101"), {{"email", "ann@example.com"}});
        case Action::Remove:
            return connector.remove(RemoteId("101"));
        case Action::Get: {
            const Reading reading = connector.get(RemoteId("101"));
            return {
                .end = reading.end, .problem = reading.problem, .retry_after = reading.retry_after};
        }
        case Action::List:
            break;
    }
    const Listing listing = connector.list({});
    return {.end = listing.end, .problem = listing.problem, .retry_after = listing.retry_after};
}

inline void check(const Row& row) {
    CAPTURE(row.name);
    CAPTURE(row.reply.body);
    ConnectorDesk desk(spec_with_get());
    for (int time = 0; time < 8; ++time) desk.server.reply(row.reply);
    const CallOutcome outcome = perform(*desk.connector, row.action);
    CHECK(static_cast<int>(outcome.end) == static_cast<int>(row.end));
    CHECK(outcome.problem.code == row.code);
    CHECK(outcome.retry_after == row.retry_after);
    CHECK(outcome.id.text == row.id);
    if (!row.details.empty()) CHECK(outcome.problem.details == row.details);
    CHECK(outcome.problem.message.empty() == row.code.empty());
    CHECK(desk.waited() <= kRunWaitMax);
    const bool may_repeat = row.end == CallEnd::Later || row.code == kNotAuthenticated;
    const bool is_write = row.action != Action::List && row.action != Action::Get;
    if (is_write && !may_repeat) CHECK(desk.server.requests().size() == 1);
}

inline void check_all(const std::vector<Row>& rows) {
    for (const Row& row : rows) check(row);
}

}  // namespace crm::sync
