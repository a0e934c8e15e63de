// A service over a real file, with a clock moved by hand and an observer that writes down what it
// is told.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "server/contacts/contact_service.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace crm::test {

inline const CustomerId kAcme{"acme"};
inline const CustomerId kGlobex{"globex"};

inline Origin by(const std::string& actor) {
    return Origin{.actor = actor};
}
inline Origin from(const std::string& system) {
    return Origin{.system = SystemKey(system)};
}

/// Remembers the calls; refuses changes when asked to.
class RecordingObserver final : public ContactObserver {
   public:
    struct Call {
        bool had_before = false;
        Contact before;
        Contact after;
    };

    Status contact_changed(store::Transaction& /*transaction*/,
                           const Contact* before,
                           const Contact& after) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        calls.push_back({before != nullptr, before == nullptr ? Contact{} : *before, after});
        if (is_refusing) return Error{ErrorCode::Unavailable, "The observer refused"};
        return {};
    }
    Status fill_links(const store::Connection& /*connection*/,
                      const CustomerId& /*customer*/,
                      std::vector<Contact*>& contacts) override {
        for (Contact* contact : contacts) {
            contact->links[SystemKey("hubspot")] = ContactLink{.id = RemoteId("h1")};
            contact->sources.emplace_back("pipedrive");
        }
        return {};
    }
    void wake(const CustomerId& customer) override {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++wakes[customer.text];
    }

    std::vector<Call> calls;
    std::map<std::string, int> wakes;
    bool is_refusing = false;

   private:
    std::mutex mutex_;
};

class World {
   public:
    World() {
        service.connect(&observer, [this](const Contact& contact) { hear(contact); });
    }

    Contact create(const ContactPatch& patch, const CustomerId& customer = kAcme) {
        auto outcome = service.create(customer, patch, by("Ann"));
        REQUIRE_MESSAGE(outcome.is_ok(), (outcome.is_ok() ? "" : outcome.error().message));
        clock.advance(std::chrono::seconds{1});
        return outcome.value().contact;
    }
    Contact find(const ContactId& id) {
        auto found = service.find(kAcme, id);
        REQUIRE(found.is_ok());
        return found.take();
    }
    std::vector<api::HistoryEntry> history(const ContactId& id) {
        auto lines = service.history(kAcme, id);
        REQUIRE(lines.is_ok());
        return lines.take();
    }
    std::int64_t count(Deleted deleted = Deleted::Hidden, const CustomerId& customer = kAcme) {
        ContactQuery query;
        query.deleted = deleted;
        auto page = service.list(customer, query);
        REQUIRE(page.is_ok());
        return page.value().total;
    }
    /// Runs `work` in a transaction of its own, as the sync engine does.
    template <class Work>
    auto sync(Work work) {
        auto transaction = store.database().begin_write();
        REQUIRE(transaction.is_ok());
        auto outcome = work(transaction.value());
        REQUIRE(transaction.value().commit().is_ok());
        return outcome;
    }
    void forget() {
        observer.calls.clear();
        observer.wakes.clear();
        heard.clear();
    }

    TempStore store;
    FakeClock clock;
    SeededRandom random;
    RecordingObserver observer;
    std::vector<Contact> heard;
    ContactService service{store.database(), clock, random};

   private:
    void hear(const Contact& contact) {
        const std::lock_guard<std::mutex> lock(mutex_);
        heard.push_back(contact);
    }
    std::mutex mutex_;
};

inline ContactPatch patch(std::map<std::string, std::string> texts) {
    ContactPatch made;
    made.texts = std::move(texts);
    return made;
}

inline ErrorCode code_of(const Result<Contact>& result) {
    REQUIRE_FALSE(result.is_ok());
    return result.error().code;
}

}  // namespace crm::test
