// The widget layer: one click acts once, text is never overwritten while somebody types, dialogs
// hold the keyboard, and what a person hears is what is drawn.
#include "client-wasm/views/widgets.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "client-wasm/views/fonts.h"
#include "tests/support/headless_imgui.h"

using namespace crm::ui;
using crm::test::HeadlessUi;

namespace {

constexpr Rect kPlace{10, 10, 200, 36};

struct Field {
    HeadlessUi page;
    std::string value;

    // One frame; what the person typed becomes the value, as in a program that accepts everything.
    FieldEvent frame(std::string problem = "") {
        FieldEvent event;
        patch = page.frame([&](Ui& ui) {
                        event = ui.field("name",
                                         {0, 0, 300, 80},
                                         {.name = "Name", .value = value, .problem = problem});
                    })
                    .mirror_patch;
        return event;
    }
    // The text that the program wrote into the element in the last frame; "(none)" if it did not.
    [[nodiscard]] std::string written() {
        const std::string start =
            "v\x1f" + std::to_string(page.find("text-field", "Name")->id) + "\x1f";
        const std::size_t at = patch.find(start);
        if (at == std::string::npos) return "(none)";
        return patch.substr(at + start.size(), patch.find('\x1e', at) - at - start.size());
    }
    std::string patch;
};

}  // namespace

TEST_CASE("widgets: a click acts in one frame, on one button") {
    HeadlessUi page;
    int saved = 0;
    int cancelled = 0;
    const auto draw = [&](Ui& ui) {
        saved += ui.button("save", kPlace, {.label = "Save"}).is_clicked ? 1 : 0;
        cancelled += ui.button("cancel", {10, 60, 200, 36}, {.label = "Cancel"}).is_clicked ? 1 : 0;
    };
    (void)page.frame(draw);
    REQUIRE(page.click("button", "Save"));
    (void)page.frame(draw);
    (void)page.frame(draw);
    CHECK(saved == 1);
    CHECK(cancelled == 0);
    CHECK(page.vertex_count > 0);
}

TEST_CASE("widgets: a disabled or busy button does nothing, and says so") {
    HeadlessUi page;
    bool is_clicked = false;
    bool is_busy = false;
    const auto draw = [&](Ui& ui) {
        is_clicked =
            ui.button("save", kPlace, {.label = "Save", .is_enabled = is_busy, .is_busy = is_busy})
                .is_clicked;
    };
    (void)page.frame(draw);
    CHECK(page.attribute("button", "Save", "disabled") == "1");
    REQUIRE(page.click("button", "Save"));
    (void)page.frame(draw);
    CHECK_FALSE(is_clicked);

    is_busy = true;
    (void)page.frame(draw);
    CHECK(page.attribute("button", "Save", "busy") == "1");
    REQUIRE(page.click("button", "Save"));
    const FrameResult result = page.frame(draw);
    CHECK_FALSE(is_clicked);
    CHECK(result.wake_ms > 0);  // the spinner turns
}

TEST_CASE("widgets: an idle page asks for no further frame") {
    HeadlessUi page;
    const auto draw = [](Ui& ui) {
        ui.heading(1, kPlace, "All contacts", TextStyle::Page);
        (void)ui.button("new", {10, 60, 200, 36}, {.label = "New contact", .tooltip = "N"});
    };
    (void)page.frame(draw);
    const FrameResult result = page.frame(draw);
    CHECK(result.wake_ms < 0);
    CHECK(result.mirror_patch.empty());
}

TEST_CASE("widgets: a tooltip comes after half a second, and goes with the pointer") {
    HeadlessUi page;
    const auto draw = [](Ui& ui) {
        (void)ui.icon_button("close", kPlace, {.label = "Close", .icon = Icon::Close});
    };
    page.ui.input().pointer_moved(20, 20);
    const FrameResult waiting = page.frame(draw);
    CHECK(waiting.wake_ms > 400);
    const int without = page.vertex_count;
    page.info.now_ms += 600;
    CHECK(page.frame(draw).wake_ms < 0);
    CHECK(page.vertex_count > without);
    page.ui.input().pointer_left();
    (void)page.frame(draw);
    CHECK(page.vertex_count <= without);
}

