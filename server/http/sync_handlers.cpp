// Handlers of /api/sync.
#include "server/http/sync_handlers.h"

#include <chrono>

#include "server/http/respond.h"
#include "server/limits.h"
#include "shared/api_json.h"
#include "shared/limits.h"

namespace crm::http {
namespace {

constexpr std::chrono::milliseconds kWaitSlice{1000};

/// "" when the parameter is not given; BadRequest when it is given and says nothing.
Result<std::string> read_name(const Call& call, std::string_view name) {
    const std::string* text = call.find(name);
    if (text == nullptr) return std::string();
    if (!text->empty() && text->size() <= kIdCharsMax) return *text;
    return Error{ErrorCode::BadRequest,
                 "The parameter " + std::string(name) + " must name something, or be left out"};
}

Result<api::RunRequest> read_run_request(const Call& call) {
    api::RunRequest request;
    request.is_preview = CRM_TRY(read_truth(call, "preview"));
    request.system = CRM_TRY(read_name(call, "system"));
    request.contact_id = CRM_TRY(read_name(call, "contact"));
    return request;
}

bool is_going_on(const api::Run& run) {
    return run.state == api::RunState::Queued || run.state == api::RunState::Running;
}

/// In slices, so that a server that stops is not held up.
Result<api::Run> wait_for_run(const Services& services, const Call& call, api::Run run) {
    const auto end = std::chrono::steady_clock::now() + kSyncWaitMax;
    while (is_going_on(run) && !services.is_stopping && std::chrono::steady_clock::now() < end) {
        run = CRM_TRY(services.sync.wait(call.caller.customer, run.id, kWaitSlice));
    }
    return run;
}

Response run_response(int status, const api::Run& run) {
    Response response = json_response(status, api::write_run_answer(run));
    response.run_id = run.id.text;
    return response;
}

Result<Response> answer_run(const SyncDoor::RunAction& action, const Call& call) {
    const api::Run run = CRM_TRY(action(call.caller.customer, RunId(call.parts.at(0))));
    return run_response(200, run);
}

}  // namespace

Result<Response> show_sync(const Services& services, const Call& call) {
    return json_response(
        200, api::write_sync_status(CRM_TRY(services.sync.status(call.caller.customer))));
}

Result<Response> start_sync(const Services& services, const Call& call) {
    const bool is_waiting = CRM_TRY(read_truth(call, "wait"));
    const api::RunRequest request = CRM_TRY(read_run_request(call));
    api::Run run = CRM_TRY(services.sync.run(call.caller.customer, request));
    if (!is_waiting) return run_response(202, run);
    run = CRM_TRY(wait_for_run(services, call, std::move(run)));
    return run_response(is_going_on(run) ? 202 : 200, run);
}

Result<Response> pause_sync(const Services& services, const Call& call) {
    const std::string system = CRM_TRY(read_name(call, "system"));
    return json_response(
        200, api::write_sync_status(CRM_TRY(services.sync.pause(call.caller.customer, system))));
}

Result<Response> resume_sync(const Services& services, const Call& call) {
    const std::string system = CRM_TRY(read_name(call, "system"));
    return json_response(
        200, api::write_sync_status(CRM_TRY(services.sync.resume(call.caller.customer, system))));
}

Result<Response> list_runs(const Services& services, const Call& call) {
    return json_response(200, api::write_runs(CRM_TRY(services.sync.runs(call.caller.customer))));
}

Result<Response> show_run(const Services& services, const Call& call) {
    return answer_run(services.sync.find_run, call);
}

Result<Response> approve_run(const Services& services, const Call& call) {
    return answer_run(services.sync.approve, call);
}

Result<Response> discard_run(const Services& services, const Call& call) {
    return answer_run(services.sync.discard, call);
}

Result<Response> cancel_run(const Services& services, const Call& call) {
    return answer_run(services.sync.cancel, call);
}

}  // namespace crm::http
