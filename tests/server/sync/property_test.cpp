// Laws of the pure half of the engine, tried on many random states: merging a reading twice is
// merging it once; the order of systems matters for nothing that is not on record; no value
// disappears; a plan that was carried out leaves nothing to plan; an update sends what differs and
// nothing else.
//
// CRM_PROPERTY_SEEDS says how many states, CRM_PROPERTY_FIRST the first seed.
#include <cstdlib>
#include <set>

#include <doctest/doctest.h>

#include "server/sync/field_merge.h"
#include "server/sync/outcome.h"
#include "server/sync/planner.h"
#include "shared/contact_parse.h"
#include "shared/text.h"
#include "tests/support/seeded_random.h"

namespace crm::sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kSeeds = 10'000;
const Rules kRules{seconds(10), seconds(20)};
const std::vector<std::string> kFieldNames = {"name", "email", "phone", "jobTitle"};

TimePoint at(std::int64_t second) {
    return TimePoint(seconds(1'000'000 + second));
}

int number_from(const char* name, int fallback) {
    const char* text = std::getenv(name);
    const int number = text == nullptr ? 0 : std::atoi(text);
    return number > 0 ? number : fallback;
}

/// Values of a field, few enough to meet each other, some of them one value in two formats.
const std::vector<std::string>& values_of(const FieldSpec& spec) {
    static const std::vector<std::string> kTexts = {
        "", "Ada", "Ada ", "Ada  King", "Ada King", "Bo"};
    static const std::vector<std::string> kEmails = {
        "", "ada@x.org", "Ada@X.org", "king@x.org", "bo@x.org", "no address"};
    static const std::vector<std::string> kPhones = {
        "", "+44 20 1", "44201", "(30) 2", "302", "+1 5"};
    switch (spec.kind) {
        case FieldKind::Email:
            return kEmails;
        case FieldKind::Phone:
            return kPhones;
        case FieldKind::Line:
        case FieldKind::MultiLine:
            break;
    }
    return kTexts;
}

/// Random states of one field and readings of it.
class FieldDice {
   public:
    explicit FieldDice(std::uint64_t seed)
        : random_(seed), spec_(*find_field(kFieldNames[roll(kFieldNames.size())])) {}

    [[nodiscard]] const FieldSpec& spec() const { return spec_; }
    [[nodiscard]] std::uint64_t roll(std::uint64_t bound) { return random_below(random_, bound); }
    [[nodiscard]] bool is_heads() { return roll(2) == 0; }
    [[nodiscard]] std::string value() {
        const auto& values = values_of(spec_);
        return values[roll(values.size())];
    }
    /// What may stand in the app: trimmed and valid.
    [[nodiscard]] std::string app_value() {
        for (;;) {
            std::string text = trim(value());
            if (field_problem(spec_, text).empty()) return text;
        }
    }
    [[nodiscard]] TimePoint moment() { return at(static_cast<std::int64_t>(80 + roll(40))); }

    [[nodiscard]] FieldShadow agreed() {
        FieldShadow shadow;
        shadow.raw = value();
        const std::string meant = trim(shadow.raw);
        shadow.app = field_problem(spec_, meant).empty() ? meant : app_value();
        return shadow;
    }
    [[nodiscard]] FieldShadow shadow() {
        FieldShadow shadow = agreed();
        shadow.settle_until = moment();
        shadow.is_settling_own = is_heads();
        for (std::uint64_t i = roll(3); i > 0; --i)
            shadow.superseded.push_back({value(), moment()});
        for (std::uint64_t i = roll(3); i > 0; --i) {
            shadow.sent.push_back({value(), app_value(), moment()});
        }
        return shadow;
    }
    [[nodiscard]] Intent intent() {
        Intent intent;
        intent.kind = IntentKind::Update;
        intent.raw = {{std::string(spec_.wire), value()}};
        intent.is_unknown = true;
        return intent;
    }

   private:
    test::SeededRandom random_;
    const FieldSpec& spec_;
};

/// One field in the app and its reading in one system.
struct Scene {
    explicit Scene(std::uint64_t seed) : dice(seed) {
        if (dice.roll(8) != 0) shadow = dice.shadow();
        if (dice.roll(4) == 0) intent = dice.intent();
        app = shadow && dice.is_heads() ? shadow->app : dice.app_value();
        raw = shadow && dice.roll(3) == 0 ? shadow->raw : dice.value();
    }

