// Random contacts as they can be stored: the pool of texts holds what no contact can have.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "shared/contact.h"
#include "shared/contact_parse.h"
#include "shared/text.h"

namespace crm::test {

inline ContactFields storable(ContactFields fields) {
    for (const FieldSpec& spec : kContactFields) {
        std::string& text = fields.*spec.member;
        text = clean_text(spec.kind, text);
        if (!field_problem(spec, text).empty()) text.clear();
    }
    std::erase_if(fields.more_emails,
                  [](const LabeledValue& entry) { return !email_key(entry.value); });
    for (const ListFieldSpec& spec : kContactListFields) {
        for (LabeledValue& entry : fields.*spec.member) {
            entry.value = clean_text(spec.kind, entry.value);
        }
        std::erase_if(fields.*spec.member,
                      [](const LabeledValue& entry) { return entry.value.empty(); });
    }
    return normalize_lists(std::move(fields));
}

}  // namespace crm::test
