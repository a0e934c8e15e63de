// Random worlds: people who create, edit, delete, restore and re-create everywhere, over systems
// that are stale, lossy, late and limited, with crashes in the middle of calls. Whatever happened,
// once people rest and the systems answer, everything agrees, nothing returned, nothing doubled,
// nothing typed was lost.
//
// CRM_SIM_SEEDS says how many histories, CRM_SIM_FIRST the first seed; a failure names its seed,
// and the same seed tells the same story, with CRM_SIM_STORY=1 line by line.
#include <algorithm>
#include <cstdlib>
#include <set>

#include <doctest/doctest.h>

#include "server/sync/field_merge.h"
#include "shared/api_json.h"
#include "shared/text.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kRounds = 30;

/// A positive number from the environment, or the default.
int setting(const char* name, int fallback) {
    const char* text = std::getenv(name);
    const int number = text == nullptr ? 0 : std::atoi(text);
    return number > 0 ? number : fallback;
}

class World {
   public:
    explicit World(std::uint64_t seed)
        : dice_(seed * 7919),
          settle_(seconds(pick({0, 3, 15, 60}))),
          late_(seconds(pick({1, 8, 25}))),
          bench_(seed, settle_, late_) {
        bench_.settings.delete_limit = 1000;
        for (FakeCrm* crm : crms()) {
            crm->tell = [this](const std::string& line) { tell(line); };
            crm->faults.staleness = settle_;
            crm->faults.stale_percent = static_cast<int>(pick({0, 20, 50}));
            crm->faults.lateness = late_ - milliseconds(500);
            crm->faults.lost_request = static_cast<int>(pick({0, 3, 10}));
            crm->faults.lost_answer = static_cast<int>(pick({0, 5, 15}));
            crm->faults.late = static_cast<int>(pick({0, 3, 10}));
            crm->faults.failed_list = static_cast<int>(pick({0, 4}));
            crm->faults.truncated_list = static_cast<int>(pick({0, 4, 10}));
            crm->faults.rate_limited = static_cast<int>(pick({0, 2}));
            crm->faults.crash = static_cast<int>(pick({0, 1, 3}));
        }
    }

