// A measure of how much is left to do, seen by somebody who sees everything: it never grows by a
// run to which nobody added anything, and it reaches nothing within the bound that is promised.
//
// CRM_POTENTIAL_SEEDS says how many histories, CRM_POTENTIAL_FIRST the first seed.
#include <cstdlib>
#include <set>

#include <doctest/doctest.h>

#include "server/sync/field_merge.h"
#include "tests/support/scripted_world.h"

namespace crm::test {
namespace {

using sync::IntentKind;
using sync::RemoteValues;
using sync::Standing;

constexpr int kSeeds = 120;
constexpr int kActions = 25;
constexpr int kSystems = 2;

int number_from(const char* name, int fallback) {
    const char* text = std::getenv(name);
    const int number = text == nullptr ? 0 : std::atoi(text);
    return number > 0 ? number : fallback;
}

/// Weights: what a step of the engine makes of one thing is lighter than the thing. A field that
/// changed in one system has to reach all others; a record that is not linked yet becomes at most a
/// contact that lacks one everywhere else.
class Potential {
   public:
    explicit Potential(ScriptedWorld& world) : world_(world), notes_(world.notes()) {
        for (const auto& [id, contact] : notes_.contacts) add_contact(contact);
        add_strangers(world.settings.systems[0], world.hubspot);
        add_strangers(world.settings.systems[1], world.pipedrive);
    }
    [[nodiscard]] int total() const { return total_; }

   private:
    void add_contact(const sync::ContactNotes& contact) {
        for (std::size_t i = 0; i < world_.settings.systems.size(); ++i) {
            const sync::SystemSpec& system = world_.settings.systems[i];
            const auto found = contact.systems.find(system.key);
            const Standing standing = found == contact.systems.end() ? Standing{} : found->second;
            if (standing.intent) ++total_;
            ScriptedCrm& crm = i == 0 ? world_.hubspot : world_.pipedrive;
            if (contact.contact.deleted) {
                if (standing.link && !standing.link->confirmed_gone) ++total_;
                continue;
            }
            const int whole = static_cast<int>(system.fields.size()) + 1;
            const std::string record = standing.link ? standing.link->id.text : "";
            if (!standing.link || standing.link->is_dying ||
                !crm.state.records.at(record).is_live) {
                total_ += whole * (standing.link ? 2 : 1);
                continue;
            }
            add_fields(contact, *standing.link, system, crm);
        }
    }

    void add_fields(const sync::ContactNotes& contact,
                    const sync::Link& link,
                    const sync::SystemSpec& system,
                    const ScriptedCrm& crm) {
        for (const std::string& field : system.fields) {
            const FieldSpec& spec = *find_field(field);
            const auto shadow = link.fields.find(field);
            const std::string ours = contact.contact.fields.*(spec.member);
            if (shadow == link.fields.end()) {
                total_ += kSystems;
                continue;
            }
            const std::string there = crm.text(link.id.text, field);
            if (!sync::is_same_value(spec.kind, there, shadow->second.raw)) total_ += kSystems;
            if (shadow->second.app != ours) ++total_;
        }
    }

    void add_strangers(const sync::SystemSpec& system, ScriptedCrm& crm) {
        std::set<std::string> known;
        for (const auto& [id, contact] : notes_.contacts) {
            const auto found = contact.systems.find(system.key);
            if (found != contact.systems.end() && found->second.link) {
                known.insert(found->second.link->id.text);
            }
        }
        for (const std::string& id : crm.live_ids()) {
            const sync::RemoteKey key{system.key, RemoteId(id)};
            if (known.contains(id) || notes_.dead.contains(key)) continue;
            if (notes_.holds.contains(key)) continue;
            total_ += kSystems * (static_cast<int>(system.fields.size()) + 2);
        }
    }

    ScriptedWorld& world_;
    sync::CustomerNotes notes_;
    int total_ = 0;
};

/// People who do something everywhere, and calls that go wrong meanwhile.
class Crowd {
   public:
    explicit Crowd(std::uint64_t seed) : random_(seed) {}

