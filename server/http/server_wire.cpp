// The socket does not block; every wait is a poll with its own limit. The end of a head is seen by
// its empty line, so that the limits of heads and bodies need no help from the HTTP library.
#include "server/http/server_wire.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <httplib.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace crm::http {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr milliseconds kSlice{500};  // how often a wait looks whether the server stops
constexpr std::string_view kHeadEnd = "\r\n\r\n";

milliseconds left_until(SteadyTime end) {
    return std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
}

Error no_tls(const std::string& what, const std::string& file) {
    std::array<char, 256> reason{};
    ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
    return {ErrorCode::Unavailable,
            "The " + what + " " + file + " cannot be used for https (" + reason.data() +
                "); name a PEM file that the server can read"};
}

}  // namespace

std::string peer_address(int socket, int& port) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    port = 0;
    if (getpeername(socket, generic, &length) != 0) return {};
    if (getnameinfo(generic,
                    length,
                    host.data(),
                    host.size(),
                    service.data(),
                    service.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return {};
    }
    port = std::atoi(service.data());
    return host.data();
}

Result<std::unique_ptr<TlsContext>> TlsContext::load(const std::string& certificate,
                                                     const std::string& key) {
    std::unique_ptr<TlsContext> made(new TlsContext());
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    made->context_ = context;
    ERR_clear_error();
    if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
        SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return no_tls("certificate", certificate);
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return no_tls("private key", key);
    }
    // Renegotiation lets a client make the server compute; nobody needs it.
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return made;
}

TlsContext::~TlsContext() {
    SSL_CTX_free(static_cast<SSL_CTX*>(context_));
}

class Wire::Bytes final : public httplib::Stream {
   public:
    Bytes(int socket, SSL* tls, const WireLimits& limits, std::function<bool()> is_over)
        : socket_(socket), tls_(tls), limits_(limits), is_over_(std::move(is_over)) {
        fcntl(socket_, F_SETFL, fcntl(socket_, F_GETFL, 0) | O_NONBLOCK);
        if (tls_ != nullptr) SSL_set_fd(tls_, socket_);
    }
    Bytes(const Bytes&) = delete;
    Bytes& operator=(const Bytes&) = delete;
    ~Bytes() override {
        if (tls_ == nullptr) return;
        if (is_greeted_) SSL_shutdown(tls_);
        SSL_free(tls_);
    }

    bool greet() {
        if (tls_ == nullptr) return true;
        const SteadyTime end = std::chrono::steady_clock::now() + limits_.head;
        while (true) {
            ERR_clear_error();
            const int outcome = SSL_accept(tls_);
            if (outcome == 1) break;
            if (!wait_for_tls(outcome, end)) return false;
        }
        is_greeted_ = true;
        return true;
    }

    bool wait_for_request(milliseconds most) {
        if (!wait_for(POLLIN, std::chrono::steady_clock::now() + most, Stop::Heard)) return false;
        head_end_ = std::chrono::steady_clock::now() + limits_.head;
        is_head_ = true;
        matched_ = 0;
        return true;
    }

    [[nodiscard]] bool is_readable() const override {
        return has_bytes() || poll_for(POLLIN, milliseconds{0});
    }
    [[nodiscard]] bool wait_readable() const override {
        return wait_for(POLLIN, read_end(), Stop::Ignored);
    }
    [[nodiscard]] bool wait_writable() const override {
        return wait_for(POLLOUT, std::chrono::steady_clock::now() + limits_.pause, Stop::Ignored) &&
               is_alive();
    }
    [[nodiscard]] bool is_peer_alive() const override { return is_alive(); }

    ssize_t read(char* to, std::size_t size) override {
        if (at_ == filled_ && !fill()) return at_end_ ? 0 : -1;
        const std::size_t count = std::min(size, filled_ - at_);
        std::copy_n(buffer_.data() + at_, count, to);
        at_ += count;
        if (is_head_) look_for_end({to, count});
        return static_cast<ssize_t>(count);
    }

    ssize_t write(const char* from, std::size_t size) override {
        const SteadyTime end = std::chrono::steady_clock::now() + limits_.pause;
        while (true) {
            if (tls_ == nullptr) {
                const ssize_t count = send(socket_, from, size, MSG_NOSIGNAL);
                if (count >= 0) return count;
                if (errno == EINTR) continue;
                const bool is_full = errno == EAGAIN || errno == EWOULDBLOCK;
                if (!is_full || !wait_for(POLLOUT, end, Stop::Ignored)) return -1;
                continue;
            }
            if (size == 0) return 0;
            ERR_clear_error();
            const int count = SSL_write(tls_, from, static_cast<int>(std::min(size, kTlsPart)));
            if (count > 0) return count;
            if (!wait_for_tls(count, end)) return -1;
        }
    }

    void get_remote_ip_and_port(std::string& ip, int& port) const override {
        ip = peer_address(socket_, port);
    }
    void get_local_ip_and_port(std::string& ip, int& port) const override {
        ip.clear();
        port = 0;
    }
    [[nodiscard]] socket_t socket() const override { return socket_; }
    [[nodiscard]] time_t duration() const override { return 0; }

   private:
    enum class Stop { Heard, Ignored };
    static constexpr std::size_t kTlsPart = 1U << 30;

    [[nodiscard]] bool has_bytes() const {
        return at_ < filled_ || (tls_ != nullptr && SSL_pending(tls_) > 0);
    }

