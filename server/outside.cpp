// The sandbox of this process is asked like any other workspace on this machine.
#include "server/outside.h"

#include <utility>

#include "server/limits.h"
#include "server/loopback.h"

namespace crm {
namespace {

sync::Workspace choose_workspace(const Config& config, const sandbox::Sandbox* practice) {
    sync::Workspace workspace{
        std::string(kVendorApiUrl), config.workspace_key, config.workspace_secret};
    if (config.api_url) workspace.api_url = *config.api_url;
    // A proxy on this machine in front of the sandbox is fine; a workspace elsewhere is not the
    // sandbox's.
    const bool is_proxy = config.api_url && is_loopback_url(*config.api_url);
    if (practice != nullptr && !is_proxy) workspace.api_url = practice->url();
    return workspace;
}

std::chrono::milliseconds to_milliseconds(double seconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

}  // namespace

Result<sync::ConnectorsFile> read_connectors_file(const Config& config) {
    if (!config.connectors.empty()) return sync::read_connectors(config.connectors);
    return sync::ConnectorsFile{
        .systems = sync::builtin_connectors(), .conflicts = {}, .phone_region = {}};
}

Outside find_outside(const Config& config,
                     sync::ConnectorsFile connectors,
                     const sandbox::Sandbox* practice) {
    Outside outside;
    if (!config.has_workspace()) return outside;
    outside.connectors = std::move(connectors.systems);
    outside.conflicts = std::move(connectors.conflicts);
    outside.phone_region = std::move(connectors.phone_region);
    outside.workspace = choose_workspace(config, practice);
    if (!is_loopback_url(outside.workspace.api_url)) {
        sync::use_usual_limits(outside.connectors);
        return outside;
    }
    outside.announced = sync::read_announced_settings(outside.workspace.api_url);
    if (outside.announced && config.connectors.empty()) {
        sync::use_offers(outside.connectors, *outside.announced);
    }
    if (!outside.announced && practice != nullptr) {
        outside.announced = sync::read_announced_settings(practice->url());
    }
    return outside;
}

sync::SyncSettings sync_settings(const Config& config, const Outside& outside) {
    const sync::AnnouncedSettings usual = outside.announced.value_or(
        sync::AnnouncedSettings{.settle_seconds = kSyncSettleSecondsDefault,
                                .late_seconds = kSyncLateSecondsDefault,
                                .get_action = {},
                                .marker = {},
                                .burst = {},
                                .has_lists = false});
    sync::SyncSettings settings;
    for (const sync::ConnectorSpec& spec : outside.connectors) {
        settings.systems.push_back(spec.system);
    }
    settings.interval = config.sync_interval;
    settings.settle = config.sync_settle.value_or(to_milliseconds(usual.settle_seconds));
    settings.late = config.sync_late.value_or(to_milliseconds(usual.late_seconds));
    settings.is_first_sync_automatic = config.is_first_sync_automatic;
    settings.delete_limit = config.sync_delete_limit;
    settings.policies = outside.conflicts;
    settings.phone_region = outside.phone_region;
    return settings;
}

}  // namespace crm
