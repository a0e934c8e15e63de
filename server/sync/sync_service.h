// The sync engine as the rest of the server sees it: start a run, wait for it, read status and log.
// One run at a time for each customer; customers run side by side on a few worker threads. A timer
// visits every customer; a person's change wakes a run soon after (kChangeWakeDelay).
//
// Functions may be called from any thread. The destructor parks the running step durably and joins.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/clock.h"
#include "server/contacts/contact_service.h"
#include "server/limits.h"
#include "server/random.h"
#include "server/store/database.h"
#include "server/store/rollback_mark.h"
#include "server/store/sync_notes.h"
#include "server/sync/connector.h"
#include "server/sync/quiet_memory.h"
#include "server/sync/rules.h"
#include "shared/api.h"
#include "shared/api_review.h"

namespace crm::sync {

/// The connectors of one customer, in the order of the specs. May be called from any worker thread.
using ConnectorFactory =
    std::function<std::vector<std::unique_ptr<Connector>>(const CustomerId& customer)>;

struct SyncSettings {
    std::vector<SystemSpec> systems;             // in the order of connectors.json; may be empty
    std::chrono::milliseconds interval{30'000};  // 0: only Sync Now
    std::chrono::milliseconds settle{60'000};    // how old a listing may be
    std::chrono::milliseconds late{60'000};  // how late a call without answer may still take effect
    bool is_first_sync_automatic = false;    // SYNC_FIRST=auto
    int delete_limit = kSyncDeleteLimitDefault;
    ConflictPolicies policies;  // of connectors.json
    std::string phone_region;   // of connectors.json, as in phone_key()
};

struct SyncListeners {
    std::function<void(const CustomerId&, const api::Run&)>
        run_changed;  // at most some times a second per run
    std::function<void(const CustomerId&, const api::SystemStatus&)> system_changed;
    std::function<void(const CustomerId&, const api::Conflict&)>
        conflict_changed;  // one was recorded, or a person decided it
};

class SyncService final : public ContactObserver {
   public:
    struct Doors {
        store::Database& database;
        ContactService& contacts;
        const Clock& clock;
        Random& random;
        store::RollbackMark* mark = nullptr;  // none: an older database is not recognised
    };
    SyncService(Doors doors,
                SyncSettings settings,
                ConnectorFactory connectors,
                SyncListeners listeners);
    ~SyncService() override;

    /// Starts the workers and the timer. Customers known to the database are visited from then on;
    /// others from their first use() on. Recovers what a crash left open.
    Status start();
    /// Finishes or durably parks the running step; later calls of run() answer Unavailable.
    /// Idempotent.
    void stop();

    /// A customer that may be new: makes sure that the timer visits it.
    void use(const CustomerId& customer);

    /// Sync Now. While a run that covers the request is on, it goes round once more for what
    /// changed since it planned, and that run is returned; one that waits is widened instead. A
    /// preview is always a run of its own. BadRequest: no such system. NotFound: no such contact.
    Result<api::Run> run(const CustomerId& customer, const api::RunRequest& request = {});
    /// Blocks until the run is neither queued nor running, or until the time is over: the run as it
    /// is then.
    Result<api::Run> wait(const CustomerId& customer,
                          const RunId& run,
                          std::chrono::milliseconds most);

    Result<api::SyncStatus> status(const CustomerId& customer);
    Result<std::vector<api::Run>> runs(const CustomerId& customer);  // newest first, at most 100
    Result<api::Run> find_run(const CustomerId& customer, const RunId& run);
    /// A held run: what it would have done may be done by the next run, which starts at once.
    Result<api::Run> approve(const CustomerId& customer, const RunId& run);
    Result<api::Run> discard(const CustomerId& customer, const RunId& run);
    /// Ends a running run after its current step; what it had not done is left for the next. One
    /// that waits does not start.
    Result<api::Run> cancel(const CustomerId& customer, const RunId& run);
    /// A paused system is neither listed nor written until it is resumed; what waits for it is
    /// kept. Without a system: all of them. BadRequest: no such system.
    Result<api::SyncStatus> pause(const CustomerId& customer, const std::string& system);
    Result<api::SyncStatus> resume(const CustomerId& customer, const std::string& system);

    /// Newest first.
    Result<api::ConflictPage> conflicts(const CustomerId& customer,
                                        const api::ConflictQuery& query);
    /// The contact's field gets the value, and the next run writes it everywhere; the row stays.
    /// Conflict: the field has changed since, or the e-mail belongs to another contact.
    Result<api::Conflict> resolve(const CustomerId& customer,
                                  const std::string& id,
                                  const api::Resolution& wanted,
                                  const std::string& user);
    /// Why the contact stands in each system as it does. NotFound: no such contact.
    Result<std::vector<api::SystemSync>> why(const CustomerId& customer, const ContactId& contact);
    /// A person's answer when a record vanished and nothing is to be done without them: the next
    /// run creates the contact there anew. Conflict: it has a record there, or nobody was asked.
    Result<std::vector<api::SystemSync>> create_anew(const CustomerId& customer,
                                                     const ContactId& contact,
                                                     const SystemKey& system,
                                                     const std::string& user);
    /// Records that are seen and not taken over, by system and record.
    Result<api::HoldPage> holds(const CustomerId& customer, const api::HoldQuery& query);
    /// A person says that the record belongs to the contact. Conflict: one of them is taken, or
    /// dead.
    Result<Contact> link_hold(const CustomerId& customer,
                              const RemoteKey& record,
                              const ContactId& contact,
                              const std::string& user);
    /// The record is not suggested for that contact again.
    Result<api::HeldRecord> refuse_suggestion(const CustomerId& customer, const RemoteKey& record);
    /// Of a record whose e-mail was deleted here: the next run takes it in.
    Result<api::HeldRecord> import_hold(const CustomerId& customer, const RemoteKey& record);

    /// What the customer's runs remember of each other, for whoever performs a run himself.
    [[nodiscard]] std::shared_ptr<QuietMemory> quiet_memory(const CustomerId& customer);

    // ContactObserver
    Status contact_changed(store::Transaction& transaction,
                           const Contact* before,
                           const Contact& after) override;
    Result<std::vector<api::MergedSystem>> tell_merge(const store::Connection& connection,
                                                      const Contact& merged,
                                                      const Contact& loser) override;
    Result<std::vector<store::MovedLink>> hand_over(store::Transaction& transaction,
                                                    const Contact& winner,
                                                    const Contact& loser) override;
    Result<std::vector<std::string>> tell_hand_back(
        const store::Connection& connection,
        const Contact& winner,
        const Contact& loser,
        const std::vector<store::MovedLink>& moved) override;
    Status hand_back(store::Transaction& transaction,
                     const Contact& winner,
                     const Contact& loser,
                     const std::vector<store::MovedLink>& moved) override;
    Status fill_links(const store::Connection& connection,
                      const CustomerId& customer,
                      std::vector<Contact*>& contacts) override;
    void wake(const CustomerId& customer) override;
    /// Something may have changed in a system: a run comes soon, but not sooner after the last one
    /// than kHintGapLeast (or the interval, if shorter) and the day's calls allow, however many
    /// hints there are.
    void hint(const CustomerId& customer);

   private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace crm::sync
