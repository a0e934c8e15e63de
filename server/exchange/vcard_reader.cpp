// Lines are unfolded, parsed, gathered into cards, and each card becomes one row.
#include <algorithm>
#include <utility>

#include "server/exchange/vcard.h"
#include "server/exchange/vcard_card.h"
#include "server/limits.h"
#include "shared/text.h"

namespace crm::exchange {
namespace {

std::string upper(std::string_view text) {
    std::string raised(text);
    for (char& letter : raised) {
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    }
    return raised;
}

/// Up to one of `ends` that is in no quotes; npos when there is none.
std::size_t find_outside_quotes(std::string_view text, std::string_view ends) {
    bool is_quoted = false;
    for (std::size_t position = 0; position < text.size(); ++position) {
        if (text[position] == '"') is_quoted = !is_quoted;
        if (!is_quoted && ends.find(text[position]) != std::string_view::npos) return position;
    }
    return std::string_view::npos;
}

std::string without_quotes(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
}

/// "TYPE=work,pref", or a bare "WORK" of 2.1.
void add_parameter(VcardLine& line, std::string_view text) {
    const std::size_t equals = text.find('=');
    const bool is_bare = equals == std::string_view::npos;
    const std::string name = is_bare ? "TYPE" : upper(text.substr(0, equals));
    std::string_view values = is_bare ? text : text.substr(equals + 1);
    if (is_bare && upper(text) == "QUOTED-PRINTABLE") {
        line.parameters.emplace_back("ENCODING", "QUOTED-PRINTABLE");
        return;
    }
    while (true) {
        const std::size_t comma = find_outside_quotes(values, ",");
        // Apple quotes the whole list: TYPE="work,voice".
        std::string value = without_quotes(values.substr(0, comma));
        std::string_view rest = value;
        while (name == "TYPE" && rest.find(',') != std::string_view::npos) {
            line.parameters.emplace_back(name, rest.substr(0, rest.find(',')));
            rest.remove_prefix(rest.find(',') + 1);
        }
        line.parameters.emplace_back(name, rest);
        if (comma == std::string_view::npos) return;
        values.remove_prefix(comma + 1);
    }
}

/// What a contact does not hold and may be long: its end is dropped.
bool is_attachment(const std::string& line) {
    const std::string name = upper(std::string_view(line).substr(0, line.find_first_of(":;")));
    const std::string bare = name.substr(name.rfind('.') + 1);
    return bare == "PHOTO" || bare == "LOGO" || bare == "SOUND" || bare == "KEY";
}

/// A soft line break of quoted-printable: the value goes on in the next line, unfolded.
bool goes_on_quoted(const std::string& line) {
    if (!line.ends_with('=')) return false;
    const std::size_t colon = find_outside_quotes(line, ":");
    if (colon == std::string::npos) return false;
    return upper(std::string_view(line).substr(0, colon)).find("QUOTED-PRINTABLE") !=
           std::string::npos;
}

}  // namespace

VcardLine parse_vcard_line(std::string_view text) {
    VcardLine line;
    const std::size_t colon = find_outside_quotes(text, ":");
    if (colon == std::string_view::npos) return line;
    line.value = text.substr(colon + 1);
    std::string_view head = text.substr(0, colon);
    std::size_t end = std::min(find_outside_quotes(head, ";"), head.size());
    std::string_view name = head.substr(0, end);
    const std::size_t dot = name.rfind('.');
    if (dot != std::string_view::npos) {
        line.group = lower_text(name.substr(0, dot));
        name.remove_prefix(dot + 1);
    }
    line.name = upper(trim(name));
    while (end < head.size()) {
        head.remove_prefix(end + 1);
        end = std::min(find_outside_quotes(head, ";"), head.size());
        if (end > 0) add_parameter(line, head.substr(0, end));
    }
    return line;
}

Error VcardReader::problem(std::string_view what) const {
    return {ErrorCode::InvalidArgument,
            "Card " + std::to_string(number_) + ": " + std::string(what)};
}

Status VcardReader::feed(std::string_view text) {
    for (const char letter : text) {
        if (letter == '\n' || letter == '\r') {
            CRM_TRY(take_raw_line());
        } else if (raw_.size() < kVcardLineBytesMax) {
            raw_ += letter;
        } else if (!is_attachment(has_logical_ && raw_.front() == ' ' ? logical_ : raw_)) {
            return refuse_long_line();
        }
    }
    return {};
}

Status VcardReader::refuse_long_line() {
    // The line before it may begin the card that the sentence is about.
    if (std::exchange(has_logical_, false)) CRM_TRY(take_line(logical_));
    return problem("a line is longer than " + std::to_string(kVcardLineBytesMax / 1024) + " KiB");
}

/// An empty line (the second half of CRLF is one, too) says nothing.
Status VcardReader::take_raw_line() {
    const std::string raw = std::exchange(raw_, {});
    if (raw.empty()) return {};
    const bool is_folded = has_logical_ && (raw.front() == ' ' || raw.front() == '\t');
    const bool is_quoted = has_logical_ && !is_folded && goes_on_quoted(logical_);
    if (is_folded || is_quoted) {
        if (logical_.size() + raw.size() > kVcardLineBytesMax) {
            return is_attachment(logical_) ? Status() : refuse_long_line();
        }
        if (is_quoted) logical_.pop_back();
        logical_ += std::string_view(raw).substr(is_folded ? 1 : 0);
        return {};
    }
    const std::string line = std::exchange(logical_, raw);
    return std::exchange(has_logical_, true) ? take_line(line) : Status();
}

Status VcardReader::take_line(std::string_view text) {
    VcardLine line = parse_vcard_line(text);
    const bool is_begin = line.name == "BEGIN" && upper(trim(line.value)) == "VCARD";
    const bool is_end = line.name == "END" && upper(trim(line.value)) == "VCARD";
    if (is_begin && is_in_card_) {
        ++inner_cards_;
    } else if (is_begin) {
        is_in_card_ = true;
        ++number_;
    } else if (!is_in_card_) {
        return Error{ErrorCode::InvalidArgument,
                     "The file holds text that is in no card (after card " +
                         std::to_string(number_) + "), so it is no vCard file"};
    } else if (is_end && inner_cards_ > 0) {
        --inner_cards_;
    } else if (is_end) {
        return end_card();
    } else if (inner_cards_ == 0 && !line.name.empty()) {
        if (lines_.size() == kVcardLinesMax) {
            return problem("it has more than " + std::to_string(kVcardLinesMax) + " lines");
        }
        lines_.push_back(std::move(line));
    }
    return {};
}

Status VcardReader::end_card() {
    is_in_card_ = false;
    ImportRow row = read_card(std::exchange(lines_, {}));
    row.number = number_;
    return sink_(std::move(row));
}

Status VcardReader::finish() {
    CRM_TRY(take_raw_line());
    if (std::exchange(has_logical_, false)) {
        const std::string line = std::exchange(logical_, {});
        CRM_TRY(take_line(line));
    }
    if (is_in_card_) return problem("its END:VCARD is missing; the file may be cut off");
    if (number_ > 0) return {};
    return Error{ErrorCode::InvalidArgument,
                 "There is no card in the file, so there is nothing to import"};
}

}  // namespace crm::exchange
