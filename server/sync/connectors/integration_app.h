// One system behind Integration.app's actions (list, create, update, delete, and get where there is
// one), form A: the action runs of one connection, signed with a token of our own. What differs
// between workspaces (action keys, input style, field names) comes from connectors.json.
//
// Lists are repeated with back-off and jitter; a write that may have been applied never is.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/clock.h"
#include "server/limits.h"
#include "server/random.h"
#include "server/sync/connector.h"
#include "server/sync/connectors/token_bucket.h"
#include "server/sync/rules.h"
#include "shared/result.h"

namespace crm::sync {

enum class InputStyle {
    Flat,     // {"id":…,"name":…}: the default
    Wrapped,  // {"id":…,"fields":{"fullName":…}}
};

/// One of our fields in the system's words.
struct FieldMapping {
    std::string field;  // ours: "jobTitle"
    std::string write;  // its key in create and update inputs; empty: not written
    /// Where the words after the first one go; empty: the text is written whole.
    std::string write_rest = {};
    /// The value is one of a list, "fields.<this>", which an update writes as a whole under this
    /// key: so the other entries and all labels stay. Empty: it stands for itself.
    std::string list = {};
    /// Paths in a record; the first one that holds something other than null counts.
    /// "fields.jobTitle", "fields.emails[0].value", "fields.emails[].value" (the entry that is
    /// marked as the primary one, else the first), and "fields.firstName+fields.lastName": both,
    /// with a space between.
    std::vector<std::string> read = {};

    bool operator==(const FieldMapping&) const = default;
};

/// An entry of connectors.json.
struct ConnectorSpec {
    SystemSpec system;
    std::string connection;  // connection id, integration key or integration id
    std::string list_action = "list-contacts";
    std::string create_action = "create-contact";
    std::string update_action = "update-contact";
    std::string delete_action = "delete-contact";
    std::string get_action;  // empty: records cannot be read one by one
    InputStyle style = InputStyle::Flat;
    std::vector<FieldMapping> mappings;
    std::string marker_write;              // key of the marker in create inputs; empty: none
    std::vector<std::string> marker_read;  // paths
    std::vector<std::string> version;      // paths; read only if the versions are trusted
    /// Paths of all the e-mails of a record; "[]" stands for every entry of a list.
    std::vector<std::string> other_emails;
    std::map<std::string, std::string> constants;  // sent with every create: key -> JSON
    std::optional<Burst> burst;                    // none: calls are not slowed down

    bool operator==(const ConnectorSpec&) const = default;
};

/// HubSpot and Pipedrive in the flat dialect, each with all five fields.
[[nodiscard]] std::vector<ConnectorSpec> builtin_connectors();

/// To be called when a spec is complete: fills what `system` derives from the rest.
void seal(ConnectorSpec& spec);

/// What connectors.json says.
struct ConnectorsFile {
    std::vector<ConnectorSpec> systems;
    ConflictPolicies conflicts;
    std::string phone_region;  // of phones without a country code, as in phone_key()
};

/// Reads connectors.json; InvalidArgument names the file, the entry and the member that is wrong.
[[nodiscard]] Result<ConnectorsFile> read_connectors(const std::filesystem::path& file);

struct Workspace {
    std::string api_url;  // "https://api.integration.app"; http:// only to loopback
    std::string key;
    std::string secret;
};

/// A token for one customer, HS512, kTokenLife long.
[[nodiscard]] std::string mint_token(const Workspace& workspace,
                                     const CustomerId& customer,
                                     TimePoint now);

/// Whom a call of the workspace to us is about. It signs with the same secret and names the
/// customer as `sub`; Unauthorized with a sentence otherwise.
[[nodiscard]] Result<CustomerId> read_webhook_token(const Workspace& workspace,
                                                    std::string_view token,
                                                    TimePoint now);

struct ConnectorMemory;

struct ConnectorDoors {
    const Clock& clock;
    Random& random;
    std::function<void(std::chrono::milliseconds)>
        pause;  // waits; tests only note it. May return early on stop
    std::chrono::milliseconds connect_timeout = kConnectTimeout;
    std::chrono::milliseconds call_timeout = kActionTimeout;  // of one request, to its last byte
    std::shared_ptr<ConnectorMemory> memory = nullptr;  // null: this connector has one of its own
};

[[nodiscard]] std::unique_ptr<Connector> make_integration_app_connector(
    const ConnectorSpec& spec,
    const Workspace& workspace,
    const CustomerId& customer,
    const ConnectorDoors& doors);

/// GET /sandbox/settings of a workspace: nullopt when it announces none.
struct AnnouncedSettings {
    double settle_seconds = 0;
    double late_seconds = 0;
    std::string get_action;           // of all its systems; empty: there is none
    std::string marker;               // the field for it in all its systems; empty: there is none
    std::optional<Burst> burst = {};  // what each of its systems takes; none: as much as comes
    bool has_lists = false;           // e-mails and phones may be written as whole lists

    bool operator==(const AnnouncedSettings&) const = default;
};
[[nodiscard]] std::optional<AnnouncedSettings> read_announced_settings(const std::string& api_url);

/// Gives the CRMs that are known the limits of their own documents, where the file says nothing.
void use_usual_limits(std::vector<ConnectorSpec>& specs);

/// Lets the built-in systems use what the workspace offers beyond the four actions.
void use_offers(std::vector<ConnectorSpec>& specs, const AnnouncedSettings& announced);

}  // namespace crm::sync
