// A run of the timer in which nothing happened costs nothing and leaves no trace; whatever happened
// is found all the same.
#include <doctest/doctest.h>

#include "tests/support/sync_bench.h"

namespace crm::test {
namespace {

using std::chrono::seconds;

class Quiet {
   public:
    Quiet() {
        bench.create("Ada", "ada@example.org");
        bench.hubspot.person_creates({{"name", "Bob"}, {"email", "bob@example.org"}});
        for (int i = 0; i < 4; ++i) timer();
        REQUIRE(timer().pending == 0);
    }

    api::Run timer() {
        api::Run asked;
        asked.trigger = "timer";
        bench.clock.advance(seconds(30));
        return bench.run(asked);
    }
    std::size_t runs() { return bench.service->runs(bench.customer).value().size(); }
    std::uint64_t commits() { return bench.store.database().commits(); }

    SyncBench bench;
};

TEST_CASE("quiet: a run of the timer that finds nothing new writes nothing, not even itself") {
    Quiet quiet;
    const std::size_t runs = quiet.runs();
    const std::uint64_t commits = quiet.commits();
    const int calls = quiet.bench.hubspot.calls();
    for (int i = 0; i < 3; ++i) {
        const api::Run run = quiet.timer();
        CHECK(run.state == api::RunState::Done);
        CHECK(run.pending == 0);
        CHECK(run.calls.at("hubspot") == 1);
    }
    CHECK(quiet.commits() == commits);
    CHECK(quiet.runs() == runs);
    CHECK(quiet.bench.hubspot.calls() == calls + 3);  // it did look
}

TEST_CASE("quiet: an edit in either place ends the quiet") {
    Quiet quiet;
    const Contact ada = quiet.bench.live().front();
    quiet.bench.edit(ada.id, "jobTitle", "Countess");
    CHECK(quiet.timer().writes.at("hubspot") == 1);
    CHECK(text_in(quiet.bench.hubspot, "ada@example.org", "jobTitle") == "Countess");
    for (int i = 0; i < 3; ++i) quiet.timer();
    const std::string record = quiet.bench.pipedrive.ids_with_email("ada@example.org").front();
    quiet.bench.pipedrive.person_edits(record, "phone", "4420");
    for (int i = 0; i < 2; ++i) quiet.timer();
    CHECK(text_in(quiet.bench.hubspot, "ada@example.org", "phone") == "4420");
}

TEST_CASE("quiet: a deletion here is carried out by the next run of the timer") {
    Quiet quiet;
    REQUIRE(quiet.bench.contacts->remove(quiet.bench.customer, quiet.bench.live().front().id, {})
                .is_ok());
    CHECK(quiet.timer().writes.at("hubspot") == 1);
}

TEST_CASE("quiet: a run that could not see everything is not remembered as quiet") {
    Quiet quiet;
    quiet.bench.pipedrive.faults.failed_list = 100;
    quiet.timer();
    quiet.bench.pipedrive.faults.failed_list = 0;
    const std::uint64_t commits = quiet.commits();
    quiet.timer();
    CHECK(quiet.commits() > commits);  // it looked at everything
}

TEST_CASE("quiet: a person who asks gets a full look") {
    Quiet quiet;
    const std::size_t runs = quiet.runs();
    quiet.bench.run();
    CHECK(quiet.runs() == runs + 1);
}

TEST_CASE("quiet: nothing is remembered of a run during which somebody wrote") {
    sync::QuietMemory memory;
    const std::uint64_t generation = memory.generation();
    memory.touch();
    memory.remember(generation, sync::QuietEnd{});
    CHECK_FALSE(memory.find().has_value());
    memory.remember(memory.generation(), sync::QuietEnd{});
    CHECK(memory.find().has_value());
    memory.touch();
    CHECK_FALSE(memory.find().has_value());
}

}  // namespace
}  // namespace crm::test
