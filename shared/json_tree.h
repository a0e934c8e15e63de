// For the *_json.cpp files of this folder: reading members of a parsed value without exceptions,
// and the contact as a part of larger answers. Generic over the type of the tree, so that this
// header needs no JSON library; a file that uses it includes one first.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "shared/contact.h"
#include "shared/result.h"
#include "shared/time_text.h"

namespace crm::tree {

/// The member, or nullptr when there is none or `object` is no object.
template <class Json>
const Json* find(const Json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    const auto member = object.find(std::string(name));
    return member == object.end() ? nullptr : &*member;
}

/// The text of a member; "" for anything that is no text.
template <class Json>
std::string text(const Json& object, std::string_view name) {
    const Json* member = find(object, name);
    const auto* value =
        member != nullptr ? member->template get_ptr<const std::string*>() : nullptr;
    return value != nullptr ? *value : std::string{};
}

template <class Json>
std::int64_t integer_of(const Json& value) {
    return value.is_number_integer() ? value.template get<std::int64_t>() : 0;
}

template <class Json>
std::int64_t integer(const Json& object, std::string_view name) {
    const Json* member = find(object, name);
    return member != nullptr ? integer_of(*member) : 0;
}

/// True only for a member that is `true`.
template <class Json>
bool is_true(const Json& object, std::string_view name) {
    const Json* member = find(object, name);
    return member != nullptr && member->is_boolean() && member->template get<bool>();
}

template <class Json>
std::optional<TimePoint> time(const Json& object, std::string_view name) {
    return parse_time(text(object, name));
}

/// Calls visit(element) for each element of a list; none when the member is no list.
template <class Json, class Visit>
void for_each(const Json& object, std::string_view name, Visit visit) {
    const Json* member = find(object, name);
    if (member == nullptr || !member->is_array()) return;
    for (const Json& element : *member) visit(element);
}

template <class Json>
std::map<std::string, std::int64_t> counts(const Json& object, std::string_view name) {
    std::map<std::string, std::int64_t> found;
    const Json* member = find(object, name);
    if (member == nullptr || !member->is_object()) return found;
    for (auto entry = member->begin(); entry != member->end(); ++entry) {
        found[entry.key()] = integer_of(entry.value());
    }
    return found;
}

template <class Json>
std::map<std::string, std::string> texts(const Json& object, std::string_view name) {
    std::map<std::string, std::string> found;
    const Json* member = find(object, name);
    if (member == nullptr || !member->is_object()) return found;
    for (auto entry = member->begin(); entry != member->end(); ++entry) {
        const auto* value = entry.value().template get_ptr<const std::string*>();
        if (value != nullptr) found[entry.key()] = *value;
    }
    return found;
}

/// null for a text that is empty: how ids are shown that are missing.
template <class Json>
Json text_or_null(const std::string& value) {
    return value.empty() ? Json(nullptr) : Json(value);
}

template <class Json>
Json time_or_null(const std::optional<TimePoint>& value) {
    return value ? Json(format_time(*value)) : Json(nullptr);
}

/// Broken UTF-8 in a value is shown as replacement characters: writing cannot fail.
template <class Json>
std::string dump(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Instantiated in contact_json.cpp: reading for nlohmann::json, writing for nlohmann::ordered_json.

/// A parsed object; BadRequest, naming `what`, for everything else.
template <class Json>
Result<Json> parse_object(std::string_view json, std::string_view what);

template <class Json>
Json write_contact(const Contact& contact);
template <class Json>
Result<Contact> read_contact(const Json& value);

}  // namespace crm::tree
