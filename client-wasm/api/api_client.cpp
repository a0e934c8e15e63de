#include "client-wasm/api/api_client.h"

#include <type_traits>

#include "client-wasm/limits.h"
#include "shared/api_bulk_json.h"
#include "shared/api_connections.h"
#include "shared/api_exchange_json.h"
#include "shared/api_review_json.h"
#include "shared/api_undo_json.h"
#include "shared/contact_json.h"
#include "shared/url.h"

namespace crm::client {
namespace {

constexpr int kStatusCreated = 201;

std::string contact_path(const ContactId& id, std::string_view tail) {
    return std::string(api::kContactsPath) + "/" + percent_encode(id.text) + std::string(tail);
}

std::string run_path(const RunId& id, std::string_view tail) {
    return std::string(api::kRunsPath) + "/" + percent_encode(id.text) + std::string(tail);
}

std::string connection_path(const std::string& system, std::string_view tail) {
    return std::string(api::kConnectionsPath) + "/" + percent_encode(system) + std::string(tail);
}

std::string with_query(std::string_view path, const QueryParams& params) {
    std::string whole(path);
    return params.empty() ? whole : whole + "?" + format_query(params);
}

std::string list_path(const ContactQuery& query) {
    QueryParams params;
    if (!query.text.empty()) params.emplace_back("q", query.text);
    if (!query.sort.empty()) params.emplace_back("sort", format_sort(query.sort));
    if (query.deleted == Deleted::Only) params.emplace_back("deleted", "only");
    if (query.deleted == Deleted::Included) params.emplace_back("deleted", "true");
    params.emplace_back("limit", std::to_string(query.limit));
    if (!query.cursor.empty()) params.emplace_back("cursor", query.cursor);
    return with_query(api::kContactsPath, params);
}

std::string_view decision_word(RunDecision decision) {
    switch (decision) {
        case RunDecision::Approve:
            return "/approve";
        case RunDecision::Discard:
            return "/discard";
        case RunDecision::Cancel:
            return "/cancel";
    }
    return "/discard";
}

HttpRequest get(std::string path) {
    return {.method = "GET", .path = std::move(path)};
}
HttpRequest post(std::string path) {
    return {.method = "POST", .path = std::move(path)};
}

HttpRequest post_json(std::string path, std::string body) {
    HttpRequest request = post(std::move(path));
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    return request;
}

HttpRequest with_body(std::string method, std::string path, const ContactPatch& patch) {
    HttpRequest request = post_json(std::move(path), write_contact_patch(patch));
    request.method = std::move(method);
    return request;
}

HttpRequest write(const FetchContacts& wish) {
    return get(list_path(wish.query));
}
HttpRequest write(const FetchContact& wish) {
    return get(contact_path(wish.id, ""));
}
HttpRequest write(const FetchHistory& wish) {
    return get(contact_path(wish.id, "/history"));
}
HttpRequest write(const CreateContact& wish) {
    return with_body("POST", std::string(api::kContactsPath), wish.patch);
}
HttpRequest write(const PatchContact& wish) {
    HttpRequest request = with_body("PATCH", contact_path(wish.id, ""), wish.patch);
    request.headers.emplace_back("If-Match", "\"" + std::to_string(wish.version) + "\"");
    return request;
}
HttpRequest write(const DeleteContact& wish) {
    return {.method = "DELETE", .path = contact_path(wish.id, "")};
}
HttpRequest write(const RestoreContact& wish) {
    return post(contact_path(wish.id, "/restore"));
}
HttpRequest write(const FetchSelf& /*wish*/) {
    return get(std::string(api::kSelfPath));
}
HttpRequest write(const FetchSync& /*wish*/) {
    return get(std::string(api::kSyncPath));
}
HttpRequest write(const StartSync& wish) {
    QueryParams params;
    if (wish.is_preview) params.emplace_back("preview", "true");
    if (!wish.system.empty()) params.emplace_back("system", wish.system);
    if (wish.contact.is_set()) params.emplace_back("contact", wish.contact.text);
    return post(with_query(api::kSyncPath, params));
}
HttpRequest write(const PauseSystem& wish) {
    QueryParams params;
    if (!wish.system.empty()) params.emplace_back("system", wish.system);
    return post(
        with_query(std::string(api::kSyncPath) + (wish.is_paused ? "/pause" : "/resume"), params));
}
HttpRequest write(const FetchContactSync& wish) {
    return get(contact_path(wish.id, "/sync"));
}
HttpRequest write(const FetchConflicts& wish) {
    QueryParams params;
    if (wish.list == ConflictList::Open) params.emplace_back("state", "open");
    params.emplace_back("limit", std::to_string(kReviewPageRows));
    if (!wish.cursor.empty()) params.emplace_back("cursor", wish.cursor);
    return get(with_query(api::kConflictsPath, params));
}
HttpRequest write(const ResolveConflict& wish) {
    return post_json(std::string(api::kConflictsPath) + "/" + percent_encode(wish.id) + "/resolve",
                     api::write_resolution(wish.resolution));
}
HttpRequest write(const FetchHolds& wish) {
    QueryParams params{{"limit", std::to_string(kReviewPageRows)}};
    if (!wish.cursor.empty()) params.emplace_back("cursor", wish.cursor);
    return get(with_query(api::kHoldsPath, params));
}
HttpRequest write(const DecideHold& wish) {
    const std::string path = std::string(api::kHoldsPath) + "/" + percent_encode(wish.system) +
                             "/" + percent_encode(wish.record_id);
    switch (wish.decision) {
        case HoldDecision::Link:
            return post_json(path + "/link", api::write_link_target(wish.contact.text));
        case HoldDecision::Refuse:
            return post(path + "/refuse");
        case HoldDecision::Import:
            return post(path + "/import");
    }
    return post(path + "/refuse");
}
HttpRequest write(const ChangeMany& wish) {
    return post_json(std::string(api::kBulkPath), api::write_bulk_request(wish.change));
}
HttpRequest write(const UndoChange& wish) {
    const QueryParams preview = wish.is_preview ? QueryParams{{"preview", "true"}} : QueryParams{};
    return post(with_query(std::string(api::kUndoPath) + "/" + percent_encode(wish.id), preview));
}
HttpRequest write(const ImportFile& wish) {
    QueryParams params{{"format", wish.format},
                       {"key", wish.key},
                       {"file", wish.file_name},
                       {"dryRun", wish.is_dry_run ? "true" : "false"}};
    if (!wish.mapping.empty()) params.emplace_back("map", api::write_mapping(wish.mapping));
    HttpRequest request = post(with_query(api::kImportPath, params));
    request.headers.emplace_back("Content-Type", wish.format == "vcf" ? "text/vcard" : "text/csv");
    request.is_file_sent = true;
    return request;
}
HttpRequest write(const FindPeople& wish) {
    ContactQuery query;
    query.text = wish.text;
    query.limit = kPalettePeople;
    return get(list_path(query));
}
HttpRequest write(const FetchConnections& /*wish*/) {
    return get(std::string(api::kConnectionsPath));
}
HttpRequest write(const ConnectSystem& wish) {
    return post(connection_path(wish.system, "/connect"));
}
HttpRequest write(const DisconnectSystem& wish) {
    return post(connection_path(wish.system, "/disconnect"));
}
HttpRequest write(const FetchRuns& /*wish*/) {
    return get(std::string(api::kRunsPath));
}
HttpRequest write(const FetchRun& wish) {
    return get(run_path(wish.id, ""));
}
HttpRequest write(const DecideRun& wish) {
    return post(run_path(wish.id, decision_word(wish.decision)));
}

Action unreadable(RequestId id, Error error) {
    error.message = "The server's answer cannot be read";
    return RequestFailed{id, Failure::Unreadable, {std::move(error), "", std::nullopt}};
}

/// `make` turns what was read into the action.
template <class T, class Make>
Action read_or_fail(RequestId id, Result<T> read, const Make& make) {
    if (!read.is_ok()) return unreadable(id, read.error());
    return make(read.take());
}

Action read_contact_reply(RequestId id, const std::string& body, SaveOutcome outcome) {
    return read_or_fail(
        id, api::read_contact_answer(body), [id, outcome](Contact contact) -> Action {
            return ContactAnswered{id, std::move(contact), outcome};
        });
}

Action read_run_reply(RequestId id, const std::string& body) {
    return read_or_fail(id, api::read_run_answer(body), [id](api::Run run) -> Action {
        return RunAnswered{id, std::move(run)};
    });
}

Action read(RequestId id, const FetchContacts& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_contact_page(reply.body), [id](api::ContactPage page) -> Action {
            return ContactsLoaded{id, std::move(page)};
        });
}
Action read(RequestId id, const FetchContact& /*wish*/, const HttpReply& reply) {
    return read_contact_reply(id, reply.body, SaveOutcome::Fetched);
}
Action read(RequestId id, const FetchHistory& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_history(reply.body), [id](std::vector<api::HistoryEntry> entries) -> Action {
            return HistoryLoaded{id, std::move(entries)};
        });
}
Action read(RequestId id, const CreateContact& /*wish*/, const HttpReply& reply) {
    const bool is_new = reply.status == kStatusCreated;
    return read_contact_reply(id, reply.body, is_new ? SaveOutcome::Created : SaveOutcome::Updated);
}
Action read(RequestId id, const PatchContact& /*wish*/, const HttpReply& reply) {
    return read_contact_reply(id, reply.body, SaveOutcome::Updated);
}
Action read(RequestId id, const DeleteContact& /*wish*/, const HttpReply& reply) {
    return read_contact_reply(id, reply.body, SaveOutcome::Deleted);
}
Action read(RequestId id, const RestoreContact& /*wish*/, const HttpReply& reply) {
    return read_contact_reply(id, reply.body, SaveOutcome::Restored);
}
Action read(RequestId id, const FetchSelf& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id, api::read_self(reply.body), [id](api::Self self) -> Action {
        return SelfLoaded{id, std::move(self)};
    });
}
Action read(RequestId id, const FetchSync& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_sync_status(reply.body), [id](api::SyncStatus status) -> Action {
            return SyncLoaded{id, std::move(status)};
        });
}
Action read(RequestId id, const PauseSystem& /*wish*/, const HttpReply& reply) {
    return read(id, FetchSync{}, reply);
}
Action read(RequestId id, const StartSync& /*wish*/, const HttpReply& reply) {
    return read_run_reply(id, reply.body);
}
Action read(RequestId id, const FetchRuns& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id, api::read_runs(reply.body), [id](std::vector<api::Run> runs) -> Action {
        return RunsLoaded{id, std::move(runs)};
    });
}
Action read(RequestId id, const FetchRun& /*wish*/, const HttpReply& reply) {
    return read_run_reply(id, reply.body);
}
Action read(RequestId id, const DecideRun& /*wish*/, const HttpReply& reply) {
    return read_run_reply(id, reply.body);
}

