// A server on loopback that answers what a test told it, in order, over real sockets, and remembers
// what it was asked. It can also fail the ways a network does: close without an answer, cut a body,
// say nothing, show a certificate that nobody vouches for.
//
// Functions may be called from any thread. Requests beyond the script get a 500 that says so.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace crm::test {

struct WireRequest {
    std::string method;
    std::string target;                          // "/connections/hubspot", as it came
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

enum class WireEnd {
    Whole,     // a whole answer; the connection stays open
    Close,     // a whole answer, then the connection is closed without a word
    NoAnswer,  // the request is read, then the connection is closed
    CutBody,   // half of the body, then the connection is closed
    Silence,   // nothing, until the server goes away
};

struct WireReply {
    int status = 200;
    std::string body = "{}";
    std::map<std::string, std::string> headers = {};
    WireEnd end = WireEnd::Whole;
};

enum class Security { Plain, SelfSigned };

class WireServer {
   public:
    explicit WireServer(Security security = Security::Plain);
    WireServer(const WireServer&) = delete;
    WireServer& operator=(const WireServer&) = delete;
    ~WireServer();

    [[nodiscard]] std::string url() const;          // "http://127.0.0.1:43121"
    [[nodiscard]] std::string certificate() const;  // PEM; empty when plain

    void reply(WireReply reply);
    /// Blocks until every connection that was opened is closed: its end has reached the other side.
    void wait_until_closed();
    [[nodiscard]] std::vector<WireRequest> requests() const;
    [[nodiscard]] std::size_t connection_count() const;

   private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace crm::test
