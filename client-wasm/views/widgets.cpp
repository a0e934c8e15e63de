// The frame, the places in the mirror, and what came in: how a click or a key finds the widget it
// was meant for.
#include "client-wasm/views/widgets.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <utility>

#include "client-wasm/views/ui_impl.h"

namespace crm::ui {

namespace {

constexpr double kTipDelayMs = 500;
constexpr float kToastClearance = 76;  // the height of a panel's row of buttons

std::string kind_of(Landmark landmark) {
    switch (landmark) {
        case Landmark::Navigation:
            return "navigation";
        case Landmark::Main:
            return "main";
        case Landmark::Banner:
            return "banner";
        case Landmark::Complementary:
            return "complementary";
        case Landmark::Region:
            return "region";
        case Landmark::Group:
            return "group";
        case Landmark::List:
            return "list";
        case Landmark::ListItem:
            return "listitem";
        case Landmark::TabList:
            return "tablist";
        case Landmark::Form:
            return "form";
    }
    return "group";
}

ImFont* add_font(const std::string& bytes) {
    if (bytes.empty()) return nullptr;
    // The atlas frees what it is given with its own allocator.
    void* copy = ImGui::MemAlloc(bytes.size());
    std::memcpy(copy, bytes.data(), bytes.size());
    return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(copy, static_cast<int>(bytes.size()));
}

void begin_canvas(UiImpl& ui) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {ui.info.width, ui.info.height};
    io.DisplayFramebufferScale = {ui.info.density, ui.info.density};
    io.DeltaTime = 1.0F / 60;
    // Without a renderer (no WebGL, tests) nothing is shown, and nobody asks for textures.
    if (io.BackendRendererUserData == nullptr)
        io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    ImGui::NewFrame();
    // Fonts are used directly, not through ImGui's stack: each is told the density it is baked at.
    for (ImFont* font : ImGui::GetIO().Fonts->Fonts)
        font->CurrentRasterizerDensity = ui.info.density;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(io.DisplaySize);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::Begin("page",
                 nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav);
    ImGui::PopStyleVar(2);
    ui.list = ImGui::GetWindowDrawList();
    ui.splitter.Split(ui.list, kLayerCount);
    ui.splitter.SetCurrentChannel(ui.list, 0);
}

void end_canvas(UiImpl& ui) {
    ui.draw_tip();
    ui.splitter.Merge(ui.list);
    ui.list = nullptr;
    ImGui::End();
    ImGui::Render();
    ui.rasters.trim();
    if (ImGui::GetIO().BackendRendererUserData != nullptr) return;
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        const bool is_unwanted = texture->Status == ImTextureStatus_WantDestroy;
        texture->SetStatus(is_unwanted ? ImTextureStatus_Destroyed : ImTextureStatus_OK);
    }
}

// What a frame leaves behind for the next one.
void turn_page(UiImpl& ui) {
    ui.activations.clear();
    ui.presses.clear();
    ui.chosen.clear();
    ui.is_pressed_now = false;
    ui.overlays = std::exchange(ui.next_overlays, {});
    ui.is_modal = std::exchange(ui.is_modal_next, false);
    ui.is_dismissal_asked = std::exchange(ui.is_dismissal_asked_next, false);
    ui.reserved_always = std::exchange(ui.next_always, {});
    ui.reserved_outside = std::exchange(ui.next_outside, {});
    // Toasts that were not drawn in this frame are gone.
    std::erase_if(ui.toasts,
                  [&](const auto& entry) { return entry.second.seen_ms < ui.info.now_ms; });
    std::erase_if(ui.fields, [](const auto& entry) { return !entry.second.is_seen; });
    for (auto& [node, field] : ui.fields) field.is_seen = false;
}

}  // namespace

Ui::Ui() : impl_(std::make_unique<UiImpl>()), input_(std::make_unique<UiInput>(*impl_)) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NoKeyboard | ImGuiConfigFlags_NoMouseCursorChange;
    io.Fonts->Flags |= ImFontAtlasFlags_NoMouseCursors;
    ImGui::GetStyle().CircleTessellationMaxError = 0.2F;
}

Ui::~Ui() {
    ImGui::DestroyContext();
}

void Ui::load_fonts(const FontFiles& files) {
    const std::string* weights[] = {&files.regular, &files.medium, &files.semibold};
    for (int weight = 0; weight < 3; ++weight) impl_->fonts[weight] = add_font(*weights[weight]);
    impl_->icon_font = add_font(files.icons);
    ImVector<ImFont*>& all = ImGui::GetIO().Fonts->Fonts;
    if (all.empty()) add_blank_font();
    for (ImFont*& font : impl_->fonts) font = font == nullptr ? all[0] : font;
}

