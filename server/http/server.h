// The HTTP server: threads, time-outs, size limits and the headers that every answer has. The only
// owner of the HTTP library. What a request means is its Handler's business.
//
// A connection holds a thread while it lasts, an event stream for long: kHttpThreads are always
// there, up to kHttpThreadsMax come when they are needed. Limits in time give them back
// (server_wire.h).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "server/http/message.h"
#include "server/http/request_note.h"
#include "server/limits.h"
#include "server/log.h"
#include "shared/result.h"

namespace crm::http {

/// Called from many threads at once.
class Handler {
   public:
    Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    virtual ~Handler() = default;
    /// Before the body is read, for requests that may have one: an answer that needs no body (wrong
    /// method, not allowed, not JSON), or nullopt.
    [[nodiscard]] virtual std::optional<Response> refuse(const Request& head) = 0;
    /// How long the body of such a request may be.
    [[nodiscard]] virtual std::size_t body_bytes_max(const Request& head) {
        static_cast<void>(head);
        return kBodyBytesMax;
    }
    /// Every answer, when it begins to be sent.
    virtual void note(const RequestNote& note) { static_cast<void>(note); }
    /// The whole request. Does what refuse() does as well.
    [[nodiscard]] virtual Response handle(const Request& request) = 0;
};

struct ServerOptions {
    std::string host = "127.0.0.1";
    int port = 0;                 // 0: any free one
    std::string boot_id;          // begins every request id
    std::string tls_certificate;  // PEM files; empty: plain HTTP
    std::string tls_key;
    std::chrono::milliseconds head_timeout = kHeadReadTimeout;
    std::size_t connections_per_address_max = kConnectionsPerAddressMax;
    bool is_own_machine_limited = false;  // for tests: connections from here count like others
};

class Server {
   public:
    /// Binds and serves in threads of its own. Unavailable with a sentence when the port cannot be
    /// had. `handler` and `log` outlive the server.
    static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                 Handler& handler,
                                                 Log& log);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Waits for the requests in flight: whoever blocks in them must have been told to end.
    ~Server();

    /// Returns at once; no new connection is taken and idle ones are closed.
    void stop_accepting();
    [[nodiscard]] int port() const;
    [[nodiscard]] std::string url() const;  // "http://127.0.0.1:8080"

   private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace crm::http
