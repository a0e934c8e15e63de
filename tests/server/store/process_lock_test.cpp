#include "server/store/process_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/support/temp_store.h"

namespace crm::store {

TEST_CASE("process lock: the second one is told, and gets it when the first is gone") {
    test::TempFolder folder;
    const auto file = folder.path() / "x.lock";
    {
        const auto first = ProcessLock::acquire(file);
        REQUIRE(first.is_ok());
        const auto second = ProcessLock::acquire(file);
        REQUIRE_FALSE(second.is_ok());
        CHECK(second.error().code == ErrorCode::Unavailable);
        CHECK(second.error().message.find("Another server has this database open") == 0);
    }
    CHECK(ProcessLock::acquire(file).is_ok());
}

TEST_CASE("process lock: a moved lock still holds") {
    test::TempFolder folder;
    const auto file = folder.path() / "x.lock";
    auto first = ProcessLock::acquire(file);
    REQUIRE(first.is_ok());
    const ProcessLock moved = first.take();
    CHECK_FALSE(ProcessLock::acquire(file).is_ok());
}

TEST_CASE("process lock: kill -9 frees it") {
    test::TempFolder folder;
    const auto file = folder.path() / "x.lock";
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const auto held = ProcessLock::acquire(file);
        const char word = held.is_ok() ? 'y' : 'n';
        if (::write(ready[1], &word, 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    char word = 0;
    REQUIRE(::read(ready[0], &word, 1) == 1);
    CHECK(word == 'y');
    CHECK_FALSE(ProcessLock::acquire(file).is_ok());
    REQUIRE(::kill(child, SIGKILL) == 0);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(ProcessLock::acquire(file).is_ok());
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("process lock: a folder that is not there is named") {
    test::TempFolder folder;
    const auto lock = ProcessLock::acquire(folder.path() / "missing" / "x.lock");
    REQUIRE_FALSE(lock.is_ok());
    CHECK(lock.error().message.find("missing") != std::string::npos);
}

}  // namespace crm::store