TEST_CASE("fields: the program's value goes in, what is typed comes out") {
    Field field;
    field.value = "Ada";
    (void)field.frame();
    CHECK(field.written() == "Ada");
    (void)field.frame();
    CHECK(field.written() == "(none)");

    REQUIRE(field.page.type("text-field", "Name", "Ada L"));
    const FieldEvent event = field.frame();
    CHECK(event.is_changed);
    CHECK(event.text == "Ada L");
    CHECK(field.written() == "(none)");
    field.value = event.text;
    CHECK_FALSE(field.frame().is_changed);
    CHECK(field.written() == "(none)");
}

TEST_CASE("fields: an older value never overwrites what somebody types meanwhile") {
    Field field;
    (void)field.frame();
    REQUIRE(field.page.type("text-field", "Name", "A"));
    (void)field.frame();
    // The program has "A" only now, and "Ad" is typed already.
    field.value = "A";
    REQUIRE(field.page.type("text-field", "Name", "Ad"));
    const FieldEvent event = field.frame();
    CHECK(event.text == "Ad");
    CHECK(field.written() == "(none)");
    // A slow program stays behind for a while.
    (void)field.frame();
    CHECK(field.written() == "(none)");
    field.value = "Ad";
    (void)field.frame();
    CHECK(field.written() == "(none)");
}

TEST_CASE(
    "fields: a value that the program changes is shown, also when it was just typed otherwise") {
    Field field;
    (void)field.frame();
    REQUIRE(field.page.type("text-field", "Name", "  Ada "));
    (void)field.frame();
    field.value = "Ada";
    (void)field.frame();
    CHECK(field.written() == "Ada");
    field.value = "";
    (void)field.frame();
    CHECK(field.written() == "");
}

TEST_CASE("fields: focus, leaving, Enter and Escape are told") {
    Field field;
    (void)field.frame();
    REQUIRE(field.page.focus("text-field", "Name"));
    CHECK(field.frame().is_focused);
    CHECK_FALSE(field.page.ui.input().key_pressed("Enter", {}));
    CHECK(field.frame().is_committed);
    CHECK_FALSE(field.frame().is_committed);
    CHECK_FALSE(field.page.ui.input().key_pressed("Escape", {}));
    CHECK(field.frame().is_cancelled);
    field.page.ui.input().focused(0, FocusRing::Hidden);
    CHECK(field.frame().is_left);
    CHECK_FALSE(field.frame().is_left);
}

TEST_CASE("fields: the label is the field's own") {
    Field field;
    (void)field.frame();
    REQUIRE(field.page.find("label", "Name") != nullptr);
    const NodeId node = field.page.find("text-field", "Name")->id;
    CHECK(field.page.attribute("label", "Name", "for") == std::to_string(node));
}

TEST_CASE("selects: a choice is told once; letters choose there and are no shortcuts") {
    HeadlessUi page;
    const std::vector<std::string> options = {"Newest wins", "Ask me"};
    int chosen = -1;
    const auto draw = [&](Ui& ui) {
        chosen = ui.select("rule", kPlace, {.name = "On conflict", .options = options});
        (void)ui.shortcut("n");
    };
    (void)page.frame(draw);
    CHECK(page.attribute("select", "On conflict", "options") == "Newest wins\nAsk me");
    REQUIRE(page.type("select", "On conflict", "1"));
    (void)page.frame(draw);
    CHECK(chosen == 1);
    (void)page.frame(draw);
    CHECK(chosen == -1);
    REQUIRE(page.focus("select", "On conflict"));
    CHECK_FALSE(page.ui.input().key_pressed("n", {}));
}

TEST_CASE("fields: a problem is an attribute and a text") {
    Field field;
    (void)field.frame("Write an address like ada@example.org");
    CHECK(field.page.attribute("text-field", "Name", "invalid") == "1");
    CHECK(field.page.attribute("text-field", "Name", "description") ==
          "Write an address like ada@example.org");
    CHECK(field.page.find("text", "Write an address like ada@example.org") != nullptr);
}

TEST_CASE("shortcuts: letters are silent while somebody types, chords are not") {
    HeadlessUi page;
    int opened = 0;
    int saved = 0;
    const auto draw = [&](Ui& ui) {
        (void)ui.field("name", {0, 0, 300, 80}, {.name = "Name", .value = ""});
        opened += ui.shortcut("n") ? 1 : 0;
        saved += ui.shortcut("Ctrl+S", ShortcutScope::Everywhere) ? 1 : 0;
    };
    (void)page.frame(draw);
    CHECK(page.ui.input().key_pressed("n", {}));
    (void)page.frame(draw);
    CHECK(opened == 1);

    REQUIRE(page.focus("text-field", "Name"));
    CHECK_FALSE(page.ui.input().key_pressed("n", {}));
    CHECK(page.ui.input().key_pressed("s", {.is_control = true}));
    (void)page.frame(draw);
    CHECK(opened == 1);
    CHECK(saved == 1);
}

