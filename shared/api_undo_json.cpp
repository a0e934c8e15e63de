#include "shared/api_undo_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "shared/json_tree.h"

namespace crm::api {
namespace {

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

}  // namespace crm::api
