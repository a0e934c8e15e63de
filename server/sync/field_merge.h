// What one field of one record, as just read, means for us. Pure. The heart of "no lost edit": a
// value is only taken over when the reading is provably newer than what we know, and whatever loses
// is handed back as a conflict.
//
//   raw equals the shadow                       nothing
//   raw equals it but for formatting            remember the formatting
//   raw is a value of our own                   our write landed (or, in the window, an old
//                                               reading: wait)
//   raw is a value that was replaced lately     an old reading: wait
//   the window is open                          cannot tell old from new: wait
//   it was replaced, but not that lately        once: wait longer, it may be a reading that is
//                                               older than we think readings can be
//   otherwise somebody edited it there          we did not: take it. We did too: one stands as
//                                               the policy says, the other is kept
//
// A value that goes back while a write of other fields has no answer is taken like an edit, but the
// one that it replaces is kept: where a system takes whole records, it may have been our write.
//
// A system whose versions are trusted tells new from old itself: then nothing waits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/store/sync_notes.h"
#include "server/sync/rules.h"
#include "shared/contact.h"

namespace crm::sync {

/// What the version of a record says about a reading.
enum class ReadingOrder {
    Unknown,  // nothing: the windows decide
    Older,    // older than what we know
    Newer,    // newer than all we know
};

struct FieldReading {
    const FieldSpec& spec;
    const FieldShadow* shadow;  // nullptr: never agreed on, this sight adopts
    const std::string& app;     // our value now
    const std::string& raw;     // what the system shows
    const Intent* intent;       // the open one of this contact and system, or nullptr
    Window window;
    ReadingOrder order = ReadingOrder::Unknown;
    bool is_theirs_preferred = false;  // when both sides changed
};

struct FieldVerdict {
    FieldShadow shadow;  // to be stored
    bool is_shadow_changed = false;
    std::optional<std::string> taken;       // our new value
    std::string conflict;                   // kind of ConflictRow, or empty
    bool is_edit = false;                   // somebody changed it over there
    bool is_return = false;                 // ... back to a value that it had before
    std::chrono::milliseconds late_by{0};   // an earlier reading was this old, as is known now
    bool is_late_call = false;              // a write without answer took effect after Λ
    std::optional<TimePoint> decidable_at;  // a listing started from then on will tell
};

[[nodiscard]] FieldVerdict merge_field(const FieldReading& reading, const Rules& rules);

/// Two values of a system that differ only by what systems do to values: case of e-mails,
/// punctuation of phones, white space.
[[nodiscard]] bool is_same_value(FieldKind kind, std::string_view left, std::string_view right);

/// Notes a write of ours before the call: until when an echo of it is no edit is open-ended
/// (`until` far away).
void note_sent(FieldShadow& shadow, const std::string& raw, const std::string& app);

/// The write was confirmed at `at`: the shadow is what we sent, a window opens.
void note_acked(FieldShadow& shadow,
                const std::string& raw,
                const std::string& app,
                TimePoint at,
                const Rules& rules);

/// The write surely did not happen.
void note_refused(FieldShadow& shadow, TimePoint at, const Rules& rules);

/// The write got no answer and takes effect until `deadline` or never.
void note_unknown(FieldShadow& shadow, TimePoint deadline, const Rules& rules);

}  // namespace crm::sync
