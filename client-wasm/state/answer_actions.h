// What the server answered, as actions. Plain data.
#pragma once

#include <vector>

#include "client-wasm/state/request.h"
#include "shared/api.h"
#include "shared/api_json.h"
#include "shared/contact.h"

namespace crm::client {

struct ContactsLoaded {
    RequestId request = 0;
    api::ContactPage page;
};
enum class SaveOutcome { Created, Updated, Deleted, Restored, Fetched };
struct ContactAnswered {
    RequestId request = 0;
    Contact contact;
    SaveOutcome outcome = SaveOutcome::Fetched;
};
struct HistoryLoaded {
    RequestId request = 0;
    std::vector<api::HistoryEntry> entries;
};
struct SelfLoaded {
    RequestId request = 0;
    api::Self self;
};
struct SyncLoaded {
    RequestId request = 0;
    api::SyncStatus status;
};
struct RunAnswered {  // to StartSync, FetchRun, DecideRun
    RequestId request = 0;
    api::Run run;
};
struct RunsLoaded {
    RequestId request = 0;
    std::vector<api::Run> runs;
};
enum class Failure { NoConnection, Refused, Unreadable };
struct RequestFailed {
    RequestId request = 0;
    Failure failure = Failure::Refused;
    api::ErrorAnswer answer;  // a sentence for a person is always there
};

}  // namespace crm::client
