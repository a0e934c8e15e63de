// Conflicts as a person sees them, and what a person's decision does: the contact gets the value,
// the next run writes it everywhere, and the row that tells what lost stays for good.
#include <charconv>

#include "server/store/sync_store.h"
#include "server/sync/sync_service_state.h"
#include "shared/api_review_json.h"
#include "shared/contact_parse.h"
#include "shared/limits.h"

namespace crm::sync {
namespace {

/// Ids and cursors are numbers inside, opaque outside. 0: it is none of ours.
std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = problem == std::errc{} && end == text.data() + text.size();
    return is_number && number > 0 ? number : 0;
}

Error no_such_conflict() {
    return {ErrorCode::NotFound, "There is no such conflict; the link may be old"};
}

api::Conflict describe(const ConflictRow& row, const std::string& contact_name) {
    api::Conflict shown;
    shown.id = std::to_string(row.id);
    shown.contact_id = row.contact.text;
    shown.contact = contact_name;
    shown.field = row.field;
    shown.kind = row.kind;
    shown.policy = row.policy;
    shown.state = row.state;
    shown.base = row.base;
    shown.sides = {{std::string(api::kAppSide), row.app_value},
                   {row.system.text, row.remote_value}};
    shown.winner = row.winner;
    shown.run_id = row.run_id;
    shown.at = row.at;
    shown.resolution = row.resolution;
    shown.resolved_by = row.resolved_by;
    shown.resolved_at = row.resolved_at;
    return shown;
}

Result<std::string> choose_value(const ConflictRow& row, const api::Resolution& wanted) {
    if (wanted.value) return *wanted.value;
    if (wanted.side == api::kAppSide) return row.app_value;
    if (wanted.side == row.system.text) return row.remote_value;
    FieldProblems problems;
    problems["side"] = "This conflict has no side “" + shorten_shown(wanted.side) +
                       "”: it is between app and " + row.system.text + ".";
    return problems_error(std::move(problems));
}

/// The contact's fields with the value in place; a value that cannot be is told of as such.
Result<ContactFields> put(const ContactFields& fields,
                          const std::string& field,
                          const std::string& value) {
    RawPatch raw;
    raw.texts[field] = value;
    Result<ContactPatch> patch = parse_patch(raw);
    if (patch.is_ok()) return apply_patch(fields, patch.value());
    Error error = patch.error();
    FieldProblems problems;
    for (const auto& [wire, problem] : error.fields) problems["value"] = problem;
    return problems_error(std::move(problems));
}

Error changed_since(const std::string& name, const FieldSpec& spec, const std::string& current) {
    return {.code = ErrorCode::Conflict,
            .message = std::string(spec.label) + " of " + name +
                       " was changed after this conflict was recorded and is now “" +
                       shorten_shown(current) +
                       "”, so nothing was done; decide again with \"force\": true to replace it",
            .details_json = api::write_current_value(current)};
}

Error decided_already(const ConflictRow& row) {
    return {ErrorCode::Conflict,
            "This conflict was decided already" +
                (row.resolved_by.empty() ? std::string() : " by " + row.resolved_by) +
                ", so nothing was done; change the contact itself, or decide again with "
                "\"force\": true"};
}

/// Whatever kept the field from being written anywhere is over: somebody has decided.
bool thaw(Standing& standing, const std::string& field) {
    const bool was_parked = standing.parked.erase(field) > 0;
    const bool was_frozen = standing.oscillations.erase(field) > 0;
    return was_parked || was_frozen;
}

}  // namespace

Result<std::string> SyncService::State::name_of(const store::Connection& connection,
                                                const CustomerId& customer,
                                                const ContactId& contact) const {
    const Result<Contact> found = doors.contacts.load(connection, customer, contact);
    if (found.is_ok()) return display_name(found.value().fields);
    if (found.error().code == ErrorCode::NotFound) return std::string();
    return found.error();
}

Result<api::ConflictPage> SyncService::conflicts(const CustomerId& customer,
                                                 const api::ConflictQuery& query) {
    const store::ConflictFilter filter{query.state, ContactId(query.contact_id)};
    const std::int64_t before = query.cursor.empty() ? 0 : number_of(query.cursor);
    if (!query.cursor.empty() && before == 0) {
        return Error{ErrorCode::BadRequest,
                     "The parameter cursor is none that a list of conflicts gave; leave it out to "
                     "start from the newest"};
    }
    const int limit = query.limit > 0 ? query.limit : kPageSizeDefault;
    const store::Snapshot snapshot = CRM_TRY(state_->doors.database.begin_read());
    auto rows = CRM_TRY(store::list_conflicts(snapshot, customer, filter, before, limit + 1));
    api::ConflictPage page;
    page.total = CRM_TRY(store::count_conflicts(snapshot, customer, filter));
    if (rows.size() > static_cast<std::size_t>(limit)) {
        rows.resize(static_cast<std::size_t>(limit));
        page.cursor = std::to_string(rows.back().id);
    }
    for (const ConflictRow& row : rows) {
        const std::string name = CRM_TRY(state_->name_of(snapshot, customer, row.contact));
        page.conflicts.push_back(describe(row, name));
    }
    return page;
}

