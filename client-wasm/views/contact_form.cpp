#include "client-wasm/views/contact_form.h"

#include <map>
#include <string>

namespace crm::client {
namespace {

constexpr float kNotesHeight = 96;

ui::FieldType type_of(FieldKind kind) {
    switch (kind) {
        case FieldKind::Line:
            return ui::FieldType::Text;
        case FieldKind::Email:
            return ui::FieldType::Email;
        case FieldKind::Phone:
            return ui::FieldType::Phone;
        case FieldKind::MultiLine:
            return ui::FieldType::Multiline;
    }
    return ui::FieldType::Text;
}

/// The texts that a field shows; they outlive the spec that points into them.
struct FieldTexts {
    std::string problem;
    std::string hint;
};

FieldTexts texts_of(const Draft& draft,
                    const FieldSpec& spec,
                    const std::map<std::string, std::string>& problems) {
    FieldTexts texts{"", field_hint(draft, spec.wire)};
    const auto problem = problems.find(std::string(spec.wire));
    if (problem != problems.end()) texts.problem = problem->second;
    return texts;
}

ui::FieldSpec widget_spec(const Draft& draft, const FieldSpec& spec, const FieldTexts& texts) {
    ui::FieldSpec field;
    field.name = spec.label;
    field.value = draft.fields.*(spec.member);
    field.type = type_of(spec.kind);
    field.problem = texts.problem;
    field.hint = texts.hint;
    field.is_enabled = !draft.base.deleted;
    field.multiline_height = kNotesHeight;
    field.wants_focus = !draft.base.id.is_set() && spec.wire == "name";
    return field;
}

void report(Stage& stage, const FieldSpec& spec, const ui::FieldEvent& event) {
    if (event.is_changed) stage.actions.push(FieldEdited{std::string(spec.wire), event.text});
    if (event.is_left) stage.actions.push(FieldLeft{std::string(spec.wire)});
    if (event.is_committed) stage.actions.push(SaveClicked{});
}

}  // namespace

float contact_form_height(const Stage& stage, const Draft& draft) {
    const std::map<std::string, std::string> problems = shown_problems(draft);
    float height = 0;
    for (const FieldSpec& spec : kContactFields) {
        const FieldTexts texts = texts_of(draft, spec, problems);
        height += stage.ui.field_height(widget_spec(draft, spec, texts)) + ui::kGap3;
    }
    return height;
}

void contact_form(Stage& stage, const Draft& draft, ui::Rect& area) {
    const std::map<std::string, std::string> problems = shown_problems(draft);
    for (const FieldSpec& spec : kContactFields) {
        const FieldTexts texts = texts_of(draft, spec, problems);
        const ui::FieldSpec field = widget_spec(draft, spec, texts);
        const ui::Rect rect = area.cut_top(stage.ui.field_height(field), ui::kGap3);
        report(stage, spec, stage.ui.field(spec.wire, rect, field));
    }
}

}  // namespace crm::client
