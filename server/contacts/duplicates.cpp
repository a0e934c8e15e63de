#include "server/contacts/duplicates.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "server/contacts/duplicate_rules.h"
#include "server/limits.h"
#include "server/phone_key.h"
#include "server/store/contact_store.h"
#include "server/store/merge_store.h"
#include "shared/text.h"

namespace crm {
namespace {

struct Found {
    store::ContactPair pair;
    std::vector<api::DuplicateReason> reasons;
    int score = 0;
};

/// Strongest first; ids break ties.
bool comes_before(const Found& left, const Found& right) {
    return std::tuple(-left.score, left.pair.first.text, left.pair.second.text) <
           std::tuple(-right.score, right.pair.first.text, right.pair.second.text);
}

Result<std::vector<Found>> find_all(const store::Connection& connection,
                                    const CustomerId& customer) {
    const std::vector<Contact> everybody = CRM_TRY(store::load_comparable(connection, customer));
    const std::set<store::ContactPair> separate =
        CRM_TRY(store::load_kept_separate(connection, customer));
    std::vector<Person> people;
    people.reserve(everybody.size());
    for (const Contact& contact : everybody) people.push_back(person_of(contact.fields));
    std::vector<Found> found;
    for (const auto& [left, right] : find_pairs(people)) {
        Found one;
        one.pair = store::make_pair_of(everybody[left].id, everybody[right].id);
        if (separate.contains(one.pair)) continue;
        one.reasons = compare(people[left], people[right]);
        one.score = score_of(one.reasons);
        found.push_back(std::move(one));
    }
    std::sort(found.begin(), found.end(), comes_before);
    return found;
}

constexpr char kBetweenIds = ' ';

std::string cursor_after(const Found& found) {
    return format_cursor({{std::to_string(found.score)},
                          found.pair.first.text + kBetweenIds + found.pair.second.text});
}

Result<Found> place_of(const std::string& text) {
    const Cursor cursor = CRM_TRY(parse_cursor(text, 1));
    Found place;
    const std::string& score = cursor.values.front();
    const auto [end, problem] =
        std::from_chars(score.data(), score.data() + score.size(), place.score);
    const std::size_t cut = cursor.id.find(kBetweenIds);
    if (problem != std::errc{} || end != score.data() + score.size() || cut == std::string::npos) {
        return Error{ErrorCode::BadRequest,
                     "The cursor does not belong to this list; start again at the first page"};
    }
    place.pair = {ContactId(cursor.id.substr(0, cut)), ContactId(cursor.id.substr(cut + 1))};
    return place;
}

/// Nothing when one of them has gone meanwhile.
Status add_shown(ContactService& contacts,
                 const CustomerId& customer,
                 const Found& found,
                 api::DuplicatePage& page) {
    api::Duplicate shown{{}, found.reasons, found.score};
    for (const ContactId& id : {found.pair.first, found.pair.second}) {
        Result<Contact> contact = contacts.find(customer, id);
        if (!contact.is_ok() && contact.error().code == ErrorCode::NotFound) return {};
        shown.contacts.push_back(CRM_TRY(std::move(contact)));
    }
    std::stable_sort(shown.contacts.begin(),
                     shown.contacts.end(),
                     [](const Contact& left, const Contact& right) {
                         return left.created_at < right.created_at;
                     });
    page.duplicates.push_back(std::move(shown));
    return {};
}

/// Whoever may have something of it, by the indexes.
Result<std::vector<Contact>> find_candidates(const store::Connection& connection,
                                             const CustomerId& customer,
                                             const ContactFields& typed) {
    std::vector<ContactQuery> queries;
    const auto ask = [&](std::string text, ContactFilter filter) {
        ContactQuery query;
        query.text = std::move(text);
        query.filter = std::move(filter);
        query.limit = kDuplicateCandidatesMax;
        queries.push_back(std::move(query));
    };
    if (const auto key = email_key(typed.email)) ask(*key, {});
    const std::string tail = phone_tail(typed.phone);
    if (!tail.empty()) ask(tail, {});
    if (!trim(typed.name).empty() && !trim(typed.company).empty()) {
        ask(typed.name,
            {.kind = ContactFilter::Kind::Condition,
             .parts = {},
             .condition = {"company", FilterTest::Is, typed.company}});
    }
    std::vector<Contact> candidates;
    for (const ContactQuery& query : queries) {
        api::ContactPage page =
            CRM_TRY(store::list_contacts(connection, customer, query, store::Total::Skipped));
        for (Contact& contact : page.contacts) candidates.push_back(std::move(contact));
    }
    return candidates;
}

}  // namespace

Result<api::DuplicatePage> list_duplicates(ContactService& contacts,
                                           const CustomerId& customer,
                                           int limit,
                                           const std::string& cursor) {
    std::optional<Found> place;
    if (!cursor.empty()) place = CRM_TRY(place_of(cursor));
    std::vector<Found> found;
    {
        const store::Snapshot snapshot = CRM_TRY(contacts.begin_read());
        found = CRM_TRY(find_all(snapshot, customer));
    }
    api::DuplicatePage page;
    page.total = static_cast<std::int64_t>(found.size());
    auto next = found.begin();
    if (place) next = std::upper_bound(found.begin(), found.end(), *place, comes_before);
    const auto most = static_cast<std::size_t>(std::clamp(limit, 1, kPageSizeMax));
    for (std::size_t shown = 0; next != found.end() && shown < most; ++next, ++shown) {
        CRM_TRY(add_shown(contacts, customer, *next, page));
    }
    if (next != found.end() && next != found.begin()) page.cursor = cursor_after(*std::prev(next));
    return page;
}

Result<api::DuplicatePage> find_duplicates_of(ContactService& contacts,
                                              const CustomerId& customer,
                                              const ContactFields& typed,
                                              const ContactId& self) {
    const store::Snapshot snapshot = CRM_TRY(contacts.begin_read());
    const std::set<store::ContactPair> separate =
        CRM_TRY(store::load_kept_separate(snapshot, customer));
    const Person person = person_of(typed);
    std::vector<Found> found;
    for (const Contact& candidate : CRM_TRY(find_candidates(snapshot, customer, typed))) {
        Found one;
        one.pair = {candidate.id, ContactId()};
        one.reasons = compare(person, person_of(candidate.fields));
        one.score = score_of(one.reasons);
        const bool is_out = one.reasons.empty() || candidate.id == self ||
                            separate.contains(store::make_pair_of(candidate.id, self));
        if (!is_out) found.push_back(std::move(one));
    }
    std::sort(found.begin(), found.end(), comes_before);
    const auto is_same = [](const Found& left, const Found& right) {
        return left.pair == right.pair;
    };
    found.erase(std::unique(found.begin(), found.end(), is_same), found.end());
    api::DuplicatePage page;
    page.total = static_cast<std::int64_t>(found.size());
    for (const Found& one : found) {
        api::Duplicate shown{{}, one.reasons, one.score};
        shown.contacts.push_back(CRM_TRY(contacts.find(customer, one.pair.first)));
        page.duplicates.push_back(std::move(shown));
    }
    return page;
}

Status keep_separate(ContactService& contacts,
                     const CustomerId& customer,
                     const std::vector<ContactId>& pair,
                     const std::string& actor) {
    store::Transaction transaction = CRM_TRY(contacts.begin_write());
    for (const ContactId& id : pair) (void)CRM_TRY(contacts.load(transaction, customer, id));
    CRM_TRY(store::keep_separate(
        transaction, customer, store::make_pair_of(pair.at(0), pair.at(1)), actor, contacts.now()));
    return transaction.commit();
}

}  // namespace crm
