// One walk over one listing: the class behind observe(), for observe*.cpp only.
#pragma once

#include "server/sync/linking.h"
#include "server/sync/observe.h"

namespace crm::sync {

/// One walk over one listing.
class Observer {
   public:
    Observer(CustomerNotes& notes, const Observation& observation)
        : notes_(notes), in_(observation), index_(notes, observation.system) {}

    Observed run();

   private:
    void link_record(const RemoteRecord& record);
    void bind(ContactNotes& contact, const RemoteRecord& record, LinkAction action);
    void arrive(const RemoteRecord& record);
    void hold(const RemoteRecord& record, Hold hold);
    void hold_returned(const RemoteRecord& record, const ContactId& owner);
    void release_hold(const RemoteRecord& record);
    void read_linked(ContactNotes& contact, const RemoteRecord& record);
    void merge_texts(ContactNotes& contact, Link& link, const RemoteRecord& record);
    void merge_text(ContactNotes& contact,
                    Link& link,
                    const FieldSpec& spec,
                    const std::string& raw);
    void take(ContactNotes& contact, const FieldSpec& spec, const std::string& value);
    void keep_trash(ContactNotes& contact, Link& link, const RemoteRecord& record);
    void count_absence(ContactNotes& contact, Link& link);
    void read_missing(ContactNotes& contact);
    void resolve(ContactNotes& contact, const RemoteRecord* record);
    void resolve_create(ContactNotes& contact, Standing& standing);
    void confirm_if_seen_again(ContactNotes& contact, const Link& link);
    void note_alias(ContactNotes& contact, const std::string& email);
    void wait_until(TimePoint when);
    void add_conflict(const ContactNotes& contact,
                      std::string field,
                      std::string base,
                      std::string remote,
                      std::string kind);

    Standing& standing_of(ContactNotes& contact) { return contact.systems[in_.system.key]; }
    void touch(const ContactNotes& contact) { out_.standings.insert(contact.contact.id); }

    CustomerNotes& notes_;
    const Observation& in_;
    LinkIndex index_;
    Observed out_;
    int arrivals_ = 0;
};

}  // namespace crm::sync
