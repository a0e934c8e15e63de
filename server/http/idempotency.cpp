// The key is claimed in a transaction of its own before anything is done: of two requests at once
// one works, and after a crash it is known that nobody knows.
#include "server/http/idempotency.h"

#include <algorithm>
#include <array>

#include <openssl/sha.h>

#include "server/http/respond.h"
#include "server/limits.h"
#include "shared/text.h"
#include "shared/url.h"

namespace crm::http {
namespace {

constexpr std::string_view kHeader = "Idempotency-Key";

std::string hash_of(const Request& request) {
    std::string text = request.method + '\n' + request.target + '\n';
    text += request.body;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return base64url_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

/// Printable ASCII, as headers are.
Result<std::string> read_key(const Request& request) {
    const std::vector<std::string_view> values = find_headers(request, kHeader);
    const std::string key = values.size() == 1 ? std::string(values[0]) : std::string();
    const bool is_printable =
        std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (key.empty() || key.size() > kIdempotencyKeyBytesMax || !is_printable) {
        return Error{ErrorCode::BadRequest,
                     "Idempotency-Key must be one text of 1 to " +
                         std::to_string(kIdempotencyKeyBytesMax) +
                         " printable characters without spaces; nothing was done"};
    }
    return key;
}

std::string header_of(const Response& response, std::string_view name) {
    for (const auto& [header, value] : response.headers) {
        if (is_same_word(header, name)) return value;
    }
    return {};
}

Response repeat(const store::KeptAnswer& kept) {
    Response response;
    response.status = kept.status;
    response.content_type = kept.content_type;
    response.body = kept.body;
    response.headers = {{"Cache-Control", "no-store"}, {"Idempotent-Replayed", "true"}};
    if (!kept.location.empty()) response.headers.emplace_back("Location", kept.location);
    if (!kept.etag.empty()) response.headers.emplace_back("ETag", kept.etag);
    return response;
}

}  // namespace

bool has_idempotency_key(const Request& request) {
    return !find_headers(request, kHeader).empty();
}

Result<std::optional<Response>> RepeatGuard::begin(const store::IdempotencyKey& key,
                                                   const store::KeptAnswer& request) {
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    const TimePoint now = clock_.now();
    const std::optional<store::KeptAnswer> known =
        CRM_TRY(store::claim_key(transaction, key, request, now, now - kIdempotencyLife));
    if (!known) {
        CRM_TRY(transaction.commit());
        return std::optional<Response>();
    }
    if (known->request_hash != request.request_hash) {
        return Error{ErrorCode::InvalidArgument,
                     "This Idempotency-Key came with another request before; nothing was done; "
                     "use a new key for a new request"};
    }
    if (known->status != 0) return std::optional<Response>(repeat(*known));
    if (known->boot == boot_) {
        return Error{ErrorCode::Conflict,
                     "The first request with this Idempotency-Key is still being worked on; ask "
                     "again in a moment"};
    }
    return Error{ErrorCode::Conflict,
                 "The first request with this Idempotency-Key was cut short by a restart, so it "
                 "may have been done or not; look, and use a new key if it is still to be done"};
}

Status RepeatGuard::end(const store::IdempotencyKey& key, const Result<Response>& outcome) {
    store::Transaction transaction = CRM_TRY(database_.begin_write());
    if (!outcome.is_ok() || outcome.value().status >= 300) {
        CRM_TRY(store::release_key(transaction, key));
        return transaction.commit();
    }
    const Response& response = outcome.value();
    store::KeptAnswer answer;
    answer.status = response.status;
    answer.content_type = response.content_type;
    answer.location = header_of(response, "Location");
    answer.etag = header_of(response, "ETag");
    answer.body = response.body;
    CRM_TRY(store::keep_answer(transaction, key, answer));
    return transaction.commit();
}

Result<Response> RepeatGuard::answer(const Call& call,
                                     const std::function<Result<Response>()>& work) {
    store::IdempotencyKey key;
    key.key = CRM_TRY(read_key(call.request));
    key.customer = call.caller.customer;
    key.caller = call.caller.user_id.is_set() ? call.caller.user_id.text : call.caller.user;
    store::KeptAnswer request;
    request.request_hash = hash_of(call.request);
    request.boot = boot_;
    std::optional<Response> known = CRM_TRY(begin(key, request));
    if (known) return std::move(*known);
    Result<Response> outcome = work();
    // What was done is done, whether the answer could be kept or not.
    static_cast<void>(end(key, outcome));
    return outcome;
}

}  // namespace crm::http
