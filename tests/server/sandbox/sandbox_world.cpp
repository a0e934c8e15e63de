#include "tests/server/sandbox/sandbox_world.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <chrono>
#include <utility>

#include <doctest/doctest.h>
#include <httplib.h>

#include "server/jwt.h"

namespace crm::sandbox::test {
namespace {

std::filesystem::path make_folder() {
    static std::atomic<int> counter{0};
    auto folder = std::filesystem::temp_directory_path() /
                  ("sandbox_test_" + std::to_string(::getpid()) + "_" + std::to_string(++counter));
    std::filesystem::create_directories(folder);
    return folder;
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char each) {
        return static_cast<char>(std::tolower(each));
    });
    return text;
}

}  // namespace

World::World(std::string scenario) : scenario_(std::move(scenario)), folder_(make_folder()) {
    restart();
}

World::~World() {
    sandbox_.reset();
    std::filesystem::remove_all(folder_);
}

SandboxOptions World::options() const {
    return {.database = folder_ / "sandbox.db", .scenario = scenario_};
}

void World::restart() {
    sandbox_.reset();
    Result<std::unique_ptr<Sandbox>> started = Sandbox::start(options(), clock_);
    REQUIRE(started.is_ok());
    sandbox_ = started.take();
    url_ = sandbox_->url();
    port_ = std::stoi(url_.substr(url_.rfind(':') + 1));
}

Reply World::send(const Message& message) const {
    httplib::Client client("127.0.0.1", port());
    client.set_read_timeout(20);
    httplib::Request request;
    request.method = message.method;
    request.path = message.path;
    request.body = message.body;
    for (const auto& [name, value] : message.headers) request.set_header(name, value);
    const httplib::Result result = client.send(request);
    if (!result) return {};
    Reply reply{.status = result->status, .body = result->body};
    for (const auto& [name, value] : result->headers) reply.headers[lower(name)] = value;
    if (auto json = Json::parse(reply.body)) reply.json = std::move(*json);
    return reply;
}

std::string World::send_raw(std::string_view bytes) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    // The sandbox may hang up while we still send: that is one of its answers.
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(socket, SHUT_WR);
    std::string answer;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::close(socket);
    return answer;
}

std::string World::token(std::string_view customer) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch();
    return sign_token(
        {.issuer = "sandbox", .id = std::string(customer), .expires = now.count() + 60},
        "sandbox-secret");
}

Reply World::call(Message message, std::string_view customer) const {
    message.headers["Authorization"] = "Bearer " + token(customer);
    if (!message.headers.contains("Content-Type")) {
        message.headers["Content-Type"] = "application/json";
    }
    return send(message);
}

Reply World::run(std::string_view system,
                 std::string_view action,
                 const Json& input,
                 std::string_view customer) const {
    return call(
        {.method = "POST",
         .path = "/connections/" + std::string(system) + "/actions/" + std::string(action) + "/run",
         .body = input.dump()},
        customer);
}

Reply World::rest(std::string_view method, std::string_view path, std::string_view body) const {
    return send(
        {.method = std::string(method),
         .path = std::string(path),
         .body = std::string(body),
         .headers = {{"Authorization", "Bearer sandbox"}, {"Content-Type", "application/json"}}});
}

Reply World::post_form(std::string_view path, std::string_view body) const {
    return send({.method = "POST",
                 .path = std::string(path),
                 .body = std::string(body),
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                             {"Origin", url_},
                             {"Sec-Fetch-Site", "same-origin"}}});
}

std::vector<Json> World::list_all(std::string_view system, std::string_view customer) const {
    std::vector<Json> all;
    std::string cursor;
    for (int page = 0; page < 100; ++page) {
        const Reply reply =
            run(system, "list-contacts", Json::object({{"cursor", cursor}}), customer);
        REQUIRE(reply.status == 200);
        const Json* output = reply.json.find("output");
        REQUIRE(output != nullptr);
        const Json* records = output->find("records");
        REQUIRE(records != nullptr);
        all.insert(all.end(), records->items()->begin(), records->items()->end());
        cursor = output->text_at("cursor");
        if (cursor.empty()) break;
    }
    return all;
}

std::string World::create(std::string_view system,
                          const Json& input,
                          std::string_view customer) const {
    const Reply reply = run(system, "create-contact", input, customer);
    CAPTURE(reply.body);
    REQUIRE(reply.status == 200);
    return text_in(reply.json, {"output", "id"});
}

Json World::fields_of(std::string_view system,
                      std::string_view id,
                      std::string_view customer) const {
    const Reply reply = run(system, "get-contact", Json::object({{"id", id}}), customer);
    if (reply.status != 200) return {};
    return *reply.json.find("output")->find("record")->find("fields");
}

int crm_status(const Reply& reply) {
    const Json* data = reply.json.find("data");
    const Json* response = data == nullptr ? nullptr : data->find("response");
    const Json* status = response == nullptr ? nullptr : response->find("status");
    return status == nullptr ? 0 : static_cast<int>(status->integer().value_or(0));
}

Json crm_body(const Reply& reply) {
    const Json* data = reply.json.find("data");
    const Json* response = data == nullptr ? nullptr : data->find("response");
    const Json* body = response == nullptr ? nullptr : response->find("data");
    return body == nullptr ? Json() : *body;
}

std::string text_in(const Json& json, std::initializer_list<std::string_view> path) {
    const Json* place = &json;
    for (const std::string_view name : path) {
        if (place != nullptr) place = place->find(name);
    }
    return place != nullptr && place->text() != nullptr ? *place->text() : std::string();
}

void order(const World& world, std::string_view body) {
    const Reply reply = world.rest("POST", "/sandbox/faults", body);
    CAPTURE(reply.body);
    REQUIRE(reply.status == 200);
}

Json person(std::string_view name) {
    return Json::object({{"name", name}});
}

}  // namespace crm::sandbox::test
