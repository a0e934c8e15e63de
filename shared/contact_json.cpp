// Contacts as JSON. Trees are read with nlohmann::json, whose objects are sorted maps (a list would
// make a body of many members slow to read), and written with ordered_json, which keeps the
// contract's order.
//
// Nothing here throws: texts are parsed without exceptions, and members are read only by their
// type.
#include "shared/contact_json.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/json_text.h"
#include "shared/json_tree.h"

namespace crm {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

/// Ids of the two first systems, which the contract also shows outside of "links".
struct SystemIdMember {
    std::string_view wire;
    std::string_view system;
};
constexpr std::array<SystemIdMember, 2> kSystemIdMembers{{
    {"hubspotId", "hubspot"},
    {"pipedriveId", "pipedrive"},
}};

WriteJson labeled_tree(const LabeledValue& value, bool is_primary) {
    return WriteJson{{"value", value.value}, {"label", value.label}, {"primary", is_primary}};
}

WriteJson list_tree(const ListFieldSpec& spec, const ContactFields& fields) {
    WriteJson list = WriteJson::array();
    const std::string& primary = fields.*spec.primary;
    if (!primary.empty()) list.push_back(labeled_tree({primary, ""}, true));
    for (const LabeledValue& entry : fields.*spec.member) {
        list.push_back(labeled_tree(entry, false));
    }
    return list;
}

WriteJson link_tree(const ContactLink& link) {
    return WriteJson{{"id", tree::text_or_null<WriteJson>(link.id.text)},
                     {"url", link.url},
                     {"state", link_state_text(link.state)},
                     {"reason", link.reason},
                     {"syncedAt", tree::time_or_null<WriteJson>(link.synced_at)}};
}

void write_links(const Contact& contact, WriteJson& out) {
    for (const SystemIdMember& member : kSystemIdMembers) {
        const auto link = contact.links.find(SystemKey{std::string(member.system)});
        out[std::string(member.wire)] = link == contact.links.end()
                                            ? WriteJson(nullptr)
                                            : tree::text_or_null<WriteJson>(link->second.id.text);
    }
    WriteJson links = WriteJson::object();
    for (const auto& [system, link] : contact.links) links[system.text] = link_tree(link);
    out["links"] = std::move(links);
}

ContactLink read_link(const ReadJson& value) {
    ContactLink link;
    link.id = RemoteId{tree::text(value, "id")};
    link.url = tree::text(value, "url");
    link.state = parse_link_state(tree::text(value, "state")).value_or(LinkState::NotLinked);
    link.reason = tree::text(value, "reason");
    link.synced_at = tree::time(value, "syncedAt");
    return link;
}

std::vector<std::string> read_texts(const ReadJson& value, std::string_view name) {
    std::vector<std::string> texts;
    tree::for_each(value, name, [&texts](const ReadJson& element) {
        const auto* text = element.get_ptr<const std::string*>();
        if (text != nullptr) texts.push_back(*text);
    });
    return texts;
}

ContactFields read_fields(const ReadJson& value) {
    ContactFields fields;
    for (const FieldSpec& spec : kContactFields) fields.*spec.member = tree::text(value, spec.wire);
    for (const ListFieldSpec& spec : kContactListFields) {
        std::vector<LabeledValue>& entries = fields.*spec.member;
        tree::for_each(value, spec.wire, [&entries](const ReadJson& element) {
            if (tree::is_true(element, "primary")) return;
            entries.push_back({tree::text(element, "value"), tree::text(element, "label")});
        });
    }
    fields.tags = read_texts(value, kTagsWire);
    return fields;
}

}  // namespace

