// Puts the browser client together: what the window reports becomes actions, update() turns them
// into a new state and effects, effects go to the server and the browser, and the view is drawn
// from the state. Nothing happens between two reports.
#include <chrono>
#include <memory>
#include <utility>

#include <emscripten/emscripten.h>

#include "client-wasm/api/api_client.h"
#include "client-wasm/platform/fetch.h"
#include "client-wasm/platform/window.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/update.h"
#include "client-wasm/views/app_view.h"
#include "client-wasm/views/theme.h"
#include "client-wasm/views/widgets.h"

namespace crm::client {

namespace {

constexpr std::string_view kThemeKey = "theme";  // DO NOT RENAME: boot.js reads it before we run

std::string_view word_of(ThemeChoice theme) {
    switch (theme) {
        case ThemeChoice::System:
            return "system";
        case ThemeChoice::Light:
            return "light";
        case ThemeChoice::Dark:
            return "dark";
    }
    return "system";
}

ThemeChoice theme_of(std::string_view word) {
    if (word == "light") return ThemeChoice::Light;
    return word == "dark" ? ThemeChoice::Dark : ThemeChoice::System;
}

TimePoint wall_clock() {
    return TimePoint(
        std::chrono::milliseconds(static_cast<std::int64_t>(platform::wall_clock_ms())));
}

ui::Modifiers to_ui(platform::KeyModifiers modifiers) {
    return {modifiers.is_shift, modifiers.is_control, modifiers.is_alt};
}

int weight_of(ui::FontWeight weight) {
    switch (weight) {
        case ui::FontWeight::Regular:
            return 400;
        case ui::FontWeight::Medium:
            return 500;
        case ui::FontWeight::SemiBold:
            return 600;
    }
    return 400;
}

ui::RasterImage draw_text(const ui::RasterRequest& request) {
    const platform::TextImage image =
        platform::draw_text_image({.text = request.text,
                                   .size = request.size,
                                   .weight = weight_of(request.weight),
                                   .density = request.density,
                                   .rgba = request.color.rgba});
    return {image.texture, image.width, image.height};
}

class Page : public platform::Listener {
   public:
    void start() {
        ui_.load_fonts({.regular = platform::font_file(platform::FontFile::Regular),
                        .medium = platform::font_file(platform::FontFile::Medium),
                        .semibold = platform::font_file(platform::FontFile::SemiBold),
                        .icons = platform::font_file(platform::FontFile::Icons)});
        ui_.set_text_raster(
            {draw_text, [](const ui::RasterImage& image) {
                 platform::release_text_image({image.texture, image.width, image.height});
             }});
        platform::open_window(*this);
        act(Started{platform::hash(), theme_of(platform::load_text(kThemeKey))});
        platform::open_stream(std::string(api::kEventsPath), event_types());
    }

    void on_frame(double now_ms) override {
        drain();
        const ui::FrameInfo info = frame_info(now_ms);
        platform::begin_drawing();
        ui_.begin_frame(info);
        app_view(ui_, state_, actions_);
        const ui::FrameResult result = ui_.end_frame();
        platform::finish_drawing(ui::palette(info.brightness, info.contrast).bg.rgba >> 8);
        platform::apply_mirror(result.mirror_patch);
        platform::wake_after(result.wake_ms);
        // What the person did shows in the next frame; the server hears of it now.
        if (!actions_.is_empty()) {
            drain();
            platform::wake();
        }
    }

    void on_textures_lost() override { ui_.forget_textures(); }

    void on_pointer(platform::PointerEvent event, float x, float y) override {
        switch (event) {
            case platform::PointerEvent::Moved:
                ui_.input().pointer_moved(x, y);
                return;
            case platform::PointerEvent::Pressed:
                ui_.input().pointer_pressed(x, y);
                return;
            case platform::PointerEvent::Released:
                ui_.input().pointer_released();
                return;
            case platform::PointerEvent::Left:
                ui_.input().pointer_left();
                return;
        }
    }

    bool on_key(std::string_view key, platform::KeyModifiers modifiers) override {
        return ui_.input().key_pressed(key, to_ui(modifiers));
    }
    void on_activate(std::uint32_t node, platform::KeyModifiers modifiers) override {
        ui_.input().activated(node, to_ui(modifiers));
    }
    void on_input(std::uint32_t node, std::string_view text) override {
        ui_.input().field_changed(node, text);
    }
    void on_focus(std::uint32_t node, bool is_ring_shown) override {
        ui_.input().focused(node, is_ring_shown ? ui::FocusRing::Shown : ui::FocusRing::Hidden);
    }
    void on_scroll(std::uint32_t node, double top) override { ui_.input().scrolled(node, top); }
    std::string on_copy() override { return ui_.input().copied(); }

