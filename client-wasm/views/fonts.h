// Where glyphs come from: our own subset fonts for Latin, Greek and Cyrillic, and the browser for
// every other script, which it shapes, orders and colours as on any page (Arabic, Devanagari, Han,
// emoji). Its pictures are kept, the least recently used are given back.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>

#include "client-wasm/views/theme.h"

namespace crm::ui {

/// The contents of the font files; empty ones fall back on the first that is not.
struct FontFiles {
    std::string regular;
    std::string medium;
    std::string semibold;
    std::string icons;
};

/// Stands in when no font file could be read: every letter is half as wide as the font is high, and
/// blank. The elements over the canvas still work, and so do tests. Needs ImGui's context.
void add_blank_font();

/// One line of text to be drawn by the browser.
struct RasterRequest {
    std::string text;
    float size = 14;  // CSS pixels
    FontWeight weight = FontWeight::Regular;
    float density = 1;
    Color color;

    bool operator==(const RasterRequest&) const = default;
};

/// A texture of the renderer; width and height in CSS pixels, the height is kFontSizeFactor times
/// the size.
struct RasterImage {
    std::uint64_t texture = 0;
    float width = 0;
    float height = 0;
};

/// The browser's side of it. `release` gets every image back exactly once.
struct TextRaster {
    std::function<RasterImage(const RasterRequest&)> draw;
    std::function<void(const RasterImage&)> release;
};

/// True when our fonts cannot draw this text right: a script they lack, or one that needs shaping.
[[nodiscard]] bool needs_browser_shaping(std::string_view text);

class RasterCache {
   public:
    void set(TextRaster raster) { raster_ = std::move(raster); }
    [[nodiscard]] bool is_available() const { return static_cast<bool>(raster_.draw); }
    /// The image stays valid until the end of the frame.
    const RasterImage& get(const RasterRequest& request);
    /// Gives back what is over the limit; call once per frame, after drawing.
    void trim();
    /// The renderer lost all its textures: forget them without giving them back.
    void forget_all();

   private:
    struct Entry {
        std::string key;
        RasterImage image;
    };
    TextRaster raster_;
    std::list<Entry> entries_;  // most recently used first
    std::map<std::string, std::list<Entry>::iterator, std::less<>> index_;
};

}  // namespace crm::ui