Action read(RequestId id, const FetchContactSync& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id,
                        api::read_contact_sync(reply.body),
                        [id](std::vector<api::SystemSync> systems) -> Action {
                            return ContactSyncLoaded{id, std::move(systems)};
                        });
}
Action read(RequestId id, const FetchConflicts& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_conflict_page(reply.body), [id](api::ConflictPage page) -> Action {
            return ConflictsLoaded{id, std::move(page)};
        });
}
Action read(RequestId id, const ResolveConflict& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_conflict_answer(reply.body), [id](api::Conflict conflict) -> Action {
            return ConflictAnswered{id, std::move(conflict)};
        });
}
Action read(RequestId id, const FetchHolds& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id, api::read_hold_page(reply.body), [id](api::HoldPage page) -> Action {
        return HoldsLoaded{id, std::move(page)};
    });
}
Action read(RequestId id, const DecideHold& /*wish*/, const HttpReply& /*reply*/) {
    return HoldDecided{id};
}
Action read(RequestId id, const FindPeople& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_contact_page(reply.body), [id](api::ContactPage page) -> Action {
            return PeopleFound{id, std::move(page.contacts)};
        });
}
Action read(RequestId id, const FetchConnections& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id,
                        api::read_connections(reply.body),
                        [id](std::vector<api::SystemConnection> connections) -> Action {
                            return ConnectionsLoaded{id, std::move(connections)};
                        });
}
Action read(RequestId id, const ConnectSystem& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id, api::read_connect_url(reply.body), [id](std::string url) -> Action {
        return ConnectPageFound{id, std::move(url)};
    });
}
Action read(RequestId id, const DisconnectSystem& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id,
                        api::read_connection_answer(reply.body),
                        [id](api::SystemConnection connection) -> Action {
                            return ConnectionAnswered{id, std::move(connection)};
                        });
}