void Ui::set_text_raster(TextRaster raster) {
    impl_->rasters.set(std::move(raster));
}
void Ui::forget_textures() {
    impl_->rasters.forget_all();
}

void Ui::begin_frame(const FrameInfo& info) {
    UiImpl& ui = *impl_;
    ui.info = info;
    ui.wake_ms = -1;
    ui.mirror.begin_frame();
    ui.scopes.assign(1, Scope{});
    ui.clips.assign(1, window());
    ui.layer = Layer::Page;
    ui.layers_below.clear();
    ui.tip = {};
    ui.toast_bottom = info.height - (info.width < kSingleColumnBelow ? kGap4 : kGap6);
    ui.toast_right = info.width - kGap6;
    ui.copy_text = nullptr;
    if (ui.fonts[0] == nullptr) load_fonts({});
    begin_canvas(ui);
}

FrameResult Ui::end_frame() {
    UiImpl& ui = *impl_;
    end_canvas(ui);
    turn_page(ui);
    return {ui.mirror.take_patch(), ui.wake_ms};
}

UiInput& Ui::input() {
    return *input_;
}
Rect Ui::window() const {
    return {0, 0, impl_->info.width, impl_->info.height};
}
double Ui::now_ms() const {
    return impl_->info.now_ms;
}
bool Ui::is_touch() const {
    return impl_->info.is_touch;
}
float Ui::control_height() const {
    return is_touch() ? kControlTouchHeight : kControlHeight;
}
void Ui::wake_after(double delay_ms) {
    impl_->wake_after(delay_ms);
}

// --- structure
// -------------------------------------------------------------------------------------------

void Ui::begin(Landmark landmark, std::string_view id, std::string_view name, const Rect& rect) {
    const NodeId node = impl_->add(kind_of(landmark), impl_->id_of(id), name, rect);
    impl_->open(node, rect);
    if (landmark != Landmark::Complementary) return;
    // Toasts stay clear of the panel's buttons: beside it or, where it fills the window, above
    // them.
    if (rect.width < impl_->info.width * 0.6F) {
        impl_->toast_right = std::min(impl_->toast_right, rect.x - kGap4);
    } else {
        impl_->toast_bottom = std::min(impl_->toast_bottom, rect.bottom() - kToastClearance);
    }
}

void Ui::end() {
    impl_->close();
}

void Ui::heading(int level, const Rect& rect, std::string_view text, TextStyle style) {
    UiImpl& ui = *impl_;
    ui.add("heading" + std::to_string(level),
           ui.id_of("h" + std::to_string(ui.scopes.back().text_count++)),
           text,
           rect,
           {{"style", std::to_string(static_cast<int>(style))}});
    ui.draw_text(rect, text, style, ui.color(Tone::Text));
}

Rect Ui::begin_scroll(std::string_view id, const Rect& rect, float content_height) {
    UiImpl& ui = *impl_;
    const NodeId node = ui.id_of(id);
    const double furthest = std::max(0.0F, content_height - rect.height);
    const double top = std::clamp(ui.scrolls[node], 0.0, furthest);
    ui.scrolls[node] = top;
    ui.add(
        "scroll", node, "", rect, {{"content", std::to_string(static_cast<int>(content_height))}});
    ui.open(node, rect, top);
    ui.push_clip(rect);
    return {rect.x,
            rect.y - static_cast<float>(top),
            rect.width,
            std::max(content_height, rect.height)};
}

void Ui::end_scroll() {
    impl_->pop_clip();
    impl_->close();
}

void Ui::scroll_to(std::string_view scroll_id, float top) {
    const NodeId node = impl_->id_of(scroll_id);
    impl_->scrolls[node] = top;
    impl_->mirror.command("s", node, std::to_string(top));
}

bool Ui::is_visible(const Rect& rect) const {
    return rect.overlaps(impl_->clip());
}

void Ui::push_id(std::string_view id) {
    Scope scope = impl_->scopes.back();
    scope.seed = node_id(scope.seed, id);
    scope.text_count = 0;
    impl_->scopes.push_back(scope);
}

void Ui::pop_id() {
    impl_->scopes.pop_back();
}

void Ui::focus(std::string_view id) {
    impl_->mirror.command("f", impl_->id_of(id), "");
}

void Ui::announce(Urgency urgency, std::string_view text) {
    impl_->mirror.announce(urgency == Urgency::Polite ? "polite" : "assertive", text);
}

