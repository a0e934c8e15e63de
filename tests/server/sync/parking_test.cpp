// Which values go to a system at all: directions, what it cannot hold, what is frozen.
#include <doctest/doctest.h>

#include "server/sync/explain.h"
#include "server/sync/outcome.h"
#include "server/sync/planner.h"
#include "server/sync/survey.h"

namespace crm::sync {
namespace {

using std::chrono::seconds;

const Rules kRules{seconds(10), seconds(20)};
const SystemKey kPipedrive{"pipedrive"};

TimePoint at(int second) {
    return TimePoint(seconds(1'000'000 + second));
}

struct Scene {
    SystemSpec spec{kPipedrive, "Pipedrive", {"name", "email", "phone", "jobTitle"}, false, true};
    ContactNotes ada;

    Scene() {
        ada.contact.id = ContactId("a");
        ada.contact.fields.name = "Ada";
        ada.contact.fields.email = "ada@example.org";
    }
    void link() {
        Link link;
        link.id = RemoteId("7");
        for (const std::string& field : spec.fields) {
            if (spec.direction_of(field) == Direction::Out) continue;
            const std::string value = ada.contact.fields.*(find_field(field)->member);
            link.fields[field] = {.raw = value, .app = value};
        }
        ada.systems[kPipedrive].link = link;
    }
    [[nodiscard]] StepChoice choose() const {
        SystemView view;
        view.is_reachable = true;
        view.is_complete = true;
        view.started = at(100);
        return choose_step(ada, spec, view, kRules, at(101));
    }
    [[nodiscard]] Survey look() const {
        CustomerNotes notes;
        notes.contacts[ada.contact.id] = ada;
        return survey(notes, {spec}, kRules, at(101));
    }
    /// The step is called, and refused for these fields.
    OutcomeEffect refuse(const Step& step, const std::vector<std::string>& fields) {
        note_step(ada.systems[kPipedrive], step, at(102));
        CallOutcome outcome;
        outcome.end = CallEnd::Refused;
        outcome.problem = {"invalid", "The value is not valid.", "bad phone"};
        outcome.refused_fields = fields;
        return note_outcome(ada, step, spec, outcome, {}, {at(103), kRules});
    }
    void apply(const Step& step) {
        note_step(ada.systems[kPipedrive], step, at(102));
        CallOutcome outcome;
        outcome.end = CallEnd::Applied;
        outcome.id = RemoteId("7");
        static_cast<void>(note_outcome(ada, step, spec, outcome, {}, {at(103), kRules}));
    }
};

TEST_CASE("direction: what only comes from a system is never sent, by update or create") {
    Scene scene;
    scene.spec.directions["jobTitle"] = Direction::In;
    scene.ada.contact.fields.job_title = "Countess";
    REQUIRE(scene.choose().step.has_value());
    CHECK_FALSE(scene.choose().step->raw.contains("jobTitle"));
    scene.link();
    scene.ada.contact.fields.job_title = "Analyst";
    CHECK_FALSE(scene.choose().step.has_value());
    CHECK(scene.look().systems.at(kPipedrive).in_sync == 1);
    scene.ada.contact.fields.name = "Ada L.";
    CHECK(scene.choose().step->raw == FieldTexts{{"name", "Ada L."}});
}

TEST_CASE("direction: what only goes to a system is sent without having been read") {
    Scene scene;
    scene.spec.directions["jobTitle"] = Direction::Out;
    scene.link();
    CHECK_FALSE(scene.choose().step.has_value());
    scene.ada.contact.fields.job_title = "Countess";
    REQUIRE(scene.choose().step.has_value());
    const Step step = *scene.choose().step;
    CHECK(step.raw == FieldTexts{{"jobTitle", "Countess"}});
    scene.apply(step);
    CHECK_FALSE(scene.choose().step.has_value());
}

TEST_CASE("parking: a value that is too long stays here, and the rest of the record goes") {
    Scene scene;
    scene.spec.chars_max["jobTitle"] = 5;
    scene.link();
    scene.ada.contact.fields.job_title = "Countess";
    scene.ada.contact.fields.phone = "+1 555 0100";
    REQUIRE(scene.choose().step.has_value());
    CHECK(scene.choose().step->raw == FieldTexts{{"phone", "+1 555 0100"}});
    scene.apply(*scene.choose().step);
    const Survey state = scene.look();
    CHECK(state.pending == 0);
    REQUIRE(state.problems.size() == 1);
    CHECK(state.problems.front().code == "parked");
    CHECK(state.problems.front().message.find("holds at most 5") != std::string::npos);
    CHECK(describe_link(scene.ada, scene.spec).state == LinkState::Error);
    scene.ada.contact.fields.job_title = "Dr Öz";  // five characters, more bytes
    CHECK(scene.choose().step->raw == FieldTexts{{"jobTitle", "Dr Öz"}});
}

TEST_CASE("parking: an update that is refused for one value goes again without it, once") {
    Scene scene;
    scene.link();
    scene.ada.contact.fields.phone = "call me";
    scene.ada.contact.fields.name = "Ada L.";
    const Step step = *scene.choose().step;
    CHECK(scene.refuse(step, {"phone"}).is_parked);
    CHECK(scene.choose().step->raw == FieldTexts{{"name", "Ada L."}});
    scene.apply(*scene.choose().step);
    CHECK_FALSE(scene.choose().step.has_value());
    CHECK(scene.look().problems.front().message.find("“call me” (bad phone)") != std::string::npos);
    CHECK(scene.look().pending == 0);
    // Another value is tried again, and what is taken is parked no more.
    scene.ada.contact.fields.phone = "+1 555 0100";
    scene.apply(*scene.choose().step);
    CHECK(scene.ada.systems[kPipedrive].parked.empty());
    CHECK(scene.look().problems.empty());
}

TEST_CASE("parking: a create goes again without the refused value, which stays parked after it") {
    Scene scene;
    scene.ada.contact.fields.phone = "call me";
    CHECK(scene.refuse(*scene.choose().step, {"phone"}).is_parked);
    REQUIRE(scene.choose().step.has_value());
    CHECK_FALSE(scene.choose().step->raw.contains("phone"));
    scene.apply(*scene.choose().step);
    CHECK_FALSE(scene.choose().step.has_value());
    CHECK(scene.ada.systems[kPipedrive].parked.contains("phone"));
}

TEST_CASE("parking: without its e-mail a record is not created, and that is said") {
    Scene scene;
    CHECK_FALSE(scene.refuse(*scene.choose().step, {"email"}).is_parked);
    CHECK_FALSE(scene.choose().step.has_value());
    CHECK(scene.look().problems.size() == 1);
    Scene longer;
    longer.spec.chars_max["email"] = 5;
    CHECK(longer.choose().blocker == Blocker::Parked);
    CHECK(longer.look().pending == 0);
    CHECK(longer.look().problems.front().code == "parked");
    CHECK(describe_link(longer.ada, longer.spec).reason.find("Not in Pipedrive: Email is kept") ==
          0);
}

TEST_CASE("planner: a frozen field is left alone, and said") {
    Scene scene;
    scene.link();
    scene.ada.systems[kPipedrive].oscillations["phone"].is_frozen = true;
    scene.ada.contact.fields.phone = "+1 555 0100";
    CHECK_FALSE(scene.choose().step.has_value());
    CHECK(scene.look().problems.front().code == "frozen");
    CHECK(scene.look().pending == 0);
}

}  // namespace
}  // namespace crm::sync
