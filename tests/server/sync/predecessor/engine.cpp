// This product's engine in the comparison: the real one, over its real database.
#include "shared/text.h"
#include "tests/server/sync/predecessor/contestant.h"
#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

class Engine final : public Contestant {
   public:
    Engine(std::uint64_t seed, const Weather& weather)
        : bench_(seed, weather.staleness, weather.lateness) {
        bench_.settings.delete_limit = 1000;
        bench_.restart();
    }

    bool create(const std::string& name, const std::string& email) override {
        bench_.create(name, email);
        return true;
    }
    bool edit(const std::string& email,
              const std::string& field,
              const std::string& value) override {
        const std::optional<ContactId> id = find(email);
        if (id) bench_.edit(*id, field, value);
        return id.has_value();
    }
    bool remove(const std::string& email) override {
        const std::optional<ContactId> id = find(email);
        return id && bench_.contacts->remove(bench_.customer, *id, {}).is_ok();
    }
    void sync() override {
        const api::Run run = bench_.run();
        if (run.state != api::RunState::Held) return;
        // Few records make brakes likely; a person who knows what they did says yes.
        const auto approved = bench_.service->approve(bench_.customer, run.id);
        REQUIRE(approved.is_ok());
    }
    std::vector<ContactFields> live() override {
        std::vector<ContactFields> contacts;
        for (const Contact& contact : bench_.live()) contacts.push_back(contact.fields);
        return contacts;
    }
    std::set<std::string> kept_values() override {
        std::set<std::string> kept;
        for (const sync::ConflictRow& row : bench_.conflicts()) {
            kept.insert(row.app_value);
            kept.insert(row.remote_value);
        }
        for (const Contact& contact : bench_.live()) {
            const auto history = bench_.contacts->history(bench_.customer, contact.id);
            REQUIRE(history.is_ok());
            for (const api::HistoryEntry& entry : history.value()) {
                for (const FieldChange& change : entry.changes) kept.insert(change.from);
            }
        }
        return kept;
    }
    FakeClock& clock() override { return bench_.clock; }
    std::vector<FakeCrm*> systems() override { return {&bench_.hubspot, &bench_.pipedrive}; }

   private:
    std::optional<ContactId> find(const std::string& email) {
        for (const Contact& contact : bench_.live()) {
            if (email_key(contact.fields.email) == email_key(email)) return contact.id;
        }
        return std::nullopt;
    }

    SyncBench bench_;
};

}  // namespace

std::unique_ptr<Contestant> make_engine(std::uint64_t seed, const Weather& weather) {
    return std::make_unique<Engine>(seed, weather);
}

}  // namespace crm::test
