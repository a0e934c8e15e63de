#include "shared/api_undo_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "shared/json_tree.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

WriteJson contact_tree(const UndoneContact& contact) {
    WriteJson undone = WriteJson::array();
    for (const FieldChange& change : contact.undone) {
        undone.push_back(
            WriteJson{{"field", change.field}, {"from", change.from}, {"to", change.to}});
    }
    WriteJson kept = WriteJson::array();
    for (const KeptChange& change : contact.kept) {
        kept.push_back(WriteJson{{"field", tree::text_or_null<WriteJson>(change.field)},
                                 {"reason", change.reason}});
    }
    WriteJson answer{{"contactId", contact.contact_id},
                     {"title", contact.title},
                     {"kind", contact.kind},
                     {"undone", std::move(undone)},
                     {"kept", std::move(kept)}};
    if (!contact.records.empty()) answer["records"] = contact.records;
    return answer;
}

UndoneContact read_contact_of(const ReadJson& element) {
    UndoneContact contact{.contact_id = tree::text(element, "contactId"),
                          .title = tree::text(element, "title"),
                          .kind = tree::text(element, "kind"),
                          .undone = {},
                          .kept = {}};
    tree::for_each(element, "undone", [&contact](const ReadJson& change) {
        contact.undone.push_back(
            {tree::text(change, "field"), tree::text(change, "from"), tree::text(change, "to")});
    });
    tree::for_each(element, "kept", [&contact](const ReadJson& change) {
        contact.kept.push_back({tree::text(change, "field"), tree::text(change, "reason")});
    });
    return contact;
}

}  // namespace

std::string write_undo(const Undo& undo) {
    WriteJson contacts = WriteJson::array();
    for (const UndoneContact& contact : undo.contacts) contacts.push_back(contact_tree(contact));
    return tree::dump(WriteJson{{"undo",
                                 {{"id", tree::text_or_null<WriteJson>(undo.id)},
                                  {"preview", undo.is_preview},
                                  {"undone", undo.undone},
                                  {"kept", undo.kept},
                                  {"contacts", std::move(contacts)}}}});
}

Result<Undo> read_undo(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The answer"));
    const ReadJson* body = tree::find(object, "undo");
    if (body == nullptr || !body->is_object()) {
        return Error{ErrorCode::BadRequest, "The answer tells nothing of an undo"};
    }
    Undo undo;
    undo.id = tree::text(*body, "id");
    undo.is_preview = tree::is_true(*body, "preview");
    undo.undone = tree::integer(*body, "undone");
    undo.kept = tree::integer(*body, "kept");
    tree::for_each(*body, "contacts", [&undo](const ReadJson& contact) {
        undo.contacts.push_back(read_contact_of(contact));
    });
    return undo;
}

}  // namespace crm::api
