#include "server/sync/field_merge.h"

#include <algorithm>

#include "server/limits.h"
#include "server/sync/rule.h"
#include "shared/contact_parse.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

constexpr TimePoint kOpenEnd{std::chrono::milliseconds{253'402'300'799'000}};  // the year 9999

std::string canonical(FieldKind kind, std::string_view text) {
    switch (kind) {
        case FieldKind::Email: {
            const std::optional<std::string> key = email_key(text);
            return key ? *key : fold(text);
        }
        case FieldKind::Phone: {
            std::string digits = digits_of(text);
            // A number without digits is a word that somebody typed there.
            return digits.empty() ? canonical_text(text) : digits;
        }
        case FieldKind::Line:
        case FieldKind::MultiLine:
            return canonical_text(text);
    }
    return std::string(text);
}

/// Whether a reading says what is known already.
bool agrees(FieldKind kind, std::string_view left, std::string_view right) {
    return left == right || (is_on(Rule::Canonical) && is_same_value(kind, left, right));
}

/// The present value is about to be replaced by `next`.
void supersede(FieldShadow& shadow, const std::string& next, TimePoint until) {
    const auto is_present_or_next = [&](const SupersededValue& old) {
        return old.raw == shadow.raw || old.raw == next;
    };
    std::erase_if(shadow.superseded, is_present_or_next);
    if (shadow.superseded.size() >= kSupersededKept)
        shadow.superseded.erase(shadow.superseded.begin());
    shadow.superseded.push_back({shadow.raw, until});
}

void open_window(FieldShadow& shadow, TimePoint until, bool is_own) {
    shadow.settle_until = until;
    shadow.is_settling_own = is_own;
    shadow.doubt_until = TimePoint{};
    shadow.noted.clear();
}

/// Drops what no later reading can need. Not worth a write of its own.
void prune(FieldShadow& shadow, TimePoint started, const Rules& rules) {
    std::erase_if(shadow.sent, [&](const SentValue& sent) { return sent.until <= started; });
    std::erase_if(shadow.lost,
                  [&](const SentValue& lost) { return lost.until + 2 * rules.late <= started; });
    if (shadow.settle_until <= started) shadow.noted.clear();
}

/// This reading tells what the field holds since a value was seen in doubt. True when one was.
bool end_doubt(FieldShadow& shadow, TimePoint started) {
    if (shadow.doubt_until == TimePoint{} || started < shadow.doubt_until) return false;
    shadow.doubt_until = TimePoint{};
    return true;
}

FieldVerdict adopt(const FieldReading& reading, const Rules& rules) {
    FieldVerdict verdict;
    verdict.is_shadow_changed = true;
    const std::string value = trim(reading.raw);
    FieldShadow& shadow = verdict.shadow;
    shadow.raw = reading.raw;
    shadow.app = value;
    open_window(shadow, reading.window.ended + rules.settle, false);
    if (agrees(reading.spec.kind, reading.app, value)) {
        shadow.app = reading.app;
    } else if (!field_problem(reading.spec, value).empty()) {
        shadow.app = reading.app;
        verdict.conflict = "unusable";
    } else if (reading.app.empty()) {
        verdict.taken = value;
    } else if (!value.empty()) {
        verdict.conflict = "first_sync";
        if (reading.is_theirs_preferred) verdict.taken = value;
    }
    return verdict;
}

bool is_noted(const FieldShadow& shadow, const std::string& raw) {
    return std::find(shadow.noted.begin(), shadow.noted.end(), raw) != shadow.noted.end();
}

bool is_superseded(const FieldShadow& shadow, const FieldReading& reading) {
    return std::any_of(
        shadow.superseded.begin(), shadow.superseded.end(), [&](const SupersededValue& old) {
            return agrees(reading.spec.kind, old.raw, reading.raw);
        });
}

