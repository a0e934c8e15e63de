// Every maximum of the server, with its unit and its reason. Bytes count UTF-8; characters count
// code points.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace crm {

// Requests to our own API.
inline constexpr std::size_t kBodyBytesMax = 1024 * 1024;
inline constexpr std::size_t kSearchCharsMax = 200;
// A search that finds more by the index reads the contacts in their order instead.
inline constexpr std::int64_t kSearchCandidatesMax = 20'000;
inline constexpr std::size_t kSearchTermsMax = 200;  // words like one that nobody has
inline constexpr int kReaderPageRows = 500;          // of one part of an export
// Longer than this a file must not take to fetch: the database grows while somebody reads it.
inline constexpr std::chrono::minutes kExportMax{10};
// Files that are read in. 100,000 contacts of an Outlook export have about 30 MB.
inline constexpr std::size_t kImportBytesMax = 64U * 1024 * 1024;
inline constexpr std::size_t kImportRowsMax = 200'000;
inline constexpr std::size_t kImportColumnsMax = 1000;          // Outlook writes 92, HubSpot 250
inline constexpr std::size_t kImportCellBytesMax = 128 * 1024;  // 20,000 characters and more
inline constexpr std::size_t kVcardLineBytesMax = 256 * 1024;   // unfolded; photos are cut off
inline constexpr std::size_t kVcardLinesMax = 2000;             // of one card
inline constexpr std::size_t kImportBatchRows = 500;  // of one transaction: other writers wait
inline constexpr std::size_t kPurgeBatchRows = 200;
inline constexpr std::size_t kDuplicateGroupMax = 10;  // larger groups pair with their first only
inline constexpr int kDuplicateCandidatesMax = 50;     // looked at while somebody types
inline constexpr std::chrono::hours kMergeUndoMax{30 * 24};
// Live listeners hear of so many contacts one by one; of more they hear that all may be different.
inline constexpr std::size_t kImportAnnouncedMax = 200;
inline constexpr int kImportsAtOnce = 2;  // each holds its file in memory

// Idempotency-Key: as long as a client may try again. A UUID has 36 bytes.
inline constexpr std::chrono::hours kIdempotencyLife{24};
inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;

// What a server holds at once.

// Each live event stream, idle keep-alive and slow client holds one; they come and go as needed.
inline constexpr std::size_t kHttpThreads = 32;
inline constexpr std::size_t kHttpThreadsMax = 1536;
inline constexpr std::size_t kEventStreamsMax = 1000;
inline constexpr std::size_t kEventsKept = 2000;  // how far back Last-Event-ID can resume
inline constexpr std::chrono::seconds kRequestReadTimeout{10};
// Line and headers of a request together, however the bytes trickle in.
inline constexpr std::chrono::seconds kHeadReadTimeout{10};
// Of a body: at least so much in each kRequestReadTimeout, so that 64 MiB may take long and a
// trickle may not.
inline constexpr std::size_t kBodyBytesPerTimeoutMin = 16 * 1024;
// From one address, but this machine's own: there is the proxy.
inline constexpr std::size_t kConnectionsPerAddressMax = 256;
// POST /api/sync?wait=true answers at the latest then.
inline constexpr std::chrono::seconds kSyncWaitMax{300};

