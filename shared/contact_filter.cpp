// One pass from left to right; brackets recurse no deeper than kFilterDepthMax.
#include "shared/contact_filter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "shared/contact_parse.h"
#include "shared/contact_query.h"
#include "shared/limits.h"
#include "shared/text.h"

namespace crm {
namespace {

using Kind = ContactFilter::Kind;

constexpr std::string_view kTag = "tag";
constexpr std::string_view kSync = "sync";
constexpr std::string_view kSyncOf = "sync:";

Error bad_filter(std::string message) {
    return Error{ErrorCode::BadRequest, "The filter cannot be read: " + std::move(message)};
}

bool is_time_field(std::string_view field) {
    return field == "createdAt" || field == "updatedAt";
}

bool is_sync_field(std::string_view field) {
    return field == kSync || field.substr(0, kSyncOf.size()) == kSyncOf;
}

struct Token {
    std::string text;
    bool is_quoted = false;
    bool is_end = false;

    [[nodiscard]] bool is_word(std::string_view word) const {
        return !is_quoted && !is_end && text == word;
    }
};

class FilterParser {
   public:
    explicit FilterParser(std::string_view text) : rest_(text) {}

    Result<ContactFilter> run() {
        CRM_TRY(advance());
        ContactFilter filter;
        if (token_.is_end) return filter;
        filter = CRM_TRY(parse_joined(Kind::Any));
        if (!token_.is_end) return bad_filter("expected and, or, or the end, " + found());
        return filter;
    }

   private:
    /// One kind of join: `or` of parts that are joined by `and`.
    Result<ContactFilter> parse_joined(Kind kind) {
        const std::string_view word = kind == Kind::Any ? "or" : "and";
        ContactFilter joined{.kind = kind};
        while (true) {
            joined.parts.push_back(
                CRM_TRY(kind == Kind::Any ? parse_joined(Kind::All) : parse_part()));
            if (!token_.is_word(word)) break;
            CRM_TRY(advance());
        }
        if (joined.parts.size() > 1) return joined;
        ContactFilter only = std::move(joined.parts.front());
        return only;
    }

    Result<ContactFilter> parse_part() {
        if (!token_.is_word("(")) return parse_condition();
        if (++depth_ > kFilterDepthMax) {
            return bad_filter("brackets stand in each other more than " +
                              std::to_string(kFilterDepthMax) + " deep");
        }
        CRM_TRY(advance());
        ContactFilter inner = CRM_TRY(parse_joined(Kind::Any));
        if (!token_.is_word(")")) return bad_filter("expected a closing bracket, " + found());
        --depth_;
        CRM_TRY(advance());
        return inner;
    }

    Result<ContactFilter> parse_condition() {
        if (++conditions_ > kFilterConditionsMax) {
            return bad_filter("it has more than " + std::to_string(kFilterConditionsMax) +
                              " conditions");
        }
        ContactFilter filter{.kind = Kind::Condition};
        FilterCondition& condition = filter.condition;
        condition.field = CRM_TRY(take_field());
        if (token_.is_word("contains") || token_.is_word("since")) {
            condition.test = token_.text == "since" ? FilterTest::Since : FilterTest::Contains;
            CRM_TRY(advance());
            condition.value = CRM_TRY(take_value());
        } else if (token_.is_word("is")) {
            CRM_TRY(advance());
            CRM_TRY(parse_is(condition));
        } else {
            return bad_filter("expected contains, is or since after " + condition.field + ", " +
                              found());
        }
        CRM_TRY(check(condition));
        return filter;
    }

    Status parse_is(FilterCondition& condition) {
        const bool is_denied = token_.is_word("not");
        if (is_denied) CRM_TRY(advance());
        if (token_.is_word("empty")) {
            condition.test = is_denied ? FilterTest::IsNotEmpty : FilterTest::IsEmpty;
            return advance();
        }
        if (is_denied) return bad_filter("expected empty after is not, " + found());
        condition.test = FilterTest::Is;
        condition.value = CRM_TRY(take_value());
        return {};
    }