Action read(RequestId id, const ChangeMany& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_bulk_report(reply.body), [id](api::BulkReport report) -> Action {
            return BulkAnswered{id, std::move(report)};
        });
}
Action read(RequestId id, const UndoChange& /*wish*/, const HttpReply& reply) {
    return read_or_fail(id, api::read_undo(reply.body), [id](api::Undo undo) -> Action {
        return UndoAnswered{id, std::move(undo)};
    });
}

Action read(RequestId id, const ImportFile& /*wish*/, const HttpReply& reply) {
    return read_or_fail(
        id, api::read_import_report(reply.body), [id](api::ImportReport report) -> Action {
            return ImportAnswered{id, std::move(report)};
        });
}

Action read_failure(RequestId id, const HttpReply& reply) {
    if (reply.status != 0) {
        return RequestFailed{id, Failure::Refused, api::read_error(reply.status, reply.body)};
    }
    RequestFailed failed{id, Failure::NoConnection, {}};
    failed.answer.error = {ErrorCode::Unavailable, "The server cannot be reached"};
    return failed;
}

}  // namespace

std::string export_path(const SaveExport& wish) {
    QueryParams params{{"format", wish.format}};
    if (!wish.query.text.empty()) params.emplace_back("q", wish.query.text);
    if (!wish.query.sort.empty()) params.emplace_back("sort", format_sort(wish.query.sort));
    if (wish.format == "csv") params.emplace_back("bom", "true");  // Excel sees UTF-8
    return with_query(api::kExportPath, params);
}