TEST_CASE("shortcuts: the browser keeps every key that nothing asked for") {
    HeadlessUi page;
    const auto draw = [](Ui& ui) { (void)ui.shortcut("Ctrl+K", ShortcutScope::Everywhere); };
    (void)page.frame(draw);
    for (const char* key : {"r", "l", "t", "f", "p", "w", "0", "+", "-"}) {
        CHECK_FALSE(page.ui.input().key_pressed(key, {.is_control = true}));
    }
    for (const char* key : {"F5", "F11", "F12", "Tab", "ArrowDown", " "}) {
        CHECK_FALSE(page.ui.input().key_pressed(key, {}));
    }
    CHECK_FALSE(page.ui.input().key_pressed("ArrowLeft", {.is_alt = true}));
    CHECK(page.ui.input().key_pressed("k", {.is_control = true}));
}

TEST_CASE("dialogs: they take the keyboard from the page, and Escape dismisses them") {
    HeadlessUi page;
    bool is_open = true;
    int page_escapes = 0;
    int dismissals = 0;
    const auto draw = [&](Ui& ui) {
        page_escapes += ui.shortcut("Escape", ShortcutScope::Everywhere) ? 1 : 0;
        if (!is_open) return;
        const DialogArea area = ui.begin_dialog("delete", {.title = "Delete Ada Lovelace?"});
        (void)ui.button("yes", {area.body.x, area.body.y, 120, 36}, {.label = "Delete"});
        ui.end_dialog();
        dismissals += area.is_dismissed ? 1 : 0;
    };
    (void)page.frame(draw);
    REQUIRE(page.find("dialog", "Delete Ada Lovelace?") != nullptr);
    CHECK(page.find("dialog", "Delete Ada Lovelace?")->parent == 0);
    CHECK(page.ui.input().key_pressed("Escape", {}));
    (void)page.frame(draw);
    CHECK(dismissals == 1);
    CHECK(page_escapes == 0);

    is_open = false;
    (void)page.frame(draw);
    (void)page.ui.input().key_pressed("Escape", {});
    (void)page.frame(draw);
    CHECK(page_escapes == 1);
}

TEST_CASE("dialogs: fields below are covered, and things below do not react to the pointer") {
    HeadlessUi page;
    const auto draw = [&](Ui& ui) {
        (void)ui.field("name", {0, 0, 300, 80}, {.name = "Name", .value = "Ada"});
        (void)ui.begin_dialog("leave", {.title = "Leave?"});
        ui.end_dialog();
    };
    (void)page.frame(draw);
    CHECK(page.attribute("text-field", "Name", "covered") == "");
    (void)page.frame(draw);
    CHECK(page.attribute("text-field", "Name", "covered") == "1");
}

TEST_CASE("floating: a press outside or Escape dismisses, a press inside does not") {
    HeadlessUi page;
    const Rect menu{100, 100, 200, 100};
    bool is_dismissed = false;
    const auto draw = [&](Ui& ui) {
        ui.begin_floating("menu", "Columns", menu);
        ui.end_floating();
        is_dismissed = ui.is_dismissed(menu);
    };
    (void)page.frame(draw);
    page.ui.input().pointer_pressed(150, 150);
    (void)page.frame(draw);
    CHECK_FALSE(is_dismissed);
    page.ui.input().pointer_released();
    page.ui.input().pointer_pressed(10, 10);
    (void)page.frame(draw);
    CHECK(is_dismissed);
    (void)page.frame(draw);
    CHECK_FALSE(is_dismissed);
    CHECK(page.ui.input().key_pressed("Escape", {}));
    (void)page.frame(draw);
    CHECK(is_dismissed);
}

