#include "tests/server/sync/sim/people.h"

#include <algorithm>

#include "server/contacts/merge.h"
#include "server/contacts/undo.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm::test::sim {
namespace {

constexpr std::array<const char*, 8> kFields = {
    "name", "phone", "jobTitle", "pronouns", "name", "phone", "jobTitle", "email"};
constexpr std::array<const char*, 4> kClearable = {"phone", "jobTitle", "pronouns", "name"};

std::string some_field(std::uint32_t choice) {
    return kFields.at(choice % kFields.size());
}

std::string value_of(const Contact& contact, const std::string& field) {
    return contact.fields.*(find_field(field)->member);
}

std::string value_of(const FakeCrm& crm, const std::string& id, const std::string& field) {
    const auto found = crm.values(id).find(field);
    return found == crm.values(id).end() ? "" : found->second;
}

}  // namespace

std::string place_here(const ContactId& contact) {
    return "app " + contact.text;
}

std::string place_there(const FakeCrm& crm, const std::string& record) {
    return crm.name() + " " + record;
}

std::vector<Contact> People::live() {
    auto page = bench_.contacts->list(bench_.customer, {.limit = kPageSizeMax});
    REQUIRE(page.is_ok());
    std::vector<Contact> all = page.take().contacts;
    std::sort(all.begin(), all.end(), [](const Contact& left, const Contact& right) {
        return std::pair(left.created_at, left.id.text) <
               std::pair(right.created_at, right.id.text);
    });
    return all;
}

std::string People::some_email(std::uint32_t choice) const {
    return emails_.empty() ? "" : emails_[choice % emails_.size()];
}

std::string People::some_email_there(std::uint32_t choice) const {
    const FakeCrm& crm = *bench_.crms[choice % bench_.crms.size()];
    const std::vector<std::string> ids = crm.live_ids();
    const std::string* id = pick(ids, choice / 4);
    return id == nullptr ? "" : value_of(crm, *id, "email");
}

std::string People::reformatted(const std::string& field, const std::string& value) const {
    if (value.empty()) return value;
    if (field == "phone") return "(" + value + ")";
    if (field == "email") return fold(value);
    return " " + value + "  ";
}

void People::act(const Action& action) {
    for (auto& crm : bench_.crms) crm->settle_late_calls();
    if (action.act >= Act::LongPause) {
        move_clock(action);
    } else if (action.act >= Act::CreateThere) {
        act_there(action);
    } else {
        act_here(action);
    }
}

void People::move_clock(const Action& action) {
    const std::chrono::milliseconds step(history_.clock_step_ms);
    if (action.act == Act::ClockForward) bench_.own_clock.off = step;
    if (action.act == Act::ClockBack) bench_.own_clock.off = -step;
    if (action.act == Act::LongPause) {
        bench_.clock.advance(std::chrono::minutes(20 + action.choice[0] % 300));
    }
    tell_(std::string(act_name(action.act)));
}

void People::act_here(const Action& action) {
    const std::vector<Contact> all = live();
    const Contact* one = pick(all, action.choice[0]);
    if (action.act == Act::CreateHere) {
        create_here(action, tokens_.make("email"));
    } else if (action.act == Act::RecreateHere) {
        create_here(action, some_email(action.choice[1]));
    } else if (action.act == Act::ClaimHere) {
        create_here(action, some_email_there(action.choice[1]));
    } else if (action.act == Act::RestoreHere) {
        restore_here(action);
    } else if (action.act == Act::UnmergeHere) {
        unmerge_here(action);
    } else if (one == nullptr) {
        return;
    } else if (action.act == Act::EditHere) {
        const std::string field = some_field(action.choice[1]);
        edit_here(*one, field, tokens_.make(field));
    } else if (action.act == Act::ClearHere) {
        edit_here(*one, kClearable.at(action.choice[1] % kClearable.size()), "");
    } else if (action.act == Act::SwapHere) {
        swap_here(*one, all[action.choice[1] % all.size()]);
    } else if (action.act == Act::MergeHere) {
        merge_here(action, *one, all[action.choice[1] % all.size()]);
    } else if (action.act == Act::DeleteHere) {
        delete_here(*one);
    }
}

void People::create_here(const Action& action, const std::string& email) {
    if (email.empty()) return;
    ContactPatch patch;
    patch.texts = {{"name", tokens_.make("name")}, {"email", email}};
    if (action.choice[2] % 2 == 0) patch.texts["phone"] = tokens_.make("phone");
    if (action.choice[2] % 3 == 0) patch.texts["jobTitle"] = tokens_.make("jobTitle");
    std::map<std::string, Contact> before;
    for (const Contact& contact : live())
        before[email_key(contact.fields.email).value_or("")] = contact;
    auto made = bench_.contacts->create(bench_.customer, patch, {.actor = "ann"});
    if (!made.is_ok()) return;
    const Contact& contact = made.value().contact;
    touched_.insert(contact.id);
    if (made.value().is_new) made_.insert(contact.id);
    reused_.insert(email_key(email).value_or(""));
    const auto known = before.find(email_key(email).value_or(""));
    std::string line = "ann creates " + contact.id.text;
    for (const auto& [field, value] : patch.texts) {
        const std::string over = known == before.end() ? "" : value_of(known->second, field);
        tokens_.note(place_here(contact.id), field, value, over);
        line += " " + field + "=" + value;
    }
    tell_(line);
}

