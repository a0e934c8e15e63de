// The rules of contacts, for people and for sync alike: parse, e-mail key, version, tombstone,
// history. The only writer of contacts. Every change is one transaction; events go out after the
// commit.
//
// Functions that take a Transaction join the caller's: the sync engine changes a contact and its
// own notes about it in one commit, then calls publish().
//
// Functions may be called from any thread, but connect(), which comes before all others.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/clock.h"
#include "server/contacts/contact_reader.h"
#include "server/random.h"
#include "server/store/contact_store.h"
#include "server/store/database.h"
#include "server/store/merge_store.h"
#include "shared/api.h"
#include "shared/api_duplicates.h"
#include "shared/contact.h"
#include "shared/contact_query.h"
#include "shared/result.h"

namespace crm {

/// Who makes a change, for history.
struct Origin {
    std::string actor;          // a person's name; "" for the sync engine
    SystemKey system{"local"};  // where the values come from
    std::string run_id;         // empty: no run
    std::string note;           // one sentence, may be empty
};

/// What the sync engine hooks into: called inside the transaction of a person's change, so that the
/// change and its consequences for sync (aliases, dead ids, lifted suppression, probation) are one
/// commit.
class ContactObserver {
   public:
    ContactObserver() = default;
    ContactObserver(const ContactObserver&) = delete;
    ContactObserver& operator=(const ContactObserver&) = delete;
    virtual ~ContactObserver() = default;
    /// `before` is nullptr for a new contact. Called for create, update, delete and restore, by
    /// people and by sync.
    virtual Status contact_changed(store::Transaction& transaction,
                                   const Contact* before,
                                   const Contact& after) = 0;
    /// Fills links and sources of contacts that are about to be shown. `sources` comes with the one
    /// system that each was first seen in.
    virtual Status fill_links(const store::Connection& connection,
                              const CustomerId& customer,
                              std::vector<Contact*>& contacts) = 0;
    /// What hand_over() and the runs after it will do in each system. `merged`: the winner as it
    /// will be.
    virtual Result<std::vector<api::MergedSystem>> tell_merge(const store::Connection& connection,
                                                              const Contact& merged,
                                                              const Contact& loser);
    /// In the transaction of a merge, before the loser is deleted: the winner gets its records
    /// where it has none. What it got.
    virtual Result<std::vector<store::MovedLink>> hand_over(store::Transaction& transaction,
                                                            const Contact& winner,
                                                            const Contact& loser);
    /// The other way round, before the loser is restored: what is still the winner's.
    virtual Status hand_back(store::Transaction& transaction,
                             const Contact& winner,
                             const Contact& loser,
                             const std::vector<store::MovedLink>& moved);
    /// What becomes of the records, in sentences.
    virtual Result<std::vector<std::string>> tell_hand_back(
        const store::Connection& connection,
        const Contact& winner,
        const Contact& loser,
        const std::vector<store::MovedLink>& moved);
    /// After the commit of a person's change: a run should come soon.
    virtual void wake(const CustomerId& customer) = 0;
};

struct CreateOutcome {
    Contact contact;
    bool is_new = true;  // false: the e-mail belonged to a live contact, which was updated
};

/// A contact changed, or left the list: what live listeners hear. Called without locks held.
using ContactListener = std::function<void(const Contact&)>;

class ContactService {
   public:
    ContactService(store::Database& database, const Clock& clock, Random& random);
    ContactService(const ContactService&) = delete;
    ContactService& operator=(const ContactService&) = delete;
    ~ContactService();

    /// Before any other call; either may be left out (nullptr, {}).
    void connect(ContactObserver* observer, ContactListener listener);