    void act(ScriptedWorld& world) {
        ScriptedCrm& crm = roll(2) == 0 ? world.hubspot : world.pipedrive;
        const std::vector<Contact> here = world.live();
        const std::vector<std::string> there = crm.live_ids();
        const std::uint64_t choice = roll(8);
        if (choice == 0) {
            world.create(token("name"), email());
        } else if (choice == 1) {
            crm.person_creates({{"name", token("name")}, {"email", email()}});
        } else if (choice <= 3 && !here.empty()) {
            const std::string whom = here[roll(here.size())].fields.email;
            world.edit(whom, field(), token("text"));
        } else if (choice <= 5 && !there.empty()) {
            crm.person_edits(there[roll(there.size())], field(), token("text"));
        } else if (choice == 6 && !here.empty()) {
            world.remove(here[roll(here.size())].fields.email);
        } else if (choice == 7 && !there.empty() && roll(2) == 0) {
            crm.person_deletes(there[roll(there.size())]);
        }
        if (roll(3) == 0) {
            const std::vector<CallKind> kinds = {
                CallKind::Create, CallKind::Update, CallKind::Remove};
            const std::vector<Fate> fates = {Fate::LostAnswer, Fate::LostRequest, Fate::Late};
            crm.expect(kinds[roll(kinds.size())], fates[roll(fates.size())]);
        }
    }
    [[nodiscard]] bool is_heads() { return roll(2) == 0; }
    [[nodiscard]] std::chrono::seconds pause() {
        return std::chrono::seconds(static_cast<std::int64_t>(roll(150)));
    }

   private:
    std::uint64_t roll(std::uint64_t bound) { return random_below(random_, bound); }
    std::string token(const std::string& kind) { return kind + " " + std::to_string(++tokens_); }
    std::string email() { return "p" + std::to_string(++tokens_) + "@x.org"; }
    std::string field() {
        const std::vector<std::string> fields = {"name", "jobTitle", "pronouns"};
        return fields[roll(fields.size())];
    }

    SeededRandom random_;
    int tokens_ = 0;
};

}  // namespace

TEST_CASE("property: what is left to do never grows by a run, and ends within the bound") {
    const int first = number_from("CRM_POTENTIAL_FIRST", 1);
    const int count = number_from("CRM_POTENTIAL_SEEDS", kSeeds);
    int worst = 0;
    for (int seed = first; seed < first + count; ++seed) {
        CAPTURE(seed);
        // Windows longer than a run waits, so that each run is one step.
        ScriptedWorld world({.settle = std::chrono::seconds(90), .late = std::chrono::seconds(90)});
        Crowd crowd(static_cast<std::uint64_t>(seed));
        for (int i = 0; i < kActions; ++i) {
            crowd.act(world);
            world.clock.advance(crowd.pause());
            if (crowd.is_heads()) (void)world.run();
        }
        world.hubspot.state.script.clear();
        world.pipedrive.state.script.clear();
        // Calls that are on their way still change the world: they are waited for.
        world.clock.advance(world.settings.settle + world.settings.late + world.hubspot.late_by);
        (void)world.live();
        int before = Potential(world).total();
        int runs = 0;
        while (before > 0 && runs < 20) {
            const api::Run done = world.run();
            if (done.state == api::RunState::Held) {
                REQUIRE(world.service->approve(world.customer, done.id).is_ok());
            }
            const int after = Potential(world).total();
            CAPTURE(runs);
            CHECK(after <= before);
            before = after;
            ++runs;
            world.clock.advance(world.settings.settle + world.settings.late);
        }
        CHECK(before == 0);
        worst = std::max(worst, runs);
        const int writes = world.writes();
        (void)world.run();
        CHECK(world.writes() == writes);
    }
    MESSAGE("histories " << count << ", runs until nothing was left, at most " << worst);
    // Intents in two runs, imports in one, one that executes, one that confirms; and three that
    // must miss a record before it counts as gone, of which the first may be one of those.
    CHECK(worst <= 7);
}

}  // namespace crm::test
