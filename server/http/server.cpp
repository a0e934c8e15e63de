// The HTTP library, fenced in. Requests without a body are answered before its routing; the others
// after it has read the body within the limits. Its own errors (too large, not HTTP) get our JSON.
#include "server/http/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include <httplib.h>

#include "server/http/connection_counts.h"
#include "server/http/respond.h"
#include "server/http/server_wire.h"
#include "server/http/thread_crew.h"
#include "server/limits.h"
#include "server/loopback.h"

namespace crm::http {
namespace {

/// On every answer. The client is WebAssembly, drawn on one canvas: it needs scripts, style, fonts
/// and data of its own origin and nothing else.
httplib::Headers headers_always(bool is_tls) {
    httplib::Headers headers{
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
         "connect-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; "
         "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
    };
    if (is_tls) headers.emplace("Strict-Transport-Security", "max-age=31536000");
    return headers;
}

void listen_once_only(socket_t socket) {
    // Not SO_REUSEPORT, the library's default: a second server on the same port would start and
    // share it.
    httplib::set_socket_opt(socket, SOL_SOCKET, SO_REUSEADDR, 1);
}

/// A request that announces no body has none (RFC 9112, section 6.3). The library knows that when
/// it reads, but afterwards drains "what is left" until its time-out, and the next request with it.
/// It keeps peace when the length is said.
void say_that_there_is_no_body(const httplib::Request& request) {
    if (request.has_header("Content-Length") || request.has_header("Transfer-Encoding")) return;
    // The hook promises not to change the request; the library's own variable is not const, and
    // nothing else reaches it.
    const_cast<httplib::Request&>(request).headers.emplace("Content-Length", "0");
}

Request read_head(const httplib::Request& from, std::string id, bool is_tls) {
    Request request;
    request.method = from.method;
    request.target = from.target;
    request.id = std::move(id);
    request.peer = from.remote_addr;
    request.is_tls = is_tls;
    for (const auto& [name, value] : from.headers) request.headers.emplace_back(name, value);
    return request;
}

/// Hands a stream's parts on until it ends, the listener is gone or the server stops.
bool pump(BodyStream& stream, httplib::DataSink& sink) {
    const std::optional<std::string> part = stream.next();
    if (!part) {
        // Without the last chunk the other side sees that something is missing.
        if (stream.is_broken()) return false;
        sink.done();
        return true;
    }
    return part->empty() ? sink.is_writable() : sink.write(part->data(), part->size());
}

void set_body(const httplib::Request& request, Response& from, httplib::Response& to) {
    if (from.stream) {
        if (request.method == "HEAD") {
            to.set_header("Content-Type", from.content_type);
            return;
        }
        to.set_chunked_content_provider(
            from.content_type, [stream = from.stream](std::size_t, httplib::DataSink& sink) {
                return pump(*stream, sink);
            });
        return;
    }
    // A provider keeps the library from compressing again, but it would serve ranges of a 200.
    if (from.shared_body && request.ranges.empty() && !from.shared_body->empty()) {
        to.set_content_provider(
            from.shared_body->size(),
            from.content_type,
            [body = from.shared_body](
                std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                return sink.write(body->data() + offset, length);
            });
        return;
    }
    if (from.shared_body) from.body = *from.shared_body;
    if (!from.content_type.empty()) to.set_header("Content-Type", from.content_type);
    to.body = std::move(from.body);
}

/// The library's own set_header adds a second one.
void set_header(httplib::Response& response, const std::string& name, const std::string& value) {
    response.headers.erase(name);
    response.set_header(name, value);
}

/// A file in memory, counted while it is there.
class LargeBody {
   public:
    LargeBody(std::atomic<int>& count, bool is_large) : count_(count), is_large_(is_large) {
        if (is_large_) place_ = ++count_;
    }
    LargeBody(const LargeBody&) = delete;
    LargeBody& operator=(const LargeBody&) = delete;
    ~LargeBody() {
        if (is_large_) --count_;
    }
    [[nodiscard]] bool is_one_too_many() const { return place_ > kImportsAtOnce; }

   private:
    std::atomic<int>& count_;
    bool is_large_;
    int place_ = 0;
};

Error too_many_files() {
    return {ErrorCode::Unavailable,
            "Other files are being read in, so this one was not; try again in a moment"};
}

constexpr std::chrono::seconds kHttpThreadIdle{10};  // beyond kHttpThreads; then it goes

class Crew final : public httplib::TaskQueue {
   public:
    bool enqueue(std::function<void()> job) override { return crew_.take(std::move(job)); }
    void shutdown() override { crew_.shut_down(); }

   private:
    ThreadCrew crew_{{kHttpThreads, kHttpThreadsMax, kHttpQueueMax, kHttpThreadIdle}};
};

/// The library's server over our own connections: limits in time, TLS, and how many one address
/// may have.
class DoorServer final : public httplib::Server {
   public:
    DoorServer(const ServerOptions& options, TlsContext* tls) : options_(options), tls_(tls) {}

