// The body of a request goes out through a provider that works once: httplib repeats a request by
// itself when a kept TLS connection closes under it, and a repeated create would be a second
// person. Whether the provider was asked also tells exactly whether anything can have taken effect.
#include "server/sync/connectors/http_session.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

#include <httplib.h>

#include "server/limits.h"
#include "server/loopback.h"

namespace crm::sync {
namespace {

struct Address {
    std::string origin;  // "https://api.integration.app"
    std::string host;    // without brackets
    std::string prefix;  // path of the base URL, without a slash at its end
    bool is_secure = false;
};

std::optional<int> parse_number(std::string_view text, int most) {
    int value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc{} || end != text.data() + text.size() || value > most) {
        return std::nullopt;
    }
    return value < 0 ? std::nullopt : std::optional<int>{value};
}

/// Only what a URL without surprises needs: a user name could hide the true host.
bool has_only_plain_letters(std::string_view text) {
    return text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/:[]%") ==
           std::string_view::npos;
}

std::optional<std::string_view> split_host(std::string_view authority) {
    std::string_view host = authority;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = authority.substr(1, end - 1);
        authority.remove_prefix(end + 1);
    } else {
        host = authority.substr(0, authority.find(':'));
        authority.remove_prefix(host.size());
    }
    if (host.empty()) return std::nullopt;
    if (authority.empty()) return host;
    if (!authority.starts_with(':') || !parse_number(authority.substr(1), 65535)) {
        return std::nullopt;
    }
    return host;
}

std::optional<Address> parse_address(std::string_view url) {
    if (!has_only_plain_letters(url)) return std::nullopt;
    Address address;
    address.is_secure = url.starts_with("https://");
    if (!address.is_secure && !url.starts_with("http://")) return std::nullopt;
    const std::size_t authority_at = url.find("//") + 2;
    const std::size_t path_at = std::min(url.find('/', authority_at), url.size());
    const std::optional<std::string_view> host =
        split_host(url.substr(authority_at, path_at - authority_at));
    if (!host) return std::nullopt;
    address.host = *host;
    address.origin = url.substr(0, path_at);
    address.prefix = url.substr(path_at);
    while (address.prefix.ends_with('/')) address.prefix.pop_back();
    return address;
}

/// Their enum grows with their versions: what is not known here came after the request was under
/// way.
TransportProblem transport_problem(httplib::Error error) {
    using httplib::Error;
    if (error == Error::ConnectionTimeout) return TransportProblem::ConnectTimeout;
    if (error == Error::SSLLoadingCerts || error == Error::SSLServerVerification ||
        error == Error::SSLServerHostnameVerification) {
        return TransportProblem::Untrusted;
    }
    if (error == Error::Connection || error == Error::BindIPAddress ||
        error == Error::SSLConnection || error == Error::ProxyConnection) {
        return TransportProblem::Unreachable;
    }
    return TransportProblem::Interrupted;
}

bool is_before_sending(TransportProblem problem) {
    switch (problem) {
        case TransportProblem::Unreachable:
        case TransportProblem::ConnectTimeout:
        case TransportProblem::Untrusted:
            return true;
        case TransportProblem::None:
        case TransportProblem::Interrupted:
        case TransportProblem::AnswerTooLong:
            return false;
    }
    return false;
}

httplib::Headers request_headers(const std::string& token) {
    // Accept-Encoding is said here because httplib leaves it out when an answer is read in parts.
    httplib::Headers headers{{"Accept", "application/json"}, {"Accept-Encoding", "gzip"}};
    if (!token.empty()) headers.emplace("Authorization", "Bearer " + token);
    return headers;
}

/// Gathers a body up to the limit, unpacked: a small packed answer can be a large one.
struct BodyReader {
    std::string body;
    bool is_too_long = false;

    bool take(const char* data, std::size_t bytes) {
        is_too_long = is_too_long || bytes > kResponseBytesMax - body.size();
        if (is_too_long) return false;
        body.append(data, bytes);
        return true;
    }
};

