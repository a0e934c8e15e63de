// The difference between two frames, as the text described in the header.
#include "client-wasm/views/mirror.h"

#include <cassert>
#include <cmath>
#include <cstdio>

namespace crm::ui {

namespace {

constexpr char kField = '\x1f';
constexpr char kRecord = '\x1e';

// The two separators can occur in no value: they would tear the patch apart.
void append_text(std::string& patch, std::string_view text) {
    patch += kField;
    for (const char letter : text) {
        patch += letter == kField || letter == kRecord ? ' ' : letter;
    }
}

void append_number(std::string& patch, double number) {
    const double hundredths = std::round(number * 100);
    char buffer[32];
    if (std::fmod(hundredths, 100) == 0) {
        std::snprintf(buffer, sizeof buffer, "%.0f", hundredths / 100);
    } else {
        std::snprintf(buffer, sizeof buffer, "%.2f", hundredths / 100);
    }
    append_text(patch, buffer);
}

void append_node(std::string& patch, const Node& node) {
    patch += 'n';
    append_text(patch, std::to_string(node.id));
    append_text(patch, std::to_string(node.parent));
    append_text(patch, node.kind);
    append_text(patch, node.name);
    append_number(patch, node.left);
    append_number(patch, node.top);
    append_number(patch, node.width);
    append_number(patch, node.height);
    for (const Attribute& attribute : node.attributes) {
        append_text(patch, attribute.key);
        append_text(patch, attribute.value);
    }
    patch += kRecord;
}

bool is_same_picture(const Node& left, const Node& right) {
    const auto is_near = [](double a, double b) { return std::abs(a - b) < 0.01; };
    return left.parent == right.parent && left.kind == right.kind && left.name == right.name &&
           is_near(left.left, right.left) && is_near(left.top, right.top) &&
           is_near(left.width, right.width) && is_near(left.height, right.height) &&
           left.attributes == right.attributes;
}

void append_children(std::string& patch, NodeId parent, const std::vector<NodeId>& children) {
    patch += 'c';
    append_text(patch, std::to_string(parent));
    std::string list;
    for (const NodeId child : children) {
        if (!list.empty()) list += ',';
        list += std::to_string(child);
    }
    append_text(patch, list);
    patch += kRecord;
}

}  // namespace

NodeId node_id(NodeId parent, std::string_view id) {
    // FNV-1a, seeded with the parent: the same path gives the same number in every frame.
    std::uint32_t hash = 2166136261U ^ parent;
    hash *= 16777619U;
    for (const char letter : id) {
        hash ^= static_cast<unsigned char>(letter);
        hash *= 16777619U;
    }
    return hash == 0 ? 1 : hash;
}

void Mirror::begin_frame() {
    nodes_.clear();
    index_.clear();
}

void Mirror::add(Node node) {
    const bool is_new = index_.emplace(node.id, nodes_.size()).second;
    assert(is_new && "two siblings have the same id");
    if (!is_new) return;
    nodes_.push_back(std::move(node));
}

bool Mirror::set_attribute(NodeId id, std::string_view key, std::string_view value) {
    const auto found = index_.find(id);
    if (found == index_.end()) return false;
    std::vector<Attribute>& attributes = nodes_[found->second].attributes;
    for (Attribute& attribute : attributes) {
        if (attribute.key == key) {
            attribute.value = value;
            return true;
        }
    }
    attributes.push_back({std::string(key), std::string(value)});
    return true;
}

void Mirror::command(std::string_view operation, NodeId id, std::string_view text) {
    commands_ += operation;
    append_text(commands_, std::to_string(id));
    append_text(commands_, text);
    commands_ += kRecord;
}

void Mirror::announce(std::string_view politeness, std::string_view text) {
    commands_ += 'a';
    append_text(commands_, politeness);
    append_text(commands_, text);
    commands_ += kRecord;
}

const Node* Mirror::find(NodeId id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &nodes_[found->second];
}

std::string Mirror::take_patch() {
    std::string patch;
    for (const NodeId id : std::exchange(forgotten_, {})) {
        // The element stays; comparing with an impossible kind makes it be sent again.
        if (const auto found = sent_.find(id); found != sent_.end()) found->second.kind.clear();
    }
    for (const auto& [id, node] : sent_) {
        if (index_.contains(id)) continue;
        patch += 'r';
        append_text(patch, std::to_string(id));
        patch += kRecord;
    }
    std::erase_if(sent_, [this](const auto& entry) { return !index_.contains(entry.first); });

    std::map<NodeId, std::vector<NodeId>> children;
    for (const Node& node : nodes_) {
        children[node.parent].push_back(node.id);
        const auto found = sent_.find(node.id);
        if (found != sent_.end() && is_same_picture(found->second, node)) continue;
        append_node(patch, node);
        sent_.insert_or_assign(node.id, node);
    }
    for (const auto& [parent, list] : children) {
        const auto found = sent_children_.find(parent);
        if (found != sent_children_.end() && found->second == list) continue;
        append_children(patch, parent, list);
    }
    sent_children_ = std::move(children);
    patch += std::exchange(commands_, {});
    return patch;
}

}  // namespace crm::ui
