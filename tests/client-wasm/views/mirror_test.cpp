// The patch is what the browser needs to get from one frame to the next, and no more.
#include "client-wasm/views/mirror.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace crm::ui;

namespace {

Node button(NodeId id, std::string name, NodeId parent = 0) {
    return {.id = id,
            .parent = parent,
            .kind = "button",
            .name = std::move(name),
            .width = 80,
            .height = 36};
}

// A frame of these nodes; '|' and '/' stand for the two separators.
std::string patch_of(Mirror& mirror, const std::vector<Node>& nodes) {
    mirror.begin_frame();
    for (const Node& node : nodes) mirror.add(node);
    std::string patch = mirror.take_patch();
    for (char& letter : patch) {
        if (letter == '\x1f') letter = '|';
        if (letter == '\x1e') letter = '/';
    }
    return patch;
}

}  // namespace

TEST_CASE("mirror: a new node is described once, with its place among its siblings") {
    Mirror mirror;
    CHECK(patch_of(mirror, {button(7, "Save")}) == "n|7|0|button|Save|0|0|80|36/c|0|7/");
    CHECK(patch_of(mirror, {button(7, "Save")}) == "");
}

TEST_CASE("mirror: only what changed is sent again") {
    Mirror mirror;
    (void)patch_of(mirror, {button(1, "Save"), button(2, "Cancel")});
    CHECK(patch_of(mirror, {button(1, "Save"), button(2, "Close")}) ==
          "n|2|0|button|Close|0|0|80|36/");

    Node moved = button(1, "Save");
    moved.left = 0.004;  // no pixel on any screen
    CHECK(patch_of(mirror, {moved, button(2, "Close")}) == "");
    moved.left = 12.5;
    CHECK(patch_of(mirror, {moved, button(2, "Close")}) == "n|1|0|button|Save|12.50|0|80|36/");
}

TEST_CASE("mirror: what is no longer drawn is removed, and the order is said anew") {
    Mirror mirror;
    (void)patch_of(mirror, {button(1, "One"), button(2, "Two"), button(3, "Three")});
    CHECK(patch_of(mirror, {button(3, "Three"), button(1, "One")}) == "r|2/c|0|3,1/");
    CHECK(patch_of(mirror, {}) == "r|1/r|3/");
}

TEST_CASE("mirror: attributes are part of what is compared") {
    Mirror mirror;
    Node field = button(1, "Name");
    field.attributes = {{"invalid", "1"}};
    (void)patch_of(mirror, {field});
    CHECK(patch_of(mirror, {field}) == "");
    field.attributes.clear();
    CHECK(patch_of(mirror, {field}) == "n|1|0|button|Name|0|0|80|36/");
}

TEST_CASE("mirror: a node that the browser may have changed by itself is sent again") {
    Mirror mirror;
    (void)patch_of(mirror, {button(1, "Select all")});
    mirror.forget(1);
    CHECK(patch_of(mirror, {button(1, "Select all")}) == "n|1|0|button|Select all|0|0|80|36/");
    CHECK(patch_of(mirror, {button(1, "Select all")}) == "");
}

TEST_CASE("mirror: commands come after the elements they speak of, and once") {
    Mirror mirror;
    mirror.command("v", 1, "Ada");
    mirror.announce("polite", "Saved");
    CHECK(patch_of(mirror, {button(1, "Name")}) ==
          "n|1|0|button|Name|0|0|80|36/c|0|1/v|1|Ada/a|polite|Saved/");
    CHECK(patch_of(mirror, {button(1, "Name")}) == "");
}

TEST_CASE("mirror: the separators cannot be smuggled in by a name") {
    Mirror mirror;
    const std::string patch = patch_of(mirror,
                                       {button(1,
                                               "a\x1e"
                                               "r\x1f"
                                               "2\x1e"
                                               "b")});
    CHECK(patch == "n|1|0|button|a r 2 b|0|0|80|36/c|0|1/");
}

TEST_CASE("mirror: ids are the same in every frame, and differ below different parents") {
    CHECK(node_id(0, "save") == node_id(0, "save"));
    CHECK(node_id(0, "save") != node_id(0, "cancel"));
    CHECK(node_id(1, "save") != node_id(2, "save"));
    CHECK(node_id(0, "") != 0);
}
