// A sandbox on a loopback port with a folder of its own, and a small client that talks to it over
// real sockets.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/sandbox.h"
#include "server/sandbox/wire_json.h"
#include "tests/support/fake_clock.h"

namespace crm::sandbox::test {

struct Reply {
    int status = 0;  // 0: the connection ended without an answer
    std::string body;
    std::map<std::string, std::string> headers;  // names in lower case
    Json json;                                   // null when the body is no JSON
};

struct Message {
    std::string method = "GET";
    std::string path;
    std::string body = {};
    std::map<std::string, std::string> headers = {};
};

class World {
   public:
    explicit World(std::string scenario = "overlapping");
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    /// Stops the sandbox and starts it again over the same file.
    void restart();
    /// Until restart(), nothing answers.
    void stop() { sandbox_.reset(); }
    [[nodiscard]] crm::test::FakeClock& clock() { return clock_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] SandboxOptions options() const;
    [[nodiscard]] int port() const { return port_; }

    [[nodiscard]] Reply send(const Message& message) const;
    /// The bytes that come back for these bytes.
    [[nodiscard]] std::string send_raw(std::string_view bytes) const;

    /// With a token of `customer`.
    [[nodiscard]] Reply call(Message message, std::string_view customer = "ann") const;
    /// Form A.
    [[nodiscard]] Reply run(std::string_view system,
                            std::string_view action,
                            const Json& input,
                            std::string_view customer = "ann") const;
    /// With the workspace key.
    [[nodiscard]] Reply rest(std::string_view method,
                             std::string_view path,
                             std::string_view body = "") const;
    /// A form of the pages, as a browser would post it.
    [[nodiscard]] Reply post_form(std::string_view path, std::string_view body) const;

    /// Every record of a list-contacts walk.
    [[nodiscard]] std::vector<Json> list_all(std::string_view system,
                                             std::string_view customer = "ann") const;
    /// Creates and gives the id.
    [[nodiscard]] std::string create(std::string_view system,
                                     const Json& input,
                                     std::string_view customer = "ann") const;
    /// `fields` of get-contact; null when there is no such record.
    [[nodiscard]] Json fields_of(std::string_view system,
                                 std::string_view id,
                                 std::string_view customer = "ann") const;

    [[nodiscard]] std::string token(std::string_view customer) const;

   private:
    std::string scenario_;
    std::filesystem::path folder_;
    crm::test::FakeClock clock_;
    std::unique_ptr<Sandbox> sandbox_;
    std::string url_;
    int port_ = 0;
};

/// Orders a fault, or several; `body` as for POST /sandbox/faults.
void order(const World& world, std::string_view body);

/// What a create needs at least.
[[nodiscard]] Json person(std::string_view name);

/// What the CRM itself answered, inside Integration.app's error.
[[nodiscard]] int crm_status(const Reply& reply);
[[nodiscard]] Json crm_body(const Reply& reply);

/// `json["a"]["b"]` as text; "" when it is not there.
[[nodiscard]] std::string text_in(const Json& json, std::initializer_list<std::string_view> path);

}  // namespace crm::sandbox::test