void People::edit_here(const Contact& contact, const std::string& field, const std::string& value) {
    const std::string over = value_of(contact, field);
    ContactPatch patch;
    patch.texts = {{field, value}};
    auto changed =
        bench_.contacts->update(bench_.customer, contact.id, patch, std::nullopt, {.actor = "ann"});
    if (!changed.is_ok()) return;
    touched_.insert(contact.id);
    tell_("ann sets " + contact.id.text + " " + field + "=" + value + " over " + over);
    if (field == "email") reused_.insert(email_key(value).value_or(""));
    if (value.empty() || tokens_.is_typed(folded(*find_field(field), value))) {
        tokens_.give_up(field, over);
    } else {
        tokens_.note(place_here(contact.id), field, value, over);
    }
}

void People::swap_here(const Contact& left, const Contact& right) {
    if (left.id == right.id || left.fields.email.empty() || right.fields.email.empty()) return;
    edit_here(left, "email", "swap-" + left.fields.email);
    edit_here(right, "email", left.fields.email);
    auto now = bench_.contacts->find(bench_.customer, left.id);
    if (now.is_ok()) edit_here(now.value(), "email", right.fields.email);
}

void People::delete_here(const Contact& contact) {
    auto removed = bench_.contacts->remove(bench_.customer, contact.id, {.actor = "ann"});
    if (!removed.is_ok()) return;
    tell_("ann deletes " + contact.id.text);
    deleted_.insert(contact.id);
    graves_.push_back(contact.id);
    if (!contact.fields.email.empty()) emails_.push_back(contact.fields.email);
}

void People::restore_here(const Action& action) {
    const ContactId* id = pick(graves_, action.choice[0]);
    if (id == nullptr || !deleted_.contains(*id)) return;
    auto restored = bench_.contacts->restore(bench_.customer, *id, {.actor = "ann"});
    if (!restored.is_ok()) return;
    tell_("ann restores " + id->text);
    deleted_.erase(*id);
    touched_.insert(*id);
    reused_.insert(email_key(restored.value().fields.email).value_or(""));
}

void People::merge_here(const Action& action, const Contact& winner, const Contact& loser) {
    if (winner.id == loser.id) return;
    api::MergeRequest request{winner.id, loser.id, {}};
    if (action.choice[2] % 3 == 0) request.fields["email"] = "loser";
    if (action.choice[2] % 2 == 0) request.fields["name"] = "loser";
    const auto merged =
        merge_contacts(*bench_.contacts, bench_.customer, request, "ann", /*is_preview=*/false);
    if (!merged.is_ok()) return;
    tell_("ann merges " + loser.id.text + " into " + winner.id.text);
    merges_.push_back({merged.value().id, winner.id, loser.id});
    touched_.insert(winner.id);
    deleted_.insert(loser.id);
    graves_.push_back(loser.id);
    const ContactFields& now = merged.value().contact.fields;
    if (!loser.fields.email.empty()) emails_.push_back(loser.fields.email);
    reused_.insert(email_key(now.email).value_or(""));
    // What the loser had stays with it in the trash; what the winner had was given up knowingly.
    for (const char* field : {"name", "email"}) {
        const std::string over = value_of(winner, field);
        if (over != now.*(find_field(field)->member)) tokens_.give_up(field, over);
    }
}

void People::unmerge_here(const Action& action) {
    const Merged* merge = pick(merges_, action.choice[0]);
    if (merge == nullptr) return;
    const auto undone =
        undo_changes(*bench_.contacts, bench_.customer, merge->id, "ann", /*is_preview=*/false);
    if (!undone.is_ok()) return;
    tell_("ann takes back the merge of " + merge->loser.text + " into " + merge->winner.text);
    for (const ContactId& id : {merge->winner, merge->loser}) {
        const auto now = bench_.contacts->find(bench_.customer, id);
        REQUIRE(now.is_ok());
        if (now.value().deleted) continue;
        deleted_.erase(id);
        touched_.insert(id);
        reused_.insert(email_key(now.value().fields.email).value_or(""));
    }
}

