// One event is one line, whatever is in it, and nobody waits for a reader.
#include "server/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <doctest/doctest.h>

#include "server/limits.h"
#include "tests/support/fake_clock.h"

using namespace crm;

namespace {

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        REQUIRE(pipe2(ends.data(), O_NONBLOCK) == 0);
        read_end = ends[0];
        write_end = ends[1];
        // The log must not rely on this end's mode: only reading is non-blocking.
        REQUIRE(fcntl(write_end, F_SETFL, 0) == 0);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close(read_end);
        close(write_end);
    }
    [[nodiscard]] std::string drain() const {
        std::string text;
        std::array<char, 4096> chunk{};
        ssize_t count = 0;
        while ((count = read(read_end, chunk.data(), chunk.size())) > 0) {
            text.append(chunk.data(), static_cast<std::size_t>(count));
        }
        return text;
    }

    int read_end = -1;
    int write_end = -1;
};

}  // namespace

TEST_CASE("values are quoted only where they must be") {
    CHECK(format_log_line(
              LogLevel::Info, "request", {{"status", "200"}, {"route", "/api/contacts/{}"}}) ==
          "info request status=200 route=/api/contacts/{}");
    CHECK(format_log_line(LogLevel::Error, "x", {{"a", ""}, {"b", "two words"}, {"c", "q\"b\\"}}) ==
          R"(error x a="" b="two words" c="q\"b\\")");
    CHECK(format_log_line(LogLevel::Warning, "x", {{"a", "line\nbreak\x7f"}}) ==
          R"(warning x a="line\x0abreak\x7f")");
    CHECK(format_log_line(LogLevel::Debug, "x", {{"a", "k=v"}}) == R"(debug x a="k=v")");
}

TEST_CASE("levels are known by name") {
    CHECK(parse_log_level("warning") == LogLevel::Warning);
    CHECK_FALSE(parse_log_level("WARNING").has_value());
    CHECK_FALSE(parse_log_level("").has_value());
}

TEST_CASE("lines below the level are left out, the others carry the time") {
    const test::FakeClock clock;
    const Pipe pipe;
    Log log(clock, LogLevel::Info, pipe.write_end);
    log.write(LogLevel::Debug, "hidden");
    log.write(LogLevel::Info, "shown", {{"n", "1"}});
    CHECK(pipe.drain() == format_time(clock.now()) + " info shown n=1\n");
}

TEST_CASE("a long line is cut, and stays one line") {
    const test::FakeClock clock;
    const Pipe pipe;
    Log log(clock, LogLevel::Info, pipe.write_end);
    log.write(LogLevel::Info, "long", {{"text", std::string(10'000, 'a')}});
    const std::string text = pipe.drain();
    CHECK(text.size() == kLogLineBytesMax);
    CHECK(text.back() == '\n');
}

TEST_CASE("a pipe that nobody reads drops lines and says so later") {
    const test::FakeClock clock;
    const Pipe pipe;
    Log log(clock, LogLevel::Info, pipe.write_end);
    for (int line = 0; line < 5000; ++line)
        log.write(LogLevel::Info, "flood", {{"n", std::to_string(line)}});
    const std::string kept = pipe.drain();
    CHECK(kept.find("n=0\n") != std::string::npos);
    CHECK(kept.find("n=4999\n") == std::string::npos);
    log.write(LogLevel::Info, "after");
    CHECK(pipe.drain().find("after dropped_before=") != std::string::npos);
    log.write(LogLevel::Info, "later");
    CHECK(pipe.drain().find("dropped") == std::string::npos);
}
