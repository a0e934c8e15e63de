// The rules of the engine by name. In the product each is always on, and costs nothing. The test
// build can switch one off, to see that some test notices: a rule that nobody misses is not tested.
#pragma once

namespace crm::sync {

enum class Rule {
    MarkerLink,            // a marker names the contact
    IntentLink,            // an open create of ours has the record's e-mail
    ContentLink,           // ... or two other texts of it
    AliasLink,             // a contact once had the e-mail
    DuplicateHold,         // a second record of a linked contact's e-mail is held
    Suppression,           // an e-mail that was deleted here is not imported
    DeadRecords,           // a record that died is never linked again
    Probation,             // a new record must be seen again after Δ
    AbsenceCount,          // K spaced absences before a record counts as gone
    AbsenceSpacing,        // ... spaced by Δ
    AbsenceNeedsComplete,  // a partial listing proves no absence
    VisibleUntil,          // no absence counts right after a write
    OpenIntent,            // no second call while one is open
    UnknownCreateWaits,    // a create without answer is not repeated before two listings after the
                           // deadline
    UnknownUpdateWaits,    // an update without answer stays open until it shows or cannot come any
                           // more
    CreateNeedsComplete,   // a create needs this run's complete listing
    CreateLooksFirst,      // no create while an unlinked record shows the e-mail
    EmailBarrier,          // no create while another contact may still hold the e-mail there
    StalenessWindow,       // a novel value inside the window is not believed
    Superseded,            // a value that was replaced lately is an old reading
    OwnEcho,               // a value of our own is no edit
    OwnEchoWindow,         // ... but inside the window it may be an old reading
    Canonical,             // formatting is no edit
    DoubtBlocksWrite,      // nothing is written over a value in doubt
    ConflictKept,          // the losing value is recorded
    Versions,              // an older version is ignored
    VerifyBeforeWrite,     // a record is read again right before it is written
    TrashKeepsEdits,       // an edit of a record that is deleted is kept
    RedeleteLimit,         // what comes back again and again is asked about
    FirstSyncPreview,
    EmptyListingBrake,
    AbsenceBrake,
    DeletionBrake,
    CreationBrake,
    SameFieldBrake,
    BlankingBrake,
    AccountBrake,
    MappingBrake,
    CountBrake,
    ConflictBrake,
    OscillationFreeze,
    RollbackBrake,
    Relink,          // a record that replaced a vanished one takes its place
    Parking,         // a value that a system cannot hold keeps nothing else back
    MeasuredSettle,  // Δ grows when a reading was older
    OtherEmailLink,  // a contact has one of the record's further e-mails
    MergeDetach,     // records that a person made one are not made two again
    Count,
};

#ifdef CRM_RULES_SWITCHABLE
[[nodiscard]] bool is_on(Rule rule);
/// For one test at a time, single-threaded.
void switch_rule(Rule rule, bool on);
#else
[[nodiscard]] constexpr bool is_on(Rule) {
    return true;
}
#endif

}  // namespace crm::sync
