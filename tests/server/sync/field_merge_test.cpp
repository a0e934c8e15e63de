// One field of one reading: every row of the table in field_merge.h, and the windows around it.
#include "server/sync/field_merge.h"

#include <doctest/doctest.h>

namespace crm::sync {
namespace {

using std::chrono::seconds;

TimePoint at(int second) {
    return TimePoint(seconds(1'000'000 + second));
}

const FieldSpec& name_spec() {
    return *find_field("name");
}

/// A field that was agreed on long ago.
FieldShadow agreed(const std::string& value) {
    FieldShadow shadow;
    shadow.raw = value;
    shadow.app = value;
    return shadow;
}

struct Read {
    const FieldSpec& spec = name_spec();
    std::optional<FieldShadow> shadow;
    std::string app;
    std::string raw;
    std::optional<Intent> intent = {};
    int started = 100;
    ReadingOrder order = ReadingOrder::Unknown;
    bool is_theirs_preferred = false;
};

FieldVerdict judge(const Read& read) {
    return merge_field({.spec = read.spec,
                        .shadow = read.shadow ? &*read.shadow : nullptr,
                        .app = read.app,
                        .raw = read.raw,
                        .intent = read.intent ? &*read.intent : nullptr,
                        .window = {at(read.started), at(read.started + 1)},
                        .order = read.order,
                        .is_theirs_preferred = read.is_theirs_preferred},
                       {seconds(10), seconds(20)});
}

TEST_CASE("field: nothing changed anywhere, nothing to do") {
    const FieldVerdict verdict = judge({.shadow = agreed("Ada"), .app = "Ada", .raw = "Ada"});
    CHECK_FALSE(verdict.is_shadow_changed);
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.conflict.empty());
}

TEST_CASE("field: an edit over there is taken when nobody edited here") {
    const FieldVerdict verdict = judge({.shadow = agreed("Ada"), .app = "Ada", .raw = "Ada King"});
    REQUIRE(verdict.taken);
    CHECK(*verdict.taken == "Ada King");
    CHECK(verdict.shadow.raw == "Ada King");
    CHECK(verdict.shadow.app == "Ada King");
    CHECK(verdict.shadow.settle_until == at(111));
    REQUIRE(verdict.shadow.superseded.size() == 1);
    CHECK(verdict.shadow.superseded[0].raw == "Ada");
}

TEST_CASE("field: clearing a value over there is an edit like any other") {
    const FieldVerdict verdict = judge({.shadow = agreed("Ada"), .app = "Ada", .raw = ""});
    REQUIRE(verdict.taken);
    CHECK(verdict.taken->empty());
}

TEST_CASE("field: edits on both sides are a conflict, and ours stands") {
    const FieldVerdict verdict = judge({.shadow = agreed("Ada"), .app = "Ours", .raw = "Theirs"});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.conflict == "both_changed");
    CHECK(verdict.shadow.app == "Theirs");  // differs from ours, so ours is sent
}

TEST_CASE("field: the same edit on both sides is agreement") {
    const FieldVerdict verdict =
        judge({.shadow = agreed("Ada"), .app = "Ada King", .raw = "Ada  King "});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.conflict.empty());
    CHECK(verdict.shadow.app == "Ada King");
}

TEST_CASE("field: what a system does to formatting is no edit") {
    const FieldSpec& phone = *find_field("phone");
    const FieldSpec& email = *find_field("email");
    FieldVerdict verdict = judge(
        {.spec = phone, .shadow = agreed("+44 20 1234"), .app = "+44 20 1234", .raw = "44201234"});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.shadow.raw == "44201234");
    CHECK(verdict.shadow.app == "+44 20 1234");
    verdict = judge(
        {.spec = email, .shadow = agreed("Ada@X.org"), .app = "Ada@X.org", .raw = "ada@x.org"});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.shadow.app == "Ada@X.org");
}

