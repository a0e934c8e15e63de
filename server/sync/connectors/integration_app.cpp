// One thread at a time: the token, the kept connection and the waits belong to whoever calls.
//
// Every reply is sorted before anything is repeated. A list call may be repeated after any failure;
// a write only when it was surely not done (CallEnd::Later), or when the token was refused and a
// new one is at hand.
#include "server/sync/connectors/integration_app.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <utility>

#include "server/limits.h"
#include "server/loopback.h"
#include "server/sync/connectors/connector_memory.h"
#include "server/sync/connectors/failure.h"
#include "server/sync/connectors/http_session.h"
#include "server/sync/connectors/integration_app_json.h"
#include "server/sync/connectors/listing_walk.h"
#include "server/sync/connectors/problem_words.h"
#include "server/sync/connectors/refused_fields.h"
#include "server/sync/connectors/retry_wait.h"
#include "shared/url.h"

namespace crm::sync {
namespace {

constexpr std::chrono::milliseconds kSettingsTimeout{2000};
constexpr std::chrono::milliseconds kReadingFresh{2000};  // a write follows its reading at once

bool is_success(const HttpAnswer& answer) {
    return answer.delivery == Delivery::Answered && answer.status >= 200 && answer.status < 300;
}

/// A longer answer than is taken would be as long the next time.
bool is_repeatable(CallEnd end, const CallProblem& problem) {
    return end == CallEnd::Later || (end == CallEnd::Unknown && problem.code != "answer_too_long");
}

/// The other side may repeat what it was sent; a person's report is no place for a key.
void hide(std::string& text, const std::string& secret) {
    constexpr std::size_t kSecretBytesMin = 8;  // what is shorter may be part of any word
    if (secret.size() < kSecretBytesMin) return;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret)) {
        text.replace(at, secret.size(), "…");
    }
}

struct Reply {
    HttpAnswer answer;
    CallOutcome outcome;  // Applied: the answer is a success whose body is not read yet
};

/// The answer of the last get action, for the write that follows it.
struct LastReading {
    RemoteId id;
    std::string body;
    TimePoint at{};
};

class IntegrationAppConnector final : public Connector {
   public:
    IntegrationAppConnector(ConnectorSpec spec,
                            Workspace workspace,
                            CustomerId customer,
                            ConnectorDoors doors)
        : spec_(std::move(spec)),
          workspace_(std::move(workspace)),
          customer_(std::move(customer)),
          doors_(std::move(doors)),
          memory_(doors_.memory ? doors_.memory : std::make_shared<ConnectorMemory>()) {
        if (spec_.burst && !memory_->bucket) memory_->bucket.emplace(*spec_.burst);
        auto session = HttpSession::open(
            workspace_.api_url, {.connect = doors_.connect_timeout, .whole = doors_.call_timeout});
        if (session.is_ok()) session_ = session.take();
    }

    Listing list(const std::string& known_digest) override;
    CallOutcome create(const RemoteValues& values, const std::string& marker) override;
    CallOutcome update(const RemoteId& id, const RemoteValues& values) override;
    CallOutcome remove(const RemoteId& id) override;
    Reading get(const RemoteId& id) override;
    std::string account_fingerprint() override;

   private:
    [[nodiscard]] const std::string& token();
    [[nodiscard]] std::string run_path(Action action) const;
    [[nodiscard]] std::optional<CallOutcome> wait_for_turn();
    [[nodiscard]] HttpAnswer send(Action action, const std::string& input);
    [[nodiscard]] Reply run(Action action, const std::string& input);
    [[nodiscard]] CallOutcome fetch_page(ListingWalk& walk, RetryWait& wait);
    [[nodiscard]] Listing walk(const std::string& known_digest);
    [[nodiscard]] CallOutcome write_update(const RemoteId& id, const RemoteValues& values);
    [[nodiscard]] CallOutcome counted(int before, CallOutcome outcome) const;
    [[nodiscard]] CallOutcome write_once(Action action, const std::string& input);
    [[nodiscard]] CallOutcome write(Action action,
                                    const std::string& input,
                                    const RemoteValues& sent);
    [[nodiscard]] Reading get_once(const RemoteId& id);
    [[nodiscard]] Reply read_for_write(const RemoteId& id);
    [[nodiscard]] CallProblem finish(Asked asked, CallProblem problem) const;
    void end_listing(Listing& listing, const CallOutcome& outcome) const;

