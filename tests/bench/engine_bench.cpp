// What runs of the sync engine cost: the real engine over a real database file and two systems in
// memory that already hold the same N people. Prints one line of JSON per N:
//
//   engine_bench 1000 10000 100000
//
// CPU is this process's (user and system); the systems answer at once, so nothing waits. What
// making the listings costs is measured apart and taken off. Memory is resident, peak and now.
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/random.h"
#include "server/store/database.h"
#include "server/sync/quiet_memory.h"
#include "server/sync/sync_run.h"
#include "server/sync/sync_service.h"

namespace crm {
namespace {

using std::chrono::milliseconds;

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Megabytes from /proc/self/status.
double memory(const std::string& line_name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.rfind(line_name, 0) == 0) {
            return std::strtod(line.c_str() + line_name.size() + 1, nullptr) / 1024;
        }
    }
    return 0;
}

class StepClock final : public Clock {
   public:
    [[nodiscard]] TimePoint now() const override { return now_; }
    void advance(milliseconds by) { now_ += by; }

   private:
    TimePoint now_{milliseconds(1'767'225'600'000)};
};

class CountingRandom final : public Random {
   public:
    std::uint64_t next() override {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return state_ ^ (state_ >> 29);
    }

   private:
    std::uint64_t state_ = 7;
};

/// N people, made anew for every listing; what was changed since is remembered.
class Directory {
   public:
    Directory(std::string name, int people) : name_(std::move(name)), people_(people) {}

    sync::Listing list(const std::string& known) {
        const double before = cpu_seconds();
        sync::Listing listing;
        listing.is_complete = true;
        listing.calls = (people_ + 99) / 100;
        listing.digest = name_ + std::to_string(version_);
        listing.is_unchanged = listing.digest == known;
        if (!listing.is_unchanged) {
            listing.records.reserve(static_cast<std::size_t>(people_));
            for (int i = 0; i < people_; ++i) listing.records.push_back(record(i));
        }
        made_ += cpu_seconds() - before;
        return listing;
    }
    void update(const std::string& id, const sync::RemoteValues& values) {
        for (const auto& [field, value] : values) changed_[id][field] = value;
        ++version_;
        ++writes_;
    }
    void edit(int person, const std::string& title) {
        changed_[std::to_string(person)]["jobTitle"] = title;
        ++version_;
    }
    [[nodiscard]] int writes() const { return writes_; }
    [[nodiscard]] double made() const { return made_; }

   private:
    [[nodiscard]] sync::RemoteRecord record(int i) const {
        const std::string number = std::to_string(i);
        sync::RemoteRecord record;
        record.id = RemoteId(number);
        record.values = {{"name", "Person " + number},
                         {"email", "person" + number + "@example.com"},
                         {"phone", "+44 20 7946 " + number},
                         {"jobTitle", "Engineer"},
                         {"pronouns", "they/them"}};
        const auto changed = changed_.find(number);
        if (changed != changed_.end()) {
            for (const auto& [field, value] : changed->second) record.values[field] = value;
        }
        return record;
    }

    std::string name_;
    int people_;
    std::map<std::string, sync::RemoteValues> changed_;
    int version_ = 0;
    int writes_ = 0;
    double made_ = 0;
};

class DirectoryConnector final : public sync::Connector {
   public:
    explicit DirectoryConnector(Directory& directory) : directory_(directory) {}
    [[nodiscard]] sync::Listing list(const std::string& known) override {
        return directory_.list(known);
    }
    [[nodiscard]] sync::CallOutcome create(const sync::RemoteValues&, const std::string&) override {
        throw std::logic_error("a create, although everybody is there");
    }
    [[nodiscard]] sync::CallOutcome update(const RemoteId& id,
                                           const sync::RemoteValues& values) override {
        directory_.update(id.text, values);
        sync::CallOutcome outcome;
        outcome.end = sync::CallEnd::Applied;
        return outcome;
    }
    [[nodiscard]] sync::CallOutcome remove(const RemoteId&) override { std::abort(); }
    [[nodiscard]] sync::Reading get(const RemoteId&) override { return {}; }
    [[nodiscard]] std::string account_fingerprint() override { return {}; }

   private:
    Directory& directory_;
};

