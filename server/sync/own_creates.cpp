// Whose the records are that nothing marks. Pure.
#include "server/sync/own_creates.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "server/sync/field_merge.h"
#include "server/sync/linking.h"
#include "server/sync/rule.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

/// How much of what was sent a record shows.
struct Likeness {
    int agreeing = 0;  // texts that were sent and are not empty, the e-mail among them
    bool has_email = false;
    bool is_exact = false;
};

struct Match {
    ContactId contact;
    const RemoteRecord* record = nullptr;
    Likeness likeness;
};

Likeness compare(const Intent& intent, const RemoteValues& shown) {
    Likeness likeness;
    const auto text_in = [&](const std::string& field) {
        const auto found = shown.find(field);
        return found == shown.end() ? std::string() : found->second;
    };
    likeness.is_exact = !intent.raw.empty();
    for (const auto& [field, sent] : intent.raw) {
        const FieldSpec* spec = find_field(field);
        const bool is_same = spec != nullptr && is_same_value(spec->kind, sent, text_in(field));
        likeness.is_exact = likeness.is_exact && is_same;
        if (is_same && !sent.empty() && spec->kind != FieldKind::Email) ++likeness.agreeing;
    }
    const auto key = email_key(text_in("email"));
    likeness.has_email = key && *key == intent.email_key;
    if (likeness.has_email) ++likeness.agreeing;
    return likeness;
}

/// What the record showed while it waited counts as well: it may have been edited again since. Of
/// that, the e-mail alone says nothing once the record has given it up.
Likeness compare_with_held(const OwnSearch& search,
                           const ContactId& contact,
                           const Intent& intent,
                           const RemoteRecord& record) {
    const Likeness now = compare(intent, record.values);
    const auto held = search.notes.holds.find({search.system.key, record.id});
    if (held == search.notes.holds.end() || !(held->second.contact == contact)) return now;
    const Likeness before = compare(intent, held->second.values);
    if (before.agreeing < 2 || before.agreeing <= now.agreeing) return now;
    return {before.agreeing, before.has_email, now.is_exact};
}

/// It is worth comparing at all.
bool is_candidate(const OwnSearch& search,
                  const ContactId& contact,
                  const RemoteRecord& record,
                  const Likeness& likeness) {
    if (likeness.has_email) return is_on(Rule::IntentLink) || likeness.agreeing > 2;
    if (!is_on(Rule::ContentLink) || likeness.agreeing < 2) return false;
    // A record that another contact owns by its e-mail is not an orphan of ours.
    const auto key = email_key(text_of(record, "email"));
    const ContactId* owner = key ? search.index.find_owner(*key) : nullptr;
    return owner == nullptr || *owner == contact;
}

std::vector<Match> find_matches(const OwnSearch& search) {
    std::vector<Match> matches;
    for (const ContactId& id : search.index.open_creates()) {
        const Standing& standing = search.notes.contacts.at(id).systems.at(search.system.key);
        if (standing.link) continue;
        for (const RemoteRecord* record : search.records) {
            if (search.index.find_marked(*record) != nullptr) continue;
            const Likeness likeness = compare_with_held(search, id, *standing.intent, *record);
            if (is_candidate(search, id, *record, likeness))
                matches.push_back({id, record, likeness});
        }
    }
    const auto rank = [](const Match& match) {
        const Likeness& likeness = match.likeness;
        return std::tuple(likeness.is_exact, likeness.agreeing, likeness.has_email);
    };
    std::stable_sort(matches.begin(), matches.end(), [&](const Match& left, const Match& right) {
        return rank(left) > rank(right);
    });
    return matches;
}

/// The listing shows the record of the create, if there is one.
bool is_conclusive(const OwnSearch& search, const Intent& intent) {
    return intent.is_unknown && search.is_complete &&
           search.started >= intent.deadline + search.rules.settle;
}

}  // namespace

OwnCreates find_own_creates(const OwnSearch& search) {
    OwnCreates found;
    // Where our creates carry a marker, a record without it is somebody else's.
    if (search.system.has_marker && is_on(Rule::MarkerLink)) return found;
    std::set<ContactId> settled;
    for (const Match& match : find_matches(search)) {
        const RemoteId& record = match.record->id;
        if (settled.contains(match.contact) || found.ours.contains(record)) continue;
        const Standing& standing =
            search.notes.contacts.at(match.contact).systems.at(search.system.key);
        if (!match.likeness.is_exact && !is_conclusive(search, *standing.intent)) {
            found.possible.try_emplace(record, match.contact);
        } else {
            found.ours[record] = match.contact;
            settled.insert(match.contact);
        }
    }
    std::erase_if(found.possible, [&](const auto& entry) {
        return settled.contains(entry.second) || found.ours.contains(entry.first);
    });
    return found;
}

}  // namespace crm::sync
