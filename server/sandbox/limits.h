// Every maximum of the sandbox, with its unit and its reason. Bytes count UTF-8; characters count
// code points.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace crm {

// The sandbox. Its listing pages are as long as the real connectors' (100).
inline constexpr std::size_t kSandboxThreads = 48;    // an idle keep-alive connection holds one
inline constexpr std::size_t kJsonMembersMax = 1000;  // of one object: looked up one by one
inline constexpr std::size_t kSandboxPageRecords = 100;
inline constexpr std::size_t kSandboxAppRecords = 25;        // of one HTML page
inline constexpr std::size_t kSandboxCustomersMax = 10'000;  // each new one costs 320 records
inline constexpr std::size_t kSandboxCallsKept = 2000;       // in the call log
inline constexpr std::size_t kSandboxFaultsMax = 100;        // waiting at once
inline constexpr std::size_t kSandboxReachMax = 50;          // e-mails or phones of one record
inline constexpr std::size_t kHubSpotBatchMax = 100;         // inputs of one call
inline constexpr std::size_t kSandboxPathSegmentsMax = 9;
inline constexpr std::int64_t kSandboxDailyMax = 1'000'000;  // calls or tokens, as a test may set
// The vendors' own, as they document or show them.
inline constexpr std::size_t kHubSpotPageDefault = 10;
inline constexpr std::size_t kHubSpotPageMax = 100;
inline constexpr std::size_t kHubSpotFilterGroupsMax = 5;
inline constexpr std::size_t kHubSpotFiltersMax = 6;  // of one group
inline constexpr std::size_t kHubSpotAllFiltersMax = 18;
inline constexpr std::int64_t kHubSpotBurstMax = 110;  // calls in ten seconds, of an OAuth app
inline constexpr std::int64_t kHubSpotSecondlyMax = 11;
inline constexpr std::int64_t kHubSpotSearchesMax = 5;  // a second
inline constexpr std::int64_t kHubSpotDailyMax = 250'000;
inline constexpr std::size_t kPipedrivePageMax = 500;
inline constexpr std::size_t kPipedriveIdsMax = 100;         // asked for by name
inline constexpr std::int64_t kPipedriveBurstMax = 80;       // calls in two seconds
inline constexpr std::int64_t kPipedriveSearchesMax = 10;    // likewise
inline constexpr std::int64_t kPipedriveDailyMax = 150'000;  // tokens, of one Premium seat
inline constexpr std::size_t kPracticeValueCharsMax = 120;
inline constexpr std::size_t kWorkspacePageMax = 1000;  // of connections, integrations, actions
inline constexpr std::size_t kHubSpotSearchPageMax = 200;
inline constexpr std::size_t kHubSpotSearchMax = 10'000;  // results of one query, on all its pages
inline constexpr std::size_t kHubSpotSearchCharsMax = 3000;  // of a query's body
inline constexpr std::size_t kSandboxSearchedMax = 200'000;  // records that a search looks at
inline constexpr std::chrono::milliseconds kSandboxSearchLagMax{3'600'000};
inline constexpr std::size_t kHubSpotValueCharsMax = 65'536;
inline constexpr std::size_t kPipedriveValueCharsMax = 255;
inline constexpr std::chrono::milliseconds kSandboxDelayMax{60'000};   // of an injected delay
inline constexpr std::chrono::milliseconds kSandboxAgeMax{3'600'000};  // of what a reading shows
inline constexpr std::chrono::milliseconds kSandboxFaultLastsMax{86'400'000};
inline constexpr std::size_t kSandboxJournalMax = 20'000;  // changes whose past is remembered
inline constexpr std::size_t kSandboxLateWritesMax = 100;  // that wait to take effect
// Webhooks. The vendor's queue of a flow holds 10,000; how often it tries again is not known.
inline constexpr std::size_t kSandboxWebhooksMax = 10'000;  // that wait to be sent
inline constexpr std::chrono::milliseconds kSandboxWebhookDelay{200};
inline constexpr std::chrono::seconds kSandboxWebhookTimeout{2};  // of each part of a call
inline constexpr int kSandboxWebhookAttemptsMax = 3;
inline constexpr std::chrono::milliseconds kSandboxWebhookRetry{1000};  // times attempt squared
inline constexpr std::chrono::seconds kSandboxTokenLife{7200};
inline constexpr std::size_t kSandboxBumpsMax = 10;  // records that one phantom bump moves

}  // namespace crm