    const ConnectorSpec spec_;
    const Workspace workspace_;
    const CustomerId customer_;
    const ConnectorDoors doors_;
    const std::shared_ptr<ConnectorMemory> memory_;
    std::unique_ptr<HttpSession> session_;  // null: the address must not be used
    std::string token_;
    TimePoint token_ends_{};
    LastReading last_reading_;
    int calls_ = 0;  // requests ever made
};

// --- One request --------------------------------------------------------------------------------

const std::string& IntegrationAppConnector::token() {
    const TimePoint now = doors_.clock.now();
    if (token_.empty() || token_ends_ - now < kTokenRenewBefore) {
        token_ = mint_token(workspace_, customer_, now);
        token_ends_ = now + kTokenLife;
    }
    return token_;
}

std::string IntegrationAppConnector::run_path(Action action) const {
    const auto key = [&]() -> const std::string& {
        switch (action) {
            case Action::List:
                return spec_.list_action;
            case Action::Create:
                return spec_.create_action;
            case Action::Update:
                return spec_.update_action;
            case Action::Remove:
                return spec_.delete_action;
            case Action::Get:
                return spec_.get_action;
        }
        return spec_.list_action;
    };
    return "/connections/" + percent_encode(spec_.connection) + "/actions/" +
           percent_encode(key()) + "/run";
}

/// What the system takes is known: rather wait a moment than be refused. Calls that follow each
/// other for long are slowed down, not ended, so each wait is bounded and not their sum.
std::optional<CallOutcome> IntegrationAppConnector::wait_for_turn() {
    if (!memory_->bucket) return std::nullopt;
    const TimePoint now = doors_.clock.now();
    const std::chrono::milliseconds wait = memory_->bucket->wait_before(now);
    if (wait > kRunWaitMax) {
        CallOutcome outcome{.end = CallEnd::Later};
        outcome.problem.code = "rate_limited";
        outcome.retry_after = wait;
        return outcome;
    }
    memory_->bucket->take(now + wait);
    if (wait.count() > 0) doors_.pause(wait);
    return std::nullopt;
}

HttpAnswer IntegrationAppConnector::send(Action action, const std::string& input) {
    ++calls_;
    return session_->post(run_path(action), token(), input);
}

/// One run of an action. A refused token is replaced once: what it was refused for was not done.
Reply IntegrationAppConnector::run(Action action, const std::string& input) {
    if (!session_) {
        return {.outcome = {.end = CallEnd::Disconnected, .problem = {.code = "insecure_url"}}};
    }
    Reply reply;
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (std::optional<CallOutcome> too_early = wait_for_turn()) {
            reply.outcome = std::move(*too_early);
            break;
        }
        reply.answer = send(action, input);
        reply.outcome = {.end = CallEnd::Applied};
        if (is_success(reply.answer)) break;
        hide(reply.answer.body, token_);
        reply.outcome = sort_failure(action, reply.answer, doors_.clock.now());
        if (reply.outcome.problem.code != kNotAuthenticated) break;
        token_.clear();
    }
    return reply;
}

CallProblem IntegrationAppConnector::finish(Asked asked, CallProblem problem) const {
    if (problem.code.empty()) return problem;
    problem.message = describe_problem(asked, problem.code, spec_.system.label);
    hide(problem.details, workspace_.secret);
    return problem;
}

// --- Listing ------------------------------------------------------------------------------------

/// Applied: the walk has taken the page.
CallOutcome IntegrationAppConnector::fetch_page(ListingWalk& walk, RetryWait& wait) {
    const std::string input = write_list_input(walk.cursor());
    CallOutcome outcome;
    for (int attempt = 0; attempt < kListAttemptsMax; ++attempt) {
        if (attempt > 0 && !wait.wait(outcome.retry_after)) break;
        Reply reply = run(Action::List, input);
        outcome = reply.outcome;
        if (outcome.end == CallEnd::Applied) {
            if (walk.take(std::move(reply.answer.body))) break;
            outcome = unclear_answer(reply.answer.status);
        }
        if (!is_repeatable(outcome.end, outcome.problem)) break;
    }
    return outcome;
}

