#include "server/sync/apply.h"

#include <algorithm>

#include "server/store/sync_store.h"

namespace crm::sync {
namespace {

class Applier {
   public:
    Applier(store::Transaction& transaction,
            const ApplyDoors& doors,
            const SystemSpec& system,
            CustomerNotes& notes)
        : transaction_(transaction), doors_(doors), system_(system), notes_(notes) {}

    Result<Applied> run(const Observed& observed);

   private:
    Status add_arrivals(const Observed& observed);
    Status write_edit(const ContactId& id, const ContactFields& before_fields);
    Status write_contacts(const Observed& observed);
    Status write_notes(const Observed& observed);
    Status write_records(const Observed& observed);
    [[nodiscard]] ContactId real(const ContactId& id) const;
    [[nodiscard]] Origin origin(const std::string& note = {}) const;
    void mark_changed(const ContactId& id) { changed_.insert(id); }

    store::Transaction& transaction_;
    const ApplyDoors& doors_;
    const SystemSpec& system_;
    CustomerNotes& notes_;
    std::map<ContactId, ContactId> real_ids_;
    std::set<ContactId> changed_;
    std::int64_t written_ = 0;
};

ContactId Applier::real(const ContactId& id) const {
    const auto found = real_ids_.find(id);
    return found == real_ids_.end() ? id : found->second;
}

Origin Applier::origin(const std::string& note) const {
    return {.actor = {}, .system = system_.key, .run_id = doors_.run_id, .note = note};
}

Status Applier::add_arrivals(const Observed& observed) {
    for (const ContactId& temporary : observed.arrived) {
        auto node = notes_.contacts.extract(temporary);
        ContactNotes& contact = node.mapped();
        contact.contact = CRM_TRY(doors_.contacts.insert(
            transaction_, doors_.customer, contact.contact.fields, true, origin()));
        node.key() = contact.contact.id;
        real_ids_[temporary] = contact.contact.id;
        mark_changed(contact.contact.id);
        notes_.contacts.insert(std::move(node));
        ++written_;
    }
    return {};
}

Status Applier::write_edit(const ContactId& id, const ContactFields& before_fields) {
    ContactNotes& contact = notes_.contacts.at(id);
    Contact before = contact.contact;
    before.fields = before_fields;
    contact.contact =
        CRM_TRY(doors_.contacts.replace(transaction_, before, contact.contact.fields, origin()));
    mark_changed(id);
    ++written_;
    return {};
}

Status Applier::write_contacts(const Observed& observed) {
    // One contact may take an e-mail that another one gives up in the same listing, or had as long
    // as it was a contact: the order matters.
    for (const ContactId& id : observed.withdrawn) {
        CRM_TRY(store::forget_contact(transaction_, id));
        CRM_TRY(doors_.contacts.withdraw(transaction_, id));
        mark_changed(id);
    }
    for (const ContactId& id : observed.renamed) CRM_TRY(write_edit(id, observed.edited.at(id)));
    for (const auto& [id, before] : observed.edited) {
        const auto& renamed = observed.renamed;
        const bool is_done = std::find(renamed.begin(), renamed.end(), id) != renamed.end();
        if (!is_done) CRM_TRY(write_edit(id, before));
    }
    CRM_TRY(add_arrivals(observed));
    for (const ContactId& id : observed.confirmed) {
        CRM_TRY(doors_.contacts.confirm(transaction_, real(id)));
        mark_changed(real(id));
    }
    return {};
}

Status Applier::write_notes(const Observed& observed) {
    for (const ContactId& id : observed.standings) {
        const auto found = notes_.contacts.find(real(id));
        if (found == notes_.contacts.end()) continue;
        const ContactNotes& contact = found->second;
        CRM_TRY(store::save_standing(
            transaction_, contact.contact, system_.key, contact.systems.at(system_.key)));
        mark_changed(contact.contact.id);
    }
    for (const auto& [id, key] : observed.aliases) {
        const auto found = notes_.contacts.find(real(id));
        if (found != notes_.contacts.end())
            CRM_TRY(store::add_alias(transaction_, found->second.contact, key));
    }
    for (ConflictRow row : observed.conflicts) {
        row.contact = real(row.contact);
        row.run_id = doors_.run_id;
        row.at = doors_.now;
        CRM_TRY(store::add_conflict(transaction_, doors_.customer, row));
    }
    for (const HistoryNote& note : observed.history) {
        if (!notes_.contacts.contains(real(note.contact))) continue;
        CRM_TRY(doors_.contacts.note(
            transaction_, doors_.customer, real(note.contact), note.kind, origin(note.text), {}));
    }
    return {};
}

Status Applier::write_records(const Observed& observed) {
    for (const auto& [record, contact] : observed.died) {
        CRM_TRY(store::add_dead(transaction_, doors_.customer, record, real(contact), doors_.now));
    }
    for (const RemoteKey& record : observed.revived)
        CRM_TRY(store::remove_dead(transaction_, doors_.customer, record));
    for (const RemoteKey& record : observed.holds) {
        const auto found = notes_.holds.find(record);
        if (found == notes_.holds.end()) {
            CRM_TRY(store::remove_hold(transaction_, doors_.customer, record));
        } else {
            Hold& hold = found->second;
            hold.contact = real(hold.contact);
            CRM_TRY(store::save_hold(transaction_, doors_.customer, record, hold));
        }
    }
    return {};
}

Result<Applied> Applier::run(const Observed& observed) {
    CRM_TRY(write_contacts(observed));
    CRM_TRY(write_notes(observed));
    CRM_TRY(write_records(observed));
    return Applied{{changed_.begin(), changed_.end()}, written_};
}

}  // namespace

Result<Applied> apply_observed(store::Transaction& transaction,
                               const ApplyDoors& doors,
                               const SystemSpec& system,
                               CustomerNotes& notes,
                               const Observed& observed) {
    return Applier(transaction, doors, system, notes).run(observed);
}

}  // namespace crm::sync
