// Decides first (apply_draft), then writes: a refusal leaves the record as it was.
#include "server/sandbox/pipedrive.h"

#include <chrono>
#include <optional>
#include <utility>

#include "server/sandbox/limits.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

using Problem = std::optional<CrmRefusal>;

TimePoint whole_second(TimePoint time) {
    return std::chrono::floor<std::chrono::seconds>(time);
}

CrmRefusal missing() {
    return pipedrive_refusal(404, "Person not found");
}

CrmRefusal gone(std::int64_t id) {
    return {.status = 410,
            .body = Json::object({{"success", true}, {"data", Json::object({{"id", id}})}}),
            .message = "The person is deleted already"};
}

// A written list: blank values fall out, the first one becomes the primary if none is marked.
std::vector<Reach> stored_list(const std::vector<Reach>& wanted) {
    std::vector<Reach> list;
    bool has_primary = false;
    for (const Reach& reach : wanted) {
        const std::string value = trim(reach.value);
        if (value.empty()) continue;
        const bool is_primary = reach.is_primary && !has_primary;
        has_primary = has_primary || is_primary;
        list.push_back({.value = value,
                        .label = reach.label.empty() ? "work" : reach.label,
                        .is_primary = is_primary});
    }
    if (!has_primary && !list.empty()) list.front().is_primary = true;
    return list;
}

// A single value replaces the whole list: that is how the connector writes it.
void apply_list(std::vector<Reach>& list,
                const std::optional<std::vector<Reach>>& whole,
                const std::optional<std::string>& single) {
    if (whole) {
        list = stored_list(*whole);
    } else if (single) {
        list = stored_list({{.value = *single, .is_primary = true}});
    }
}

void apply_name(Record& record, const Draft& draft) {
    if (draft.name) {
        record.name = trim(*draft.name);
    } else if (draft.first_name || draft.last_name) {
        record.name = join_name(draft.first_name.value_or(record.first_name),
                                draft.last_name.value_or(record.last_name));
    }
    const SplitName split = split_name(record.name);
    record.first_name = split.first;
    record.last_name = split.rest;
}

Problem check_record(const Record& record) {
    if (record.name.empty()) return pipedrive_refusal(400, "A person must have a name");
    if (record.emails.size() > kSandboxReachMax || record.phones.size() > kSandboxReachMax) {
        return pipedrive_refusal(400, "A person cannot have that many e-mails or phones");
    }
    std::vector<std::string> values = {
        record.name, record.job_title, record.pronouns, record.company, record.marker};
    for (const Reach& reach : record.emails) values.push_back(reach.value);
    for (const Reach& reach : record.phones) values.push_back(reach.value);
    for (const std::string& value : values) {
        if (count_chars(value) > kPipedriveValueCharsMax) {
            return pipedrive_refusal(400, "A value is longer than 255 characters");
        }
    }
    return std::nullopt;
}

Problem apply_draft(Record& record, const Draft& draft) {
    if (find_control(draft) != nullptr) {
        return pipedrive_refusal(400, "A value contains control characters");
    }
    apply_name(record, draft);
    apply_list(record.emails, draft.emails, draft.email);
    apply_list(record.phones, draft.phones, draft.phone);
    if (draft.job_title) record.job_title = *draft.job_title;
    if (draft.pronouns) record.pronouns = *draft.pronouns;
    if (draft.company) record.company = *draft.company;
    if (draft.marker) record.marker = *draft.marker;
    return check_record(record);
}

Result<CrmAnswer> find_any(Session& session, std::string_view id) {
    const std::optional<std::int64_t> number = parse_id(id);
    if (!number) return CrmAnswer(pipedrive_refusal(400, "The id must be a whole number"));
    std::optional<Record> record = CRM_TRY(session.find(System::Pipedrive, *number));
    if (!record) return CrmAnswer(missing());
    return CrmAnswer(std::move(*record));
}

}  // namespace

CrmRefusal pipedrive_refusal(int status, std::string_view message) {
    return {.status = status,
            .body = Json::object({{"success", false},
                                  {"error", message},
                                  {"errorCode", status},
                                  {"error_info", "This is the sandbox, not Pipedrive itself"},
                                  {"data", nullptr},
                                  {"additional_data", nullptr}}),
            .message = std::string(message)};
}