TEST_CASE("field: inside the window a new value waits, and is decided after it") {
    FieldShadow shadow = agreed("Ada");
    shadow.settle_until = at(105);
    FieldVerdict verdict = judge({.shadow = shadow, .app = "Ada", .raw = "Old or new?"});
    CHECK_FALSE(verdict.taken);
    REQUIRE(verdict.decidable_at);
    CHECK(*verdict.decidable_at == at(105));
    verdict = judge({.shadow = shadow, .app = "Ada", .raw = "Old or new?", .started = 105});
    CHECK(verdict.taken);
}

TEST_CASE("field: a value that was replaced lately is an old reading") {
    FieldShadow shadow = agreed("New");
    shadow.superseded = {{"Old", at(120)}};
    CHECK_FALSE(judge({.shadow = shadow, .app = "New", .raw = "Old"}).taken);
    CHECK(judge({.shadow = shadow, .app = "New", .raw = "Old", .started = 140}).taken);
}

TEST_CASE("field: a replaced value that shows soon after its time waits once, then it is an edit") {
    FieldShadow shadow = agreed("New");
    shadow.superseded = {{"Old", at(120)}};
    FieldVerdict verdict = judge({.shadow = shadow, .app = "New", .raw = "Old", .started = 120});
    CHECK_FALSE(verdict.taken);
    REQUIRE(verdict.decidable_at);
    CHECK(*verdict.decidable_at == at(141));
    CHECK(verdict.shadow.doubt_until == at(141));
    CHECK_FALSE(
        judge({.shadow = verdict.shadow, .app = "New", .raw = "Old", .started = 140}).taken);
    verdict = judge({.shadow = verdict.shadow, .app = "New", .raw = "Old", .started = 141});
    REQUIRE(verdict.taken);
    CHECK(*verdict.taken == "Old");
    CHECK(verdict.late_by.count() == 0);  // it was somebody's edit, and no reading too old
}

TEST_CASE("field: a doubt ends with the first reading after its time, and only with one") {
    FieldShadow shadow = agreed("Ada");
    shadow.doubt_until = at(101);
    FieldVerdict verdict = judge({.shadow = shadow, .app = "Ada", .raw = "Ada"});
    CHECK(verdict.shadow.doubt_until == at(101));
    verdict = judge({.shadow = shadow, .app = "Ada", .raw = "Ada", .started = 101});
    CHECK(verdict.shadow.doubt_until == TimePoint{});
    CHECK(verdict.is_shadow_changed);
}

TEST_CASE("field: when the newer value shows again, the reading before was older than it may be") {
    FieldShadow shadow = agreed("New");
    shadow.superseded = {{"Old", at(120)}};  // replaced at 110, as Δ is 10
    FieldVerdict verdict = judge({.shadow = shadow, .app = "New", .raw = "Old", .started = 125});
    verdict = judge({.shadow = verdict.shadow, .app = "New", .raw = "New", .started = 128});
    CHECK(verdict.late_by == seconds(15));
    CHECK(verdict.is_shadow_changed);
    verdict = judge({.shadow = verdict.shadow, .app = "New", .raw = "New", .started = 129});
    CHECK(verdict.late_by.count() == 0);
    CHECK_FALSE(verdict.is_shadow_changed);
}

TEST_CASE("field: a newer version is believed inside every window") {
    FieldShadow shadow = agreed("Ours");
    shadow.superseded = {{"Old", at(120)}};
    shadow.sent = {{"Earlier", "Earlier", at(120)}};
    shadow.settle_until = at(120);
    shadow.is_settling_own = true;
    for (const std::string value : {"Novel", "Old", "Earlier"}) {
        const FieldVerdict verdict =
            judge({.shadow = shadow, .app = "Ours", .raw = value, .order = ReadingOrder::Newer});
        REQUIRE(verdict.taken);
        CHECK(*verdict.taken == value);
        CHECK_FALSE(verdict.decidable_at);
        CHECK(verdict.conflict.empty());
    }
}

