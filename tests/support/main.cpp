// The main function of every test program. It does what doctest's own does, plus two things that
// a green light must not depend on: a run that executed no test case fails, and a connection that
// the other side closed ends in an error code, not in a signal.

#define DOCTEST_CONFIG_IMPLEMENT
#include <csignal>
#include <cstdio>

#include <doctest/doctest.h>

namespace {

int test_cases_run = 0;

// Counts the test cases that really started; doctest's own summary counts the filtered ones too.
struct Counter : doctest::IReporter {
    explicit Counter(const doctest::ContextOptions& /*options*/) {}
    void report_query(const doctest::QueryData& /*data*/) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats& /*stats*/) override {}
    void test_case_start(const doctest::TestCaseData& /*data*/) override { ++test_cases_run; }
    void test_case_reenter(const doctest::TestCaseData& /*data*/) override {}
    void test_case_end(const doctest::CurrentTestCaseStats& /*stats*/) override {}
    void test_case_exception(const doctest::TestCaseException& /*problem*/) override {}
    void subcase_start(const doctest::SubcaseSignature& /*signature*/) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData& /*data*/) override {}
    void log_message(const doctest::MessageData& /*data*/) override {}
    void test_case_skipped(const doctest::TestCaseData& /*data*/) override {}
};

}  // namespace

REGISTER_LISTENER("counter", 1, Counter);

int main(int argument_count, char** arguments) {
    (void)std::signal(SIGPIPE, SIG_IGN);
    doctest::Context context(argument_count, arguments);
    context.setOption("no-version", true);
    const int result = context.run();
    if (context.shouldExit()) return result;  // a question such as --list-test-cases
    if (test_cases_run == 0) {
        (void)std::fputs("no test case ran: the filter matches nothing\n", stderr);
        return 1;
    }
    return result;
}
