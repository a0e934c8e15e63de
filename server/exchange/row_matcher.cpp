#include "server/exchange/row_matcher.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "server/store/contact_store.h"
#include "shared/contact_json.h"
#include "shared/contact_parse.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::exchange {
namespace {

RowDecision refusal(std::string reason) {
    RowDecision decision;
    decision.reason = std::move(reason);
    return decision;
}

/// All problems of a row in one sentence after the other.
std::string reason_of(const Error& error) {
    if (error.fields.size() < 2) return as_sentence(error.message);
    std::string reason;
    for (const auto& [wire, problem] : error.fields) {
        const FieldSpec* spec = find_field(wire);
        reason += (reason.empty() ? "" : " ") + (spec ? std::string(spec->label) : wire) + ": " +
                  as_sentence(problem);
    }
    return reason;
}

/// The same address in other capitals is no change.
void keep_spelling(ContactPatch& patch, const ContactFields& fields) {
    const auto email = patch.texts.find("email");
    if (email != patch.texts.end() && email_key(email->second) == email_key(fields.email)) {
        patch.texts.erase(email);
    }
}

template <class List>
void append(List& list, const std::optional<List>& more) {
    if (more) list.insert(list.end(), more->begin(), more->end());
}

std::string list_problem(const ContactFields& fields) {
    if (fields.tags.size() > kTagsMax) {
        return "The contact would have more than " + std::to_string(kTagsMax) + " tags.";
    }
    if (std::max(fields.more_emails.size(), fields.more_phones.size()) > kExtraValuesMax) {
        return "The contact would have more than " + std::to_string(kExtraValuesMax) +
               " further e-mails or phones.";
    }
    return {};
}

}  // namespace

Status RowMatcher::learn_phones(ContactService& contacts) {
    if (key_ != ImportKey::Phone) return {};
    ContactReader reader =
        CRM_TRY(contacts.open_reader(customer_, {}, ContactService::Links::LeftOut));
    while (true) {
        const std::vector<Contact> page = CRM_TRY(reader.next());
        if (page.empty()) return {};
        for (const Contact& contact : page) {
            if (const auto key = phone_key(contact.fields.phone)) {
                phones_[*key].push_back(contact.id);
            }
        }
    }
}

std::string RowMatcher::identity(const ContactFields& fields) const {
    const std::string phone = phone_key(fields.phone).value_or("");
    if (key_ == ImportKey::Phone && !phone.empty()) return "phone " + phone;
    const std::string email = email_key(fields.email).value_or("");
    if (!email.empty()) return "email " + email;
    return "name " + fold(fields.name) + '\n' + phone;
}

/// The same row again says nothing new; another one for the same person is a question.
std::optional<RowDecision> RowMatcher::check_repetition(const ImportRow& row,
                                                        const ContactPatch& patch) {
    const std::hash<std::string> hash;
    const Seen now{row.number, hash(write_contact_patch(patch))};
    const auto [seen, is_new] = seen_.emplace(hash(identity(apply_patch({}, patch))), now);
    if (is_new) return std::nullopt;
    if (seen->second.content == now.content) {
        RowDecision decision;
        decision.action = RowAction::Keep;
        return decision;
    }
    return refusal("Row " + std::to_string(seen->second.row) +
                   " of this file is about the same person and differs: put both into one row.");
}

Result<std::optional<Contact>> RowMatcher::find_by_phone(const store::Connection& connection,
                                                         const std::string& phone) const {
    const auto found = phones_.find(phone);
    if (found == phones_.end()) return std::optional<Contact>();
    if (found->second.size() > 1) {
        return Error{ErrorCode::Conflict,
                     "Several contacts have this phone, so it is not clear which one is meant."};
    }
    auto contact = CRM_TRY(store::find_contact(connection, customer_, found->second.front()));
    // Since the list was made.
    const bool is_still_so =
        contact && !contact->deleted && phone_key(contact->fields.phone) == phone;
    return is_still_so ? std::move(contact) : std::optional<Contact>();
}

Result<std::optional<Contact>> RowMatcher::find_alike(const store::Connection& connection,
                                                      const ContactFields& fields) const {
    const std::vector<Contact> namesakes =
        CRM_TRY(store::find_live_without_email(connection, customer_, fields.name));
    const auto found =
        std::find_if(namesakes.begin(), namesakes.end(), [&](const Contact& contact) {
            return phone_key(contact.fields.phone) == phone_key(fields.phone);
        });
    return found == namesakes.end() ? std::optional<Contact>() : *found;
}

Result<std::optional<Contact>> RowMatcher::find_owner(const store::Connection& connection,
                                                      const ImportRow& row,
                                                      const ContactFields& fields) const {
    const std::string phone = phone_key(fields.phone).value_or("");
    if (key_ == ImportKey::Phone && !phone.empty()) {
        auto owner = CRM_TRY(find_by_phone(connection, phone));
        if (owner) return owner;
    }
    const std::string email = email_key(fields.email).value_or("");
    if (!email.empty()) {
        auto owner = CRM_TRY(store::find_live_by_email(connection, customer_, email));
        if (owner) return owner;
    }
    if (!row.id.empty()) {
        auto owner = CRM_TRY(store::find_contact(connection, customer_, ContactId(row.id)));
        if (owner && !owner->deleted) return owner;
    }
    if (!email.empty()) return std::optional<Contact>();
    return find_alike(connection, fields);
}

RowDecision RowMatcher::lay_over(std::optional<Contact> owner, const ContactPatch& patch) const {
    RowDecision decision;
    const ContactFields before = owner ? owner->fields : ContactFields();
    ContactPatch texts;
    texts.texts = patch.texts;
    keep_spelling(texts, before);
    ContactFields after = apply_patch(before, texts);
    append(after.tags, patch.tags);
    append(after.more_emails, patch.more_emails);
    append(after.more_phones, patch.more_phones);
    decision.after = normalize_lists(std::move(after));
    decision.reason = list_problem(decision.after);
    if (!decision.reason.empty()) return decision;
    if (!owner) {
        const Status is_somebody = check_new_contact(decision.after);
        decision.action = is_somebody.is_ok() ? RowAction::Create : RowAction::Refuse;
        if (!is_somebody.is_ok()) decision.reason = reason_of(is_somebody.error());
        return decision;
    }
    decision.before = std::move(owner);
    if (decision.after == before) {
        decision.action = RowAction::Keep;
    } else if (key_ == ImportKey::None) {
        decision.reason = display_name(before) +
                          " is there already and would be changed: choose the e-mail as the key, "
                          "or leave the row out.";
    } else {
        decision.action = RowAction::Update;
    }
    return decision;
}

Result<RowDecision> RowMatcher::decide(const store::Connection& connection, const ImportRow& row) {
    if (row.is_marked_deleted) {
        return refusal(
            "The file says that this contact was deleted: clear the column Deleted to take it in.");
    }
    const Result<ContactPatch> patch = parse_patch(row.raw);
    if (!patch.is_ok()) return refusal(reason_of(patch.error()));
    if (std::optional<RowDecision> repeated = check_repetition(row, patch.value())) {
        return std::move(*repeated);
    }
    auto owner = find_owner(connection, row, apply_patch({}, patch.value()));
    if (owner.is_ok()) return lay_over(owner.take(), patch.value());
    if (owner.error().code != ErrorCode::Conflict) return owner.error();
    return refusal(owner.error().message);
}

}  // namespace crm::exchange
