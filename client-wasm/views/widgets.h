// The widget layer: the only way a screen reaches Dear ImGui. Every call draws, and appends a node
// {role, name, state, place} to the mirror (mirror.h), which the browser shows as real elements
// over the canvas. Clicks, typing, scrolling and focus happen on those elements and come back here,
// one frame later, as return values: there is one path for mouse, finger, keyboard, screen reader
// and test, so nothing acts twice.
//
// Rules: call everything between begin_frame and end_frame, in reading order. `id` is unique among
// its siblings and stable between frames (use a contact's id, not its place). Names are what a
// person hears; each stands once on a screen. Rectangles are CSS pixels of the window, also inside
// scroll areas. Nothing here keeps the application's state: values come in with each call, events
// go out. Single threaded; nothing throws.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "client-wasm/views/fonts.h"
#include "client-wasm/views/geometry.h"
#include "client-wasm/views/ui_input.h"
#include "client-wasm/views/widget_specs.h"

namespace crm::ui {

class UiImpl;

class Ui {
   public:
    Ui();
    ~Ui();
    Ui(const Ui&) = delete;
    Ui& operator=(const Ui&) = delete;

    // The frame; main.cpp and tests call these. `input()` collects what the browser reports in
    // between.
    void begin_frame(const FrameInfo& info);
    [[nodiscard]] FrameResult end_frame();
    [[nodiscard]] UiInput& input();
    /// Before the first frame. Without a raster, scripts outside the fonts show as boxes.
    void load_fonts(const FontFiles& files);
    void set_text_raster(TextRaster raster);
    void forget_textures();  // the renderer lost them

    [[nodiscard]] Rect window() const;
    [[nodiscard]] double now_ms() const;
    [[nodiscard]] bool is_touch() const;
    [[nodiscard]] float control_height() const;  // 36, 44 on touch
    /// Draw again after so many milliseconds: animations, debounces, expiring things. 0: next
    /// frame.
    void wake_after(double delay_ms);

    // Structure. A landmark groups what follows until its end; one h1 per screen.
    void begin(Landmark landmark, std::string_view id, std::string_view name, const Rect& rect);
    void end();
    void heading(int level, const Rect& rect, std::string_view text, TextStyle style);
    /// A piece whose children scroll; returns where to draw them: as wide as the area,
    /// `content_height` high, moved by the scroll position. Ends with end_scroll(). Only what is
    /// visible need be drawn: see is_visible().
    [[nodiscard]] Rect begin_scroll(std::string_view id, const Rect& rect, float content_height);
    void end_scroll();
    void scroll_to(std::string_view scroll_id, float top);  // before its begin_scroll
    [[nodiscard]] bool is_visible(const Rect& rect) const;  // overlaps what is not clipped away
    void push_id(std::string_view id);                      // a scope for ids without an element
    void pop_id();

    // Text. One line is cut with "…" at the rectangle's width, centred in its height; the whole
    // text is in the mirror. Returned: the width drawn (text), the height used (paragraph).
    float text(const Rect& rect,
               std::string_view text,
               TextStyle style,
               Tone tone = Tone::Text,
               Align align = Align::Left);
    float paragraph(const Rect& rect,
                    std::string_view text,
                    TextStyle style,
                    Tone tone = Tone::Text);
    [[nodiscard]] float text_width(std::string_view text, TextStyle style) const;
    [[nodiscard]] float paragraph_height(float width, std::string_view text, TextStyle style) const;

    // Decoration without meaning: nothing in the mirror.
    void fill(const Rect& rect, Fill fill, float radius = 0);
    void card(const Rect& rect);  // surface, border, radius 8
    void line_below(const Rect& rect);
    void line_right(const Rect& rect);
    void icon(const Rect& rect, Icon icon, Tone tone, float size = 16);
    void avatar(const Rect& rect, std::string_view name);  // initials on one of six colours
    void spinner(const Rect& rect, float size = 20);
    void skeleton(const Rect& rect, int row_count, float row_height);
    void dot(float center_x, float center_y, float radius, Fill fill);

