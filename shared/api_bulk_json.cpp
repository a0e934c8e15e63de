#include "shared/api_bulk_json.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "shared/contact_json.h"
#include "shared/contact_parse.h"
#include "shared/json_tree.h"
#include "shared/limits.h"

namespace crm::api {
namespace {

using ReadJson = nlohmann::json;
using WriteJson = nlohmann::ordered_json;

struct ActionWord {
    BulkAction action;
    std::string_view word;
};
constexpr std::array<ActionWord, 4> kActions{{{BulkAction::Update, "update"},
                                              {BulkAction::Delete, "delete"},
                                              {BulkAction::Restore, "restore"},
                                              {BulkAction::Tag, "tag"}}};

std::string_view word_of(BulkAction action) {
    for (const ActionWord& known : kActions) {
        if (known.action == action) return known.word;
    }
    return "";
}

std::optional<BulkAction> action_of(std::string_view word) {
    for (const ActionWord& known : kActions) {
        if (known.word == word) return known.action;
    }
    return std::nullopt;
}

/// Reads one body: what can be read goes to the request, what cannot to the problems.
class RequestReader {
   public:
    void read(const ReadJson& body) {
        for (auto member = body.begin(); member != body.end(); ++member) {
            read_member(member.key(), member.value());
        }
        check_whom();
        check_what();
    }

    Result<BulkRequest> finish() {
        if (!problems_.empty()) return problems_error(std::move(problems_));
        return std::move(request_);
    }

   private:
    void add_problem(std::string_view wire, std::string problem) {
        if (problems_.size() < kFieldProblemsMax) {
            problems_.emplace(shorten_shown(wire), std::move(problem));
        }
    }

    void read_member(const std::string& wire, const ReadJson& value) {
        if (wire == "action") {
            has_action_ = true;
            const auto action = action_of(tree::text(ReadJson{{"action", value}}, "action"));
            if (action) request_.action = *action;
            if (!action) add_problem(wire, "Say update, delete, restore or tag.");
        } else if (wire == "ids") {
            has_ids_ = true;
            request_.ids = read_ids(wire, value);
        } else if (wire == "without") {
            request_.without = read_ids(wire, value);
        } else if (wire == "query") {
            read_query(value);
        } else if (wire == "fields") {
            read_fields(value);
        } else if (wire == "add") {
            request_.added_tags = read_tags(wire, value);
        } else if (wire == "remove") {
            request_.removed_tags = read_tags(wire, value);
        } else {
            add_problem(wire, unknown_field_problem(wire));
        }
    }

    std::vector<ContactId> read_ids(const std::string& wire, const ReadJson& value) {
        std::vector<ContactId> ids;
        if (!value.is_array() || value.size() > kBulkIdsMax) {
            add_problem(wire,
                        "Give a list of at most " + std::to_string(kBulkIdsMax) +
                            " ids; for more, give a query.");
            return ids;
        }
        for (const ReadJson& element : value) {
            const auto* text = element.get_ptr<const std::string*>();
            if (text == nullptr || text->empty() || text->size() > kIdCharsMax) {
                add_problem(wire, "Every id must be the id of a contact, in quotes.");
                return {};
            }
            ids.emplace_back(*text);
        }
        return ids;
    }

    void read_query(const ReadJson& value) {
        std::map<std::string, std::string>& query = request_.query.emplace();
        bool is_good = value.is_object();
        for (auto entry = value.begin(); is_good && entry != value.end(); ++entry) {
            const bool is_known =
                entry.key() == "q" || entry.key() == "filter" || entry.key() == "deleted";
            const auto* text = entry.value().get_ptr<const std::string*>();
            is_good = is_known && text != nullptr;
            if (is_good) query[entry.key()] = *text;
        }
        if (!is_good) add_problem("query", "A query is an object of texts: q, filter and deleted.");
    }

    void read_fields(const ReadJson& value) {
        Result<ContactPatch> patch = read_contact_patch(tree::dump(value));
        if (!patch.is_ok()) {
            for (const auto& [wire, problem] : patch.error().fields) add_problem(wire, problem);
            if (patch.error().fields.empty()) add_problem("fields", patch.error().message);
            return;
        }
        request_.fields = patch.take();
        if (request_.fields.texts.count("email") != 0 || request_.fields.more_emails) {
            add_problem("email", "An e-mail belongs to one contact; change it there.");
        }
    }

