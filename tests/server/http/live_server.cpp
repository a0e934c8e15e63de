// Building the server for a test, and the pretended sync engine.
#include "tests/server/http/live_server.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "shared/api_json.h"
#include "shared/contact_json.h"

namespace crm::test {
namespace {

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

void write_client(const std::filesystem::path& folder) {
    write_file(folder / "index.html", "<!doctype html><title>Contacts</title>");
    write_file(folder / "app-0123abcd.js", "plain script");
    write_file(folder / "app-0123abcd.js.br", "brotli script");
    write_file(folder / "app-0123abcd.js.gz", "gzip script");
    write_file(folder / "client-89abcdef01.wasm", std::string("\0asm", 4));
    write_file(folder / "font" / "inter.woff2", "font");
    write_file(folder / ".hidden", "secret");
}

http::StaticFiles load_client(LiveServer::Client client, const std::filesystem::path& folder) {
    if (client == LiveServer::Client::Missing) return {};
    write_client(folder / "web");
    write_file(folder / "outside.txt", "outside");
    std::filesystem::create_symlink(folder / "outside.txt", folder / "web" / "link.txt");
    Result<http::StaticFiles> files = http::StaticFiles::load(folder / "web");
    REQUIRE(files.is_ok());
    return files.take();
}

api::Run run_in(api::RunState state, const std::string& id) {
    api::Run run;
    run.id = RunId(id);
    run.state = state;
    return run;
}

api::SyncStatus status_of(bool is_paused) {
    api::SyncStatus status;
    status.systems.resize(1);
    status.systems[0].key = "hubspot";
    status.systems[0].state = is_paused ? "paused" : "connected";
    return status;
}

api::Conflict conflict_of(const std::string& id) {
    api::Conflict conflict;
    conflict.id = id;
    conflict.contact_id = "c1";
    return conflict;
}

api::HeldRecord held(const std::string& system, const std::string& record) {
    api::HeldRecord hold;
    hold.system = system;
    hold.record_id = record;
    return hold;
}

}  // namespace

void PretendedSync::note(std::string call) {
    const Lock lock(mutex);
    calls.push_back(std::move(call));
}

std::vector<std::string> PretendedSync::taken_calls() {
    const Lock lock(mutex);
    return std::exchange(calls, {});
}

http::SyncDoor PretendedSync::door() {
    http::SyncDoor door;
    door.use = [](const CustomerId&) {};
    door.run = [this](const CustomerId& customer,
                      const api::RunRequest& request) -> Result<api::Run> {
        std::string call = "run " + customer.text;
        if (request.is_preview) call += " preview";
        if (!request.system.empty()) call += " system=" + request.system;
        if (!request.contact_id.empty()) call += " contact=" + request.contact_id;
        note(std::move(call));
        if (is_down) return Error{ErrorCode::Unavailable, "The server stops; try again later."};
        return run_in(api::RunState::Queued, "r1");
    };
    door.wait =
        [this](const CustomerId&, const RunId& run, std::chrono::milliseconds) -> Result<api::Run> {
        const bool is_done = waits_until_done.fetch_sub(1) <= 0;
        return run_in(is_done ? api::RunState::Done : api::RunState::Running, run.text);
    };
    door.status = [](const CustomerId&) -> Result<api::SyncStatus> { return status_of(false); };
    const auto system_action = [this](const std::string& name, bool is_paused) {
        return [this, name, is_paused](const CustomerId& customer,
                                       const std::string& system) -> Result<api::SyncStatus> {
            note(name + ' ' + customer.text + ' ' + system);
            return status_of(is_paused);
        };
    };
    door.pause = system_action("pause", true);
    door.resume = system_action("resume", false);
    door.runs = [](const CustomerId&) -> Result<std::vector<api::Run>> {
        return std::vector<api::Run>{run_in(api::RunState::Done, "r1")};
    };
    door.conflicts = [this](const CustomerId& customer,
                            const api::ConflictQuery& query) -> Result<api::ConflictPage> {
        note("conflicts " + customer.text + " [" + query.state + "] [" + query.contact_id + "] " +
             std::to_string(query.limit) + " [" + query.cursor + ']');
        return api::ConflictPage{{conflict_of("7")}, 3, "7"};
    };
    door.resolve = [this](const CustomerId& customer,
                          const std::string& id,
                          const api::Resolution& wanted,
                          const std::string& user) -> Result<api::Conflict> {
        note("resolve " + customer.text + ' ' + id + ' ' + wanted.value.value_or("") + '/' +
             wanted.side + (wanted.is_forced ? " forced by " : " by ") + user);
        if (id != "7") return Error{ErrorCode::NotFound, "There is no such conflict."};
        return conflict_of(id);
    };
    door.create_anew = [this](const CustomerId& customer,
                              const ContactId& contact,
                              const SystemKey& system,
                              const std::string& user) -> Result<std::vector<api::SystemSync>> {
        note("create_anew " + customer.text + ' ' + contact.text + ' ' + system.text + ' ' + user);
        return std::vector<api::SystemSync>{};
    };
    door.hint = [this](const CustomerId& customer) { note("hint " + customer.text); };
    door.why = [this](const CustomerId& customer,
                      const ContactId& contact) -> Result<std::vector<api::SystemSync>> {
        note("why " + customer.text + ' ' + contact.text);
        if (contact.text != "c1") return Error{ErrorCode::NotFound, "There is no such contact."};
        api::SystemSync system;
        system.system = "hubspot";
        system.reason = "In step.";
        return std::vector{system};
    };
    door.holds = [this](const CustomerId& customer,
                        const api::HoldQuery& query) -> Result<api::HoldPage> {
        note("holds " + customer.text + " [" + query.system + "] [" + query.reason + "] " +
             std::to_string(query.limit) + " [" + query.cursor + ']');
        return api::HoldPage{{held("hubspot", "101")}, 2, "hubspot/101"};
    };
    const auto hold_action = [this](const std::string& name) {
        return [this, name](const CustomerId& customer,
                            const http::SyncDoor::Record& record) -> Result<api::HeldRecord> {
            note(name + ' ' + customer.text + ' ' + record.system.text + ' ' + record.id.text);
            if (record.id.text != "101") return Error{ErrorCode::NotFound, "Not held."};
            return held(record.system.text, record.id.text);
        };
    };
    door.refuse_suggestion = hold_action("refuse");
    door.import_hold = hold_action("import");
    door.link_hold = [this](const CustomerId& customer,
                            const http::SyncDoor::Record& record,
                            const ContactId& contact,
                            const std::string&) -> Result<Contact> {
        note("link " + customer.text + ' ' + record.system.text + ' ' + record.id.text + ' ' +
             contact.text);
        Contact linked;
        linked.id = contact;
        return linked;
    };
    const auto action = [this](const std::string& name) {
        return [this, name](const CustomerId& customer, const RunId& run) -> Result<api::Run> {
            note(name + ' ' + customer.text + ' ' + run.text);
            if (run.text != "r1") return Error{ErrorCode::NotFound, "There is no such run."};
            return run_in(api::RunState::Done, run.text);
        };
    };
    door.find_run = action("find");
    door.approve = action("approve");
    door.discard = action("discard");
    door.cancel = action("cancel");
    return door;
}

LiveServer::LiveServer(Client client, AuthMode mode)
    : LiveServer(client, mode, http::RateRules{}) {}

LiveServer::LiveServer(Client client,
                       AuthMode mode,
                       http::RateRules rates,
                       http::ServerOptions options)
    : log_file_(open((folder_.path() / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)),
      log_(clock_, LogLevel::Debug, log_file_),
      contacts_(store_.database(), clock_, random_),
      people_({store_.database(), clock_, random_, kCheapPassword}),
      door_(sync_.door()),
      services_{contacts_,
                door_,
                hub_,
                [](const CustomerId& customer) -> Result<std::string> {
                    return "token of " + customer.text;
                },
                store_.database().schema_version()},
      files_(load_client(client, folder_.path())),
      application_({mode, "dev", &people_, {}, rates}, services_, files_) {
    services_.people = &people_;
    services_.repeats = &repeats_;
    services_.metrics = &metrics_;
    contacts_.connect(nullptr, [this](const Contact& contact) {
        hub_.publish(contact.customer_id, "contact", api::write_contact_answer(contact));
    });
    options.boot_id = "b00t";
    Result<std::unique_ptr<http::Server>> server = http::Server::start(options, application_, log_);
    REQUIRE(server.is_ok());
    server_ = server.take();
}

LiveServer::~LiveServer() {
    services_.is_stopping = true;
    server_->stop_accepting();
    hub_.close();
    server_.reset();
    close(log_file_);
}

std::string LiveServer::logged() const {
    std::ostringstream text;
    text << std::ifstream(folder_.path() / "log").rdbuf();
    return text.str();
}

Contact LiveServer::create(const std::string& name, const std::string& email) {
    ContactPatch patch;
    patch.texts = {{"name", name}, {"email", email}};
    const Reply reply =
        ask({.method = "POST", .target = "/api/contacts", .body = write_contact_patch(patch)});
    REQUIRE_MESSAGE(reply.status == 201, reply.body);
    return api::read_contact_answer(reply.body).take();
}

api::User LiveServer::add_user(const std::string& email, Role role, const CustomerId& customer) {
    Result<api::User> user =
        people_.add_user(customer, {email, "", role, kPassword}, {{}, "test", ""});
    REQUIRE_MESSAGE(user.is_ok(), (user.is_ok() ? "" : user.error().message));
    return user.take();
}

HeaderList LiveServer::cookie_of(const std::string& email) {
    const people::SignInAnswer answer = people_.sign_in({email, kPassword, "192.0.2.1", ""});
    REQUIRE_MESSAGE(answer.signed_in.has_value(), answer.refusal.message);
    return {{"Cookie", "contacts_session=" + answer.signed_in->session}};
}

std::string LiveServer::everything_of(const std::string& customer) const {
    const Reply reply = ask({.target = "/api/contacts?deleted=true&limit=1000&sort=createdAt",
                             .headers = {{"x-auth-id", customer}}});
    REQUIRE(reply.status == 200);
    return reply.body;
}

}  // namespace crm::test
