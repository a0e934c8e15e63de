#include "shared/api.h"

#include <set>

#include <doctest/doctest.h>

#include "shared/api_json.h"

namespace crm::api {
namespace {

TEST_CASE("run states have their words") {
    std::set<std::string_view> words;
    for (const RunState state : {RunState::Queued,
                                 RunState::Running,
                                 RunState::Done,
                                 RunState::DoneWithProblems,
                                 RunState::Held,
                                 RunState::Superseded,
                                 RunState::Failed,
                                 RunState::Cancelled}) {
        CHECK(parse_run_state(run_state_text(state)) == state);
        words.insert(run_state_text(state));
    }
    CHECK(words.size() == 8);
    CHECK(run_state_text(RunState::DoneWithProblems) == "done_with_problems");
    CHECK_FALSE(parse_run_state("").has_value());
    CHECK_FALSE(parse_run_state("Done").has_value());
}

TEST_CASE("error codes have a status and a word of their own") {
    std::set<std::string_view> words;
    std::set<int> statuses;
    for (int value = 0; value <= static_cast<int>(ErrorCode::Unavailable); ++value) {
        const auto code = static_cast<ErrorCode>(value);
        CHECK(error_code_of_status(http_status(code)) == code);
        words.insert(error_code_text(code));
        statuses.insert(http_status(code));
    }
    CHECK(words.size() == 13);
    CHECK(statuses.size() == 13);
    CHECK(http_status(ErrorCode::VersionMismatch) == 412);
    CHECK(error_code_text(ErrorCode::InvalidArgument) == "invalid_argument");
}

TEST_CASE("statuses that are not ours mean the nearest of our codes") {
    CHECK(error_code_of_status(0) == ErrorCode::Unavailable);
    CHECK(error_code_of_status(502) == ErrorCode::Unavailable);
    CHECK(error_code_of_status(504) == ErrorCode::Unavailable);
    CHECK(error_code_of_status(418) == ErrorCode::BadRequest);
    CHECK(error_code_of_status(501) == ErrorCode::Internal);
}

}  // namespace
}  // namespace crm::api