    std::vector<std::string> read_tags(const std::string& wire, const ReadJson& value) {
        // By the rules that hold for the tags of one contact.
        Result<ContactPatch> patch = read_contact_patch(tree::dump(ReadJson{{kTagsWire, value}}));
        if (patch.is_ok()) return patch.value().tags.value_or(std::vector<std::string>());
        const auto problem = patch.error().fields.find(std::string(kTagsWire));
        add_problem(
            wire, problem == patch.error().fields.end() ? patch.error().message : problem->second);
        return {};
    }

    void check_whom() {
        if (has_ids_ == request_.query.has_value()) {
            add_problem("ids", "Say whom it is about: either ids or a query.");
        } else if (has_ids_ && request_.ids.empty() && problems_.empty()) {
            add_problem("ids", "Name at least one contact.");
        }
        if (has_ids_ && !request_.without.empty()) {
            add_problem("without", "This takes contacts out of a query; leave it out beside ids.");
        }
    }

    void check_what() {
        if (!has_action_) add_problem("action", "Say update, delete, restore or tag.");
        const bool is_update = request_.action == BulkAction::Update;
        const bool has_tags = !request_.added_tags.empty() || !request_.removed_tags.empty();
        const bool is_tag = request_.action == BulkAction::Tag;
        if (!problems_.empty()) return;
        if (is_update == request_.fields.is_empty()) {
            add_problem("fields",
                        is_update ? "Say which fields change." : "Only update takes fields.");
        }
        if (is_tag != has_tags) {
            add_problem("add",
                        is_tag ? "Say which tags to add or remove." : "Only tag takes tags.");
        }
    }

    BulkRequest request_;
    FieldProblems problems_;
    bool has_ids_ = false;
    bool has_action_ = false;
};

WriteJson texts_of(const std::vector<ContactId>& ids) {
    WriteJson list = WriteJson::array();
    for (const ContactId& id : ids) list.push_back(id.text);
    return list;
}

}  // namespace

Result<BulkRequest> read_bulk_request(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The request"));
    RequestReader reader;
    reader.read(object);
    return reader.finish();
}

std::string write_bulk_request(const BulkRequest& request) {
    WriteJson body{{"action", word_of(request.action)}};
    if (request.query) {
        body["query"] = WriteJson::object();
        for (const auto& [name, value] : *request.query) body["query"][name] = value;
        if (!request.without.empty()) body["without"] = texts_of(request.without);
    } else {
        body["ids"] = texts_of(request.ids);
    }
    if (request.action == BulkAction::Update) {
        const std::string fields = write_contact_patch(request.fields);
        body["fields"] = WriteJson::parse(fields, nullptr, false);
    }
    if (request.action == BulkAction::Tag) {
        body["add"] = request.added_tags;
        body["remove"] = request.removed_tags;
    }
    return tree::dump(body);
}

std::string write_bulk_report(const BulkReport& report) {
    WriteJson results = WriteJson::array();
    for (const BulkResult& result : report.results) {
        results.push_back(WriteJson{{"contactId", result.contact_id},
                                    {"title", result.title},
                                    {"outcome", result.outcome},
                                    {"reason", result.reason}});
    }
    const WriteJson body{{"id", tree::text_or_null<WriteJson>(report.id)},
                         {"action", word_of(report.action)},
                         {"matched", report.matched},
                         {"changed", report.changed},
                         {"unchanged", report.unchanged},
                         {"refused", report.refused},
                         {"results", std::move(results)}};
    return tree::dump(WriteJson{{"bulk", body}});
}

Result<BulkReport> read_bulk_report(std::string_view json) {
    const ReadJson object = CRM_TRY(tree::parse_object<ReadJson>(json, "The answer"));
    const ReadJson* body = tree::find(object, "bulk");
    if (body == nullptr || !body->is_object()) {
        return Error{ErrorCode::BadRequest, "The answer tells nothing of the contacts"};
    }
    BulkReport report;
    report.id = tree::text(*body, "id");
    report.action = action_of(tree::text(*body, "action")).value_or(BulkAction::Update);
    report.matched = tree::integer(*body, "matched");
    report.changed = tree::integer(*body, "changed");
    report.unchanged = tree::integer(*body, "unchanged");
    report.refused = tree::integer(*body, "refused");
    tree::for_each(*body, "results", [&report](const ReadJson& result) {
        report.results.push_back({tree::text(result, "contactId"),
                                  tree::text(result, "title"),
                                  tree::text(result, "outcome"),
                                  tree::text(result, "reason")});
    });
    return report;
}

}  // namespace crm::api
