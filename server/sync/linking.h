// Which contact a record belongs to that is not linked yet. Pure. The first rule that fires
// decides:
//
//   its marker names a contact without record      -> bind, whatever its e-mail is; one that was
//                                                     merged here means the one it became
//   ... a contact with another record              -> hold: a copy (a link never flips)
//   an open create of ours sent what it shows      -> it is ours: bind (see own_creates.h)
//   ... sent a part of it, and may still arrive    -> hold: a later listing tells whose it is
//   a live contact has its e-mail, and no record   -> adopt
//   ... has its e-mail, and a record               -> hold: duplicate (a link never flips)
//   ... had its e-mail once, and has no record     -> adopt
//   a live contact has one of its further e-mails  -> adopt, or hold when that has a record
//   a tombstone has its e-mail                     -> hold: suppressed (a sighting undoes no
//                                                     delete)
//   no usable e-mail, or a value that we cannot
//   hold                                           -> hold, with the reason
//   otherwise                                      -> it arrives, on probation
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/own_creates.h"

namespace crm::sync {

enum class LinkAction { Ignore, BindOwnCreate, Adopt, Arrive, Hold };

struct LinkChoice {
    LinkAction action = LinkAction::Ignore;
    ContactId contact;                  // of BindOwnCreate and Adopt
    Hold hold;                          // of Hold
    std::string matched_by = "e-mail";  // for people
    bool is_marked = false;             // by our own marker
};

/// The contacts of a customer by what records are matched on, for one system. Kept in step by its
/// owner.
class LinkIndex {
   public:
    LinkIndex(const CustomerNotes& notes, const SystemSpec& system);

    [[nodiscard]] const ContactId* find_linked(const RemoteId& record) const;
    /// After a bind or an unlink of this contact, or a change of its e-mail.
    void refresh(const ContactNotes& contact);
    /// `own`: what find_own_creates() says of the listing.
    [[nodiscard]] LinkChoice choose(const CustomerNotes& notes,
                                    const RemoteRecord& record,
                                    const OwnCreates& own) const;
    /// The contact that the marker of a record names, or nullptr.
    [[nodiscard]] const ContactId* find_marked(const RemoteRecord& record) const;
    /// The live contact that owns an e-mail key, or nullptr.
    [[nodiscard]] const ContactId* find_owner(const std::string& email_key) const;
    /// The contacts with an open create, dead ones too.
    [[nodiscard]] const std::set<ContactId>& open_creates() const { return open_creates_; }

   private:
    struct Entry {
        std::string email_key;
        std::set<std::string> aliases;
        RemoteId record;
        bool has_open_create = false;
    };
    /// Whose the marked contact's records are: its own, or those of the one that it was merged into
    /// here, once it has none any more.
    [[nodiscard]] const ContactId* find_survivor(const CustomerNotes& notes,
                                                 const ContactId* marked) const;
    [[nodiscard]] LinkChoice choose_marked(const CustomerNotes& notes,
                                           const RemoteRecord& record) const;
    [[nodiscard]] LinkChoice choose_by_email(const CustomerNotes& notes,
                                             const RemoteRecord& record,
                                             const std::string& key) const;
    [[nodiscard]] LinkChoice choose_by_other_email(const CustomerNotes& notes,
                                                   const RemoteRecord& record) const;
    [[nodiscard]] Hold hold_duplicate(const CustomerNotes& notes,
                                      const RemoteRecord& record,
                                      const ContactId& owner,
                                      const std::string& what) const;
    [[nodiscard]] bool is_free(const ContactId& contact) const;
    void forget(const ContactId& contact);

    const SystemSpec& system_;
    std::map<ContactId, Entry> entries_;
    std::map<RemoteId, ContactId> by_record_;
    std::map<std::string, ContactId> by_email_;            // live contacts
    std::map<std::string, std::set<ContactId>> by_alias_;  // live contacts, former e-mails too
    std::set<ContactId> open_creates_;
};

/// Why the values of a record cannot be held, as HoldReason NoEmail or Invalid; nullopt when they
/// can.
[[nodiscard]] std::optional<Hold> find_unusable(const SystemSpec& system,
                                                const RemoteRecord& record);

/// The record's values as contact fields, trimmed; without those that are only sent. Call only when
/// find_unusable() found nothing.
[[nodiscard]] ContactFields fields_of(const SystemSpec& system, const RemoteRecord& record);

/// The keys of all e-mails of a record, its own first; no two alike.
[[nodiscard]] std::vector<std::string> email_keys_of(const RemoteRecord& record);

/// The id of a contact that arrived with the listing that is being read: the store gives it its
/// real one.
[[nodiscard]] ContactId temporary_id(int number, const RemoteId& record);

[[nodiscard]] std::string text_of(const RemoteRecord& record, const std::string& field);

}  // namespace crm::sync
