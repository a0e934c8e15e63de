// One connection of the server: its bytes, in the clear or under TLS, within limits of time. So a
// client that sends or takes its bytes one by one cannot hold a thread for long. Used by one
// thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "shared/result.h"

namespace httplib {
class Stream;
}

namespace crm::http {

struct WireLimits {
    std::chrono::milliseconds head{};        // for line and headers of a request together
    std::chrono::milliseconds pause{};       // for the next bytes, in or out
    std::size_t body_bytes_per_pause_min{};  // of a body, in each `pause`
};

/// The certificate and key of the server.
class TlsContext {
   public:
    /// PEM files: the certificate with its chain, and its private key. Unavailable with a sentence.
    static Result<std::unique_ptr<TlsContext>> load(const std::string& certificate,
                                                    const std::string& key);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    ~TlsContext();

   private:
    friend class Wire;
    TlsContext() = default;
    void* context_ = nullptr;  // SSL_CTX
};

class Wire {
   public:
    /// `socket` stays the caller's. `tls` may be nullptr. `is_over`: the server stops.
    Wire(int socket, TlsContext* tls, const WireLimits& limits, std::function<bool()> is_over);
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire();

    /// The handshake of TLS, within the time for a head; true without TLS.
    [[nodiscard]] bool greet();
    /// Waits for the first byte of a request; from it on the limits of a head hold.
    [[nodiscard]] bool wait_for_request(std::chrono::milliseconds most);
    [[nodiscard]] httplib::Stream& stream();

   private:
    class Bytes;
    std::unique_ptr<Bytes> bytes_;
};

/// The address at the other end, "" when there is none.
[[nodiscard]] std::string peer_address(int socket, int& port);

}  // namespace crm::http
