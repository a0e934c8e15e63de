#include "shared/api_duplicates_json.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "shared/contact_parse.h"
#include "shared/json_tree.h"
#include "shared/limits.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

WriteJson duplicate_tree(const Duplicate& duplicate) {
    WriteJson contacts = WriteJson::array();
    for (const Contact& contact : duplicate.contacts) {
        contacts.push_back(tree::write_contact<WriteJson>(contact));
    }
    WriteJson reasons = WriteJson::array();
    for (const DuplicateReason& reason : duplicate.reasons) {
        reasons.push_back(WriteJson{{"code", reason.code}, {"sentence", reason.sentence}});
    }
    return WriteJson{{"contacts", std::move(contacts)},
                     {"reasons", std::move(reasons)},
                     {"score", duplicate.score}};
}

WriteJson system_tree(const MergedSystem& system) {
    WriteJson values = WriteJson::object();
    for (const auto& [field, value] : system.values) values[field] = value;
    return WriteJson{{"system", system.system},
                     {"action", system.action},
                     {"record", tree::text_or_null<WriteJson>(system.record.text)},
                     {"deleted", tree::text_or_null<WriteJson>(system.deleted.text)},
                     {"values", std::move(values)},
                     {"sentence", system.sentence}};
}

/// The text of a member; a problem when it is none, or empty.
std::string take_id(const ReadJson& object, const std::string& name, FieldProblems& problems) {
    std::string id = tree::text(object, name);
    if (id.empty()) problems[name] = "Give the id of a contact.";
    if (id.size() > kIdCharsMax) problems[name] = "This is no id of a contact.";
    return id;
}

void take_choices(const ReadJson& choices, MergeRequest& request, FieldProblems& problems) {
    for (auto entry = choices.begin(); entry != choices.end(); ++entry) {
        const auto* side = entry.value().get_ptr<const std::string*>();
        const bool is_field = find_field(entry.key()) != nullptr;
        const bool is_side = side != nullptr && (*side == "winner" || *side == "loser" ||
                                                 (*side == "both" && entry.key() == "notes"));
        if (is_field && is_side) {
            request.fields[entry.key()] = *side;
        } else if (problems.size() < kFieldProblemsMax) {
            problems[shorten_shown(entry.key())] =
                is_field ? "Choose winner or loser; of notes both, too."
                         : "There is no such field to choose; e-mails, phones and tags of both are "
                           "kept.";
        }
    }
}

void refuse_unknown(const ReadJson& object,
                    const std::vector<std::string>& known,
                    FieldProblems& problems) {
    for (auto entry = object.begin(); entry != object.end(); ++entry) {
        bool is_known = false;
        for (const std::string& name : known) is_known = is_known || entry.key() == name;
        if (!is_known && problems.size() < kFieldProblemsMax) {
            problems[shorten_shown(entry.key())] = unknown_field_problem(entry.key());
        }
    }
}

}  // namespace

std::string write_duplicates(const DuplicatePage& page) {
    WriteJson duplicates = WriteJson::array();
    for (const Duplicate& duplicate : page.duplicates) {
        duplicates.push_back(duplicate_tree(duplicate));
    }
    WriteJson answer{{"duplicates", std::move(duplicates)}, {"total", page.total}};
    if (!page.cursor.empty()) answer["cursor"] = page.cursor;
    return tree::dump(answer);
}

std::string write_tag_counts(const std::vector<TagCount>& tags) {
    WriteJson list = WriteJson::array();
    for (const TagCount& entry : tags) {
        list.push_back(WriteJson{{"tag", entry.tag}, {"contacts", entry.contacts}});
    }
    return tree::dump(WriteJson{{"tags", std::move(list)}});
}

std::string write_merge(const Merge& merge) {
    WriteJson changes = WriteJson::array();
    for (const FieldChange& change : merge.changes) {
        changes.push_back(
            WriteJson{{"field", change.field}, {"from", change.from}, {"to", change.to}});
    }
    WriteJson systems = WriteJson::array();
    for (const MergedSystem& system : merge.systems) systems.push_back(system_tree(system));
    return tree::dump(
        WriteJson{{"merge",
                   {{"id", tree::text_or_null<WriteJson>(merge.id)},
                    {"preview", merge.is_preview},
                    {"contact", tree::write_contact<WriteJson>(merge.contact)},
                    {"loser", merge.loser.text},
                    {"changes", std::move(changes)},
                    {"systems", std::move(systems)},
                    {"undoUntil", tree::time_or_null<WriteJson>(merge.undo_until)}}}});
}

Result<MergeRequest> read_merge_request(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The request"));
    FieldProblems problems;
    refuse_unknown(object, {"winner", "loser", "fields"}, problems);
    MergeRequest request;
    request.winner = ContactId(take_id(object, "winner", problems));
    request.loser = ContactId(take_id(object, "loser", problems));
    const bool is_same = request.winner == request.loser && problems.empty();
    if (is_same) problems["loser"] = "A contact cannot be merged with itself.";
    if (const ReadJson* choices = tree::find(object, "fields")) {
        if (choices->is_object()) {
            take_choices(*choices, request, problems);
        } else {
            problems["fields"] = "Give an object: {\"company\":\"loser\"}.";
        }
    }
    if (!problems.empty()) return problems_error(std::move(problems));
    return request;
}

Result<std::vector<ContactId>> read_pair(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The request"));
    FieldProblems problems;
    refuse_unknown(object, {"ids"}, problems);
    std::vector<ContactId> ids;
    const ReadJson* list = tree::find(object, "ids");
    if (list != nullptr && list->is_array() && list->size() == 2) {
        for (const ReadJson& entry : *list) {
            const auto* id = entry.get_ptr<const std::string*>();
            if (id != nullptr && !id->empty() && id->size() <= kIdCharsMax) ids.emplace_back(*id);
        }
    }
    const bool is_pair = ids.size() == 2 && !(ids[0] == ids[1]);
    if (!is_pair) problems["ids"] = "Give the ids of two contacts.";
    if (!problems.empty()) return problems_error(std::move(problems));
    return ids;
}

}  // namespace crm::api