   private:
    bool process_and_close_socket(socket_t socket) override {
        const bool is_served = serve(socket);
        shutdown(socket, SHUT_RDWR);
        close(socket);
        return is_served;
    }

    bool serve(socket_t socket) {
        int port = 0;
        const std::string address = peer_address(socket, port);
        const ConnectionCounts::Place place(counts_, address);
        const bool is_counted = options_.is_own_machine_limited || !is_loopback_host(address);
        if (is_counted && place.number() > options_.connections_per_address_max) {
            if (tls_ == nullptr) ::send(socket, kTooMany.data(), kTooMany.size(), MSG_NOSIGNAL);
            return false;
        }
        const WireLimits limits{
            options_.head_timeout, kRequestReadTimeout, kBodyBytesPerTimeoutMin};
        Wire wire(socket, tls_, limits, [this] { return svr_sock_ == INVALID_SOCKET; });
        if (!wire.greet()) return false;
        bool is_served = false;
        bool is_closed = false;
        while (!is_closed && wire.wait_for_request(kKeepAliveIdle)) {
            bool is_websocket = false;
            is_served = process_request(
                wire.stream(), address, port, {}, 0, false, is_closed, nullptr, &is_websocket);
            if (!is_served) break;
        }
        return is_served;
    }

    static constexpr std::string_view kTooMany =
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n";

    const ServerOptions options_;
    TlsContext* const tls_;
    ConnectionCounts counts_;
};

LogLevel level_of(int status) {
    if (status >= 500) return LogLevel::Error;
    return status >= 400 ? LogLevel::Info : LogLevel::Debug;
}

}  // namespace

struct Server::State {
    State(const ServerOptions& the_options, Handler& the_handler, Log& the_log)
        : options(the_options), handler(the_handler), log(the_log) {}

    ServerOptions options;
    Handler& handler;
    Log& log;
    std::unique_ptr<TlsContext> tls;  // nullptr: plain HTTP
    std::unique_ptr<DoorServer> library;
    int port = 0;
    std::atomic<std::uint64_t> request_count{0};
    std::atomic<int> large_bodies{0};  // being read or worked on
    std::atomic<bool> is_stopped{false};
    std::thread thread;

