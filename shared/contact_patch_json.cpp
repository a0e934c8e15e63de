// Bodies of create and patch. Strict, unlike the rest: what is sent is a person's data, so a member
// that would not arrive is refused, with all other problems, in one answer.
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/contact_json.h"
#include "shared/json_tree.h"
#include "shared/limits.h"

namespace crm {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

/// "a number", for the sentence that says what came instead.
std::string_view type_words(const ReadJson& value) {
    if (value.is_null()) return "null";
    if (value.is_boolean()) return "true or false";
    if (value.is_number()) return "a number";
    if (value.is_string()) return "a text";
    if (value.is_array()) return "a list";
    return "an object";
}

std::string type_problem(std::string_view expected, const ReadJson& value) {
    return "This must be " + std::string(expected) + ", not " + std::string(type_words(value)) +
           ".";
}

/// The wire name of the text that holds the primary one of a list.
std::string primary_wire(const ListFieldSpec& spec) {
    return spec.kind == FieldKind::Email ? "email" : "phone";
}

/// Reads one body: what can be read goes to `raw`, what cannot to `problems`.
class PatchReader {
   public:
    void read(const ReadJson& body) {
        for (auto member = body.begin(); member != body.end(); ++member) {
            read_member(member.key(), member.value());
        }
    }

    /// All problems at once: those of the types and those of the values.
    Result<ContactPatch> finish() {
        Result<ContactPatch> parsed = parse_patch(raw_);
        if (problems_.empty()) return parsed;
        if (!parsed.is_ok()) {
            FieldProblems more = parsed.error().fields;
            problems_.merge(more);
        }
        return problems_error(std::move(problems_));
    }

   private:
    using Entries = std::optional<std::vector<RawPatch::Entry>>;

    void add_problem(std::string_view wire, std::string problem) {
        if (problems_.size() < kFieldProblemsMax) {
            problems_.emplace(shorten_shown(wire), std::move(problem));
        }
    }

    void read_member(const std::string& wire, const ReadJson& value) {
        if (find_field(wire) != nullptr) {
            read_text(wire, value);
        } else if (wire == kTagsWire) {
            read_tag_list(value);
        } else if (wire == kContactListFields[0].wire) {
            read_entries(kContactListFields[0], value, raw_.emails);
        } else if (wire == kContactListFields[1].wire) {
            read_entries(kContactListFields[1], value, raw_.phones);
        } else {
            add_problem(wire, unknown_field_problem(wire));
        }
    }

    void read_text(const std::string& wire, const ReadJson& value) {
        if (value.is_null()) {
            raw_.texts[wire] = "";
        } else if (const auto* text = value.get_ptr<const std::string*>()) {
            raw_.texts[wire] = *text;
        } else {
            add_problem(wire, type_problem("a text in quotes", value));
        }
    }

    void read_tag_list(const ReadJson& value) {
        if (!value.is_array() && !value.is_null()) {
            add_problem(kTagsWire, type_problem("a list of texts", value));
            return;
        }
        std::vector<std::string>& tags = raw_.tags.emplace();
        for (const ReadJson& element : value) {
            if (const auto* tag = element.get_ptr<const std::string*>()) {
                tags.push_back(*tag);
            } else {
                add_problem(kTagsWire,
                            "Every tag must be a text in quotes, not " +
                                std::string(type_words(element)) + ".");
            }
        }
    }

    void read_entries(const ListFieldSpec& spec, const ReadJson& value, Entries& entries) {
        if (!value.is_array() && !value.is_null()) {
            add_problem(spec.wire, type_problem("a list", value));
            return;
        }
        entries.emplace();
        is_primary_said_ = false;
        for (const ReadJson& element : value) {
            if (const auto* text = element.get_ptr<const std::string*>()) {
                entries->push_back({*text, "", false});
            } else if (element.is_object()) {
                entries->push_back(read_entry(spec.wire, element));
            } else {
                add_problem(spec.wire,
                            "Every entry must be a text or an object with value, label "
                            "and primary, not " +
                                std::string(type_words(element)) + ".");
            }
        }
        // A list that says nothing of a primary one has it first, as in our answers. The body's
        // members come sorted, so that "email" was read before "emails".
        const bool is_text_given = raw_.texts.count(primary_wire(spec)) != 0;
        if (!is_primary_said_ && !is_text_given && !entries->empty()) {
            entries->front().is_primary = true;
        }
    }

    RawPatch::Entry read_entry(std::string_view wire, const ReadJson& object) {
        RawPatch::Entry entry;
        for (auto member = object.begin(); member != object.end(); ++member) {
            if (member.key() == "primary" && member.value().is_boolean()) {
                entry.is_primary = member.value().get<bool>();
                is_primary_said_ = true;
            } else if (member.key() == "value" || member.key() == "label") {
                std::string& text = member.key() == "value" ? entry.value : entry.label;
                read_entry_text(wire, member.value(), text);
            } else if (member.key() == "primary") {
                add_problem(wire,
                            "“primary” must be true or false, not " +
                                std::string(type_words(member.value())) + ".");
            } else {
                add_problem(wire,
                            "An entry has value, label and primary, but no “" +
                                shorten_shown(member.key()) + "”: leave it out.");
            }
        }
        return entry;
    }

    void read_entry_text(std::string_view wire, const ReadJson& value, std::string& text) {
        if (const auto* read = value.get_ptr<const std::string*>()) {
            text = *read;
        } else if (!value.is_null()) {
            add_problem(wire,
                        "Value and label must be texts in quotes, not " +
                            std::string(type_words(value)) + ".");
        }
    }

    FieldProblems problems_;
    RawPatch raw_;
    bool is_primary_said_ = false;  // by any entry of the list that is being read
};

WriteJson further_tree(const std::vector<LabeledValue>& values) {
    WriteJson list = WriteJson::array();
    for (const LabeledValue& entry : values) {
        list.push_back({{"value", entry.value}, {"label", entry.label}, {"primary", false}});
    }
    return list;
}

}  // namespace

Result<ContactPatch> read_contact_patch(std::string_view json) {
    const ReadJson body = CRM_TRY(tree::parse_object<ReadJson>(json, "The body"));
    PatchReader reader;
    reader.read(body);
    return reader.finish();
}

std::string write_contact_patch(const ContactPatch& patch) {
    WriteJson out = WriteJson::object();
    for (const auto& [wire, text] : patch.texts) out[wire] = text;
    if (patch.tags) out[std::string(kTagsWire)] = *patch.tags;
    if (patch.more_emails) out["emails"] = further_tree(*patch.more_emails);
    if (patch.more_phones) out["phones"] = further_tree(*patch.more_phones);
    return tree::dump(out);
}

}  // namespace crm
