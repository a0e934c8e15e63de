// The laws of merge_fields over three contacts made from any bytes. Texts are cut from one short
// alphabet, so that the sides agree often enough for every branch to be reached.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "shared/contact_merge.h"

namespace {

void require(bool is_true) {
    if (!is_true) std::abort();
}

crm::ContactFields take_fields(FuzzedDataProvider& data) {
    constexpr std::size_t kTextBytesMax = 8;
    constexpr std::size_t kValuesMax = 4;
    crm::ContactFields fields;
    for (const crm::FieldSpec& spec : crm::kContactFields) {
        fields.*spec.member = data.ConsumeRandomLengthString(kTextBytesMax);
    }
    for (const crm::ListFieldSpec& spec : crm::kContactListFields) {
        for (auto count = data.ConsumeIntegralInRange<std::size_t>(0, kValuesMax); count > 0;
             --count) {
            std::string value = data.ConsumeRandomLengthString(kTextBytesMax);
            (fields.*spec.member).push_back({std::move(value), data.ConsumeBool() ? "a" : "b"});
        }
    }
    for (auto count = data.ConsumeIntegralInRange<std::size_t>(0, kValuesMax); count > 0; --count) {
        fields.tags.push_back(data.ConsumeRandomLengthString(2));
    }
    return crm::normalize_lists(std::move(fields));
}

/// A side keeps some of the base's fields.
crm::ContactFields take_side(FuzzedDataProvider& data, const crm::ContactFields& base) {
    crm::ContactFields side = base;
    const crm::ContactFields other = take_fields(data);
    for (const crm::FieldSpec& spec : crm::kContactFields) {
        if (data.ConsumeBool()) side.*spec.member = other.*spec.member;
    }
    for (const crm::ListFieldSpec& spec : crm::kContactListFields) {
        if (data.ConsumeBool()) side.*spec.member = other.*spec.member;
    }
    if (data.ConsumeBool()) side.tags = other.tags;
    return crm::normalize_lists(std::move(side));
}

std::vector<std::string> conflict_names(const crm::MergeResult& result) {
    std::vector<std::string> names;
    for (const crm::FieldConflict& conflict : result.conflicts) names.push_back(conflict.field);
    return names;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    FuzzedDataProvider data(bytes, size);
    const crm::ContactFields base = take_fields(data);
    const crm::ContactFields local = take_side(data, base);
    const crm::ContactFields remote = take_side(data, base);
    const crm::MergeResult merged = crm::merge_fields(base, local, remote);
    require(crm::normalize_lists(merged.fields) == merged.fields);
    require(crm::merge_fields(base, local, base) == crm::MergeResult{local, {}});
    require(crm::merge_fields(base, local, local) == crm::MergeResult{local, {}});
    require(crm::merge_fields(base, base, remote).conflicts.empty());
    require(crm::merge_fields(remote, merged.fields, remote) ==
            crm::MergeResult{merged.fields, {}});
    require(conflict_names(merged) == conflict_names(crm::merge_fields(base, remote, local)));
    return 0;
}
