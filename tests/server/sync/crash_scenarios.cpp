#include "tests/server/sync/crash_scenarios.h"

#include <utility>

namespace crm::test {
namespace {

using sync::RemoteValues;
using System = ScriptedCrm ScriptedWorld::*;

constexpr System kHub = &ScriptedWorld::hubspot;
constexpr System kPipe = &ScriptedWorld::pipedrive;
const std::string kAda = "ada@x.org";
const std::string kBob = "bob@x.org";

Act here(std::function<void(ScriptedWorld&)> perform) {
    return {Act::Where::Here, std::move(perform)};
}
Act there(std::function<void(ScriptedWorld&)> perform) {
    return {Act::Where::There, std::move(perform)};
}
Act run() {
    return {Act::Where::Run, {}};
}

Act create(const std::string& name, const std::string& email) {
    return here([=](ScriptedWorld& world) { world.create(name, email); });
}
Act edit(const std::string& email, const std::string& field, const std::string& value) {
    return here([=](ScriptedWorld& world) { world.edit(email, field, value); });
}
Act remove(const std::string& email) {
    return here([=](ScriptedWorld& world) { world.remove(email); });
}
Act restore(const std::string& email) {
    return here([=](ScriptedWorld& world) { world.restore(email); });
}
Act create_in(System system, const RemoteValues& values) {
    return there([=](ScriptedWorld& world) { (world.*system).person_creates(values); });
}
Act edit_in(System system,
            const std::string& email,
            const std::string& field,
            const std::string& value) {
    return there([=](ScriptedWorld& world) {
        ScriptedCrm& crm = world.*system;
        crm.person_edits(crm.id_of(email), field, value);
    });
}
Act delete_in(System system, const std::string& email) {
    return there([=](ScriptedWorld& world) {
        ScriptedCrm& crm = world.*system;
        crm.person_deletes(crm.id_of(email));
    });
}
/// The first record ever made there.
Act restore_in(System system) {
    return there([=](ScriptedWorld& world) {
        ScriptedCrm& crm = world.*system;
        crm.person_restores(crm.state.records.begin()->first);
    });
}
Act fate(System system, CallKind kind, Fate fate) {
    return there([=](ScriptedWorld& world) { (world.*system).expect(kind, fate); });
}
Act freeze(System system) {
    return there([=](ScriptedWorld& world) { (world.*system).freeze(); });
}

const RemoteValues kAdaThere = {{"name", "Ada L."}, {"email", kAda}, {"phone", "+44 20 1"}};
// The same name as here: whether a record with another one is ours, edited, or somebody else's
// cannot be told without a marker.
const RemoteValues kHiddenAda = {{"name", "Ada"}, {"email", kAda}, {"phone", "+44 20 1"}};
const RemoteValues kBobThere = {{"name", "Bob B."}, {"email", kBob}, {"jobTitle", "Baker"}};

void add_creates(std::vector<CrashScenario>& all) {
    const Act ada = create("Ada", kAda);
    all.push_back({"a contact is created here", {}, {ada}});
    all.push_back({"several contacts are created here",
                   {},
                   {ada, create("Bob", kBob), create("Cy", "cy@x.org")}});
    all.push_back(
        {"a record is created in the system that is unique", {ada}, {create_in(kHub, kBobThere)}});
    all.push_back(
        {"a record is created in the system that is not", {ada}, {create_in(kPipe, kBobThere)}});
    all.push_back({"one person is created everywhere at once",
                   {},
                   {ada, create_in(kHub, kAdaThere), create_in(kPipe, kAdaThere)}});
    all.push_back({"the first sync of two systems that overlap",
                   {},
                   {create_in(kHub, kAdaThere),
                    create_in(kHub, kBobThere),
                    create_in(kPipe, {{"name", "Ada Lovelace"}, {"email", kAda}}),
                    create_in(kPipe, {{"name", "Cy"}, {"email", "cy@x.org"}})}});
    all.push_back({"a second record of one e-mail appears",
                   {ada},
                   {create_in(kPipe, {{"name", "Ada again"}, {"email", kAda}})}});
    all.push_back({"a record that cannot be a contact appears",
                   {ada},
                   {create_in(kPipe, {{"name", "No e-mail"}}), create_in(kHub, kBobThere)}});
    all.push_back({"a create meets a record that no listing has shown yet",
                   {},
                   {freeze(kHub),
                    fate(kHub, CallKind::List, Fate::Stale),
                    create_in(kHub, kHiddenAda),
                    ada}});
    all.push_back(
        {"a create meets such a record, and is not told which",
         {},
         {there([](ScriptedWorld& world) { world.hubspot.traits.hides_id_on_conflict = true; }),
          freeze(kHub),
          fate(kHub, CallKind::List, Fate::Stale),
          create_in(kHub, kHiddenAda),
          ada}});
}

void add_edits(std::vector<CrashScenario>& all) {
    const std::vector<Act> ada = {create("Ada", kAda)};
    const Act ours = edit(kAda, "name", "Ada from here");
    const Act in_hub = edit_in(kHub, kAda, "name", "Ada from HubSpot");
    const Act in_pipe = edit_in(kPipe, kAda, "name", "Ada from Pipedrive");
    all.push_back({"an edit here", ada, {ours}});
    all.push_back({"an edit in the first system", ada, {in_hub}});
    all.push_back({"an edit in the second system", ada, {in_pipe}});
    all.push_back({"three fields on three sides",
                   ada,
                   {ours,
                    edit_in(kHub, kAda, "phone", "+44 20 1"),
                    edit_in(kPipe, kAda, "jobTitle", "Countess")}});
    all.push_back({"one field here and in a system", ada, {ours, in_hub}});
    all.push_back({"one field in both systems", ada, {in_hub, in_pipe}});
    all.push_back({"one field on three sides", ada, {ours, in_hub, in_pipe}});
    all.push_back({"the same edit on three sides",
                   ada,
                   {edit(kAda, "name", "Ada King"),
                    edit_in(kHub, kAda, "name", "Ada King"),
                    edit_in(kPipe, kAda, "name", "Ada King")}});
    all.push_back({"a field is cleared here",
                   {create("Ada", kAda), edit(kAda, "phone", "1234")},
                   {edit(kAda, "phone", "")}});
    all.push_back({"a field is cleared in a system",
                   {create("Ada", kAda), edit(kAda, "phone", "1234")},
                   {edit_in(kHub, kAda, "phone", "")}});
    all.push_back({"an edit here after an edit there has been taken",
                   ada,
                   {in_hub, run(), edit(kAda, "jobTitle", "Countess")}});
    CrashScenario old_listing{
        "a listing that is older than our own write",
        ada,
        {freeze(kPipe), ours, run(), fate(kPipe, CallKind::List, Fate::Stale), run()}};
    old_listing.settle = std::chrono::seconds(60);  // so that it is no older than it may be
    all.push_back(std::move(old_listing));
    all.push_back({"a listing that ends early, and an edit",
                   {create("Ada", kAda), create("Bob", kBob)},
                   {in_pipe, ours, fate(kPipe, CallKind::List, Fate::Truncated)}});
}

void add_emails(std::vector<CrashScenario>& all) {
    const std::vector<Act> ada = {create("Ada", kAda)};
    const std::vector<Act> both = {create("Ada", kAda), create("Bob", kBob)};
    all.push_back({"an e-mail changes here", ada, {edit(kAda, "email", "king@x.org")}});
    all.push_back({"an e-mail changes in the first system",
                   ada,
                   {edit_in(kHub, kAda, "email", "king@x.org")}});
    all.push_back({"an e-mail changes in the second system",
                   ada,
                   {edit_in(kPipe, kAda, "email", "king@x.org")}});
    all.push_back({"an e-mail changes here to one that was deleted",
                   {create("Ada", kAda), create("Bob", kBob), remove(kBob)},
                   {edit(kAda, "email", kBob)}});
    all.push_back(
        {"two records exchange their e-mails in a system", both, {there([](ScriptedWorld& world) {
             const std::string first = world.pipedrive.id_of(kAda);
             const std::string second = world.pipedrive.id_of(kBob);
             world.pipedrive.person_edits(first, "email", kBob);
             world.pipedrive.person_edits(second, "email", kAda);
         })}});
    all.push_back({"an e-mail changes in a system to that of another contact",
                   both,
                   {edit_in(kPipe, kBob, "email", kAda)}});
}

void add_deletes(std::vector<CrashScenario>& all) {
    const Act ada = create("Ada", kAda);
    const Act in_hub = edit_in(kHub, kAda, "name", "Ada from HubSpot");
    all.push_back({"a contact is deleted here", {ada}, {remove(kAda)}});
    all.push_back({"a record is deleted in the first system", {ada}, {delete_in(kHub, kAda)}});
    all.push_back({"a record is deleted in the second system", {ada}, {delete_in(kPipe, kAda)}});
    all.push_back({"a record is deleted in both systems",
                   {ada},
                   {delete_in(kHub, kAda), delete_in(kPipe, kAda)}});
    all.push_back({"a contact is deleted here and in a system",
                   {ada},
                   {remove(kAda), delete_in(kHub, kAda)}});
    all.push_back({"a contact is deleted here and edited there", {ada}, {in_hub, remove(kAda)}});
    all.push_back({"a record is deleted there and edited here",
                   {ada},
                   {delete_in(kPipe, kAda), edit(kAda, "name", "Ada King")}});
    all.push_back({"a delete is taken back at once", {ada}, {remove(kAda), restore(kAda)}});
    all.push_back({"a deleted contact is restored", {ada, remove(kAda)}, {restore(kAda)}});
    all.push_back(
        {"a contact is restored while its delete has no answer",
         {ada},
         {fate(kPipe, CallKind::Remove, Fate::LostAnswer), remove(kAda), run(), restore(kAda)}});
    all.push_back({"a contact is deleted and created again at once",
                   {ada},
                   {remove(kAda), create("Ada again", kAda)}});
    all.push_back({"a contact that was deleted is created again",
                   {ada, remove(kAda)},
                   {create("Ada again", kAda)}});
    all.push_back({"a deleted e-mail appears in a system",
                   {ada, remove(kAda)},
                   {create_in(kPipe, kAdaThere)}});
    all.push_back({"a deleted e-mail appears in a system and is created again here",
                   {ada, remove(kAda)},
                   {create_in(kPipe, kAdaThere), run(), create("Ada again", kAda)}});
    all.push_back({"a record that was deleted here is restored there",
                   {ada, remove(kAda)},
                   {restore_in(kPipe)}});
    all.push_back({"a record that was deleted there is restored there",
                   {ada, delete_in(kPipe, kAda)},
                   {restore_in(kPipe)}});
    all.push_back({"two records are merged in a system", {ada}, {there([](ScriptedWorld& world) {
                       const std::string old = world.pipedrive.id_of(kAda);
                       const std::string other = world.pipedrive.person_creates(kAdaThere);
                       world.pipedrive.person_merges(other, old);
                   })}});
    CrashScenario many{"more is deleted than a brake lets through",
                       {ada, create("Bob", kBob), create("Cy", "cy@x.org")},
                       {remove(kAda), remove(kBob), remove("cy@x.org")}};
    many.delete_limit = 1;
    all.push_back(std::move(many));
}

void add_lost_calls(std::vector<CrashScenario>& all) {
    const Act ada = create("Ada", kAda);
    const Act ours = edit(kAda, "name", "Ada King");
    for (const System system : {kHub, kPipe}) {
        const std::string where = system == kHub ? " in the first system" : " in the second system";
        all.push_back({"a create loses its answer" + where,
                       {},
                       {fate(system, CallKind::Create, Fate::LostAnswer), ada}});
    }
    all.push_back(
        {"a create is lost", {}, {fate(kPipe, CallKind::Create, Fate::LostRequest), ada}});
    all.push_back(
        {"a create takes effect late", {}, {fate(kPipe, CallKind::Create, Fate::Late), ada}});
    all.push_back(
        {"a create has to wait", {}, {fate(kPipe, CallKind::Create, Fate::RateLimited), ada}});
    all.push_back({"a create loses its answer, and the contact is deleted here",
                   {},
                   {fate(kPipe, CallKind::Create, Fate::LostAnswer), ada, run(), remove(kAda)}});
    all.push_back({"an update loses its answer",
                   {ada},
                   {fate(kPipe, CallKind::Update, Fate::LostAnswer), ours}});
    all.push_back(
        {"an update is lost", {ada}, {fate(kHub, CallKind::Update, Fate::LostRequest), ours}});
    all.push_back(
        {"an update takes effect late", {ada}, {fate(kHub, CallKind::Update, Fate::Late), ours}});
    all.push_back(
        {"an update is refused, and corrected here",
         {ada},
         {there([](ScriptedWorld& world) { world.hubspot.traits.chars_max["name"] = 12; }),
          edit(kAda, "name", "Ada Augusta King"),
          run(),
          edit(kAda, "name", "Ada King")}});
    all.push_back({"a delete loses its answer",
                   {ada},
                   {fate(kPipe, CallKind::Remove, Fate::LostAnswer), remove(kAda)}});
    all.push_back({"a delete takes effect late",
                   {ada},
                   {fate(kPipe, CallKind::Remove, Fate::Late), remove(kAda)}});
    all.push_back({"a system refuses its token, and takes it again",
                   {ada},
                   {fate(kHub, CallKind::List, Fate::Disconnected), ours, run()}});
}

}  // namespace

std::vector<CrashScenario> crash_scenarios() {
    std::vector<CrashScenario> all;
    add_creates(all);
    add_edits(all);
    add_emails(all);
    add_deletes(all);
    add_lost_calls(all);
    return all;
}

}  // namespace crm::test