    // For people. Each begins and commits its own transaction.
    Result<api::ContactPage> list(const CustomerId& customer, const ContactQuery& query);
    /// All pages of a list as of now; limit and cursor of the query are not looked at. Links cost a
    /// look into the database per contact.
    enum class Links { Filled, LeftOut };
    Result<ContactReader> open_reader(const CustomerId& customer, ContactQuery query, Links links);
    Result<Contact> find(const CustomerId& customer, const ContactId& id);  // tombstones too
    /// Newest first.
    Result<std::vector<api::HistoryEntry>> history(const CustomerId& customer, const ContactId& id);
    /// A name for what belongs together in history, for Origin::run_id: "undo-<uuid>".
    std::string make_group(std::string_view what);
    Result<CreateOutcome> create(const CustomerId& customer,
                                 const ContactPatch& patch,
                                 const Origin& origin);
    /// `expected` is the version of If-Match. Stale: fields that nobody else changed are merged;
    /// the same field gives VersionMismatch with details_json. Conflict: the e-mail belongs to
    /// another live contact, or the contact is deleted. A contact in probation is confirmed by it.
    Result<Contact> update(const CustomerId& customer,
                           const ContactId& id,
                           const ContactPatch& patch,
                           std::optional<std::int64_t> expected,
                           const Origin& origin);
    /// The tombstone; it stays as it is when it was one already. A contact in probation becomes
    /// one, too.
    Result<Contact> remove(const CustomerId& customer, const ContactId& id, const Origin& origin);
    /// The live contact with that e-mail; its last tombstone when there is none; else NotFound.
    Result<Contact> remove_by_email(const CustomerId& customer,
                                    std::string_view email,
                                    const Origin& origin);
    /// Conflict: another live contact has its e-mail now.
    Result<Contact> restore(const CustomerId& customer, const ContactId& id, const Origin& origin);

    // For imports and undo: many changes by a person in one transaction, with insert() and these.
    Result<store::Transaction> begin_write();
    Result<store::Snapshot> begin_read();
    /// Replaces the fields of a live contact as update() does: probation is over.
    Result<Contact> edit(store::Transaction& transaction,
                         const Contact& before,
                         const ContactFields& fields,
                         const Origin& origin);
    /// Conflict as above; the contact as it is when it is alive.
    Result<Contact> restore(store::Transaction& transaction,
                            const Contact& before,
                            const Origin& origin);
    /// Removes tombstones for good that no system can bring back (store/purge.h) and that are this
    /// old. Listeners are not told.
    struct Purged {
        std::int64_t removed = 0;
        std::int64_t waiting = 0;  // old enough, but something about them is not settled
    };
    Result<Purged> purge(const CustomerId& customer, std::chrono::days older_than);
    [[nodiscard]] TimePoint now() const;
    /// For merges. One that does nothing when there is none.
    [[nodiscard]] ContactObserver& observer() const;
    /// After the commit: a sync run should come soon.
    void wake(const CustomerId& customer);

    // For sync, inside its transaction. None of these calls wake(); publish() tells the listeners
    // after the commit.
    /// Without links: the caller knows them better.
    Result<Contact> load(const store::Connection& connection,
                         const CustomerId& customer,
                         const ContactId& id);
    /// Conflict when a live contact has the e-mail. `is_arriving`: probation.
    Result<Contact> insert(store::Transaction& transaction,
                           const CustomerId& customer,
                           const ContactFields& fields,
                           bool is_arriving,
                           const Origin& origin);
    /// Replaces the fields of a live contact, one version up; no change, no write. Conflict as
    /// above.
    Result<Contact> replace(store::Transaction& transaction,
                            const Contact& before,
                            const ContactFields& fields,
                            const Origin& origin);
    /// The same as the one above, inside the caller's transaction.
    Result<Contact> remove(store::Transaction& transaction,
                           const CustomerId& customer,
                           const ContactId& id,
                           const Origin& origin);
    /// Ends probation. No change of fields: version and history stay as they are.
    Status confirm(store::Transaction& transaction, const ContactId& id);
    /// Takes back a contact that is still in probation: it was never one. Its history goes with it.
    Status withdraw(store::Transaction& transaction, const ContactId& id);
    /// A line of history without a change of fields: "linked", "conflict", …
    Status note(store::Transaction& transaction,
                const CustomerId& customer,
                const ContactId& id,
                std::string kind,
                const Origin& origin,
                const std::vector<FieldChange>& changes);
    /// Tells the listener. Of a contact that was withdrawn it hears id and customer, arriving and
    /// deleted.
    void publish(const CustomerId& customer, const std::vector<ContactId>& ids);

   private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace crm
