// The rows of now and the records of then are put together in plain memory: readings that are old
// on purpose are rare.
#include "server/sandbox/seen_records.h"

#include <algorithm>
#include <utility>

#include "server/sandbox/derived.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/sandbox_store.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

// How old a change must be before this reading sees it.
std::chrono::milliseconds age_for(const Change& change, const View& view) {
    if (!view.spread || view.age.count() == 0) return view.age;
    Dice dice(*view.spread ^ hash_text(std::to_string(change.id) + "@" +
                                       std::to_string(change.at.time_since_epoch().count())));
    return std::chrono::milliseconds(
        1 + static_cast<std::int64_t>(dice.below(static_cast<std::size_t>(view.age.count()))));
}

}  // namespace

void Journal::add(const CustomerId& customer, std::vector<Change> changes) {
    for (Change& change : changes) entries_.push_back({customer, std::move(change)});
    while (!entries_.empty() &&
           (entries_.size() > kSandboxJournalMax ||
            entries_.back().change.at - entries_.front().change.at > kSandboxAgeMax)) {
        entries_.pop_front();
    }
}

std::vector<Change> Journal::since(const CustomerId& customer,
                                   System system,
                                   TimePoint time) const {
    std::vector<Change> changes;
    for (const Entry& entry : entries_) {
        const Change& change = entry.change;
        if (entry.customer == customer && change.system == system && change.at > time) {
            changes.push_back(change);
        }
    }
    return changes;
}

// From the newest change backwards: as long as a record's changes are not seen, it is what it was
// before them. A change that is seen shows everything that came before it.
OldRecords old_records(const std::vector<Change>& changes, const View& view) {
    OldRecords old;
    std::map<std::int64_t, bool> is_settled;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (is_settled[change->id]) continue;
        if (change->at + age_for(*change, view) <= view.now) {
            is_settled[change->id] = true;
            continue;
        }
        old[change->id] = change->before;
    }
    return old;
}

std::string key_of_email(std::string_view email) {
    return email_key(email).value_or(fold(email));
}

std::string email_keys(const Record& record) {
    std::string keys = "\n";
    for (const Reach& reach : record.emails) keys += key_of_email(reach.value) + "\n";
    return keys;
}

std::string search_text(const Record& record) {
    std::string text = fold(record.name);
    for (const Reach& reach : record.emails) text += "\n" + fold(reach.value);
    for (const Reach& reach : record.phones) {
        text += "\n" + fold(reach.value) + "\n" + digits_of(reach.value);
    }
    return text + "\n" + fold(record.job_title) + "\n" + fold(record.company);
}

bool is_wanted(const Record& record, const RecordQuery& query) {
    if (record.merged_into || record.id < query.from_id) return false;
    if (record.deleted_at.has_value() != (query.shown == Shown::Deleted)) return false;
    if (!query.email.empty() &&
        email_keys(record).find("\n" + key_of_email(query.email) + "\n") == std::string::npos) {
        return false;
    }
    return query.text.empty() || search_text(record).find(fold(query.text)) != std::string::npos;
}

std::vector<Record> as_seen(std::vector<Record> rows,
                            const OldRecords& old,
                            const RecordQuery& query) {
    // Beyond the last row that was read there may be others: an old record may not jump ahead.
    const bool is_cut = !rows.empty() && rows.size() >= query.offset + query.limit + old.size();
    const std::int64_t last = rows.empty() ? 0 : rows.back().id;
    std::erase_if(rows, [&old](const Record& record) { return old.contains(record.id); });
    for (const auto& [id, record] : old) {
        if (!record || !is_wanted(*record, query)) continue;
        if (is_cut && id > last) continue;
        rows.push_back(*record);
    }
    std::sort(rows.begin(), rows.end(), [](const Record& left, const Record& right) {
        return left.id < right.id;
    });
    rows.erase(rows.begin(),
               rows.begin() + static_cast<std::ptrdiff_t>(std::min(query.offset, rows.size())));
    if (rows.size() > query.limit) rows.resize(query.limit);
    return rows;
}

}  // namespace crm::sandbox
