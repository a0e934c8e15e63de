// The people of a history, here and in every system: carries out one action after the other, and
// remembers what each person wanted.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/server/sync/sim/sim_bench.h"
#include "tests/server/sync/sim/tokens.h"

namespace crm::test::sim {

class People {
   public:
    People(SimBench& bench, const History& history, std::function<void(std::string)> tell)
        : bench_(bench), history_(history), tell_(std::move(tell)) {}

    void act(const Action& action);
    /// Every contact here, the oldest first.
    [[nodiscard]] std::vector<Contact> live();

    [[nodiscard]] const Tokens& tokens() const { return tokens_; }
    [[nodiscard]] const std::set<ContactId>& made() const { return made_; }
    [[nodiscard]] const std::set<ContactId>& deleted() const { return deleted_; }
    /// Edited or restored by a person here, and so wanted.
    [[nodiscard]] const std::set<ContactId>& touched() const { return touched_; }
    /// Got the records of another contact by a merge here.
    [[nodiscard]] bool has_merged(const ContactId& winner) const {
        return std::any_of(merges_.begin(), merges_.end(), [&](const Merged& merge) {
            return merge.winner == winner;
        });
    }
    /// E-mail keys that somebody uses again since the last look; the look forgets them.
    [[nodiscard]] std::set<std::string> take_reused() { return std::exchange(reused_, {}); }

   private:
    void act_here(const Action& action);
    void act_there(const Action& action);
    void act_on_records(const Action& action, FakeCrm& crm);
    void create_here(const Action& action, const std::string& email);
    void edit_here(const Contact& contact, const std::string& field, const std::string& value);
    void swap_here(const Contact& left, const Contact& right);
    void delete_here(const Contact& contact);
    void restore_here(const Action& action);
    void merge_here(const Action& action, const Contact& winner, const Contact& loser);
    void unmerge_here(const Action& action);
    void create_there(const Action& action, FakeCrm& crm, const std::string& email);
    void edit_there(FakeCrm& crm,
                    const std::string& id,
                    const std::string& field,
                    const std::string& value);
    void swap_there(FakeCrm& crm, const std::string& left, const std::string& right);
    void merge_there(FakeCrm& crm, const std::string& winner, const std::string& loser);
    void move_clock(const Action& action);
    /// Half of the choices fall on the newest, where most is still in the air.
    template <class Item>
    [[nodiscard]] const Item* pick(const std::vector<Item>& items, std::uint32_t choice) const {
        if (items.empty()) return nullptr;
        return choice % 2 == 0 ? &items.back() : &items[(choice / 2) % items.size()];
    }
    [[nodiscard]] std::string some_email(std::uint32_t choice) const;
    [[nodiscard]] std::string some_email_there(std::uint32_t choice) const;
    [[nodiscard]] std::string reformatted(const std::string& field, const std::string& value) const;

    SimBench& bench_;
    const History& history_;
    std::function<void(std::string)> tell_;
    Tokens tokens_;
    std::set<ContactId> made_;     // created by a person here
    std::set<ContactId> deleted_;  // by a person here, and not restored
    std::vector<ContactId> graves_;
    std::vector<std::string> emails_;  // of the deleted
    std::set<std::string> reused_;
    std::set<ContactId> touched_;
    struct Merged {
        std::string id;
        ContactId winner;
        ContactId loser;
    };
    std::vector<Merged> merges_;
};

[[nodiscard]] std::string place_here(const ContactId& contact);
[[nodiscard]] std::string place_there(const FakeCrm& crm, const std::string& record);

}  // namespace crm::test::sim
