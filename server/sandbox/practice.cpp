// Decides first (apply_draft), then writes: a refusal leaves the record as it was.
#include "server/sandbox/practice.h"

#include <optional>
#include <utility>

#include "server/sandbox/limits.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

using Problem = std::optional<CrmRefusal>;

constexpr std::string_view kCursorStart = "from-";
constexpr std::int64_t kFirstId = 5'000'000'000'001;

CrmRefusal refusal(int status, std::string_view code, std::string_view message) {
    return {.status = status,
            .body = Json::object({{"code", code}, {"message", message}}),
            .message = std::string(message)};
}

CrmRefusal missing() {
    return refusal(404, "NO_SUCH_RECORD", "There is no such person");
}

void apply_one(std::vector<Reach>& list,
               const std::optional<std::vector<Reach>>& whole,
               const std::optional<std::string>& single) {
    if (!whole && !single) return;
    const std::string value = trim(single ? *single : primary_of(*whole));
    list.clear();
    if (!value.empty()) list.push_back({.value = value, .is_primary = true});
}

// The two parts are what is kept: whoever sends one of them leaves the other as it was.
void apply_name(Record& record, const Draft& draft) {
    if (draft.name) {
        const SplitName split = split_name(*draft.name);
        record.first_name = split.first;
        record.last_name = split.rest;
    }
    if (draft.first_name) record.first_name = trim(*draft.first_name);
    if (draft.last_name) record.last_name = trim(*draft.last_name);
    record.name = join_name(record.first_name, record.last_name);
}

Problem apply_draft(Record& record, const Draft& draft) {
    if (find_control(draft) != nullptr) {
        return refusal(400, "INVALID_DATA", "A value contains control characters");
    }
    apply_name(record, draft);
    apply_one(record.emails, draft.emails, draft.email);
    apply_one(record.phones, draft.phones, draft.phone);
    if (draft.job_title) record.job_title = *draft.job_title;
    if (draft.pronouns) record.pronouns = *draft.pronouns;
    if (draft.company) record.company = *draft.company;
    if (draft.marker) record.marker = *draft.marker;
    if (record.name.empty()) return refusal(400, "MANDATORY_NOT_FOUND", "A person needs a name");
    const Json fields = practice_fields(record);
    for (const Json::Member& field : *fields.members()) {
        const std::string* text = field.value.text();
        if (text == nullptr || count_chars(*text) <= kPracticeValueCharsMax) continue;
        CrmRefusal too_long = refusal(400, "INVALID_DATA", "The value is too long");
        too_long.body.set("details", Json::object({{"api_name", field.name}}));
        return too_long;
    }
    return std::nullopt;
}

}  // namespace

Json practice_fields(const Record& record) {
    Json fields = Json::object();
    const std::pair<std::string_view, std::string> values[] = {{"Given_Name", record.first_name},
                                                               {"Family_Name", record.last_name},
                                                               {"Mail", primary_of(record.emails)},
                                                               {"Tel", primary_of(record.phones)},
                                                               {"Role", record.job_title},
                                                               {"Addressed_As", record.pronouns},
                                                               {"Employer", record.company},
                                                               {"External_Id", record.marker}};
    for (const auto& [name, value] : values) {
        fields.set(name, value.empty() ? Json() : Json(value));
    }
    return fields;
}

Result<CrmAnswer> Practice::create(Session& session, const Draft& draft, TimePoint now) const {
    Record record{.system = System::Practice, .created_at = now, .updated_at = now};
    if (Problem problem = apply_draft(record, draft)) return CrmAnswer(std::move(*problem));
    record.id = CRM_TRY(session.next_id(System::Practice, kFirstId, 7));
    CRM_TRY(session.insert(record));
    return CrmAnswer(std::move(record));
}

Result<CrmAnswer> Practice::update(Session& session,
                                   std::string_view id,
                                   const Draft& draft,
                                   TimePoint now) const {
    const CrmAnswer found = CRM_TRY(find(session, id));
    const Record* old = std::get_if<Record>(&found);
    if (old == nullptr) return found;
    Record record = *old;
    if (Problem problem = apply_draft(record, draft)) return CrmAnswer(std::move(*problem));
    if (record == *old) return found;
    record.updated_at = now;
    CRM_TRY(session.replace(record));
    return CrmAnswer(std::move(record));
}

Result<CrmAnswer> Practice::remove(Session& session, std::string_view id, TimePoint now) const {
    CrmAnswer found = CRM_TRY(find(session, id));
    auto* record = std::get_if<Record>(&found);
    if (record == nullptr) return found;
    record->deleted_at = now;
    CRM_TRY(session.replace(*record));
    return found;
}

Result<CrmAnswer> Practice::merge(Session& /*session*/,
                                  std::string_view /*id*/,
                                  std::string_view /*other*/,
                                  MergedId /*merged*/,
                                  TimePoint /*now*/) const {
    return CrmAnswer(refusal(405, "NOT_SUPPORTED", "Persons cannot be merged here"));
}

Result<CrmAnswer> Practice::find(Session& session, std::string_view id) const {
    const std::optional<std::int64_t> number = parse_id(id);
    if (!number) return CrmAnswer(missing());
    std::optional<Record> record = CRM_TRY(session.find(System::Practice, *number));
    if (!record || record->deleted_at) return CrmAnswer(missing());
    return CrmAnswer(std::move(*record));
}

Result<PageAnswer> Practice::list(Session& session, const PageQuery& query) const {
    RecordQuery rows{.system = System::Practice,
                     .shown = query.shown,
                     .limit = query.limit + 1,
                     .email = query.email,
                     .text = query.text};
    if (!query.cursor.empty()) {
        const std::string_view cursor = query.cursor;
        const std::optional<std::int64_t> from = cursor.starts_with(kCursorStart)
                                                     ? parse_id(cursor.substr(kCursorStart.size()))
                                                     : std::nullopt;
        if (!from) return PageAnswer(refusal(400, "INVALID_CURSOR", "The cursor is not known"));
        rows.from_id = *from;
    }
    Page page{.records = CRM_TRY(session.list(rows)), .cursor = {}};
    if (page.records.size() > query.limit) {
        page.cursor = std::string(kCursorStart) + std::to_string(page.records.back().id);
        page.records.pop_back();
    }
    return PageAnswer(std::move(page));
}

CrmRefusal Practice::rate_limit(Limit limit) const {
    if (limit == Limit::Daily) {
        return refusal(429, "DAILY_LIMIT_REACHED", "No more requests are allowed today");
    }
    return refusal(429, "TOO_MANY_REQUESTS", "Too many requests");
}

CrmRefusal Practice::read_only() const {
    return refusal(403, "NO_PERMISSION", "This user may see persons but not change them");
}

}  // namespace crm::sandbox
