// The whole service over two fake CRMs, with its threads and in real time; a gate holds listings
// back for as long as a test needs a run to be on.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "server/clock.h"
#include "server/sync/sync_service.h"
#include "tests/support/sync_bench.h"

namespace crm::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr milliseconds kPatience{20'000};

/// Holds every listing back until it is opened, so that a run stays on for as long as a test needs.
class Gate {
   public:
    void close() { set(false); }
    void open() { set(true); }
    void pass() {
        std::unique_lock lock(mutex_);
        ++waiting_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return is_open_; });
    }
    /// Blocks until somebody stands at the gate.
    void await_visitor() {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, kPatience, [&] { return waiting_ > 0; }));
    }

   private:
    void set(bool is_open) {
        const std::lock_guard lock(mutex_);
        is_open_ = is_open;
        waiting_ = 0;
        changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    bool is_open_ = true;
    int waiting_ = 0;
};

class GatedConnector final : public sync::Connector {
   public:
    GatedConnector(FakeCrm& crm, Gate& gate) : inner_(crm), gate_(gate) {}
    [[nodiscard]] sync::Listing list(const std::string& known_digest) override {
        gate_.pass();
        return inner_.list(known_digest);
    }
    [[nodiscard]] sync::CallOutcome create(const sync::RemoteValues& values,
                                           const std::string& marker) override {
        return inner_.create(values, marker);
    }
    [[nodiscard]] sync::CallOutcome update(const RemoteId& id,
                                           const sync::RemoteValues& values) override {
        return inner_.update(id, values);
    }
    [[nodiscard]] sync::CallOutcome remove(const RemoteId& id) override {
        return inner_.remove(id);
    }
    [[nodiscard]] sync::Reading get(const RemoteId& id) override { return inner_.get(id); }
    [[nodiscard]] std::string account_fingerprint() override { return {}; }

   private:
    FakeConnector inner_;
    Gate& gate_;
};

/// The whole service over two fake CRMs, in real time.
class Running {
   public:
    /// `known`: what is known of Pipedrive when the service starts; it is limited to so many calls.
    explicit Running(milliseconds interval,
                     std::optional<sync::SystemRow> known = std::nullopt,
                     double daily_calls_max = 0) {
        sync::SyncSettings settings = bench_settings(milliseconds(0), milliseconds(0));
        settings.interval = interval;
        settings.systems[1].daily_calls_max = daily_calls_max;
        if (known) {
            auto transaction = store_.database().begin_write();
            REQUIRE(transaction.is_ok());
            REQUIRE(
                store::save_system(transaction.value(), customer, SystemKey("pipedrive"), *known)
                    .is_ok());
            REQUIRE(transaction.value().commit().is_ok());
        }
        contacts_ = std::make_unique<ContactService>(store_.database(), clock_, random_);
        service_ = std::make_unique<sync::SyncService>(
            sync::SyncService::Doors{store_.database(), *contacts_, clock_, random_},
            settings,
            [this](const CustomerId&) {
                std::vector<std::unique_ptr<sync::Connector>> opened;
                opened.push_back(std::make_unique<GatedConnector>(hubspot, gate));
                opened.push_back(std::make_unique<GatedConnector>(pipedrive, gate));
                return opened;
            },
            sync::SyncListeners{[this](const CustomerId&, const api::Run& run) { heard(run); },
                                {},
                                [this](const CustomerId&, const api::Conflict& conflict) {
                                    const std::lock_guard lock(mutex_);
                                    heard_conflicts_.push_back(conflict);
                                    changed_.notify_all();
                                }});
        contacts_->connect(service_.get(), {});
        REQUIRE(service_->start().is_ok());
    }

    Contact create(const std::string& name, const std::string& email) {
        ContactPatch patch;
        patch.texts = {{"name", name}, {"email", email}};
        auto made = contacts_->create(customer, patch, {});
        REQUIRE(made.is_ok());
        return made.value().contact;
    }
    api::Run run(const api::RunRequest& request = {}) {
        auto started = service_->run(customer, request);
        REQUIRE(started.is_ok());
        return started.value();
    }
    api::SystemStatus system(std::size_t index) {
        auto status = service_->status(customer);
        REQUIRE(status.is_ok());
        return status.value().systems.at(index);
    }
    api::Run wait(const RunId& id) {
        auto ended = service_->wait(customer, id, kPatience);
        REQUIRE(ended.is_ok());
        return ended.value();
    }
    /// Blocks until `count` runs have ended.
    void await_ended(int count) {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, kPatience, [&] { return ended_ >= count; }));
    }
    /// Blocks until `count` conflicts were told of: all that were.
    std::vector<api::Conflict> await_conflicts(std::size_t count) {
        std::unique_lock lock(mutex_);
        REQUIRE(
            changed_.wait_for(lock, kPatience, [&] { return heard_conflicts_.size() >= count; }));
        return heard_conflicts_;
    }
    void edit(const ContactId& id, const std::string& field, const std::string& value) {
        ContactPatch patch;
        patch.texts = {{field, value}};
        REQUIRE(contacts_->update(customer, id, patch, std::nullopt, {}).is_ok());
    }
    sync::SystemRow pipedrive_row() {
        auto snapshot = store_.database().begin_read();
        REQUIRE(snapshot.is_ok());
        auto rows = store::load_systems(snapshot.value(), customer);
        REQUIRE(rows.is_ok());
        return rows.value()[SystemKey("pipedrive")];
    }
    TimePoint now() { return clock_.now(); }
    sync::SyncService& service() { return *service_; }

   private:
    void heard(const api::Run& run) {
        const std::lock_guard lock(mutex_);
        if (run.ended_at && run.state != api::RunState::Running) ++ended_;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    int ended_ = 0;
    std::vector<api::Conflict> heard_conflicts_;
    TempStore store_;
    SystemClock clock_;
    SeededRandom random_{7};
    FakeClock crm_clock_;

   public:
    const CustomerId customer{"dev"};
    Gate gate;
    FakeCrm hubspot{
        "hubspot", crm_clock_, random_, {.is_email_unique = true, .lowers_email = true}};
    FakeCrm pipedrive{"pipedrive", crm_clock_, random_, {}};

   private:
    std::unique_ptr<ContactService> contacts_;
    std::unique_ptr<sync::SyncService> service_;
};

}  // namespace crm::test
