#include "tests/support/scripted_world.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "shared/limits.h"
#include "shared/text.h"

namespace crm::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr int kRunsMax = 40;  // to a quiet one: more is a story without an end

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

/// A migrated, empty file, made once: most of a small world's time would go into making it.
const std::string& empty_database() {
    static const std::string bytes = [] {
        const TempFolder folder;
        const fs::path file = folder.path() / "contacts.db";
        REQUIRE(store::Database::open(file).is_ok());
        return read_file(file);
    }();
    return bytes;
}

sync::SyncSettings make_settings(const WorldOptions& options) {
    sync::SyncSettings settings;
    const std::vector<std::string> fields = {"name", "email", "phone", "jobTitle", "pronouns"};
    settings.systems = {{SystemKey("hubspot"), "HubSpot", fields, true, false, 0},
                        {SystemKey("pipedrive"), "Pipedrive", fields, false, true, 0}};
    for (sync::SystemSpec& system : settings.systems) {
        system.has_get = options.has_get;
        system.has_marker = options.has_marker;
        system.is_version_trusted = options.has_versions;
    }
    settings.interval = milliseconds(0);
    settings.settle = options.settle;
    settings.late = options.late;
    settings.is_first_sync_automatic = true;
    settings.delete_limit = options.delete_limit;
    return settings;
}

/// Without what systems do to formatting.
std::string plain(const FieldSpec& spec, const std::string& value) {
    switch (spec.kind) {
        case FieldKind::Email:
            return email_key(value).value_or(value);
        case FieldKind::Phone:
            return digits_of(value);
        case FieldKind::Line:
        case FieldKind::MultiLine:
            break;
    }
    return canonical_text(value);
}

std::string describe(const FieldSpec& spec, const std::string& value) {
    return std::string(spec.wire) + "=" + plain(spec, value);
}

void add_sorted(std::string& picture, const std::string& title, std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    picture += title + ":\n";
    for (const std::string& line : lines) picture += "  " + line + "\n";
}

std::string describe(const Contact& contact) {
    std::string line;
    for (const FieldSpec& spec : kContactFields) {
        const std::string& value = contact.fields.*(spec.member);
        if (!value.empty()) line += describe(spec, value) + " ";
    }
    if (contact.arriving) line += "(arriving)";
    return line;
}

}  // namespace

ScriptedWorld::ScriptedWorld(const WorldOptions& options)
    : settings(make_settings(options)),
      hubspot(clock, {.is_email_unique = true, .lowers_email = true}),
      pipedrive(clock, {.strips_phone = true}) {
    write_file(folder_.path() / "contacts.db", empty_database());
    open();
}

ScriptedWorld::ScriptedWorld(const WorldOptions& options, const Saved& saved)
    : clock(saved.now),
      random(static_cast<std::uint64_t>(saved.now.time_since_epoch().count())),
      settings(make_settings(options)),
      hubspot(clock, {.is_email_unique = true, .lowers_email = true}),
      pipedrive(clock, {.strips_phone = true}) {
    hubspot.state = saved.hubspot;
    pipedrive.state = saved.pipedrive;
    write_file(folder_.path() / "contacts.db", saved.database);
    open();
}

void ScriptedWorld::close() {
    service.reset();
    contacts.reset();
    database_.reset();
}

void ScriptedWorld::open() {
    auto opened =
        store::Database::open(folder_.path() / "contacts.db", {[this](store::CommitEdge edge) {
                                  if (on_commit) on_commit(edge);
                              }});
    REQUIRE_MESSAGE(opened.is_ok(), (opened.is_ok() ? "" : opened.error().message));
    database_ = opened.take();
    contacts = std::make_unique<ContactService>(*database_, clock, random);
    service = std::make_unique<sync::SyncService>(
        sync::SyncService::Doors{*database_, *contacts, clock, random},
        settings,
        [](const CustomerId&) { return std::vector<std::unique_ptr<sync::Connector>>(); },
        sync::SyncListeners{});
    contacts->connect(service.get(), {});
}

void ScriptedWorld::restart() {
    close();
    open();
}

ScriptedWorld::Saved ScriptedWorld::save() {
    close();
    Saved saved{
        read_file(folder_.path() / "contacts.db"), clock.now(), hubspot.state, pipedrive.state};
    open();
    return saved;
}

api::Run ScriptedWorld::run() {
    std::vector<std::unique_ptr<sync::Connector>> connectors;
    connectors.push_back(std::make_unique<ScriptedConnector>(hubspot));
    connectors.push_back(std::make_unique<ScriptedConnector>(pipedrive));
    sync::RunControl control;
    control.is_stopping = [] { return false; };
    control.take_round_again = [] { return false; };
    control.pause_until = [this](TimePoint until) {
        if (until > clock.now()) clock.set(until);
        return true;
    };
    control.report = [](const api::Run&) {};
    api::Run queued;
    queued.id = RunId(make_uuid(random));
    queued.trigger = "person";
    return sync::perform_run({*database_, *contacts, clock, sync::Concurrency::Sequential},
                             settings,
                             customer,
                             connectors,
                             control,
                             queued);
}