// Talking to Integration.app. Its own cut-off is 60 s for a request and 50 s for an action.
inline constexpr std::chrono::milliseconds kActionTimeout{65'000};
inline constexpr std::chrono::milliseconds kConnectTimeout{10'000};
inline constexpr std::chrono::seconds kConnectionCallTimeout{10};  // a person waits for it
// The vendor's response limit is 30 MB.
inline constexpr std::size_t kResponseBytesMax = 32U * 1024 * 1024;
inline constexpr int kListPagesMax = 20'000;
inline constexpr std::size_t kListRecordsMax = 1'000'000;
inline constexpr int kListAttemptsMax = 4;  // per page
inline constexpr std::chrono::milliseconds kRetryDelayFirst{250};
inline constexpr std::chrono::milliseconds kRetryDelayMax{30'000};
// What a run waits at most for one system.
inline constexpr std::chrono::milliseconds kRunWaitMax{5'000};
inline constexpr std::chrono::seconds kTokenLife{7200};
inline constexpr std::chrono::seconds kTokenRenewBefore{60};
// Ours have 250 bytes; a longer one is no token.
inline constexpr std::size_t kTokenBytesMax = 16 * 1024;
// The longest wait that a system asks for and gets.
inline constexpr std::chrono::hours kRetryAfterMax{24};
inline constexpr std::size_t kDetailsCharsMax = 500;  // of a system's own words in a problem

// The sync engine.

// Complete listings without a record before it counts as gone.
inline constexpr int kAbsencesNeeded = 3;
// Complete listings after the deadline before a create counts as lost.
inline constexpr int kUnknownCreateListings = 2;
// How often one run lists again for what becomes decidable soon.
inline constexpr int kPassesMax = 4;
// A record restored over there is deleted again so often, then held.
inline constexpr int kRedeletesMax = 2;
// Values that a field had before its present one: enough to know an old reading or a turning back.
inline constexpr std::size_t kSupersededKept = 8;
// A field that turned back so often within so many listings is left alone until a person decides.
inline constexpr std::size_t kFlipsMax = 3;
inline constexpr std::int64_t kFlipCycles = 5;
inline constexpr std::size_t kLeftValuesKept = 8;
// So is one in which our own writes were turned back so often within this time, however slowly.
inline constexpr std::size_t kTurnBacksMax = 3;
inline constexpr std::chrono::hours kTurnBacksLife{24};
inline constexpr int kAttemptsMax = 10;  // of one refused write, before it waits for a person
// A longer value of a CRM holds the record.
inline constexpr std::size_t kRemoteValueBytesMax = 256 * 1024;
inline constexpr std::size_t kRunProblemsMax = 500;       // listed per run; the count goes on
inline constexpr std::size_t kRecordValueCharsMax = 300;  // of one value shown in such a record
inline constexpr std::size_t kRunsStored = 500;           // per customer, in the log
inline constexpr int kRunsListed = 100;                   // in one answer
inline constexpr std::chrono::milliseconds kRunReportEvery{200};  // progress events of one run
// A day's calls to one system, in percent; what is left of 100 finds out what became of calls that
// got no answer.
inline constexpr int kBackgroundBudgetPercent = 70;
inline constexpr int kPersonBudgetPercent = 20;
// Counted and not yet written down, in percent of a day's calls.
inline constexpr int kUnsavedCallsPercent = 1;
// The configured interval holds so long after a change; then it doubles from run to run.
inline constexpr std::chrono::minutes kBusyAfterChange{10};
inline constexpr std::chrono::milliseconds kIdleIntervalMin{60'000};
inline constexpr std::chrono::milliseconds kIdleIntervalMax{300'000};
// A broken connection is tried every so many intervals.
inline constexpr int kProbeIntervals = 10;
inline constexpr std::chrono::milliseconds kProbeIntervalMax{300'000};
inline constexpr int kSyncDeleteLimitDefault = 50;
inline constexpr int kBrakeCreationsMin = 50;        // creations at once that nobody is asked about
inline constexpr std::int64_t kBrakeAbsentMin = 5;   // likewise missing records
inline constexpr std::size_t kBrakeRecordsMin = 20;  // fewer prove nothing by their percentage
inline constexpr int kSyncIntervalSecondsDefault = 30;
inline constexpr double kSyncSettleSecondsDefault = 60;
inline constexpr double kSyncLateSecondsDefault = 60;
// Δ and Λ as measured: no longer than this, half of the surplus gone after so long without proof,
// and no smaller surplus than this.
inline constexpr std::chrono::hours kMeasuredWindowMax{1};
inline constexpr std::chrono::hours kMeasuredWindowHalves{24};
inline constexpr std::chrono::milliseconds kMeasuredWindowLeast{1'000};
inline constexpr double kSyncSecondsMax = 86'400;
inline constexpr std::chrono::seconds kChangeWakeDelay{2};  // a quick Undo costs no API call
// After a webhook a run begins no sooner after the last one than this, or the interval if shorter.
inline constexpr std::chrono::milliseconds kHintGapLeast{5'000};
inline constexpr std::size_t kSyncWorkers = 4;  // customers synced at the same time
// Of these, what the timer may use: a person's Sync Now never waits for background work alone.
inline constexpr std::size_t kBackgroundWorkers = kSyncWorkers - 1;
inline constexpr std::size_t kRunsWaitingMax = 16;  // per customer: one real run, and previews

// Looking after the data.

inline constexpr int kBackupHoursDefault = 24;
inline constexpr int kBackupHoursMax = 24 * 366;
inline constexpr int kBackupsKeptDefault = 7;
inline constexpr int kBackupsKeptMax = 10'000;
inline constexpr std::chrono::minutes kBackupLookEvery{1};    // so a clock that is set is noticed
inline constexpr std::chrono::minutes kBackupRetryAfter{10};  // after one that failed
// With less room /api/ready says so: an import and the log of the database need some.
inline constexpr std::uint64_t kDiskFreeBytesMin = 16U * 1024 * 1024;
inline constexpr std::chrono::seconds kStatisticsLife{15};  // counting a million takes a moment

// Who asks too much, except in dev mode. What is saved up may be asked at once.
inline constexpr double kTokenRequestsPerSecond = 50;
inline constexpr double kTokenRequestsSaved = 500;
inline constexpr double kAddressRequestsPerSecond = 100;
inline constexpr double kAddressRequestsSaved = 1000;
inline constexpr std::size_t kRateKeysMax = 100'000;  // remembered at once

// How the HTTP server holds itself together.
inline constexpr std::size_t kHttpQueueMax = 1024;  // connections that wait for a thread
inline constexpr std::size_t kPathBytesMax = 2048;  // of a URL, without its query
// An idle connection gives its thread back then.
inline constexpr std::chrono::seconds kKeepAliveIdle{5};
// Bounds how long a vanished listener counts.
inline constexpr std::chrono::seconds kEventHeartbeat{15};
// Per customer, besides kEventsKept.
inline constexpr std::size_t kEventBytesKept = 4U * 1024 * 1024;
// The browser client, held in memory.
inline constexpr std::size_t kWebBytesMax = 64U * 1024 * 1024;
// Under PIPE_BUF: lines of two threads never mix.
inline constexpr std::size_t kLogLineBytesMax = 2048;
inline constexpr std::chrono::seconds kStopMax{8};  // after SIGTERM; the promise is 10 s

// People who sign in.

// One check of a password: what RFC 9106 recommends where memory is scarce. About 0.1 s.
inline constexpr std::uint32_t kPasswordMemoryKib = 64 * 1024;
inline constexpr std::uint32_t kPasswordPasses = 3;
inline constexpr std::uint32_t kPasswordLanes = 1;
// Checked at once, each in that memory; so many more wait, the others are sent away.
inline constexpr int kPasswordsAtOnce = 4;
inline constexpr int kPasswordsWaitingMax = 16;
inline constexpr std::size_t kPasswordCharsMin = 12;
inline constexpr std::size_t kPasswordKindsMin = 5;  // different characters in it
inline constexpr std::size_t kUserNameCharsMax = 100;
inline constexpr std::size_t kUsersMax = 10'000;  // of one customer
inline constexpr std::size_t kSecretBytes = 32;   // of a session, a token, a set-up link: 256 bits
inline constexpr std::chrono::hours kSessionIdleMax{12};
inline constexpr std::chrono::hours kSessionLifeMax{7 * 24};
inline constexpr std::chrono::seconds kSeenEvery{60};  // a use is written down so often
inline constexpr std::size_t kSessionsMax = 50;        // of one user; the oldest give way
inline constexpr std::size_t kApiTokensMax = 100;      // of one user, revoked ones left out
inline constexpr std::size_t kApiTokenNameCharsMax = 100;
inline constexpr std::chrono::minutes kSetupLinkLife{60};
// Wrong passwords before each further one must wait; the wait doubles from a second on.
inline constexpr int kFailuresFreeAddress = 20;
inline constexpr int kFailuresFreeUser = 20;  // from addresses that never signed in as this user
inline constexpr int kFailuresFreePair = 5;   // of one user at one address
inline constexpr std::chrono::seconds kFailureWaitMax{300};
// An attack from many places can slow a user down on a new machine, by no more than this.
inline constexpr std::chrono::seconds kFailureWaitUserMax{60};
inline constexpr std::chrono::minutes kFailureMemory{60};  // without a new one all is forgotten
inline constexpr std::size_t kFailureKeysMax = 100'000;
inline constexpr std::chrono::hours kKnownAddressLife{90 * 24};
inline constexpr std::int64_t kAuditFailuresKept = 10'000;  // failed sign-ins; the rest stays

}  // namespace crm
