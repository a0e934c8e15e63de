// A request and its answer as the handlers see them: plain data, without the HTTP library. Header
// names compare without case. Nothing here checks or trusts anything.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method;  // as sent: "GET", "HEAD", "POST", …
    std::string target;  // as sent: "/api/contacts?q=a%20b"
    Headers headers;
    std::string body;
    std::string id;       // ours, for log and error messages
    std::string peer;     // the address at the other end of the socket
    bool is_tls = false;  // by this server itself, not by a proxy

    /// A HEAD is answered like a GET; the body is left out when it is sent.
    [[nodiscard]] std::string_view verb() const {
        return method == "HEAD" ? std::string_view("GET") : std::string_view(method);
    }
    [[nodiscard]] std::string_view path() const {
        return std::string_view(target).substr(0, target.find('?'));
    }
    [[nodiscard]] std::string_view query() const {
        const std::size_t mark = target.find('?');
        return mark == std::string::npos ? std::string_view()
                                         : std::string_view(target).substr(mark + 1);
    }
};

/// The values of one header in the order they came.
[[nodiscard]] std::vector<std::string_view> find_headers(const Request& request,
                                                         std::string_view name);

/// Its first value, or "".
[[nodiscard]] std::string_view find_header(const Request& request, std::string_view name);

/// Whether such a method may come with a body: its checks then come before it is read.
[[nodiscard]] bool may_have_body(std::string_view method);

/// ASCII letters only.
[[nodiscard]] bool is_same_word(std::string_view left, std::string_view right);

/// A body that goes on. next() blocks for about a second at most; "" means nothing new yet, nullopt
/// the end.
class BodyStream {
   public:
    BodyStream() = default;
    BodyStream(const BodyStream&) = delete;
    BodyStream& operator=(const BodyStream&) = delete;
    virtual ~BodyStream() = default;
    [[nodiscard]] virtual std::optional<std::string> next() = 0;
    /// After nullopt: the body broke off, and whoever reads it must not take it for whole.
    [[nodiscard]] virtual bool is_broken() const { return false; }
};

struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    std::shared_ptr<const std::string>
        shared_body;                     // instead of `body`: sent as it is, without a copy
    std::shared_ptr<BodyStream> stream;  // instead of both
    Headers headers;                     // besides those that every answer has
    std::string run_id;                  // for the log: the sync run that the answer is about
    std::string_view route = "unknown";  // for the log: the pattern, never the address itself
};

}  // namespace crm::http
