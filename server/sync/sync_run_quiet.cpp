// The part of a run that recognises that nothing happened: every system shows, byte for byte, what
// it showed when nothing was left to do, and nobody changed anything here since. Such a run parses
// nothing, loads nothing and writes nothing.
#include <algorithm>

#include "server/sync/run_performer.h"

namespace crm::sync {

void Performer::recall() {
    if (doors_.quiet == nullptr) return;
    generation_ = doors_.quiet->generation();
    // A person who asks gets a full look.
    if (run_.trigger == "timer") known_ = doors_.quiet->find();
}

std::string Performer::known_digest(const SystemKey& system) const {
    if (!known_) return {};
    const auto found = known_->digests.find(system);
    return found == known_->digests.end() ? std::string() : found->second;
}

bool Performer::is_all_unchanged() const {
    return known_ && std::all_of(systems_.begin(), systems_.end(), [](const auto& system) {
               return system->is_left_out ||
                      (system->listing.is_complete && system->listing.is_unchanged);
           });
}

void Performer::list_again_in_full() {
    known_.reset();
    for (auto& system : systems_) {
        if (system->listing.is_unchanged) list(*system);
    }
}

void Performer::finish_quietly() {
    run_.ended_at = now();
    run_.state = known_->state;
    run_.problems = known_->problems;
    run_.pending = 0;
    run_.reason.clear();
    for (auto& system : systems_) run_.calls[system->spec.key.text] += system->calls;
}

void Performer::remember_quiet_end() {
    if (doors_.quiet == nullptr) return;
    const bool has_ended_well =
        run_.state == api::RunState::Done || run_.state == api::RunState::DoneWithProblems;
    const bool is_whole = run_.system.empty() && run_.contact_id.empty() && !run_.is_preview;
    std::optional<QuietEnd> end;
    if (has_ended_well && is_whole && run_.pending == 0 && !has_written_ && !decidable_at_) {
        end.emplace();
        end->state = run_.state;
        end->problems = run_.problems;
    }
    for (auto& system : systems_) {
        if (!end) break;
        if (system->is_left_out) continue;
        const bool is_known = system->listing.is_complete && !system->listing.digest.empty() &&
                              !system->failure && !system->is_held;
        if (is_known) {
            end->digests[system->spec.key] = system->listing.digest;
        } else {
            end.reset();
        }
    }
    doors_.quiet->remember(generation_, std::move(end));
}

}  // namespace crm::sync
