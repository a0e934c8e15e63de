#include "server/sandbox/pages.h"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "tests/server/sandbox/sandbox_world.h"

namespace crm::sandbox::test {
namespace {

bool has(const Reply& reply, std::string_view text) {
    return reply.body.find(text) != std::string::npos;
}

// The address that a saved form leads to, without its note.
std::string location(const Reply& reply) {
    REQUIRE(reply.status == 303);
    const std::string to = reply.headers.at("location");
    return to.substr(0, to.find('?'));
}

}  // namespace

TEST_CASE("pages: the list shows the dev customer's contacts in pages") {
    const World world;
    for (const std::string system : {"hubspot", "pipedrive"}) {
        CAPTURE(system);
        const Reply first = world.send({.path = "/" + system + "/app"});
        CHECK(first.status == 200);
        CHECK(has(first, "Sandbox"));
        CHECK(has(first, "160 contacts, page 1 of 7"));
        CHECK(has(first, "<th scope=\"col\">Email</th>"));
        CHECK(has(first, "<label for=\"q\">Search contacts</label>"));
        CHECK(has(first, "Next page"));
        CHECK_FALSE(has(first, "Previous page"));
        CHECK_FALSE(has(first, "<script"));
        const Reply last = world.send({.path = "/" + system + "/app?page=7"});
        CHECK(has(last, "Previous page"));
        CHECK_FALSE(has(last, "Next page"));
        CHECK(world.send({.path = "/" + system + "/app?page=99999999999999"}).status == 200);
    }
    const Reply front = world.send({.path = "/"});
    CHECK(has(front, "/pipedrive/app"));
    const Reply style = world.send({.path = "/sandbox/style.css"});
    CHECK(style.headers.at("content-type").starts_with("text/css"));
}

TEST_CASE("pages: two records are merged by a form, each CRM in its own way") {
    const World world;
    const auto make = [&](const std::string& system, const std::string& body) {
        const std::string path = location(world.post_form("/" + system + "/app/contacts", body));
        return path.substr(path.rfind('/') + 1);
    };
    for (const std::string system : {"hubspot", "pipedrive"}) {
        CAPTURE(system);
        const std::string name = system == "hubspot" ? "firstname=" : "name=";
        const std::string kept = make(system, name + "Ann&email=ann%40merge.example");
        const std::string other = make(system, name + "Bob&email=bob%40merge.example&phone=777");
        const std::string path = "/" + system + "/app/contacts/" + kept;
        CHECK(has(world.send({.path = path}), "Record to merge into this one"));
        const Reply merged = world.post_form(path + "/merge", "other=" + other);
        const Reply shown = world.send({.path = location(merged) + "?done=merged"});
        CHECK(has(shown, "The two records are one now"));
        CHECK(has(shown, "bob@merge.example"));
        CHECK(has(shown, "value=\"777\""));
        CHECK((location(merged) == path) == (system == "pipedrive"));
        CHECK(world.post_form(path + "/merge", "other=x").status == 422);
        CHECK(world.post_form(path + "/merge", "").status == 422);
    }
}

TEST_CASE("pages: a contact is created, found, changed and deleted by forms") {
    const World world;
    const Reply created = world.post_form(
        "/hubspot/app/contacts",
        "firstname=%C5%BDofie&lastname=Jan%C5%AF&email=zofie%2Bnew%40new.example&phone=%2B420+222");
    const std::string path = location(created);
    const Reply shown = world.send({.path = path + "?done=created"});
    CHECK(has(shown, "The contact was created"));
    CHECK(has(shown, "value=\"zofie+new@new.example\""));
    CHECK(has(shown, "value=\"+420 222\""));
    CHECK(has(world.send({.path = "/hubspot/app?q=zofie+janu"}), "Žofie Janů"));
    CHECK(location(world.post_form(path, "firstname=Eva&lastname=Jan%C5%AF")) == path);
    const std::string id = path.substr(path.rfind('/') + 1);
    CHECK(world.fields_of("hubspot", id, "dev").text_at("fullName") == "Eva Janů");
    CHECK(world.fields_of("hubspot", id, "dev").text_at("primaryPhone") == "+420 222");
    CHECK(location(world.post_form(path + "/delete", "")) == "/hubspot/app");
    CHECK(world.send({.path = path}).status == 404);
    CHECK(world.fields_of("hubspot", id, "dev").is_null());
}

TEST_CASE("pages: a deleted contact is found in the recycle bin and restored with its old id") {
    const World world;
    for (const std::string system : {"hubspot", "pipedrive", "practice"}) {
        CAPTURE(system);
        const std::string app = "/" + system + "/app";
        const std::string form = system == "hubspot"     ? "firstname=Bin&email=bin%40x.example"
                                 : system == "pipedrive" ? "name=Bin&email=bin%40x.example"
                                                         : "given_name=Bin&mail=bin%40x.example";
        const std::string path = location(world.post_form(app + "/contacts", form));
        REQUIRE(location(world.post_form(path + "/delete", "")) == app);
        CHECK_FALSE(has(world.send({.path = app + "?q=bin%40x.example"}), ">Bin<"));
        CHECK(has(world.send({.path = app + "?deleted=1&q=bin%40x.example"}), ">Bin<"));
        const Reply deleted = world.send({.path = path});
        CHECK(deleted.status == 404);
        CHECK(has(deleted, "Restore contact"));
        CHECK(location(world.post_form(path + "/restore", "")) == path);
        CHECK(has(world.send({.path = path}), "value=\"bin@x.example\""));
        CHECK(world.post_form(path + "/restore", "").status == 422);
        CHECK(world.post_form(app + "/contacts/999999999999999/restore", "").status == 404);
    }
}

TEST_CASE("pages: HubSpot restores no contact whose address is another one's by now") {
    const World world;
    const std::string path =
        location(world.post_form("/hubspot/app/contacts", "firstname=Old&email=t%40x.example"));
    REQUIRE(world.post_form(path + "/delete", "").status == 303);
    const std::string taker =
        location(world.post_form("/hubspot/app/contacts", "firstname=New&email=t%40x.example"));
    const Reply refused = world.post_form(path + "/restore", "");
    CHECK(refused.status == 422);
    CHECK(has(refused, "Another contact has the address t@x.example"));
    REQUIRE(world.post_form(taker + "/delete", "").status == 303);
    CHECK(world.post_form(path + "/restore", "").status == 303);
}

TEST_CASE("pages: two records that are picked in the list become one, other numbers do not") {
    const World world;
    const auto make = [&](const char* form) {
        const std::string path = location(world.post_form("/pipedrive/app/contacts", form));
        return path.substr(path.rfind('/') + 1);
    };
    const std::string one = make("name=One&email=one%40x.example");
    const std::string two = make("name=Two&phone=777");
    CHECK(has(world.send({.path = "/pipedrive/app?q=One"}), "aria-label=\"Pick One\""));
    for (const std::string& body :
         {std::string(), "record=" + one, "record=" + one + "&record=" + two + "&record=1"}) {
        CHECK(world.post_form("/pipedrive/app/merge", body).status == 422);
    }
    const Reply merged =
        world.post_form("/pipedrive/app/merge", "record=" + one + "&record=" + two);
    CHECK(has(world.send({.path = location(merged)}), "value=\"777\""));
    CHECK_FALSE(has(world.send({.path = "/practice/app"}), "Merge"));  // it cannot
}

TEST_CASE("pages: a fault is switched on, shown on every page, and ended") {
    World world;
    const std::string panel = "/hubspot/app/faults";
    CHECK_FALSE(has(world.send({.path = panel}), "On right now"));
    CHECK(location(world.post_form(panel, "preset=read_only")) == panel);
    for (const char* path : {"/hubspot/app/faults", "/hubspot/app", "/hubspot/app/new"}) {
        CHECK(has(world.send({.path = path}), "Go read-only for a minute (ends at 00:01:00 UTC)"));
    }
    CHECK_FALSE(has(world.send({.path = "/pipedrive/app"}), "On right now"));
    const Json input = Json::object({{"email", "a@new.example"}});
    CHECK(crm_status(world.run("hubspot", "create-contact", input, "dev")) == 403);
    CHECK(world.run("hubspot", "create-contact", input, "ann").status == 200);
    CHECK(world.run("pipedrive", "create-contact", Json::object({{"name", "A"}}), "dev").status ==
          200);
    CHECK(has(world.send({.path = panel}), "create-contact"));
    world.clock().advance(std::chrono::seconds(60));
    CHECK_FALSE(has(world.send({.path = panel}), "On right now"));
    for (const char* preset : {"lose_answer", "slow", "daily", "merge"}) {
        CHECK(world.post_form(panel, std::string("preset=") + preset).status == 303);
    }
    CHECK(has(world.send({.path = panel}), "Use up the day&#39;s calls"));
    CHECK(location(world.post_form(panel + "/end", "")) == panel);
    CHECK_FALSE(has(world.send({.path = panel}), "On right now"));
    CHECK(world.rest("GET", "/sandbox/faults").json.find("faults")->items()->empty());
}

TEST_CASE("pages: every switch of the panel can be used, and no other") {
    const World world;
    const std::string html = world.send({.path = "/pipedrive/app/faults"}).body;
    std::size_t count = 0;
    const std::string start = "name=\"preset\" value=\"";
    for (std::size_t at = html.find(start); at != std::string::npos; at = html.find(start, at)) {
        at += start.size();
        const std::string preset = html.substr(at, html.find('"', at) - at);
        CAPTURE(preset);
        CHECK(world.post_form("/pipedrive/app/faults", "preset=" + preset).status == 303);
        ++count;
    }
    CHECK(count == 25);
    CHECK(world.rest("GET", "/sandbox/faults").json.find("faults")->items()->size() == count);
    CHECK(world.post_form("/pipedrive/app/faults", "preset=explode").status == 422);
    CHECK(world
              .send({.method = "POST",
                     .path = "/pipedrive/app/faults",
                     .body = "preset=slow",
                     .headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                                 {"Origin", "https://evil.example"}}})
              .status == 403);
}