HttpRequest ApiClient::begin(const SendRequest& effect) {
    requests_[effect.id] = effect.request;
    HttpRequest request = std::visit([](const auto& wish) { return write(wish); }, effect.request);
    request.id = effect.id;
    request.headers.emplace_back("Accept", "application/json");
    return request;
}

std::optional<Action> ApiClient::finish(RequestId id, const HttpReply& reply) {
    const auto found = requests_.find(id);
    if (found == requests_.end()) return std::nullopt;
    const Request request = std::move(found->second);
    requests_.erase(found);
    if (reply.status < 200 || reply.status > 299) return read_failure(id, reply);
    return std::visit([id, &reply](const auto& wish) { return read(id, wish, reply); }, request);
}

std::optional<Action> read_event(std::string_view type, std::string_view data) {
    if (type == "contact") {
        Result<Contact> contact = api::read_contact_answer(data);
        if (contact.is_ok()) return ContactChanged{contact.take()};
    } else if (type == "run") {
        Result<api::Run> run = api::read_run_answer(data);
        if (run.is_ok()) return RunChanged{run.take()};
    } else if (type == "system") {
        Result<api::SystemStatus> system = api::read_system_event(data);
        if (system.is_ok()) return SystemChanged{system.take()};
    } else if (type == "conflict") {
        Result<api::Conflict> conflict = api::read_conflict_answer(data);
        if (conflict.is_ok()) return ConflictChanged{conflict.take()};
    } else if (type == "reset") {
        return EventsReset{};
    }
    return std::nullopt;
}

std::vector<std::string> event_types() {
    return {"contact", "run", "system", "conflict", "reset"};
}

}  // namespace crm::client
