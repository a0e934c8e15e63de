// The part of Observer that proposes who a held record may be. A phone is shared by families and
// offices: it links nothing by itself, a person does. Phones are only read where their last digits
// meet, and only when a record is held that could be suggested for.
#include <algorithm>

#include "server/phone_key.h"
#include "server/sync/observe_walk.h"
#include "shared/text.h"

namespace crm::sync {
namespace {

/// A person may say whose record it is: nothing but the missing e-mail keeps it out.
bool can_be_suggested(const Hold& hold) {
    if (hold.reason == HoldReason::NoEmail) return true;
    if (hold.reason != HoldReason::Invalid || hold.contact.is_set()) return false;
    const auto email = hold.values.find("email");
    return email != hold.values.end() && !email_key(email->second);
}

std::string phone_of(const Hold& hold) {
    const auto phone = hold.values.find("phone");
    return phone == hold.values.end() ? std::string() : phone->second;
}

std::vector<std::string> phones_of(const ContactFields& fields) {
    std::vector<std::string> phones{fields.phone};
    for (const LabeledValue& phone : fields.more_phones) phones.push_back(phone.value);
    return phones;
}

}  // namespace

void Observer::find_phones(const std::set<std::string>& tails) {
    if (tails.empty()) return;
    for (const auto& [id, contact] : notes_.contacts) {
        if (contact.contact.deleted || contact.contact.arriving) continue;
        for (const std::string& phone : phones_of(contact.contact.fields)) {
            if (!tails.contains(phone_tail(phone))) continue;
            const auto key = phone_key(phone, in_.phone_region);
            if (key) by_phone_[*key].insert(id);
        }
    }
}

Proposal Observer::propose(const Hold& hold) const {
    const auto key = phone_key(phone_of(hold), in_.phone_region);
    const auto found = key ? by_phone_.find(*key) : by_phone_.end();
    if (found == by_phone_.end()) return {};
    const std::set<ContactId>& all = found->second;
    // What a person refused is not asked again, nor is another one proposed in its place.
    if (hold.is_suggestion_refused && all.contains(hold.suggested))
        return {hold.suggested, hold.suggestion};
    const ContactNotes& first = notes_.contacts.at(*all.begin());
    const std::string who = display_name(first.contact.fields);
    if (all.size() > 1) {
        return {{},
                "Its phone is that of " + std::to_string(all.size()) + " contacts here (" + who +
                    " is one), so nobody is suggested."};
    }
    const auto standing = first.systems.find(in_.system.key);
    if (standing != first.systems.end() && standing->second.link) {
        return {{},
                "It has the phone of " + who + ", who is linked to " + in_.system.label +
                    " record " + standing->second.link->id.text +
                    "; if both are one person, merge the records there."};
    }
    if (standing != first.systems.end() && standing->second.intent) return {};
    return {first.contact.id,
            "It has the same phone as " + who + ", who has no record in " + in_.system.label + "."};
}

/// True when the cause of a question about a contact of its own has ended.
bool Observer::is_similar_over(const RemoteKey& key, const Hold& hold) const {
    const ContactId* owner = index_.find_linked(key.second);
    if (owner == nullptr || notes_.contacts.at(*owner).contact.deleted) return true;
    const auto phone = phone_key(notes_.contacts.at(*owner).contact.fields.phone, in_.phone_region);
    const auto found = phone ? by_phone_.find(*phone) : by_phone_.end();
    return found == by_phone_.end() || !found->second.contains(hold.suggested);
}

/// A contact of its own that has just arrived, and may be somebody who is here already. It goes on
/// as any other: whether they are one is asked beside that.
void Observer::ask_about(const ContactId& id) {
    const ContactNotes& fresh = notes_.contacts.at(id);
    const Link& link = *fresh.systems.at(in_.system.key).link;
    Hold similar;
    similar.reason = HoldReason::Similar;
    similar.values["phone"] = fresh.contact.fields.phone;
    const Proposal proposal = propose(similar);
    if (!proposal.contact.is_set()) return;
    for (const std::string& field : in_.system.fields) {
        if (const auto known = link.fields.find(field); known != link.fields.end())
            similar.values[field] = known->second.raw;
    }
    similar.contact = id;
    similar.title = display_name(fresh.contact.fields);
    similar.message = "It was taken over from " + in_.system.label +
                      " as a contact of its own, and may be somebody who is here already.";
    similar.since = in_.window.ended;
    similar.suggested = proposal.contact;
    similar.suggestion = "It has the same phone as " +
                         display_name(notes_.contacts.at(proposal.contact).contact.fields) + ".";
    const RemoteKey key{in_.system.key, link.id};
    notes_.holds[key] = std::move(similar);
    out_.holds.insert(key);
}

/// The records of this listing that have, or may get, a suggestion.
std::vector<RemoteKey> Observer::find_askable() const {
    std::vector<RemoteKey> keys;
    for (const auto& [key, hold] : notes_.holds) {
        // Of what a listing does not show, nothing new is known.
        const bool is_shown = key.first == in_.system.key && seen_.contains(key.second);
        if (is_shown && (can_be_suggested(hold) || !hold.suggestion.empty())) keys.push_back(key);
    }
    return keys;
}

void Observer::suggest_by_phone() {
    const std::vector<RemoteKey> keys = find_askable();
    std::set<std::string> tails;
    for (const RemoteKey& key : keys) tails.insert(phone_tail(phone_of(notes_.holds.at(key))));
    for (const ContactId& id : out_.arrived) {
        if (notes_.contacts.contains(id))
            tails.insert(phone_tail(notes_.contacts.at(id).contact.fields.phone));
    }
    tails.erase("");
    find_phones(tails);
    for (const RemoteKey& key : keys) {
        Hold& hold = notes_.holds.at(key);
        if (hold.reason == HoldReason::Similar) {
            if (!is_similar_over(key, hold)) continue;
            notes_.holds.erase(key);
            out_.holds.insert(key);
            continue;
        }
        const Proposal proposal = can_be_suggested(hold) ? propose(hold) : Proposal{};
        if (hold.suggested == proposal.contact && hold.suggestion == proposal.text) continue;
        if (!(hold.suggested == proposal.contact)) hold.is_suggestion_refused = false;
        hold.suggested = proposal.contact;
        hold.suggestion = proposal.text;
        out_.holds.insert(key);
    }
    for (const ContactId& id : out_.arrived) {
        if (notes_.contacts.contains(id)) ask_about(id);
    }
}

void Observer::clear_suggested() {
    for (const auto& [key, hold] : notes_.holds) set_suggested(key, hold, false);
}

/// A contact for whom a record is suggested gets none of its own before a person decides.
void Observer::mark_suggested() {
    for (const auto& [key, hold] : notes_.holds) {
        if (hold.is_awaited()) set_suggested(key, hold, true);
    }
}

void Observer::set_suggested(const RemoteKey& record, const Hold& hold, bool is_suggested) {
    if (!(record.first == in_.system.key) || !hold.suggested.is_set()) return;
    const auto contact = notes_.contacts.find(hold.suggested);
    if (contact != notes_.contacts.end()) standing_of(contact->second).is_suggested = is_suggested;
}

}  // namespace crm::sync
