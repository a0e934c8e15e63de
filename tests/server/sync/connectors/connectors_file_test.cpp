#include "server/sync/connectors/connectors_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "shared/limits.h"

namespace crm::sync {
namespace {

std::vector<ConnectorSpec> parse(const std::string& text) {
    const auto specs = parse_connectors(text, "connectors.json");
    if (!specs.is_ok()) FAIL(specs.error().message);
    return specs.value();
}

std::string problem(const std::string& text) {
    const auto specs = parse_connectors(text, "connectors.json");
    REQUIRE_FALSE(specs.is_ok());
    CHECK(specs.error().code == ErrorCode::InvalidArgument);
    CHECK(specs.error().message.find("connectors.json") != std::string::npos);
    return specs.error().message;
}

std::string entry(const std::string& members) {
    return R"({"systems":[{"key":"acme")" + (members.empty() ? "" : "," + members) + "}]}";
}

TEST_CASE("connectors file: the built-in systems speak the flat dialect") {
    const std::vector<ConnectorSpec> specs = builtin_connectors();
    REQUIRE(specs.size() == 2);
    CHECK(specs[0].system ==
          SystemSpec{.key = SystemKey("hubspot"),
                     .label = "HubSpot",
                     .fields = {"name", "email", "phone", "jobTitle", "pronouns"},
                     .is_email_unique = true});
    CHECK(specs[1].system ==
          SystemSpec{.key = SystemKey("pipedrive"),
                     .label = "Pipedrive",
                     .fields = {"name", "email", "phone", "jobTitle", "pronouns"},
                     .is_name_required = true});
    for (const ConnectorSpec& spec : specs) {
        CHECK(spec.connection == spec.system.key.text);
        CHECK(spec.style == InputStyle::Flat);
        for (const FieldMapping& mapping : spec.mappings) CHECK(mapping.write == mapping.field);
    }
}

TEST_CASE("connectors file: a known system inherits what is left out") {
    CHECK(parse(R"({"systems":[{"key":"hubspot"},{"key":"pipedrive"}]})") == builtin_connectors());
    CHECK(parse(R"({"systems":[]})").empty());
    const ConnectorSpec spec =
        parse(R"({"systems":[{"key":"hubspot","connection":"689f","label":"HS","dailyCalls":250000,
                  "emailUnique":false,"actions":{"list":"get-contacts"}}]})")
            .front();
    ConnectorSpec expected = builtin_connectors().front();
    expected.system.label = "HS";
    expected.system.daily_calls_max = 250000;
    expected.system.is_email_unique = false;
    expected.connection = "689f";
    expected.list_action = "get-contacts";
    CHECK(spec == expected);
}

TEST_CASE("connectors file: another system is an entry, no code") {
    const ConnectorSpec spec =
        parse(R"({"systems":[{"key":"acme_crm-2","label":"Acme","connection":"acme",
                  "actions":{"list":"l","create":"c","update":"u","delete":"d"},
                  "style":"fields","emailUnique":true,"nameRequired":true,
                  "fields":{"company":{"write":"companyName","read":"fields.companyName"},
                            "email":{},"name":{"read":["fields.a+fields.b","name"]},
                            "phone":{"write":""}}}]})")
            .front();
    CHECK(spec.system == SystemSpec{.key = SystemKey("acme_crm-2"),
                                    .label = "Acme",
                                    .fields = {"name", "email", "phone", "company"},
                                    .is_email_unique = true,
                                    .is_name_required = true});
    CHECK(spec.list_action + spec.create_action + spec.update_action + spec.delete_action ==
          "lcud");
    CHECK(spec.style == InputStyle::Wrapped);
    REQUIRE(spec.mappings.size() == 4);
    CHECK(spec.mappings[0] == FieldMapping{.field = "name",
                                           .write = "fullName",
                                           .read = {"fields.a+fields.b", "name"}});
    CHECK(spec.mappings[1] == default_mappings(InputStyle::Wrapped)[1]);
    CHECK(spec.mappings[2].write.empty());
    CHECK(spec.mappings[3] ==
          FieldMapping{.field = "company", .write = "companyName", .read = {"fields.companyName"}});
    const ConnectorSpec plain = parse(entry("")).front();
    CHECK(plain.system.label == "acme");
    CHECK(plain.connection == "acme");
    CHECK(plain.mappings == default_mappings(InputStyle::Flat));
}