int ScriptedWorld::settle() {
    for (int runs = 1; runs <= kRunsMax; ++runs) {
        clock.advance(settings.settle + settings.late + milliseconds(1));
        const int before = writes();
        const api::Run done = run();
        if (done.state == api::RunState::Held) {
            const auto approved = service->approve(customer, done.id);
            REQUIRE(approved.is_ok());
            continue;
        }
        const auto here = done.writes.find("app");
        const bool is_quiet = writes() == before && done.pending == 0 &&
                              (here == done.writes.end() || here->second == 0);
        if (is_quiet) return runs;
    }
    FAIL("no quiet run after " << kRunsMax);
    return kRunsMax;
}

Contact ScriptedWorld::create(const std::string& name, const std::string& email) {
    ContactPatch patch;
    patch.texts = {{"name", name}, {"email", email}};
    auto made = contacts->create(customer, patch, {.actor = "ann"});
    REQUIRE(made.is_ok());
    return made.value().contact;
}

Contact ScriptedWorld::edit(const std::string& email,
                            const std::string& field,
                            const std::string& value) {
    ContactPatch patch;
    patch.texts = {{field, value}};
    auto changed =
        contacts->update(customer, find(email).id, patch, std::nullopt, {.actor = "ann"});
    REQUIRE(changed.is_ok());
    return changed.value();
}

void ScriptedWorld::remove(const std::string& email) {
    const auto removed = contacts->remove(customer, find(email).id, {.actor = "ann"});
    REQUIRE(removed.is_ok());
}

void ScriptedWorld::restore(const std::string& email) {
    const std::string key = email_key(email).value_or("");
    const sync::CustomerNotes all = notes();
    const Contact* last = nullptr;
    for (const auto& [id, noted] : all.contacts) {
        const Contact& contact = noted.contact;
        if (!contact.deleted || email_key(contact.fields.email) != key) continue;
        if (last == nullptr || last->updated_at < contact.updated_at) last = &contact;
    }
    REQUIRE(last != nullptr);
    const auto restored = contacts->restore(customer, last->id, {.actor = "ann"});
    REQUIRE(restored.is_ok());
}

std::vector<Contact> ScriptedWorld::live() {
    auto page = contacts->list(customer, {.limit = kPageSizeMax});
    REQUIRE(page.is_ok());
    return page.value().contacts;
}

Contact ScriptedWorld::only() {
    const std::vector<Contact> all = live();
    REQUIRE(all.size() == 1);
    return all.front();
}

Contact ScriptedWorld::find(const std::string& email) {
    for (const Contact& contact : live()) {
        if (email_key(contact.fields.email) == email_key(email)) return contact;
    }
    FAIL("nobody here has " << email);
    return {};
}

sync::CustomerNotes ScriptedWorld::notes() {
    auto snapshot = database_->begin_read();
    REQUIRE(snapshot.is_ok());
    auto loaded = store::load_customer_notes(snapshot.value(), customer);
    REQUIRE(loaded.is_ok());
    return loaded.take();
}

std::vector<sync::ConflictRow> ScriptedWorld::conflicts() {
    auto snapshot = database_->begin_read();
    REQUIRE(snapshot.is_ok());
    auto loaded = store::load_conflicts(snapshot.value(), customer);
    REQUIRE(loaded.is_ok());
    return loaded.take();
}

std::string ScriptedWorld::picture() {
    std::vector<std::string> here;
    std::vector<std::string> holds;
    std::vector<std::string> lost;
    const sync::CustomerNotes all = notes();
    for (const auto& [id, noted] : all.contacts) {
        std::string line = (noted.contact.deleted ? "deleted " : "") + describe(noted.contact);
        for (const auto& [system, standing] : noted.systems) {
            if (standing.link) line += "[" + system.text + "]";
        }
        here.push_back(std::move(line));
    }
    for (const auto& [record, hold] : all.holds) {
        holds.push_back(record.first.text + " " + std::to_string(static_cast<int>(hold.reason)) +
                        " " + hold.title);
    }
    for (const sync::ConflictRow& row : conflicts()) {
        lost.push_back(row.system.text + " " + row.kind + " " + row.field + ": " + row.app_value +
                       " / " + row.remote_value);
    }
    std::string picture;
    add_sorted(picture, "app", here);
    for (ScriptedCrm* crm : {&hubspot, &pipedrive}) {
        std::vector<std::string> there;
        for (const std::string& id : crm->live_ids()) {
            std::string line = crm->state.records.at(id).subject + ": ";
            for (const auto& [field, value] : crm->values(id)) {
                if (value.empty()) continue;
                line += describe(*find_field(field), value) + " ";
            }
            there.push_back(std::move(line));
        }
        add_sorted(picture, crm == &hubspot ? "hubspot" : "pipedrive", there);
    }
    add_sorted(picture, "held", holds);
    add_sorted(picture, "conflicts", lost);
    return picture;
}

}  // namespace crm::test
