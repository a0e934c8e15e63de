#include "tests/support/rule_switches.h"

#include <array>
#include <atomic>
#include <cstddef>

namespace crm::test {
namespace {

using sync::Rule;

constexpr std::size_t kRules = static_cast<std::size_t>(Rule::Count);

/// In the order of the enum; a rule without a name does not compile.
constexpr std::array kNames = {
    std::string_view("MarkerLink"),
    std::string_view("IntentLink"),
    std::string_view("ContentLink"),
    std::string_view("AliasLink"),
    std::string_view("DuplicateHold"),
    std::string_view("Suppression"),
    std::string_view("DeadRecords"),
    std::string_view("Probation"),
    std::string_view("AbsenceCount"),
    std::string_view("AbsenceSpacing"),
    std::string_view("AbsenceNeedsComplete"),
    std::string_view("VisibleUntil"),
    std::string_view("OpenIntent"),
    std::string_view("UnknownCreateWaits"),
    std::string_view("UnknownUpdateWaits"),
    std::string_view("CreateNeedsComplete"),
    std::string_view("CreateLooksFirst"),
    std::string_view("EmailBarrier"),
    std::string_view("StalenessWindow"),
    std::string_view("Superseded"),
    std::string_view("OwnEcho"),
    std::string_view("OwnEchoWindow"),
    std::string_view("Canonical"),
    std::string_view("DoubtBlocksWrite"),
    std::string_view("ConflictKept"),
    std::string_view("Versions"),
    std::string_view("VerifyBeforeWrite"),
    std::string_view("TrashKeepsEdits"),
    std::string_view("RedeleteLimit"),
    std::string_view("FirstSyncPreview"),
    std::string_view("EmptyListingBrake"),
    std::string_view("AbsenceBrake"),
    std::string_view("DeletionBrake"),
    std::string_view("CreationBrake"),
    std::string_view("SameFieldBrake"),
    std::string_view("BlankingBrake"),
    std::string_view("AccountBrake"),
    std::string_view("MappingBrake"),
    std::string_view("CountBrake"),
    std::string_view("ConflictBrake"),
    std::string_view("OscillationFreeze"),
    std::string_view("RollbackBrake"),
    std::string_view("Relink"),
    std::string_view("Parking"),
    std::string_view("MeasuredSettle"),
    std::string_view("OtherEmailLink"),
    std::string_view("MergeDetach"),
};
static_assert(kNames.size() == kRules);

// The service asks from several threads.
std::array<std::atomic<bool>, kRules>& off() {
    static std::array<std::atomic<bool>, kRules> flags{};
    return flags;
}
std::array<std::atomic<bool>, kRules>& asked() {
    static std::array<std::atomic<bool>, kRules> flags{};
    return flags;
}

}  // namespace

std::string_view rule_name(Rule rule) {
    return kNames.at(static_cast<std::size_t>(rule));
}

bool is_rule_asked(Rule rule) {
    return asked().at(static_cast<std::size_t>(rule));
}

}  // namespace crm::test

namespace crm::sync {

bool is_on(Rule rule) {
    const auto index = static_cast<std::size_t>(rule);
    test::asked().at(index) = true;
    return !test::off().at(index);
}

void switch_rule(Rule rule, bool on) {
    test::off().at(static_cast<std::size_t>(rule)) = !on;
}

}  // namespace crm::sync
