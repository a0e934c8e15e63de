// Numbers for whoever watches: right, bounded, without a word about a person, and not for anybody.
#include "server/http/metrics.h"

#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/server/http/live_server.h"

namespace crm::http {

using test::HeaderList;
using test::LiveServer;
using test::Reply;

namespace {

bool has_line(const std::string& text, const std::string& line) {
    return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

api::Run run_in(const std::string& id, api::RunState state) {
    api::Run run;
    run.id = RunId(id);
    run.state = state;
    return run;
}

/// Faults of the format: a sample without its TYPE, one that stands twice.
std::vector<std::string> format_faults(const std::string& text) {
    std::vector<std::string> faults;
    std::set<std::string> types;
    std::set<std::string> samples;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# TYPE ")) {
            const std::string name = line.substr(7, line.find(' ', 7) - 7);
            if (!types.insert(name).second) faults.push_back("twice: " + line);
        }
        if (line.starts_with('#')) continue;
        const std::string sample = line.substr(0, line.rfind(' '));
        if (!samples.insert(sample).second) faults.push_back("twice: " + line);
        std::string name = sample.substr(0, sample.find('{'));
        for (const char* end : {"_bucket", "_sum", "_count"}) {
            if (name.ends_with(end) &&
                types.count(name.substr(0, name.size() - std::string(end).size())))
                name.resize(name.size() - std::string(end).size());
        }
        if (types.count(name) == 0) faults.push_back("without type: " + line);
    }
    return faults;
}

}  // namespace

TEST_CASE("metrics: requests are counted by route, method and status, and their time in buckets") {
    Metrics metrics;
    metrics.count_request({"GET", "/api/contacts/{}", 200, std::chrono::microseconds(900)});
    metrics.count_request({"GET", "/api/contacts/{}", 200, std::chrono::milliseconds(40)});
    metrics.count_request({"GET", "/api/contacts/{}", 404, std::chrono::seconds(60)});
    metrics.count_request({"BREW", "unknown", 405, {}});
    const std::string text = metrics.text({});
    CHECK(format_faults(text).empty());
    const std::string total =
        "contacts_http_requests_total{route=\"/api/contacts/{}\",method=\"GET\"";
    CHECK(has_line(text, total + ",status=\"200\"} 2"));
    CHECK(has_line(text, total + ",status=\"404\"} 1"));
    CHECK(text.find("BREW") == std::string::npos);
    const std::string time = "contacts_http_request_duration_seconds";
    const std::string route = "{route=\"/api/contacts/{}\"";
    CHECK(has_line(text, time + "_bucket" + route + ",le=\"0.001\"} 1"));
    CHECK(has_line(text, time + "_bucket" + route + ",le=\"0.05\"} 2"));
    CHECK(has_line(text, time + "_bucket" + route + ",le=\"10\"} 2"));
    CHECK(has_line(text, time + "_bucket" + route + ",le=\"+Inf\"} 3"));
    CHECK(has_line(text, time + "_count" + route + "} 3"));
}

TEST_CASE("metrics: a run is open until it ends, then its calls and writes count") {
    Metrics metrics;
    metrics.count_run(run_in("r1", api::RunState::Queued));
    metrics.count_run(run_in("r2", api::RunState::Queued));
    metrics.count_run(run_in("r1", api::RunState::Running));
    CHECK(has_line(metrics.text({}), "contacts_sync_runs_open{state=\"running\"} 1"));
    CHECK(has_line(metrics.text({}), "contacts_sync_runs_open{state=\"queued\"} 1"));
    api::Run done = run_in("r1", api::RunState::Done);
    done.calls = {{"hubspot", 7}};
    done.writes = {{"hubspot", 2}, {"app", 1}};
    metrics.count_run(done);
    const std::string text = metrics.text({});
    CHECK(has_line(text, "contacts_sync_runs_open{state=\"running\"} 0"));
    CHECK(has_line(text, "contacts_sync_runs_total{state=\"done\"} 1"));
    CHECK(has_line(text, "contacts_sync_calls_total{system=\"hubspot\"} 7"));
    CHECK(has_line(text, "contacts_sync_writes_total{system=\"app\"} 1"));
    CHECK(format_faults(text).empty());
}

TEST_CASE("metrics: the page tells what was asked, by patterns and never by ids or names") {
    LiveServer live;
    const Contact ada = live.create("Ada Secret", "ada@secret.test");
    static_cast<void>(live.ask({.target = "/api/contacts/" + ada.id.text}));
    static_cast<void>(live.ask({.target = "/api/contacts/none"}));
    static_cast<void>(live.ask({.target = "/nothing/ada@secret.test"}));
    const Reply page = live.ask({.target = "/metrics"});
    CHECK(page.status == 200);
    CHECK(page.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(format_faults(page.body).empty());
    CHECK(page.body.find("route=\"/api/contacts/{}\",method=\"GET\",status=\"404\"} 1") !=
          std::string::npos);
    CHECK(page.body.find("route=\"client\"") != std::string::npos);
    for (const std::string& secret : {ada.id.text, std::string("secret"), std::string("Ada")}) {
        CHECK_MESSAGE(page.body.find(secret) == std::string::npos, secret);
    }
}

TEST_CASE("metrics: from elsewhere only an admin sees them") {
    LiveServer live(LiveServer::Client::Missing, AuthMode::Login);
    live.add_user("admin@ours.test");
    live.add_user("viewer@ours.test", Role::Viewer);
    const auto ask = [&](HeaderList headers) {
        return live.ask({.target = "/metrics", .headers = std::move(headers)}).status;
    };
    CHECK(ask({}) == 200);
    const std::pair<std::string, std::string> far{"X-Forwarded-For", "192.0.2.7"};
    CHECK(ask({far}) == 401);
    HeaderList admin = live.cookie_of("admin@ours.test");
    admin.push_back(far);
    CHECK(ask(admin) == 200);
    HeaderList viewer = live.cookie_of("viewer@ours.test");
    viewer.push_back(far);
    CHECK(ask(viewer) == 403);
}

TEST_CASE("request log: a request names the run that it is about") {
    const LiveServer live;
    const Reply reply = live.ask({.method = "POST", .target = "/api/sync"});
    REQUIRE(reply.status == 202);
    const std::string logged = live.logged();
    const std::size_t at = logged.find("request_id=" + reply.header("x-request-id") + " run_id=r1");
    CHECK_MESSAGE(at != std::string::npos, logged);
}

}  // namespace crm::http
