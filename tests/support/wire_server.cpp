// Plain sockets instead of a library, because a library would not break its promises on purpose.
#include "tests/support/wire_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace crm::test {
namespace {

void insist(bool is_good) {
    if (!is_good) std::abort();  // the test machine itself is broken
}

struct SslFree {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* session) const { SSL_free(session); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(BIO* bio) const { BIO_free(bio); }
};
template <class T>
using Owned = std::unique_ptr<T, SslFree>;

/// Good for 127.0.0.1 for a day, signed by itself.
Owned<X509> make_certificate(EVP_PKEY* key) {
    constexpr long kDaySeconds = 86'400;
    Owned<X509> certificate(X509_new());
    insist(certificate && X509_set_version(certificate.get(), 2) == 1);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDaySeconds);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kDaySeconds);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    const auto* const common_name = reinterpret_cast<const unsigned char*>("wire server");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    insist(extension != nullptr);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
    insist(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
    return certificate;
}

std::string as_pem(X509* certificate) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    insist(bio && PEM_write_bio_X509(bio.get(), certificate) == 1);
    char* data = nullptr;
    const long bytes = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(bytes)};
}

/// One connection, with or without TLS over it.
class Line {
   public:
    Line(int descriptor, SSL_CTX* context) : descriptor_(descriptor) {
        if (context == nullptr) return;
        session_.reset(SSL_new(context));
        SSL_set_fd(session_.get(), descriptor_);
        is_open_ = SSL_accept(session_.get()) == 1;
    }

    [[nodiscard]] bool is_open() const { return is_open_; }

    /// Appends what came; false at the end.
    bool read_more(std::string& text) {
        std::array<char, 4096> buffer{};
        const auto bytes =
            session_ ? SSL_read(session_.get(), buffer.data(), static_cast<int>(buffer.size()))
                     : static_cast<int>(::recv(descriptor_, buffer.data(), buffer.size(), 0));
        if (bytes <= 0) return false;
        text.append(buffer.data(), static_cast<std::size_t>(bytes));
        return true;
    }

    void write(std::string_view text) {
        while (!text.empty()) {
            const auto bytes =
                session_
                    ? SSL_write(session_.get(), text.data(), static_cast<int>(text.size()))
                    : static_cast<int>(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL));
            if (bytes <= 0) return;
            text.remove_prefix(static_cast<std::size_t>(bytes));
        }
    }

   private:
    int descriptor_;
    bool is_open_ = true;
    Owned<SSL> session_;
};

std::string lower(std::string text) {
    for (char& letter : text) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return text;
}

WireRequest parse_head(std::string_view head) {
    WireRequest request;
    const std::string_view first = head.substr(0, head.find("\r\n"));
    const std::size_t method_end = first.find(' ');
    const std::size_t target_end = first.find(' ', method_end + 1);
    request.method = first.substr(0, method_end);
    request.target = first.substr(method_end + 1, target_end - method_end - 1);
    head.remove_prefix(first.size());
    while (head.starts_with("\r\n")) {
        head.remove_prefix(2);
        const std::string_view line = head.substr(0, head.find("\r\n"));
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos) {
            request.headers[lower(std::string(line.substr(0, colon)))] = line.substr(colon + 2);
        }
        head.remove_prefix(line.size());
    }
    return request;
}

/// The next request; `buffer` keeps what came after it. nullopt when the client went away before
/// the end.
std::optional<WireRequest> read_request(Line& line, std::string& buffer) {
    std::size_t head_end = 0;
    while ((head_end = buffer.find("\r\n\r\n")) == std::string::npos) {
        if (!line.read_more(buffer)) return std::nullopt;
    }
    WireRequest request = parse_head(std::string_view(buffer).substr(0, head_end));
    buffer.erase(0, head_end + 4);
    const std::string length = request.headers["content-length"];
    std::size_t bytes = 0;
    std::from_chars(length.data(), length.data() + length.size(), bytes);
    while (buffer.size() < bytes) {
        if (!line.read_more(buffer)) return std::nullopt;
    }
    request.body = buffer.substr(0, bytes);
    buffer.erase(0, bytes);
    return request;
}

