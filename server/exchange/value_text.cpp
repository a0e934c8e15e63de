#include "server/exchange/value_text.h"

#include "shared/text.h"

namespace crm::exchange {
namespace {

constexpr std::string_view kKept = "\\;,():\n";  // what a backslash keeps

std::string escape(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (kKept.find(letter) != std::string_view::npos) escaped += '\\';
        escaped += letter;
    }
    return escaped;
}

/// A letter of a cell, and whether a backslash took its meaning.
struct Letter {
    char value = 0;
    bool is_kept = false;
};

std::vector<Letter> read_letters(std::string_view text) {
    std::vector<Letter> letters;
    for (std::size_t position = 0; position < text.size(); ++position) {
        const bool is_kept = text[position] == '\\' && position + 1 < text.size() &&
                             kKept.find(text[position + 1]) != std::string_view::npos;
        if (is_kept) ++position;
        letters.push_back({text[position], is_kept});
    }
    return letters;
}

bool is_sign(const Letter& letter, char sign) {
    return letter.value == sign && !letter.is_kept;
}

std::vector<std::vector<Letter>> split(const std::vector<Letter>& letters,
                                       std::string_view separators) {
    std::vector<std::vector<Letter>> parts(1);
    for (std::size_t at = 0; at < letters.size(); ++at) {
        const bool is_google = at + 2 < letters.size() && is_sign(letters[at], ':') &&
                               is_sign(letters[at + 1], ':') && is_sign(letters[at + 2], ':');
        const bool is_end =
            !letters[at].is_kept && separators.find(letters[at].value) != std::string_view::npos;
        if (is_google) at += 2;
        if (is_google || is_end) {
            parts.emplace_back();
        } else {
            parts.back().push_back(letters[at]);
        }
    }
    return parts;
}

std::string text_of(const std::vector<Letter>& letters, std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t at = from; at < to; ++at) text += letters[at].value;
    return trim(text);
}

/// "value (label)"; brackets of a value are kept by backslashes.
LabeledValue read_value(std::vector<Letter> letters) {
    while (!letters.empty() && letters.back().value == ' ' && !letters.back().is_kept) {
        letters.pop_back();
    }
    std::size_t open = letters.size();
    if (!letters.empty() && is_sign(letters.back(), ')')) {
        for (std::size_t at = letters.size(); at-- > 0;) {
            if (is_sign(letters[at], '(')) {
                open = at;
                break;
            }
        }
    }
    // A number that is nothing but brackets, "(020)", is the value itself.
    if (open == letters.size() || text_of(letters, 0, open).empty()) {
        return {text_of(letters, 0, letters.size()), ""};
    }
    return {text_of(letters, 0, open), text_of(letters, open + 1, letters.size() - 1)};
}

}  // namespace

std::string write_values_text(const std::vector<LabeledValue>& values) {
    std::string text;
    for (const LabeledValue& entry : values) {
        const std::string label = entry.label.empty() ? "" : " (" + entry.label + ")";
        std::string part = entry.value + label;
        // Backslashes only where something would be misread: phones are full of brackets. One at
        // the end would keep the separator behind it.
        if (part.ends_with('\\') || read_values_text(part) != std::vector{entry}) {
            part = escape(entry.value);
            if (!entry.label.empty()) part += " (" + escape(entry.label) + ")";
        }
        text += (text.empty() ? "" : "; ") + part;
    }
    return text;
}

std::vector<LabeledValue> read_values_text(std::string_view text) {
    std::vector<LabeledValue> values;
    for (std::vector<Letter>& part : split(read_letters(text), ";\n")) {
        LabeledValue value = read_value(std::move(part));
        if (!value.value.empty()) values.push_back(std::move(value));
    }
    return values;
}

std::string write_tags_text(const std::vector<std::string>& tags) {
    std::string text;
    for (const std::string& tag : tags) {
        const bool is_plain = !tag.ends_with('\\') && read_tags_text(tag) == std::vector{tag};
        text += (text.empty() ? "" : "; ") + (is_plain ? tag : escape(tag));
    }
    return text;
}

std::vector<std::string> read_tags_text(std::string_view text) {
    std::vector<std::string> tags;
    for (const std::vector<Letter>& part : split(read_letters(text), ";,\n")) {
        std::string tag = text_of(part, 0, part.size());
        if (!tag.empty()) tags.push_back(std::move(tag));
    }
    return tags;
}

}  // namespace crm::exchange
