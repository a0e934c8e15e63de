// See brakes_listing.h.
#include "server/sync/brakes_listing.h"

#include <algorithm>
#include <array>
#include <set>

#include "server/limits.h"
#include "server/sync/field_merge.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr std::array<std::string_view, 6> kListingWorks = {
    " empty", " absent", " count", " changed", " blanked", " conflicts"};

api::RunProblem make_problem(const SystemSpec& system, std::string code) {
    api::RunProblem problem;
    problem.system = system.key.text;
    problem.code = std::move(code);
    return problem;
}

std::string title_of(const ContactNotes& contact) {
    return display_name(contact.contact.fields);
}

/// How many may be missing at once without a question.
std::int64_t absent_limit(std::int64_t of) {
    return std::max<std::int64_t>(kBrakeAbsentMin, of / 5);
}

/// More than `percent` of all, and enough for that to mean something.
bool is_share_exceeded(std::size_t part, std::size_t all, std::size_t percent) {
    return part >= kBrakeRecordsMin && part * 100 > all * percent;
}

/// The linked records of live contacts in a listing.
class Comparison {
   public:
    explicit Comparison(const ListingCase& read);

    std::vector<Brake> find() const;

   private:
    void read_fields(const ContactNotes& contact, const Link& link, const RemoteRecord& record);
    [[nodiscard]] std::optional<Brake> find_empty() const;
    [[nodiscard]] std::optional<Brake> find_absent() const;
    [[nodiscard]] std::optional<Brake> find_count() const;
    void find_fields(std::vector<Brake>& found) const;

    const ListingCase& in_;
    std::size_t linked_ = 0;
    std::size_t seen_ = 0;
    std::vector<std::string> missing_;                         // titles
    std::map<std::string, std::vector<std::string>> changed_;  // field -> titles
    std::map<std::string, std::vector<std::string>> blanked_;
};

/// A difference that the merge would not explain away: neither formatting, nor a value of our own,
/// nor one that was replaced lately.
bool is_novel(const FieldSpec& spec, const FieldShadow& shadow, const std::string& raw) {
    const auto is_raw = [&](const std::string& known) {
        return is_same_value(spec.kind, known, raw);
    };
    return !is_raw(shadow.raw) &&
           std::none_of(shadow.sent.begin(),
                        shadow.sent.end(),
                        [&](const SentValue& sent) { return is_raw(sent.raw); }) &&
           std::none_of(shadow.superseded.begin(),
                        shadow.superseded.end(),
                        [&](const SupersededValue& old) { return is_raw(old.raw); });
}

Comparison::Comparison(const ListingCase& read) : in_(read) {
    std::map<RemoteId, const RemoteRecord*> records;
    for (const RemoteRecord& record : in_.listing.records) records[record.id] = &record;
    for (const auto& [id, contact] : in_.notes.contacts) {
        const auto found = contact.systems.find(in_.system.key);
        if (contact.contact.deleted || found == contact.systems.end() || !found->second.link)
            continue;
        const Link& link = *found->second.link;
        if (link.is_dying) continue;
        ++linked_;
        const auto record = records.find(link.id);
        if (record != records.end()) {
            ++seen_;
            read_fields(contact, link, *record->second);
        } else if (in_.window.started >= link.visible_until) {
            missing_.push_back(title_of(contact));
        }
    }
}

void Comparison::read_fields(const ContactNotes& contact,
                             const Link& link,
                             const RemoteRecord& record) {
    for (const std::string& field : in_.system.fields) {
        const FieldSpec* spec = find_field(field);
        const auto value = record.values.find(field);
        const auto shadow = link.fields.find(field);
        if (spec == nullptr || value == record.values.end() || shadow == link.fields.end() ||
            in_.system.direction_of(field) == Direction::Out ||
            in_.window.started < shadow->second.settle_until ||
            !is_novel(*spec, shadow->second, value->second))
            continue;
        changed_[field].push_back(title_of(contact));
        if (trim(value->second).empty()) blanked_[field].push_back(title_of(contact));
    }
}

