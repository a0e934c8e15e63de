// fetch.h in the browser: one line per header, the browser does the rest.
#include "client-wasm/platform/browser_calls.h"
#include "client-wasm/platform/fetch.h"

namespace crm::platform {

void start_fetch(const FetchRequest& request) {
    std::string head = request.method + "\n" + request.path;
    for (const auto& [name, value] : request.headers) head += "\n" + name + ": " + value;
    js_fetch(static_cast<double>(request.id),
             head.data(),
             static_cast<int>(head.size()),
             request.body.data(),
             static_cast<int>(request.body.size()),
             request.is_file_sent ? 1 : 0);
}

void open_stream(const std::string& path, const std::vector<std::string>& event_types) {
    std::string types;
    for (const std::string& type : event_types) types += (types.empty() ? "" : "\n") + type;
    js_open_stream(
        path.data(), static_cast<int>(path.size()), types.data(), static_cast<int>(types.size()));
}

}  // namespace crm::platform
