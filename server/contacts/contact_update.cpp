#include "server/contacts/contact_update.h"

#include <string>
#include <utility>

#include "server/store/contact_store.h"
#include "shared/api.h"
#include "shared/api_json.h"
#include "shared/contact_merge.h"
#include "shared/limits.h"

namespace crm {
namespace {

Error version_mismatch(const Contact& current, const std::vector<FieldConflict>& conflicts) {
    api::VersionConflict details;
    for (const FieldConflict& conflict : conflicts) {
        details.fields.push_back(conflict.field);
        details.base[conflict.field] = conflict.base;
        details.current[conflict.field] = conflict.remote;
        details.yours[conflict.field] = conflict.local;
    }
    details.version = current.version;
    details.contact = current;
    Error error{ErrorCode::VersionMismatch,
                "Someone else changed the same field, so nothing was saved; compare and choose"};
    error.details_json = api::write_version_conflict(details);
    return error;
}

/// For a version that this contact never had: all that the patch would change is in question.
std::vector<FieldConflict> all_in_question(const Contact& current, const ContactPatch& patch) {
    std::vector<FieldConflict> conflicts;
    for (const FieldChange& change :
         diff_fields(current.fields, apply_patch(current.fields, patch))) {
        conflicts.push_back({change.field, "", change.to, change.from});
    }
    return conflicts;
}

/// Two lists that are each within the limits may not be so together.
Status check_merged_lists(const ContactFields& fields) {
    Error error{ErrorCode::InvalidArgument,
                "Together with the changes of someone else this would be too many values"};
    const std::string advice = "Remove some of them";
    for (const ListFieldSpec& spec : kContactListFields) {
        if ((fields.*spec.member).size() > kExtraValuesMax) {
            error.fields[std::string(spec.wire)] = advice;
        }
    }
    if (fields.tags.size() > kTagsMax) error.fields[std::string(kTagsWire)] = advice;
    if (error.fields.empty()) return {};
    return error;
}

}  // namespace

Result<ContactFields> merge_patch(const store::Connection& connection,
                                  const Contact& current,
                                  const ContactPatch& patch,
                                  std::optional<std::int64_t> seen) {
    if (!seen || *seen == current.version) return apply_patch(current.fields, patch);

    const auto base = CRM_TRY(store::fields_at(connection, current, *seen));
    if (!base) {
        const std::vector<FieldConflict> conflicts = all_in_question(current, patch);
        if (conflicts.empty()) return current.fields;
        return version_mismatch(current, conflicts);
    }
    const ContactFields mine = apply_patch(*base, patch);
    MergeResult merged = merge_fields(*base, mine, current.fields);
    if (!merged.conflicts.empty()) return version_mismatch(current, merged.conflicts);
    // The merge takes another spelling for no change; what the patch left alone is not turned back.
    for (const FieldSpec& spec : kContactFields) {
        if (mine.*spec.member == (*base).*spec.member) {
            merged.fields.*spec.member = current.fields.*spec.member;
        }
    }
    CRM_TRY(check_merged_lists(merged.fields));
    return merged.fields;
}

}  // namespace crm