TEST_CASE("field: an older version changes nothing, but tells of an edit that was written over") {
    FieldShadow shadow = agreed("Ours");
    shadow.superseded = {{"Old", at(90)}};
    shadow.settle_until = at(120);
    shadow.is_settling_own = true;
    const ReadingOrder older = ReadingOrder::Older;
    FieldVerdict verdict =
        judge({.shadow = shadow, .app = "Ours", .raw = "Old", .started = 115, .order = older});
    CHECK_FALSE(verdict.is_shadow_changed);
    CHECK(verdict.conflict.empty());
    verdict = judge(
        {.shadow = shadow, .app = "Ours", .raw = "Unseen edit", .started = 115, .order = older});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.conflict == "during_own_write");
    CHECK(verdict.shadow.raw == "Ours");
    verdict = judge({.shadow = shadow, .app = "Ours", .raw = "?", .started = 121, .order = older});
    CHECK_FALSE(verdict.is_shadow_changed);
}

/// An update of the phone that got no answer.
Intent unanswered() {
    Intent intent;
    intent.kind = IntentKind::Update;
    intent.raw = {{"phone", "1"}};
    intent.is_unknown = true;
    return intent;
}

TEST_CASE("field: a value that goes back while a write has no answer is taken, the other kept") {
    FieldShadow shadow = agreed("New");
    shadow.superseded = {{"Old", at(50)}};
    Read read{.shadow = shadow, .app = "New", .raw = "Old", .intent = unanswered()};
    CHECK(judge(read).taken == "Old");
    CHECK(judge(read).conflict == "during_own_write");
    read.order = ReadingOrder::Newer;
    CHECK(judge(read).conflict == "during_own_write");
    read.raw = "Newer";
    CHECK(judge(read).taken == "Newer");
    CHECK(judge(read).conflict.empty());
    read.raw = "Old";
    read.intent->is_unknown = false;
    CHECK(judge(read).conflict.empty());
    read.intent = {};
    CHECK(judge(read).conflict.empty());
}

TEST_CASE("field: that a write may have turned a value back is remembered until it is decided") {
    FieldShadow shadow = agreed("New");
    shadow.superseded = {{"Old", at(105)}};
    shadow.settle_until = at(105);
    FieldVerdict verdict =
        judge({.shadow = shadow, .app = "New", .raw = "Old", .intent = unanswered()});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.is_shadow_changed);
    CHECK(verdict.conflict.empty());
    // The write is known to have landed by now; a first look at what is too old waits once more.
    verdict = judge({.shadow = verdict.shadow, .app = "New", .raw = "Old", .started = 106});
    CHECK_FALSE(verdict.taken);
    verdict = judge({.shadow = verdict.shadow, .app = "New", .raw = "Old", .started = 200});
    CHECK(verdict.taken == "Old");
    CHECK(verdict.conflict == "during_own_write");
}

TEST_CASE("field: where the system is preferred, its value is taken and ours is the loser") {
    FieldVerdict verdict = judge(
        {.shadow = agreed("Ada"), .app = "Ours", .raw = "Theirs", .is_theirs_preferred = true});
    CHECK(verdict.conflict == "both_changed");
    REQUIRE(verdict.taken);
    CHECK(*verdict.taken == "Theirs");
    verdict = judge({.app = "Ours", .raw = "Theirs", .is_theirs_preferred = true});
    CHECK(verdict.conflict == "first_sync");
    CHECK(verdict.taken);
    // An empty value is no opinion at first sight.
    CHECK_FALSE(judge({.app = "Ours", .raw = "", .is_theirs_preferred = true}).taken);
}