bool Ui::shortcut(std::string_view chord, ShortcutScope scope) {
    UiImpl& ui = *impl_;
    if (ui.is_modal && ui.layer != Layer::Dialog) return false;
    std::string canonical(chord);
    // A letter by itself or after '+' is written either way.
    if (const std::size_t at = canonical.size() - 1; at == 0 || canonical[at - 1] == '+') {
        canonical[at] = static_cast<char>(std::toupper(static_cast<unsigned char>(canonical[at])));
    }
    // Escape closes the topmost thing only; something floating has asked for it already.
    const bool is_taken = chord == "Escape" && ui.layer == Layer::Page && ui.is_dismissal_asked;
    return !is_taken && ui.take_presses(canonical, scope) > 0;
}

void Ui::offer_copy(std::function<std::string()> text) {
    impl_->copy_text = std::move(text);
}

bool Ui::is_dismissed(const Rect& rect) const {
    UiImpl& ui = *impl_;
    ui.is_dismissal_asked_next = true;
    const bool is_outside = ui.is_pressed_now && !rect.contains(ui.press_x, ui.press_y);
    return ui.take_presses("Escape", ShortcutScope::Everywhere) > 0 || is_outside;
}

// --- inside
// ----------------------------------------------------------------------------------------------

NodeId UiImpl::add(std::string_view kind,
                   NodeId id,
                   std::string_view name,
                   const Rect& rect,
                   std::vector<Attribute> attributes) {
    const Scope& scope = scopes.back();
    if (layer != Layer::Page)
        attributes.push_back({"layer", std::to_string(static_cast<int>(layer))});
    mirror.add({id,
                scope.node,
                std::string(kind),
                std::string(name),
                rect.x - scope.left,
                rect.y - scope.top,
                rect.width,
                rect.height,
                std::move(attributes)});
    return id;
}

void UiImpl::open(NodeId node, const Rect& rect, double scroll) {
    scopes.push_back({node, node, rect.x, rect.y - scroll, 0});
}

void UiImpl::close() {
    scopes.pop_back();
}

void UiImpl::add_text(std::string_view text, const Rect& rect, TextStyle style) {
    if (text.empty()) return;
    const std::string id = "t" + std::to_string(scopes.back().text_count++);
    add("text", id_of(id), text, rect, {{"style", std::to_string(static_cast<int>(style))}});
}

Click UiImpl::take_click(NodeId node) {
    for (const Activation& activation : activations) {
        if (activation.node != node) continue;
        return {true, activation.modifiers.is_shift, activation.modifiers.is_control};
    }
    return {};
}

bool UiImpl::is_typing() const {
    // Letters choose in a select, as they write in a field.
    const Node* node = mirror.find(focus_node);
    return fields.contains(focus_node) || (node != nullptr && node->kind == "select");
}

int UiImpl::take_presses(std::string_view chord, ShortcutScope scope) {
    (scope == ShortcutScope::Everywhere ? next_always : next_outside).emplace(chord);
    return static_cast<int>(
        std::count_if(presses.begin(), presses.end(), [&](const KeyPress& press) {
            const bool is_silent = press.was_typing && scope == ShortcutScope::OutsideFields;
            return press.chord == chord && !is_silent;
        }));
}

bool UiImpl::is_covered(const Rect& rect) const {
    if (is_modal && layer < Layer::Dialog) return true;
    return std::any_of(overlays.begin(), overlays.end(), [&](const Overlay& overlay) {
        return overlay.layer > layer && overlay.rect.overlaps(rect);
    });
}

bool UiImpl::is_hovered(const Rect& rect) const {
    if (!rect.intersected(clip()).contains(pointer_x, pointer_y)) return false;
    if (is_modal && layer < Layer::Dialog) return false;
    return std::none_of(overlays.begin(), overlays.end(), [&](const Overlay& overlay) {
        return overlay.layer > layer && overlay.rect.contains(pointer_x, pointer_y);
    });
}

bool UiImpl::is_held(const Rect& rect) const {
    return is_pointer_down && rect.contains(press_x, press_y) && is_hovered(rect);
}

bool UiImpl::is_inside(NodeId ancestor, NodeId node) const {
    for (const Node* at = mirror.find(node); at != nullptr; at = mirror.find(at->parent)) {
        if (at->id == ancestor) return true;
    }
    return false;
}

void UiImpl::offer_tip(NodeId node, const Rect& rect, std::string_view text) {
    if (text.empty() || is_pointer_down) return;
    if (!is_hovered(rect) && !has_ring(node)) return;
    if (tip_node != node) {
        tip_node = node;
        tip_since_ms = info.now_ms;
    }
    const double shown_in_ms = tip_since_ms + kTipDelayMs - info.now_ms;
    tip = {node, rect, shown_in_ms <= 0 ? std::string(text) : ""};
    if (shown_in_ms > 0) wake_after(shown_in_ms);
}

void UiImpl::wake_after(double delay_ms) {
    wake_ms = wake_ms < 0 ? delay_ms : std::min(wake_ms, delay_ms);
}

}  // namespace crm::ui