void People::act_there(const Action& action) {
    FakeCrm& crm = *bench_.crms[action.choice[3] % bench_.crms.size()];
    if (action.act == Act::CreateThere) {
        create_there(action, crm, tokens_.make("email"));
    } else if (action.act == Act::ReuseThere) {
        create_there(action, crm, some_email(action.choice[1]));
    } else if (action.act == Act::NamelessThere) {
        create_there(action, crm, "");
    } else if (action.act == Act::TwinThere) {
        const std::vector<Contact> all = live();
        const Contact* one = pick(all, action.choice[0]);
        if (one != nullptr) create_there(action, crm, one->fields.email);
    } else {
        act_on_records(action, crm);
    }
}

void People::create_there(const Action& action, FakeCrm& crm, const std::string& email) {
    if (email.empty() && action.act != Act::NamelessThere) return;
    sync::RemoteValues values = {{"name", tokens_.make("name")}, {"email", email}};
    if (action.choice[2] % 2 == 0) values["phone"] = tokens_.make("phone");
    if (action.choice[2] % 3 == 0) values["jobTitle"] = tokens_.make("jobTitle");
    const std::string id = crm.person_creates(values);
    if (id.empty()) return;
    std::string line = "bob creates " + place_there(crm, id);
    for (const auto& [field, value] : values) {
        if (!value.empty()) tokens_.note(place_there(crm, id), field, value, "");
        line += " " + field + "=" + value;
    }
    tell_(line);
}

void People::edit_there(FakeCrm& crm,
                        const std::string& id,
                        const std::string& field,
                        const std::string& value) {
    const std::string over = value_of(crm, id, field);
    crm.person_edits(id, field, value);
    const FieldSpec& spec = *find_field(field);
    if (folded(spec, value_of(crm, id, field)) != folded(spec, value)) return;  // refused
    tell_("bob sets " + place_there(crm, id) + " " + field + "=" + value + " over " + over);
    if (folded(spec, over) == folded(spec, value)) return;
    if (value.empty() || tokens_.is_typed(folded(spec, value))) {
        tokens_.give_up(field, over);
    } else {
        tokens_.note(place_there(crm, id), field, value, over);
    }
}

void People::swap_there(FakeCrm& crm, const std::string& left, const std::string& right) {
    const std::string ours = value_of(crm, left, "email");
    const std::string theirs = value_of(crm, right, "email");
    if (left == right || ours.empty() || theirs.empty()) return;
    edit_there(crm, left, "email", "swap-" + ours);
    edit_there(crm, right, "email", ours);
    edit_there(crm, left, "email", theirs);
}

void People::merge_there(FakeCrm& crm, const std::string& winner, const std::string& loser) {
    if (winner == loser) return;
    tokens_.give_up_place(place_there(crm, loser));
    for (const auto& [field, value] : crm.values(loser)) tokens_.give_up(field, value);
    const std::string survivor = crm.person_merges(winner, loser);
    tell_("bob merges " + place_there(crm, loser) + " into " + winner + " as " + survivor);
}

void People::act_on_records(const Action& action, FakeCrm& crm) {
    std::vector<std::string> ids;
    for (const auto& [id, record] : crm.records()) {
        if (crm.is_live(id) != (action.act == Act::RestoreThere)) ids.push_back(id);
    }
    const std::string* id = pick(ids, action.choice[0]);
    if (id == nullptr) return;
    const std::string field = some_field(action.choice[1]);
    if (action.act == Act::EditThere) {
        edit_there(crm, *id, field, tokens_.make(field));
    } else if (action.act == Act::ClearThere) {
        edit_there(crm, *id, kClearable.at(action.choice[1] % kClearable.size()), "");
    } else if (action.act == Act::FormatThere) {
        edit_there(crm, *id, field, reformatted(field, value_of(crm, *id, field)));
    } else if (action.act == Act::SwapThere) {
        swap_there(crm, *id, ids[action.choice[2] % ids.size()]);
    } else if (action.act == Act::DeleteThere) {
        tell_("bob deletes " + place_there(crm, *id));
        tokens_.give_up_place(place_there(crm, *id));
        // What came with a merge or a copy was typed elsewhere.
        if (crm.records().at(*id).is_persons) {
            for (const auto& [name, value] : crm.values(*id)) tokens_.give_up(name, value);
        }
        crm.person_deletes(*id);
    } else if (action.act == Act::RestoreThere) {
        if (crm.person_restores(*id)) tell_("bob restores " + place_there(crm, *id));
    } else if (action.act == Act::MergeThere) {
        merge_there(crm, *id, ids[action.choice[2] % ids.size()]);
    } else if (action.act == Act::CloneThere) {
        const std::string copy = crm.person_clones(*id);
        if (!copy.empty()) tell_("bob clones " + place_there(crm, *id) + " as " + copy);
    } else if (action.act == Act::TouchThere) {
        crm.person_touches(*id);
        tell_("bob touches " + place_there(crm, *id));
    }
}

}  // namespace crm::test::sim
