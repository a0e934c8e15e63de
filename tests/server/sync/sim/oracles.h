// What must be true: after every run, whatever the systems do; and in the end, when people rest and
// the systems answer.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/server/sync/sim/people.h"
#include "tests/server/sync/sim/sim_bench.h"
#include "tests/server/sync/sim/verdict.h"

namespace crm::test::sim {

class Oracles {
   public:
    Oracles(SimBench& bench, People& people, Report report)
        : bench_(bench), people_(people), report_(std::move(report)) {}

    /// After every run and every restart.
    void check_always(const sync::CustomerNotes& notes);
    /// Once all is quiet.
    void check_end(const sync::CustomerNotes& notes, Figures& figures);

   private:
    void check_contacts(const sync::CustomerNotes& notes);
    void check_standing(const sync::CustomerNotes& notes,
                        const sync::ContactNotes& contact,
                        const SystemKey& system,
                        const sync::Standing& standing);
    void check_shadows(const FakeCrm& crm, const sync::ContactNotes& contact);
    void check_arrival(const sync::CustomerNotes& notes, const sync::ContactNotes& contact);
    void check_imports(const sync::CustomerNotes& notes);
    void check_records(const sync::CustomerNotes& notes);
    void check_agreement(const sync::CustomerNotes& notes, std::size_t index);
    /// The e-mail is on a record about which a person was told.
    [[nodiscard]] bool is_waiting_for_hold(const sync::CustomerNotes& notes,
                                           const Contact& contact,
                                           const FakeCrm& crm) const;
    void check_values(const sync::CustomerNotes& notes,
                      const sync::ContactNotes& contact,
                      std::size_t index);
    void check_ghosts(const sync::CustomerNotes& notes, const FakeCrm& crm);
    [[nodiscard]] static bool is_told_as_copy(const sync::CustomerNotes& notes,
                                              const FakeCrm& crm,
                                              const std::string& id);
    void check_edits(const sync::CustomerNotes& notes);
    void check_history(const sync::CustomerNotes& notes);
    void count_conflicts(Figures& figures);
    [[nodiscard]] std::set<std::string> find_kept(const sync::CustomerNotes& notes);
    /// An orphan of ours that nothing can tell from a record that a person made: our create of it
    /// had no answer, and
    ///  - a person copied it before it was seen: which of the two is ours, not even a marker says;
    ///  - or two complete listings left it out, after which it counts as never made;
    ///  - or, without a marker, its e-mail was edited before it was seen, and so was most of the
    ///    rest, or the new e-mail is that of another contact.
    [[nodiscard]] bool is_undecidable(const FakeCrm& crm, const std::string& id) const;
    /// Its e-mail was edited before it was seen, and so was most of the rest.
    [[nodiscard]] bool is_edited_unseen(const FakeCrm::Record& record) const;
    [[nodiscard]] bool has_persons_record(const sync::ContactNotes& contact);
    [[nodiscard]] FakeCrm& crm_of(const SystemKey& system);

    SimBench& bench_;
    People& people_;
    Report report_;
    std::set<ContactId> known_;  // seen in an earlier check
    std::map<sync::RemoteKey, std::set<ContactId>> ever_linked_;
    std::map<ContactId, std::vector<sync::RemoteKey>> origins_;  // of imported contacts
    std::set<std::string> suppressed_;                           // at the last check
    std::set<std::string> keys_here_;  // every e-mail key that a contact ever had
    std::size_t conflicts_ = 0;        // at the last check
};

}  // namespace crm::test::sim
