// The program as an operator meets it: what it prints, how it refuses, how it stops.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/server/http/raw_client.h"
#include "tests/support/temp_store.h"

using namespace crm;

namespace {

/// The server in a process of its own; both outputs in one pipe.
class Program {
   public:
    explicit Program(const std::vector<std::string>& arguments, const std::string& input = "") {
        std::array<int, 2> ends{};
        REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
        output_ = ends[0];
        std::array<int, 2> inputs{};
        REQUIRE(pipe2(inputs.data(), O_CLOEXEC) == 0);
        REQUIRE(write(inputs[1], input.data(), input.size()) == static_cast<ssize_t>(input.size()));
        close(inputs[1]);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, inputs[0], 0);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
        std::vector<std::string> words{CRM_SERVER_PROGRAM};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char*> pointers;
        for (std::string& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);
        std::string path = "PATH=/usr/bin:/bin";
        std::array<char*, 2> environment{path.data(), nullptr};
        REQUIRE(posix_spawn(&process_,
                            CRM_SERVER_PROGRAM,
                            &actions,
                            nullptr,
                            pointers.data(),
                            environment.data()) == 0);
        posix_spawn_file_actions_destroy(&actions);
        close(ends[1]);
        close(inputs[0]);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program() {
        if (process_ > 0) {
            kill(process_, SIGKILL);
            waitpid(process_, nullptr, 0);
        }
        close(output_);
    }

    /// The first line that begins so; "" when the program ends or says nothing for twenty seconds.
    std::string line_with(const std::string& start) {
        while (true) {
            const std::size_t end = text_.find('\n');
            if (end != std::string::npos) {
                const std::string line = text_.substr(0, end);
                text_.erase(0, end + 1);
                if (line.starts_with(start)) return line;
            } else if (!fill()) {
                return {};
            }
        }
    }

    std::string everything() {
        while (fill()) {
        }
        return text_;
    }

    void send_signal(int number) const { kill(process_, number); }

