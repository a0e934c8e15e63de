// The browser's side of window.h: WebGL 2 for the canvas, and the exported functions that
// web/platform.js calls.
#include <GLES3/gl3.h>
#include <backends/imgui_impl_opengl3.h>

#include <cstdlib>

#include <emscripten/emscripten.h>
#include <emscripten/html5.h>
#include <imgui.h>

#include "client-wasm/platform/browser_calls.h"
#include "client-wasm/platform/window.h"

namespace crm::platform {

namespace {

// The page has one window, and the browser's calls carry no pointer of ours: hence the only globals
// here.
Listener* the_listener = nullptr;
bool is_canvas_ready = false;

int size_of(std::string_view text) {
    return static_cast<int>(text.size());
}

std::string taken(char* text) {
    std::string copy = text == nullptr ? "" : text;
    std::free(text);
    return copy;
}

bool open_canvas() {
    EmscriptenWebGLContextAttributes attributes;
    emscripten_webgl_init_context_attributes(&attributes);
    attributes.alpha = EM_FALSE;
    attributes.depth = EM_FALSE;
    attributes.stencil = EM_FALSE;
    attributes.antialias = EM_FALSE;  // ImGui smooths its own edges
    attributes.majorVersion = 2;
    const EMSCRIPTEN_WEBGL_CONTEXT_HANDLE context =
        emscripten_webgl_create_context("#canvas", &attributes);
    if (context <= 0 ||
        emscripten_webgl_make_context_current(context) != EMSCRIPTEN_RESULT_SUCCESS) {
        return false;
    }
    return ImGui_ImplOpenGL3_Init("#version 300 es");
}

KeyModifiers modifiers_of(int bits) {
    return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0};
}

}  // namespace

void open_window(Listener& listener) {
    the_listener = &listener;
    is_canvas_ready = open_canvas();
    if (!is_canvas_ready) js_no_canvas();  // frames still run, for the mirror
    js_open_window();
    js_wake();
}

Viewport viewport() {
    return {js_viewport_width(), js_viewport_height(), js_density()};
}