TEST_CASE("toasts: they end after eight seconds of being seen, errors stay") {
    HeadlessUi page;
    ToastEvent note;
    ToastEvent error;
    const auto draw = [&](Ui& ui) {
        note = ui.toast({.id = "1", .text = "1 contact moved to Trash", .action = "Undo"});
        error = ui.toast({.id = "2", .text = "HubSpot did not answer", .is_error = true});
    };
    (void)page.frame(draw);
    for (int second = 0; second < 7; ++second) {
        page.info.now_ms += 1000;
        (void)page.frame(draw);
        CHECK_FALSE(note.is_finished);
    }
    page.info.now_ms += 2000;
    (void)page.frame(draw);
    CHECK(note.is_finished);
    CHECK_FALSE(error.is_finished);
    REQUIRE(page.click("button", "Undo"));
    REQUIRE(page.click("button", "Close notification"));
    (void)page.frame(draw);
    CHECK(note.is_action);
    CHECK(error.is_finished);
}

TEST_CASE("scroll areas: content moves with the position, which stays within its bounds") {
    HeadlessUi page;
    Rect content;
    const auto draw = [&](Ui& ui) {
        content = ui.begin_scroll("panel", {0, 100, 300, 200}, 500);
        ui.text({content.x, content.y + 400, 300, 20}, "At the end", TextStyle::Body);
        ui.end_scroll();
    };
    (void)page.frame(draw);
    CHECK(content == Rect{0, 100, 300, 500});
    const Node* area = page.find("scroll", "");
    REQUIRE(area != nullptr);
    page.ui.input().scrolled(area->id, 250);
    (void)page.frame(draw);
    CHECK(content.y == -150);
    // In the element's own terms nothing has moved: scrolling costs no patch.
    CHECK(page.find("text", "At the end")->top == 400);
    page.ui.input().scrolled(area->id, 9999);
    (void)page.frame(draw);
    CHECK(content.y == -200);
}

TEST_CASE("text: lines are cut with an ellipsis, the whole text stays in the mirror") {
    HeadlessUi page;
    const std::string name = "A name that is far too long for its column";
    float width = 0;
    (void)page.frame([&](Ui& ui) { width = ui.text({0, 0, 100, 20}, name, TextStyle::Body); });
    CHECK(width <= 100);
    CHECK(page.find("text", name) != nullptr);
}

TEST_CASE("text: a paragraph breaks at words and at line ends") {
    HeadlessUi page;
    float one = 0;
    float two = 0;
    float narrow = 0;
    (void)page.frame([&](Ui& ui) {
        one = ui.paragraph_height(2000, "Nothing was lost.", TextStyle::Body);
        two = ui.paragraph_height(2000, "First\nsecond", TextStyle::Body);
        narrow = ui.paragraph_height(80, "Nothing was lost at all here", TextStyle::Body);
    });
    CHECK(one == 20);
    CHECK(two == 40);
    CHECK(narrow >= 60);
}

TEST_CASE("scripts: ours are drawn from the font, others by the browser") {
    for (const char* text : {"Ada Lovelace",
                             "Boris Čížek",
                             "Дмитрий Иванов",
                             "Ελένη Παππά",
                             "Nguyễn Thị Minh Khai",
                             "€ 20 – “ok” …",
                             "a → b",
                             ""}) {
        CAPTURE(text);
        CHECK_FALSE(needs_browser_shaping(text));
    }
    for (const char* text :
         {"محمد", "שלום", "प्रिया", "山田", "한국", "👩‍💻", "e\u0301", "\xFF"}) {
        CAPTURE(text);
        CHECK(needs_browser_shaping(text));
    }
}

TEST_CASE("scripts: pictures of text are made once, and given back once") {
    RasterCache cache;
    int drawn = 0;
    int released = 0;
    cache.set({[&](const RasterRequest&) {
                   return RasterImage{static_cast<std::uint64_t>(++drawn), 10, 20};
               },
               [&](const RasterImage&) { ++released; }});
    const RasterRequest request{.text = "山田", .color = {0xFF}};
    CHECK(cache.get(request).texture == 1);
    CHECK(cache.get(request).texture == 1);
    for (int index = 0; index < 700; ++index)
        (void)cache.get({.text = "山" + std::to_string(index)});
    cache.trim();
    CHECK(drawn == 701);
    CHECK(released == 101);
    // The oldest went, so the first is drawn anew.
    CHECK(cache.get(request).texture == 702);
    cache.forget_all();
    CHECK(released == 101);
}

TEST_CASE("avatars: initials are the first letters of the first and the last word") {
    CHECK(initials("Ada Lovelace") == "AL");
    CHECK(initials("Nguyễn Thị Minh Khai") == "NK");
    CHECK(initials("Čapek") == "Č");
    CHECK(initials("  ") == "");
}