    void on_hash(std::string_view hash) override { actions_.push(HashChanged{std::string(hash)}); }
    void on_timer(std::uint64_t timer) override { actions_.push(TimerFired{timer}); }
    void on_reply(std::uint64_t request, int status, std::string_view body) override {
        const std::string sign_in = sign_in_address(state_, status);
        if (!sign_in.empty()) {
            platform::leave_to(sign_in);
            return;
        }
        std::optional<Action> action = api_.finish(request, {status, std::string(body)});
        if (action) actions_.push(std::move(*action));
    }
    void on_stream(platform::StreamEvent event) override {
        const bool is_open = event == platform::StreamEvent::Opened;
        actions_.push(ConnectionChanged{is_open ? Connection::Live : Connection::Lost});
    }
    void on_stream_data(std::string_view type, std::string_view data) override {
        std::optional<Action> action = read_event(type, data);
        if (action) actions_.push(std::move(*action));
    }

   private:
    void drain() {
        for (const Action& action : actions_.take()) act(action);
    }

    void act(const Action& action) {
        for (const Effect& effect : update(state_, action, wall_clock())) {
            std::visit([this](const auto& wanted) { perform(wanted); }, effect);
        }
    }

    void perform(const SendRequest& effect) {
        HttpRequest request = api_.begin(effect);
        platform::start_fetch({request.id,
                               std::move(request.method),
                               std::move(request.path),
                               std::move(request.headers),
                               std::move(request.body),
                               request.is_file_sent});
    }
    void perform(const OpenHash& effect) {
        platform::set_hash(effect.hash,
                           effect.mode == HistoryMode::Push ? platform::HistoryEntry::Push
                                                            : platform::HistoryEntry::Replace);
    }
    void perform(const SaveTheme& effect) {
        platform::store_text(kThemeKey, word_of(effect.theme));
    }
    void perform(const Announce& effect) {
        const bool is_polite = effect.politeness == Politeness::Polite;
        ui_.announce(is_polite ? ui::Urgency::Polite : ui::Urgency::Assertive, effect.text);
    }
    void perform(const ScheduleTimer& effect) {
        platform::start_timer(effect.timer, static_cast<double>(effect.delay.count()));
    }
    void perform(const GuardUnload& effect) {
        platform::guard_unload(effect.is_guarded ? platform::UnloadGuard::On
                                                 : platform::UnloadGuard::Off);
    }

    void perform(const SaveExport& effect) { platform::save_from(export_path(effect)); }
    void perform(const SaveFile& effect) { platform::save_text(effect.name, effect.text); }

    // What this frame is drawn for; also keeps the page's own colours in step.
    ui::FrameInfo frame_info(double now_ms) {
        const platform::Viewport viewport = platform::viewport();
        const platform::Preferences wishes = platform::preferences();
        const bool is_dark = state_.theme == ThemeChoice::Dark ||
                             (state_.theme == ThemeChoice::System && wishes.is_dark);
        if (!is_dark_shown_ || *is_dark_shown_ != is_dark)
            platform::show_theme(is_dark ? "dark" : "light");
        is_dark_shown_ = is_dark;
        return {.width = viewport.width,
                .height = viewport.height,
                .density = viewport.density,
                .now_ms = now_ms,
                .brightness = is_dark ? ui::Brightness::Dark : ui::Brightness::Light,
                .contrast = wishes.is_contrast_high ? ui::Contrast::More : ui::Contrast::Normal,
                .is_touch = wishes.is_touch,
                .is_motion_reduced = wishes.is_motion_reduced};
    }

    ui::Ui ui_;
    AppState state_;
    ActionQueue actions_;
    ApiClient api_;
    std::optional<bool> is_dark_shown_;
};

// The browser keeps the program alive after main; the page lives as long as the tab.
std::unique_ptr<Page> the_page;

}  // namespace

}  // namespace crm::client

extern "C" {
/// web/boot.js calls this once, when the fonts are there.
EMSCRIPTEN_KEEPALIVE void crm_start() {
    crm::client::the_page = std::make_unique<crm::client::Page>();
    crm::client::the_page->start();
}
}

int main() {
    return 0;
}