TEST_CASE("pages: the answer to a lost write is lost once, and only to writes") {
    const World world;
    REQUIRE(world.post_form("/pipedrive/app/faults", "preset=lose_answer").status == 303);
    CHECK(world.list_all("pipedrive", "dev").size() == 160);
    const Json person = Json::object({{"name", "Lost"}});
    CHECK(world.run("pipedrive", "create-contact", person, "dev").status == 0);
    CHECK(world.list_all("pipedrive", "dev").size() == 161);
    CHECK(has(world.send({.path = "/pipedrive/app/faults"}), ">lost_answer<"));
}

TEST_CASE("pages: what the CRM refuses is said in the form, which keeps what was typed") {
    const World world;
    const Reply nameless =
        world.post_form("/pipedrive/app/contacts", "name=&email=kept%40x.example");
    CHECK(nameless.status == 422);
    CHECK(has(nameless, "role=\"alert\""));
    CHECK(has(nameless, "A person must have a name"));
    CHECK(has(nameless, "value=\"kept@x.example\""));
    const std::string path = location(world.post_form("/hubspot/app/contacts", "firstname=Ann"));
    const Reply invalid = world.post_form(path, "email=nonsense");
    CHECK(invalid.status == 422);
    CHECK(has(invalid, "value=\"nonsense\""));
}

