// connectors.json as text: see read_connectors.
#pragma once

#include <string>
#include <vector>

#include "server/sync/connectors/file_place.h"
#include "server/sync/connectors/integration_app.h"

namespace crm::sync {

/// `name` is the file's, for messages.
[[nodiscard]] Result<ConnectorsFile> parse_connectors(const std::string& json,
                                                      const std::string& name);

/// `json` is one entry of "systems".
[[nodiscard]] Result<ConnectorSpec> parse_connector(const std::string& json, const Place& place);

/// A spec of which only the key is known.
[[nodiscard]] ConnectorSpec plain_connector(const std::string& key);

/// Where a marker that is written under this key is found.
[[nodiscard]] std::vector<std::string> default_marker_paths(const std::string& key);

/// How the five fields are called in each style; what an entry leaves out comes from here.
[[nodiscard]] std::vector<FieldMapping> default_mappings(InputStyle style);

}  // namespace crm::sync