    void set_up();
    void set_up_limits();
    httplib::Server::HandlerResponse before_body(const httplib::Request& from,
                                                 httplib::Response& to);
    void read_body(const httplib::Request& from,
                   httplib::Response& to,
                   const httplib::ContentReader& reader);
    void after_body(const httplib::Request& from, httplib::Response& to, std::string body);
    void explain(httplib::Response& to);
    void send(const httplib::Request& request, Response from, httplib::Response& to);
    Response answer(const Request& request);
    std::string next_id();
};

std::string Server::State::next_id() {
    return options.boot_id + '-' + std::to_string(++request_count);
}

void Server::State::set_up_limits() {
    library->new_task_queue = [] { return new Crew(); };
    library->set_tcp_nodelay(true);
    library->set_socket_options(listen_once_only);
    library->set_payload_max_length(kImportBytesMax);  // read_body() knows the limit of each route
    library->set_read_timeout(kRequestReadTimeout);
    library->set_write_timeout(kRequestReadTimeout);
    library->set_keep_alive_timeout(kKeepAliveIdle.count());
    library->set_keep_alive_max_count(100'000);
}

void Server::State::set_up() {
    set_up_limits();
    library->set_default_headers(headers_always(tls != nullptr));
    library->set_pre_routing_handler([this](const httplib::Request& from, httplib::Response& to) {
        return before_body(from, to);
    });
    const auto rest = [this](const httplib::Request& from, httplib::Response& to) {
        after_body(from, to, {});
    };
    const auto with_body = [this](const httplib::Request& from,
                                  httplib::Response& to,
                                  const httplib::ContentReader& reader) {
        read_body(from, to, reader);
    };
    // Everything that got past before_body(): its path is short, so the library's pattern is
    // harmless.
    library->Get(".*", rest).Post(".*", rest).Put(".*", rest).Patch(".*", rest).Delete(".*", rest);
    library->Options(".*", rest);
    library->Post(".*", with_body).Put(".*", with_body);
    library->Patch(".*", with_body).Delete(".*", with_body);
    library->set_error_handler(httplib::Server::HandlerWithResponse(
        [this](const httplib::Request&, httplib::Response& to) {
            if (to.body.empty() && !to.content_provider_) explain(to);
            return httplib::Server::HandlerResponse::Unhandled;
        }));
    library->set_exception_handler(
        [this](const httplib::Request&, httplib::Response& to, const std::exception_ptr&) {
            to.status = 500;
            to.body.clear();
            explain(to);
        });
}

void Server::State::explain(httplib::Response& to) {
    std::string id = to.get_header_value("X-Request-Id");
    if (id.empty()) id = next_id();
    const Response response = broken_request_response(to.status, id);
    set_header(to, "X-Request-Id", id);
    set_header(to, "Content-Type", response.content_type);
    set_header(to, "Content-Length", std::to_string(response.body.size()));
    to.body = response.body;
    handler.note({"other", "broken", to.status, {}});
    log.write(level_of(to.status),
              "broken_request",
              {{"status", std::to_string(to.status)}, {"request_id", id}});
}

Response Server::State::answer(const Request& request) {
    try {
        return handler.handle(request);
    } catch (const std::exception&) {
        // Out of memory, or a bug. What it says may hold data of a person, so nobody is told.
        return broken_request_response(500, request.id);
    }
}

httplib::Server::HandlerResponse Server::State::before_body(const httplib::Request& from,
                                                            httplib::Response& to) {
    using Outcome = httplib::Server::HandlerResponse;
    const Request request = read_head(from, next_id(), tls != nullptr);
    say_that_there_is_no_body(from);
    set_header(to, "X-Request-Id", request.id);
    if (request.path().size() > kPathBytesMax) {
        send(from, broken_request_response(414, request.id), to);
        return Outcome::Handled;
    }
    if (!may_have_body(from.method)) {
        send(from, answer(request), to);
        return Outcome::Handled;
    }
    std::optional<Response> refusal = handler.refuse(request);
    if (!refusal) return Outcome::Unhandled;
    send(from, std::move(*refusal), to);
    return Outcome::Handled;
}

/// Reads at most what the route takes; of what is larger than that the library drops the rest.
void Server::State::read_body(const httplib::Request& from,
                              httplib::Response& to,
                              const httplib::ContentReader& reader) {
    const Request head = read_head(from, to.get_header_value("X-Request-Id"), tls != nullptr);
    const std::size_t most = handler.body_bytes_max(head);
    if (from.get_header_value_u64("Content-Length") > most) {
        return send(from, too_large_response(most, head.id), to);
    }
    const LargeBody large(large_bodies, most > kBodyBytesMax);
    if (large.is_one_too_many()) {
        return send(from, error_response(too_many_files(), head.id), to);
    }
    bool is_too_large = false;
    std::string body;
    const auto take = [&](const char* data, std::size_t length) {
        is_too_large = length > most - body.size();
        if (!is_too_large) body.append(data, length);
        return !is_too_large;
    };
    // Nobody takes forms: what they hold is read past.
    const bool is_read = from.is_multipart_form_data()
                             ? reader([](const httplib::FormData&) { return true; }, take)
                             : reader(take);
    if (is_read) {
        after_body(from, to, std::move(body));
    } else if (is_too_large || to.status == 413) {
        send(from, too_large_response(most, head.id), to);
    } else {
        explain(to);
    }
}

void Server::State::after_body(const httplib::Request& from,
                               httplib::Response& to,
                               std::string body) {
    Request request = read_head(from, to.get_header_value("X-Request-Id"), tls != nullptr);
    request.body = std::move(body);
    send(from, answer(request), to);
}

void Server::State::send(const httplib::Request& request, Response from, httplib::Response& to) {
    const auto duration = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - request.start_time_);
    handler.note({request.method, from.route, from.status, duration});
    to.status = from.status;
    for (const auto& [name, value] : from.headers) {
        set_header(to, name, value);
    }
    const LogLevel level = level_of(from.status);
    if (log.is_written(level)) {
        const std::string run = from.run_id.empty() ? "-" : from.run_id;
        log.write(level,
                  "request",
                  {{"method", request.method},
                   {"route", std::string(from.route)},
                   {"status", std::to_string(from.status)},
                   {"ms", std::to_string(duration.count() / 1000)},
                   {"request_id", to.get_header_value("X-Request-Id")},
                   {"run_id", run}});
    }
    set_body(request, from, to);
}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options,
                                              Handler& handler,
                                              Log& log) {
    auto state = std::make_unique<State>(options, handler, log);
    if (!options.tls_certificate.empty()) {
        state->tls = CRM_TRY(TlsContext::load(options.tls_certificate, options.tls_key));
    }
    state->library = std::make_unique<DoorServer>(options, state->tls.get());
    state->set_up();
    if (options.port == 0) {
        state->port = state->library->bind_to_any_port(options.host);
    } else if (state->library->bind_to_port(options.host, options.port)) {
        state->port = options.port;
    }
    if (state->port <= 0) {
        return Error{ErrorCode::Unavailable,
                     "Cannot listen on " + options.host + " port " + std::to_string(options.port) +
                         "; another program may use it, choose another with --port"};
    }
    State& serving = *state;
    state->thread = std::thread([&serving] { serving.library->listen_after_bind(); });
    state->library->wait_until_ready();
    return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
    stop_accepting();
    if (state_->thread.joinable()) state_->thread.join();
}

void Server::stop_accepting() {
    // The library does not take it twice.
    if (!state_->is_stopped.exchange(true)) state_->library->stop();
}

int Server::port() const {
    return state_->port;
}

std::string Server::url() const {
    const bool needs_brackets = state_->options.host.find(':') != std::string::npos &&
                                !state_->options.host.starts_with('[');
    const std::string host =
        needs_brackets ? '[' + state_->options.host + ']' : state_->options.host;
    return (state_->tls ? "https://" : "http://") + host + ':' + std::to_string(state_->port);
}

}  // namespace crm::http