std::optional<Brake> Comparison::find_empty() const {
    if (!is_on(Rule::EmptyListingBrake) || !in_.listing.records.empty() || linked_ < 2)
        return std::nullopt;
    Brake brake{in_.system.key.text + " empty", make_problem(in_.system, "brake_empty")};
    brake.problem.message =
        in_.system.label + " lists no records at all, but " + std::to_string(linked_) +
        " contacts are linked to it. Nothing was changed there or here because of it.";
    brake.problem.action =
        "Check the connection and its rights. If the records are really gone, approve the run: "
        "they are created anew.";
    return brake;
}

std::optional<Brake> Comparison::find_absent() const {
    const auto missing = static_cast<std::int64_t>(missing_.size());
    const auto limit = absent_limit(static_cast<std::int64_t>(linked_));
    if (!is_on(Rule::AbsenceBrake) || missing <= limit) return std::nullopt;
    Brake brake{in_.system.key.text + " absent",
                make_problem(in_.system, "brake_absent"),
                BrakeReach::Absence};
    brake.problem.message = std::to_string(missing) + " of the " + std::to_string(linked_) +
                            " linked records are missing from " + in_.system.label +
                            ", more than the " + std::to_string(limit) +
                            " that are believed without a question: " + list_names(missing_) +
                            ". Nothing was unlinked or created because of it.";
    brake.problem.action =
        "Check the connection and its rights. If the records are really gone, approve the run.";
    return brake;
}

std::optional<Brake> Comparison::find_count() const {
    const auto row = in_.notes.systems.find(in_.system.key);
    if (!is_on(Rule::CountBrake) || !in_.listing.total || row == in_.notes.systems.end())
        return std::nullopt;
    const std::int64_t before = row->second.listed;
    const std::int64_t drop = before - *in_.listing.total;
    if (drop <= absent_limit(before)) return std::nullopt;
    Brake brake{in_.system.key.text + " count",
                make_problem(in_.system, "brake_count"),
                BrakeReach::Absence};
    brake.problem.message = in_.system.label + " says that it has " +
                            std::to_string(*in_.listing.total) + " records, " +
                            std::to_string(drop) + " fewer than last time. Nothing was unlinked " +
                            "or created because of it.";
    brake.problem.action =
        "Check the connection and its rights. If the records are really gone, approve the run.";
    return brake;
}

void Comparison::find_fields(std::vector<Brake>& found) const {
    const auto add = [&](const std::string& field,
                         const std::vector<std::string>& titles,
                         const std::string& code,
                         const std::string& what) {
        Brake brake{in_.system.key.text + " " + code + " " + field,
                    make_problem(in_.system, "brake_" + code)};
        const FieldSpec* spec = find_field(field);
        const std::string label = spec == nullptr ? field : std::string(spec->label);
        brake.problem.message = label + what + std::to_string(titles.size()) + " of the " +
                                std::to_string(seen_) + " linked records of " + in_.system.label +
                                " at once: " + list_names(titles) +
                                ". Nothing of it was taken over.";
        brake.problem.action =
            "Check the rights of the connection and what the field is mapped to. If the values are "
            "meant, approve the run.";
        found.push_back(std::move(brake));
    };
    for (const auto& [field, titles] : changed_) {
        if (is_on(Rule::SameFieldBrake) && is_share_exceeded(titles.size(), seen_, 50))
            add(field, titles, "changed", " is another one in ");
    }
    for (const auto& [field, titles] : blanked_) {
        if (is_on(Rule::BlankingBrake) && is_share_exceeded(titles.size(), seen_, 10))
            add(field, titles, "blanked", " became empty in ");
    }
}

std::vector<Brake> Comparison::find() const {
    std::vector<Brake> found;
    find_fields(found);
    if (!in_.listing.is_complete) return found;
    if (std::optional<Brake> empty = find_empty()) {
        found.push_back(std::move(*empty));
        return found;
    }
    std::optional<Brake> absent = find_absent();
    if (!absent) absent = find_count();
    if (absent) found.push_back(std::move(*absent));
    return found;
}

}  // namespace

std::vector<Brake> find_listing_brakes(const ListingCase& read) {
    return Comparison(read).find();
}

