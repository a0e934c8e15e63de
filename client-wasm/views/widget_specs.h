// What the widgets of widgets.h are told, and what they answer: plain data. A spec's texts need to
// live only for the call.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "client-wasm/views/geometry.h"
#include "client-wasm/views/icons.h"
#include "client-wasm/views/theme.h"

namespace crm::ui {

enum class Landmark {
    Navigation,
    Main,
    Banner,
    Complementary,
    Region,
    Group,
    List,
    ListItem,
    TabList,
    Form
};
enum class Tone {
    Text,
    Secondary,
    Hint,
    Accent,
    OnAccent,
    Ok,
    Warning,
    Error,
    Info,
    Neutral,
    ToastText
};
enum class Fill {
    Background,
    Surface,
    Raised,
    Sunken,
    RowHover,
    RowSelected,
    AccentSoft,
    ErrorSoft,
    OkSoft,
    WarningSoft,
    InfoSoft,
    NeutralSoft,
    Accent,
    Border
};
enum class Align { Left, Center, Right };
enum class Enabled { No, Yes };
enum class ButtonKind { Primary, Secondary, Ghost, Danger, GhostDanger };
enum class CheckState { Off, On, Mixed };
/// One meaning, one icon, one colour, everywhere.
enum class BadgeKind { Synced, Pending, Conflict, Error, NotLinked, Running, Held, Paused };
enum class BadgeShape { Pill, Plain };  // Plain: icon and word on the row's own ground, for cells
enum class Urgency { Polite, Assertive };
enum class ShortcutScope {
    Everywhere,
    OutsideFields
};  // OutsideFields: silent while somebody types

/// What happened to a thing that can be clicked. Converts to bool: was it clicked.
struct Click {
    bool is_clicked = false;
    bool is_shift = false;
    bool is_control = false;  // Ctrl, or the Command key
    explicit operator bool() const { return is_clicked; }
};

struct ButtonSpec {
    std::string_view label;  // the accessible name, exactly
    ButtonKind kind = ButtonKind::Secondary;
    Icon icon = Icon::None;
    bool is_enabled = true;
    bool is_busy = false;     // a spinner in place of the icon, same width, not clickable
    bool is_pressed = false;  // a toggle that is on
    std::string_view tooltip = {};
    std::string_view shortcut = {};  // shown in the tooltip and told to assistive technology: "N"
    bool is_compact = false;         // 32 high instead of 36
};

struct LinkSpec {
    std::string_view name;
    std::string_view href;  // "#/contacts/…"; a modified click opens it in a new tab by itself
    TextStyle style = TextStyle::Body;
    Tone tone = Tone::Accent;
    bool opens_outside = false;  // another site: a new tab, no click event
    bool is_current = false;
};

/// A line of a list that opens something beside it: two lines of text, the whole of it is clicked.
struct ListRowSpec {
    std::string_view title;
    std::string_view detail;  // part of the accessible name, after a comma
    Icon icon = Icon::None;
    Tone icon_tone = Tone::Secondary;
    bool is_current = false;
};

struct NavLinkSpec {
    std::string_view name;
    std::string_view href;
    Icon icon = Icon::None;
    bool is_current = false;
    bool is_compact = false;       // icon only
    std::string_view count = {};   // at the right; not part of the name
    bool is_count_urgent = false;  // warn colours
};

enum class FieldType { Text, Email, Phone, Search, Multiline };

struct FieldSpec {
    std::string_view name;
    std::string_view value;  // what the program holds; written to the element only when it changes
    FieldType type = FieldType::Text;
    std::string_view problem = {};  // an error below, with icon and red frame
    std::string_view hint = {};     // below, when there is no problem
    std::string_view placeholder = {};
    std::string_view autocomplete = "off";
    bool is_enabled = true;
    bool is_required = false;
    bool is_label_shown = true;  // false: the name is only spoken (search box)
    bool wants_focus = false;    // in the frame in which it appears
    int chars_max = 0;           // 0: no limit
    float multiline_height = 96;
};

struct FieldEvent {
    bool is_changed = false;
    std::string text;  // the whole new text, if changed
    bool is_focused = false;
    bool is_left = false;       // focus went away in this frame
    bool is_committed = false;  // Enter (not in multiline), or Ctrl+Enter
    bool is_cancelled = false;  // Escape
};

struct SelectSpec {
    std::string_view name;
    std::span<const std::string> options;
    int selected = 0;
    bool is_enabled = true;
    bool is_label_shown = true;
};

struct DialogSpec {
    std::string_view title;  // verb and object: "Delete 3 contacts?"
    float width = kDialogWidth;
    float height = 200;  // of the body, title and padding not counted
};
struct DialogArea {
    Rect body;                  // below the title, inside the padding
    bool is_dismissed = false;  // Escape was pressed
};

struct ToastSpec {
    std::string_view id;
    std::string_view text;
    std::string_view action = {};  // "Undo"
    bool is_error = false;         // stays until closed
};
struct ToastEvent {
    bool is_action = false;
    bool is_finished = false;  // its time is over, or it was closed
};

struct FrameInfo {
    float width = 0;
    float height = 0;
    float density = 1;  // device pixels per CSS pixel
    double now_ms = 0;
    Brightness brightness = Brightness::Light;
    Contrast contrast = Contrast::Normal;
    bool is_touch = false;  // coarse pointer: controls grow to 44
    bool is_motion_reduced = false;
};

struct FrameResult {
    std::string mirror_patch;  // for the browser; empty when nothing changed
    double wake_ms = -1;       // draw again after so long; 0 at once; -1 not by itself
};

}  // namespace crm::ui