TEST_CASE("field: our own write that is confirmed is the new agreement, and its echo is nothing") {
    FieldShadow shadow = agreed("Ada");
    note_sent(shadow, "Ada King", "Ada King");
    note_acked(shadow, "Ada King", "Ada King", at(90), {seconds(10), seconds(20)});
    CHECK(shadow.raw == "Ada King");
    CHECK(shadow.settle_until == at(100));
    const FieldVerdict echo = judge({.shadow = shadow, .app = "Ada King", .raw = "Ada King"});
    CHECK_FALSE(echo.taken);
    const FieldVerdict stale =
        judge({.shadow = shadow, .app = "Ada King", .raw = "Ada", .started = 95});
    CHECK_FALSE(stale.taken);
    CHECK(stale.decidable_at);
}

TEST_CASE("field: a person who types an old value of ours again, after the window, is heard") {
    FieldShadow shadow = agreed("Base");
    note_sent(shadow, "Ours", "Ours");
    note_acked(shadow, "Ours", "Ours", at(10), {seconds(10), seconds(20)});
    FieldVerdict verdict = judge({.shadow = shadow, .app = "Ours", .raw = "Theirs", .started = 50});
    REQUIRE(verdict.taken);
    verdict = judge({.shadow = verdict.shadow, .app = "Theirs", .raw = "Ours", .started = 100});
    REQUIRE(verdict.taken);
    CHECK(*verdict.taken == "Ours");
}

TEST_CASE("field: a write without an answer is ours when it shows, and nothing when it does not") {
    FieldShadow shadow = agreed("Ada");
    note_sent(shadow, "Ada King", "Ada King");
    note_unknown(shadow, at(110), {seconds(10), seconds(20)});
    Intent intent;
    intent.kind = IntentKind::Update;
    intent.raw = {{"name", "Ada King"}};
    intent.is_unknown = true;
    const FieldVerdict landed =
        judge({.shadow = shadow, .app = "Ada King", .raw = "Ada King", .intent = intent});
    CHECK(landed.shadow.raw == "Ada King");
    CHECK(landed.shadow.app == "Ada King");
    CHECK_FALSE(landed.taken);
    const FieldVerdict not_yet =
        judge({.shadow = shadow, .app = "Ada King", .raw = "Ada", .intent = intent});
    CHECK_FALSE(not_yet.taken);
    CHECK(not_yet.shadow.raw == "Ada");
}

/// “Lost” was sent until 20 and never seen; until 30 it could have been in a reading. Later
/// “Ours” was written, and that was confirmed.
FieldShadow after_lost_write() {
    const Rules rules{seconds(10), seconds(20)};
    FieldShadow shadow = agreed("Base");
    note_sent(shadow, "Lost", "Lost");
    note_unknown(shadow, at(20), rules);
    shadow = judge({.shadow = shadow, .app = "Lost", .raw = "Base", .started = 31}).shadow;
    note_sent(shadow, "Ours", "Ours");
    note_acked(shadow, "Ours", "Ours", at(40), rules);
    return shadow;
}

TEST_CASE("field: a write that took effect later than it could is no edit, and is put right") {
    const FieldVerdict late =
        judge({.shadow = after_lost_write(), .app = "Ours", .raw = "Lost", .started = 60});
    CHECK(late.is_late_call);
    CHECK_FALSE(late.taken);
    CHECK(late.shadow.raw == "Lost");
    CHECK(late.shadow.app == "Lost");            // not what is here: ours is written again
    CHECK(late.conflict == "during_own_write");  // should somebody have typed it after all
    CHECK(late.shadow.lost.empty());
    // It happens once: whoever types the value after that is heard.
    FieldShadow shadow = late.shadow;
    note_sent(shadow, "Ours", "Ours");
    note_acked(shadow, "Ours", "Ours", at(62), {seconds(10), seconds(20)});
    const FieldVerdict typed =
        judge({.shadow = shadow, .app = "Ours", .raw = "Lost", .started = 100});
    CHECK(typed.taken);
    CHECK_FALSE(typed.is_late_call);
}

TEST_CASE("field: long after its time a lost write is forgotten") {
    const FieldVerdict typed =
        judge({.shadow = after_lost_write(), .app = "Ours", .raw = "Lost", .started = 71});
    REQUIRE(typed.taken);
    CHECK(*typed.taken == "Lost");
    CHECK_FALSE(typed.is_late_call);
    CHECK(typed.shadow.lost.empty());
}

