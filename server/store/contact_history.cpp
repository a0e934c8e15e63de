// The append-only history of contacts, and what it can tell: earlier versions.
#include <utility>

#include "server/store/contact_store.h"
#include "server/store/query.h"
#include "server/store/sql_guard.h"
#include "shared/contact_json.h"

namespace crm::store {
namespace {

/// Stored values as a person reads them. Fields that did not change are empty on both sides.
Result<std::vector<FieldChange>> shown_changes(const std::vector<FieldChange>& exact) {
    ContactFields from;
    ContactFields to;
    for (const FieldChange& change : exact) {
        CRM_TRY(set_exact(from, change.field, change.from));
        CRM_TRY(set_exact(to, change.field, change.to));
    }
    return diff_fields(from, to);
}

std::vector<FieldChange> load_changes(const Connection& connection, std::int64_t history) {
    Query query(connection,
                "SELECT field, old_value, new_value FROM history_change"
                " WHERE history = ? ORDER BY position");
    query.bind(history);
    std::vector<FieldChange> changes;
    while (query.step()) changes.push_back({query.text(0), query.text(1), query.text(2)});
    return changes;
}

Result<api::HistoryEntry> read_entry(const Connection& connection, const Query& query) {
    api::HistoryEntry entry;
    entry.id = query.integer(0);
    entry.at = query.time(1);
    entry.kind = query.text(2);
    entry.actor = query.text(3);
    entry.system = query.text(4);
    entry.run_id = query.text(5);
    entry.note = query.text(6);
    const bool is_remark = query.is_null(7);
    entry.changes = load_changes(connection, entry.id);
    if (!is_remark) entry.changes = CRM_TRY(shown_changes(entry.changes));
    return entry;
}

std::int64_t append_line(Transaction& transaction,
                         const CustomerId& customer,
                         const ContactId& contact,
                         const HistoryLine& line) {
    Query query(transaction,
                "INSERT INTO history (customer, contact, at, kind, actor, system, run, note,"
                " version) SELECT customer, id, ?, ?, ?, ?, ?, ?, ? FROM contacts"
                " WHERE id = ? AND customer = ? RETURNING id");
    query.bind(line.at).bind(line.kind).bind(line.actor).bind(line.system).bind(line.run_id);
    query.bind(line.note).bind(line.version).bind(contact.text).bind(customer.text);
    std::int64_t id = 0;
    while (query.step()) id = query.integer(0);  // to the end, or nothing is inserted
    return id;
}

}  // namespace

Status set_exact(ContactFields& fields, const std::string& wire, const std::string& value) {
    const Error damaged{ErrorCode::Internal,
                        "The stored history cannot be read; restore a backup (" + wire + ")"};
    if (const FieldSpec* spec = find_field(wire)) {
        fields.*spec->member = value;
        return {};
    }
    if (wire == kTagsWire) {
        auto tags = read_tags(value);
        if (!tags) return damaged;
        fields.tags = std::move(*tags);
        return {};
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        if (spec.wire != wire) continue;
        auto values = read_values(value);
        if (!values) return damaged;
        fields.*spec.member = std::move(*values);
        return {};
    }
    return damaged;
}

std::vector<FieldChange> exact_changes(const ContactFields& from, const ContactFields& to) {
    std::vector<FieldChange> changes;
    for (const FieldSpec& spec : kContactFields) {
        if (from.*spec.member == to.*spec.member) continue;
        changes.push_back({std::string(spec.wire), from.*spec.member, to.*spec.member});
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        if (from.*spec.member == to.*spec.member) continue;
        changes.push_back({std::string(spec.wire),
                           write_values(from.*spec.member),
                           write_values(to.*spec.member)});
    }
    if (from.tags != to.tags) {
        changes.push_back({std::string(kTagsWire), write_tags(from.tags), write_tags(to.tags)});
    }
    return changes;
}

Status append_history(Transaction& transaction,
                      const CustomerId& customer,
                      const ContactId& contact,
                      const HistoryLine& line) {
    return sql_guard([&]() -> Status {
        const std::int64_t id = append_line(transaction, customer, contact, line);
        if (id == 0) {
            return Error{ErrorCode::NotFound,
                         "There is no such contact, so nothing was noted in its history"};
        }
        std::int64_t position = 0;
        for (const FieldChange& change : line.changes) {
            Query query(transaction, "INSERT INTO history_change VALUES (?, ?, ?, ?, ?)");
            query.bind(id).bind(position++);
            query.bind(change.field).bind(change.from).bind(change.to).run();
        }
        return {};
    });
}

Result<std::vector<api::HistoryEntry>> load_history(const Connection& connection,
                                                    const CustomerId& customer,
                                                    const ContactId& contact) {
    return sql_guard([&]() -> Result<std::vector<api::HistoryEntry>> {
        Query query(connection,
                    "SELECT id, at, kind, actor, system, run, note, version FROM history"
                    " WHERE contact = ? AND customer = ? ORDER BY id DESC");
        query.bind(contact.text).bind(customer.text);
        std::vector<api::HistoryEntry> entries;
        while (query.step()) entries.push_back(CRM_TRY(read_entry(connection, query)));
        return entries;
    });
}

Result<std::optional<VersionAt>> version_at(const Connection& connection,
                                            const CustomerId& customer,
                                            const ContactId& contact,
                                            TimePoint time) {
    return sql_guard([&]() -> Result<std::optional<VersionAt>> {
        Query query(connection,
                    "SELECT version, at, (SELECT kind = 'deleted' FROM history AS turn"
                    " WHERE turn.contact = history.contact AND turn.version <= history.version"
                    " AND turn.kind IN ('deleted', 'restored', 'created', 'imported')"
                    " ORDER BY turn.version DESC LIMIT 1)"
                    " FROM history WHERE contact = ? AND customer = ? AND version IS NOT NULL"
                    " AND at <= ? ORDER BY version DESC LIMIT 1");
        query.bind(contact.text).bind(customer.text).bind(time);
        if (!query.step()) return std::optional<VersionAt>();
        return std::optional<VersionAt>(
            VersionAt{query.integer(0), query.integer(2) != 0, query.time(1)});
    });
}

Result<std::optional<ContactFields>> fields_at(const Connection& connection,
                                               const Contact& current,
                                               std::int64_t version) {
    const std::optional<ContactFields> never;
    if (version < 1 || version > current.version) return never;
    return sql_guard([&]() -> Result<std::optional<ContactFields>> {
        Query query(connection,
                    "SELECT id FROM history WHERE contact = ? AND customer = ? AND version > ?"
                    " ORDER BY version DESC");
        query.bind(current.id.text).bind(current.customer_id.text).bind(version);
        std::optional<ContactFields> fields = current.fields;
        std::int64_t steps = 0;
        while (query.step()) {
            for (const FieldChange& change : load_changes(connection, query.integer(0))) {
                CRM_TRY(set_exact(*fields, change.field, change.from));
            }
            ++steps;
        }
        // Every version has its line, or the walk back would be a guess.
        return steps == current.version - version ? Result(std::move(fields)) : Result(never);
    });
}

Result<std::vector<JournalLine>> load_journal(const Connection& connection,
                                              const CustomerId& customer,
                                              const JournalKey& key) {
    return sql_guard([&]() -> Result<std::vector<JournalLine>> {
        const std::string condition = key.line ? "id = ?" : "run = ? AND run <> ''";
        Query query(connection,
                    "SELECT id, contact, kind, system, version FROM history WHERE customer = ? AND "
                    "version IS NOT NULL AND " +
                        condition + " ORDER BY id");
        query.bind(customer.text);
        if (key.line) {
            query.bind(*key.line);
        } else {
            query.bind(key.group);
        }
        std::vector<JournalLine> lines;
        while (query.step()) {
            JournalLine line;
            const std::int64_t id = query.integer(0);
            line.contact = ContactId(query.text(1));
            line.kind = query.text(2);
            line.system = SystemKey(query.text(3));
            line.version = query.integer(4);
            line.changes = load_changes(connection, id);
            lines.push_back(std::move(line));
        }
        return lines;
    });
}

}  // namespace crm::store
