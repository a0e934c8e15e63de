#include "tests/server/sync/predecessor/contest.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "server/sync/field_merge.h"
#include "shared/text.h"
#include "tests/support/seeded_random.h"

namespace crm::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using What = Happening::What;

constexpr seconds kLength{900};
constexpr seconds kRound{30};
constexpr int kRestRounds = 16;
constexpr int kSteadyRounds = 3;

std::string email_of(int person) {
    return "person" + std::to_string(person) + "@x.org";
}

TimePoint born(const FakeCrm& crm, const std::string& id) {
    return crm.records().at(id).states.begin()->first;
}

/// Records that an engine made although another one of the same e-mail was its own, or had been
/// shown to it. One that a person made, and that no listing had shown yet, nobody could know of.
int count_duplicates(const FakeCrm& crm, const std::vector<std::string>& ids) {
    int duplicates = 0;
    for (const std::string& id : ids) {
        if (!crm.is_made_by_engine(id)) continue;
        const TimePoint made_at = born(crm, id);
        const bool was_needless = std::any_of(ids.begin(), ids.end(), [&](const auto& other) {
            const FakeCrm::Record& known = crm.records().at(other);
            if (other == id || born(crm, other) > made_at) return false;
            return crm.is_made_by_engine(other) ||
                   (known.first_shown && *known.first_shown < made_at);
        });
        if (was_needless) ++duplicates;
    }
    return duplicates;
}

/// Draws a story.
class Teller {
   public:
    explicit Teller(std::uint64_t seed) : random_(seed * 7919) {}

