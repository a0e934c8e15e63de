#include "server/commands/database_commands.h"

#include <sys/stat.h>

#include <charconv>
#include <cstdlib>

#include "server/clock.h"
#include "server/commands/command_words.h"
#include "server/commands/console.h"
#include "server/commands/offline.h"
#include "server/store/backup.h"
#include "server/store/invariants.h"
#include "server/store/restore.h"
#include "shared/limits.h"

namespace crm::commands {
namespace {

std::optional<int> read_days(const std::string& text) {
    int days = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), days);
    const bool is_number = problem == std::errc{} && end == text.data() + text.size();
    if (!is_number || days < 0 || days > kPurgeDaysMax) return std::nullopt;
    return days;
}

std::string count_text(std::int64_t count, const std::string& what) {
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

}  // namespace

int check(const Config& config) {
    const std::filesystem::path file = database_file(config);
    const Status is_there = check_is_there(config);
    if (!is_there.is_ok()) return complain(is_there.error());
    const Result<std::vector<std::string>> findings = store::check_all(file);
    if (!findings.is_ok()) return complain(findings.error());
    for (const std::string& finding : findings.value()) {
        static_cast<void>(complain(file.string() + ": " + finding, kExitRefused));
    }
    if (!findings.value().empty()) return kExitRefused;
    say(file.string() + " is sound");
    return EXIT_SUCCESS;
}

int back_up(const Config& config) {
    umask(077);
    const Status done = store::back_up(database_file(config), config.backup);
    if (!done.is_ok()) return complain(done.error());
    say("backup written to " + config.backup.string());
    return EXIT_SUCCESS;
}

int restore(const Config& config) {
    const Result<Words> words = read_words(config.words, {"restore", true, {}, {}});
    if (!words.is_ok()) return complain(words.error().message, kExitWrongSettings);
    umask(077);
    const std::filesystem::path target = database_file(config);
    const Result<std::filesystem::path> kept =
        store::restore(words.value().file, target, SystemClock());
    if (!kept.is_ok()) return complain(kept.error());
    say(words.value().file + " restored as " + target.string());
    if (!kept.value().empty()) say("the database before it is " + kept.value().string());
    return EXIT_SUCCESS;
}

int purge(const Config& config) {
    const Result<Words> words =
        read_words(config.words, {"purge", false, {"--older-than", "--customer"}, {}});
    if (!words.is_ok()) return complain(words.error().message, kExitWrongSettings);
    const std::string* text = words.value().find("--older-than");
    const std::optional<int> days = read_days(text == nullptr ? "" : *text);
    if (!days) {
        return complain(
            "Say how old: purge --older-than DAYS, from 0 to " + std::to_string(kPurgeDaysMax),
            kExitWrongSettings);
    }
    Result<std::unique_ptr<Offline>> offline = Offline::open(config);
    if (!offline.is_ok()) return complain(offline.error());
    const Result<std::vector<CustomerId>> customers =
        offline.value()->customers(words.value().find("--customer"));
    if (!customers.is_ok()) return complain(customers.error());
    ContactService::Purged all;
    for (const CustomerId& customer : customers.value()) {
        const auto purged = offline.value()->contacts().purge(customer, std::chrono::days(*days));
        if (!purged.is_ok()) return complain(purged.error());
        all.removed += purged.value().removed;
        all.waiting += purged.value().waiting;
    }
    say(count_text(all.removed, "tombstone") + " removed for good");
    if (all.waiting > 0) {
        say(count_text(all.waiting, "tombstone") +
            " kept, as a system may still have the record or something about it is open");
    }
    return EXIT_SUCCESS;
}

}  // namespace crm::commands
