// Blocking sockets with a time-out of five seconds for every read.
#include "tests/server/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include <doctest/doctest.h>

namespace crm::test {
namespace {

constexpr int kReadTimeoutMs = 5000;

std::string to_lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

bool has_header(const HeaderList& headers, const std::string& name) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& entry) {
        return to_lower(entry.first) == to_lower(name);
    });
}

}  // namespace

std::string Reply::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
}

RawConnection::RawConnection(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
}

RawConnection::~RawConnection() {
    close(socket_);
}

bool RawConnection::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool RawConnection::fill() {
    pollfd entry{socket_, POLLIN, 0};
    if (poll(&entry, 1, kReadTimeoutMs) != 1) return false;
    std::array<char, 16'384> chunk{};
    const ssize_t count = recv(socket_, chunk.data(), chunk.size(), 0);
    if (count <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    return true;
}

std::string RawConnection::read_bytes(std::size_t count) {
    while (buffer_.size() < count && fill()) {
    }
    const std::string bytes = buffer_.substr(0, count);
    buffer_.erase(0, bytes.size());
    return bytes;
}

std::string RawConnection::read_line() {
    std::size_t end = buffer_.find("\r\n");
    while (end == std::string::npos && fill()) end = buffer_.find("\r\n");
    if (end == std::string::npos) return {};
    const std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
}

std::string RawConnection::read_chunks() {
    std::string body;
    while (true) {
        const std::size_t length = std::strtoul(read_line().c_str(), nullptr, 16);
        if (length == 0) break;
        body += read_bytes(length);
        read_line();
    }
    read_line();
    return body;
}

Reply RawConnection::read_head() {
    Reply reply;
    const std::string first = read_line();
    if (first.size() < 12) return reply;
    reply.status = std::atoi(first.c_str() + 9);
    for (std::string line = read_line(); !line.empty(); line = read_line()) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) continue;
        const std::size_t start = line.find_first_not_of(' ', colon + 1);
        reply.headers[to_lower(line.substr(0, colon))] =
            start == std::string::npos ? "" : line.substr(start);
    }
    return reply;
}

Reply RawConnection::read_reply(To to) {
    Reply reply = read_head();
    if (reply.status == 0 || to == To::Head || reply.status == 304) return reply;
    if (reply.header("transfer-encoding") == "chunked") {
        reply.body = read_chunks();
    } else {
        reply.body = read_bytes(std::strtoul(reply.header("content-length").c_str(), nullptr, 10));
    }
    return reply;
}

std::string RawConnection::read_until(std::string_view text) {
    std::size_t at = buffer_.find(text);
    while (at == std::string::npos && fill()) at = buffer_.find(text);
    if (at == std::string::npos) return {};
    const std::string all = buffer_.substr(0, at + text.size());
    buffer_.erase(0, all.size());
    return all;
}

bool RawConnection::is_closed_within(std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (std::chrono::steady_clock::now() < end) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        pollfd entry{socket_, POLLIN, 0};
        if (poll(&entry, 1, std::max(1, static_cast<int>(left.count()))) != 1) continue;
        std::array<char, 4096> chunk{};
        if (recv(socket_, chunk.data(), chunk.size(), 0) <= 0) return true;
    }
    return false;
}

std::string format_request(const Ask& question) {
    std::string text = question.method + ' ' + question.target + " HTTP/1.1\r\n";
    if (!has_header(question.headers, "Host")) text += "Host: localhost\r\n";
    for (const auto& [name, value] : question.headers) text += name + ": " + value + "\r\n";
    if (!question.body.empty()) {
        if (!has_header(question.headers, "Content-Type")) {
            text += "Content-Type: application/json\r\n";
        }
        text += "Content-Length: " + std::to_string(question.body.size()) + "\r\n";
    } else if (question.method != "GET" && question.method != "HEAD" &&
               !has_header(question.headers, "Transfer-Encoding")) {
        text += "Content-Length: 0\r\n";
    }
    return text + "\r\n" + question.body;
}

Reply ask(int port, const Ask& question) {
    RawConnection connection(port);
    connection.send(format_request(question));
    return connection.read_reply(question.method == "HEAD" ? RawConnection::To::Head
                                                           : RawConnection::To::Get);
}

}  // namespace crm::test
