// Requests to our own server, and its stream of events. Answers arrive at the window's listener
// (on_reply, on_stream, on_stream_data), between frames, in any order.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace crm::platform {

struct FetchRequest {
    std::uint64_t id = 0;
    std::string method;
    std::string path;  // from the root of our own origin
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;           // empty: none
    bool is_file_sent = false;  // the body is the file that the person chose last
};

/// Exactly one on_reply for each; status 0 when no answer came.
void start_fetch(const FetchRequest& request);

/// Opens the stream; it reconnects by itself, and says so each time. One per program.
void open_stream(const std::string& path, const std::vector<std::string>& event_types);

}  // namespace crm::platform
