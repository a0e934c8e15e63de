// One customer, one system, and listings that are read one after the other: the observing half of
// the engine alone, without store, planner or connector.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "server/limits.h"
#include "server/sync/observe.h"

namespace crm::sync {

inline const SystemKey kHub{"hubspot"};
inline const Rules kRules{std::chrono::seconds(10), std::chrono::seconds(20)};

inline TimePoint at(int second) {
    return TimePoint(std::chrono::seconds(1'000'000 + second));
}

inline RemoteRecord record(const std::string& id,
                           const std::string& name,
                           const std::string& email) {
    RemoteRecord shown;
    shown.id = RemoteId(id);
    shown.values = {{"name", name}, {"email", email}, {"phone", ""}};
    return shown;
}

/// One customer, one system, and a clock that each listing moves on by more than Δ.
class ObserveBench {
   public:
    SystemSpec system{kHub, "HubSpot", {"name", "email", "phone"}, true, false, 0};
    CustomerNotes notes;
    int step = 100;  // seconds between listings; Δ is 10
    ConflictPolicies policies;
    std::string phone_region;

    ContactNotes& add(const std::string& id, const std::string& name) {
        ContactNotes& contact = notes.contacts[ContactId(id)];
        contact.contact.id = ContactId(id);
        contact.contact.fields.name = name;
        contact.contact.fields.email = id + "@x.org";
        contact.aliases = {id + "@x.org"};
        return contact;
    }
    /// Linked to record "r<id>", and all agreed.
    ContactNotes& add_linked(const std::string& id, const std::string& name) {
        ContactNotes& contact = add(id, name);
        Link link;
        link.id = RemoteId("r" + id);
        link.fields["name"].raw = link.fields["name"].app = name;
        link.fields["email"].raw = link.fields["email"].app = id + "@x.org";
        link.fields["phone"];
        contact.systems[kHub].link = link;
        return contact;
    }
    Observed see(std::vector<RemoteRecord> records, bool is_complete = true) {
        Listing listing;
        listing.records = std::move(records);
        listing.is_complete = is_complete;
        now_ += step;
        return observe(notes,
                       {.system = system,
                        .listing = listing,
                        .window = {at(now_), at(now_ + 1)},
                        .rules = kRules,
                        .policies = policies,
                        .phone_region = phone_region,
                        .cycle = ++cycle_});
    }
    /// When the latest listing was started.
    [[nodiscard]] TimePoint started() const { return at(now_); }
    Observed see_often(const std::vector<RemoteRecord>& records) {
        for (int i = 1; i < kAbsencesNeeded; ++i) (void)see(records);
        return see(records);
    }
    Standing& standing(const std::string& id) {
        return notes.contacts.at(ContactId(id)).systems[kHub];
    }
    [[nodiscard]] std::string record_of(const std::string& id) {
        return standing(id).link ? standing(id).link->id.text : "";
    }
    [[nodiscard]] const Hold* hold(const std::string& id) const {
        const auto found = notes.holds.find({kHub, RemoteId(id)});
        return found == notes.holds.end() ? nullptr : &found->second;
    }

   private:
    int now_ = 0;
    std::int64_t cycle_ = 0;
};

}  // namespace crm::sync