    [[nodiscard]] bool poll_for(short events, milliseconds most) const {
        pollfd entry{socket_, events, 0};
        const int outcome = poll(&entry, 1, static_cast<int>(std::max<long>(most.count(), 0)));
        return outcome > 0 && (entry.revents & POLLNVAL) == 0;
    }

    /// False: the time is over, or the server stops.
    [[nodiscard]] bool wait_for(short events, SteadyTime end, Stop stop) const {
        if (events == POLLIN && has_bytes()) return true;
        while (true) {
            const milliseconds left = left_until(end);
            if (poll_for(events, std::clamp(left, milliseconds{0}, kSlice))) return true;
            if (left.count() <= 0) return false;
            if (stop == Stop::Heard && is_over_()) return false;
        }
    }

    [[nodiscard]] bool wait_for_tls(int outcome, SteadyTime end) const {
        switch (SSL_get_error(tls_, outcome)) {
            case SSL_ERROR_WANT_READ: {
                pollfd entry{socket_, POLLIN, 0};
                return wait_on(entry, end);
            }
            case SSL_ERROR_WANT_WRITE: {
                pollfd entry{socket_, POLLOUT, 0};
                return wait_on(entry, end);
            }
            default:
                return false;
        }
    }
    /// What TLS holds decrypted says nothing about the socket.
    [[nodiscard]] static bool wait_on(pollfd& entry, SteadyTime end) {
        return poll(&entry, 1, static_cast<int>(std::max<long>(left_until(end).count(), 0))) > 0;
    }

    [[nodiscard]] bool is_alive() const {
        if (!poll_for(POLLIN, milliseconds{0})) return true;
        char byte = 0;
        return recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
    }

    /// Until when the next bytes must be here.
    [[nodiscard]] SteadyTime read_end() const {
        const SteadyTime pause_end = std::chrono::steady_clock::now() + limits_.pause;
        if (is_head_) return std::min(head_end_, pause_end);
        return window_bytes_ < limits_.body_bytes_per_pause_min && has_window_
                   ? std::min(window_end_, pause_end)
                   : pause_end;
    }

    /// Counts a body's bytes; false: it trickles.
    bool count_body(std::size_t count) {
        const SteadyTime now = std::chrono::steady_clock::now();
        if (has_window_ && now >= window_end_ && window_bytes_ < limits_.body_bytes_per_pause_min) {
            return false;
        }
        if (!has_window_ || now >= window_end_) {
            has_window_ = true;
            window_end_ = now + limits_.pause;
            window_bytes_ = 0;
        }
        window_bytes_ += count;
        return true;
    }

    /// More bytes into the buffer, within the limits.
    bool fill() {
        while (true) {
            const ssize_t count = take();
            if (count > 0) {
                at_ = 0;
                filled_ = static_cast<std::size_t>(count);
                if (is_head_) return std::chrono::steady_clock::now() < head_end_;
                return count_body(filled_);
            }
            if (count == 0) {
                at_end_ = true;
                return false;
            }
            // Half a head holds up nobody who stops; half a body may be somebody's work.
            const Stop stop = is_head_ ? Stop::Heard : Stop::Ignored;
            if (!is_waiting_ || !wait_for(POLLIN, read_end(), stop)) return false;
        }
    }

    /// What is there; 0 at the end; -1: nothing yet (is_waiting_), or broken.
    ssize_t take() {
        if (tls_ == nullptr) {
            const ssize_t count = recv(socket_, buffer_.data(), buffer_.size(), 0);
            is_waiting_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
            return count;
        }
        ERR_clear_error();
        const int count = SSL_read(tls_, buffer_.data(), static_cast<int>(buffer_.size()));
        if (count > 0) return count;
        const int reason = SSL_get_error(tls_, count);
        is_waiting_ = reason == SSL_ERROR_WANT_READ;
        return reason == SSL_ERROR_ZERO_RETURN ? 0 : -1;
    }

    void look_for_end(std::string_view bytes) {
        for (const char byte : bytes) {
            if (byte == kHeadEnd[matched_]) {
                ++matched_;
            } else {
                matched_ = byte == kHeadEnd[0] ? 1 : 0;
            }
            if (matched_ < kHeadEnd.size()) continue;
            is_head_ = false;
            has_window_ = false;
            matched_ = 0;
            return;
        }
    }

    const int socket_;
    SSL* const tls_;
    const WireLimits limits_;
    const std::function<bool()> is_over_;
    bool is_greeted_ = false;
    bool is_head_ = true;
    bool at_end_ = false;
    bool is_waiting_ = false;
    bool has_window_ = false;
    std::size_t matched_ = 0;  // of kHeadEnd
    SteadyTime head_end_{};
    SteadyTime window_end_{};
    std::size_t window_bytes_ = 0;
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    std::array<char, 16 * 1024> buffer_{};
};

Wire::Wire(int socket, TlsContext* tls, const WireLimits& limits, std::function<bool()> is_over) {
    SSL* session = tls == nullptr ? nullptr : SSL_new(static_cast<SSL_CTX*>(tls->context_));
    bytes_ = std::make_unique<Bytes>(socket, session, limits, std::move(is_over));
}

Wire::~Wire() = default;

bool Wire::greet() {
    return bytes_->greet();
}

bool Wire::wait_for_request(std::chrono::milliseconds most) {
    return bytes_->wait_for_request(most);
}

httplib::Stream& Wire::stream() {
    return *bytes_;
}

}  // namespace crm::http