TEST_CASE("field: a write without an answer that showed in its time is not expected again") {
    const Rules rules{seconds(10), seconds(20)};
    FieldShadow shadow = agreed("Base");
    note_sent(shadow, "Sent", "Sent");
    note_unknown(shadow, at(20), rules);
    shadow = judge({.shadow = shadow, .app = "Sent", .raw = "Sent", .started = 31}).shadow;
    CHECK(shadow.lost.empty());
    // A newer version of the record tells it, too, and here nobody else wrote since.
    shadow = after_lost_write();
    const FieldVerdict late = judge({.shadow = shadow,
                                     .app = "Ours",
                                     .raw = "Lost",
                                     .started = 60,
                                     .order = ReadingOrder::Newer});
    CHECK(late.is_late_call);
    CHECK_FALSE(late.taken);
}

TEST_CASE("field: inside the window, an earlier value of our own is an old reading") {
    FieldShadow shadow = agreed("Base");
    note_sent(shadow, "First", "First");
    note_acked(shadow, "First", "First", at(94), {seconds(10), seconds(20)});
    note_sent(shadow, "Second", "Second");
    note_acked(shadow, "Second", "Second", at(95), {seconds(10), seconds(20)});
    const FieldVerdict stale = judge({.shadow = shadow, .app = "Second", .raw = "First"});
    CHECK_FALSE(stale.taken);
    CHECK(stale.shadow.raw == "Second");
    CHECK(stale.decidable_at == at(105));
}

TEST_CASE(
    "field: an unknown value inside our own window is recorded once as possibly overwritten") {
    FieldShadow shadow = agreed("Ada");
    note_sent(shadow, "Ours", "Ours");
    note_acked(shadow, "Ours", "Ours", at(99), {seconds(10), seconds(20)});
    const FieldVerdict first = judge({.shadow = shadow, .app = "Ours", .raw = "Theirs"});
    CHECK(first.conflict == "during_own_write");
    CHECK_FALSE(first.taken);
    CHECK(judge({.shadow = first.shadow, .app = "Ours", .raw = "Theirs"}).conflict.empty());
}

TEST_CASE("field: the first sight of a value agrees, fills, or is a conflict") {
    CHECK(judge({.app = "Ada", .raw = "Ada"}).conflict.empty());
    CHECK(*judge({.app = "", .raw = "Ada"}).taken == "Ada");
    const FieldVerdict fills_there = judge({.app = "Ada", .raw = ""});
    CHECK(fills_there.conflict.empty());
    CHECK(fills_there.shadow.app.empty());  // differs from ours, so ours is sent
    CHECK(judge({.app = "Ada", .raw = "Bob"}).conflict == "first_sync");
}

TEST_CASE("field: a value that we cannot hold is kept as a conflict and changes nothing here") {
    const FieldSpec& email = *find_field("email");
    const FieldVerdict verdict = judge(
        {.spec = email, .shadow = agreed("a@x.org"), .app = "a@x.org", .raw = "not an address"});
    CHECK_FALSE(verdict.taken);
    CHECK(verdict.conflict == "unusable");
    CHECK(verdict.shadow.app == "a@x.org");  // equals ours: the system keeps its value
}

TEST_CASE("field: a write that surely did not happen leaves the agreement as it was") {
    FieldShadow shadow = agreed("Ada");
    note_sent(shadow, "Ada King", "Ada King");
    note_refused(shadow, at(90), {seconds(10), seconds(20)});
    CHECK(shadow.raw == "Ada");
    CHECK(shadow.sent.empty());
    CHECK(judge({.shadow = shadow, .app = "Ada King", .raw = "Edited there", .started = 100})
              .conflict == "both_changed");
}

}  // namespace
}  // namespace crm::sync
