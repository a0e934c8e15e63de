// The words of the contract's enums. DO NOT RENAME any of them.
#include "shared/api.h"

#include <array>

#include "shared/api_json.h"

namespace crm::api {
namespace {

struct RunStateWord {
    RunState state;
    std::string_view word;
};

constexpr std::array<RunStateWord, 8> kRunStateWords{{
    {RunState::Queued, "queued"},
    {RunState::Running, "running"},
    {RunState::Done, "done"},
    {RunState::DoneWithProblems, "done_with_problems"},
    {RunState::Held, "held"},
    {RunState::Superseded, "superseded"},
    {RunState::Failed, "failed"},
    {RunState::Cancelled, "cancelled"},
}};

struct CodeWord {
    ErrorCode code;
    int status;
    std::string_view word;
};

constexpr std::array<CodeWord, 13> kCodeWords{{
    {ErrorCode::BadRequest, 400, "bad_request"},
    {ErrorCode::Unauthorized, 401, "unauthorized"},
    {ErrorCode::Forbidden, 403, "forbidden"},
    {ErrorCode::NotFound, 404, "not_found"},
    {ErrorCode::MethodNotAllowed, 405, "method_not_allowed"},
    {ErrorCode::Conflict, 409, "conflict"},
    {ErrorCode::VersionMismatch, 412, "version_mismatch"},
    {ErrorCode::TooLarge, 413, "too_large"},
    {ErrorCode::UnsupportedMediaType, 415, "unsupported_media_type"},
    {ErrorCode::InvalidArgument, 422, "invalid_argument"},
    {ErrorCode::RateLimited, 429, "rate_limited"},
    {ErrorCode::Internal, 500, "internal"},
    {ErrorCode::Unavailable, 503, "unavailable"},
}};

const CodeWord& row_of(ErrorCode code) {
    for (const CodeWord& row : kCodeWords) {
        if (row.code == code) return row;
    }
    return kCodeWords[11];
}

}  // namespace

std::string_view run_state_text(RunState state) {
    for (const RunStateWord& row : kRunStateWords) {
        if (row.state == state) return row.word;
    }
    return "failed";
}

std::optional<RunState> parse_run_state(std::string_view text) {
    for (const RunStateWord& row : kRunStateWords) {
        if (row.word == text) return row.state;
    }
    return std::nullopt;
}

int http_status(ErrorCode code) {
    return row_of(code).status;
}

std::string_view error_code_text(ErrorCode code) {
    return row_of(code).word;
}

ErrorCode error_code_of_status(int status) {
    for (const CodeWord& row : kCodeWords) {
        if (row.status == status) return row.code;
    }
    // 502 and 504 are a proxy's words for a server that does not answer; 0 is no answer at all.
    if (status == 0 || status == 502 || status == 504) return ErrorCode::Unavailable;
    return status >= 400 && status < 500 ? ErrorCode::BadRequest : ErrorCode::Internal;
}

}  // namespace crm::api
