// Tags, and errors as answers.
#include "server/http/respond.h"

#include <doctest/doctest.h>

#include "shared/api_json.h"

using namespace crm;
using namespace crm::http;

TEST_CASE("a tag is quoted, depends on every byte and has no odd characters") {
    const std::string tag = make_etag("one");
    CHECK(tag == make_etag("one"));
    CHECK(tag != make_etag("two"));
    CHECK(tag != make_etag(std::string("one\0", 4)));
    CHECK(tag.front() == '"');
    CHECK(tag.back() == '"');
    CHECK(tag.size() == 24);
}

TEST_CASE("If-None-Match is a list of tags") {
    CHECK(has_etag("\"a\"", "\"a\""));
    CHECK(has_etag("W/\"a\"", "\"a\""));
    CHECK(has_etag("\"b\" ,\t\"a\"", "\"a\""));
    CHECK(has_etag("*", "\"a\""));
    CHECK_FALSE(has_etag("", "\"a\""));
    CHECK_FALSE(has_etag("a", "\"a\""));
    CHECK_FALSE(has_etag("\"aa\"", "\"a\""));
}

TEST_CASE("errors carry their status, their words and the headers that belong to them") {
    const Response unauthorized =
        error_response({ErrorCode::Unauthorized, "Please sign in."}, "r-1");
    CHECK(unauthorized.status == 401);
    const api::ErrorAnswer answer = api::read_error(401, unauthorized.body);
    CHECK(answer.error.message == "Please sign in.");
    CHECK(answer.request_id == "r-1");
    const auto has_header = [](const Response& response, const std::string& name) {
        for (const auto& header : response.headers) {
            if (header.first == name) return true;
        }
        return false;
    };
    CHECK(has_header(unauthorized, "WWW-Authenticate"));
    CHECK(has_header(error_response({ErrorCode::Unavailable, "Later."}, ""), "Retry-After"));
    CHECK_FALSE(has_header(error_response({ErrorCode::NotFound, "No."}, ""), "Retry-After"));
}

TEST_CASE("every message of the API is a sentence to its end, and has one end") {
    const auto answer_to = [](const Error& error) {
        return api::read_error(422, error_response(error, "").body).error;
    };
    const Error open{ErrorCode::InvalidArgument, "No room", {{"email", "It is taken"}}};
    CHECK(answer_to(open).message == "No room.");
    CHECK(answer_to(open).fields.at("email") == "It is taken.");
    for (const std::string ended : {"No room.", "No room?", "No room!"}) {
        CAPTURE(ended);
        const Error error{ErrorCode::InvalidArgument, ended, {{"email", ended}}};
        CHECK(answer_to(error).message == ended);
        CHECK(answer_to(error).fields.at("email") == ended);
    }
}

TEST_CASE("broken requests keep the status that the library found") {
    for (const int status : {400, 413, 414, 415, 416, 431, 500}) {
        CAPTURE(status);
        const Response response = broken_request_response(status, "r-1");
        CHECK(response.status == status);
        CHECK(api::read_error(status, response.body).error.message.size() > 20);
    }
}

TEST_CASE("a 304 has the headers and no body") {
    Response whole = json_response(200, "{}");
    whole.headers.emplace_back("ETag", "\"a\"");
    const Response response = not_modified(whole);
    CHECK(response.status == 304);
    CHECK(response.body.empty());
    CHECK(response.content_type.empty());
    CHECK(response.headers == whole.headers);
}
