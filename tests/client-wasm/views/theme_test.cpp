// Every pair of colours that is used together can be read, and web/app.css has the same colours.
#include "client-wasm/views/theme.h"

#include <cctype>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace crm::ui;

namespace {

constexpr double kTextContrast = 4.5;  // WCAG 2, AA
constexpr double kShapeContrast = 3.0;

struct Pair {
    const char* name;
    Color front;
    Color back;
    double least;
};

std::vector<Pair> text_pairs(const Palette& c) {
    std::vector<Pair> pairs;
    for (const Color back : {c.bg, c.surface, c.raised, c.sunken, c.row_hover, c.row_sel}) {
        pairs.push_back({"text", c.text, back, kTextContrast});
        pairs.push_back({"text2", c.text2, back, kTextContrast});
        pairs.push_back({"text3", c.text3, back, kTextContrast});
    }
    for (const Color back : {c.surface, c.row_sel}) {
        pairs.push_back({"ok", c.ok_text, back, kTextContrast});
        pairs.push_back({"warn", c.warn_text, back, kTextContrast});
        pairs.push_back({"err", c.err_text, back, kTextContrast});
        pairs.push_back({"info", c.info_text, back, kTextContrast});
        pairs.push_back({"accent", c.accent_text, back, kTextContrast});
    }
    pairs.push_back({"ok on its ground", c.ok_text, c.ok_soft, kTextContrast});
    pairs.push_back({"warn on its ground", c.warn_text, c.warn_soft, kTextContrast});
    pairs.push_back({"err on its ground", c.err_text, c.err_soft, kTextContrast});
    pairs.push_back({"info on its ground", c.info_text, c.info_soft, kTextContrast});
    pairs.push_back({"neutral on its ground", c.neutral_text, c.neutral_soft, kTextContrast});
    pairs.push_back({"accent on its ground", c.accent_text, c.accent_soft, kTextContrast});
    pairs.push_back({"added", c.text, c.ok_soft, kTextContrast});
    pairs.push_back({"removed", c.text, c.err_soft, kTextContrast});
    pairs.push_back({"toast", c.toast_text, c.toast_bg, kTextContrast});
    pairs.push_back({"toast link", c.toast_link, c.toast_bg, kTextContrast});
    for (const Color back : {c.accent, c.accent_hover, c.accent_active, c.danger}) {
        pairs.push_back({"on a filled button", c.on_accent, back, kTextContrast});
    }
    for (int index = 0; index < 6; ++index) {
        pairs.push_back({"avatar", c.avatar_fg[index], c.avatar_bg[index], kTextContrast});
    }
    return pairs;
}

std::vector<Pair> shape_pairs(const Palette& c) {
    return {{"field frame", c.border_strong, c.surface, kShapeContrast},
            {"field frame", c.border_strong, c.bg, kShapeContrast},
            {"field frame", c.border_strong, c.sunken, kShapeContrast},
            {"focus", c.focus, c.surface, kShapeContrast},
            {"focus", c.focus, c.row_sel, kShapeContrast},
            {"filled button", c.accent, c.surface, kShapeContrast},
            {"filled button", c.accent, c.bg, kShapeContrast}};
}

std::string css_value(Color color) {
    char text[16];
    if ((color.rgba & 0xFF) == 0xFF) {
        std::snprintf(text, sizeof text, "#%06x", color.rgba >> 8);
    } else {
        std::snprintf(text, sizeof text, "#%08x", color.rgba);
    }
    return text;
}

std::string css_line(std::string name, Color color) {
    for (char& letter : name) letter = letter == '_' ? '-' : letter;
    return "--" + name + ": " + css_value(color) + ";";
}

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("theme: every pair of colours can be told apart") {
    for (const Brightness brightness : {Brightness::Light, Brightness::Dark}) {
        for (const Contrast contrast : {Contrast::Normal, Contrast::More}) {
            const Palette& colors = palette(brightness, contrast);
            std::vector<Pair> pairs = text_pairs(colors);
            for (const Pair& pair : shape_pairs(colors)) pairs.push_back(pair);
            for (const Pair& pair : pairs) {
                CAPTURE(pair.name);
                CAPTURE(css_value(pair.front));
                CAPTURE(css_value(pair.back));
                CHECK(contrast_ratio(pair.front, pair.back) >= pair.least);
            }
        }
    }
}

TEST_CASE("theme: contrast is the one of WCAG 2") {
    CHECK(contrast_ratio({0x000000FF}, {0xFFFFFFFF}) == doctest::Approx(21));
    CHECK(contrast_ratio({0x777777FF}, {0xFFFFFFFF}) == doctest::Approx(4.478).epsilon(0.001));
    // The usual indigo fails under white text: that is why the dark accent is another one.
    CHECK(contrast_ratio({0xFFFFFFFF}, {0x6366F1FF}) < kTextContrast);
}

TEST_CASE("theme: more contrast has pure text and a thicker focus ring") {
    CHECK(palette(Brightness::Light, Contrast::More).text == Color{0x000000FF});
    CHECK(palette(Brightness::Dark, Contrast::More).text == Color{0xFFFFFFFF});
    CHECK(palette(Brightness::Dark, Contrast::More).focus_width == 3);
}

TEST_CASE("theme: the style sheet repeats the tokens exactly") {
    const std::string css = read_file(CRM_SOURCE_DIR "/web/app.css");
    const std::size_t dark = css.find("data-theme=\"dark\"");
    REQUIRE(dark != std::string::npos);
    const std::string light_part = css.substr(0, dark);
    const std::string dark_part = css.substr(dark, css.find('}', dark) - dark);
    const Palette& l = palette(Brightness::Light, Contrast::Normal);
    const Palette& d = palette(Brightness::Dark, Contrast::Normal);
#define CRM_CHECK_TOKEN(name)                                             \
    CHECK(light_part.find(css_line(#name, l.name)) != std::string::npos); \
    CHECK(dark_part.find(css_line(#name, d.name)) != std::string::npos);
    CRM_TOKENS(CRM_CHECK_TOKEN)
#undef CRM_CHECK_TOKEN
}

TEST_CASE("theme: no text is smaller than 12 pixels") {
    for (const TextStyle style : {TextStyle::Caption,
                                  TextStyle::CaptionMedium,
                                  TextStyle::Body,
                                  TextStyle::BodyMedium,
                                  TextStyle::BodyStrong,
                                  TextStyle::Title,
                                  TextStyle::Page,
                                  TextStyle::Hero}) {
        CHECK(type_metrics(style).size >= 12);
        CHECK(type_metrics(style).line >= type_metrics(style).size * kFontSizeFactor);
    }
}
