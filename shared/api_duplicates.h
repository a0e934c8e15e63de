// Contacts that may be one person, and making them one; the tags of all. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/contact.h"

namespace crm::api {

/// Why two contacts may be one person. `code` travels: DO NOT RENAME.
struct DuplicateReason {
    std::string code;      // "same_email", "same_phone", "similar_name"
    std::string sentence;  // "Same e-mail: ada@x.org"

    bool operator==(const DuplicateReason&) const = default;
};

struct Duplicate {
    std::vector<Contact> contacts;  // two, the older one first; one, of GET /api/duplicates?email=…
    std::vector<DuplicateReason> reasons;  // the strongest first
    int score = 0;                         // 6 for the e-mail, 3 for the phone, 2 for the name

    bool operator==(const Duplicate&) const = default;
};

struct DuplicatePage {
    std::vector<Duplicate> duplicates;
    std::int64_t total = 0;
    std::string cursor;  // empty: this is the last page

    bool operator==(const DuplicatePage&) const = default;
};

/// What a person chose. `fields`: wire name of a text field -> "winner" or "loser", of notes
/// "both", too. Without a choice the winner's value stays, and the loser's fills what is empty.
struct MergeRequest {
    ContactId winner;
    ContactId loser;
    std::map<std::string, std::string> fields;

    bool operator==(const MergeRequest&) const = default;
};

/// What one system will get.
struct MergedSystem {
    std::string system;
    std::string action;  // "update", "hand_over", "create", "none"
    RemoteId record;     // that the merged contact has then; empty: none, or one that is to be made
    RemoteId deleted;    // the loser's record, which goes; empty: none
    std::map<std::string, std::string> values;  // that are sent, by wire name
    std::string sentence;

    bool operator==(const MergedSystem&) const = default;
};

struct Merge {
    std::string id;  // undoes it; empty in a preview
    bool is_preview = false;
    Contact contact;                    // the winner as it will be, or is
    ContactId loser;                    // in the trash then
    std::vector<FieldChange> changes;   // of the winner
    std::vector<MergedSystem> systems;  // in the order of the connectors
    std::optional<TimePoint> undo_until;

    bool operator==(const Merge&) const = default;
};

/// How many contacts have a tag.
struct TagCount {
    std::string tag;
    std::int64_t contacts = 0;

    bool operator==(const TagCount&) const = default;
};

}  // namespace crm::api
