// Everything built in has ids that follow from its key, so they are the same after every start.
#include "server/sandbox/catalog.h"

#include <span>
#include <utility>

#include "server/sandbox/derived.h"

namespace crm::sandbox {
namespace {

// DO NOT RENAME the keys: they are what the actions of a real workspace are called.
constexpr ActionSpec kActions[] = {
    {"list-contacts", "List Contacts", "list-data-records", Operation::List},
    {kGetAction, "Get Contact", "find-data-record-by-id", Operation::Find},
    {"create-contact", "Create Contact", "create-data-record", Operation::Create},
    {"update-contact", "Update Contact", "update-data-record", Operation::Update},
    {"delete-contact", "Delete Contact", "delete-data-record", Operation::Remove}};

constexpr ActionSpec kPracticeActions[] = {
    {"get-people", "Get People", "list-data-records", Operation::List},
    {"find-person", "Find Person", "find-data-record-by-id", Operation::Find},
    {"add-person", "Add Person", "create-data-record", Operation::Create},
    {"change-person", "Change Person", "update-data-record", Operation::Update},
    {"drop-person", "Drop Person", "delete-data-record", Operation::Remove}};

std::span<const ActionSpec> actions_in(System system) {
    if (system == System::Practice) return kPracticeActions;
    return kActions;
}

constexpr std::string_view kBirthday =
    "2025-08-15T12:45:36.263Z";  // of everything that is built in

std::string integration_id(System system) {
    return object_id("integration|" + std::string(key_of(system)));
}

std::string connection_id(const CustomerId& customer, System system) {
    return object_id("connection|" + std::string(key_of(system)) + "|" + customer.text);
}

std::string action_id(System system, const ActionSpec& action) {
    return object_id("action|" + std::string(key_of(system)) + "|" + std::string(action.key));
}

}  // namespace

Json integration_json(System system) {
    return Json::object(
        {{"id", integration_id(system)},
         {"name", label_of(system)},
         {"key", key_of(system)},
         {"state", "READY"},
         {"errors", Json::array()},
         {"createdAt", kBirthday},
         {"updatedAt", kBirthday},
         {"isDeactivated", false},
         {"logoUri",
          "https://static.integration.app/connectors/" + std::string(key_of(system)) + "/logo.png"},
         {"connectorId", object_id("connector|" + std::string(key_of(system)))},
         {"hasOperations", true},
         {"hasData", true},
         {"hasUdm", true},
         {"hasEvents", false},
         {"authType", "oauth2"}});
}

Json connection_json(const CustomerId& customer, System system, ConnectionState state) {
    const bool is_connected = state == ConnectionState::Connected;
    Json json = Json::object({{"id", connection_id(customer, system)},
                              {"name", std::string(label_of(system)) + " (sandbox)"},
                              {"key", key_of(system)},
                              {"userId", object_id("customer|" + customer.text)},
                              {"tenantId", object_id("customer|" + customer.text)},
                              {"isTest", true},
                              {"connected", is_connected},
                              {"disconnected", !is_connected},
                              {"isDefunct", !is_connected},
                              {"state", "READY"},
                              {"createdAt", kBirthday},
                              {"updatedAt", kBirthday},
                              {"integrationId", integration_id(system)},
                              {"integration", integration_json(system)}});
    if (state == ConnectionState::Archived) json.set("archivedAt", kBirthday);
    return json;
}

Json action_json(System system, const ActionSpec& action) {
    Json properties = Json::object();
    for (const std::string_view name : {"id",
                                        "name",
                                        "email",
                                        "phone",
                                        "jobTitle",
                                        "pronouns",
                                        "company",
                                        "crmContactId",
                                        "cursor"}) {
        properties.set(name, Json::object({{"type", "string"}}));
    }
    return Json::object(
        {{"id", action_id(system, action)},
         {"key", action.key},
         {"name", action.name},
         {"type", action.type},
         {"state", "READY"},
         {"errors", Json::array()},
         {"createdAt", kBirthday},
         {"updatedAt", kBirthday},
         {"isDeactivated", false},
         {"integrationId", integration_id(system)},
         {"inputSchema",
          Json::object({{"type", "object"}, {"properties", std::move(properties)}})}});
}

std::optional<System> find_integration(std::string_view selector) {
    for (const System system : kSystems) {
        if (selector == key_of(system) || selector == integration_id(system)) return system;
    }
    return std::nullopt;
}

std::optional<System> find_connection(const CustomerId& customer, std::string_view selector) {
    for (const System system : kSystems) {
        if (selector == connection_id(customer, system)) return system;
    }
    return find_integration(selector);
}

const ActionSpec* find_action(System system, std::string_view selector) {
    for (const ActionSpec& action : actions_in(system)) {
        if (selector == action.key || selector == action_id(system, action)) return &action;
    }
    return nullptr;
}

Json::Array actions_of(std::string_view integration) {
    Json::Array actions;
    const auto add = [&](System system) {
        for (const ActionSpec& action : actions_in(system)) {
            actions.push_back(action_json(system, action));
        }
    };
    if (!integration.empty()) {
        if (const std::optional<System> system = find_integration(integration)) add(*system);
        return actions;
    }
    for (const System system : kShownSystems) add(system);
    return actions;
}

}  // namespace crm::sandbox
