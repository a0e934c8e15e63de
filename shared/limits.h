// Every maximum that the client and the server share, with its unit and its reason. Bytes count
// UTF-8; characters count code points.
#pragma once

#include <cstddef>

namespace crm {

// Contact fields, in characters. 254 is the longest address that RFC 5321 lets through.
inline constexpr std::size_t kNameCharsMax = 200;
inline constexpr std::size_t kEmailCharsMax = 254;
inline constexpr std::size_t kPhoneCharsMax = 64;
inline constexpr std::size_t kJobTitleCharsMax = 200;
inline constexpr std::size_t kPronounsCharsMax = 64;
inline constexpr std::size_t kCompanyCharsMax = 200;
inline constexpr std::size_t kNotesCharsMax = 20'000;
inline constexpr std::size_t kTagCharsMax = 64;
inline constexpr std::size_t kTagsMax = 50;
inline constexpr std::size_t kLabelCharsMax = 32;
inline constexpr std::size_t kExtraValuesMax = 20;  // further e-mails, and as many further phones

// Requests to our own API.
inline constexpr std::size_t kUrlBytesMax = 8 * 1024;
// The dump() of our JSON library recurses: 100,000 levels end the process.
inline constexpr std::size_t kJsonDepthMax = 64;
inline constexpr int kPageSizeMax = 1000;
inline constexpr int kPageSizeDefault = 100;
inline constexpr std::size_t kSortKeysMax = 4;
// Of a list's filter: SQLite's expressions and our own walk stay small.
inline constexpr std::size_t kFilterCharsMax = 2000;
inline constexpr std::size_t kFilterConditionsMax = 32;
inline constexpr std::size_t kFilterDepthMax = 8;
inline constexpr std::size_t kUndoContactsShown = 200;  // listed per undo; the counts go on
inline constexpr std::size_t kBulkIdsMax = 10'000;      // named one by one in one request
inline constexpr std::size_t kBulkResultsShown = 1000;  // told one by one; the counts go on
inline constexpr int kPurgeDaysMax = 36'500;
inline constexpr std::size_t kImportSamplesMax =
    20;  // of new contacts, and as many of changed ones
inline constexpr std::size_t kImportProblemsListed = 100;
inline constexpr std::size_t kImportProblemBytesMax = 4U * 1024 * 1024;
inline constexpr std::size_t kAuthIdCharsMax = 128;
inline constexpr std::size_t kIdCharsMax = 128;

// The sync engine.
inline constexpr std::size_t kRunRecordsMax = 200;  // listed per run; the count goes on
inline constexpr std::size_t kPreviewRecordsMax = 10'000;

// People who sign in.
inline constexpr std::size_t kPasswordBytesMax = 1024;
inline constexpr int kApiTokenDaysMax = 3650;

// What one refused request lists at most: a body can hold a hundred thousand unknown fields.
inline constexpr std::size_t kFieldProblemsMax = 50;
// Of a caller's own word, repeated in a message.
inline constexpr std::size_t kShownNameCharsMax = 64;

}  // namespace crm
