#include "server/sync/run_queue.h"

#include <algorithm>

#include "server/limits.h"

namespace crm::sync {
namespace {

bool is_same_scope(const api::Run& run, const api::RunRequest& request) {
    return run.system == request.system && run.contact_id == request.contact_id;
}

bool covers(const api::Run& run, const api::RunRequest& request) {
    return !run.is_preview && (run.system.empty() || run.system == request.system) &&
           (run.contact_id.empty() || run.contact_id == request.contact_id);
}

void widen(api::Run& run, const api::RunRequest& request) {
    if (run.system != request.system) run.system.clear();
    if (run.contact_id != request.contact_id) run.contact_id.clear();
}

/// The run that waits and may take the request in, or nullptr.
api::Run* find_host(RunQueue& queue, const api::RunRequest& request) {
    const auto found = std::find_if(queue.waiting.begin(), queue.waiting.end(), [&](auto& run) {
        return run.is_preview == request.is_preview &&
               (!request.is_preview || is_same_scope(run, request));
    });
    return found == queue.waiting.end() ? nullptr : &*found;
}

}  // namespace

const api::Run* RunQueue::find(const RunId& run) const {
    if (running && running->id == run) return &*running;
    const auto found = std::find_if(
        waiting.begin(), waiting.end(), [&](const api::Run& one) { return one.id == run; });
    return found == waiting.end() ? nullptr : &*found;
}

bool is_full(const api::Run& run) {
    return !run.is_preview && run.system.empty() && run.contact_id.empty();
}

Result<api::Run> enqueue(RunQueue& queue, const api::RunRequest& request, api::Run fresh) {
    if (queue.running && !queue.is_restricted && !request.is_preview &&
        covers(*queue.running, request)) {
        queue.goes_round_again = true;
        return *queue.running;
    }
    if (api::Run* host = find_host(queue, request)) {
        widen(*host, request);
        return *host;
    }
    if (queue.waiting.size() >= kRunsWaitingMax) {
        return Error{ErrorCode::RateLimited,
                     "Too many previews wait already, so none was added; try again when they have "
                     "ended"};
    }
    fresh.is_preview = request.is_preview;
    fresh.system = request.system;
    fresh.contact_id = request.contact_id;
    queue.waiting.push_back(fresh);
    return fresh;
}

api::Run& begin_next(RunQueue& queue, api::Run otherwise) {
    queue.goes_round_again = false;
    queue.is_restricted = false;
    if (queue.waiting.empty()) {
        queue.running = std::move(otherwise);
    } else {
        queue.running = std::move(queue.waiting.front());
        queue.waiting.pop_front();
    }
    return *queue.running;
}

}  // namespace crm::sync