    Story tell() {
        Story story;
        const std::vector<seconds> stale = {seconds(3), seconds(15), seconds(45)};
        const std::vector<seconds> late = {seconds(8), seconds(25)};
        story.weather = {stale[roll(stale.size())], late[roll(late.size())]};
        milliseconds at{0};
        while ((at += milliseconds(static_cast<std::int64_t>(1000 + roll(14'000)))) < kLength) {
            story.happenings.push_back(next());
            story.happenings.back().at = at;
        }
        return story;
    }

   private:
    std::uint64_t roll(std::uint64_t bound) { return random_below(random_, bound); }
    std::string token() {
        const std::string number = std::to_string(10'000 + ++tokens_);
        return field_ == "phone" ? "+44 20 7" + number : field_ + " " + number;
    }

    Happening next() {
        Happening happening;
        happening.system = roll(2);
        const std::uint64_t choice = roll(12);
        const bool is_new = living_.empty() || choice < 2;
        field_ = "name";
        if (is_new) {
            happening.what = roll(2) == 0 ? What::CreateHere : What::CreateThere;
            happening.person = people_++;
            living_.push_back(happening.person);
            happening.value = token();
            return happening;
        }
        // Half of all goes to one person, so that things meet.
        const std::size_t index = roll(2) == 0 ? living_.size() - 1 : roll(living_.size());
        happening.person = living_[index];
        if (choice == 2) {
            happening.what = What::DeleteHere;
            living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(index));
            deleted_.push_back(happening.person);
        } else if (choice == 3) {
            happening.what = What::DeleteThere;
        } else if (choice == 4 && !deleted_.empty()) {
            happening.what = What::CreateHere;
            happening.person = deleted_.back();
            deleted_.pop_back();
            living_.push_back(happening.person);
            happening.value = token();
        } else {
            const std::vector<std::string> fields = {"name", "phone", "jobTitle"};
            field_ = fields[roll(fields.size())];
            happening.what = roll(3) == 0 ? What::EditHere : What::EditThere;
            happening.field = field_;
            happening.value = token();
        }
        return happening;
    }

    SeededRandom random_;
    std::vector<int> living_;
    std::vector<int> deleted_;
    std::string field_;
    int people_ = 0;
    int tokens_ = 0;
};

/// What people really did, as far as they were let.
struct Truth {
    bool is_deleted = false;
    TimePoint deleted_at{};  // the last time
    bool was_here = false;   // the app has ever known the person, as far as people can tell
    std::vector<bool> is_deleted_there = {false, false};
    std::map<std::string, std::string> last_edits;                // field -> value
    std::map<std::string, std::optional<std::size_t>> edited_in;  // field -> system, or here
};

class Listener {
   public:
    explicit Listener(Contestant& engine) : engine_(engine), began_(engine.clock().now()) {}

    void hear(const Story& story);
    Wrongs judge();

   private:
    bool perform(const Happening& happening);
    bool perform_there(const Happening& happening);
    void note(const Happening& happening);
    void judge_dead(const std::string& email, Wrongs& wrongs);
    void judge_living(int person, const Truth& truth, Wrongs& wrongs);
    void judge_edits(const Truth& truth, const ContactFields& ours, Wrongs& wrongs);
    [[nodiscard]] std::vector<ContactFields> here(const std::string& email) const;
    [[nodiscard]] bool is_blind(const FieldSpec& spec, const std::string& value) const;

    Contestant& engine_;
    TimePoint began_;
    std::map<int, Truth> truths_;
    std::vector<ContactFields> live_;
    std::set<std::string> kept_;
};

bool Listener::perform_there(const Happening& happening) {
    FakeCrm& crm = *engine_.systems()[happening.system];
    const std::string email = email_of(happening.person);
    if (happening.what == What::CreateThere) {
        return !crm.person_creates({{"name", happening.value}, {"email", email}}).empty();
    }
    const std::vector<std::string> ids = crm.ids_with_email(email);
    if (ids.empty()) return false;
    if (happening.what == What::DeleteThere) {
        crm.person_deletes(ids.front());
        return true;
    }
    crm.person_edits(ids.front(), happening.field, happening.value);
    // What is typed into a record that was doomed already goes with it.
    const auto truth = truths_.find(happening.person);
    return truth == truths_.end() || born(crm, ids.front()) > truth->second.deleted_at;
}

bool Listener::perform(const Happening& happening) {
    const std::string email = email_of(happening.person);
    switch (happening.what) {
        case What::CreateHere:
            return engine_.create(happening.value, email);
        case What::EditHere:
            return engine_.edit(email, happening.field, happening.value);
        case What::DeleteHere:
            return engine_.remove(email);
        case What::CreateThere:
        case What::EditThere:
        case What::DeleteThere:
            return perform_there(happening);
    }
    return false;
}

void Listener::note(const Happening& happening) {
    Truth& truth = truths_[happening.person];
    switch (happening.what) {
        case What::CreateHere:
            truth.is_deleted = false;
            truth.was_here = true;
            truth.last_edits["name"] = happening.value;
            truth.edited_in["name"] = std::nullopt;
            break;
        case What::CreateThere:
            truth.last_edits["name"] = happening.value;
            truth.edited_in["name"] = happening.system;
            break;
        case What::EditHere:
        case What::EditThere:
            truth.was_here |= happening.what == What::EditHere;
            truth.last_edits[happening.field] = happening.value;
            truth.edited_in[happening.field] = std::nullopt;
            if (happening.what == What::EditThere) {
                truth.edited_in[happening.field] = happening.system;
            }
            break;
        case What::DeleteHere:
            truth = Truth{};
            truth.is_deleted = true;
            truth.deleted_at = engine_.clock().now();
            break;
        case What::DeleteThere:
            truth.is_deleted_there[happening.system] = true;
            // What was typed into that record may go with it.
            std::erase_if(truth.edited_in,
                          [&](const auto& edit) { return edit.second == happening.system; });
            break;
    }
}

void Listener::hear(const Story& story) {
    for (FakeCrm* crm : engine_.systems()) {
        crm->faults.staleness = story.weather.staleness;
        crm->faults.stale_percent = 50;
        crm->faults.lateness = story.weather.lateness - milliseconds(500);
        crm->faults.lost_request = 3;
        crm->faults.lost_answer = 5;
        crm->faults.late = 3;
        crm->faults.failed_list = 4;
        crm->faults.truncated_list = 4;
    }
    FakeClock& clock = engine_.clock();
    auto next = story.happenings.begin();
    for (milliseconds round = kRound; round <= kLength; round += kRound) {
        for (; next != story.happenings.end() && next->at < round; ++next) {
            clock.set(std::max(clock.now(), began_ + next->at));
            if (perform(*next)) note(*next);
        }
        clock.set(std::max(clock.now(), began_ + round));
        engine_.sync();
    }
    // Everybody rests, and the systems are as they should be.
    for (FakeCrm* crm : engine_.systems()) crm->faults = {};
    for (int i = 0; i < kRestRounds; ++i) {
        clock.advance(story.weather.staleness + story.weather.lateness + kRound);
        for (FakeCrm* crm : engine_.systems()) crm->settle_late_calls();
        engine_.sync();
    }
}

std::vector<ContactFields> Listener::here(const std::string& email) const {
    std::vector<ContactFields> found;
    for (const ContactFields& fields : live_) {
        if (email_key(fields.email) == email_key(email)) found.push_back(fields);
    }
    return found;
}

void Listener::judge_dead(const std::string& email, Wrongs& wrongs) {
    wrongs.ghosts_in_app += static_cast<int>(here(email).size());
    for (FakeCrm* crm : engine_.systems()) {
        wrongs.ghosts_in_systems += static_cast<int>(crm->ids_with_email(email).size());
    }
}

/// Written over before anything had shown it: no engine that only lists and writes can avoid it.
bool Listener::is_blind(const FieldSpec& spec, const std::string& value) const {
    for (FakeCrm* crm : engine_.systems()) {
        for (const std::string& lost : crm->blindly_replaced()) {
            if (sync::is_same_value(spec.kind, lost, value)) return true;
        }
    }
    return false;
}

void Listener::judge_edits(const Truth& truth, const ContactFields& ours, Wrongs& wrongs) {
    for (const auto& edit : truth.last_edits) {
        const std::string& value = edit.second;
        if (!truth.edited_in.contains(edit.first)) continue;
        const FieldSpec& spec = *find_field(edit.first);
        if (sync::is_same_value(spec.kind, ours.*(spec.member), value)) continue;
        const bool is_kept = std::any_of(kept_.begin(), kept_.end(), [&](const std::string& kept) {
            return sync::is_same_value(spec.kind, kept, value);
        });
        if (!is_kept && !is_blind(spec, value)) ++wrongs.lost_edits;
    }
}

int count_differences(const FakeCrm& crm, const std::string& id, const ContactFields& ours) {
    int differences = 0;
    for (const char* field : {"name", "phone", "jobTitle"}) {
        const FieldSpec& spec = *find_field(field);
        const auto value = crm.values(id).find(field);
        const std::string there = value == crm.values(id).end() ? std::string() : value->second;
        if (!sync::is_same_value(spec.kind, there, ours.*(spec.member))) ++differences;
    }
    return differences;
}

void Listener::judge_living(int person, const Truth& truth, Wrongs& wrongs) {
    const std::string email = email_of(person);
    const std::vector<ContactFields> ours = here(email);
    if (ours.empty()) {
        // Only ever over there, and deleted there: nobody need know them.
        const bool is_gone = truth.is_deleted_there[0] || truth.is_deleted_there[1];
        if (truth.was_here || !is_gone) ++wrongs.diverged;
        return;
    }
    wrongs.duplicates += static_cast<int>(ours.size()) - 1;
    for (FakeCrm* crm : engine_.systems()) {
        const std::vector<std::string> ids = crm->ids_with_email(email);
        if (ids.empty()) {
            ++wrongs.diverged;
            continue;
        }
        wrongs.duplicates += count_duplicates(*crm, ids);
        int least = std::numeric_limits<int>::max();
        for (const std::string& id : ids) {
            least = std::min(least, count_differences(*crm, id, ours.front()));
        }
        wrongs.diverged += least;
    }
    judge_edits(truth, ours.front(), wrongs);
}

Wrongs Listener::judge() {
    Wrongs wrongs;
    const auto writes = [&] {
        int sum = 0;
        for (const FakeCrm* crm : engine_.systems()) sum += crm->writes();
        return sum;
    };
    live_ = engine_.live();
    kept_ = engine_.kept_values();
    for (const auto& [person, truth] : truths_) {
        if (truth.is_deleted) {
            judge_dead(email_of(person), wrongs);
        } else {
            judge_living(person, truth, wrongs);
        }
    }
    const int before = writes();
    for (int i = 0; i < kSteadyRounds; ++i) {
        engine_.clock().advance(kRound);
        engine_.sync();
    }
    wrongs.steady_writes = writes() - before;
    return wrongs;
}

}  // namespace

Story make_story(std::uint64_t seed) {
    return Teller(seed).tell();
}

Wrongs tell_story(const Story& story, Contestant& engine) {
    Listener listener(engine);
    listener.hear(story);
    return listener.judge();
}

}  // namespace crm::test