/// Goes away with the bench, also when that ends with an exception.
class Folder {
   public:
    Folder() {
        std::string name =
            (std::filesystem::temp_directory_path() / "contacts-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

   private:
    std::filesystem::path path_;
};

class Bench {
   public:
    explicit Bench(int people)
        : people_(people), hubspot_("hubspot", people), pipedrive_("pipedrive", people) {
        auto opened = store::Database::open(folder_.path() / "contacts.db");
        if (!opened.is_ok()) throw std::runtime_error(opened.error().message);
        database_ = opened.take();
        const std::vector<std::string> fields = {"name", "email", "phone", "jobTitle", "pronouns"};
        for (const auto& [key, label] : std::map<std::string, std::string>{
                 {"hubspot", "HubSpot"}, {"pipedrive", "Pipedrive"}}) {
            sync::SystemSpec spec;
            spec.key = SystemKey(key);
            spec.label = label;
            spec.fields = fields;
            settings_.systems.push_back(spec);
        }
        settings_.settle = settings_.late = milliseconds(0);
        settings_.is_first_sync_automatic = true;
        settings_.delete_limit = 1'000'000;
        contacts_ = std::make_unique<ContactService>(*database_, clock_, random_);
        service_ = std::make_unique<sync::SyncService>(
            sync::SyncService::Doors{*database_, *contacts_, clock_, random_},
            settings_,
            [](const CustomerId&) { return std::vector<std::unique_ptr<sync::Connector>>(); },
            sync::SyncListeners{});
        contacts_->connect(service_.get(), {});
    }
    ~Bench() {
        service_.reset();
        contacts_.reset();
        database_.reset();
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void measure() {
        const double empty = memory("VmRSS:");
        std::printf("{\"contacts\":%d,\"rssEmptyMb\":%.1f", people_, empty);
        show("first", run());
        show("settling", run());
        show("quiet", run());
        show("quietAgain", run());
        hubspot_.edit(people_ / 2, "Captain");
        show("oneEdit", run());
        show("quietAfter", run());
        const auto bytes = std::filesystem::file_size(folder_.path() / "contacts.db");
        std::printf(",\"databaseMb\":%.1f,\"rssPeakMb\":%.1f,\"rssNowMb\":%.1f}\n",
                    static_cast<double>(bytes) / 1e6,
                    memory("VmHWM:"),
                    memory("VmRSS:"));
        std::fflush(stdout);
    }

   private:
    struct Cost {
        double cpu;
        double rss;
        std::int64_t app;
        std::int64_t pending;
        int writes;
    };

    Cost run() {
        clock_.advance(std::chrono::seconds(30));
        std::vector<std::unique_ptr<sync::Connector>> connectors;
        connectors.push_back(std::make_unique<DirectoryConnector>(hubspot_));
        connectors.push_back(std::make_unique<DirectoryConnector>(pipedrive_));
        sync::RunControl control;
        control.is_stopping = [] { return false; };
        control.take_round_again = [] { return false; };
        control.pause_until = [](TimePoint) { return false; };
        control.report = [](const api::Run&) {};
        api::Run queued;
        queued.id = RunId("run-" + std::to_string(++runs_));
        queued.trigger = "timer";
        const int writes = hubspot_.writes() + pipedrive_.writes();
        const double made = hubspot_.made() + pipedrive_.made();
        const double before = cpu_seconds();
        const api::Run run = sync::perform_run(
            {*database_, *contacts_, clock_, sync::Concurrency::Sequential, &quiet_},
            settings_,
            CustomerId("dev"),
            connectors,
            control,
            queued);
        const double spent = cpu_seconds() - before - (hubspot_.made() + pipedrive_.made() - made);
        ::malloc_trim(0);  // as the service does
        if (run.state == api::RunState::Failed || run.state == api::RunState::Held) {
            std::fprintf(stderr, "engine_bench: %s\n", run.reason.c_str());
            std::exit(1);
        }
        return {spent,
                memory("VmRSS:"),
                run.writes.at("app"),
                run.pending,
                hubspot_.writes() + pipedrive_.writes() - writes};
    }

    static void show(const char* name, const Cost& cost) {
        std::printf(
            ",\"%s\":{\"cpuSeconds\":%.4f,\"rssMb\":%.1f,\"appWrites\":%lld,\"writes\":%d,"
            "\"pending\":%lld}",
            name,
            cost.cpu,
            cost.rss,
            static_cast<long long>(cost.app),
            cost.writes,
            static_cast<long long>(cost.pending));
        std::fflush(stdout);
    }

    int people_;
    int runs_ = 0;
    Directory hubspot_;
    Directory pipedrive_;
    Folder folder_;
    StepClock clock_;
    CountingRandom random_;
    sync::SyncSettings settings_;
    std::unique_ptr<store::Database> database_;
    std::unique_ptr<ContactService> contacts_;
    std::unique_ptr<sync::SyncService> service_;
    sync::QuietMemory quiet_;
};

}  // namespace
}  // namespace crm

int main(int count, char** words) {
    try {
        for (int i = 1; i < count; ++i) crm::Bench(std::atoi(words[i])).measure();
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "engine_bench: %s\n", problem.what());
        return 1;
    }
    return 0;
}
