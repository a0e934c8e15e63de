// The narrow door to the browser: the canvas, what happens on the page, the address, the theme,
// timers. Only platform/ and web/ know the browser; the rest of the client sees these calls.
//
// Rules: one window per program. The listener is called between frames, from the browser's event
// loop, and never from inside another call of this interface. Nothing is drawn unless on_frame is
// running.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crm::platform {

struct Viewport {
    float width = 0;  // CSS pixels
    float height = 0;
    float density = 1;  // device pixels per CSS pixel

    bool operator==(const Viewport&) const = default;
};

/// What the operating system and the browser say that the person prefers.
struct Preferences {
    bool is_dark = false;
    bool is_contrast_high = false;
    bool is_motion_reduced = false;
    bool is_touch = false;  // the main pointer is coarse
};

struct KeyModifiers {
    bool is_shift = false;
    bool is_control = false;
    bool is_alt = false;
};

enum class PointerEvent { Moved, Pressed, Released, Left };
enum class StreamEvent { Opened, Lost };

class Listener {
   public:
    virtual ~Listener() = default;

    virtual void on_frame(double now_ms) = 0;
    virtual void on_textures_lost() = 0;

    virtual void on_pointer(PointerEvent event, float x, float y) = 0;
    /// True: the application uses the key; the browser will not act on it.
    virtual bool on_key(std::string_view key, KeyModifiers modifiers) = 0;
    /// `node` is the number of an element of the mirror.
    virtual void on_activate(std::uint32_t node, KeyModifiers modifiers) = 0;
    virtual void on_input(std::uint32_t node, std::string_view text) = 0;
    virtual void on_focus(std::uint32_t node, bool is_ring_shown) = 0;
    virtual void on_scroll(std::uint32_t node, double top) = 0;
    virtual std::string on_copy() = 0;

    virtual void on_hash(std::string_view hash) = 0;
    virtual void on_timer(std::uint64_t timer) = 0;
    virtual void on_reply(std::uint64_t request, int status, std::string_view body) = 0;
    virtual void on_stream(StreamEvent event) = 0;
    virtual void on_stream_data(std::string_view type, std::string_view data) = 0;
};

/// Takes over the page: from here on the listener is called, beginning with a frame. Without WebGL
/// 2 nothing is drawn and the mirror is made visible instead.
void open_window(Listener& listener);

[[nodiscard]] Viewport viewport();
[[nodiscard]] Preferences preferences();
[[nodiscard]] double now_ms();         // monotonic, since the page was opened
[[nodiscard]] double wall_clock_ms();  // since 1970, UTC

/// Inside on_frame: before the first ImGui call of the frame, and after its last.
void begin_drawing();
void finish_drawing(std::uint32_t background_rgb);
/// Brings the elements over the canvas up to date (views/mirror.h).
void apply_mirror(std::string_view patch);

/// A frame soon; as often as one likes.
void wake();
/// A frame after this time, if none comes before. Replaces an earlier wish; negative: none.
void wake_after(double delay_ms);
/// on_timer(timer), once. Short ones count as work that contacts.idle() waits for.
void start_timer(std::uint64_t timer, double delay_ms);

[[nodiscard]] std::string hash();
enum class HistoryEntry { Push, Replace };
void set_hash(std::string_view hash, HistoryEntry entry);
void leave_to(std::string_view address);  // another page of ours: the login
/// Ask before the tab is closed, while text is typed and not saved.
enum class UnloadGuard { Off, On };
void guard_unload(UnloadGuard guard);
void set_title(std::string_view title);
/// "light" or "dark": for the elements and the browser's own controls.
void show_theme(std::string_view theme);

/// Small texts that stay in this browser. Missing or forbidden: empty.
[[nodiscard]] std::string load_text(std::string_view key);
void store_text(std::string_view key, std::string_view text);

/// The browser saves what the server sends from this path of ours, or a text, as a file.
void save_from(std::string_view path);
void save_text(std::string_view name, std::string_view text);

/// A line of text drawn by the browser: RGBA texture, straight alpha. Sizes in CSS pixels.
struct TextImage {
    std::uint64_t texture = 0;
    float width = 0;
    float height = 0;
};
struct TextImageRequest {
    std::string_view text;
    float size = 14;
    int weight = 400;
    float density = 1;
    std::uint32_t rgba = 0;
};
[[nodiscard]] TextImage draw_text_image(const TextImageRequest& request);
void release_text_image(const TextImage& image);

enum class FontFile { Regular, Medium, SemiBold, Icons };
/// The bytes of a font that the page has loaded; empty when it could not.
[[nodiscard]] std::string font_file(FontFile file);

}  // namespace crm::platform