/// The value is one from before, and it may be ours: a write of other fields that got no answer may
/// have put it back, in a system that takes whole records. Remembered while it is undecided.
bool may_be_put_back(const FieldReading& reading) {
    if (reading.shadow == nullptr || !is_superseded(*reading.shadow, reading)) return false;
    if (is_noted(*reading.shadow, reading.raw)) return true;
    return reading.intent != nullptr && reading.intent->kind == IntentKind::Update &&
           reading.intent->is_unknown &&
           !reading.intent->raw.contains(std::string(reading.spec.wire));
}

/// Nobody can tell yet whether the value that is back came from a write of ours.
void note_put_back(FieldVerdict& verdict, const FieldReading& reading) {
    FieldShadow& shadow = verdict.shadow;
    if (!is_noted(shadow, reading.raw)) shadow.noted.push_back(reading.raw);
    if (!is_noted(*reading.shadow, reading.raw)) verdict.is_shadow_changed = true;
}

/// Somebody edited the field over there, and the reading is conclusive.
void take_edit(FieldVerdict& verdict, const FieldReading& reading, const Rules& rules) {
    FieldShadow& shadow = verdict.shadow;
    verdict.is_shadow_changed = true;
    verdict.is_edit = true;
    verdict.is_return = is_superseded(shadow, reading);
    const bool has_our_edit = reading.app != shadow.app;
    supersede(shadow, reading.raw, reading.window.ended + rules.settle);
    // Another value that was seen in doubt may be the newer one: it still waits for its answer.
    const TimePoint doubt_until = shadow.doubt_until;
    open_window(shadow, reading.window.ended + rules.settle, false);
    shadow.doubt_until = doubt_until;
    shadow.raw = reading.raw;
    const std::string value = trim(reading.raw);
    if (agrees(reading.spec.kind, reading.app, value)) {
        shadow.app = reading.app;
        return;
    }
    if (!field_problem(reading.spec, value).empty()) {
        verdict.conflict = "unusable";
        return;
    }
    shadow.app = value;
    if (has_our_edit) {
        verdict.conflict = "both_changed";
    } else if (may_be_put_back(reading)) {
        verdict.conflict = "during_own_write";
    }
    if (!has_our_edit || reading.is_theirs_preferred) verdict.taken = value;
}

bool is_in_intent(const FieldReading& reading) {
    if (reading.intent == nullptr || reading.intent->kind != IntentKind::Update) return false;
    const auto found = reading.intent->raw.find(std::string(reading.spec.wire));
    return found != reading.intent->raw.end() &&
           is_same_value(reading.spec.kind, found->second, reading.raw);
}

/// The value of ours that a reading echoes, or nullptr.
const SentValue* find_sent(const FieldShadow& shadow, const FieldReading& reading) {
    if (!is_on(Rule::OwnEcho)) return nullptr;
    for (auto sent = shadow.sent.rbegin(); sent != shadow.sent.rend(); ++sent) {
        if (agrees(reading.spec.kind, sent->raw, reading.raw)) return &*sent;
    }
    return nullptr;
}

/// When the value is one that was replaced lately: until when a listing may still show it.
std::optional<TimePoint> explained_until(const FieldShadow& shadow, const FieldReading& reading) {
    if (!is_on(Rule::Superseded)) return std::nullopt;
    for (const SupersededValue& old : shadow.superseded) {
        if (reading.window.started < old.until && agrees(reading.spec.kind, old.raw, reading.raw)) {
            return old.until;
        }
    }
    return std::nullopt;
}

/// Inside the window of our own write, an unknown value is a sign that we wrote over an edit.
void note_overwritten(FieldVerdict& verdict, const FieldReading& reading) {
    FieldShadow& shadow = verdict.shadow;
    if (!shadow.is_settling_own) return;
    if (is_noted(shadow, reading.raw)) return;
    shadow.noted.push_back(reading.raw);
    verdict.is_shadow_changed = true;
    verdict.conflict = "during_own_write";
}