    // Controls.
    Click button(std::string_view id, const Rect& rect, const ButtonSpec& spec);
    /// A button behind which the browser lets a person choose a file: its name in the frame in
    /// which it was chosen, else "". `accepted`: ".csv,.vcf".
    std::string file_button(std::string_view id,
                            const Rect& rect,
                            const ButtonSpec& spec,
                            std::string_view accepted);
    [[nodiscard]] float button_width(const ButtonSpec& spec) const;
    /// Square, the label is spoken and is the tooltip.
    Click icon_button(std::string_view id, const Rect& rect, const ButtonSpec& spec);
    Click link(std::string_view id, const Rect& rect, const LinkSpec& spec);
    Click nav_link(std::string_view id, const Rect& rect, const NavLinkSpec& spec);
    Click list_row(std::string_view id, const Rect& rect, const ListRowSpec& spec);
    Click chip(std::string_view id, const Rect& rect, std::string_view label);  // removable filter
    Click tab(std::string_view id, const Rect& rect, std::string_view label, bool is_selected);
    Click checkbox(std::string_view id, const Rect& rect, std::string_view name, CheckState state);
    Click radio(std::string_view id, const Rect& rect, std::string_view name, bool is_selected);
    FieldEvent field(std::string_view id, const Rect& rect, const FieldSpec& spec);
    [[nodiscard]] float field_height(const FieldSpec& spec) const;  // label, box and line below
    /// The new index in the frame in which it was chosen, else -1.
    int select(std::string_view id, const Rect& rect, const SelectSpec& spec);
    void focus(std::string_view id);  // a sibling drawn in this frame, before or after this call

    // Status.
    float badge(const Rect& rect,
                BadgeKind kind,
                std::string_view text,
                BadgeShape shape = BadgeShape::Pill);
    /// The same as a link, for the pill in the header.
    Click badge_link(std::string_view id, const Rect& rect, BadgeKind kind, const LinkSpec& spec);
    [[nodiscard]] float badge_width(std::string_view text) const;
    void progress(const Rect& rect, std::string_view name, double done, double total);
    /// A strip for lasting problems, with one action. Returned: the action was clicked.
    Click banner(std::string_view id,
                 const Rect& rect,
                 BadgeKind kind,
                 std::string_view text,
                 std::string_view action);
    Click empty_state(std::string_view id,
                      const Rect& rect,
                      Icon icon,
                      std::string_view sentence,
                      std::string_view action);
    /// Bottom right, stacked in call order; the caller keeps the list and drops what is finished.
    ToastEvent toast(const ToastSpec& spec);
    /// Said once by screen readers: "Saved". Not for ticks of progress.
    void announce(Urgency urgency, std::string_view text);

    // Layers. A dialog takes focus, holds it, gives it back; everything else is inert. Ends with
    // end_dialog().
    [[nodiscard]] DialogArea begin_dialog(std::string_view id, const DialogSpec& spec);
    void end_dialog();
    /// A small floating surface (menu, column chooser, bulk bar) over the page; ends with
    /// end_floating().
    void begin_floating(std::string_view id, std::string_view name, const Rect& rect);
    void end_floating();
    /// Was there a press outside this rectangle, or Escape? For closing what begin_floating opened.
    [[nodiscard]] bool is_dismissed(const Rect& rect) const;

    /// Was the chord pressed: "Ctrl+K", "/", "Escape", "Alt+ArrowUp", "Delete". Asking reserves it,
    /// so that the browser does not act on it as well. Ctrl means Command on a Mac.
    [[nodiscard]] bool shortcut(std::string_view chord,
                                ShortcutScope scope = ShortcutScope::OutsideFields);
    /// What Ctrl+C gives when nothing is selected and no field has focus; asked for when it
    /// happens.
    void offer_copy(std::function<std::string()> text);

    [[nodiscard]] UiImpl& impl() {
        return *impl_;
    }  // for the grid and the other files of this layer

   private:
    std::unique_ptr<UiImpl> impl_;
    std::unique_ptr<UiInput> input_;
};

}  // namespace crm::ui
