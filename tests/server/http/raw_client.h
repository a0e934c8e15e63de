// A plain socket that speaks HTTP byte by byte, so that tests can send what no decent client would.
// Replies are read by Content-Length or chunks; a reply that does not come within five seconds
// fails the test.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm::test {

struct Reply {
    int status = 0;  // 0: the connection ended without a reply
    std::map<std::string, std::string>
        headers;  // names in lower case; the last one of a name counts
    std::string body;

    /// "" when there is no such header.
    [[nodiscard]] std::string header(const std::string& name) const;
};

class RawConnection {
   public:
    explicit RawConnection(int port);
    RawConnection(const RawConnection&) = delete;
    RawConnection& operator=(const RawConnection&) = delete;
    ~RawConnection();

    /// False when the other side has closed.
    bool send(std::string_view bytes);
    /// `is_head`: a reply to HEAD has no body, whatever its Content-Length.
    enum class To { Get, Head };
    [[nodiscard]] Reply read_reply(To to = To::Get);
    /// Status and headers only; what follows stays to be read.
    [[nodiscard]] Reply read_head();
    /// Reads until the text stands in what came since the last call, and returns all up to its end;
    /// "" on time-out.
    [[nodiscard]] std::string read_until(std::string_view text);
    /// Whether the other side ends the connection within the time.
    [[nodiscard]] bool is_closed_within(std::chrono::milliseconds most);

   private:
    bool fill();  // more bytes into buffer_; false at the end or after the time-out
    std::string read_bytes(std::size_t count);
    std::string read_line();
    std::string read_chunks();

    int socket_ = -1;
    std::string buffer_;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct Ask {
    std::string method = "GET";
    std::string target = "/";
    std::string body = {};
    HeaderList headers =
        {};  // besides Host, Content-Length and, with a body, Content-Type: application/json
};

/// One request on a connection of its own.
[[nodiscard]] Reply ask(int port, const Ask& question);

/// The bytes of the request.
[[nodiscard]] std::string format_request(const Ask& question);

}  // namespace crm::test
