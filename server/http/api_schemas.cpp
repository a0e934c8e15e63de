// One line per shape; the words of enums are those of shared/api*.h.
#include "server/http/api_schemas.h"

#include <array>

namespace crm::http {
namespace {

constexpr std::array kSchemas{
    // Errors.
    ApiSchema{"Error", "error ErrorBody"},
    ApiSchema{"ErrorBody",
              "code text, message text, fields {text}, requestId text, changedFields? [text], "
              "base? {text}, yours? {text}, current? any, version? int, contact? Contact"},

    // The server and the caller.
    ApiSchema{"Health", "status text, version text, schema int"},
    ApiSchema{"Ready", "status ready|not_ready, checks {text}"},
    ApiSchema{"Self", "customerId text, customerName text, user text, role viewer|editor|admin"},
    ApiSchema{"IntegrationToken", "token text"},
    ApiSchema{"Message", "message text"},

    // Contacts. Contact and ContactInput share the members of ContactValues.
    ApiSchema{"LabeledValue", "value text, label? text, primary? truth"},
    ApiSchema{"Link",
              "id text?, url text, state synced|pending|conflict|error|not_linked, reason text, "
              "syncedAt time?"},
    ApiSchema{"ContactAnswer", "contact Contact"},
    ApiSchema{"ContactPage", "contacts [Contact], total int, cursor? text"},
    ApiSchema{"Change", "field text, from text, to text"},
    ApiSchema{"HistoryEntry",
              "id text, at time, kind text, actor text, system text, runId text?, note text, "
              "changes [Change]"},
    ApiSchema{"History", "history [HistoryEntry]"},
    ApiSchema{"BulkRequest",
              "action update|delete|restore|tag, ids? [text], query? {text}, without? [text], "
              "fields? ContactInput, add? [text], remove? [text]"},
    ApiSchema{"BulkResult",
              "contactId text, title text, outcome changed|unchanged|refused, reason text"},
    ApiSchema{"BulkReport",
              "id text?, action update|delete|restore|tag, matched int, changed int, "
              "unchanged int, refused int, results [BulkResult]"},
    ApiSchema{"BulkAnswer", "bulk BulkReport"},
    ApiSchema{"TagCount", "tag text, contacts int"},
    ApiSchema{"Tags", "tags [TagCount]"},
    ApiSchema{"DuplicateReason", "code same_email|same_phone|similar_name, sentence text"},
    ApiSchema{"Duplicate", "contacts [Contact], reasons [DuplicateReason], score int"},
    ApiSchema{"DuplicatePage", "duplicates [Duplicate], total int, cursor? text"},
    ApiSchema{"SeparateRequest", "ids [text]"},
    ApiSchema{"Separate", "separate truth"},
    ApiSchema{"MergeRequest", "winner text, loser text, fields? {text}"},
    ApiSchema{"MergedSystem",
              "system text, action update|hand_over|create|none, record text?, deleted text?, "
              "values {text}, sentence text"},
    ApiSchema{"Merge",
              "id text?, preview truth, contact Contact, loser text, changes [Change], "
              "systems [MergedSystem], undoUntil time?"},
    ApiSchema{"MergeAnswer", "merge Merge"},
    ApiSchema{"PurgeRequest", "olderThanDays int"},
    ApiSchema{"Purged", "purged int, waiting int"},
    ApiSchema{"KeptChange", "field text?, reason text"},
    ApiSchema{"UndoneContact",
              "contactId text, title text, kind text, undone [Change], kept [KeptChange], "
              "records? [text]"},
    ApiSchema{"Undo", "id text?, preview truth, undone int, kept int, contacts [UndoneContact]"},
    ApiSchema{"UndoAnswer", "undo Undo"},

    // Sync.
    ApiSchema{"RunProblem",
              "contactId text?, system text, code text, message text, action text, "
              "nextTryAt time?, recordId text?"},
    ApiSchema{"RunRecord",
              "contactId text?, title text, system text, kind create|update|delete|link, "
              "recordId text?, outcome planned|held|done|skipped|unknown|refused|later, "
              "reason text, changes [Change]"},
    ApiSchema{"Progress", "done int, total int"},
    ApiSchema{"Run",
              "id text, state queued|running|done|done_with_problems|held|superseded|failed|"
              "cancelled, startedAt time?, endedAt time?, reason text, writes {int}, pending int, "
              "problems [RunProblem], progress Progress, trigger text, calls {int}, preview truth, "
              "system text?, contactId text?, recordsTotal int, callsNeeded {int}, "
              "records? [RunRecord]"},
    ApiSchema{"RunAnswer", "run Run"},
    ApiSchema{"Runs", "runs [Run]"},
    ApiSchema{"SystemStatus",
              "key text, label text, state connected|reconnect|paused|rate_limited|held, "
              "reason text, inSync int, excluded int, failing int, pending int, lastRunAt time?, "
              "nextTryAt time?"},
    ApiSchema{"SyncStatus", "running truth, run Run?, nextRunAt time?, systems [SystemStatus]"},
    ApiSchema{"FieldSync",
              "field text, ours text, sent text?, received text?, agreed text?, decidedAt time?, "
              "parked text?, frozen truth, direction both|in|out"},
    ApiSchema{"OpenCall", "kind create|update|delete, sentAt time, deadline time?"},
    ApiSchema{"SystemSync",
              "system text, label text, state text, reason text, recordId text?, url text?, "
              "linkedAt time?, syncedAt time?, fields [FieldSync], openCall OpenCall?, "
              "nextTryAt time?"},
    ApiSchema{"ContactSync", "systems [SystemSync]"},
    ApiSchema{"Suggestion", "contactId text, contact text, reason text, refused truth"},
    ApiSchema{"HeldRecord",
              "system text, recordId text, title text, reason text, message text, action text, "
              "since time, values {text}, contactId text?, contact text?, "
              "suggestion Suggestion?"},
    ApiSchema{"HoldPage", "holds [HeldRecord], total int, cursor? text"},
    ApiSchema{"HoldAnswer", "hold HeldRecord"},
    ApiSchema{"LinkTarget", "contactId text"},

    // Conflicts.
    ApiSchema{"ConflictSide", "side text, value text"},
    ApiSchema{"Conflict",
              "id text, contactId text, contact text, field text, kind text, policy text, "
              "state open|auto|resolved, base text, sides [ConflictSide], winner text, "
              "runId text?, at time, resolution text, resolvedBy text?, resolvedAt time?"},
    ApiSchema{"ConflictPage", "conflicts [Conflict], total int, cursor? text"},
    ApiSchema{"ConflictAnswer", "conflict Conflict"},
    ApiSchema{"Resolution", "value? text, side? text, force? truth"},

    // Connections.
    ApiSchema{"Connection",
              "system text, label text, state connected|reconnect|not_connected|unknown, "
              "reason text, disconnecting text"},
    ApiSchema{"Connections", "connections [Connection]"},
    ApiSchema{"ConnectionAnswer", "connection Connection"},
    ApiSchema{"ConnectUrl", "url text"},

    // Files.
    ApiSchema{"ImportColumn", "header text, field text, label text"},
    ApiSchema{"ImportSample",
              "row int, action create|update, contactId text?, title text, changes [Change]"},
    ApiSchema{"ImportProblem", "row int, title text, reason text"},
    ApiSchema{"ImportReport",
              "id text?, dryRun truth, format csv|vcf, encoding text, separator text, "
              "key email|phone|none, rows int, created int, updated int, unchanged int, "
              "refused int, columns [ImportColumn], samples [ImportSample], "
              "problems [ImportProblem], problemsCsv text, problemsCsvCut truth"},
    ApiSchema{"ImportAnswer", "import ImportReport"},

    // People.
    ApiSchema{"User",
              "id text, email text, name text, role viewer|editor|admin, disabled truth, "
              "createdAt time, signedInAt time?"},
    ApiSchema{"Users", "users [User]"},
    ApiSchema{"UserAnswer", "user User"},
    ApiSchema{"NewUser",
              "email text, name? text<=100, role viewer|editor|admin, password text<=1024"},
    ApiSchema{"UserChange",
              "name? text<=100, role? viewer|editor|admin, disabled? truth, "
              "password? text<=1024"},
    ApiSchema{"Token",
              "id text, name text, scope read|write|admin, user text, createdAt time, "
              "usedAt time?, expiresAt time?, revokedAt time?"},
    ApiSchema{"Tokens", "tokens [Token]"},
    ApiSchema{"TokenAnswer", "token Token"},
    ApiSchema{"TokenCreated", "token Token, secret text"},
    ApiSchema{"NewToken", "name text<=100, scope read|write|admin, expiresInDays? int?"},
    ApiSchema{"AuditEvent",
              "id text, at time, kind text, actor text, subject text, address text, note text"},
    ApiSchema{"AuditPage", "events [AuditEvent], cursor? text"},
};

}  // namespace

std::span<const ApiSchema> api_schemas() {
    return kSchemas;
}

}  // namespace crm::http
