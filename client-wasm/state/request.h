// What the client may ask the server for, without a word of HTTP: api/ turns these into requests.
// Plain data, so that a failed one can be kept and sent again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "shared/api_bulk.h"
#include "shared/api_review.h"
#include "shared/contact.h"
#include "shared/contact_query.h"
#include "shared/ids.h"

namespace crm::client {

using RequestId = std::uint64_t;  // grows; 0: none

enum class ListKind { Live, Trash };

struct FetchContacts {
    ListKind list = ListKind::Live;
    ContactQuery query;

    bool operator==(const FetchContacts&) const = default;
};

struct FetchContact {
    ContactId id;

    bool operator==(const FetchContact&) const = default;
};

/// How the contact stands in each system, and why.
struct FetchContactSync {
    ContactId id;

    bool operator==(const FetchContactSync&) const = default;
};

struct FetchHistory {
    ContactId id;

    bool operator==(const FetchHistory&) const = default;
};

struct CreateContact {
    ContactPatch patch;

    bool operator==(const CreateContact&) const = default;
};

struct PatchContact {
    ContactId id;
    ContactPatch patch;
    std::int64_t version = 0;  // the version that the person saw

    bool operator==(const PatchContact&) const = default;
};

struct DeleteContact {
    ContactId id;

    bool operator==(const DeleteContact&) const = default;
};

struct RestoreContact {
    ContactId id;

    bool operator==(const RestoreContact&) const = default;
};

struct FetchSelf {
    bool operator==(const FetchSelf&) const = default;
};

struct FetchSync {
    bool operator==(const FetchSync&) const = default;
};

struct StartSync {
    bool is_preview = false;  // only says what it would do
    std::string system;       // only this one; empty: all
    ContactId contact;        // only this one is written; unset: all

    bool operator==(const StartSync&) const = default;
};

struct FetchRuns {
    bool operator==(const FetchRuns&) const = default;
};

struct FetchRun {
    RunId id;

    bool operator==(const FetchRun&) const = default;
};

enum class RunDecision { Approve, Discard, Cancel };

struct DecideRun {
    RunId id;
    RunDecision decision = RunDecision::Discard;

    bool operator==(const DecideRun&) const = default;
};

/// Stops or resumes the exchange with one system.
struct PauseSystem {
    std::string system;  // empty: all
    bool is_paused = true;

    bool operator==(const PauseSystem&) const = default;
};

enum class ConflictList { Open, Past };

struct FetchConflicts {
    ConflictList list = ConflictList::Open;
    std::string cursor;  // empty: from the newest

    bool operator==(const FetchConflicts&) const = default;
};

struct ResolveConflict {
    std::string id;
    api::Resolution resolution;

    bool operator==(const ResolveConflict&) const = default;
};

struct FetchHolds {
    std::string cursor;

    bool operator==(const FetchHolds&) const = default;
};

/// Link: the record is this contact's. Refuse: it is not the suggested one's. Import: although
/// its e-mail was deleted here.
enum class HoldDecision { Link, Refuse, Import };

struct DecideHold {
    std::string system;
    std::string record_id;
    HoldDecision decision = HoldDecision::Refuse;
    ContactId contact;  // of Link

    bool operator==(const DecideHold&) const = default;
};

struct FetchConnections {
    bool operator==(const FetchConnections&) const = default;
};

/// Where a person lets us into the system.
struct ConnectSystem {
    std::string system;

    bool operator==(const ConnectSystem&) const = default;
};

struct DisconnectSystem {
    std::string system;

    bool operator==(const DisconnectSystem&) const = default;
};

/// The first few contacts that match, beside whatever list is shown.
struct FindPeople {
    std::string text;

    bool operator==(const FindPeople&) const = default;
};

/// One action on many contacts.
struct ChangeMany {
    api::BulkRequest change;

    bool operator==(const ChangeMany&) const = default;
};

/// Takes back what history knows under this id: one change, or all that belong together.
struct UndoChange {
    std::string id;
    bool is_preview = false;  // only tells

    bool operator==(const UndoChange&) const = default;
};

/// The file that the person chose; the browser holds it.
struct ImportFile {
    std::string file_name;
    std::string format;                          // "csv", "vcf"
    std::string key = "email";                   // "email", "phone", "none"
    std::map<std::string, std::string> mapping;  // "#3" -> field, "" to leave it out
    bool is_dry_run = true;

    bool operator==(const ImportFile&) const = default;
};

using Request = std::variant<FetchContacts,
                             FetchContact,
                             FetchHistory,
                             CreateContact,
                             PatchContact,
                             DeleteContact,
                             RestoreContact,
                             FetchSelf,
                             FetchSync,
                             StartSync,
                             FetchRuns,
                             FetchRun,
                             DecideRun,
                             PauseSystem,
                             FetchContactSync,
                             FetchConflicts,
                             ResolveConflict,
                             FetchHolds,
                             DecideHold,
                             FetchConnections,
                             ConnectSystem,
                             DisconnectSystem,
                             FindPeople,
                             ChangeMany,
                             UndoChange,
                             ImportFile>;

}  // namespace crm::client
