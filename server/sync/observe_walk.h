// One walk over one listing: the class behind observe(), for observe*.cpp only.
#pragma once

#include "server/sync/field_merge.h"
#include "server/sync/linking.h"
#include "server/sync/observe.h"
#include "server/sync/oscillation.h"
#include "server/sync/own_creates.h"
#include "server/sync/relink.h"

namespace crm::sync {

/// Who a held record may be, and why; without a contact, why nobody is suggested.
struct Proposal {
    ContactId contact;
    std::string text;
};

/// One walk over one listing.
class Observer {
   public:
    Observer(CustomerNotes& notes, const Observation& observation)
        : notes_(notes), in_(observation), index_(notes, observation.system) {}

    Observed run();

   private:
    void link_record(const RemoteRecord& record);
    [[nodiscard]] OwnCreates find_own() const;
    void read_records();
    void bind(ContactNotes& contact, const RemoteRecord& record, const LinkChoice& choice);
    void arrive(const RemoteRecord& record);
    void doubt_held_values(ContactNotes& contact,
                           const RemoteRecord& record,
                           const FieldTexts& held);
    void hold(const RemoteRecord& record, Hold hold);
    void hold_returned(const RemoteRecord& record, const ContactId& owner);
    void release_hold(const RemoteRecord& record);
    void read_linked(ContactNotes& contact, const RemoteRecord& record);
    void merge_texts(ContactNotes& contact, Link& link, const RemoteRecord& record);
    void merge_text(ContactNotes& contact,
                    Link& link,
                    const FieldSpec& spec,
                    const RemoteRecord& record);
    void watch_turns(ContactNotes& contact,
                     const std::string& field,
                     const FieldShadow& left,
                     FieldVerdict& verdict);
    [[nodiscard]] ReadingOrder order_of(const Link& link, const RemoteRecord& record) const;
    void note_version(ContactNotes& contact, Link& link, const RemoteRecord& record);
    [[nodiscard]] bool is_theirs_preferred(const ContactNotes& contact,
                                           const FieldSpec& spec,
                                           const RemoteRecord& record) const;
    [[nodiscard]] bool is_only_theirs(const FieldSpec& spec) const;
    [[nodiscard]] bool is_untold(const FieldSpec& spec,
                                 const FieldShadow& shadow,
                                 const std::string& raw) const;
    void take(ContactNotes& contact, const FieldSpec& spec, const std::string& value);
    bool revive(ContactNotes& contact);
    void keep_trash(ContactNotes& contact, Link& link, const RemoteRecord& record);
    void count_absence(ContactNotes& contact, Link& link);
    void read_missing(ContactNotes& contact);
    void read_absences();
    void settle_vanished();
    void part(ContactNotes& contact, const Parting& parting);
    void hold_merged();
    void forget_gone_holds();
    void resolve(ContactNotes& contact, const RemoteRecord* record);
    void resolve_create(ContactNotes& contact, Standing& standing);
    [[nodiscard]] bool is_suppressed_arrival(const ContactNotes& contact,
                                             const std::string& key) const;
    void withdraw(ContactNotes& contact);
    void confirm_if_seen_again(ContactNotes& contact, const Link& link);
    void note_alias(ContactNotes& contact, const std::string& email);
    /// A record that took the place of the contact's own one, which is gone, or nullptr.
    const RemoteRecord* find_successor(const ContactNotes& contact);
    /// The contact whose record now has the e-mail of this one, or nullptr.
    const ContactNotes* find_merged_with(const ContactNotes& contact);
    /// The live contact other than `self` that a record belongs to, or nullptr.
    const ContactNotes* find_other_holder(const RemoteRecord& record, const ContactId& self);
    /// Every record of the listing with that e-mail, its own or a further one.
    const std::vector<const RemoteRecord*>& find_by_email(const std::string& key);
    [[nodiscard]] std::set<std::string> email_keys_of_contact(const ContactNotes& contact) const;
    /// The record is somebody else's that took over an e-mail of the contact: two became one.
    [[nodiscard]] bool is_merged_into(const ContactNotes& contact,
                                      const RemoteRecord& record) const;
    void wait_until(TimePoint when);
    [[nodiscard]] ConflictRow make_conflict(const ContactNotes& contact,
                                            const FieldSpec& spec,
                                            const RemoteRecord& record) const;
    void note_policy(ConflictRow& row, const FieldVerdict& verdict) const;
    void keep_loser(const ContactNotes& contact,
                    const FieldSpec& spec,
                    ConflictRow row,
                    const FieldVerdict& verdict);
    void add_conflict(ConflictRow row);
    void suggest_by_phone();
    [[nodiscard]] std::vector<RemoteKey> find_askable() const;
    /// The settled contacts whose phones end so, into by_phone_.
    void find_phones(const std::set<std::string>& tails);
    void ask_about(const ContactId& id);
    [[nodiscard]] bool is_similar_over(const RemoteKey& key, const Hold& hold) const;
    [[nodiscard]] Proposal propose(const Hold& hold) const;
    void clear_suggested();
    void mark_suggested();
    void set_suggested(const RemoteKey& record, const Hold& hold, bool is_suggested);

    Standing& standing_of(ContactNotes& contact) { return contact.systems[in_.system.key]; }
    void touch(const ContactNotes& contact) { out_.standings.insert(contact.contact.id); }

    CustomerNotes& notes_;
    const Observation& in_;
    LinkIndex index_;
    OwnCreates own_;
    Observed out_;
    /// Settled contacts by E.164 number, as far as they were looked for.
    std::map<std::string, std::set<ContactId>> by_phone_;
    std::vector<const RemoteRecord*> records_;  // in the order in which they are read
    std::set<RemoteId> seen_;
    std::vector<ContactId> vanished_;  // whose records are gone for good
    std::map<std::string, std::vector<const RemoteRecord*>> by_email_;  // filled when first asked
    bool is_by_email_filled_ = false;
    std::chrono::milliseconds late_by_{0};  // of the record that is being read
    bool is_late_call_ = false;             // likewise
    bool is_unwelcome_ = false;  // the arriving contact that is being read is to go again
    int arrivals_ = 0;
};

}  // namespace crm::sync