    [[nodiscard]] FieldVerdict merge() const {
        return merge_field({.spec = dice.spec(),
                            .shadow = shadow ? &*shadow : nullptr,
                            .app = app,
                            .raw = raw,
                            .intent = intent ? &*intent : nullptr,
                            .window = window},
                           kRules);
    }
    [[nodiscard]] bool is_same(const std::string& left, const std::string& right) const {
        return is_same_value(dice.spec().kind, left, right);
    }

    FieldDice dice;
    std::optional<FieldShadow> shadow;
    std::optional<Intent> intent;
    std::string app;
    std::string raw;
    Window window{at(100), at(101)};
};

template <class Law>
void for_all_seeds(Law law) {
    const int first = number_from("CRM_PROPERTY_FIRST", 1);
    const int count = number_from("CRM_PROPERTY_SEEDS", kSeeds);
    for (int seed = first; seed < first + count; ++seed) {
        CAPTURE(seed);
        law(static_cast<std::uint64_t>(seed));
    }
}

TEST_CASE("property: a reading that is merged twice is merged once") {
    for_all_seeds([](std::uint64_t seed) {
        Scene scene(seed);
        const FieldVerdict first = scene.merge();
        scene.shadow = first.shadow;
        scene.app = first.taken.value_or(scene.app);
        const FieldVerdict second = scene.merge();
        CHECK_FALSE(second.taken);
        CHECK(second.conflict == "");
        CHECK(second.shadow == first.shadow);
        CHECK(second.decidable_at == first.decidable_at);
    });
}

TEST_CASE("property: our value is replaced only where the system had it, or it is on record") {
    for_all_seeds([](std::uint64_t seed) {
        const Scene scene(seed);
        const FieldVerdict verdict = scene.merge();
        if (!verdict.taken || scene.is_same(*verdict.taken, scene.app)) return;
        CAPTURE(scene.app);
        const bool was_known_there =
            scene.shadow ? scene.shadow->app == scene.app : scene.app.empty();
        CHECK((was_known_there || !verdict.conflict.empty()));
        CHECK(scene.is_same(*verdict.taken, scene.raw));
    });
}

TEST_CASE(
    "property: a value that is new over there is taken, is on record, or waits for its time") {
    for_all_seeds([](std::uint64_t seed) {
        const Scene scene(seed);
        bool is_explained = scene.raw.empty() && !scene.shadow;
        bool is_in_window = false;
        if (scene.shadow) {
            is_explained = scene.is_same(scene.raw, scene.shadow->raw);
            is_in_window = scene.window.started < scene.shadow->settle_until;
            for (const SentValue& sent : scene.shadow->sent) {
                is_explained |= scene.is_same(sent.raw, scene.raw);
            }
            for (const SupersededValue& old : scene.shadow->superseded) {
                is_explained |= scene.is_same(old.raw, scene.raw);
            }
        }
        if (is_explained) return;
        const FieldVerdict verdict = scene.merge();
        CAPTURE(scene.raw);
        CAPTURE(scene.app);
        if (is_in_window) {
            CHECK(verdict.decidable_at);
            CHECK_FALSE(verdict.taken);
            return;
        }
        CHECK_FALSE(verdict.decidable_at);
        const std::string app = verdict.taken.value_or(scene.app);
        CHECK((scene.is_same(app, scene.raw) || !verdict.conflict.empty()));
    });
}

TEST_CASE("property: a value that stays over there is decided in the end") {
    for_all_seeds([](std::uint64_t seed) {
        Scene scene(seed);
        scene.intent.reset();
        FieldVerdict verdict = scene.merge();
        for (int waits = 0; verdict.decidable_at; ++waits) {
            REQUIRE(waits < 4);
            REQUIRE(*verdict.decidable_at > scene.window.started);
            scene.window = {*verdict.decidable_at, *verdict.decidable_at + seconds(1)};
            scene.shadow = verdict.shadow;
            verdict = scene.merge();
        }
        CHECK(scene.is_same(verdict.shadow.raw, scene.raw));
    });
}

