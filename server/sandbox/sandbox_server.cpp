// The only file of the sandbox that knows the HTTP library: it owns the socket and the threads,
// checks what must be checked before anything is read (host, size, method), and hands plain
// requests on.
#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <httplib.h>

#include "server/limits.h"
#include "server/loopback.h"
#include "server/sandbox/desk.h"
#include "server/sandbox/late_calls.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/sandbox.h"
#include "server/sandbox/scenarios.h"

namespace crm::sandbox {
namespace {

// Marks an answer that must never be sent: the header writer below stops the connection at it.
constexpr const char* kDropHeader = "X-Sandbox-Drop";

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char each) {
        return static_cast<char>(std::tolower(each));
    });
    return text;
}

std::vector<std::string_view> split_path(std::string_view path) {
    std::vector<std::string_view> parts;
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

// nullopt when the address has a broken escape.
std::optional<Request> to_request(const httplib::Request& from) {
    Request request{.method = from.method == "HEAD" ? "GET" : from.method, .body = from.body};
    const std::string_view target = from.target;
    const std::size_t question = std::min(target.find('?'), target.size());
    for (const std::string_view part : split_path(target.substr(0, question))) {
        std::optional<std::string> segment = percent_decode(part);
        if (!segment) return std::nullopt;
        request.segments.push_back(std::move(*segment));
    }
    if (question < target.size()) {
        std::optional<QueryParams> query = parse_query(target.substr(question + 1));
        if (!query) return std::nullopt;
        request.query = std::move(*query);
    }
    for (const auto& [name, value] : from.headers) request.headers.emplace(lower(name), value);
    return request;
}

// A request that announces no body has none (RFC 9112, section 6.3). The library would wait for the
// end of one after its answer, and take the next request for it.
void say_that_there_is_no_body(const httplib::Request& request) {
    if (request.has_header("Content-Length") || request.has_header("Transfer-Encoding")) return;
    // The library's own variable is not const; only its hook promises to leave it alone.
    const_cast<httplib::Request&>(request).headers.emplace("Content-Length", "0");
}

void write_response(const Response& from, httplib::Response& to) {
    if (from.is_dropped) {
        to.set_header(kDropHeader, "1");
        return;
    }
    to.status = from.status;
    to.set_header("X-Content-Type-Options", "nosniff");
    to.set_header("Cache-Control", "no-store");
    for (const auto& [name, value] : from.headers) to.set_header(name, value);
    if (!from.content_type.empty()) to.set_content(from.body, from.content_type);
}

// A page of another site whose name was made to point here would arrive with that name as its host.
bool is_own_host(const std::string& host, const std::string& bound_to) {
    const std::string name =
        host.substr(0, host.starts_with('[') ? host.find(']') + 1 : host.find(':'));
    return name == "127.0.0.1" || name == "localhost" || name == "[::1]" || name == bound_to;
}

// The JSON itself, or what the file says.
std::string read_setting(const std::string& setting) {
    if (setting.empty() || setting.front() == '{' || setting.front() == '[') return setting;
    std::ifstream file(setting, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Result<std::vector<FaultOrder>> read_first_faults(const std::string& setting) {
    if (setting.empty()) return std::vector<FaultOrder>();
    const std::string text = read_setting(setting);
    if (text.empty()) {
        return Error{ErrorCode::InvalidArgument,
                     "The faults for the sandbox cannot be read from " + setting};
    }
    const std::optional<Json> json = Json::parse(text);
    if (!json) {
        return Error{ErrorCode::InvalidArgument, "The faults for the sandbox are not JSON"};
    }
    Result<std::vector<FaultOrder>> orders = read_fault_orders(*json);
    if (orders.is_ok()) return orders;
    return Error{ErrorCode::InvalidArgument,
                 "The faults for the sandbox cannot be used: " + orders.error().message};
}

class HttpSandbox final : public Sandbox {
   public:
    HttpSandbox(std::unique_ptr<Store> store, SandboxOptions options, const Clock& clock)
        : store_(std::move(store)),
          faults_(options.seed),
          webhooks_(options.seed),
          desk_{.store = *store_,
                .faults = faults_,
                .calls = calls_,
                .budget = budget_,
                .webhooks = webhooks_,
                .clock = clock,
                .options = std::move(options),
                .base_url = {},
                .pause = [this](std::chrono::milliseconds time) { return pause(time); },
                .later =
                    [this](std::chrono::milliseconds time, std::function<void()> work) {
                        return late_calls_ && late_calls_->add(time, std::move(work));
                    }} {
        store_->listen([this](const CustomerId& customer, const std::vector<Written>& all) {
            webhooks_.tell(customer, all);
        });
    }

    ~HttpSandbox() override {
        {
            const std::lock_guard lock(mutex_);
            is_stopping_ = true;
        }
        stop_.notify_all();
        server_.stop();
        if (thread_.joinable()) thread_.join();
        late_calls_.reset();
        webhooks_.stop();
    }

    Status order(const std::vector<FaultOrder>& faults) {
        for (const FaultOrder& fault : faults) CRM_TRY(faults_.add(fault, desk_.clock.now()));
        return {};
    }

    Status listen() {
        set_limits();
        add_routes();
        const std::string& host = desk_.options.host;
        const int wanted = desk_.options.port;
        const int port = wanted == 0                          ? server_.bind_to_any_port(host)
                         : server_.bind_to_port(host, wanted) ? wanted
                                                              : -1;
        if (port <= 0) {
            return Error{ErrorCode::Unavailable,
                         "The sandbox cannot listen on " + host + ":" + std::to_string(wanted) +
                             "; choose another port"};
        }
        const bool is_ipv6 = host.find(':') != std::string::npos;
        desk_.base_url =
            "http://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
        late_calls_ = std::make_unique<LateCalls>();
        webhooks_.start(desk_);
        thread_ = std::thread([this] { server_.listen_after_bind(); });
        server_.wait_until_ready();
        return {};
    }

    [[nodiscard]] std::string url() const override { return desk_.base_url; }

    // An app that listens on every address of this machine is reached under this one too.
    void tell_changes(const std::string& setting, const std::string& app) override {
        const bool is_secure = setting == "on" && !app.starts_with("http://");  // with own keys
        if (setting == "off" || is_secure) return webhooks_.set_rules({});
        const std::string own =
            is_loopback_url(app) ? app : "http://127.0.0.1" + app.substr(app.rfind(':'));
        webhooks_.set_rules({.url = setting == "on" ? own + "/api/webhooks" : setting});
    }

   private:
    void set_limits() {
        server_.set_payload_max_length(kBodyBytesMax);
        server_.set_read_timeout(kRequestReadTimeout);
        server_.set_tcp_nodelay(true);
        // Else a second sandbox could share the port of a running one without noticing.
        server_.set_socket_options([](socket_t socket) {
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        server_.new_task_queue = [] { return new httplib::ThreadPool(kSandboxThreads); };
        // An answer of no bytes: the library closes the connection when its headers cannot be
        // written.
        server_.set_header_writer(
            [](httplib::Stream& stream, httplib::Headers& headers) -> ssize_t {
                if (headers.find(kDropHeader) != headers.end()) return -1;
                ssize_t written = 0;
                for (const auto& [name, value] : headers) {
                    const std::string line = name + ": " + value + "\r\n";
                    written += stream.write(line.data(), line.size());
                }
                return written + stream.write("\r\n", 2);
            });
        server_.set_exception_handler(
            [](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
                write_response(
                    error_response(
                        500, "internal", "internal", "The sandbox failed; nothing was changed"),
                    response);
            });
        // What the library refuses by itself (too large, malformed, no route) gets a body of ours.
        server_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
            if (!response.body.empty() || response.status < 400) return;
            write_response(error_response(response.status,
                                          "bad_request",
                                          "bad_request",
                                          "The sandbox does not understand this request"),
                           response);
        });
    }

    // Patterns of plain parameters: a regular expression over a path of the caller's would recurse
    // with its length.
    void add_routes() {
        server_.set_pre_routing_handler([](const httplib::Request& request, httplib::Response&) {
            say_that_there_is_no_body(request);
            return httplib::Server::HandlerResponse::Unhandled;
        });
        const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
            handle(request, response);
        };
        std::string pattern = "/";
        for (std::size_t count = 0; count <= kSandboxPathSegmentsMax; ++count) {
            if (count > 0) pattern += (count > 1 ? "/:p" : ":p") + std::to_string(count);
            server_.Get(pattern, handler);
            server_.Post(pattern, handler);
            server_.Put(pattern, handler);
            server_.Patch(pattern, handler);
            server_.Delete(pattern, handler);
        }
    }

    void handle(const httplib::Request& from, httplib::Response& to) {
        if (!is_own_host(from.get_header_value("Host"), desk_.options.host)) {
            write_response(error_response(421,
                                          "bad_request",
                                          "access_denied",
                                          "The sandbox answers to its own address only"),
                           to);
            return;
        }
        const std::optional<Request> request = to_request(from);
        write_response(
            request ? answer(desk_, *request)
                    : error_response(
                          400, "bad_request", "bad_request", "The address is not properly encoded"),
            to);
    }

    bool pause(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return !stop_.wait_for(lock, time, [this] { return is_stopping_; });
    }

    std::unique_ptr<Store> store_;
    FaultPlan faults_;
    CallLog calls_;
    RestBudget budget_;
    Webhooks webhooks_;
    Desk desk_;
    std::mutex mutex_;
    std::condition_variable stop_;
    bool is_stopping_ = false;
    std::unique_ptr<LateCalls> late_calls_;  // while it serves
    httplib::Server server_;
    std::thread thread_;
};

}  // namespace

Sandbox::Sandbox() = default;
Sandbox::~Sandbox() = default;

Result<std::unique_ptr<Sandbox>> Sandbox::start(const SandboxOptions& options, const Clock& clock) {
    if (!find_scenario(options.scenario)) {
        return Error{ErrorCode::InvalidArgument,
                     "The sandbox has no scenario \"" + options.scenario +
                         "\"; there are: " + scenario_names()};
    }
    const std::vector<FaultOrder> faults = CRM_TRY(read_first_faults(options.faults));
    auto sandbox =
        std::make_unique<HttpSandbox>(CRM_TRY(Store::open(options.database)), options, clock);
    CRM_TRY(sandbox->order(faults));
    CRM_TRY(sandbox->listen());
    return std::unique_ptr<Sandbox>(std::move(sandbox));
}

}  // namespace crm::sandbox
