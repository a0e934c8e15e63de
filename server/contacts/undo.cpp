#include "server/contacts/undo.h"

#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "server/contacts/undo_plan.h"
#include "server/store/contact_store.h"
#include "shared/limits.h"

namespace crm {
namespace {

using Fate = UndoPlan::Fate;

/// A line of history has a number; all else is the name of a group.
store::JournalKey key_of(std::string_view id) {
    std::int64_t line = 0;
    const auto [end, problem] = std::from_chars(id.data(), id.data() + id.size(), line);
    if (problem == std::errc{} && end == id.data() + id.size()) return {.line = line, .group = {}};
    return {.line = std::nullopt, .group = std::string(id)};
}

/// Only what differs.
ContactPatch patch_between(const ContactFields& from, const ContactFields& to) {
    ContactPatch patch;
    for (const FieldSpec& spec : kContactFields) {
        if (from.*spec.member != to.*spec.member)
            patch.texts[std::string(spec.wire)] = to.*spec.member;
    }
    if (from.tags != to.tags) patch.tags = to.tags;
    if (from.more_emails != to.more_emails) patch.more_emails = to.more_emails;
    if (from.more_phones != to.more_phones) patch.more_phones = to.more_phones;
    return patch;
}

/// One call of undo().
class Walk {
   public:
    Walk(ContactService& contacts, const CustomerId& customer, Origin origin, bool is_preview)
        : contacts_(contacts), customer_(customer), origin_(std::move(origin)) {
        undo.is_preview = is_preview;
    }

    using Lines = std::map<ContactId, std::vector<store::JournalLine>>;

    /// An e-mail may be free only once another contact of these has given it back; and somebody may
    /// edit a contact at this moment.
    Status run(Lines lines) {
        for (bool is_moving = true; is_moving && !lines.empty();) {
            is_moving = false;
            for (auto it = lines.begin(); it != lines.end();) {
                const Status done = visit(it->first, it->second);
                const bool is_waiting =
                    !done.is_ok() && (done.error().code == ErrorCode::Conflict ||
                                      done.error().code == ErrorCode::VersionMismatch);
                if (!done.is_ok() && !is_waiting) return done;
                is_moving = is_moving || !is_waiting;
                it = is_waiting ? std::next(it) : lines.erase(it);
            }
        }
        for (const auto& [id, own] : lines) CRM_TRY(keep_whole(id, own));
        return {};
    }

    api::Undo undo;

   private:
    Status visit(const ContactId& id, const std::vector<store::JournalLine>& lines) {
        const Contact current = CRM_TRY(contacts_.find(customer_, id));
        const UndoPlan plan = CRM_TRY(plan_undo(current, lines));
        Contact after = current;
        if (!undo.is_preview) {
            after = CRM_TRY(write(current, plan));
        } else {
            after.fields = plan.fields;
        }
        tell(current, after, plan);
        return {};
    }

    Result<Contact> write(const Contact& current, const UndoPlan& plan) {
        if (plan.fate == Fate::Delete) return contacts_.remove(customer_, current.id, origin_);
        Contact now = current;
        if (plan.fate == Fate::Restore)
            now = CRM_TRY(contacts_.restore(customer_, current.id, origin_));
        const ContactPatch patch = patch_between(current.fields, plan.fields);
        if (patch.is_empty()) return now;
        return contacts_.update(customer_, current.id, patch, now.version, origin_);
    }

    void tell(const Contact& before, const Contact& after, const UndoPlan& plan) {
        api::UndoneContact told;
        told.contact_id = before.id.text;
        told.title = display_name(before.fields);
        told.kind = "none";
        if (!(plan.fields == before.fields)) told.kind = "update";
        if (plan.fate == Fate::Restore) told.kind = "restore";
        if (plan.fate == Fate::Delete) told.kind = "delete";
        told.undone = diff_fields(before.fields, after.fields);
        told.kept = plan.kept;
        add(std::move(told));
    }

    /// Another contact has its e-mail now.
    Status keep_whole(const ContactId& id, const std::vector<store::JournalLine>& lines) {
        const Contact current = CRM_TRY(contacts_.find(customer_, id));
        const Status why = visit(id, lines);
        if (why.is_ok()) return {};
        api::UndoneContact told;
        told.contact_id = id.text;
        told.title = display_name(current.fields);
        told.kind = "none";
        told.kept.push_back({"", why.error().message});
        add(std::move(told));
        return {};
    }

    void add(api::UndoneContact told) {
        if (told.kind != "none") ++undo.undone;
        if (!told.kept.empty()) ++undo.kept;
        if (undo.contacts.size() < kUndoContactsShown) undo.contacts.push_back(std::move(told));
    }

    ContactService& contacts_;
    const CustomerId& customer_;
    Origin origin_;
};

}  // namespace

Result<api::Undo> undo_changes(ContactService& contacts,
                               const CustomerId& customer,
                               std::string_view id,
                               const std::string& actor,
                               bool is_preview) {
    std::vector<store::JournalLine> journal = CRM_TRY(contacts.journal(customer, key_of(id)));
    if (journal.empty()) {
        return Error{ErrorCode::NotFound,
                     "There is no change under this id that could be undone; nothing was done"};
    }
    Walk::Lines lines;
    for (store::JournalLine& line : journal) lines[line.contact].push_back(std::move(line));
    Origin origin;
    origin.actor = actor;
    origin.run_id = contacts.make_group("undo");
    origin.note = "Undone";
    Walk walk(contacts, customer, origin, is_preview);
    CRM_TRY(walk.run(std::move(lines)));
    if (!is_preview && walk.undo.undone > 0) walk.undo.id = origin.run_id;
    return std::move(walk.undo);
}

}  // namespace crm