/// A value that was replaced shows again soon after no reading may show it any more: somebody typed
/// it again, or readings are older than Δ. Once, its time is put off, to see which it is. True when
/// it was.
bool puts_off(FieldVerdict& verdict, const FieldReading& reading, const Rules& rules) {
    if (!is_on(Rule::MeasuredSettle)) return false;
    FieldShadow& shadow = verdict.shadow;
    for (SupersededValue& old : shadow.superseded) {
        const bool is_recent = reading.window.started < old.until + 2 * rules.settle;
        if (!is_recent || old.late_by.count() != 0 ||
            !agrees(reading.spec.kind, old.raw, reading.raw))
            continue;
        old.late_by = reading.window.started - old.until + rules.settle;
        old.until = reading.window.ended + 2 * rules.settle;
        shadow.doubt_until = std::max(shadow.doubt_until, old.until);
        verdict.decidable_at = old.until;
        verdict.is_shadow_changed = true;
        return true;
    }
    return false;
}

/// The agreed value shows. Whatever was put off was an old reading indeed.
void note_agreement(FieldVerdict& verdict, const FieldReading& reading) {
    FieldShadow& shadow = verdict.shadow;
    if (shadow.raw != reading.raw) {
        shadow.raw = reading.raw;
        verdict.is_shadow_changed = true;
    }
    for (SupersededValue& old : shadow.superseded) {
        if (old.late_by.count() == 0) continue;
        verdict.late_by = std::max(verdict.late_by, old.late_by);
        old.late_by = {};
        verdict.is_shadow_changed = true;
    }
    if (reading.order == ReadingOrder::Newer && shadow.doubt_until != TimePoint{}) {
        shadow.doubt_until = TimePoint{};
        verdict.is_shadow_changed = true;
    }
}

/// A value of our own shows that is not the agreed one: a write of ours landed, late perhaps.
void note_landed(FieldVerdict& verdict,
                 const FieldReading& reading,
                 const std::string& app,
                 const Rules& rules) {
    FieldShadow& shadow = verdict.shadow;
    supersede(shadow, reading.raw, reading.window.ended + rules.settle);
    shadow.raw = reading.raw;
    shadow.app = app;
    std::erase_if(shadow.lost, [&](const SentValue& lost) {
        return agrees(reading.spec.kind, lost.raw, reading.raw);
    });
    verdict.is_shadow_changed = true;
}

/// A write without an answer that counted as never done shows now: Λ is too short. True when it
/// does. Should somebody have typed just that value, the conflict keeps it.
bool lands_late(FieldVerdict& verdict, const FieldReading& reading, const Rules& rules) {
    if (!is_on(Rule::MeasuredSettle)) return false;
    const std::vector<SentValue>& lost = verdict.shadow.lost;
    const auto landed = std::find_if(lost.begin(), lost.end(), [&](const SentValue& value) {
        return value.until <= reading.window.started &&
               agrees(reading.spec.kind, value.raw, reading.raw);
    });
    if (landed == lost.end()) return false;
    const std::string app = landed->app;
    verdict.is_late_call = true;
    if (!agrees(reading.spec.kind, reading.app, app)) verdict.conflict = "during_own_write";
    note_landed(verdict, reading, app, rules);
    return true;
}

/// The record is older than what we know. It still tells of an edit that we wrote over unseen.
void read_older(FieldVerdict& verdict, const FieldReading& reading) {
    FieldShadow& shadow = verdict.shadow;
    const bool is_known = agrees(reading.spec.kind, reading.raw, shadow.raw) ||
                          find_sent(shadow, reading) != nullptr || is_superseded(shadow, reading);
    if (!is_known && reading.window.started < shadow.settle_until)
        note_overwritten(verdict, reading);
}