std::optional<Brake> find_conflict_brake(const Observed& observed, const ListingCase& read) {
    if (!is_on(Rule::ConflictBrake)) return std::nullopt;
    std::set<ContactId> contacts;
    for (const ConflictRow& row : observed.conflicts) contacts.insert(row.contact);
    const std::size_t all = read.listing.records.size();
    if (!is_share_exceeded(contacts.size(), all, 20)) return std::nullopt;
    std::vector<std::string> titles;
    for (const ContactId& id : contacts) {
        const auto found = read.notes.contacts.find(id);
        if (found != read.notes.contacts.end()) titles.push_back(title_of(found->second));
    }
    Brake brake{read.system.key.text + " conflicts", make_problem(read.system, "brake_conflicts")};
    brake.problem.message = std::to_string(contacts.size()) + " of the " + std::to_string(all) +
                            " records of " + read.system.label +
                            " differ from what was changed here meanwhile: " + list_names(titles) +
                            ". Neither side was changed.";
    brake.problem.action =
        "Look at the list. Approve the run to settle every field by its policy; what loses is "
        "kept.";
    return brake;
}

std::optional<Brake> find_account_brake(const SystemSpec& system,
                                        const SystemRow& row,
                                        const std::string& fingerprint) {
    const bool is_known = !row.account_fingerprint.empty() && !fingerprint.empty();
    if (!is_on(Rule::AccountBrake) || !is_known || row.account_fingerprint == fingerprint)
        return std::nullopt;
    Brake brake{system.key.text + " account " + fingerprint, make_problem(system, "brake_account")};
    brake.problem.message =
        "Another account than before is behind the connection to " + system.label +
        ". Nothing was read from it and nothing was written to it: in another account every record "
        "would look deleted.";
    brake.problem.action =
        "Connect the account that was connected before, or approve the run to go "
        "on with this one.";
    return brake;
}

std::optional<Brake> find_mapping_brake(const SystemSpec& system, const SystemRow& row) {
    const bool is_known = !row.mapping_hash.empty() && !system.mapping_hash.empty();
    if (!is_on(Rule::MappingBrake) || !is_known || row.mapping_hash == system.mapping_hash)
        return std::nullopt;
    Brake brake{system.key.text + " mapping " + system.mapping_hash,
                make_problem(system, "brake_mapping")};
    brake.problem.message =
        "The fields of " + system.label +
        " are mapped in another way than before, so a value that differs need "
        "not be an edit. Nothing was read from it and nothing was written to it.";
    brake.problem.action =
        "Approve the run to compare every record anew: what is empty on one side "
        "is filled, and where both have a value, the one here stands and the "
        "other is kept as a conflict.";
    return brake;
}

bool is_listing_work(const SystemKey& system, const std::string& work) {
    return std::any_of(kListingWorks.begin(), kListingWorks.end(), [&](std::string_view kind) {
        const std::string start = system.text + std::string(kind);
        return work == start || work.starts_with(start + " ");
    });
}

std::set<ContactId> forget_agreements(CustomerNotes& notes, const SystemKey& system) {
    std::set<ContactId> forgotten;
    for (auto& [id, contact] : notes.contacts) {
        const auto found = contact.systems.find(system);
        if (found == contact.systems.end() || !found->second.link) continue;
        if (contact.contact.deleted || found->second.link->fields.empty()) continue;
        found->second.link->fields.clear();
        forgotten.insert(id);
    }
    return forgotten;
}

bool is_listing_short(const Listing& listing) {
    return is_on(Rule::CountBrake) && listing.is_complete && listing.total &&
           static_cast<std::int64_t>(listing.records.size()) < *listing.total;
}

api::RunProblem short_listing_problem(const SystemSpec& system, const Listing& listing) {
    api::RunProblem problem = make_problem(system, "listing_short");
    problem.message =
        system.label + " says that it has " + std::to_string(*listing.total) +
        " records and listed " + std::to_string(listing.records.size()) +
        ". What was listed is used; nothing counts as missing, and nothing is created "
        "there by this run.";
    problem.action = "Nothing to do: the next run lists again.";
    return problem;
}

}  // namespace crm::sync
