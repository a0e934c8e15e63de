#include "server/sync/executor.h"

#include "server/store/sync_store.h"
#include "server/sync/outcome.h"
#include "server/sync/planner.h"
#include "server/sync/rule.h"

namespace crm::sync {
namespace {

CallOutcome call(const Step& step, Connector& connector) {
    switch (step.kind) {
        case IntentKind::Create:
            return connector.create(step.raw, step.contact.text);
        case IntentKind::Update:
            return connector.update(step.record, step.raw);
        case IntentKind::Delete:
            return connector.remove(step.record);
    }
    return {};
}

}  // namespace

Executor::Executor(Doors doors, CustomerId customer, std::string run_id, Rules rules)
    : doors_(doors), customer_(std::move(customer)), run_id_(std::move(run_id)), rules_(rules) {}

Result<std::optional<Step>> Executor::begin(const Step& planned,
                                            const SystemSpec& system,
                                            const SystemView& view) {
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    if (CRM_TRY(store::is_system_paused(transaction, customer_, system.key))) {
        return std::optional<Step>();
    }
    ContactNotes notes =
        CRM_TRY(store::load_contact_notes(transaction, customer_, planned.contact));
    StepChoice choice = choose_step(notes, system, view, rules_, doors_.clock.now());
    // A person may have changed the contact since the plan: the step is taken as it is right now,
    // but never another kind of step than the one that was planned and passed the brakes.
    if (!choice.step || choice.step->kind != planned.kind ||
        !(choice.step->record == planned.record) || choice.step->email_key != planned.email_key) {
        return std::optional<Step>();
    }
    choice.step = take_email_turn(std::move(*choice.step), planned.email_turn);
    if (!choice.step) return std::optional<Step>();
    Standing& standing = notes.systems[system.key];
    note_step(standing, *choice.step, doors_.clock.now());
    CRM_TRY(store::save_standing(transaction, notes.contact, system.key, standing));
    CRM_TRY(transaction.commit());
    return choice.step;
}

Result<StepReport> Executor::end(const Step& step,
                                 const SystemSpec& system,
                                 const CallOutcome& outcome) {
    store::Transaction transaction = CRM_TRY(doors_.database.begin_write());
    ContactNotes notes = CRM_TRY(store::load_contact_notes(transaction, customer_, step.contact));
    Claim claim;
    if (outcome.id.is_set()) {
        const auto owner =
            CRM_TRY(store::find_record_owner(transaction, customer_, {system.key, outcome.id}));
        claim.is_linked_elsewhere = owner && !owner->is_dead && !(owner->contact == step.contact);
        claim.is_dead = owner && owner->is_dead;
    }
    const TimePoint now = doors_.clock.now();
    const OutcomeEffect effect = note_outcome(notes, step, system, outcome, claim, {now, rules_});
    CRM_TRY(
        store::save_standing(transaction, notes.contact, system.key, notes.systems[system.key]));
    if (effect.died) {
        CRM_TRY(
            store::add_dead(transaction, customer_, {system.key, *effect.died}, step.contact, now));
    }
    if (!effect.history_kind.empty()) {
        const Origin origin{
            .actor = {}, .system = system.key, .run_id = run_id_, .note = effect.history_text};
        CRM_TRY(doors_.contacts.note(
            transaction, customer_, step.contact, effect.history_kind, origin, {}));
    }
    CRM_TRY(transaction.commit());
    StepReport report;
    report.is_written = effect.is_written;
    report.is_parked = effect.is_parked;
    report.is_linked = effect.history_kind == "linked";
    report.step = step;
    report.calls = outcome.calls;
    report.commits = 2;  // before the call and after it
    report.end = outcome.end;
    report.problem = outcome.problem;
    report.retry_after = outcome.retry_after;
    return report;
}

Result<StepReport> Executor::call_now(const Step& planned,
                                      const SystemSpec& system,
                                      const SystemView& view,
                                      Connector* connector) {
    const std::optional<Step> step = CRM_TRY(begin(planned, system, view));
    if (!step) {
        StepReport skipped;
        skipped.is_skipped = true;
        return skipped;
    }
    CallOutcome gone;
    gone.end = CallEnd::Missing;
    StepReport report =
        CRM_TRY(end(*step, system, connector == nullptr ? gone : call(*step, *connector)));
    if (connector == nullptr) report.calls = 0;
    doors_.contacts.publish(customer_, {step->contact});
    return report;
}

Result<StepReport> Executor::execute(const Step& planned,
                                     const SystemSpec& system,
                                     const SystemView& view,
                                     Connector& connector) {
    const bool is_read_first =
        is_on(Rule::VerifyBeforeWrite) && system.has_get && planned.kind != IntentKind::Create;
    if (!is_read_first) return call_now(planned, system, view, &connector);
    const Look look{planned.contact, planned.record, system, doors_.clock.now()};
    StepReport seen = CRM_TRY(read(look, connector));
    // A record that is gone is as good as deleted; a call that would only say so is spared.
    const bool is_deleted = seen.end == CallEnd::Missing && planned.kind == IntentKind::Delete;
    // Refused: this record cannot be read by its id, which keeps nobody from writing it.
    const bool goes_on = seen.end == CallEnd::Applied || seen.end == CallEnd::Refused;
    if (!goes_on && !is_deleted) return seen;
    StepReport report = CRM_TRY(call_now(planned, system, view, is_deleted ? nullptr : &connector));
    report.here = std::move(seen.here);
    report.written_here = seen.written_here;
    report.calls += seen.calls;
    report.commits += seen.commits;
    return report;
}

}  // namespace crm::sync