    int wait_for_exit() {
        int status = 0;
        waitpid(process_, &status, 0);
        process_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

   private:
    bool fill() {
        pollfd entry{output_, POLLIN, 0};
        if (poll(&entry, 1, 20'000) != 1) return false;
        std::array<char, 4096> chunk{};
        const ssize_t count = read(output_, chunk.data(), chunk.size());
        if (count <= 0) return false;
        text_.append(chunk.data(), static_cast<std::size_t>(count));
        return true;
    }

    pid_t process_ = 0;
    int output_ = -1;
    std::string text_;
};

std::vector<std::string> dev_flags(const test::TempFolder& folder) {
    return {
        "--auth", "dev", "--port", "0", "--data", folder.path() / "data", "--sync-interval", "0"};
}

/// The text behind `start`, up to the next quote.
std::string text_after(const std::string& text, const std::string& start) {
    const std::size_t begin = text.find(start);
    if (begin == std::string::npos) return {};
    const std::size_t value = begin + start.size();
    return text.substr(value, text.find('"', value) - value);
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos;
         at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

/// Sync Now; the run when it is over.
std::string sync_now(int port) {
    const std::string begun = test::ask(port, {.method = "POST", .target = "/api/sync"}).body;
    const std::string id = text_after(begun, R"("id":")");
    while (true) {
        const std::string run = test::ask(port, {.target = "/api/sync/runs/" + id}).body;
        const std::string state = text_after(run, R"("state":")");
        if (state != "queued" && state != "running") return run;
    }
}

int port_in(const std::string& line) {
    const std::size_t colon = line.rfind(':');
    return colon == std::string::npos ? 0 : std::atoi(line.c_str() + colon + 1);
}

}  // namespace

TEST_CASE("it listens where it says, and SIGTERM ends it cleanly with a stream open") {
    const test::TempFolder folder;
    Program program(dev_flags(folder));
    const int port = port_in(program.line_with("listening on http://127.0.0.1:"));
    REQUIRE(port > 0);
    CHECK(test::ask(port, {.target = "/api/health"}).status == 200);
    test::RawConnection stream(port);
    stream.send(test::format_request({.target = "/api/events"}));
    REQUIRE(stream.read_head().status == 200);
    const auto start = std::chrono::steady_clock::now();
    program.send_signal(SIGTERM);
    CHECK(program.wait_for_exit() == 0);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{10});
}

TEST_CASE("contacts are there after a restart, and after a kill") {
    const test::TempFolder folder;
    for (const int ending : {SIGINT, SIGKILL, SIGTERM}) {
        Program program(dev_flags(folder));
        const int port = port_in(program.line_with("listening on "));
        REQUIRE(port > 0);
        const std::string name = "Person " + std::to_string(ending);
        CHECK(test::ask(port,
                        {.method = "POST",
                         .target = "/api/contacts",
                         .body = R"({"name":")" + name + "\"}"})
                  .status == 201);
        program.send_signal(ending);
        CHECK(program.wait_for_exit() == (ending == SIGKILL ? -1 : 0));
    }
    Program program(dev_flags(folder));
    const int port = port_in(program.line_with("listening on "));
    REQUIRE(port > 0);
    const std::string body = test::ask(port, {.target = "/api/contacts"}).body;
    for (const std::string name : {"Person 2", "Person 9", "Person 15"}) {
        CAPTURE(name);
        CHECK(body.find(name) != std::string::npos);
    }
}

TEST_CASE("with the sandbox it names both addresses, the sandbox first") {
    const test::TempFolder folder;
    std::vector<std::string> flags = dev_flags(folder);
    flags.push_back("--sandbox");
    Program program(flags);
    const int sandbox_port = port_in(program.line_with("sandbox on http://127.0.0.1:"));
    REQUIRE(sandbox_port > 0);
    const int port = port_in(program.line_with("listening on http://127.0.0.1:"));
    REQUIRE(port > 0);
    CHECK(test::ask(sandbox_port, {.target = "/sandbox/settings"}).status == 200);
    for (const int each : {sandbox_port, port}) {
        CAPTURE(each);
        test::RawConnection connection(each);
        // No length said, as curl -X DELETE sends it: the next request must not wait for a body.
        const auto start = std::chrono::steady_clock::now();
        connection.send("DELETE /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK(connection.read_reply().status >= 400);
        connection.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        CHECK(connection.read_reply().status >= 200);
        CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{3});
    }
    const std::string status = test::ask(port, {.target = "/api/sync"}).body;
    CHECK(status.find("hubspot") != std::string::npos);
    CHECK(status.find("pipedrive") != std::string::npos);
    program.send_signal(SIGTERM);
    CHECK(program.wait_for_exit() == 0);
}

namespace {

// Three systems, and not a line of code for the third one.
constexpr const char* kThreeSystems = R"({"systems":[
    {"key":"hubspot","actions":{"get":"get-contact"},"marker":"crmContactId",
     "version":"updatedTime","versionTrusted":true},
    {"key":"pipedrive","burst":{"calls":2000,"seconds":1}},
    {"key":"practice","label":"Practice CRM","style":"fields","nameRequired":true,
     "actions":{"list":"get-people","get":"find-person","create":"add-person",
                "update":"change-person","delete":"drop-person"},
     "marker":"External_Id",
     "fields":{
       "name":{"write":["Given_Name","Family_Name"],
               "read":"fields.Given_Name+fields.Family_Name","charsMax":120},
       "email":{"write":"Mail","read":"fields.Mail"},
       "phone":{"write":"Tel","read":"fields.Tel"},
       "jobTitle":{"write":"Role","read":"fields.Role"},
       "pronouns":{"write":"Addressed_As","read":"fields.Addressed_As"}}}],
    "conflicts":{"*":"app"}})";

}  // namespace