TEST_CASE("connectors file: mistakes are refused by the name of the entry and the member") {
    struct Mistake {
        std::string text;
        std::string member;
    };
    for (const Mistake& mistake : std::vector<Mistake>{
             {entry(R"("colour":1)"), "colour"},
             {entry(R"("label":7)"), "label"},
             {entry(R"("label":"")"), "label"},
             {entry(R"("connection":null)"), "connection"},
             {entry(R"("connection":"a\u0000")"), "connection"},
             {entry(R"("actions":[])"), "actions"},
             {entry(R"("actions":{"merge":"x"})"), "merge"},
             {entry(R"("actions":{"update":7})"), "update"},
             {entry(R"("style":"wrapped")"), "style"},
             {entry(R"("style":1)"), "style"},
             {entry(R"("emailUnique":"yes")"), "emailUnique"},
             {entry(R"("nameRequired":1)"), "nameRequired"},
             {entry(R"("dailyCalls":-1)"), "dailyCalls"},
             {entry(R"("dailyCalls":"1")"), "dailyCalls"},
             {entry(R"("fields":[])"), "fields"},
             {entry(R"("fields":{"name":{}})"), "fields"},
             {entry(R"("fields":{"name":{},"email":{},"shoe":{}})"), "fields.shoe"},
             {entry(R"("fields":{"name":{},"email":"e"})"), "fields.email"},
             {entry(R"("fields":{"name":{"from":"x"},"email":{}})"), "from"},
             {entry(R"("fields":{"name":{"write":7},"email":{}})"), "write"},
             {entry(R"("fields":{"name":{"read":[]},"email":{}})"), "fields.name.read"},
             {entry(R"("fields":{"name":{"read":["a..b"]},"email":{}})"), "fields.name.read"},
             {entry(R"("fields":{"name":{"read":7},"email":{}})"), "fields.name.read"},
             {entry(R"("fields":{"name":{},"email":{},"company":{"write":"c"}})"),
              "fields.company"},
         }) {
        const std::string message = problem(mistake.text);
        CAPTURE(mistake.text);
        CAPTURE(message);
        CHECK(message.find("systems[0] (acme)") != std::string::npos);
        CHECK(message.find("\"" + mistake.member + "\"") != std::string::npos);
    }
}

TEST_CASE("connectors file: keys") {
    for (const char* key :
         {"", "Acme", "a b", "a.b", "local", "app", "ü", "abcdefghijklmnopqrstuvwxyz0123456"}) {
        CAPTURE(key);
        CHECK(problem(std::string(R"({"systems":[{"key":")") + key + "\"}]}").find("\"key\"") !=
              std::string::npos);
    }
    CHECK(problem(R"({"systems":[{}]})").find("\"key\"") != std::string::npos);
    CHECK(problem(R"({"systems":[{"key":"a"},{"key":"b"},{"key":"a"}]})").find("systems[2] (a)") !=
          std::string::npos);
}

TEST_CASE("connectors file: what is no such file") {
    for (const char* text : {"",
                             "{",
                             "[]",
                             "7",
                             "{}",
                             R"({"systems":{}})",
                             R"({"systems":[7]})",
                             R"({"system":[]})",
                             "{\"systems\":[{\"key\":\"\xFF\"}]}"}) {
        CAPTURE(text);
        CHECK_FALSE(problem(text).empty());
    }
    CHECK_FALSE(problem(R"({"systems":)" + std::string(100'000, '[')).empty());
}

TEST_CASE("connectors file: read from disk") {
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("connectors-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const std::filesystem::path file = folder / "systems.json";
    CHECK(read_connectors(file).error().message.find("systems.json") != std::string::npos);
    CHECK_FALSE(read_connectors(folder).is_ok());
    std::ofstream(file) << R"({"systems":[{"key":"hubspot"}]})";
    CHECK(read_connectors(file).value().size() == 1);
    std::ofstream(file) << std::string(kBodyBytesMax + 1, ' ');
    CHECK_FALSE(read_connectors(file).is_ok());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace crm::sync