namespace tree {

template <class Json>
Result<Json> parse_object(std::string_view json, std::string_view what) {
    const Status checked = check_json_text(json);
    if (!checked.is_ok()) return checked.error();
    Json value = Json::parse(json.begin(), json.end(), nullptr, false);
    if (value.is_object()) return value;
    return Error{ErrorCode::BadRequest, std::string(what) + " is not a JSON object."};
}

template <class Json>
Json write_contact(const Contact& contact) {
    const ContactFields& fields = contact.fields;
    Json out{{"id", contact.id.text}};
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind != FieldKind::MultiLine) out[std::string(spec.wire)] = fields.*spec.member;
    }
    for (const ListFieldSpec& spec : kContactListFields) {
        out[std::string(spec.wire)] = list_tree(spec, fields);
    }
    for (const FieldSpec& spec : kContactFields) {
        if (spec.kind == FieldKind::MultiLine) out[std::string(spec.wire)] = fields.*spec.member;
    }
    out[std::string(kTagsWire)] = fields.tags;
    out["customerId"] = contact.customer_id.text;
    out["version"] = contact.version;
    out["deleted"] = contact.deleted;
    if (contact.arriving) out["arriving"] = true;
    out["createdAt"] = format_time(contact.created_at);
    out["updatedAt"] = format_time(contact.updated_at);
    out["sources"] = contact.sources;
    write_links(contact, out);
    return out;
}

template <class Json>
Result<Contact> read_contact(const Json& value) {
    Contact contact;
    contact.id = ContactId{text(value, "id")};
    if (!contact.id.is_set()) {
        return Error{ErrorCode::BadRequest, "The answer holds no contact: reload the page."};
    }
    contact.customer_id = CustomerId{text(value, "customerId")};
    contact.fields = read_fields(value);
    contact.version = integer(value, "version");
    contact.deleted = is_true(value, "deleted");
    contact.arriving = is_true(value, "arriving");
    contact.created_at = time(value, "createdAt").value_or(TimePoint{});
    contact.updated_at = time(value, "updatedAt").value_or(TimePoint{});
    contact.sources = read_texts(value, "sources");
    const Json* links = find(value, "links");
    if (links == nullptr || !links->is_object()) return contact;
    for (auto link = links->begin(); link != links->end(); ++link) {
        contact.links[SystemKey{link.key()}] = read_link(link.value());
    }
    return contact;
}

template Result<ReadJson> parse_object(std::string_view json, std::string_view what);
template WriteJson write_contact(const Contact& contact);
template Result<Contact> read_contact(const ReadJson& value);

}  // namespace tree

std::string write_contact(const Contact& contact) {
    return tree::dump(tree::write_contact<WriteJson>(contact));
}

Result<Contact> read_contact(std::string_view json) {
    const ReadJson value = CRM_TRY(tree::parse_object<ReadJson>(json, "The contact"));
    return tree::read_contact(value);
}

std::string write_values(const std::vector<LabeledValue>& values) {
    WriteJson list = WriteJson::array();
    for (const LabeledValue& entry : values) {
        list.push_back(WriteJson{{"value", entry.value}, {"label", entry.label}});
    }
    return tree::dump(list);
}

std::optional<std::vector<LabeledValue>> read_values(std::string_view json) {
    if (!check_json_text(json).is_ok()) return std::nullopt;
    const ReadJson list = ReadJson::parse(json.begin(), json.end(), nullptr, false);
    if (!list.is_array()) return std::nullopt;
    std::vector<LabeledValue> values;
    for (const ReadJson& entry : list) {
        const ReadJson* value = tree::find(entry, "value");
        if (value == nullptr || !value->is_string()) return std::nullopt;
        values.push_back({tree::text(entry, "value"), tree::text(entry, "label")});
    }
    return values;
}

std::string write_tags(const std::vector<std::string>& tags) {
    return tree::dump(WriteJson(tags));
}

std::optional<std::vector<std::string>> read_tags(std::string_view json) {
    if (!check_json_text(json).is_ok()) return std::nullopt;
    const ReadJson list = ReadJson::parse(json.begin(), json.end(), nullptr, false);
    if (!list.is_array()) return std::nullopt;
    std::vector<std::string> tags;
    for (const ReadJson& entry : list) {
        const auto* tag = entry.get_ptr<const std::string*>();
        if (tag == nullptr) return std::nullopt;
        tags.push_back(*tag);
    }
    return tags;
}

}  // namespace crm