std::string format_reply(const WireReply& reply) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + " Said\r\n";
    for (const auto& [name, value] : reply.headers) text += name + ": " + value + "\r\n";
    text += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n";
    const bool is_cut = reply.end == WireEnd::CutBody;
    return text + reply.body.substr(0, is_cut ? reply.body.size() / 2 : std::string::npos);
}

}  // namespace

struct WireServer::State {
    explicit State(Security security);
    ~State();
    void accept_all();
    void serve(int descriptor);
    WireReply take_reply(WireRequest request);

    Owned<SSL_CTX> context;
    std::string certificate;
    int listener = -1;
    int port = 0;

    mutable std::mutex mutex;
    std::condition_variable changed;  // is_stopping or open
    bool is_stopping = false;
    std::deque<WireReply> script;
    std::vector<WireRequest> requests;
    std::set<int> open;
    std::size_t connection_count = 0;
    std::vector<std::thread> lines;
    std::thread acceptor;
};

WireServer::State::State(Security security) {
    if (security != Security::Plain) {
        const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
        const Owned<X509> made = make_certificate(key.get());
        certificate = as_pem(made.get());
        context.reset(SSL_CTX_new(TLS_server_method()));
        insist(SSL_CTX_use_certificate(context.get(), made.get()) == 1);
        insist(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
    }
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t bytes = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    insist(::bind(listener, generic, bytes) == 0);
    insist(::listen(listener, SOMAXCONN) == 0);
    insist(::getsockname(listener, generic, &bytes) == 0);
    port = ntohs(address.sin_port);
    acceptor = std::thread([this] { accept_all(); });
}

WireServer::State::~State() {
    {
        const std::lock_guard<std::mutex> lock(mutex);
        is_stopping = true;
        for (const int descriptor : open) ::shutdown(descriptor, SHUT_RDWR);
    }
    changed.notify_all();
    ::shutdown(listener, SHUT_RDWR);
    acceptor.join();
    for (std::thread& line : lines) line.join();
    ::close(listener);
}

void WireServer::State::accept_all() {
    while (true) {
        const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard<std::mutex> lock(mutex);
        if (descriptor < 0 || is_stopping) {
            if (descriptor >= 0) ::close(descriptor);
            return;
        }
        ++connection_count;
        open.insert(descriptor);
        lines.emplace_back([this, descriptor] { serve(descriptor); });
    }
}

WireReply WireServer::State::take_reply(WireRequest request) {
    const std::lock_guard<std::mutex> lock(mutex);
    requests.push_back(std::move(request));
    if (script.empty()) return {.status = 500, .body = "nothing scripted for this request"};
    WireReply reply = std::move(script.front());
    script.pop_front();
    return reply;
}

void WireServer::State::serve(int descriptor) {
    {
        Line line(descriptor, context.get());
        std::string buffer;
        bool is_kept = line.is_open();
        while (is_kept) {
            std::optional<WireRequest> request = read_request(line, buffer);
            if (!request) break;
            const WireReply reply = take_reply(std::move(*request));
            is_kept = reply.end == WireEnd::Whole;
            if (reply.end == WireEnd::Silence) {
                std::unique_lock<std::mutex> lock(mutex);
                changed.wait(lock, [this] { return is_stopping; });
            } else if (reply.end != WireEnd::NoAnswer) {
                line.write(format_reply(reply));
            }
        }
    }
    const std::lock_guard<std::mutex> lock(mutex);
    ::close(descriptor);
    open.erase(descriptor);
    changed.notify_all();
}

WireServer::WireServer(Security security) : state_(std::make_unique<State>(security)) {}

WireServer::~WireServer() = default;

std::string WireServer::url() const {
    return (state_->context ? "https://127.0.0.1:" : "http://127.0.0.1:") +
           std::to_string(state_->port);
}

std::string WireServer::certificate() const {
    return state_->certificate;
}

void WireServer::reply(WireReply reply) {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    state_->script.push_back(std::move(reply));
}

void WireServer::wait_until_closed() {
    std::unique_lock<std::mutex> lock(state_->mutex);
    state_->changed.wait(lock, [this] { return state_->open.empty(); });
}

std::vector<WireRequest> WireServer::requests() const {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    return state_->requests;
}

std::size_t WireServer::connection_count() const {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    return state_->connection_count;
}

}  // namespace crm::test