TEST_CASE("pages: saving a person without touching the e-mail keeps the further ones") {
    const World world;
    const Reply made = world.rest("POST",
                                  "/pipedrive/api/v2/persons",
                                  R"({"name":"Ann","emails":["one@x.example","two@x.example"]})");
    const std::string id =
        std::to_string(made.json.find("data")->find("id")->integer().value_or(0));
    const std::string path = "/pipedrive/app/contacts/" + id;
    CHECK(has(world.send({.path = path}), "two@x.example"));
    CHECK(world.post_form(path, "name=Ann+Lee&email=one%40x.example").status == 303);
    CHECK(world.fields_of("pipedrive", id, "dev").find("emails")->items()->size() == 2);
}

TEST_CASE("pages: values cannot become markup") {
    const World world;
    const Reply created =
        world.post_form("/pipedrive/app/contacts",
                        "name=%3Cscript%3Ealert%281%29%3C%2Fscript%3E&job_title=%22+x%3D%22");
    const Reply shown = world.send({.path = location(created)});
    CHECK_FALSE(has(shown, "<script"));
    CHECK(has(shown, "&lt;script&gt;"));
    CHECK(has(shown, "value=\"&quot; x=&quot;\""));
    const Reply search = world.send({.path = "/pipedrive/app?q=%22%3E%3Cscript%3E"});
    CHECK_FALSE(has(search, "<script"));
    CHECK(world.post_form(location(created) + "/delete", "").status == 303);
    for (const std::string& path : {location(created), std::string("/pipedrive/app?deleted=1")}) {
        const Reply deleted = world.send({.path = path});
        CHECK(has(deleted, "&lt;script&gt;"));
        CHECK_FALSE(has(deleted, "<script"));
    }
    CHECK(shown.headers.at("content-security-policy").find("default-src 'none'") == 0);
}

TEST_CASE("pages: a form from another site changes nothing") {
    const World world;
    const auto post = [&](std::map<std::string, std::string> headers) {
        headers["Content-Type"] = "application/x-www-form-urlencoded";
        return world
            .send({.method = "POST",
                   .path = "/pipedrive/app/contacts",
                   .body = "name=Forged",
                   .headers = std::move(headers)})
            .status;
    };
    CHECK(post({{"Origin", "https://evil.example"}}) == 403);
    CHECK(post({{"Origin", "null"}}) == 403);
    CHECK(post({{"Sec-Fetch-Site", "cross-site"}}) == 403);
    CHECK(post({{"Sec-Fetch-Site", "same-site"}}) == 403);
    CHECK(has(world.send({.path = "/pipedrive/app?q=Forged"}), "No contact matches"));
    CHECK(post({}) == 303);
}

TEST_CASE("pages: nothing else is understood") {
    const World world;
    CHECK(world.send({.path = "/hubspot/app/nothing"}).status == 404);
    CHECK(world.send({.path = "/hubspot/app/contacts/abc"}).status == 404);
    CHECK(world.post_form("/hubspot/app/contacts/1/explode", "").status == 404);
    CHECK(world.post_form("/hubspot/app/contacts", "firstname=%zz").status == 400);
    CHECK(world.post_form("/hubspot/app/contacts", "firstname=%ff").status == 400);
    const Reply json = world.send({.method = "POST",
                                   .path = "/hubspot/app/contacts",
                                   .body = "{}",
                                   .headers = {{"Content-Type", "application/json"}}});
    CHECK(json.status == 415);
}

}  // namespace crm::sandbox::test