HttpAnswer make_answer(const httplib::Result& result, BodyReader reader) {
    HttpAnswer answer;
    if (result) {
        answer.delivery = Delivery::Answered;
        answer.status = result->status;
        answer.body = std::move(reader.body);
        answer.retry_after = result->get_header_value("Retry-After");
        return answer;
    }
    answer.problem =
        reader.is_too_long ? TransportProblem::AnswerTooLong : transport_problem(result.error());
    answer.delivery = is_before_sending(answer.problem) ? Delivery::NotSent : Delivery::MaybeSent;
    return answer;
}

}  // namespace

struct HttpSession::Connection {
    explicit Connection(Address target) : address(std::move(target)), client(address.origin) {}

    Address address;
    httplib::Client client;
};

Status check_api_url(std::string_view url) {
    const std::optional<Address> address = parse_address(url);
    if (address && (address->is_secure || is_loopback_host(address->host))) return {};
    return Error{.code = ErrorCode::InvalidArgument,
                 .message =
                     "The address of Integration.app must start with https:// (http:// is for this "
                     "machine only: localhost, 127.0.0.1 or [::1])"};
}

HttpSession::HttpSession(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

HttpSession::~HttpSession() = default;

Result<std::unique_ptr<HttpSession>> HttpSession::open(const std::string& api_url,
                                                       HttpTimeouts timeouts) {
    CRM_TRY(check_api_url(api_url));
    const Error failure{.code = ErrorCode::Unavailable,
                        .message =
                            "The connection to Integration.app could not be set up; see "
                            "whether the machine's certificates are installed"};
    try {
        auto connection = std::make_unique<Connection>(*parse_address(api_url));
        httplib::Client& client = connection->client;
        if (!client.is_valid()) return failure;
        client.set_keep_alive(true);
        client.set_tcp_nodelay(true);  // the body follows the headers in a packet of its own
        client.set_follow_location(false);
        client.set_path_encode(false);  // paths come encoded
        client.set_connection_timeout(timeouts.connect);
        client.set_read_timeout(timeouts.whole);
        client.set_write_timeout(timeouts.whole);
        client.set_max_timeout(timeouts.whole);
        return std::unique_ptr<HttpSession>(new HttpSession(std::move(connection)));
    } catch (const std::exception&) {
        return failure;
    }
}

HttpAnswer HttpSession::post(const std::string& path,
                             const std::string& token,
                             const std::string& json) {
    assert(path.starts_with('/') && !json.empty());
    bool has_begun = false;
    const auto provide = [&](std::size_t offset, std::size_t bytes, httplib::DataSink& sink) {
        if (offset == 0 && std::exchange(has_begun, true)) return false;
        return sink.write(json.data() + offset, bytes);
    };
    HttpAnswer answer;
    try {
        BodyReader reader;
        const httplib::Result result = connection_->client.Post(
            connection_->address.prefix + path,
            request_headers(token),
            json.size(),
            provide,
            "application/json",
            [&](const char* data, std::size_t bytes) { return reader.take(data, bytes); });
        answer = make_answer(result, std::move(reader));
    } catch (const std::exception&) {
        answer.problem = TransportProblem::Interrupted;
    }
    if (answer.delivery == Delivery::Answered) return answer;
    answer.delivery = has_begun ? Delivery::MaybeSent : Delivery::NotSent;
    return answer;
}

HttpAnswer HttpSession::get(const std::string& path, const std::string& token) {
    assert(path.starts_with('/'));
    try {
        BodyReader reader;
        const httplib::Result result = connection_->client.Get(
            connection_->address.prefix + path,
            request_headers(token),
            [&](const char* data, std::size_t bytes) { return reader.take(data, bytes); });
        return make_answer(result, std::move(reader));
    } catch (const std::exception&) {
        return {.delivery = Delivery::MaybeSent, .problem = TransportProblem::Interrupted};
    }
}

HttpAnswer HttpSession::remove(const std::string& path, const std::string& token) {
    assert(path.starts_with('/'));
    try {
        httplib::Result result =
            connection_->client.Delete(connection_->address.prefix + path, request_headers(token));
        BodyReader reader;
        if (result && !reader.take(result->body.data(), result->body.size())) {
            return {.delivery = Delivery::MaybeSent, .problem = TransportProblem::AnswerTooLong};
        }
        return make_answer(result, std::move(reader));
    } catch (const std::exception&) {
        return {.delivery = Delivery::MaybeSent, .problem = TransportProblem::Interrupted};
    }
}

}  // namespace crm::sync
