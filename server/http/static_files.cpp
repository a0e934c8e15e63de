// Loading the folder and choosing what a browser gets.
#include "server/http/static_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

#include "server/http/respond.h"
#include "server/limits.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm::http {
namespace {

constexpr std::string_view kMissingText =
    "The server runs and its API answers under /api/, but the browser client is not there. Build "
    "it "
    "with ./run --build-only, or name its folder with --web.\n";

struct ContentType {
    std::string_view extension;
    std::string_view type;
};
constexpr std::array<ContentType, 14> kContentTypes{{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".ttf", "font/ttf"},
    {".otf", "font/otf"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view content_type_of(std::string_view extension) {
    for (const ContentType& entry : kContentTypes) {
        if (entry.extension == extension) return entry.type;
    }
    return "application/octet-stream";
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file) return std::nullopt;
    return bytes;
}

/// Every regular file below `folder`, "/app.css" -> bytes. Links are left out: they could lead
/// anywhere.
Result<std::map<std::string, std::string>> read_folder(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::map<std::string, std::string> files;
    std::size_t bytes_total = 0;
    std::error_code problem;
    fs::recursive_directory_iterator entry(folder, problem);
    for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        if (!entry->is_regular_file(problem) || entry->is_symlink(problem)) continue;
        std::optional<std::string> bytes = read_file(entry->path());
        if (!bytes) return Error{ErrorCode::Unavailable, "Cannot read " + entry->path().string()};
        bytes_total += bytes->size();
        if (bytes_total > kWebBytesMax) {
            return Error{ErrorCode::Unavailable,
                         folder.string() + " holds more than 64 MiB: it is no browser client"};
        }
        files['/' + entry->path().lexically_relative(folder).generic_string()] = std::move(*bytes);
    }
    if (problem) {
        return Error{ErrorCode::NotFound, "Cannot read the folder " + folder.string()};
    }
    return files;
}

std::string_view file_name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::shared_ptr<const std::string> share(std::map<std::string, std::string>& files,
                                         const std::string& path) {
    const auto found = files.find(path);
    if (found == files.end()) return nullptr;
    return std::make_shared<const std::string>(std::move(found->second));
}

}  // namespace

bool is_hashed_name(std::string_view file_name) {
    constexpr std::size_t kHashDigitsLeast = 8;
    std::size_t dash = file_name.find('-');
    while (dash != std::string_view::npos) {
        const std::string_view rest = file_name.substr(dash + 1);
        const std::size_t length =
            std::min(rest.find_first_not_of("0123456789abcdef"), rest.size());
        if (length >= kHashDigitsLeast && length < rest.size() && rest[length] == '.') return true;
        dash = file_name.find('-', dash + 1);
    }
    return false;
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
    while (!accept_encoding.empty()) {
        const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
        const std::string_view entry = accept_encoding.substr(0, comma);
        const std::size_t semicolon = std::min(entry.find(';'), entry.size());
        const std::string name = trim(entry.substr(0, semicolon));
        if (is_same_word(name, coding) || name == "*") {
            std::string quality = trim(entry.substr(std::min(semicolon + 1, entry.size())));
            if (quality.starts_with("q=")) quality.erase(0, 2);
            return quality.empty() || quality.find_first_not_of("0.") != std::string::npos;
        }
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    }
    return false;
}

Result<StaticFiles> StaticFiles::load(const std::filesystem::path& folder) {
    std::map<std::string, std::string> bytes = CRM_TRY(read_folder(folder));
    StaticFiles result;
    for (const auto& [path, content] : bytes) {
        const std::string extension = std::filesystem::path(path).extension().string();
        const std::string_view name = file_name_of(path);
        const bool is_variant = extension == ".br" || extension == ".gz";
        if (is_variant || name.starts_with('.')) continue;
        File file;
        file.etag = make_etag(content);
        file.etag.pop_back();
        file.content_type = content_type_of(extension);
        file.cache_control =
            is_hashed_name(name) ? "public, max-age=31536000, immutable" : "no-cache";
        result.files_.emplace(path, std::move(file));
    }
    for (auto& [path, file] : result.files_) {
        file.brotli = share(bytes, path + ".br");
        file.gzip = share(bytes, path + ".gz");
        file.plain = share(bytes, path);
    }
    return result;
}

Response StaticFiles::answer(const Request& request) const {
    std::optional<std::string> path = percent_decode(request.path());
    if (path == "/") path = "/index.html";
    const auto found = path ? files_.find(*path) : files_.end();
    if (found == files_.end()) {
        if (path == "/index.html") return text_response(503, std::string(kMissingText));
        return text_response(404, "There is nothing here. The app is at /.\n");
    }
    const File& file = found->second;
    const std::string_view accepted = find_header(request, "Accept-Encoding");
    // A range would be cut from the packed bytes: who asks for one gets the plain file, whole.
    const bool may_pack = find_headers(request, "Range").empty();
    Response response;
    std::string etag = file.etag;
    response.shared_body = file.plain;
    response.content_type = file.content_type;
    response.headers = {{"Cache-Control", std::string(file.cache_control)},
                        {"Vary", "Accept-Encoding"}};
    if (may_pack && file.brotli && accepts_coding(accepted, "br")) {
        response.shared_body = file.brotli;
        response.headers.emplace_back("Content-Encoding", "br");
        etag += "-br";
    } else if (may_pack && file.gzip && accepts_coding(accepted, "gzip")) {
        response.shared_body = file.gzip;
        response.headers.emplace_back("Content-Encoding", "gzip");
        etag += "-gzip";
    }
    etag += '"';
    response.headers.emplace_back("ETag", etag);
    if (!has_etag(find_header(request, "If-None-Match"), etag)) return response;
    std::erase_if(response.headers,
                  [](const auto& header) { return header.first == "Content-Encoding"; });
    return not_modified(response);
}

}  // namespace crm::http