/// An incomplete listing is never Refused, Missing or Exists: those speak of one record.
void IntegrationAppConnector::end_listing(Listing& listing, const CallOutcome& outcome) const {
    const bool is_about_system =
        outcome.end == CallEnd::Later || outcome.end == CallEnd::Disconnected;
    const bool is_transport =
        outcome.problem.code == "unreachable" || outcome.problem.code == "untrusted";
    listing.end = is_about_system && !is_transport ? outcome.end : CallEnd::Unknown;
    listing.retry_after = outcome.retry_after;
    listing.problem = finish(Asked::Listing, outcome.problem);
}

Listing IntegrationAppConnector::list(const std::string& known_digest) {
    const int calls_before = calls_;
    Listing listing = walk(known_digest);
    listing.calls = calls_ - calls_before;
    return listing;
}

Listing IntegrationAppConnector::walk(const std::string& known_digest) {
    ListingWalk walk(spec_, memory_->walk, known_digest);
    RetryWait wait(doors_);
    while (walk.has_more() && walk.problem().empty()) {
        const CallOutcome outcome = fetch_page(walk, wait);
        if (outcome.end != CallEnd::Applied) {
            Listing listing = walk.partial();
            end_listing(listing, outcome);
            return listing;
        }
        wait.start_over();
    }
    Listing listing = walk.whole();
    if (!listing.is_complete) {
        CallOutcome ended{.end = CallEnd::Unknown};
        ended.problem.code = walk.problem();
        end_listing(listing, ended);
        return listing;
    }
    memory_->walk = std::move(walk).learned();
    return listing;
}

// --- Writes -------------------------------------------------------------------------------------

CallOutcome IntegrationAppConnector::write_once(Action action, const std::string& input) {
    Reply reply = run(action, input);
    if (reply.outcome.end != CallEnd::Applied || !is_success(reply.answer)) return reply.outcome;
    // 204 has no body by definition; a create needs one for the id.
    if (reply.answer.status == 204 && action != Action::Create) return reply.outcome;
    const std::optional<WriteAnswer> written = read_write_answer(reply.answer.body, spec_);
    const bool is_clear = written && (action != Action::Create || written->id.is_set());
    if (!is_clear) return unclear_answer(reply.answer.status);
    if (action == Action::Create) reply.outcome.id = written->id;
    reply.outcome.version = written->version;
    return reply.outcome;
}

CallOutcome IntegrationAppConnector::write(Action action,
                                           const std::string& input,
                                           const RemoteValues& sent) {
    RetryWait wait(doors_);
    CallOutcome outcome = write_once(action, input);
    while (outcome.end == CallEnd::Later && wait.wait(outcome.retry_after)) {
        outcome = write_once(action, input);
    }
    outcome = name_refused_fields(std::move(outcome), spec_, sent);
    outcome.problem = finish(Asked::Write, outcome.problem);
    return outcome;
}

CallOutcome IntegrationAppConnector::counted(int before, CallOutcome outcome) const {
    outcome.calls = calls_ - before;
    return outcome;
}

CallOutcome IntegrationAppConnector::create(const RemoteValues& values, const std::string& marker) {
    const int before = calls_;
    return counted(before,
                   write(Action::Create, write_create_input(spec_, values, marker), values));
}

CallOutcome IntegrationAppConnector::update(const RemoteId& id, const RemoteValues& values) {
    assert(id.is_set());
    const int before = calls_;
    return counted(before, write_update(id, values));
}

CallOutcome IntegrationAppConnector::write_update(const RemoteId& id, const RemoteValues& values) {
    const bool is_of_list =
        std::any_of(spec_.mappings.begin(), spec_.mappings.end(), [&](const auto& mapping) {
            return !mapping.list.empty() && values.contains(mapping.field);
        });
    if (!is_of_list) return write(Action::Update, write_update_input(spec_, id, values), values);
    // Written as one value it would erase the others, so the list is read first.
    Reply record = read_for_write(id);
    if (record.outcome.end == CallEnd::Applied) {
        return write(
            Action::Update, write_update_input(spec_, id, values, record.answer.body), values);
    }
    // Whatever became of the reading, nothing was written.
    if (record.outcome.end == CallEnd::Unknown) record.outcome.end = CallEnd::Later;
    record.outcome.refused_fields.clear();
    record.outcome.problem = finish(Asked::Reading, record.outcome.problem);
    return record.outcome;
}

