// Which scripts are ours, and the pictures of those that are not.
#include "client-wasm/views/fonts.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <imgui.h>
#include <imgui_internal.h>

#include "client-wasm/limits.h"

namespace crm::ui {

namespace {

struct Range {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
};

// What web/fonts.py keeps in the subset, less what needs shaping (combining marks, joiners, bidi
// controls). DO NOT CHANGE one of the two alone.
constexpr std::array kOwnRanges = {
    Range{0x0009, 0x000D}, Range{0x0020, 0x007E}, Range{0x00A0, 0x017F}, Range{0x0192, 0x0192},
    Range{0x01A0, 0x01A1}, Range{0x01AF, 0x01B0}, Range{0x01CD, 0x01DC}, Range{0x0218, 0x021B},
    Range{0x02C6, 0x02DD}, Range{0x0384, 0x03CE}, Range{0x0400, 0x045F}, Range{0x0490, 0x04FF},
    Range{0x1E80, 0x1E85}, Range{0x1E9E, 0x1EF9}, Range{0x2000, 0x200B}, Range{0x2010, 0x2027},
    Range{0x202F, 0x203A}, Range{0x2044, 0x2044}, Range{0x2070, 0x208E}, Range{0x20A0, 0x20BF},
    Range{0x2116, 0x2116}, Range{0x2122, 0x2122}, Range{0x2190, 0x2193}, Range{0x2212, 0x2212},
};

// Reads one code point and moves on; broken bytes count as the replacement character.
std::uint32_t next_codepoint(std::string_view& text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const std::uint32_t lead = byte(0);
    std::size_t length = 1;
    std::uint32_t value = lead;
    if (lead >= 0xF0) {
        length = 4;
        value = lead & 0x07;
    } else if (lead >= 0xE0) {
        length = 3;
        value = lead & 0x0F;
    } else if (lead >= 0xC0) {
        length = 2;
        value = lead & 0x1F;
    } else if (lead >= 0x80) {
        value = 0xFFFD;
    }
    for (std::size_t at = 1; at < length; ++at) value = value << 6 | (byte(at) & 0x3F);
    text.remove_prefix(std::min(length, text.size()));
    return value;
}

std::string key_of(const RasterRequest& request) {
    char head[64];
    std::snprintf(head,
                  sizeof head,
                  "%.2f/%d/%.3f/%08x/",
                  static_cast<double>(request.size),
                  static_cast<int>(request.weight),
                  static_cast<double>(request.density),
                  request.color.rgba);
    return head + request.text;
}

bool contains_everything(ImFontAtlas*, ImFontConfig*, ImWchar) {
    return true;
}

bool begin_blank(ImFontAtlas*, ImFontConfig*, ImFontBaked* baked, void*) {
    baked->Ascent = baked->Size * 0.8F;
    baked->Descent = baked->Size * -0.2F;
    return true;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are Dear ImGui's
bool load_blank(ImFontAtlas*,
                ImFontConfig*,
                ImFontBaked* baked,
                void*,
                ImWchar codepoint,
                ImFontGlyph* glyph,
                float* advance) {
    if (advance != nullptr) {
        *advance = baked->Size / 2;
        return true;
    }
    *glyph = ImFontGlyph();
    glyph->Codepoint = codepoint & 0x1FFFFF;
    glyph->AdvanceX = baked->Size / 2;
    return true;
}

ImFontLoader blank_loader() {
    ImFontLoader loader;
    loader.Name = "blank";
    loader.FontSrcContainsGlyph = contains_everything;
    loader.FontBakedInit = begin_blank;
    loader.FontBakedLoadGlyph = load_blank;
    return loader;
}

}  // namespace

void add_blank_font() {
    static const ImFontLoader loader = blank_loader();
    static char no_data = 0;  // the atlas wants some, the loader reads none
    ImFontConfig config;
    config.FontLoader = &loader;
    config.SizePixels = 16;
    config.FontData = &no_data;
    config.FontDataSize = 1;
    config.FontDataOwnedByAtlas = false;
    ImGui::GetIO().Fonts->AddFont(&config);
}

bool needs_browser_shaping(std::string_view text) {
    while (!text.empty()) {
        const std::uint32_t codepoint = next_codepoint(text);
        bool is_own = false;
        for (const Range& range : kOwnRanges) {
            is_own = is_own || (codepoint >= range.first && codepoint <= range.last);
        }
        if (!is_own) return true;
    }
    return false;
}

const RasterImage& RasterCache::get(const RasterRequest& request) {
    const std::string key = key_of(request);
    const auto found = index_.find(key);
    if (found != index_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        return entries_.front().image;
    }
    entries_.push_front({key, raster_.draw(request)});
    index_.emplace(key, entries_.begin());
    return entries_.front().image;
}

void RasterCache::trim() {
    while (entries_.size() > kTextImagesMax) {
        if (raster_.release) raster_.release(entries_.back().image);
        index_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

void RasterCache::forget_all() {
    entries_.clear();
    index_.clear();
}

}  // namespace crm::ui
