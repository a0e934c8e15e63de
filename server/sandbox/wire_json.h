// JSON as the sandbox handles it: a small value with its members in order, so that bodies come out
// the way the real systems write them. Only wire_json.cpp knows the JSON library.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crm::sandbox {

class Json {
   public:
    struct Member;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;

    // Defined where Member is complete.
    Json();
    Json(std::nullptr_t);         // NOLINT(google-explicit-constructor)
    Json(std::string text);       // NOLINT(google-explicit-constructor)
    Json(std::string_view text);  // NOLINT(google-explicit-constructor)
    Json(const char* text);       // NOLINT(google-explicit-constructor)
    Json(double number);          // NOLINT(google-explicit-constructor)
    Json(Array items);            // NOLINT(google-explicit-constructor)
    Json(Object members);         // NOLINT(google-explicit-constructor)
    Json(const Json&);
    Json(Json&&) noexcept;
    Json& operator=(const Json&);
    Json& operator=(Json&&) noexcept;
    ~Json();
    template <std::integral T>
    Json(T number)  // NOLINT(google-explicit-constructor)
        : Json(static_cast<std::int64_t>(number),
               std::same_as<T, bool> ? Whole::Flag : Whole::Number) {}

    [[nodiscard]] static Json object();
    [[nodiscard]] static Json object(std::initializer_list<Member> members);
    [[nodiscard]] static Json array();
    [[nodiscard]] static Json array(Array items);

    [[nodiscard]] bool is_null() const;
    [[nodiscard]] const std::string* text() const;
    [[nodiscard]] const Array* items() const;
    [[nodiscard]] const Object* members() const;
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] std::optional<double> number() const;
    [[nodiscard]] std::optional<bool> boolean() const;

    /// nullptr when this is no object or has no such member.
    [[nodiscard]] const Json* find(std::string_view name) const;
    /// The text of a member, or "" when there is none.
    [[nodiscard]] std::string text_at(std::string_view name) const;
    /// Adds or replaces a member; a null becomes an object first. Returns itself, for chains.
    Json& set(std::string_view name, Json value);
    /// Appends an item; a null becomes an array first.
    void push(Json value);

    /// One line. Text must be UTF-8.
    [[nodiscard]] std::string dump() const;
    /// nullopt when it is not JSON or not UTF-8, is deeper than kJsonDepthMax, or has an object
    /// with more than kJsonMembersMax members.
    [[nodiscard]] static std::optional<Json> parse(std::string_view text);

   private:
    enum class Whole { Number, Flag };
    Json(std::int64_t number, Whole kind);
    void write(std::string& out) const;
    std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

struct Json::Member {
    std::string name;
    Json value;
};

}  // namespace crm::sandbox
