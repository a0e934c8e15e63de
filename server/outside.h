// The workspace and those systems of it that this server syncs with: from the settings, the
// connectors file and what the workspace announces.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/config.h"
#include "server/sandbox/sandbox.h"
#include "server/sync/connectors/connections.h"
#include "server/sync/connectors/integration_app.h"
#include "server/sync/sync_service.h"
#include "shared/result.h"

namespace crm {

/// What to sync with, once it is known where the sandbox listens.
struct Outside {
    sync::Workspace workspace;
    std::vector<sync::ConnectorSpec> connectors;  // empty: nothing is connected
    sync::ConflictPolicies conflicts;
    std::string phone_region;
    std::optional<sync::AnnouncedSettings> announced;
};

/// The file that the settings name, or what is built in.
[[nodiscard]] Result<sync::ConnectorsFile> read_connectors_file(const Config& config);

/// What a workspace on this machine offers is used by the built-in systems; a file says by itself
/// what to use, and only the workspace that is talked to can promise anything. `practice` may be
/// nullptr.
[[nodiscard]] Outside find_outside(const Config& config,
                                   sync::ConnectorsFile connectors,
                                   const sandbox::Sandbox* practice);

[[nodiscard]] sync::SyncSettings sync_settings(const Config& config, const Outside& outside);

}  // namespace crm
