// Answers, and the tags that make repeated ones cheap.
#include "server/http/respond.h"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

#include "shared/api_json.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm::http {
namespace {

constexpr std::size_t kTagBytes = 16;  // of SHA-256: enough that no two answers ever share a tag

/// To whoever reads the API all messages are sentences.
Error with_ended_sentences(Error error) {
    error.message = as_sentence(error.message);
    for (auto& [field, problem] : error.fields) problem = as_sentence(problem);
    return error;
}

Error explain_status(int status) {
    switch (status) {
        case 413:
            return {ErrorCode::TooLarge,
                    "The request is larger than 1 MiB; nothing was changed; send less at once"};
        case 414:
            return {ErrorCode::TooLarge, "The address of the request is too long; shorten it"};
        case 415:
            return {ErrorCode::UnsupportedMediaType,
                    "The encoding of the request body is not supported; send plain JSON"};
        case 500:
            return {ErrorCode::Internal,
                    "Something went wrong in the server; the request may be repeated"};
        default:
            return {ErrorCode::BadRequest,
                    "The request could not be read as HTTP; nothing was changed"};
    }
}

}  // namespace

Response json_response(int status, std::string body) {
    Response response;
    response.status = status;
    response.content_type = kJsonType;
    response.body = std::move(body);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response contact_response(int status, const Contact& contact) {
    Response response = json_response(status, api::write_contact_answer(contact));
    response.headers.emplace_back("ETag", '"' + std::to_string(contact.version) + '"');
    return response;
}

Response text_response(int status, std::string text) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

Response error_response(const Error& error, std::string_view request_id) {
    Response response = json_response(api::http_status(error.code),
                                      api::write_error(with_ended_sentences(error), request_id));
    if (error.code == ErrorCode::Unauthorized) {
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
    }
    if (error.code == ErrorCode::Unavailable || error.code == ErrorCode::RateLimited) {
        response.headers.emplace_back("Retry-After", "5");
    }
    return response;
}

Response too_large_response(std::size_t bytes_max, std::string_view request_id) {
    return error_response(
        {ErrorCode::TooLarge,
         "The request is larger than " + std::to_string(bytes_max / (1024 * 1024)) +
             " MiB; nothing was changed; send less at once"},
        request_id);
}

Response broken_request_response(int status, std::string_view request_id) {
    Response response = error_response(explain_status(status), request_id);
    response.status = status;
    return response;
}

std::string make_etag(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    const std::string_view start(reinterpret_cast<const char*>(digest.data()), kTagBytes);
    return '"' + base64url_encode(start) + '"';
}

bool has_etag(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        const std::size_t comma = std::min(if_none_match.find(','), if_none_match.size());
        std::string entry = trim(if_none_match.substr(0, comma));
        if (entry.starts_with("W/")) entry.erase(0, 2);
        if (entry == "*" || entry == etag) return true;
        if_none_match.remove_prefix(std::min(comma + 1, if_none_match.size()));
    }
    return false;
}

Response not_modified(const Response& whole) {
    Response response;
    response.status = 304;
    response.headers = whole.headers;
    response.route = whole.route;
    return response;
}

}  // namespace crm::http
