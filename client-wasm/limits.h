// Every maximum of the browser client, with its unit and its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace crm {

// Rows asked for at a time: one answer parses in under 20 ms.
inline constexpr std::int64_t kListPageRows = 200;
// Pages of contacts held at once; their cursors are all kept.
inline constexpr std::size_t kListPagesKept = 12;
inline constexpr std::size_t kUndoStepsMax = 100;              // that Ctrl+Z goes back
inline constexpr std::size_t kToastsMax = 3;                   // more hide the page
inline constexpr std::size_t kRunsKept = 100;                  // as many as the server lists
inline constexpr std::chrono::milliseconds kSearchPause{200};  // typing is one word by then
// Live changes that are gathered into one listing.
inline constexpr std::chrono::milliseconds kRefreshDelay{300};
inline constexpr std::chrono::milliseconds kFlashLife{1200};     // of a row that changed by itself
inline constexpr std::chrono::milliseconds kGoKeyLife{1500};     // from "g" to the key after it
inline constexpr std::chrono::milliseconds kTickPeriod{60'000};  // "2 min ago" grows older
inline constexpr std::chrono::milliseconds kProbePeriod{2000};   // while the server is out of reach
inline constexpr std::chrono::milliseconds kRunPollPeriod{3000};         // while a run is on
inline constexpr std::chrono::milliseconds kConnectionPollPeriod{3000};  // while one is being made
inline constexpr int kPalettePeople = 6;              // that one search of the palette shows
inline constexpr std::int64_t kReviewPageRows = 200;  // conflicts, and held records, of one answer

// Drawn texts of other scripts; a screen shows fewer.
inline constexpr std::size_t kTextImagesMax = 600;

}  // namespace crm