Result<api::Conflict> SyncService::resolve(const CustomerId& customer,
                                           const std::string& id,
                                           const api::Resolution& wanted,
                                           const std::string& user) {
    const std::int64_t number = number_of(id);
    if (number == 0) return no_such_conflict();
    state_->touch(customer);
    ConflictRow row;
    std::string name;
    std::vector<ConflictRow> decided;
    {
        store::Transaction transaction = CRM_TRY(state_->doors.database.begin_write());
        row = CRM_TRY(store::find_conflict(transaction, customer, number));
        const Contact contact =
            CRM_TRY(state_->doors.contacts.load(transaction, customer, row.contact));
        name = display_name(contact.fields);
        const std::string value = CRM_TRY(choose_value(row, wanted));
        if (row.state == "resolved" && row.resolution == value) return describe(row, name);
        if (row.state == "resolved" && !wanted.is_forced) return decided_already(row);
        const Decision decision{user, wanted.is_forced};
        CRM_TRY(state_->settle_field(transaction, contact, row, value, decision));
        decided = CRM_TRY(state_->close_conflicts(transaction, customer, row, value, decision));
        CRM_TRY(transaction.commit());
    }
    state_->doors.contacts.publish(customer, {row.contact});
    for (const ConflictRow& one : decided) {
        if (one.id == row.id) row = one;
        if (state_->listeners.conflict_changed) {
            state_->listeners.conflict_changed(customer, describe(one, name));
        }
    }
    wake(customer);
    return describe(row, name);
}

Status SyncService::State::settle_field(store::Transaction& transaction,
                                        const Contact& before,
                                        const ConflictRow& row,
                                        const std::string& value,
                                        const Decision& decision) {
    const FieldSpec* spec = find_field(row.field);
    if (spec == nullptr) return no_such_conflict();
    const ContactFields fields = CRM_TRY(put(before.fields, row.field, value));
    const std::string& current = before.fields.*(spec->member);
    const std::string& chosen = fields.*(spec->member);
    const bool has_moved = current != row.winner && current != chosen;
    if (has_moved && !decision.is_forced) {
        return changed_since(display_name(before.fields), *spec, current);
    }
    Origin origin;
    origin.actor = decision.user;
    origin.note = "Decided in a conflict with " + label_of(row.system);
    Contact after = CRM_TRY(doors.contacts.replace(transaction, before, fields, origin));
    if (after.arriving) CRM_TRY(doors.contacts.confirm(transaction, after.id));
    if (after.version == before.version) {
        CRM_TRY(doors.contacts.note(
            transaction, before.customer_id, before.id, "conflict", origin, {}));
    }
    ContactNotes notes;
    notes.contact = std::move(after);
    CRM_TRY(store::complete_notes(transaction, notes));
    for (auto& [system, standing] : notes.systems) {
        if (!thaw(standing, row.field)) continue;
        CRM_TRY(store::save_standing(transaction, notes.contact, system, standing));
    }
    return {};
}

Result<std::vector<ConflictRow>> SyncService::State::close_conflicts(
    store::Transaction& transaction,
    const CustomerId& customer,
    const ConflictRow& row,
    const std::string& value,
    const Decision& decision) {
    // What is decided is the value of the field: whatever else waited for that is decided with it.
    std::vector<ConflictRow> rows = CRM_TRY(
        store::list_conflicts(transaction, customer, {"open", row.contact}, 0, kPageSizeMax));
    std::erase_if(
        rows, [&](const ConflictRow& one) { return one.field != row.field || one.id == row.id; });
    rows.push_back(row);
    for (ConflictRow& one : rows) {
        one.state = "resolved";
        one.resolution = value;
        one.resolved_by = decision.user;
        one.resolved_at = doors.clock.now();
        CRM_TRY(store::resolve_conflict(transaction, one));
    }
    return rows;
}

std::string SyncService::State::label_of(const SystemKey& system) const {
    const SystemSpec* spec = find_spec(system);
    return spec == nullptr ? system.text : spec->label;
}

const SystemSpec* SyncService::State::find_spec(const SystemKey& system) const {
    for (const SystemSpec& spec : settings.systems) {
        if (spec.key == system) return &spec;
    }
    return nullptr;
}

Status SyncService::State::note_known_conflicts(const CustomerId& id) {
    {
        const std::lock_guard lock(mutex);
        if (customers[id].told_conflict) return {};
    }
    const store::Snapshot snapshot = CRM_TRY(doors.database.begin_read());
    const std::int64_t newest = CRM_TRY(store::newest_conflict(snapshot, id));
    const std::lock_guard lock(mutex);
    customers[id].told_conflict = newest;
    return {};
}

Status SyncService::State::tell_new_conflicts(const CustomerId& id) {
    if (!listeners.conflict_changed) return {};
    const store::Snapshot snapshot = CRM_TRY(doors.database.begin_read());
    std::vector<ConflictRow> rows =
        CRM_TRY(store::list_conflicts(snapshot, id, {}, 0, kPageSizeDefault));
    {
        // Two runs of a customer may end close together: each conflict is told of by one of them.
        const std::lock_guard lock(mutex);
        std::optional<std::int64_t>& told = customers[id].told_conflict;
        std::erase_if(rows, [&](const ConflictRow& row) { return !told || row.id <= *told; });
        if (!rows.empty()) told = rows.front().id;
    }
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        const std::string name = CRM_TRY(name_of(snapshot, id, row->contact));
        listeners.conflict_changed(id, describe(*row, name));
    }
    return {};
}

}  // namespace crm::sync