/// Two systems that both show something else than what was agreed on.
struct TwoSystems {
    explicit TwoSystems(std::uint64_t seed) : dice(seed) {
        base = dice.app_value();
        for (int i = 0; i < 2; ++i) {
            FieldShadow shadow;
            shadow.raw = shadow.app = base;
            shadows.push_back(shadow);
            raws.push_back(dice.roll(4) == 0 ? base : dice.value());
        }
        app = dice.is_heads() ? base : dice.app_value();
    }

    /// The final value and all that lost, in canonical form.
    [[nodiscard]] std::pair<std::string, std::set<std::string>> merge_in_order(
        const std::vector<std::size_t>& order) const {
        std::string ours = app;
        std::set<std::string> kept;
        for (const std::size_t system : order) {
            const FieldVerdict verdict = merge_field({.spec = dice.spec(),
                                                      .shadow = &shadows[system],
                                                      .app = ours,
                                                      .raw = raws[system],
                                                      .intent = nullptr,
                                                      .window = {at(100), at(101)}},
                                                     kRules);
            if (!verdict.conflict.empty()) {
                kept.insert(folded(ours));
                kept.insert(folded(raws[system]));
            }
            ours = verdict.taken.value_or(ours);
        }
        kept.erase(folded(base));  // what everybody had is not lost when somebody replaces it
        kept.insert(folded(ours));
        return {folded(ours), kept};
    }
    [[nodiscard]] std::string folded(const std::string& text) const {
        for (const std::string& known : values_of(dice.spec())) {
            if (is_same_value(dice.spec().kind, known, text)) return known;
        }
        return text;
    }

    FieldDice dice;
    std::string base;
    std::string app;
    std::vector<FieldShadow> shadows;
    std::vector<std::string> raws;
};

TEST_CASE("property: the order in which systems are read decides nothing that is not on record") {
    for_all_seeds([](std::uint64_t seed) {
        const TwoSystems both(seed);
        CAPTURE(both.base);
        CAPTURE(both.app);
        CAPTURE(both.raws[0]);
        CAPTURE(both.raws[1]);
        const auto forth = both.merge_in_order({0, 1});
        const auto back = both.merge_in_order({1, 0});
        CHECK(forth.second == back.second);
        if (forth.second.size() == 1) CHECK(forth.first == back.first);
    });
}

/// A random address book in the middle of its life, and what two systems have of it.
class BookDice {
   public:
    explicit BookDice(std::uint64_t seed) : random_(seed) {
        systems = {{SystemKey("hubspot"), "HubSpot", kFieldNames, true, false, 0},
                   {SystemKey("pipedrive"), "Pipedrive", kFieldNames, false, true, 0}};
        const std::uint64_t contacts = 1 + roll(6);
        for (std::uint64_t i = 0; i < contacts; ++i) add_contact(std::to_string(i));
        for (const SystemSpec& system : systems) {
            SystemView& view = views[system.key];
            view.is_reachable = roll(10) != 0;
            view.is_complete = view.is_reachable && roll(5) != 0;
            view.started = at(1000);
            for (const auto& [id, contact] : notes.contacts) {
                const auto found = contact.systems.find(system.key);
                if (found == contact.systems.end() || !found->second.link) continue;
                if (roll(4) != 0) view.visible.insert(found->second.link->id);
            }
        }
    }
    [[nodiscard]] Plan plan() const { return plan_steps(notes, systems, views, kRules, at(1001)); }

    CustomerNotes notes;
    std::vector<SystemSpec> systems;
    SystemViews views;

   private:
    [[nodiscard]] std::uint64_t roll(std::uint64_t bound) { return random_below(random_, bound); }

    void add_contact(const std::string& number) {
        ContactNotes contact;
        contact.contact.id = ContactId("c" + number);
        contact.contact.fields.name = "Name " + number;
        // Some share an e-mail, as a deleted contact and its successor do.
        const bool is_shared = roll(4) == 0;
        contact.contact.fields.email = "mail" + (is_shared ? "0" : number) + "@x.org";
        if (roll(6) == 0) contact.contact.fields.email.clear();
        contact.contact.deleted = (is_shared && number != "0") || roll(5) == 0;
        contact.contact.arriving = !contact.contact.deleted && roll(8) == 0;
        contact.aliases = {contact.contact.fields.email};
        for (const SystemSpec& system : systems) {
            Standing standing = make_standing(contact.contact, system.key.text + number);
            if (!standing.is_blank()) contact.systems[system.key] = std::move(standing);
        }
        notes.contacts[contact.contact.id] = std::move(contact);
    }

