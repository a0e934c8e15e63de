// The inside of the widget layer, shared by its source files and by nobody else: what is remembered
// from frame to frame (focus, scroll, fields, hover), the stack of places in the mirror, and
// drawing in our own terms.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "client-wasm/views/fonts.h"
#include "client-wasm/views/grid.h"
#include "client-wasm/views/mirror.h"

namespace crm::ui {

/// What lies over what; also the channels of the draw list.
enum class Layer { Page, Floating, Toast, Dialog, Tip };
inline constexpr int kLayerCount = 5;

/// A place in the mirror: where the next node is hung up, and what its position is relative to.
struct Scope {
    NodeId node = 0;
    NodeId seed = 0;
    double left = 0;
    double top = 0;
    int text_count = 0;  // texts have no ids of their own: their order is
};

struct Activation {
    NodeId node = 0;
    Modifiers modifiers;
};

struct KeyPress {
    std::string chord;
    bool was_typing = false;  // a field had focus
};

struct FieldMemory {
    std::string dom_text;      // what the element holds, as far as we know
    std::string program_text;  // what the caller gave in the last frame
    std::string typed;         // waiting for the next frame
    bool has_typed = false;
    bool is_seen = false;  // drawn in this frame
    bool had_focus = false;
};

struct Overlay {
    Rect rect;
    Layer layer = Layer::Page;
};

struct ToastMemory {
    double age_ms = 0;  // shown without being read or focused
    double seen_ms = 0;
};

struct Tip {
    NodeId node = 0;
    Rect rect;
    std::string text;
};

/// What is remembered of a grid, and what its rows need to know while it is drawn.
struct GridState {
    NodeId node = 0;
    Rect frame;
    Rect body;
    double scroll = 0;
    float row_height = 0;
    std::vector<float> column_x;  // left edges, and the right edge of the last
    std::vector<Align> column_align;
    bool has_checkboxes = false;
    int active_row = 0;
    int tab_row = 0;
    std::map<std::string, double, std::less<>> flashes;  // since when, by row
    int focus_row = -1;                                  // its link gets focus when it is drawn
    bool has_focus = false;
    std::map<NodeId, int> links;  // of the rows drawn, and their places
    bool is_space = false;
    RowSpec row;
    Rect row_rect;
    int column = 0;
};

class UiImpl {
   public:
    // --- the frame
    FrameInfo info;
    Mirror mirror;
    RasterCache rasters;
    ImFont* fonts[3] = {};
    ImFont* icon_font = nullptr;
    ImDrawListSplitter splitter;
    ImDrawList* list = nullptr;
    double wake_ms = -1;
    std::string patch;

    // --- what came in
    std::vector<Activation> activations;
    std::vector<KeyPress> presses;
    float pointer_x = -1;
    float pointer_y = -1;
    float press_x = -1;
    float press_y = -1;
    bool is_pointer_down = false;
    bool is_pressed_now = false;  // went down since the last frame
    NodeId focus_node = 0;
    bool is_focus_ring_shown = false;
    std::function<std::string()> copy_text;

    // --- remembered
    std::map<NodeId, FieldMemory> fields;
    std::map<NodeId, double> scrolls;
    std::map<NodeId, int> chosen;
    std::map<NodeId, std::string> files;  // chosen since the last frame; by their fields
    std::map<NodeId, GridState> grids;
    std::set<std::string, std::less<>> reserved_always;   // of the last frame
    std::set<std::string, std::less<>> reserved_outside;  // only while nobody types
    std::set<std::string, std::less<>> next_always;
    std::set<std::string, std::less<>> next_outside;
    std::vector<Overlay> overlays;  // of the last frame
    std::vector<Overlay> next_overlays;
    bool is_modal = false;  // a dialog was open in the last frame
    bool is_modal_next = false;
    bool is_dismissal_asked = false;  // something floating waited for Escape in the last frame
    bool is_dismissal_asked_next = false;
    std::map<std::string, ToastMemory, std::less<>> toasts;
    float toast_bottom = 0;
    float toast_right = 0;
    Tip tip;
    NodeId tip_node = 0;
    double tip_since_ms = 0;

    // --- while drawing
    std::vector<Scope> scopes;
    std::vector<Rect> clips;
    Layer layer = Layer::Page;
    std::vector<Layer> layers_below;
    GridState* grid = nullptr;

    // --- mirror (widgets.cpp)
    NodeId id_of(std::string_view id) const { return node_id(scopes.back().seed, id); }
    /// Adds a node at this place; `attributes` as they go to the browser.
    NodeId add(std::string_view kind,
               NodeId id,
               std::string_view name,
               const Rect& rect,
               std::vector<Attribute> attributes = {});
    void open(NodeId node, const Rect& rect, double scroll = 0);
    void close();
    void add_text(std::string_view text, const Rect& rect, TextStyle style);

    // --- input (widgets.cpp)
    Click take_click(NodeId node);
    [[nodiscard]] int take_presses(std::string_view chord, ShortcutScope scope);
    [[nodiscard]] bool is_typing() const;
    [[nodiscard]] bool is_grid_key(std::string_view chord) const;  // and focus is in a grid
    [[nodiscard]] bool is_hovered(const Rect& rect) const;
    [[nodiscard]] bool is_held(const Rect& rect) const;
    [[nodiscard]] bool is_covered(const Rect& rect) const;
    [[nodiscard]] bool has_ring(NodeId node) const {
        return node != 0 && node == focus_node && is_focus_ring_shown;
    }
    [[nodiscard]] bool is_inside(NodeId ancestor, NodeId node) const;  // of what is drawn so far
    void offer_tip(NodeId node, const Rect& rect, std::string_view text);
    void wake_after(double delay_ms);

    // --- drawing (widgets_draw.cpp)
    [[nodiscard]] const Palette& colors() const { return palette(info.brightness, info.contrast); }
    [[nodiscard]] Color color(Tone tone) const;
    [[nodiscard]] Color color(Fill fill) const;
    [[nodiscard]] Rect clip() const { return clips.back(); }
    void set_layer(Layer wanted);
    void enter_layer(Layer wanted, const Rect& rect);  // over everything below, not clipped by it
    void leave_layer();
    void push_clip(const Rect& rect);
    void pop_clip();
    void draw_fill(const Rect& rect, Color fill, float radius = 0);
    void draw_border(const Rect& rect, Color stroke, float radius, float width = 1);
    void draw_shadow(const Rect& rect, float radius);
    void draw_ring(const Rect& rect, NodeId node, float radius);
    float draw_text(const Rect& rect,
                    std::string_view text,
                    TextStyle style,
                    Color color,
                    Align align = Align::Left);
    void draw_icon(const Rect& rect, Icon icon, Color color, float size);
    void draw_spinner(const Rect& rect, Color color, float size);
    float draw_badge(const Rect& rect, BadgeKind kind, std::string_view text, BadgeShape shape);
    void draw_tip();
    [[nodiscard]] float measure(std::string_view text, TextStyle style);
    /// The lines that fit the width; at least one.
    [[nodiscard]] std::vector<std::string> wrap(std::string_view text,
                                                TextStyle style,
                                                float width);
};

[[nodiscard]] ImU32 to_imgui(Color color);
[[nodiscard]] std::string initials(std::string_view name);

}  // namespace crm::ui
