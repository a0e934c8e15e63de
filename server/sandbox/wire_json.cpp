// Reading goes through the library's event interface, which keeps no stack of its own: depth is
// bounded here, before anything recurses over the value.
#include "server/sandbox/wire_json.h"

#include <array>
#include <charconv>
#include <cmath>
#include <exception>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "server/sandbox/limits.h"
#include "shared/limits.h"

namespace crm::sandbox {
namespace {

void write_text(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (character == '"' || character == '\\') {
            out += '\\';
            out += character;
        } else if (character == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += kHex[byte >> 4U];
            out += kHex[byte & 0xFU];
        } else {
            out += character;
        }
    }
    out += '"';
}

void write_number(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    std::array<char, 64> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    out.append(buffer.data(), written.ptr);
}

// Builds the value while the library reads; a `false` stops it.
class Builder {
   public:
    using Library = nlohmann::json;

    bool null() { return add(Json()); }
    bool boolean(bool value) { return add(Json(value)); }
    bool number_integer(Library::number_integer_t value) { return add(Json(value)); }
    bool number_unsigned(Library::number_unsigned_t value) {
        constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        return value <= kMax ? add(Json(value)) : add(Json(static_cast<double>(value)));
    }
    bool number_float(Library::number_float_t value, const Library::string_t& /*text*/) {
        return add(Json(value));
    }
    bool string(Library::string_t& value) { return add(Json(std::move(value))); }
    bool binary(Library::binary_t& /*value*/) { return false; }
    bool start_object(std::size_t /*size*/) { return open(Json::object()); }
    bool key(Library::string_t& value) {
        names_.back() = std::move(value);
        return true;
    }
    bool end_object() { return close(); }
    bool start_array(std::size_t /*size*/) { return open(Json::array()); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t /*at*/,
                     const std::string& /*token*/,
                     const Library::exception& /*error*/) {
        return false;
    }
    Json take() { return std::move(root_); }

   private:
    bool open(Json value) {
        if (stack_.size() >= kJsonDepthMax) return false;
        stack_.push_back(std::move(value));
        names_.emplace_back();
        return true;
    }
    bool close() {
        Json value = std::move(stack_.back());
        stack_.pop_back();
        names_.pop_back();
        return add(std::move(value));
    }
    bool add(Json value) {
        if (stack_.empty()) {
            root_ = std::move(value);
        } else if (const Json::Object* members = stack_.back().members()) {
            // Each name is looked for among its siblings: too many would take seconds.
            if (members->size() >= kJsonMembersMax) return false;
            stack_.back().set(names_.back(), std::move(value));
        } else {
            stack_.back().push(std::move(value));
        }
        return true;
    }

    Json root_;
    std::vector<Json> stack_;
    std::vector<std::string> names_;  // the member that is being read, per level
};

}  // namespace

Json::Json() = default;
Json::Json(std::nullptr_t) {}
Json::Json(std::string text) : value_(std::move(text)) {}
Json::Json(std::string_view text) : value_(std::string(text)) {}
Json::Json(const char* text) : value_(std::string(text)) {}
Json::Json(double number) : value_(number) {}
Json::Json(Array items) : value_(std::move(items)) {}
Json::Json(Object members) : value_(std::move(members)) {}
Json::Json(std::int64_t number, Whole kind) {
    switch (kind) {
        case Whole::Number:
            value_ = number;
            break;
        case Whole::Flag:
            value_ = number != 0;
            break;
    }
}
Json::Json(const Json&) = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(const Json&) = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json Json::object() {
    return Json(Object());
}
Json Json::object(std::initializer_list<Member> members) {
    return Json(Object(members.begin(), members.end()));
}
Json Json::array() {
    return Json(Array());
}
Json Json::array(Array items) {
    return Json(std::move(items));
}

bool Json::is_null() const {
    return value_.index() == 0;
}
const std::string* Json::text() const {
    return std::get_if<std::string>(&value_);
}
const Json::Array* Json::items() const {
    return std::get_if<Array>(&value_);
}
const Json::Object* Json::members() const {
    return std::get_if<Object>(&value_);
}

std::optional<std::int64_t> Json::integer() const {
    const auto* number = std::get_if<std::int64_t>(&value_);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<double> Json::number() const {
    if (const auto whole = integer()) return static_cast<double>(*whole);
    const auto* number = std::get_if<double>(&value_);
    return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<bool> Json::boolean() const {
    const auto* value = std::get_if<bool>(&value_);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

const Json* Json::find(std::string_view name) const {
    const Object* all = members();
    if (all == nullptr) return nullptr;
    for (const Member& member : *all) {
        if (member.name == name) return &member.value;
    }
    return nullptr;
}

std::string Json::text_at(std::string_view name) const {
    const Json* member = find(name);
    return member != nullptr && member->text() != nullptr ? *member->text() : std::string();
}

Json& Json::set(std::string_view name, Json value) {
    if (is_null()) value_ = Object();
    auto* all = std::get_if<Object>(&value_);
    if (all == nullptr) return *this;
    for (Member& member : *all) {
        if (member.name != name) continue;
        member.value = std::move(value);
        return *this;
    }
    all->push_back({std::string(name), std::move(value)});
    return *this;
}

void Json::push(Json value) {
    if (is_null()) value_ = Array();
    if (auto* all = std::get_if<Array>(&value_)) all->push_back(std::move(value));
}

std::string Json::dump() const {
    std::string out;
    write(out);
    return out;
}

void Json::write(std::string& out) const {
    if (const auto* flag = std::get_if<bool>(&value_)) {
        out += *flag ? "true" : "false";
    } else if (const auto whole = integer()) {
        out += std::to_string(*whole);
    } else if (const auto real = number()) {
        write_number(out, *real);
    } else if (const std::string* words = text()) {
        write_text(out, *words);
    } else if (const Array* list = items()) {
        out += '[';
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (i > 0) out += ',';
            (*list)[i].write(out);
        }
        out += ']';
    } else if (const Object* all = members()) {
        out += '{';
        for (std::size_t i = 0; i < all->size(); ++i) {
            if (i > 0) out += ',';
            write_text(out, (*all)[i].name);
            out += ':';
            (*all)[i].value.write(out);
        }
        out += '}';
    } else {
        out += "null";
    }
}

std::optional<Json> Json::parse(std::string_view text) {
    Builder builder;
    try {
        if (!nlohmann::json::sax_parse(text, &builder)) return std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt;
    }
    return builder.take();
}

}  // namespace crm::sandbox
