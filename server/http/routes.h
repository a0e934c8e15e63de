// The table of the API: method, path, what it takes, who answers. Dispatch, 404, 405, the check of
// query parameters and of bodies all walk it; a route is added there and nowhere else.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/http/access.h"
#include "server/http/connection_door.h"
#include "server/http/event_hub.h"
#include "server/http/message.h"
#include "server/http/metrics.h"
#include "server/http/sync_door.h"
#include "shared/result.h"
#include "shared/url.h"

namespace crm::http {

class RepeatGuard;

/// What handlers may use. All of it outlives the server.
struct Services {
    ContactService& contacts;
    const SyncDoor& sync;
    EventHub& events;
    std::function<Result<std::string>(const CustomerId&)> mint_token;
    int schema_version = 0;
    ConnectionDoor connections = {};  // empty: there is no workspace
    /// Whom a webhook with this token is about; empty: there is no workspace.
    std::function<Result<CustomerId>(std::string_view)> read_webhook_token = {};
    people::PeopleService* people = nullptr;  // set
    /// What /api/ready looks at: each check by its name, with what is wrong or "".
    std::function<std::vector<std::pair<std::string, std::string>>()> check_ready = {};
    Metrics* metrics = nullptr;  // set
    std::function<std::vector<Gauge>()> gauges = {};
    RepeatGuard* repeats = nullptr;        // empty: Idempotency-Key is not looked at
    std::atomic<bool> is_stopping{false};  // whoever blocks looks at it about once a second
};

/// A request that found its route.
struct Call {
    const Request& request;
    Caller caller;
    std::vector<std::string> parts;          // what stands in the path for each {}
    QueryParams query;                       // only parameters that the route takes, each once
    std::function<bool()> is_still_in = {};  // asked by answers that go on for long

    /// The value of a parameter, or nullptr.
    [[nodiscard]] const std::string* find(std::string_view name) const;
};

/// false when the parameter is not given; BadRequest when it is neither true nor false.
[[nodiscard]] Result<bool> read_truth(const Call& call, std::string_view name);

/// What a caller must be allowed to do. Every route names one: none is the default.
enum class Right {
    Anyone,  // without signing in
    Read,    // viewer, editor, admin
    Edit,    // editor, admin: contacts, decisions and runs
    Manage,  // admin: people, tokens, connections
};
/// Json: what is sent must say application/json. File: a type that no form of a foreign page can
/// send, and up to kImportBytesMax.
enum class Body { None, Json, File };

struct Route {
    std::string_view method;
    std::string_view pattern;     // "/api/contacts/{}/restore"
    std::string_view parameters;  // of the query, separated by spaces
    Body body;
    Right right;
    Result<Response> (*answer)(const Services&, const Call&);
};

[[nodiscard]] std::span<const Route> routes();

/// Forbidden, with who may do it.
[[nodiscard]] Status check_right(Right right, const Caller& caller);

struct RouteMatch {
    const Route* route = nullptr;    // nullptr: no such path, or not with this method
    std::vector<std::string> parts;  // percent-decoded
    std::string allowed;             // "GET, HEAD, POST"; empty: no such path
};

/// Whether a request with an Idempotency-Key is remembered: a POST of somebody known, unless it
/// brings or gives a secret, which must not be kept.
[[nodiscard]] bool takes_idempotency_key(const Route& route);

/// `path` as sent.
[[nodiscard]] RouteMatch find_route(std::string_view verb, std::string_view path);

/// BadRequest: a broken escape, broken UTF-8, a parameter that the route does not take or that
/// comes twice.
[[nodiscard]] Result<QueryParams> read_parameters(const Route& route, std::string_view query);

}  // namespace crm::http