/// Only the windows tell old from new.
void read_unordered(FieldVerdict& verdict, const FieldReading& reading, const Rules& rules) {
    FieldShadow& shadow = verdict.shadow;
    const bool is_in_window = reading.window.started < shadow.settle_until;
    if (const SentValue* sent = find_sent(shadow, reading); sent != nullptr) {
        if (is_on(Rule::OwnEchoWindow) && is_in_window && !is_in_intent(reading)) {
            verdict.decidable_at = shadow.settle_until;
            return;
        }
        note_landed(verdict, reading, std::string(sent->app), rules);
        return;
    }
    verdict.decidable_at = explained_until(shadow, reading);
    if (verdict.decidable_at) return;
    if (is_on(Rule::StalenessWindow) && is_in_window) {
        verdict.decidable_at = shadow.settle_until;
        shadow.doubt_until = std::max(shadow.doubt_until, reading.window.ended + rules.settle);
        verdict.is_shadow_changed = true;
        note_overwritten(verdict, reading);
        return;
    }
    if (lands_late(verdict, reading, rules) || puts_off(verdict, reading, rules)) return;
    take_edit(verdict, reading, rules);
}

}  // namespace

bool is_same_value(FieldKind kind, std::string_view left, std::string_view right) {
    return left == right || canonical(kind, left) == canonical(kind, right);
}

FieldVerdict merge_field(const FieldReading& reading, const Rules& rules) {
    if (reading.shadow == nullptr) return adopt(reading, rules);
    FieldVerdict verdict;
    FieldShadow& shadow = verdict.shadow;
    shadow = *reading.shadow;
    prune(shadow, reading.window.started, rules);
    verdict.is_shadow_changed = end_doubt(shadow, reading.window.started);
    if (reading.order == ReadingOrder::Older) {
        read_older(verdict, reading);
    } else if (agrees(reading.spec.kind, reading.raw, shadow.raw)) {
        note_agreement(verdict, reading);
    } else if (reading.order == ReadingOrder::Unknown) {
        read_unordered(verdict, reading, rules);
        if (verdict.decidable_at && may_be_put_back(reading)) note_put_back(verdict, reading);
    } else if (const SentValue* sent = find_sent(shadow, reading);
               sent != nullptr && is_in_intent(reading)) {
        note_landed(verdict, reading, std::string(sent->app), rules);
    } else if (!lands_late(verdict, reading, rules)) {
        take_edit(verdict, reading, rules);
    }
    return verdict;
}

void note_sent(FieldShadow& shadow, const std::string& raw, const std::string& app) {
    std::erase_if(shadow.sent, [&](const SentValue& sent) { return sent.raw == raw; });
    shadow.sent.push_back({raw, app, kOpenEnd});
    open_window(shadow, kOpenEnd, true);
}

void note_acked(FieldShadow& shadow,
                const std::string& raw,
                const std::string& app,
                TimePoint at,
                const Rules& rules) {
    const TimePoint until = at + rules.settle;
    if (shadow.raw != raw) supersede(shadow, raw, until);
    shadow.raw = raw;
    shadow.app = app;
    for (SentValue& sent : shadow.sent) {
        if (sent.until == kOpenEnd) sent.until = until;
    }
    open_window(shadow, until, true);
}

void note_refused(FieldShadow& shadow, TimePoint at, const Rules& rules) {
    std::erase_if(shadow.sent, [](const SentValue& sent) { return sent.until == kOpenEnd; });
    // The window that was open before is not known any more: a full new one is never too short.
    open_window(shadow, at + rules.settle, false);
}

void note_unknown(FieldShadow& shadow, TimePoint deadline, const Rules& rules) {
    const TimePoint until = deadline + rules.settle;
    for (SentValue& sent : shadow.sent) {
        if (sent.until != kOpenEnd) continue;
        sent.until = until;
        if (shadow.lost.size() >= kSupersededKept) shadow.lost.erase(shadow.lost.begin());
        shadow.lost.push_back(sent);
    }
    open_window(shadow, until, true);
}

}  // namespace crm::sync
