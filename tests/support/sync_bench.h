// The real engine over a real database file, fake CRMs (two, unless a test adds some) and a clock
// moved by hand. One thread, so that a seed tells the whole story.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/store/sync_store.h"
#include "server/sync/sync_run.h"
#include "server/sync/sync_service.h"
#include "shared/limits.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_crm.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace crm::test {

inline sync::SyncSettings bench_settings(std::chrono::milliseconds settle,
                                         std::chrono::milliseconds late) {
    sync::SyncSettings settings;
    const std::vector<std::string> fields = {"name", "email", "phone", "jobTitle", "pronouns"};
    settings.systems = {{SystemKey("hubspot"), "HubSpot", fields, true, false, 0},
                        {SystemKey("pipedrive"), "Pipedrive", fields, false, true, 0}};
    settings.interval = std::chrono::milliseconds(0);
    settings.settle = settle;
    settings.late = late;
    settings.is_first_sync_automatic = true;
    return settings;
}

/// A value of the one record that has an e-mail.
inline std::string text_in(const FakeCrm& crm, const std::string& email, const std::string& field) {
    const std::vector<std::string> ids = crm.ids_with_email(email);
    REQUIRE(ids.size() == 1);
    const auto found = crm.values(ids.front()).find(field);
    return found == crm.values(ids.front()).end() ? "" : found->second;
}

class SyncBench {
   public:
    explicit SyncBench(std::uint64_t seed = 1,
                       std::chrono::milliseconds settle = std::chrono::milliseconds(0),
                       std::chrono::milliseconds late = std::chrono::milliseconds(0))
        : random(seed),
          settings(bench_settings(settle, late)),
          hubspot("hubspot", clock, random, {.is_email_unique = true, .lowers_email = true}),
          pipedrive("pipedrive", clock, random, {.strips_phone = true}),
          crms{&hubspot, &pipedrive} {
        start();
    }

    /// As after a crash: everything that is not on disk is gone.
    void restart() {
        service.reset();
        contacts.reset();
        store.close();
        store.open();
        start();
    }

    /// `queued` says what is asked for: a preview, one system, one contact.
    api::Run run(api::Run queued = {}) {
        std::vector<std::unique_ptr<sync::Connector>> connectors;
        for (FakeCrm* crm : crms) connectors.push_back(std::make_unique<FakeConnector>(*crm));
        sync::RunControl control;
        control.is_stopping = [] { return false; };
        control.take_round_again = [] { return false; };
        control.pause_until = [this](TimePoint until) {
            if (until > clock.now()) clock.set(until);
            return true;
        };
        control.report = [](const api::Run&) {};
        queued.id = RunId(make_uuid(random));
        if (queued.trigger.empty()) queued.trigger = "person";
        const auto quiet = service->quiet_memory(customer);
        return sync::perform_run(
            {store.database(), *contacts, clock, sync::Concurrency::Sequential, quiet.get(), mark},
            settings,
            customer,
            connectors,
            control,
            queued);
    }

    Contact create(const std::string& name, const std::string& email) {
        ContactPatch patch;
        patch.texts = {{"name", name}, {"email", email}};
        auto made = contacts->create(customer, patch, {.actor = "ann"});
        REQUIRE(made.is_ok());
        return made.value().contact;
    }
    Contact edit(const ContactId& id, const std::string& field, const std::string& value) {
        ContactPatch patch;
        patch.texts = {{field, value}};
        auto changed = contacts->update(customer, id, patch, std::nullopt, {.actor = "ann"});
        REQUIRE(changed.is_ok());
        return changed.value();
    }
    std::vector<Contact> live() {
        auto page = contacts->list(customer, {.limit = kPageSizeMax});
        REQUIRE(page.is_ok());
        return page.value().contacts;
    }
    Contact only() {
        const std::vector<Contact> all = live();
        REQUIRE(all.size() == 1);
        return all.front();
    }
    sync::CustomerNotes notes() {
        auto snapshot = store.database().begin_read();
        REQUIRE(snapshot.is_ok());
        auto loaded = store::load_customer_notes(snapshot.value(), customer);
        REQUIRE(loaded.is_ok());
        return loaded.take();
    }
    std::vector<sync::ConflictRow> conflicts() {
        auto snapshot = store.database().begin_read();
        REQUIRE(snapshot.is_ok());
        auto loaded = store::load_conflicts(snapshot.value(), customer);
        REQUIRE(loaded.is_ok());
        return loaded.take();
    }
    [[nodiscard]] int writes() const {
        int sum = 0;
        for (const FakeCrm* crm : crms) sum += crm->writes();
        return sum;
    }

    store::RollbackMark* mark = nullptr;  // none: an older database is not recognised
    const CustomerId customer{"dev"};
    TempStore store;
    FakeClock clock;
    SeededRandom random;
    sync::SyncSettings settings;
    FakeCrm hubspot;
    FakeCrm pipedrive;
    std::vector<FakeCrm*> crms;  // what a run sees, in the order of settings.systems
    std::unique_ptr<ContactService> contacts;
    std::unique_ptr<sync::SyncService> service;  // never started: it only observes contacts here

   private:
    void start() {
        contacts = std::make_unique<ContactService>(store.database(), clock, random);
        service = std::make_unique<sync::SyncService>(
            sync::SyncService::Doors{store.database(), *contacts, clock, random},
            settings,
            [](const CustomerId&) { return std::vector<std::unique_ptr<sync::Connector>>(); },
            sync::SyncListeners{});
        contacts->connect(service.get(), {});
    }
};

}  // namespace crm::test
