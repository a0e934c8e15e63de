#include "server/sync/connectors/connectors_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "server/limits.h"

namespace crm::sync {
namespace {

ConnectorsFile parse_file(const std::string& text) {
    const auto file = parse_connectors(text, "connectors.json");
    if (!file.is_ok()) FAIL(file.error().message);
    return file.value();
}

std::vector<ConnectorSpec> parse(const std::string& text) {
    return parse_file(text).systems;
}

/// Without the hash, which has a test of its own.
SystemSpec plain(SystemSpec system) {
    system.mapping_hash.clear();
    return system;
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
    CHECK(plain(specs[0].system) ==
          SystemSpec{.key = SystemKey("hubspot"),
                     .label = "HubSpot",
                     .fields = {"name", "email", "phone", "jobTitle", "pronouns"},
                     .is_email_unique = true});
    CHECK(plain(specs[1].system) ==
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
    CHECK(plain(spec.system) == SystemSpec{.key = SystemKey("acme_crm-2"),
                                           .label = "Acme",
                                           .fields = {"name", "email", "phone", "company"},
                                           .is_email_unique = true,
                                           .is_name_required = true,
                                           .directions = {{"phone", Direction::In}}});
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
             {entry(R"("actions":{"get":""})"), "get"},
             {entry(R"("marker":7)"), "marker"},
             {entry(R"("markerRead":"fields.m")"), "markerRead"},
             {entry(R"("marker":"m","markerRead":[])"), "markerRead"},
             {entry(R"("version":"")"), "version"},
             {entry(R"("versionTrusted":true)"), "versionTrusted"},
             {entry(R"("version":"updatedTime","versionTrusted":1)"), "versionTrusted"},
             {entry(R"("otherEmails":[7])"), "otherEmails"},
             {entry(R"("vanished":"delete")"), "vanished"},
             {entry(R"("constants":[])"), "constants"},
             {entry(R"("constants":{"stage":null})"), "constants.stage"},
             {entry(R"("constants":{"email":"e"})"), "constants.email"},
             {entry(R"("marker":"m","constants":{"m":"e"})"), "constants.m"},
             {entry(R"("burst":7)"), "burst"},
             {entry(R"("burst":{"calls":10})"), "burst"},
             {entry(R"("burst":{"calls":0,"seconds":1})"), "burst"},
             {entry(R"("burst":{"calls":1,"seconds":1,"hours":1})"), "hours"},
             {entry(R"("fields":{"name":{"write":["a"]},"email":{}})"), "write"},
             {entry(R"("fields":{"name":{"write":["a","a"]},"email":{}})"), "write"},
             {entry(R"("fields":{"name":{"write":["a",7]},"email":{}})"), "rest"},
             {entry(R"("fields":{"name":{},"email":{"write":["a","b"]}})"), "write"},
             {entry(R"("fields":{"name":{},"email":{"direction":"up"}})"), "direction"},
             {entry(R"("fields":{"name":{},"email":{"direction":"out","write":""}})"), "direction"},
             {entry(R"("fields":{"name":{},"email":{"charsMax":0}})"), "charsMax"},
             {entry(R"("fields":{"name":{},"email":{"charsMax":1.5}})"), "charsMax"},
             {entry(R"("fields":{"name":{"list":"names"},"email":{}})"), "list"},
             {entry(R"("fields":{"name":{},"email":{"list":7}})"), "list"},
             {entry(R"("fields":{"name":{},"email":{"list":"emails"}})"), "list"},
             {entry(R"("fields":[])"), "fields"},
             {entry(R"("fields":{"name":{}})"), "fields"},
             {entry(R"("fields":{"name":{},"email":{},"shoe":{}})"), "fields.shoe"},
             {entry(R"("fields":{"name":{},"email":"e"})"), "fields.email"},
             {entry(R"("fields":{"name":{"from":"x"},"email":{}})"), "from"},
             {entry(R"("fields":{"name":{"write":7},"email":{}})"), "write"},
             {entry(R"("fields":{"name":{"read":[]},"email":{}})"), "read"},
             {entry(R"("fields":{"name":{"read":["a..b"]},"email":{}})"), "read"},
             {entry(R"("fields":{"name":{"read":7},"email":{}})"), "read"},
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

TEST_CASE("connectors file: everything that an entry may say") {
    const ConnectorSpec spec =
        parse(R"({"systems":[{"key":"acme","actions":{"get":"find-contact-by-id"},
                  "fields":{"name":{"write":["firstName","lastName"]},
                            "email":{"charsMax":100,"list":"emails"},
                            "phone":{"direction":"in","charsMax":40000},
                            "jobTitle":{"direction":"out"}},
                  "marker":"crmContactId","markerRead":["fields.custom.m","m"],
                  "version":["updatedTime","fields.rev"],"versionTrusted":true,
                  "otherEmails":"fields.mails[].address",
                  "constants":{"lifecyclestage":"lead","score":3,"vip":false},
                  "burst":{"calls":80,"seconds":2.5},"vanished":"ask"}]})")
            .front();
    CHECK(spec.get_action == "find-contact-by-id");
    CHECK(spec.system.has_get);
    CHECK(spec.mappings[0].write == "firstName");
    CHECK(spec.mappings[0].write_rest == "lastName");
    CHECK(spec.system.chars_max == std::map<std::string, std::size_t>{{"email", 100}});
    CHECK(spec.system.directions ==
          std::map<std::string, Direction>{{"phone", Direction::In}, {"jobTitle", Direction::Out}});
    CHECK(spec.mappings[1].list == "emails");
    CHECK(spec.system.has_marker);
    CHECK(spec.marker_write == "crmContactId");
    CHECK(spec.marker_read == std::vector<std::string>{"fields.custom.m", "m"});
    CHECK(spec.version == std::vector<std::string>{"updatedTime", "fields.rev"});
    CHECK(spec.system.is_version_trusted);
    CHECK(spec.other_emails == std::vector<std::string>{"fields.mails[].address"});
    CHECK(spec.constants == std::map<std::string, std::string>{
                                {"lifecyclestage", R"("lead")"}, {"score", "3"}, {"vip", "false"}});
    CHECK(spec.burst == Burst{.calls = 80, .per = std::chrono::milliseconds(2500)});
    CHECK(spec.system.vanish == VanishPolicy::Ask);
    CHECK(parse(entry(R"("marker":"m")")).front().marker_read ==
          std::vector<std::string>{"fields.m", "m"});
    CHECK(parse(entry(R"("vanished":"detach")")).front().system.vanish == VanishPolicy::Detach);
    CHECK(parse(entry("")).front().system.vanish == VanishPolicy::Restore);
    CHECK_FALSE(parse(entry("")).front().system.has_get);
}

TEST_CASE("connectors file: the country of phones without a country code") {
    const auto with_region = [](const std::string& region) {
        return R"({"systems":[{"key":"hubspot"}],"phoneRegion":)" + region + "}";
    };
    CHECK(parse_file(with_region(R"("GB")")).phone_region == "GB");
    CHECK(parse_file(R"({"systems":[{"key":"hubspot"}]})").phone_region.empty());
    for (const char* region : {R"("gb")", R"("ZZ")", R"("")", "44", "null"}) {
        CAPTURE(region);
        CHECK(problem(with_region(region)).find("\"phoneRegion\" must be a country") !=
              std::string::npos);
    }
}

TEST_CASE("connectors file: who wins a conflict") {
    const auto with = [](const std::string& conflicts) {
        return R"({"systems":[{"key":"hubspot"}],"conflicts":)" + conflicts + "}";
    };
    const ConflictPolicies policies =
        parse_file(with(R"({"phone":"hubspot","name":"newest","email":"ask","*":"app"})"))
            .conflicts;
    CHECK(policies.of("phone") == "hubspot");
    CHECK(policies.of("name") == "newest");
    CHECK(policies.of("email") == "ask");
    CHECK(policies.of("jobTitle") == "app");
    CHECK(parse_file(with("{}")).conflicts.by_field.empty());
    CHECK(problem(with("[]")).find("\"conflicts\"") != std::string::npos);
    CHECK(problem(with(R"({"shoe":"app"})")).find("\"conflicts.shoe\"") != std::string::npos);
    CHECK(problem(with(R"({"phone":"pipedrive"})")).find("\"conflicts.phone\"") !=
          std::string::npos);
    CHECK(problem(with(R"({"*":7})")).find("\"conflicts.*\"") != std::string::npos);
}

TEST_CASE("connectors file: the hash of a mapping changes with what values mean, and only then") {
    const auto hash_of = [](const std::string& members) {
        return parse(entry(members)).front().system.mapping_hash;
    };
    const std::string plain_hash = hash_of("");
    CHECK_FALSE(plain_hash.empty());
    CHECK(hash_of("") == plain_hash);
    for (const char* same : {R"("label":"Acme")",
                             R"("connection":"x")",
                             R"("dailyCalls":7)",
                             R"("burst":{"calls":1,"seconds":1})",
                             R"("vanished":"ask")",
                             R"("emailUnique":true)",
                             R"("otherEmails":"fields.mails[].address")",
                             R"("constants":{"stage":"lead"})",
                             R"("actions":{"get":"g","list":"l"})",
                             R"("style":"flat")"}) {
        CAPTURE(same);
        CHECK(hash_of(same) == plain_hash);
    }
    std::set<std::string> hashes{plain_hash};
    for (const char* other : {R"("style":"fields")",
                              R"("marker":"m")",
                              R"("marker":"m","markerRead":"x")",
                              R"("version":"v","versionTrusted":true)",
                              R"("fields":{"name":{},"email":{}})",
                              R"("fields":{"name":{"write":"n"},"email":{}})",
                              R"("fields":{"name":{"write":["n","l"]},"email":{}})",
                              R"("fields":{"name":{"read":"n"},"email":{}})",
                              R"("fields":{"name":{"direction":"in"},"email":{}})"}) {
        CAPTURE(other);
        CHECK(hashes.insert(hash_of(other)).second);
    }
    CHECK(hash_of(R"("fields":{"name":{"charsMax":9},"email":{}})") ==
          hash_of(R"("fields":{"name":{},"email":{}})"));
}

TEST_CASE("connectors file: the built-in systems use what a workspace offers, and no more") {
    std::vector<ConnectorSpec> specs = builtin_connectors();
    use_offers(specs, {});
    CHECK(specs == builtin_connectors());
    use_offers(specs, {.get_action = "get-contact", .marker = "crmContactId"});
    for (const ConnectorSpec& spec : specs) {
        CHECK(spec.system.has_get);
        CHECK(spec.system.has_marker);
        CHECK(spec.get_action == "get-contact");
        CHECK(spec.marker_read.front() == "fields.crmContactId");
        CHECK(spec.system.mapping_hash != builtin_connectors().front().system.mapping_hash);
    }
}

TEST_CASE("connectors file: lists are used where they are offered together with reading") {
    std::vector<ConnectorSpec> specs = builtin_connectors();
    use_offers(specs, {.has_lists = true});
    CHECK(specs[0].mappings[1].list.empty());
    use_offers(specs, {.get_action = "get-contact", .has_lists = true});
    CHECK(specs[0].mappings[1].list == "emails");
    CHECK(specs[1].mappings[2].list == "phones");
    CHECK(specs[1].mappings[0].list.empty());
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
    CHECK(read_connectors(file).value().systems.size() == 1);
    std::ofstream(file) << std::string(kBodyBytesMax + 1, ' ');
    CHECK_FALSE(read_connectors(file).is_ok());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace crm::sync
