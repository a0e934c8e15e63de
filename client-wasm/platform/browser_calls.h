// The functions of web/library.js: C++ calls, the browser does. Texts go as pointer and length,
// UTF-8; texts come back as malloc'ed, zero-terminated memory that the caller frees. DO NOT RENAME
// one side only.
#pragma once

#include <cstdint>

extern "C" {
void js_open_window();
float js_viewport_width();
float js_viewport_height();
float js_density();
int js_preferences();  // bits: 1 dark, 2 contrast, 4 reduced motion, 8 touch
double js_wall_clock_ms();
void js_no_canvas();
void js_apply_mirror(const char* patch, int bytes);
void js_wake();
void js_wake_after(double delay_ms);
void js_start_timer(double timer, double delay_ms);
char* js_hash();
void js_set_hash(const char* hash, int bytes, int is_replacing);
void js_leave_to(const char* address, int bytes);
void js_guard_unload(int is_guarded);
void js_set_title(const char* title, int bytes);
void js_show_theme(const char* theme, int bytes);
char* js_load_text(const char* key, int bytes);
void js_store_text(const char* key, int key_bytes, const char* text, int text_bytes);
void js_fetch(double id,
              const char* request,
              int request_bytes,
              const char* body,
              int body_bytes,
              int is_file_sent);
void js_save_from(const char* path, int bytes);
void js_save_text(const char* name, int name_bytes, const char* text, int text_bytes);
void js_open_stream(const char* path, int path_bytes, const char* types, int types_bytes);
std::uint32_t js_draw_text(const char* text,
                           int bytes,
                           float size,
                           int weight,
                           float density,
                           std::uint32_t rgba,
                           float* width_and_height);
void js_release_texture(std::uint32_t texture);
char* js_font(int file, int* bytes);
}
