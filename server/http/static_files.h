// The browser client, read into memory once: a request is a look-up in a map, so no path of the
// disk is ever built from an address. `x.js.br` and `x.js.gz` beside `x.js` are served in its place
// to who takes them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/http/message.h"
#include "shared/result.h"

namespace crm::http {

class StaticFiles {
   public:
    /// Without files: / says that the client is missing. NotFound, Unavailable with a sentence.
    static Result<StaticFiles> load(const std::filesystem::path& folder);
    StaticFiles() = default;

    /// For GET and HEAD of anything outside /api/.
    [[nodiscard]] Response answer(const Request& request) const;
    [[nodiscard]] std::size_t file_count() const { return files_.size(); }

   private:
    using Bytes = std::shared_ptr<const std::string>;
    struct File {
        Bytes plain;
        Bytes brotli;  // null: there is none
        Bytes gzip;
        std::string etag;  // of `plain`, without its closing quote
        std::string_view content_type;
        std::string_view cache_control;
    };

    std::map<std::string, File, std::less<>> files_;  // "/app.css"
};

/// "client-1a2b3c4d.wasm": what is under this name never changes.
[[nodiscard]] bool is_hashed_name(std::string_view file_name);

/// Whether Accept-Encoding takes `coding`: named or by *, and not with q=0.
[[nodiscard]] bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace crm::http
