// Requests in the client's words -> HTTP, and HTTP answers and server-sent events -> actions. Knows
// paths, methods and status codes; knows no browser and sends nothing itself. An answer to a
// request that is not under way is dropped.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client-wasm/state/actions.h"

namespace crm::client {

struct HttpRequest {
    RequestId id = 0;
    std::string method;  // "GET"
    std::string path;    // "/api/contacts?limit=200", from the root of our own origin
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;           // empty: none
    bool is_file_sent = false;  // the body is the file that the person chose

    bool operator==(const HttpRequest&) const = default;
};

struct HttpReply {
    int status = 0;  // 0: no answer came
    std::string body;
};

class ApiClient {
   public:
    /// The request to start; remembered until its reply comes.
    [[nodiscard]] HttpRequest begin(const SendRequest& effect);

    /// nullopt: nobody waits for that request (any more).
    [[nodiscard]] std::optional<Action> finish(RequestId id, const HttpReply& reply);

    [[nodiscard]] bool is_idle() const { return requests_.empty(); }

   private:
    std::map<RequestId, Request> requests_;
};

/// Where the server hands out a list as a file.
[[nodiscard]] std::string export_path(const SaveExport& wish);

/// An event of the stream at api::kEventsPath. nullopt: a type that this client does not know, or
/// data that cannot be read (the stream goes on; the next listing repairs the picture).
[[nodiscard]] std::optional<Action> read_event(std::string_view type, std::string_view data);

/// The types to listen for.
[[nodiscard]] std::vector<std::string> event_types();

}  // namespace crm::client
