// Requests to one host over one kept connection, and an answer that tells how far a failed request
// got. Owns httplib on the client's side; nothing it throws leaves this file.
//
// Certificates are checked against the system's store (SSL_CERT_FILE is honoured). http:// goes to
// loopback only. Redirects are not followed: an answer from elsewhere is no answer. Nothing is ever
// sent twice by itself. One thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "server/limits.h"
#include "shared/result.h"

namespace crm::sync {

enum class Delivery {
    Answered,   // status and the whole body are here
    NotSent,    // surely not: no byte of the request's body left this machine
    MaybeSent,  // no whole answer: the request may have taken effect, or may still
};

/// Why there is no answer.
enum class TransportProblem {
    None,
    Unreachable,     // no such host, connection refused, no TLS handshake
    ConnectTimeout,  // nobody answered in time
    Untrusted,       // the certificate is not good, or not for this host
    Interrupted,     // broken or too slow after the request was on its way
    AnswerTooLong,   // more than kResponseBytesMax
};

struct HttpAnswer {
    Delivery delivery = Delivery::NotSent;
    TransportProblem problem = TransportProblem::None;
    int status = 0;
    std::string body;
    std::string retry_after;  // the header as it was sent; empty: none

    bool operator==(const HttpAnswer&) const = default;
};

struct HttpTimeouts {
    std::chrono::milliseconds connect = kConnectTimeout;
    std::chrono::milliseconds whole = kActionTimeout;  // from the connection to the last byte
};

/// Ok for https:// and for http:// to loopback, without user, query and fragment. InvalidArgument
/// with a sentence otherwise.
[[nodiscard]] Status check_api_url(std::string_view url);

class HttpSession {
   public:
    /// InvalidArgument: see check_api_url. Nothing is connected yet.
    static Result<std::unique_ptr<HttpSession>> open(const std::string& api_url,
                                                     HttpTimeouts timeouts);
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;
    ~HttpSession();

    /// `path` starts with '/' and is encoded. `token` may be empty. `json` is not.
    [[nodiscard]] HttpAnswer post(const std::string& path,
                                  const std::string& token,
                                  const std::string& json);
    [[nodiscard]] HttpAnswer get(const std::string& path, const std::string& token);
    /// DELETE.
    [[nodiscard]] HttpAnswer remove(const std::string& path, const std::string& token);

   private:
    struct Connection;
    explicit HttpSession(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

}  // namespace crm::sync