    void live_through() {
        for (int round = 0; round < kRounds; ++round) {
            const std::uint64_t actions = roll(4);
            for (std::uint64_t i = 0; i < actions; ++i) act();
            bench_.clock.advance(milliseconds(static_cast<std::int64_t>(500 + roll(20'000))));
            run();
            check_always();
        }
    }

    void rest_and_check() {
        tell("people rest, the systems answer");
        for (FakeCrm* crm : crms()) crm->faults = {};
        bench_.clock.advance(late_ + seconds(3600));
        for (int i = 0; i < 14; ++i) {
            for (FakeCrm* crm : crms()) crm->settle_late_calls();
            approve_if_held(run());
            bench_.clock.advance(settle_ + late_ + seconds(1));
        }
        const int writes = bench_.writes();
        std::int64_t pending = 0;
        for (int i = 0; i < 3; ++i) {
            pending = run().pending;
            bench_.clock.advance(settle_ + seconds(1));
        }
        CHECK_MESSAGE(bench_.writes() == writes, "a run wrote although nobody changed anything");
        CHECK(pending == 0);
        check_always();
        check_agreement();
        check_tokens();
    }

   private:
    /// A line of the history, shown with CRM_SIM_STORY=1.
    void tell(const std::string& line) {
        static const bool is_told = setting("CRM_SIM_STORY", 0) > 0;
        if (!is_told) return;
        const auto now = bench_.clock.now().time_since_epoch().count() - 1'767'225'600'000;
        MESSAGE(now << " ms: " << line);
    }

    /// Few records make brakes likely; a person who knows what they did says yes.
    void approve_if_held(const api::Run& run) {
        if (run.state != api::RunState::Held) return;
        tell("held: " + run.reason);
        REQUIRE(bench_.service->approve(bench_.customer, run.id).is_ok());
    }

    std::vector<FakeCrm*> crms() { return {&bench_.hubspot, &bench_.pipedrive}; }
    std::uint64_t roll(std::uint64_t bound) { return random_below(dice_, bound); }
    std::int64_t pick(const std::vector<std::int64_t>& choices) {
        return choices[roll(choices.size())];
    }

    api::Run run() {
        for (;;) {
            try {
                const api::Run run = bench_.run();
                tell("run: " + api::write_run(run));
                return run;
            } catch (const Crash&) {
                tell("crash");
                bench_.restart();
                bench_.clock.advance(seconds(2));
            }
        }
    }

    std::string token(const std::string& field) {
        const std::string number = std::to_string(10'000 + ++tokens_);
        if (field == "email") return "P" + number + "@Example.org";
        if (field == "phone") return "+44 20 7" + number;
        return field + " " + number;
    }

    void remember(const std::string& place, const std::string& field, const std::string& value) {
        tell(place + "/" + field + " = " + value);
        alive_[place + "/" + field] = value;
    }
    void forget(const std::string& place) {
        tell(place + " is deleted or does not count");
        for (const FieldSpec& spec : kContactFields)
            alive_.erase(place + "/" + std::string(spec.wire));
    }

    void act() {
        switch (roll(10)) {
            case 0:
                create_here(token("email"));
                break;
            case 1:
                create_there(token("email"));
                break;
            case 2:
            case 3:
                edit_here();
                break;
            case 4:
            case 5:
            case 6:
                edit_there();
                break;
            case 7:
                delete_here();
                break;
            case 8:
                restore_or_recreate();
                break;
            case 9:
                delete_there();
                break;
            default:
                break;
        }
    }

    void create_here(const std::string& email) {
        const std::string name = token("name");
        const Contact made = bench_.create(name, email);
        deleted_.erase(made.id);
        remember("app " + made.id.text, "name", name);
    }

    void create_there(const std::string& email) {
        FakeCrm& crm = *crms()[roll(2)];
        const sync::RemoteValues values = {
            {"name", token("name")}, {"email", email}, {"phone", token("phone")}};
        const std::string id = crm.person_creates(values);
        if (id.empty()) return;
        remember(place(crm, id), "name", values.at("name"));
        remember(place(crm, id), "phone", values.at("phone"));
    }

    std::string place(const FakeCrm& crm, const std::string& id) {
        return (&crm == &bench_.hubspot ? "hubspot " : "pipedrive ") + id;
    }

    std::string some_field() {
        static const std::vector<std::string> kFields = {
            "name", "phone", "jobTitle", "pronouns", "name", "email"};
        return kFields[roll(kFields.size())];
    }

    void edit_here() {
        const std::vector<Contact> live = bench_.live();
        if (live.empty()) return;
        const Contact& contact = live[roll(live.size())];
        const std::string field = some_field();
        const std::string value = token(field);
        bench_.edit(contact.id, field, value);
        remember("app " + contact.id.text, field, value);
    }

    void edit_there() {
        FakeCrm& crm = *crms()[roll(2)];
        const std::vector<std::string> ids = crm.live_ids();
        if (ids.empty()) return;
        const std::string& id = ids[roll(ids.size())];
        const std::string field = some_field();
        const std::string value = token(field);
        crm.person_edits(id, field, value);
        remember(place(crm, id), field, value);
    }

    void delete_here() {
        const std::vector<Contact> live = bench_.live();
        if (live.empty()) return;
        const Contact& contact = live[roll(live.size())];
        REQUIRE(bench_.contacts->remove(bench_.customer, contact.id, {}).is_ok());
        deleted_.insert(contact.id);
        forget("app " + contact.id.text);
        for (const auto& [system, link] : contact.links) {
            if (link.id.is_set()) forget(system.text + " " + link.id.text);
        }
        emails_.push_back(contact.fields.email);
    }

    void restore_or_recreate() {
        if (deleted_.empty()) return;
        auto chosen = deleted_.begin();
        std::advance(chosen, static_cast<std::ptrdiff_t>(roll(deleted_.size())));
        const ContactId id = *chosen;
        switch (roll(3)) {
            case 0:
                if (bench_.contacts->restore(bench_.customer, id, {}).is_ok()) {
                    tell("restored " + id.text);
                    deleted_.erase(id);
                }
                break;
            case 1:
                if (!emails_.empty()) create_here(emails_[roll(emails_.size())]);
                break;
            default:
                if (!emails_.empty()) create_there(emails_[roll(emails_.size())]);
                break;
        }
    }

    void delete_there() {
        FakeCrm& crm = *crms()[roll(2)];
        const std::vector<std::string> ids = crm.live_ids();
        if (ids.empty()) return;
        const std::string& id = ids[roll(ids.size())];
        crm.person_deletes(id);
        forget(place(crm, id));
    }

    /// Holds after every run, whatever the systems do.
    void check_always() {
        const sync::CustomerNotes notes = bench_.notes();
        std::set<std::string> keys;
        std::set<sync::RemoteKey> linked;
        for (const auto& [id, contact] : notes.contacts) {
            const auto key = email_key(contact.contact.fields.email);
            if (!contact.contact.deleted && key)
                CHECK_MESSAGE(keys.insert(*key).second, "two live contacts share an e-mail");
            CHECK_MESSAGE(!(deleted_.contains(id) && !contact.contact.deleted),
                          "a deleted contact came back");
            for (const auto& [system, standing] : contact.systems) {
                CHECK_MESSAGE(!(standing.intent && !standing.intent->is_unknown),
                              "a call has no end");
                if (!standing.link) continue;
                const sync::RemoteKey record{system, standing.link->id};
                CHECK_MESSAGE(linked.insert(record).second, "a record has two contacts");
                const bool is_dead = notes.dead.contains(record);
                if (contact.contact.deleted)
                    CHECK_MESSAGE(is_dead, "a tombstone's record is not dead");
                if (!contact.contact.deleted && !standing.link->is_dying)
                    CHECK_MESSAGE(!is_dead, "a live contact has a dead record");
            }
        }
    }

    void check_agreement() {
        const sync::CustomerNotes notes = bench_.notes();
        for (std::size_t i = 0; i < 2; ++i) {
            const sync::SystemSpec& system = bench_.settings.systems[i];
            FakeCrm& crm = *crms()[i];
            std::set<std::string> explained;
            std::map<std::string, int> engine_made;
            for (const auto& [id, noted] : notes.contacts) {
                const auto& contact = noted;  // clang 14 captures no structured binding
                if (contact.contact.deleted) continue;
                CAPTURE(contact.contact.fields.email);
                const auto standing = contact.systems.find(system.key);
                const bool is_linked = standing != contact.systems.end() && standing->second.link;
                CHECK_MESSAGE(is_linked, "a live contact has no record");
                if (!is_linked) continue;
                const std::string record = standing->second.link->id.text;
                explained.insert(record);
                CHECK_MESSAGE(crm.is_live(record), "a live contact's record is deleted");
                check_values(system, contact, crm.values(record));
            }
            for (const auto& [key, hold] : notes.holds) {
                if (key.first == system.key) explained.insert(key.second.text);
            }
            for (const std::string& id : crm.live_ids()) {
                CAPTURE(id);
                CHECK_MESSAGE(explained.contains(id), "a record is neither a contact's nor held");
                if (crm.is_made_by_engine(id)) {
                    const std::string email = email_key(crm.values(id).at("email")).value_or("");
                    CHECK_MESSAGE(++engine_made[email] == 1, "the engine made a duplicate");
                }
            }
        }
    }

    static void check_values(const sync::SystemSpec& system,
                             const sync::ContactNotes& notes,
                             const sync::RemoteValues& there) {
        const sync::Link& link = *notes.systems.at(system.key).link;
        for (const std::string& field : system.fields) {
            const FieldSpec* spec = find_field(field);
            const auto found = there.find(field);
            const std::string value = found == there.end() ? "" : found->second;
            const std::string ours = notes.contact.fields.*(spec->member);
            const auto shadow = link.fields.find(field);
            const bool is_agreed = shadow != link.fields.end();
            CAPTURE(system.label);
            CAPTURE(link.id.text);
            CAPTURE(field);
            CAPTURE(value);
            CAPTURE(ours);
            INFO("agreed: ", is_agreed ? shadow->second.raw + " / " + shadow->second.app : "never");
            CHECK_MESSAGE(sync::is_same_value(spec->kind, value, ours), "a value differs");
        }
    }

    /// What somebody typed last at a place is there, or its loss is on record.
    void check_tokens() {
        std::set<std::string> kept;
        for (const Contact& contact : bench_.live()) {
            for (const FieldSpec& spec : kContactFields)
                kept.insert(folded(spec, contact.fields.*(spec.member)));
            auto history = bench_.contacts->history(bench_.customer, contact.id);
            REQUIRE(history.is_ok());
            for (const api::HistoryEntry& entry : history.value()) {
                for (const FieldChange& change : entry.changes) {
                    const FieldSpec* spec = find_field(change.field);
                    if (spec == nullptr) continue;
                    kept.insert(folded(*spec, change.from));
                    kept.insert(folded(*spec, change.to));
                }
            }
        }
        for (const sync::ConflictRow& row : bench_.conflicts()) {
            const FieldSpec* spec = find_field(row.field);
            kept.insert(folded(*spec, row.app_value));
            kept.insert(folded(*spec, row.remote_value));
        }
        for (std::size_t i = 0; i < 2; ++i) {
            FakeCrm& crm = *crms()[i];
            for (const std::string& value : crm.blindly_replaced()) {
                for (const FieldSpec& spec : kContactFields) kept.insert(folded(spec, value));
            }
            // A held record keeps its own values.
            for (const auto& [key, hold] : bench_.notes().holds) {
                if (!(key.first == bench_.settings.systems[i].key)) continue;
                forget(place(crm, key.second.text));
            }
        }
        const sync::CustomerNotes notes = bench_.notes();
        for (const auto& [id, contact] : notes.contacts) {
            if (!contact.contact.deleted) continue;
            forget("app " + id.text);
        }
        for (const auto& [record, id] : notes.dead)
            forget(record.first.text + " " + record.second.text);
        for (const auto& edit : alive_) {
            const std::string& where = edit.first;
            const std::string& value = edit.second;
            const FieldSpec* spec = find_field(where.substr(where.rfind('/') + 1));
            CAPTURE(where);
            CHECK_MESSAGE(kept.contains(folded(*spec, value)), "an edit was lost: " << value);
        }
    }

    static std::string folded(const FieldSpec& spec, const std::string& value) {
        switch (spec.kind) {
            case FieldKind::Email:
                return email_key(value).value_or(value);
            case FieldKind::Phone:
                return digits_of(value);
            case FieldKind::Line:
            case FieldKind::MultiLine:
                break;
        }
        return value;
    }

    SeededRandom dice_;
    milliseconds settle_;
    milliseconds late_;
    SyncBench bench_;
    std::set<ContactId> deleted_;
    std::vector<std::string> emails_;           // of deleted contacts
    std::map<std::string, std::string> alive_;  // "place/field" -> what a person typed there last
    int tokens_ = 0;
};

TEST_CASE("simulation: whatever people and systems do, everything agrees in the end") {
    const int first = setting("CRM_SIM_FIRST", 1);
    const int count = setting("CRM_SIM_SEEDS", 200);
    for (int seed = first; seed < first + count; ++seed) {
        CAPTURE(seed);
        World world(static_cast<std::uint64_t>(seed));
        world.live_through();
        world.rest_and_check();
    }
}

}  // namespace
}  // namespace crm::test
