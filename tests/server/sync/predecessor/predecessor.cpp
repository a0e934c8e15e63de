// The logic of the proof of concept that came before this product, written anew from what it does:
// one row per contact, matched by e-mail; no memory of what was agreed on, no notes before a call,
// and every contact is written to every system in every round.
//
// Charitable: it sees whole lists and skips broken ones, knows when each record really changed, one
// round runs at a time, and it never crashes.
#include <algorithm>
#include <map>

#include "shared/text.h"
#include "tests/server/sync/predecessor/contestant.h"
#include "tests/support/seeded_random.h"

namespace crm::test {
namespace {

using sync::CallEnd;
using sync::RemoteRecord;
using sync::RemoteValues;

/// The fields that it takes over from a record; "" there says nothing to it.
constexpr std::array kTaken{"name", "phone", "jobTitle"};

struct Row {
    int number = 0;
    RemoteValues fields;
    std::map<FakeCrm*, std::string> records;
    bool is_deleted = false;
    TimePoint updated_at{};
};

std::string key_in(const RemoteValues& values) {
    const auto found = values.find("email");
    return found == values.end() ? std::string() : email_key(found->second).value_or("");
}

class Predecessor final : public Contestant {
   public:
    Predecessor(std::uint64_t seed, DeletedFilter filter)
        : random_(seed),
          filter_(filter),
          hubspot_("hubspot", clock_, random_, {.is_email_unique = true, .lowers_email = true}),
          pipedrive_("pipedrive", clock_, random_, {.strips_phone = true}) {}

    bool create(const std::string& name, const std::string& email) override;
    bool edit(const std::string& email,
              const std::string& field,
              const std::string& value) override;
    bool remove(const std::string& email) override;
    void sync() override;
    std::vector<ContactFields> live() override;
    std::set<std::string> kept_values() override { return {}; }
    FakeClock& clock() override { return clock_; }
    std::vector<FakeCrm*> systems() override { return {&hubspot_, &pipedrive_}; }

   private:
    Row* find_live(const std::string& key);
    Row& insert(const RemoteValues& fields);
    void push(Row& row, const RemoteValues& fields);
    void push_new(Row& row, FakeCrm& crm, const RemoteValues& fields);
    void pull(FakeCrm& crm);
    void pull_record(FakeCrm& crm, const RemoteRecord& record);
    void forget_missing(FakeCrm& crm, const std::vector<RemoteRecord>& records);
    [[nodiscard]] bool is_skipped(const Row& row) const {
        return row.is_deleted && filter_ == DeletedFilter::Added;
    }

    FakeClock clock_;
    SeededRandom random_;
    DeletedFilter filter_;
    FakeCrm hubspot_;
    FakeCrm pipedrive_;
    std::map<int, Row> rows_;
    int next_row_ = 1;
};

Row* Predecessor::find_live(const std::string& key) {
    for (auto& [number, row] : rows_) {
        if (!row.is_deleted && key_in(row.fields) == key) return &row;
    }
    return nullptr;
}

Row& Predecessor::insert(const RemoteValues& fields) {
    Row& row = rows_[next_row_];
    row.number = next_row_++;
    row.fields = fields;
    row.updated_at = clock_.now();
    return row;
}

bool Predecessor::create(const std::string& name, const std::string& email) {
    const std::string key = email_key(email).value_or("");
    for (auto& [number, row] : rows_) {
        if (key_in(row.fields) != key) continue;
        // A deleted one is found too, is changed, and stays deleted.
        row.fields["name"] = name;
        row.updated_at = clock_.now();
        push(row, row.fields);
        return true;
    }
    Row& row = insert({{"name", name}, {"email", email}});
    push(row, row.fields);
    return true;
}

bool Predecessor::edit(const std::string& email,
                       const std::string& field,
                       const std::string& value) {
    Row* row = find_live(email_key(email).value_or(""));
    if (row == nullptr) return false;
    row->fields[field] = value;
    row->updated_at = clock_.now();
    push(*row, row->fields);
    return true;
}

bool Predecessor::remove(const std::string& email) {
    Row* row = find_live(email_key(email).value_or(""));
    if (row == nullptr) return false;
    row->is_deleted = true;
    // Once, and whatever comes of it.
    for (const auto& [crm, id] : row->records) (void)crm->remove(id);
    return true;
}

void Predecessor::push_new(Row& row, FakeCrm& crm, const RemoteValues& fields) {
    const sync::Listing listing = crm.list();
    if (!listing.is_complete) return;
    for (const RemoteRecord& record : listing.records) {
        if (key_in(record.values) != key_in(fields)) continue;
        row.records[&crm] = record.id.text;
        return;
    }
    const sync::CallOutcome made = crm.create(fields, "row " + std::to_string(row.number));
    if (made.end == CallEnd::Applied) row.records[&crm] = made.id.text;
}

void Predecessor::push(Row& row, const RemoteValues& fields) {
    for (FakeCrm* crm : systems()) {
        const auto record = row.records.find(crm);
        if (record == row.records.end()) {
            push_new(row, *crm, fields);
        } else {
            (void)crm->update(record->second, fields);
        }
    }
    row.updated_at = clock_.now();  // saving the row counts as a change of it
}

void Predecessor::pull_record(FakeCrm& crm, const RemoteRecord& record) {
    const std::string key = key_in(record.values);
    if (Row* row = find_live(key)) {
        row->records[&crm] = record.id.text;
        const TimePoint changed_at = crm.records().at(record.id.text).states.rbegin()->first;
        if (changed_at > row->updated_at) {
            for (const char* field : kTaken) {
                const auto value = record.values.find(field);
                if (value != record.values.end() && !value->second.empty()) {
                    row->fields[field] = value->second;
                }
            }
            row->updated_at = changed_at;
        }
        FakeCrm& other = &crm == &hubspot_ ? pipedrive_ : hubspot_;
        if (!row->records.contains(&other)) push(*row, record.values);
        return;
    }
    for (const auto& [number, row] : rows_) {
        if (row.is_deleted && key_in(row.fields) == key) return;
    }
    Row& row = insert(record.values);
    row.records[&crm] = record.id.text;
    push(row, row.fields);
}

void Predecessor::forget_missing(FakeCrm& crm, const std::vector<RemoteRecord>& records) {
    std::set<std::string> seen;
    for (const RemoteRecord& record : records) seen.insert(record.id.text);
    for (auto& [number, row] : rows_) {
        if (is_skipped(row)) continue;
        const auto record = row.records.find(&crm);
        if (record != row.records.end() && !seen.contains(record->second)) {
            row.records.erase(record);
        }
    }
}

void Predecessor::pull(FakeCrm& crm) {
    const sync::Listing listing = crm.list();
    if (!listing.is_complete) return;
    for (const RemoteRecord& record : listing.records) pull_record(crm, record);
    forget_missing(crm, listing.records);
}

void Predecessor::sync() {
    for (FakeCrm* crm : systems()) pull(*crm);
    for (auto& [number, row] : rows_) {
        if (!is_skipped(row)) push(row, row.fields);
    }
}

std::vector<ContactFields> Predecessor::live() {
    std::vector<ContactFields> contacts;
    for (const auto& [number, row] : rows_) {
        if (row.is_deleted) continue;
        ContactFields fields;
        for (const auto& [field, value] : row.fields) fields.*(find_field(field)->member) = value;
        contacts.push_back(std::move(fields));
    }
    return contacts;
}

}  // namespace

std::unique_ptr<Contestant> make_predecessor(std::uint64_t seed, DeletedFilter filter) {
    return std::make_unique<Predecessor>(seed, filter);
}

}  // namespace crm::test