CallOutcome IntegrationAppConnector::remove(const RemoteId& id) {
    assert(id.is_set());
    const int before = calls_;
    return counted(before, write(Action::Remove, write_id_input(id), {}));
}

// --- Reading one --------------------------------------------------------------------------------

Reading IntegrationAppConnector::get_once(const RemoteId& id) {
    Reply reply = run(Action::Get, write_id_input(id));
    Reading reading{.end = reply.outcome.end,
                    .record = {},
                    .problem = reply.outcome.problem,
                    .retry_after = reply.outcome.retry_after};
    if (reading.end != CallEnd::Applied) return reading;
    std::optional<RemoteRecord> record = read_got_record(reply.answer.body, spec_);
    if (!record) {
        reading.end = CallEnd::Unknown;
        reading.problem = unclear_answer(reply.answer.status).problem;
    } else if (record->id.is_set()) {
        reading.record = std::move(*record);
        last_reading_ = {.id = id, .body = std::move(reply.answer.body), .at = doors_.clock.now()};
    } else {
        reading.end = CallEnd::Missing;
        reading.problem = {.code = "missing", .message = {}, .details = {}};
    }
    return reading;
}

/// The record as it is now; what was read for this write a moment ago is not read again.
Reply IntegrationAppConnector::read_for_write(const RemoteId& id) {
    const LastReading last = std::exchange(last_reading_, {});
    const bool is_fresh = last.id == id && doors_.clock.now() - last.at <= kReadingFresh;
    if (!is_fresh) return run(Action::Get, write_id_input(id));
    Reply reply;
    reply.answer.body = last.body;
    reply.outcome.end = CallEnd::Applied;
    return reply;
}

/// Reading changes nothing, so it may be repeated after any failure that may pass.
Reading IntegrationAppConnector::get(const RemoteId& id) {
    assert(id.is_set());
    if (spec_.get_action.empty()) {
        return {
            .end = CallEnd::Refused,
            .record = {},
            .problem = finish(Asked::Reading, {.code = "no_action", .message = {}, .details = {}}),
            .retry_after = {},
            .calls = 0};
    }
    const int before = calls_;
    RetryWait wait(doors_);
    Reading reading;
    for (int attempt = 0; attempt < kListAttemptsMax; ++attempt) {
        if (attempt > 0 && !wait.wait(reading.retry_after)) break;
        reading = get_once(id);
        if (!is_repeatable(reading.end, reading.problem)) break;
    }
    reading.problem = finish(Asked::Reading, reading.problem);
    reading.calls = calls_ - before;
    return reading;
}

std::string IntegrationAppConnector::account_fingerprint() {
    if (!session_) return {};
    ++calls_;
    const HttpAnswer answer =
        session_->get("/connections/" + percent_encode(spec_.connection), token());
    return is_success(answer) ? read_connection_id(answer.body) : std::string{};
}

}  // namespace

std::unique_ptr<Connector> make_integration_app_connector(const ConnectorSpec& spec,
                                                          const Workspace& workspace,
                                                          const CustomerId& customer,
                                                          const ConnectorDoors& doors) {
    return std::make_unique<IntegrationAppConnector>(spec, workspace, customer, doors);
}

std::optional<AnnouncedSettings> read_announced_settings(const std::string& api_url) {
    if (!is_loopback_url(api_url)) return std::nullopt;
    auto session =
        HttpSession::open(api_url, {.connect = kSettingsTimeout, .whole = kSettingsTimeout});
    if (!session.is_ok()) return std::nullopt;
    const HttpAnswer answer = session.value()->get("/sandbox/settings", "");
    return is_success(answer) ? read_settings(answer.body) : std::nullopt;
}

}  // namespace crm::sync
