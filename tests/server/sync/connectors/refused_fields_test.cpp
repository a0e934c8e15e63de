// Refusals as the CRMs word them, and which of our fields the engine is told to leave out.
#include "server/sync/connectors/refused_fields.h"

#include <doctest/doctest.h>

#include "tests/server/sync/connectors/failure_table.h"

namespace crm::sync {
namespace {

using Fields = std::vector<std::string>;

const RemoteValues kSent{
    {"name", "Ann Example"}, {"email", "ann@example.com"}, {"phone", "+1"}, {"jobTitle", "CTO"}};

CallOutcome update_answered(const std::string& body, int status = 400) {
    ConnectorDesk desk;
    desk.reply(400, wrapped(status, body));
    return desk.connector->update(RemoteId("1"), kSent);
}

std::string hubspot_error(const std::string& code, const std::string& property) {
    return R"({"status":"error","category":"VALIDATION_ERROR","message":"Property values were not )"
           R"(valid: [{\"isValid\":false,\"message\":\"no\",\"error\":\")" +
           code + R"(\",\"name\":\")" + property + R"(\"}]"})";
}

std::string listed_error(const std::string& code, const std::string& property) {
    return R"({"status":"error","category":"VALIDATION_ERROR","message":"no","errors":[{"code":")" +
           code + R"(","context":{"propertyName":[")" + property + R"("]}}]})";
}

TEST_CASE("refused fields: the property that HubSpot names") {
    for (const char* code :
         {"PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE", "INVALID_OPTION", "INVALID_STRING_LENGTH"}) {
        CAPTURE(code);
        for (const std::string& body :
             {hubspot_error(code, "jobtitle"), listed_error(code, "jobtitle")}) {
            const CallOutcome outcome = update_answered(body);
            CHECK(outcome.end == CallEnd::Refused);
            CHECK(outcome.problem.code == "refused");
            CHECK(outcome.refused_fields == Fields{"jobTitle"});
        }
    }
    CHECK(update_answered(listed_error("INVALID_OPTION", "lastname")).refused_fields ==
          Fields{"name"});
    CHECK(update_answered(listed_error("INVALID_OPTION", "hs_lead_status")).refused_fields.empty());
    // What the call lacks is not what it may leave out.
    CHECK(update_answered(listed_error("REQUIRED_FIELD", "phone")).refused_fields.empty());
    CHECK(update_answered(hubspot_error("REQUIRED_FIELD", "phone")).refused_fields.empty());
}

TEST_CASE("refused fields: an e-mail, also when it is not named") {
    for (const std::string& body : {hubspot_error("INVALID_EMAIL", "email"),
                                    listed_error("INVALID_EMAIL", "email"),
                                    std::string(R"({"message":"INVALID_EMAIL"})")}) {
        const CallOutcome outcome = update_answered(body);
        CHECK(outcome.problem.code == "invalid_email");
        CHECK(outcome.refused_fields == Fields{"email"});
    }
    for (const std::string& body :
         {kHubSpotConflict, listed_error("CONFLICTING_UNIQUE_VALUE", "email")}) {
        const CallOutcome outcome = update_answered(body, 409);
        CHECK(outcome.end == CallEnd::Refused);
        CHECK(outcome.problem.code == "email_taken");
        CHECK(outcome.refused_fields == Fields{"email"});
    }
}

TEST_CASE("refused fields: the words of Pipedrive and others") {
    const auto fields_of = [](const std::string& error) {
        return update_answered(R"({"success":false,"errorCode":400,"error":")" + error + "\"}")
            .refused_fields;
    };
    CHECK(fields_of("Field 'job_title' is read-only") == Fields{"jobTitle"});
    CHECK(fields_of("email: is not valid, phone: too long") == Fields{"email", "phone"});
    CHECK(fields_of("Parameter `emails` must be a list") == Fields{"email"});
    CHECK(fields_of("The email of this person is fine").empty());
    CHECK(fields_of("A value is longer than 255 characters").empty());
    CHECK(update_answered(R"({"data":[{"code":"INVALID_DATA","details":{"api_name":"Phone"}}],)"
                          R"("status":"error"})")
              .refused_fields == Fields{"phone"});
    CHECK(
        update_answered(R"({"success":false,"error":"Field 'job_title' needs Contact Sync"})", 403)
            .refused_fields == Fields{"jobTitle"});
}

TEST_CASE("refused fields: a name in the details of the error itself") {
    CHECK(update_answered(R"({"code":"INVALID_DATA","details":{"api_name":"Phone"}})")
              .refused_fields == Fields{"phone"});
}

TEST_CASE("refused fields: a marker or constant that is refused is the file's fault") {
    ConnectorSpec spec = builtin_connectors().front();
    spec.marker_write = "crmContactId";
    spec.marker_read = {"fields.crm_contact_id"};
    spec.constants = {{"lifecyclestage", R"("lead")"}};
    ConnectorDesk desk(spec);
    for (const char* property : {"crm_contact_id", "crmContactId", "lifecyclestage"}) {
        desk.reply(400, wrapped(400, listed_error("PROPERTY_DOESNT_EXIST", property)));
        const CallOutcome outcome = desk.connector->create(kSent, "m");
        CHECK(outcome.end == CallEnd::Refused);
        CHECK(outcome.problem.code == "unknown_field");
        CHECK(outcome.problem.message.find("connectors file") != std::string::npos);
        CHECK(outcome.problem.message.find('%') == std::string::npos);
        CHECK(outcome.refused_fields.empty());
    }
}

TEST_CASE("refused fields: only what was sent, under the names of the workspace") {
    ConnectorSpec spec = builtin_connectors().front();
    spec.mappings[0].write = "vorname";
    spec.mappings[0].write_rest = "nachname";
    const CallOutcome refused{.end = CallEnd::Refused,
                              .refused_fields = {"Nachname", "phone", "vorname", "", "other"}};
    CHECK(name_refused_fields(refused, spec, {{"name", "A"}}).refused_fields == Fields{"name"});
    CHECK(name_refused_fields(refused, spec, {{"email", "e"}}).refused_fields.empty());
    const CallOutcome taken{.end = CallEnd::Refused, .problem = {.code = "email_taken"}};
    CHECK(name_refused_fields(taken, spec, {{"name", "A"}}).refused_fields.empty());
    const CallOutcome later{.end = CallEnd::Later, .refused_fields = {"phone"}};
    CHECK(name_refused_fields(later, spec, {{"phone", "1"}}).refused_fields.empty());
}

TEST_CASE("refused fields: a create says so too") {
    ConnectorDesk desk;
    desk.reply(400, wrapped(400, listed_error("INVALID_OPTION", "jobtitle")));
    CHECK(desk.connector->create(kSent, "m").refused_fields == Fields{"jobTitle"});
    desk.reply(400, wrapped(409, kHubSpotConflict));
    const CallOutcome exists = desk.connector->create(kSent, "m");
    CHECK(exists.end == CallEnd::Exists);
    CHECK(exists.refused_fields.empty());
}

}  // namespace
}  // namespace crm::sync
