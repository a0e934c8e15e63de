// What a screen says about itself: a flat list of nodes, rebuilt every frame, and the patch that
// turns the browser's copy of the last frame into this one. web/mirror.js reads the patch; the two
// agree on:
//
//   records end with \x1e, fields with \x1f; numbers are CSS pixels relative to the parent's
//   content n id parent kind name left top width height (key value)*   create, or replace what is
//   known of it r id                      remove, with everything inside c parent id,id,… the order
//   of a parent's children (0: the page) v id text                 write a field's value;   s id
//   top   scroll;   f id   focus a polite|assertive text   say it
//
// Ids stay with a thing between frames: they are hashes of the path of ids from the root.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client-wasm/views/geometry.h"
#include "client-wasm/views/ui_input.h"

namespace crm::ui {

struct Attribute {
    std::string key;
    std::string value;

    bool operator==(const Attribute&) const = default;
};

struct Node {
    NodeId id = 0;
    NodeId parent = 0;
    std::string kind;  // "button", "link", "row", …: the keys of the table in web/mirror.js
    std::string name;  // accessible name; for text, the text
    double left = 0;
    double top = 0;
    double width = 0;
    double height = 0;
    std::vector<Attribute> attributes;

    bool operator==(const Node&) const = default;
};

[[nodiscard]] NodeId node_id(NodeId parent, std::string_view id);

class Mirror {
   public:
    void begin_frame();
    /// Appends to the children of `parent`. An id that is already there in this frame is a bug:
    /// asserted.
    void add(Node node);
    /// A later change of a node of this frame, by its id; false when there is none.
    bool set_attribute(NodeId id, std::string_view key, std::string_view value);
    void command(std::string_view operation, NodeId id, std::string_view text);
    void announce(std::string_view politeness, std::string_view text);
    /// The browser may have changed this node by itself: send it again.
    void forget(NodeId id) { forgotten_.push_back(id); }
    /// Everything that changed since the last call; commands come last. Empty: nothing did.
    [[nodiscard]] std::string take_patch();

    [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
    [[nodiscard]] const Node* find(NodeId id) const;

   private:
    std::vector<Node> nodes_;
    std::map<NodeId, std::size_t> index_;
    std::map<NodeId, Node> sent_;
    std::map<NodeId, std::vector<NodeId>> sent_children_;
    std::vector<NodeId> forgotten_;
    std::string commands_;
};

}  // namespace crm::ui
