#include "server/contacts/bulk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "server/limits.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm {
namespace {

using api::BulkAction;

std::string note_of(std::size_t count) {
    return count == 1 ? "Changed from the list"
                      : "Changed together with " + std::to_string(count - 1) +
                            (count == 2 ? " other contact" : " other contacts");
}

/// The tags of a contact with some more and some less.
std::vector<std::string> retag(const std::vector<std::string>& tags,
                               const api::BulkRequest& request) {
    std::set<std::string> changed(tags.begin(), tags.end());
    for (const std::string& tag : request.removed_tags) changed.erase(tag);
    changed.insert(request.added_tags.begin(), request.added_tags.end());
    return {changed.begin(), changed.end()};
}

Status check_tags(const ContactFields& fields) {
    if (fields.tags.size() <= kTagsMax) return {};
    return Error{ErrorCode::Conflict,
                 "A contact can have " + std::to_string(kTagsMax) + " tags, and " +
                     display_name(fields) + " would have " + std::to_string(fields.tags.size())};
}

class BulkWalk {
   public:
    BulkWalk(ContactService& contacts,
             const CustomerId& customer,
             const api::BulkRequest& request,
             const BulkOptions& options)
        : contacts_(contacts), customer_(customer), request_(request), options_(options) {
        outcome_.report.action = request.action;
    }

    Result<BulkOutcome> run(const std::vector<ContactId>& ids) {
        origin_.actor = options_.actor;
        origin_.run_id = contacts_.make_group("bulk");
        origin_.note = note_of(ids.size());
        outcome_.report.matched = static_cast<std::int64_t>(ids.size());
        for (auto next = ids.begin(); next != ids.end();) {
            const auto rest = static_cast<std::size_t>(ids.end() - next);
            const auto count = static_cast<std::ptrdiff_t>(std::min(rest, kImportBatchRows));
            CRM_TRY(told(take_batch({next, next + count})));
            next += count;
        }
        api::BulkReport& report = outcome_.report;
        if (report.changed > 0) report.id = origin_.run_id;
        report.results = std::move(refusals_);
        report.results.insert(report.results.end(), others_.begin(), others_.end());
        return std::move(outcome_);
    }

   private:
    /// Earlier batches stay: an error says so.
    Status told(Status taken) {
        if (taken.is_ok() || outcome_.report.changed == 0) return taken;
        Error error = taken.error();
        error.message = as_sentence(error.message) + " " + std::to_string(outcome_.report.changed) +
                        " contacts are changed; do the same again for the rest, or undo " +
                        origin_.run_id + ".";
        return error;
    }

    Status take_batch(const std::vector<ContactId>& ids) {
        if (options_.is_stopping && options_.is_stopping()) {
            return Error{ErrorCode::Unavailable, "The server stops, and the change with it"};
        }
        std::vector<api::BulkResult> results;
        store::Transaction transaction = CRM_TRY(contacts_.begin_write());
        for (const ContactId& id : ids) {
            api::BulkResult result{.contact_id = id.text, .outcome = "unchanged"};
            const Status done = visit(transaction, id, result);
            if (!done.is_ok() && !is_refusal(done.error())) return done;
            if (!done.is_ok()) {
                result.outcome = "refused";
                result.reason = as_sentence(done.error().message);
            }
            results.push_back(std::move(result));
        }
        CRM_TRY(transaction.commit());
        // Told only now: what a batch that failed would have done, nobody did.
        for (api::BulkResult& result : results) count(std::move(result));
        return {};
    }

    static bool is_refusal(const Error& error) {
        return error.code == ErrorCode::Conflict || error.code == ErrorCode::NotFound;
    }

    /// A refusal comes before anything is written.
    Status visit(store::Transaction& transaction, const ContactId& id, api::BulkResult& result) {
        const Contact before = CRM_TRY(contacts_.load(transaction, customer_, id));
        result.title = display_name(before.fields);
        const Contact after = CRM_TRY(write(transaction, before));
        const bool is_written =
            after.version != before.version || after.arriving != before.arriving;
        if (is_written) result.outcome = "changed";
        return {};
    }

    Result<Contact> write(store::Transaction& transaction, const Contact& before) {
        switch (request_.action) {
            case BulkAction::Delete:
                return contacts_.remove(transaction, customer_, before.id, origin_);
            case BulkAction::Restore:
                return contacts_.restore(transaction, before, origin_);
            case BulkAction::Update:
                return contacts_.edit(
                    transaction, before, apply_patch(before.fields, request_.fields), origin_);
            case BulkAction::Tag: {
                ContactFields fields = before.fields;
                fields.tags = retag(fields.tags, request_);
                CRM_TRY(check_tags(fields));
                return contacts_.edit(transaction, before, fields, origin_);
            }
        }
        return before;
    }

    void count(api::BulkResult result) {
        api::BulkReport& report = outcome_.report;
        const bool is_refused = result.outcome == "refused";
        const bool is_changed = result.outcome == "changed";
        ++(is_refused ? report.refused : is_changed ? report.changed : report.unchanged);
        if (is_changed && outcome_.changed.size() <= kImportAnnouncedMax) {
            outcome_.changed.emplace_back(result.contact_id);
        }
        std::vector<api::BulkResult>& list = is_refused ? refusals_ : others_;
        if (list.size() < kBulkResultsShown) list.push_back(std::move(result));
    }

    ContactService& contacts_;
    const CustomerId& customer_;
    const api::BulkRequest& request_;
    const BulkOptions& options_;
    Origin origin_;
    BulkOutcome outcome_;
    std::vector<api::BulkResult> refusals_;
    std::vector<api::BulkResult> others_;
};

}  // namespace

Result<std::vector<ContactId>> find_ids(ContactService& contacts,
                                        const CustomerId& customer,
                                        const ContactQuery& query,
                                        const std::vector<ContactId>& without) {
    const std::set<ContactId> left_out(without.begin(), without.end());
    ContactReader reader =
        CRM_TRY(contacts.open_reader(customer, query, ContactService::Links::LeftOut));
    std::vector<ContactId> ids;
    for (;;) {
        const std::vector<Contact> page = CRM_TRY(reader.next());
        if (page.empty()) return ids;
        for (const Contact& contact : page) {
            if (left_out.count(contact.id) == 0) ids.push_back(contact.id);
        }
    }
}

Result<BulkOutcome> change_many(ContactService& contacts,
                                const CustomerId& customer,
                                const std::vector<ContactId>& ids,
                                const api::BulkRequest& request,
                                const BulkOptions& options) {
    std::vector<ContactId> once;
    std::set<ContactId> seen;
    for (const ContactId& id : ids) {
        if (seen.insert(id).second) once.push_back(id);
    }
    BulkWalk walk(contacts, customer, request, options);
    return walk.run(once);
}

}  // namespace crm