TEST_CASE("a third CRM is an entry in the connectors file: after Sync Now all three agree") {
    const test::TempFolder folder;
    const std::string connectors = folder.path() / "connectors.json";
    FILE* file = fopen(connectors.c_str(), "w");
    REQUIRE(file != nullptr);
    fputs(kThreeSystems, file);
    fclose(file);
    std::vector<std::string> flags = dev_flags(folder);
    flags.insert(flags.end(), {"--sandbox", "--connectors", connectors, "--sync-first", "auto"});
    Program program(flags);
    const int sandbox_port = port_in(program.line_with("sandbox on "));
    const int port = port_in(program.line_with("listening on "));
    REQUIRE(port > 0);
    const std::string first = sync_now(port);
    CHECK_MESSAGE(text_after(first, R"("state":")") == "done", first);
    const std::string contacts = test::ask(port, {.target = "/api/contacts?limit=1000"}).body;
    CHECK(count_of(contacts, R"("practice":{)") == 200);
    CHECK(count_of(contacts, R"("state":"synced")") == 3 * 200);

    const std::string token =
        text_after(test::ask(port, {.target = "/api/integration-token"}).body, R"("token":")");
    const auto act = [&](const std::string& path, const std::string& input) {
        return test::ask(sandbox_port,
                         {.method = "POST",
                          .target = "/connections/" + path + "/run",
                          .body = input,
                          .headers = {{"Authorization", "Bearer " + token}}})
            .body;
    };
    // What somebody adds over there arrives in the other two, and a quiet run writes nothing.
    act("practice/actions/add-person",
        R"({"fields":{"Given_Name":"Zoe","Family_Name":"Third","Mail":"zoe@third.example"}})");
    sync_now(port);
    sync_now(port);
    for (const std::string system : {"hubspot", "pipedrive"}) {
        const std::string found =
            act(system + "/actions/list-contacts", R"({"filter":{"email":"zoe@third.example"}})");
        CHECK_MESSAGE(found.find("Zoe Third") != std::string::npos, found);
    }
    const std::string quiet = sync_now(port);
    CHECK_MESSAGE(quiet.find(R"("writes":{"app":0,"hubspot":0,"pipedrive":0,"practice":0})") !=
                      std::string::npos,
                  quiet);
}

TEST_CASE("without a workspace it runs and says that nothing is connected") {
    const test::TempFolder folder;
    Program program(dev_flags(folder));
    CHECK_FALSE(program.line_with("nothing is connected").empty());
    const int port = port_in(program.line_with("listening on "));
    REQUIRE(port > 0);
    CHECK(test::ask(port, {.target = "/api/integration-token"}).status == 503);
}

TEST_CASE("a wrong start ends with one line and its exit code") {
    const test::TempFolder folder;
    struct Row {
        std::vector<std::string> arguments;
        int exit_code;
        std::string said;
    };
    const std::string data = folder.path() / "data";
    for (const Row& row :
         std::vector<Row>{{{"--frobnicate"}, 2, "--frobnicate"},
                          {{"--port", "x"}, 2, "--port"},
                          {{"--data", data, "--auth", "dev", "--host", "0.0.0.0"}, 2, "loopback"},
                          {{"--data", data, "--auth", "dev", "--connectors", "/nonexistent.json"},
                           2,
                           "/nonexistent.json"},
                          {{"user", "add"}, 2, "EMAIL"},
                          {{"user"}, 2, "passwd"},
                          {{"token", "create", "a@b.com", "--password", "x"}, 2, "--password"},
                          {{"--version"}, 0, "contacts-server 1."},
                          {{"--help"}, 0, "--sync-settle"}}) {
        CAPTURE(row.said);
        Program program(row.arguments);
        const std::string said = program.everything();
        CHECK(program.wait_for_exit() == row.exit_code);
        CHECK_MESSAGE(said.find(row.said) != std::string::npos, said);
        if (row.exit_code == 2) CHECK(std::count(said.begin(), said.end(), '\n') == 1);
    }
    CHECK_FALSE(std::filesystem::exists(data));
}

TEST_CASE("a damaged or foreign database file is refused and left as it is") {
    const test::TempFolder folder;
    const std::filesystem::path data = folder.path() / "data";
    std::filesystem::create_directories(data);
    const std::string words = "this is no database, it is a diary";
    FILE* file = fopen((data / "contacts.db").c_str(), "w");
    REQUIRE(file != nullptr);
    fputs(words.c_str(), file);
    fclose(file);
    Program program(dev_flags(folder));
    const std::string said = program.everything();
    CHECK(program.wait_for_exit() == 1);
    CHECK(said.find("contacts.db") != std::string::npos);
    CHECK(std::filesystem::file_size(data / "contacts.db") == words.size());
}

TEST_CASE("check and backup work beside a running server, and the copy serves") {
    const test::TempFolder folder;
    const std::string data = folder.path() / "data";
    const std::filesystem::path other = folder.path() / "other";
    std::filesystem::create_directories(other);
    const std::string copy = other / "contacts.db";
    const auto run = [](const std::vector<std::string>& arguments, int exit_code) {
        Program program(arguments);
        const std::string said = program.everything();
        CHECK_MESSAGE(program.wait_for_exit() == exit_code, said);
        CHECK(std::count(said.begin(), said.end(), '\n') == 1);
        return said;
    };
    CHECK(run({"check", "--data", data}, 1).find("no database") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(data));
    Program first(dev_flags(folder));
    const int port = port_in(first.line_with("listening on "));
    REQUIRE(port > 0);
    const test::Ask ada{
        .method = "POST", .target = "/api/contacts", .body = R"({"name":"Ada Saved"})"};
    CHECK(test::ask(port, ada).status == 201);
    CHECK(run({"check", "--data", data}, 0).find("is sound") != std::string::npos);
    CHECK(run({"backup", copy, "--data", data}, 0).find(copy) != std::string::npos);
    CHECK(run({"backup", copy, "--data", data}, 1).find("exists already") != std::string::npos);
    CHECK(run({"check", "--data", other}, 0).find("is sound") != std::string::npos);

    Program second({"--auth", "dev", "--port", "0", "--data", other, "--sync-interval", "0"});
    const int second_port = port_in(second.line_with("listening on "));
    REQUIRE(second_port > 0);
    const std::string body = test::ask(second_port, {.target = "/api/contacts"}).body;
    CHECK(body.find("Ada Saved") != std::string::npos);
}

TEST_CASE("with login the first start prints a link, and the command line works beside it") {
    const test::TempFolder folder;
    const std::string data = folder.path() / "data";
    const std::vector<std::string> flags{
        "--auth", "login", "--port", "0", "--data", data, "--sync-interval", "0"};
    const std::string password = "correct horse battery";
    Program first(flags);
    const std::string link = first.line_with("set-up link: ");
    const int port = port_in(first.line_with("listening on "));
    REQUIRE(port > 0);
    const std::string page = "/setup?token=" + link.substr(link.find('=') + 1);
    CHECK(test::ask(port, {.target = page}).status == 200);
    CHECK(test::ask(port, {.target = "/api/self"}).status == 401);
    CHECK(test::ask(port, {.target = "/api/health"}).status == 200);

    const auto run = [&](std::vector<std::string> words, const std::string& input) {
        words.insert(words.end(), {"--data", data});
        Program program(words, input);
        const std::string said = program.everything();
        CHECK_MESSAGE(program.wait_for_exit() == 0, said);
        return said;
    };
    const std::string added = run({"user", "add", "ada@example.com"}, password + '\n');
    CHECK(added == "added ada@example.com as admin\n");
    CHECK(test::ask(port, {.target = page}).status == 403);
    CHECK(run({"user", "list"}, "").find("ada@example.com\tadmin\tenabled") == 0);
    const std::string made =
        run({"token", "create", "ada@example.com", "--name", "x", "--scope", "read"}, "");
    const std::string token = made.substr(made.find("ctk_"), 47);
    const test::Ask self{.target = "/api/self", .headers = {{"Authorization", "Bearer " + token}}};
    CHECK(test::ask(port, self).status == 200);
    const std::string tokens = run({"token", "list"}, "");
    run({"token", "revoke", tokens.substr(0, tokens.find('\t'))}, "");
    CHECK(test::ask(port, self).status == 401);

    first.send_signal(SIGTERM);
    CHECK(first.wait_for_exit() == 0);
    Program second(flags);
    const std::string said = second.line_with("");
    CHECK(said.find("set-up link") == std::string::npos);
}

TEST_CASE("a second server on the same data is refused") {
    const test::TempFolder folder;
    Program first(dev_flags(folder));
    REQUIRE(port_in(first.line_with("listening on ")) > 0);
    Program second(dev_flags(folder));
    CHECK_FALSE(second.everything().empty());
    CHECK(second.wait_for_exit() == 1);
}
