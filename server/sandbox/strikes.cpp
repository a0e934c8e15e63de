// A strike that is an event is a small session of its own; whatever it meets, the call goes on.
#include "server/sandbox/strikes.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "server/sandbox/derived.h"
#include "server/sandbox/limits.h"

namespace crm::sandbox {
namespace {

void note_event(const Desk& desk, const Call& call, std::string_view action, std::int64_t id) {
    desk.calls.add({.customer = call.customer.text,
                    .door = Door::Event,
                    .system = call.system,
                    .method = "",
                    .action = std::string(action),
                    .status = 200,
                    .record_id = std::to_string(id),
                    .outcome = "ok",
                    .is_applied = true},
                   desk.clock.now());
}

// The n-th live record.
Result<std::vector<Record>> pick(Session& session, System system, std::size_t place) {
    return session.list({.system = system, .offset = place, .limit = 1});
}

Status merge_two(const Desk& desk, const Call& call, Dice dice) {
    Session session = CRM_TRY(enter(desk, call.customer, Access::Write));
    const std::size_t count = CRM_TRY(session.count({.system = call.system}));
    if (count < 2) return {};
    const std::size_t kept = dice.below(count);
    const std::size_t other = (kept + 1 + dice.below(count - 1)) % count;
    const std::vector<Record> first = CRM_TRY(pick(session, call.system, kept));
    const std::vector<Record> second = CRM_TRY(pick(session, call.system, other));
    if (first.empty() || second.empty()) return {};
    const CrmAnswer answer = CRM_TRY(crm_of(call.system)
                                         .merge(session,
                                                std::to_string(first.front().id),
                                                std::to_string(second.front().id),
                                                MergedId::New,
                                                desk.clock.now()));
    const auto* record = std::get_if<Record>(&answer);
    if (record == nullptr) return {};  // this CRM cannot, or not these two
    CRM_TRY(session.commit());
    note_event(desk, call, "merge", record->id);
    return {};
}

Status bump_some(const Desk& desk, const Call& call, Dice dice) {
    Session session = CRM_TRY(enter(desk, call.customer, Access::Write));
    const std::size_t count = CRM_TRY(session.count({.system = call.system}));
    for (std::size_t i = 0; i < std::min(count, kSandboxBumpsMax); ++i) {
        for (Record& record : CRM_TRY(pick(session, call.system, dice.below(count)))) {
            record.updated_at = std::chrono::floor<std::chrono::seconds>(desk.clock.now());
            CRM_TRY(session.replace(record));
            note_event(desk, call, "phantom_bump", record.id);
        }
    }
    return session.commit();
}

Status happen(const Desk& desk, const Call& call, const Strike& strike) {
    if (strike.fault == Fault::Merge) return merge_two(desk, call, Dice(strike.chance));
    return bump_some(desk, call, Dice(strike.chance));
}

Call bend_reading(const Desk& desk, Call call, const Strike& strike) {
    View view{.now = desk.clock.now()};
    if (strike.fault == Fault::Stale || strike.fault == Fault::Lag) view.age = strike.delay;
    if (strike.fault == Fault::Lag) view.spread = strike.chance;
    if (strike.fault == Fault::SkipRecord) view.shift = 1;
    if (strike.fault == Fault::RepeatRecord) view.shift = -1;
    if (strike.fault == Fault::ShortList) call.page_bend = PageBend::Short;
    if (strike.fault == Fault::EmptyPage) call.page_bend = PageBend::Empty;
    if (strike.fault == Fault::RepeatCursor) call.page_bend = PageBend::Circle;
    call.view = view;
    return call;
}

Ending write_late(const Desk& desk, const Call& call, const Strike& strike, Apply apply) {
    const bool is_taken = desk.later(strike.delay, [&desk, call, apply] {
        Ending ending = apply(desk, call);
        ending.outcome = ending.is_applied ? "applied_late" : "refused_late";
        note_call(desk, call, ending);
    });
    return lost({}, is_taken ? "late_write" : "lost_request");
}

// Nothing happens; only the answer differs.
Ending refuse(const Call& call, const Strike& strike) {
    switch (strike.fault) {
        case Fault::LoseRequest:
            return lost({}, "lost_request");
        case Fault::RateLimit:
            return refused(call.system, crm_of(call.system).rate_limit(strike.limit));
        case Fault::PlainLimit:
            return {.response = {.status = 429,
                                 .content_type = "text/plain; charset=utf-8",
                                 .body = "Too Many Requests\n"},
                    .outcome = "plain_limit"};
        case Fault::Locked:
            return refused(call.system,
                           {.status = 423,
                            .body = Json::object({{"status", "error"}, {"message", "Locked"}}),
                            .message = "Locked"});
        case Fault::Blocked:
            return refused(
                call.system,
                {.status = 403,
                 .body = Json("<!DOCTYPE html><html><body>Attention required</body></html>"),
                 .message = "Forbidden"});
        case Fault::ReadOnly:
            return refused(call.system, crm_of(call.system).read_only());
        case Fault::TokenExpired:
            return token_expired();
        case Fault::AccessExpired:
            return access_expired(call.system);
        case Fault::Disconnect:
            return defunct(call.system);
        case Fault::Error502:
        case Fault::Merge:
        case Fault::PhantomBump:
        case Fault::Lag:
        case Fault::Stale:
        case Fault::SkipRecord:
        case Fault::RepeatRecord:
        case Fault::ShortList:
        case Fault::EmptyPage:
        case Fault::RepeatCursor:
        case Fault::LoseAnswer:
        case Fault::LateWrite:
        case Fault::CutAnswer:
        case Fault::Delay:
            break;
    }
    return bad_gateway();
}

Ending end(const Desk& desk, const Call& call, const Strike& strike, Apply apply) {
    if (strike.fault == Fault::LateWrite) return write_late(desk, call, strike, apply);
    if (!desk.pause(strike.delay)) return lost({}, "stopped");
    if (strike.fault == Fault::Delay) return apply(desk, call);
    if (strike.fault == Fault::LoseAnswer) return lost(apply(desk, call), "lost_answer");
    if (strike.fault == Fault::CutAnswer) return cut(apply(desk, call));
    return refuse(call, strike);
}

}  // namespace

Ending strike(const Desk& desk, const Call& call, const Strikes& strikes, Apply apply) {
    if (strikes.event) {
        const Status happened = happen(desk, call, *strikes.event);
        if (!happened.is_ok()) return broken(happened.error());
    }
    if (!strikes.reading) {
        return strikes.ending ? end(desk, call, *strikes.ending, apply) : apply(desk, call);
    }
    const Call bent = bend_reading(desk, call, *strikes.reading);
    Ending ending = strikes.ending ? end(desk, bent, *strikes.ending, apply) : apply(desk, bent);
    if (ending.outcome == "ok") ending.outcome = word_of(strikes.reading->fault);
    return ending;
}

void bend_page(PageBend bend, System system, const std::string& cursor, Page& page) {
    switch (bend) {
        case PageBend::None:
            return;
        case PageBend::Short:
            page.records.resize(page.records.size() / 2);
            page.cursor.clear();
            return;
        case PageBend::Empty:
            page.records.clear();
            break;
        case PageBend::Circle:
            break;
    }
    const std::string first = system == System::Practice ? "from-0" : "0";
    page.cursor = cursor.empty() ? first : cursor;
}

void note_call(const Desk& desk, const Call& call, const Ending& ending) {
    desk.calls.add({.customer = call.customer.text,
                    .door = call.door,
                    .system = call.system,
                    .method = "POST",
                    .action = call.action,
                    .status = ending.response.status,
                    .record_id = ending.record_id,
                    .outcome = ending.outcome,
                    .is_applied = ending.is_applied},
                   desk.clock.now());
}

}  // namespace crm::sandbox
