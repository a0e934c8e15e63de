#include "server/contacts/merge_fields.h"

#include <string>

#include "shared/contact_parse.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm {
namespace {

std::string choose(const std::string& winner, const std::string& loser, const std::string& side) {
    if (side == "loser") return loser;
    if (side == "both" && !winner.empty() && !loser.empty() && winner != loser) {
        return winner + "\n\n" + loser;
    }
    if (side == "winner") return winner;
    return winner.empty() ? loser : winner;
}

void append(std::vector<LabeledValue>& values,
            const std::string& primary,
            const std::vector<LabeledValue>& more) {
    if (!primary.empty()) values.push_back({primary, ""});
    values.insert(values.end(), more.begin(), more.end());
}

void check_count(const ContactFields& fields, FieldProblems& problems) {
    for (const ListFieldSpec& list : kContactListFields) {
        if ((fields.*list.member).size() <= kExtraValuesMax) continue;
        problems[std::string(list.wire)] = "Together they have more than " +
                                           std::to_string(kExtraValuesMax) +
                                           " further ones; remove some first.";
    }
    if (fields.tags.size() > kTagsMax) {
        problems[std::string(kTagsWire)] = "Together they have more than " +
                                           std::to_string(kTagsMax) + " tags; remove some first.";
    }
    if (count_chars(fields.notes) > kNotesCharsMax) {
        problems["notes"] = "Together the notes are longer than " + std::to_string(kNotesCharsMax) +
                            " characters; choose one of them.";
    }
}

}  // namespace

Result<ContactFields> merge_contact_fields(const ContactFields& winner,
                                           const ContactFields& loser,
                                           const api::MergeRequest& request) {
    ContactFields merged = winner;
    for (const FieldSpec& spec : kContactFields) {
        const auto side = request.fields.find(std::string(spec.wire));
        // Nobody's notes are lost unless a person says so.
        const std::string otherwise = spec.kind == FieldKind::MultiLine ? "both" : "";
        merged.*spec.member = choose(winner.*spec.member,
                                     loser.*spec.member,
                                     side == request.fields.end() ? otherwise : side->second);
    }
    for (const ListFieldSpec& list : kContactListFields) {
        std::vector<LabeledValue>& values = merged.*list.member;
        values.clear();
        append(values, winner.*list.primary, winner.*list.member);
        append(values, loser.*list.primary, loser.*list.member);
    }
    merged.tags.insert(merged.tags.end(), loser.tags.begin(), loser.tags.end());
    merged = normalize_lists(std::move(merged));
    FieldProblems problems;
    check_count(merged, problems);
    if (!problems.empty()) return problems_error(std::move(problems));
    return merged;
}

}  // namespace crm