Preferences preferences() {
    const int bits = js_preferences();
    return {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
}

double now_ms() {
    return emscripten_get_now();
}
double wall_clock_ms() {
    return js_wall_clock_ms();
}

void begin_drawing() {
    if (is_canvas_ready) ImGui_ImplOpenGL3_NewFrame();
}

void finish_drawing(std::uint32_t background_rgb) {
    if (!is_canvas_ready) return;
    ImDrawData* data = ImGui::GetDrawData();
    const auto channel = [&](int shift) {
        return static_cast<float>(background_rgb >> shift & 0xFF) / 255.0F;
    };
    glViewport(0,
               0,
               static_cast<GLsizei>(data->DisplaySize.x * data->FramebufferScale.x),
               static_cast<GLsizei>(data->DisplaySize.y * data->FramebufferScale.y));
    glClearColor(channel(16), channel(8), channel(0), 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(data);
}

void apply_mirror(std::string_view patch) {
    if (!patch.empty()) js_apply_mirror(patch.data(), size_of(patch));
}

void wake() {
    js_wake();
}
void wake_after(double delay_ms) {
    js_wake_after(delay_ms);
}
void start_timer(std::uint64_t timer, double delay_ms) {
    js_start_timer(static_cast<double>(timer), delay_ms);
}

std::string hash() {
    return taken(js_hash());
}
void set_hash(std::string_view hash, HistoryEntry entry) {
    js_set_hash(hash.data(), size_of(hash), entry == HistoryEntry::Replace ? 1 : 0);
}
void leave_to(std::string_view address) {
    js_leave_to(address.data(), size_of(address));
}
void guard_unload(UnloadGuard guard) {
    js_guard_unload(guard == UnloadGuard::On ? 1 : 0);
}
void set_title(std::string_view title) {
    js_set_title(title.data(), size_of(title));
}
void show_theme(std::string_view theme) {
    js_show_theme(theme.data(), size_of(theme));
}

std::string load_text(std::string_view key) {
    return taken(js_load_text(key.data(), size_of(key)));
}
void store_text(std::string_view key, std::string_view text) {
    js_store_text(key.data(), size_of(key), text.data(), size_of(text));
}

TextImage draw_text_image(const TextImageRequest& request) {
    if (!is_canvas_ready) return {};
    float size[2] = {};
    const std::uint32_t texture = js_draw_text(request.text.data(),
                                               size_of(request.text),
                                               request.size,
                                               request.weight,
                                               request.density,
                                               request.rgba,
                                               size);
    return {texture, size[0], size[1]};
}

void save_from(std::string_view path) {
    js_save_from(path.data(), static_cast<int>(path.size()));
}

void save_text(std::string_view name, std::string_view text) {
    js_save_text(
        name.data(), static_cast<int>(name.size()), text.data(), static_cast<int>(text.size()));
}

void release_text_image(const TextImage& image) {
    js_release_texture(static_cast<std::uint32_t>(image.texture));
}

std::string font_file(FontFile file) {
    int bytes = 0;
    char* data = js_font(static_cast<int>(file), &bytes);
    std::string copy(data == nullptr ? "" : data,
                     data == nullptr ? 0 : static_cast<std::size_t>(bytes));
    std::free(data);
    return copy;
}

}  // namespace crm::platform

// What web/platform.js calls. Texts belong to the caller.
using crm::platform::the_listener;

extern "C" {

EMSCRIPTEN_KEEPALIVE void crm_frame(double now_ms) {
    the_listener->on_frame(now_ms);
}

EMSCRIPTEN_KEEPALIVE void crm_context_restored() {
    if (!crm::platform::is_canvas_ready) return;
    // Everything on the graphics card is gone; the atlas and the pictures of text are made again.
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplOpenGL3_Init("#version 300 es");
    the_listener->on_textures_lost();
}

EMSCRIPTEN_KEEPALIVE void crm_pointer(int event, float x, float y) {
    the_listener->on_pointer(static_cast<crm::platform::PointerEvent>(event), x, y);
}

EMSCRIPTEN_KEEPALIVE int crm_key(const char* key, int modifiers) {
    return the_listener->on_key(key, crm::platform::modifiers_of(modifiers)) ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE void crm_activate(std::uint32_t node, int modifiers) {
    the_listener->on_activate(node, crm::platform::modifiers_of(modifiers));
}

EMSCRIPTEN_KEEPALIVE void crm_input(std::uint32_t node, const char* text) {
    the_listener->on_input(node, text);
}

EMSCRIPTEN_KEEPALIVE void crm_focus(std::uint32_t node, int is_ring_shown) {
    the_listener->on_focus(node, is_ring_shown != 0);
}

EMSCRIPTEN_KEEPALIVE void crm_scroll(std::uint32_t node, double top) {
    the_listener->on_scroll(node, top);
}

/// malloc'ed; the caller frees it.
EMSCRIPTEN_KEEPALIVE char* crm_copy() {
    const std::string text = the_listener->on_copy();
    char* copy = static_cast<char*>(std::malloc(text.size() + 1));
    if (copy != nullptr) text.copy(copy, text.size());
    if (copy != nullptr) copy[text.size()] = '\0';
    return copy;
}

EMSCRIPTEN_KEEPALIVE void crm_hash(const char* hash) {
    the_listener->on_hash(hash);
}

EMSCRIPTEN_KEEPALIVE void crm_timer(double timer) {
    the_listener->on_timer(static_cast<std::uint64_t>(timer));
}

EMSCRIPTEN_KEEPALIVE void crm_reply(double request, int status, const char* body, int bytes) {
    the_listener->on_reply(
        static_cast<std::uint64_t>(request), status, {body, static_cast<std::size_t>(bytes)});
}

EMSCRIPTEN_KEEPALIVE void crm_stream(int event) {
    the_listener->on_stream(static_cast<crm::platform::StreamEvent>(event));
}

EMSCRIPTEN_KEEPALIVE void crm_stream_data(const char* type, const char* data) {
    the_listener->on_stream_data(type, data);
}

}  // extern "C"