    Result<std::string> take_field() {
        const std::string field = token_.text;
        const bool is_known = find_field(field) != nullptr || is_time_field(field) ||
                              field == kTag || is_sync_field(field);
        if (token_.is_end || token_.is_quoted || !is_known) {
            return bad_filter("expected a field (" + field_names() + "), " + found());
        }
        CRM_TRY(advance());
        return field;
    }

    Result<std::string> take_value() {
        const bool is_mark = token_.is_word("(") || token_.is_word(")");
        if (token_.is_end || is_mark) return bad_filter("expected a text in quotes, " + found());
        std::string value = token_.text;
        if (trim(value).empty()) return bad_filter("a text is empty; ask for is empty instead");
        CRM_TRY(advance());
        return value;
    }

    static Status check(FilterCondition& condition) {
        const FilterTest test = condition.test;
        const bool is_time = is_time_field(condition.field);
        if (is_time != (test == FilterTest::Since)) {
            return bad_filter(is_time ? condition.field + " takes since only"
                                      : "only createdAt and updatedAt take since");
        }
        if (is_time) {
            auto time = parse_time(condition.value);
            if (!time) time = parse_time(condition.value + "T00:00:00Z");
            if (!time) {
                return bad_filter("“" + shorten_shown(condition.value) +
                                  "” is no time; write 2026-11-01 or 2026-11-01T09:00:00Z");
            }
            condition.value = format_time(*time);
        }
        if (!is_sync_field(condition.field)) return {};
        if (test != FilterTest::Is || !parse_link_state(condition.value)) {
            return bad_filter(
                condition.field +
                " must be synced, pending, conflict, error or not_linked: sync is \"error\"");
        }
        return {};
    }

    static std::string field_names() {
        std::string names;
        for (const FieldSpec& spec : kContactFields) names += std::string(spec.wire) + ", ";
        return names + "tag, createdAt, updatedAt, sync";
    }

    [[nodiscard]] std::string found() const {
        if (token_.is_end) return "found its end";
        return "found “" + shorten_shown(token_.text) + "”";
    }

    Status advance() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) {
            rest_.remove_prefix(1);
        }
        token_ = Token{};
        if (rest_.empty()) {
            token_.is_end = true;
            return {};
        }
        if (rest_.front() == '"') return take_quoted();
        std::size_t length = 1;
        if (rest_.front() != '(' && rest_.front() != ')') {
            length = std::min(rest_.find_first_of(" \t()\""), rest_.size());
        }
        token_.text = std::string(rest_.substr(0, length));
        rest_.remove_prefix(length);
        return {};
    }

    Status take_quoted() {
        token_.is_quoted = true;
        rest_.remove_prefix(1);
        while (true) {
            const std::size_t quote = rest_.find('"');
            if (quote == std::string_view::npos) return bad_filter("a quote is not closed");
            token_.text += rest_.substr(0, quote);
            rest_.remove_prefix(quote + 1);
            if (rest_.empty() || rest_.front() != '"') return {};
            token_.text += '"';
            rest_.remove_prefix(1);
        }
    }

    std::string_view rest_;
    Token token_;
    std::size_t depth_ = 0;
    std::size_t conditions_ = 0;
};

std::string quote(const std::string& text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        if (letter == '"') quoted += '"';
        quoted += letter;
    }
    return quoted + '"';
}

std::string format_condition(const FilterCondition& condition) {
    switch (condition.test) {
        case FilterTest::Contains:
            return condition.field + " contains " + quote(condition.value);
        case FilterTest::Is:
            return condition.field + " is " + quote(condition.value);
        case FilterTest::IsEmpty:
            return condition.field + " is empty";
        case FilterTest::IsNotEmpty:
            return condition.field + " is not empty";
        case FilterTest::Since:
            return condition.field + " since " + quote(condition.value);
    }
    return {};
}

