// The pictograms of the interface. The order is the order of the glyphs in the icon font, which
// web/fonts.py builds from this very table (Lucide's names on the right): append, or rebuild the
// font with it.
#pragma once

namespace crm::ui {

// clang-format off
#define CRM_ICONS(X) \
    X(Logo, "arrow-left-right") X(Users, "users") X(Sync, "refresh-cw") X(Inbox, "inbox") \
    X(Trash, "trash-2") X(Settings, "settings") X(Search, "search") X(Plus, "plus") \
    X(Close, "x") X(Check, "check") X(CheckCircle, "circle-check") X(Clock, "clock") \
    X(Warning, "triangle-alert") X(ErrorCircle, "circle-x") X(MinusCircle, "circle-minus") \
    X(Info, "info") X(Filter, "list-filter") X(Columns, "columns-3") X(Rows, "rows-3") \
    X(Bookmark, "bookmark") X(ArrowUp, "arrow-up") X(ArrowDown, "arrow-down") \
    X(ArrowLeft, "arrow-left") X(ArrowRight, "arrow-right") X(ChevronUp, "chevron-up") \
    X(ChevronDown, "chevron-down") X(ChevronLeft, "chevron-left") \
    X(ChevronRight, "chevron-right") X(Pencil, "pencil") X(Merge, "merge") \
    X(Download, "download") X(Upload, "upload") X(Undo, "undo-2") X(Redo, "redo-2") \
    X(Pause, "pause") X(Play, "play") X(Eye, "eye") X(EyeOff, "eye-off") X(Link, "link") \
    X(Unlink, "unlink") X(External, "external-link") X(Copy, "copy") X(More, "ellipsis") \
    X(Menu, "menu") X(Star, "star") X(Sun, "sun") X(Moon, "moon") X(Monitor, "monitor") \
    X(Help, "circle-question-mark") X(Mail, "mail") X(Phone, "phone") \
    X(Building, "building-2") X(Tag, "tag") X(Note, "sticky-note") X(History, "history") \
    X(User, "user") X(LogOut, "log-out") X(Offline, "wifi-off") X(Hand, "hand") \
    X(Spinner, "loader-circle") X(Key, "key-round") X(Palette, "palette") \
    X(Lightbulb, "lightbulb") X(Database, "database") X(CheckSquare, "square-check") \
    X(Minus, "minus")
// clang-format on

enum class Icon {
    None,
#define CRM_ICON_ENUM(name, lucide) name,
    CRM_ICONS(CRM_ICON_ENUM)
#undef CRM_ICON_ENUM
};

/// The code point of the first icon in the private-use area; Icon::None has none.
inline constexpr unsigned kIconFirstCodepoint = 0xE000;

}  // namespace crm::ui