    Standing make_standing(const Contact& contact, const std::string& record) {
        Standing standing;
        if (roll(3) == 0) return standing;
        Link link;
        link.id = RemoteId(record);
        for (const std::string& field : kFieldNames) {
            FieldShadow& shadow = link.fields[field];
            shadow.raw = shadow.app = contact.fields.*(find_field(field)->member);
            if (roll(4) == 0) shadow.raw = shadow.app = shadow.raw + "old";
            if (roll(8) == 0) shadow.doubt_until = at(900 + static_cast<std::int64_t>(roll(200)));
        }
        if (contact.deleted && roll(3) == 0) link.delete_acked = at(900);
        standing.link = std::move(link);
        if (roll(8) == 0) {
            Intent intent;
            intent.kind = contact.deleted ? IntentKind::Delete : IntentKind::Update;
            intent.is_unknown = true;
            standing.intent = intent;
        }
        return standing;
    }

    test::SeededRandom random_;
};

TEST_CASE("property: an update sends what differs, and nothing else") {
    for_all_seeds([](std::uint64_t seed) {
        const BookDice book(seed);
        for (const Step& step : book.plan().steps) {
            if (step.kind != IntentKind::Update) continue;
            const ContactNotes& contact = book.notes.contacts.at(step.contact);
            const Link& link = *contact.systems.at(step.system).link;
            CHECK_FALSE(step.raw.empty());
            for (const auto& sent : step.raw) {
                const std::string& field = sent.first;
                CAPTURE(field);
                const std::string& ours = contact.contact.fields.*(find_field(field)->member);
                CHECK(link.fields.at(field).app != ours);
                CHECK(step.app.at(field) == ours);
            }
        }
    });
}

TEST_CASE("property: at most one step for a contact in a system, none where a call is open") {
    for_all_seeds([](std::uint64_t seed) {
        const BookDice book(seed);
        std::set<std::pair<ContactId, SystemKey>> seen;
        for (const Step& step : book.plan().steps) {
            CHECK(seen.emplace(step.contact, step.system).second);
            const auto& standings = book.notes.contacts.at(step.contact).systems;
            const auto standing = standings.find(step.system);
            CHECK((standing == standings.end() || !standing->second.intent));
            const SystemView& view = book.views.at(step.system);
            if (step.kind == IntentKind::Create) CHECK(view.is_complete);
            CHECK(view.is_reachable);
        }
    });
}

/// What a system without faults would answer.
CallOutcome perfect(const Step& step) {
    CallOutcome outcome;
    outcome.end = CallEnd::Applied;
    if (step.kind == IntentKind::Create) {
        outcome.id = RemoteId("made-" + step.system.text + step.contact.text);
    }
    return outcome;
}

TEST_CASE("property: a plan that was carried out leaves nothing to plan") {
    for_all_seeds([](std::uint64_t seed) {
        BookDice book(seed);
        std::set<std::pair<ContactId, SystemKey>> done;
        // A create may have to wait for a delete, and an e-mail for another record to give it up.
        for (int round = 0; round < 8; ++round) {
            for (const Step& step : book.plan().steps) {
                ContactNotes& contact = book.notes.contacts.at(step.contact);
                const bool is_first = done.emplace(step.contact, step.system).second;
                CHECK((is_first || step.raw.contains("email")));
                note_step(contact.systems[step.system], step, at(1001));
                const SystemSpec& system =
                    step.system == book.systems[0].key ? book.systems[0] : book.systems[1];
                (void)note_outcome(
                    contact, step, system, perfect(step), Claim{}, {at(1002), kRules});
                SystemView& view = book.views.at(step.system);
                if (step.kind == IntentKind::Delete) view.visible.erase(step.record);
            }
        }
        CHECK(book.plan().steps.empty());
    });
}

}  // namespace
}  // namespace crm::sync