Result<CrmAnswer> Pipedrive::create(Session& session, const Draft& draft, TimePoint now) const {
    Record record{.system = System::Pipedrive,
                  .created_at = whole_second(now),
                  .updated_at = whole_second(now)};
    if (Problem problem = apply_draft(record, draft)) return CrmAnswer(std::move(*problem));
    record.id = CRM_TRY(session.next_id(System::Pipedrive, 1, 1));
    CRM_TRY(session.insert(record));
    return CrmAnswer(std::move(record));
}

Result<CrmAnswer> Pipedrive::update(Session& session,
                                    std::string_view id,
                                    const Draft& draft,
                                    TimePoint now) const {
    const CrmAnswer found = CRM_TRY(find(session, id));
    const Record* old = std::get_if<Record>(&found);
    if (old == nullptr) return found;
    Record record = *old;
    if (Problem problem = apply_draft(record, draft)) return CrmAnswer(std::move(*problem));
    if (record == *old) return found;
    record.updated_at = whole_second(now);
    CRM_TRY(session.replace(record));
    return CrmAnswer(std::move(record));
}

Result<CrmAnswer> Pipedrive::remove(Session& session, std::string_view id, TimePoint now) const {
    CrmAnswer found = CRM_TRY(find_any(session, id));
    auto* record = std::get_if<Record>(&found);
    if (record == nullptr) return found;
    if (record->deleted_at) return CrmAnswer(gone(record->id));
    record->deleted_at = whole_second(now);
    record->updated_at = whole_second(now);
    CRM_TRY(session.replace(*record));
    return found;
}

Result<CrmAnswer> Pipedrive::merge(Session& session,
                                   std::string_view id,
                                   std::string_view other,
                                   MergedId /*merged*/,
                                   TimePoint now) const {
    CrmAnswer found = CRM_TRY(find(session, id));
    CrmAnswer found_other = CRM_TRY(find(session, other));
    auto* left = std::get_if<Record>(&found);
    auto* gone = std::get_if<Record>(&found_other);
    if (left == nullptr) return found;
    if (gone == nullptr) return found_other;
    if (left->id == gone->id) {
        return CrmAnswer(pipedrive_refusal(400, "A person cannot be merged with itself"));
    }
    take_over(*left, *gone);
    left->updated_at = whole_second(now);
    gone->merged_into = left->id;
    gone->deleted_at = whole_second(now);
    CRM_TRY(session.replace(*gone));
    CRM_TRY(session.replace(*left));
    return found;
}

Result<CrmAnswer> Pipedrive::find(Session& session, std::string_view id) const {
    CrmAnswer found = CRM_TRY(find_any(session, id));
    const auto* record = std::get_if<Record>(&found);
    if (record != nullptr && record->deleted_at) return CrmAnswer(missing());
    return found;
}

Result<PageAnswer> Pipedrive::list(Session& session, const PageQuery& query) const {
    const std::optional<std::int64_t> start =
        query.cursor.empty() ? std::optional<std::int64_t>(0) : parse_id(query.cursor);
    if (!start) return PageAnswer(pipedrive_refusal(400, "The start must be a whole number"));
    Page page{.records = CRM_TRY(session.list({.system = System::Pipedrive,
                                               .shown = query.shown,
                                               .offset = static_cast<std::size_t>(*start),
                                               .limit = query.limit + 1,
                                               .email = query.email,
                                               .text = query.text})),
              .cursor = {}};
    if (page.records.size() > query.limit) {
        page.records.pop_back();
        page.cursor = std::to_string(*start + static_cast<std::int64_t>(query.limit));
    }
    return PageAnswer(std::move(page));
}

// The headers alone tell whether to wait for two seconds or until midnight.
CrmRefusal Pipedrive::rate_limit(Limit limit) const {
    const bool is_budget = limit == Limit::Daily;
    CrmRefusal refusal = pipedrive_refusal(429, "Rate limit exceeded");
    refusal.headers =
        Json::object({{"x-ratelimit-limit", limit == Limit::Search ? "10" : "80"},
                      {"x-ratelimit-remaining", is_budget ? "79" : "0"},
                      {"x-ratelimit-reset", "2"},
                      {"x-daily-ratelimit-token-limit", "150000"},
                      {"x-daily-ratelimit-token-remaining", is_budget ? "0" : "149000"}});
    return refusal;
}

CrmRefusal Pipedrive::read_only() const {
    return pipedrive_refusal(403, "This user may see persons but not change them");
}

}  // namespace crm::sandbox
