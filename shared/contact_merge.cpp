// The three-way merge. A side counts as changed when it differs from the base by more than white
// space, or, for an e-mail, by more than its case: systems tidy such things up on their own, and
// nobody typed that.
#include "shared/contact_merge.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "shared/text.h"

namespace crm {
namespace {

struct Sides {
    const ContactFields& base;
    const ContactFields& local;
    const ContactFields& remote;
};

/// What two texts of a field must share to count as unchanged.
std::string comparable(const FieldSpec& spec, const std::string& text) {
    return spec.kind == FieldKind::Email ? value_key(spec.kind, text) : canonical_text(text);
}

void merge_text(const FieldSpec& spec, const Sides& sides, MergeResult& result) {
    const std::string base = comparable(spec, sides.base.*spec.member);
    const std::string local = comparable(spec, sides.local.*spec.member);
    const std::string remote = comparable(spec, sides.remote.*spec.member);
    if (local == remote || remote == base) return;
    if (local == base) {
        result.fields.*spec.member = sides.remote.*spec.member;
        return;
    }
    result.conflicts.push_back({std::string(spec.wire),
                                sides.base.*spec.member,
                                sides.local.*spec.member,
                                sides.remote.*spec.member});
}

const LabeledValue* find_value(const std::vector<LabeledValue>& values,
                               FieldKind kind,
                               const std::string& key) {
    for (const LabeledValue& entry : values) {
        if (value_key(kind, entry.value) == key) return &entry;
    }
    return nullptr;
}

/// One entry of a list as the three sides have it; nullptr where a side lacks it.
struct EntrySides {
    const LabeledValue* base;
    const LabeledValue* local;
    const LabeledValue* remote;
};

struct MergedEntry {
    std::optional<LabeledValue> entry;  // nullopt: removed
    bool is_conflict = false;
};

std::string merge_word(const std::string* base,
                       const std::string& local,
                       const std::string& remote,
                       bool& is_conflict) {
    if (local == remote || (base != nullptr && remote == *base)) return local;
    if (base != nullptr && local == *base) return remote;
    is_conflict = true;
    return local;
}

/// An entry that one side removed and the other one edited stays: nothing that was typed is
/// dropped.
MergedEntry merge_entry(const EntrySides& sides) {
    if (sides.local == nullptr && sides.remote == nullptr) return {};
    if (sides.local == nullptr) {
        const bool is_removed = sides.base != nullptr && *sides.remote == *sides.base;
        return {is_removed ? std::nullopt : std::optional(*sides.remote)};
    }
    if (sides.remote == nullptr) {
        const bool is_removed = sides.base != nullptr && *sides.local == *sides.base;
        return {is_removed ? std::nullopt : std::optional(*sides.local)};
    }
    MergedEntry merged;
    LabeledValue entry;
    bool is_spelled_twice = false;  // one key, spelled in two ways: the local spelling, no conflict
    const std::string* base_value = sides.base != nullptr ? &sides.base->value : nullptr;
    const std::string* base_label = sides.base != nullptr ? &sides.base->label : nullptr;
    entry.value = merge_word(base_value, sides.local->value, sides.remote->value, is_spelled_twice);
    entry.label =
        merge_word(base_label, sides.local->label, sides.remote->label, merged.is_conflict);
    merged.entry = std::move(entry);
    return merged;
}

/// Keys in local order, then what only the remote side has.
std::vector<std::string> ordered_keys(const ListFieldSpec& spec, const Sides& sides) {
    std::vector<std::string> keys;
    std::set<std::string> seen;
    for (const ContactFields* fields : {&sides.local, &sides.remote}) {
        for (const LabeledValue& entry : fields->*spec.member) {
            std::string key = value_key(spec.kind, entry.value);
            if (seen.insert(key).second) keys.push_back(std::move(key));
        }
    }
    return keys;
}

void merge_list(const ListFieldSpec& spec, const Sides& sides, MergeResult& result) {
    const std::vector<LabeledValue>& base = sides.base.*spec.member;
    const std::vector<LabeledValue>& local = sides.local.*spec.member;
    const std::vector<LabeledValue>& remote = sides.remote.*spec.member;
    if (remote == base || remote == local) return;
    if (local == base) {
        result.fields.*spec.member = remote;  // its order too
        return;
    }
    std::vector<LabeledValue> merged;
    bool is_conflict = false;
    for (const std::string& key : ordered_keys(spec, sides)) {
        MergedEntry entry = merge_entry({find_value(base, spec.kind, key),
                                         find_value(local, spec.kind, key),
                                         find_value(remote, spec.kind, key)});
        is_conflict = is_conflict || entry.is_conflict;
        if (entry.entry) merged.push_back(std::move(*entry.entry));
    }
    result.fields.*spec.member = std::move(merged);
    if (!is_conflict) return;
    result.conflicts.push_back(
        {std::string(spec.wire), values_text(base), values_text(local), values_text(remote)});
}

std::map<std::string, std::string> tags_by_key(const std::vector<std::string>& tags) {
    std::map<std::string, std::string> by_key;
    for (const std::string& tag : tags) by_key.emplace(value_key(FieldKind::Line, tag), tag);
    return by_key;
}

std::vector<std::string> merge_tags(const Sides& sides) {
    if (sides.remote.tags == sides.base.tags) return sides.local.tags;
    if (sides.local.tags == sides.base.tags) return sides.remote.tags;
    const std::map<std::string, std::string> base = tags_by_key(sides.base.tags);
    std::map<std::string, std::string> merged = tags_by_key(sides.local.tags);
    const std::map<std::string, std::string> remote = tags_by_key(sides.remote.tags);
    for (const auto& [key, tag] : base) {
        if (remote.count(key) == 0) merged.erase(key);
    }
    for (const auto& [key, tag] : remote) {
        if (base.count(key) == 0) merged.emplace(key, tag);
    }
    std::vector<std::string> tags;
    tags.reserve(merged.size());
    for (const auto& [key, tag] : merged) tags.push_back(tag);
    std::sort(tags.begin(), tags.end());
    return tags;
}

}  // namespace

MergeResult merge_fields(const ContactFields& base,
                         const ContactFields& local,
                         const ContactFields& remote) {
    const Sides sides{base, local, remote};
    MergeResult result{local, {}};
    for (const FieldSpec& spec : kContactFields) merge_text(spec, sides, result);
    for (const ListFieldSpec& spec : kContactListFields) merge_list(spec, sides, result);
    result.fields.tags = merge_tags(sides);
    // A value that became the primary one on one side may be a further one on the other.
    result.fields = normalize_lists(std::move(result.fields));
    return result;
}

}  // namespace crm
