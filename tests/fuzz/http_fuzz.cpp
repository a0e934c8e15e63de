// Any bytes as what a client sends: request lines, headers, chunks and multipart bodies, through
// the HTTP library as the server uses it. Every answer is HTTP; the handler sees no more than was
// sent.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <httplib.h>

namespace {

void require(bool is_true) {
    if (!is_true) std::abort();
}

/// A connection that is all there, and what was answered.
class Memory final : public httplib::Stream {
   public:
    explicit Memory(std::string_view sent) : sent_(sent) {}
    [[nodiscard]] bool is_readable() const override { return true; }
    [[nodiscard]] bool wait_readable() const override { return true; }
    [[nodiscard]] bool wait_writable() const override { return true; }
    ssize_t read(char* to, std::size_t size) override {
        const std::size_t count = std::min(size, sent_.size());
        std::copy_n(sent_.data(), count, to);
        sent_.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }
    ssize_t write(const char* from, std::size_t size) override {
        answered.append(from, size);
        return static_cast<ssize_t>(size);
    }
    void get_remote_ip_and_port(std::string& ip, int& port) const override {
        ip = "127.0.0.1";
        port = 1;
    }
    void get_local_ip_and_port(std::string& ip, int& port) const override {
        ip = "127.0.0.1";
        port = 2;
    }
    [[nodiscard]] socket_t socket() const override { return -1; }
    [[nodiscard]] time_t duration() const override { return 0; }
    [[nodiscard]] bool is_empty() const { return sent_.empty(); }

    std::string answered;

   private:
    std::string_view sent_;
};

class Library final : public httplib::Server {
   public:
    Library() {
        const auto rest = [](const httplib::Request&, httplib::Response& to) { to.body = "rest"; };
        const auto with_body = [this](const httplib::Request& from,
                                      httplib::Response& to,
                                      const httplib::ContentReader& reader) {
            std::size_t bytes = 0;
            const auto take = [&](const char*, std::size_t length) {
                bytes += length;
                return true;
            };
            const bool is_read = from.is_multipart_form_data()
                                     ? reader([](const httplib::FormData&) { return true; }, take)
                                     : reader(take);
            // Compressed bodies grow; the limit of the library holds then.
            require(bytes <= kBodyMax || from.has_header("Content-Encoding"));
            require(bytes <= sent_bytes || from.has_header("Content-Encoding"));
            to.body = is_read ? "read" : "broken";
        };
        set_payload_max_length(kBodyMax);
        Get(".*", rest).Options(".*", rest).Delete(".*", rest);
        Post(".*", with_body).Put(".*", with_body).Patch(".*", with_body);
    }

    void answer(std::string_view sent) {
        sent_bytes = sent.size();
        Memory memory(sent);
        // As a connection that is kept: one request after the other.
        for (int count = 0; count < 8 && !memory.is_empty(); ++count) {
            bool is_closed = false;
            bool is_websocket = false;
            const bool is_good = process_request(
                memory, "127.0.0.1", 1, "127.0.0.1", 2, false, is_closed, nullptr, &is_websocket);
            if (!is_good || is_closed) break;
        }
        require(memory.answered.empty() || memory.answered.starts_with("HTTP/1.1 "));
    }

   private:
    static constexpr std::size_t kBodyMax = 64 * 1024;
    std::size_t sent_bytes = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Library library;
    library.answer({reinterpret_cast<const char*>(data), size});
    return 0;
}
