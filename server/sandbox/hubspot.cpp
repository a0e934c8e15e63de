// Decides first (apply_draft, check_unique), then writes: a refusal leaves the record as it was.
#include "server/sandbox/hubspot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "server/sandbox/derived.h"
#include "server/sandbox/limits.h"
#include "shared/text.h"

namespace crm::sandbox {
namespace {

using Problem = std::optional<CrmRefusal>;

CrmRefusal missing() {
    return hubspot_refusal(404, "", "resource not found");
}

CrmRefusal bad_id(std::string_view id) {
    CrmRefusal refusal = hubspot_refusal(
        404, "OBJECT_NOT_FOUND", "Object not found.  objectId are usually numeric.");
    refusal.body.set("context", Json::object({{"id", Json::array({Json(id)})}}));
    return refusal;
}

// An address as HubSpot stores it, or nullopt: "localhost" and other names without a dot are
// refused.
std::optional<std::string> stored_email(std::string_view text) {
    const std::optional<std::string> key = email_key(text);
    if (!key || key->find('.', key->find('@')) == std::string::npos) return std::nullopt;
    return key;
}

// The primary address first, then the additional ones; each once, none empty.
std::vector<std::string> wanted_emails(const Record& old, const Draft& draft) {
    std::vector<std::string> wanted;
    if (draft.emails) {
        wanted.push_back(draft.email.value_or(primary_of(*draft.emails)));
        for (const Reach& reach : *draft.emails) wanted.push_back(reach.value);
    } else {
        wanted.push_back(draft.email.value_or(primary_of(old.emails)));
    }
    if (draft.more_emails) {
        wanted.insert(wanted.end(), draft.more_emails->begin(), draft.more_emails->end());
    } else if (!draft.emails) {
        for (std::size_t i = 1; i < old.emails.size(); ++i) wanted.push_back(old.emails[i].value);
    }
    return wanted;
}

Problem apply_emails(Record& record, const Draft& draft) {
    if (!draft.email && !draft.emails && !draft.more_emails) return std::nullopt;
    std::vector<Reach> emails;
    for (const std::string& text : wanted_emails(record, draft)) {
        if (trim(text).empty()) continue;
        const std::optional<std::string> email = stored_email(text);
        if (!email) {
            return hubspot_invalid(
                "email", "INVALID_EMAIL", "Email address " + text + " is invalid");
        }
        const bool is_repeated = std::any_of(emails.begin(), emails.end(), [&](const Reach& reach) {
            return reach.value == *email;
        });
        if (!is_repeated) emails.push_back({.value = *email, .is_primary = emails.empty()});
    }
    if (emails.size() > kSandboxReachMax) {
        return hubspot_refusal(400, "VALIDATION_ERROR", "A contact cannot have that many emails");
    }
    record.emails = std::move(emails);
    return std::nullopt;
}

void apply_names(Record& record, const Draft& draft) {
    if (draft.name) {
        const SplitName split = split_name(*draft.name);
        record.first_name = split.first;
        record.last_name = split.rest;
    }
    if (draft.first_name) record.first_name = trim(*draft.first_name);
    if (draft.last_name) record.last_name = trim(*draft.last_name);
    record.name = join_name(record.first_name, record.last_name);
}

void apply_phone(Record& record, const Draft& draft) {
    if (!draft.phone && !draft.phones) return;
    const std::string phone = draft.phone ? *draft.phone : primary_of(*draft.phones);
    record.phones.clear();
    if (!phone.empty()) record.phones.push_back({.value = phone, .is_primary = true});
}

Problem check_length(const Record& record) {
    const std::pair<const char*, std::string> values[] = {{"firstname", record.first_name},
                                                          {"lastname", record.last_name},
                                                          {"phone", primary_of(record.phones)},
                                                          {"jobtitle", record.job_title},
                                                          {"pronouns", record.pronouns},
                                                          {"company", record.company},
                                                          {"crm_contact_id", record.marker}};
    for (const auto& [property, value] : values) {
        if (count_chars(value) <= kHubSpotValueCharsMax) continue;
        return hubspot_invalid(property, "INVALID_STRING_LENGTH", "The value is too long");
    }
    return std::nullopt;
}

Problem apply_draft(Record& record, const Draft& draft) {
    if (find_control(draft) != nullptr) {
        return hubspot_refusal(400, "VALIDATION_ERROR", "A value contains control characters");
    }
    if (Problem problem = apply_emails(record, draft)) return problem;
    apply_names(record, draft);
    apply_phone(record, draft);
    if (draft.job_title) record.job_title = *draft.job_title;
    if (draft.pronouns) record.pronouns = *draft.pronouns;
    if (draft.company) record.company = *draft.company;
    if (draft.marker) record.marker = *draft.marker;
    return check_length(record);
}

Result<Problem> check_unique(Session& session, const Record& record) {
    for (const Reach& reach : record.emails) {
        const auto owner = CRM_TRY(session.find_owner(reach.value));
        if (!owner || *owner == record.id) continue;
        return Problem(hubspot_refusal(
            409, "CONFLICT", "Contact already exists. Existing ID: " + std::to_string(*owner)));
    }
    return Problem();
}

Result<CrmAnswer> find_any(Session& session, std::string_view id) {
    const std::optional<std::int64_t> number = parse_id(id);
    if (!number) return CrmAnswer(bad_id(id));
    std::optional<Record> record = CRM_TRY(session.find(System::HubSpot, *number));
    if (!record) return CrmAnswer(missing());
    return CrmAnswer(std::move(*record));
}

// A record of its own: neither deleted nor merged away.
Result<CrmAnswer> find_own(Session& session, std::string_view id) {
    CrmAnswer found = CRM_TRY(find_any(session, id));
    const auto* record = std::get_if<Record>(&found);
    if (record != nullptr && record->deleted_at) return CrmAnswer(missing());
    return found;
}

// Customers' ids lie far apart, grow, and never come twice.
Result<std::int64_t> new_id(Session& session) {
    constexpr std::int64_t kSmallest = 100'000'000'000;
    constexpr std::int64_t kSpread = 700'000'000'000;
    const std::uint64_t place = hash_text("hubspot|" + session.customer().text);
    return session.next_id(
        System::HubSpot, kSmallest + static_cast<std::int64_t>(place % kSpread), 13);
}

}  // namespace

CrmRefusal hubspot_refusal(int status, std::string_view category, std::string_view message) {
    Json body = Json::object(
        {{"status", "error"}, {"message", message}, {"correlationId", trace_id(message)}});
    if (!category.empty()) body.set("category", category);
    return {.status = status, .body = std::move(body), .message = std::string(message)};
}

CrmRefusal hubspot_invalid(std::string_view property,
                           std::string_view code,
                           std::string_view message) {
    const Json fault = Json::array({Json::object(
        {{"isValid", false}, {"message", message}, {"error", code}, {"name", property}})});
    CrmRefusal refusal =
        hubspot_refusal(400, "VALIDATION_ERROR", "Property values were not valid: " + fault.dump());
    refusal.body.set(
        "errors",
        Json::array({Json::object(
            {{"message", message},
             {"code", code},
             {"context", Json::object({{"propertyName", Json::array({Json(property)})}})}})}));
    return refusal;
}

Result<CrmAnswer> HubSpot::create(Session& session, const Draft& draft, TimePoint now) const {
    Record record{.system = System::HubSpot, .created_at = now, .updated_at = now};
    if (Problem problem = apply_draft(record, draft)) return CrmAnswer(std::move(*problem));
    if (record.emails.empty() && record.name.empty()) {
        return CrmAnswer(hubspot_refusal(
            400, "VALIDATION_ERROR", "One of email, firstname or lastname must have a value"));
    }
    if (Problem problem = CRM_TRY(check_unique(session, record))) {
        return CrmAnswer(std::move(*problem));
    }
    record.id = CRM_TRY(new_id(session));
    CRM_TRY(session.insert(record));
    return CrmAnswer(std::move(record));
}

Result<CrmAnswer> HubSpot::update(Session& session,
                                  std::string_view id,
                                  const Draft& draft,
                                  TimePoint now) const {
    const CrmAnswer found = CRM_TRY(find_own(session, id));
    const Record* old = std::get_if<Record>(&found);
    if (old == nullptr) return found;
    Record record = *old;
    if (Problem problem = apply_draft(record, draft)) return CrmAnswer(std::move(*problem));
    if (record == *old) return found;  // the same values do not count as a change
    if (Problem problem = CRM_TRY(check_unique(session, record))) {
        return CrmAnswer(std::move(*problem));
    }
    record.updated_at = now;
    CRM_TRY(session.replace(record));
    return CrmAnswer(std::move(record));
}

Result<CrmAnswer> HubSpot::remove(Session& session, std::string_view id, TimePoint now) const {
    CrmAnswer found = CRM_TRY(find_any(session, id));
    auto* record = std::get_if<Record>(&found);
    if (record == nullptr) return found;
    if (record->merged_into) return CrmAnswer(missing());
    if (record->deleted_at) return found;
    record->deleted_at = now;
    record->updated_at = now;
    CRM_TRY(session.replace(*record));
    return found;
}

Result<CrmAnswer> HubSpot::merge(Session& session,
                                 std::string_view id,
                                 std::string_view other,
                                 MergedId merged,
                                 TimePoint now) const {
    CrmAnswer found = CRM_TRY(find_own(session, id));
    CrmAnswer found_other = CRM_TRY(find_own(session, other));
    auto* kept = std::get_if<Record>(&found);
    auto* lost = std::get_if<Record>(&found_other);
    if (kept == nullptr) return found;
    if (lost == nullptr) return found_other;
    if (kept->id == lost->id) {
        return CrmAnswer(
            hubspot_refusal(400, "VALIDATION_ERROR", "A contact cannot be merged with itself"));
    }
    Record left = *kept;
    take_over(left, *lost);
    left.updated_at = now;
    if (merged == MergedId::New) left.id = CRM_TRY(new_id(session));
    // First those that go: their addresses must be free.
    for (Record* gone : {lost, kept}) {
        if (gone->id == left.id) continue;
        gone->merged_into = left.id;
        gone->deleted_at = now;
        CRM_TRY(session.replace(*gone));
    }
    CRM_TRY(merged == MergedId::New ? session.insert(left) : session.replace(left));
    return CrmAnswer(std::move(left));
}

Result<CrmAnswer> HubSpot::find(Session& session, std::string_view id) const {
    CrmAnswer found = CRM_TRY(find_any(session, id));
    const auto* record = std::get_if<Record>(&found);
    while (record != nullptr && record->merged_into) {  // a later merge names a later record
        found = CRM_TRY(find_any(session, std::to_string(*record->merged_into)));
        record = std::get_if<Record>(&found);
    }
    if (record != nullptr && record->deleted_at) return CrmAnswer(missing());
    return found;
}

Result<PageAnswer> HubSpot::list(Session& session, const PageQuery& query) const {
    RecordQuery rows{.system = System::HubSpot,
                     .shown = query.shown,
                     .limit = query.limit + 1,
                     .email = query.email,
                     .text = query.text};
    if (!query.cursor.empty()) {
        const std::optional<std::int64_t> from = parse_id(query.cursor);
        if (!from) {
            return PageAnswer(hubspot_refusal(400, "VALIDATION_ERROR", "Invalid after value"));
        }
        rows.from_id = *from;
    }
    Page page{.records = CRM_TRY(session.list(rows)), .cursor = {}};
    if (page.records.size() > query.limit) {
        page.cursor = std::to_string(page.records.back().id);  // where the next page begins
        page.records.pop_back();
    }
    return PageAnswer(std::move(page));
}

CrmRefusal HubSpot::rate_limit(Limit limit) const {
    const auto reached = [](std::string_view name, std::string_view policy) {
        const std::string message = "You have reached your " + std::string(name) + " limit.";
        CrmRefusal refusal = hubspot_refusal(429, "", message);
        refusal.body.set("errorType", "RATE_LIMIT").set("policyName", policy);
        return refusal;
    };
    CrmRefusal refusal;
    switch (limit) {
        case Limit::Burst:
            return reached("ten_secondly_rolling", "TEN_SECONDLY_ROLLING");
        case Limit::Daily:
            refusal = reached("daily", "DAILY");
            refusal.body.set("requestId", trace_id(refusal.message));
            return refusal;
        case Limit::Search:
            refusal = reached("secondly", "SECONDLY");
            refusal.body.set("groupName", "publicapi:crm:search:oauth:20003991:46814382");
            break;
    }
    return refusal;
}

CrmRefusal HubSpot::read_only() const {
    return hubspot_refusal(403, "MISSING_SCOPES", "This app may read contacts but not write them");
}

}  // namespace crm::sandbox