/// Every value that the field stands for: an e-mail and the further ones, all tags.
std::vector<std::string> values_of(const ContactFields& fields, std::string_view wire) {
    if (wire == kTag) return fields.tags;
    const FieldSpec* spec = find_field(wire);
    if (spec == nullptr) return {};
    std::vector<std::string> values;
    if (!(fields.*spec->member).empty()) values.push_back(fields.*spec->member);
    for (const ListFieldSpec& list : kContactListFields) {
        if (list.primary != spec->member) continue;
        for (const LabeledValue& entry : fields.*list.member) values.push_back(entry.value);
    }
    return values;
}

bool is_in_state(const Contact& contact, const FilterCondition& condition) {
    const std::optional<LinkState> state = parse_link_state(condition.value);
    return std::any_of(contact.links.begin(), contact.links.end(), [&](const auto& link) {
        const bool is_asked =
            condition.field == kSync || condition.field.substr(kSyncOf.size()) == link.first.text;
        return is_asked && link.second.state == state;
    });
}

bool meets_condition(const Contact& contact, const FilterCondition& condition) {
    if (is_sync_field(condition.field)) return is_in_state(contact, condition);
    if (condition.test == FilterTest::Since) {
        return sort_value(contact, condition.field) >= condition.value;
    }
    const std::vector<std::string> values = values_of(contact.fields, condition.field);
    if (condition.test == FilterTest::IsEmpty) return values.empty();
    if (condition.test == FilterTest::IsNotEmpty) return !values.empty();
    const FieldSpec* spec = find_field(condition.field);
    const FieldKind kind = spec != nullptr ? spec->kind : FieldKind::Line;
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
        return meets(condition.test, kind, value, condition.value);
    });
}

}  // namespace

bool ContactFilter::operator==(const ContactFilter& other) const {
    return kind == other.kind && condition == other.condition && parts == other.parts;
}

Result<ContactFilter> parse_filter(std::string_view text) {
    if (count_chars(text) > kFilterCharsMax) {
        return bad_filter("it is longer than " + std::to_string(kFilterCharsMax) + " characters");
    }
    return FilterParser(text).run();
}

std::string format_filter(const ContactFilter& filter) {
    if (filter.kind == Kind::Condition) return format_condition(filter.condition);
    std::string text;
    for (const ContactFilter& part : filter.parts) {
        if (!text.empty()) text += filter.kind == Kind::All ? " and " : " or ";
        const bool is_single = part.kind == Kind::Condition;
        text += is_single ? format_filter(part) : "(" + format_filter(part) + ")";
    }
    return text;
}

bool matches_filter(const Contact& contact, const ContactFilter& filter) {
    const auto is_met = [&](const ContactFilter& part) { return matches_filter(contact, part); };
    switch (filter.kind) {
        case Kind::All:
            return std::all_of(filter.parts.begin(), filter.parts.end(), is_met);
        case Kind::Any:
            return std::any_of(filter.parts.begin(), filter.parts.end(), is_met);
        case Kind::Condition:
            return meets_condition(contact, filter.condition);
    }
    return false;
}

bool asks_for_sync(const ContactFilter& filter) {
    if (filter.kind == Kind::Condition) return is_sync_field(filter.condition.field);
    return std::any_of(filter.parts.begin(), filter.parts.end(), asks_for_sync);
}

ContactFilter without_sync(const ContactFilter& filter) {
    if (filter.kind == Kind::Condition) return asks_for_sync(filter) ? ContactFilter{} : filter;
    ContactFilter left{.kind = filter.kind};
    for (const ContactFilter& part : filter.parts) left.parts.push_back(without_sync(part));
    return left;
}

bool meets(FilterTest test, FieldKind kind, std::string_view stored, std::string_view wanted) {
    const std::string folded = fold(wanted);
    if (test == FilterTest::Is) {
        return fold(stored) == folded || value_key(kind, stored) == value_key(kind, wanted);
    }
    if (fold(stored).find(folded) != std::string::npos) return true;
    if (kind != FieldKind::Phone) return false;
    const std::string digits = phone_digits_of_word(wanted);
    return !digits.empty() && digits_of(stored).find(digits) != std::string::npos;
}

}  // namespace crm
