// Every maximum of the sandbox, with its unit and its reason. Bytes count UTF-8; characters count
// code points.
#pragma once

#include <chrono>
#include <cstddef>

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
inline constexpr std::size_t kSandboxBumpsMax = 10;        // records that one phantom bump moves

}  // namespace crm
