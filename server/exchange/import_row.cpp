#include "server/exchange/import_row.h"

#include <utility>

#include "server/exchange/value_text.h"
#include "shared/text.h"

namespace crm::exchange {
namespace {

constexpr std::string_view kGoogleSeparator = " ::: ";

/// What Google writes into one cell when a person has two of a kind.
std::vector<std::string> split_google(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const std::size_t end = text.find(kGoogleSeparator);
        std::string part = trim(text.substr(0, end));
        if (!part.empty()) parts.push_back(std::move(part));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + kGoogleSeparator.size());
    }
}

/// "* Work" is Google's mark for the first of several.
std::string label_of(std::string_view text) {
    if (text.starts_with("* ")) text.remove_prefix(2);
    return lower_text(trim(text));
}

/// Collects the cells of one row.
class Gatherer {
   public:
    explicit Gatherer(ImportRow& row) : row_(row) {}

    void take(const ColumnMeaning& column, const std::string& cell) {
        const std::string_view name = column.field;
        if (name == field::kEmailLabel) {
            email_label_ = label_of(cell);
        } else if (name == field::kPhoneLabel) {
            phone_label_ = label_of(cell);
        } else if (name == field::kEmail) {
            take_emails(cell, label_or(column, email_label_));
        } else if (name == field::kPhone) {
            take_phones(cell, label_or(column, phone_label_));
        } else if (!cell.empty()) {
            take_other(name, cell);
        }
    }

    void finish() {
        if (!row_.raw.texts.contains(std::string(field::kName))) {
            std::string name;
            for (const std::string& part : {first_, middle_, last_}) {
                if (!part.empty()) name += (name.empty() ? "" : " ") + part;
            }
            if (!name.empty()) row_.raw.texts[std::string(field::kName)] = name;
        }
        if (!emails_.empty()) row_.raw.emails = std::move(emails_);
        if (!phones_.empty()) row_.raw.phones = std::move(phones_);
        if (!tags_.empty()) row_.raw.tags = std::move(tags_);
    }

   private:
    using Entries = std::vector<RawPatch::Entry>;

    /// A label stands before its value, and for this one only.
    static std::string label_or(const ColumnMeaning& column, std::string& pending) {
        std::string label = std::exchange(pending, {});
        return label.empty() ? column.label : label;
    }

    /// The first value is the primary one; its label is not kept.
    void add(std::string_view wire, Entries& further, LabeledValue value) {
        const auto [text, is_new] = row_.raw.texts.emplace(std::string(wire), value.value);
        if (is_new || text->second == value.value) return;
        further.push_back({std::move(value.value), std::move(value.label), false});
    }

    void take_emails(const std::string& cell, const std::string& label) {
        if (cell.empty()) return;
        if (email_key(cell)) return add(field::kEmail, emails_, {cell, label});
        for (const std::string& part : split_google(cell)) {
            for (LabeledValue& value : read_values_text(part)) {
                if (value.label.empty()) value.label = label;
                add(field::kEmail, emails_, std::move(value));
            }
        }
    }

    void take_phones(const std::string& cell, const std::string& label) {
        for (std::string& part : split_google(cell)) {
            add(field::kPhone, phones_, {std::move(part), label});
        }
    }

    void take_list(Entries& further, const std::string& cell) {
        for (LabeledValue& value : read_values_text(cell)) {
            further.push_back({std::move(value.value), std::move(value.label), false});
        }
    }

    void take_other(std::string_view name, const std::string& cell) {
        if (name == field::kFirstName) {
            first_ = cell;
        } else if (name == field::kMiddleName) {
            middle_ = cell;
        } else if (name == field::kLastName) {
            last_ = cell;
        } else if (name == field::kEmails) {
            take_list(emails_, cell);
        } else if (name == field::kPhones) {
            take_list(phones_, cell);
        } else if (name == field::kTags) {
            for (std::string& tag : read_tags_text(cell)) {
                if (!tag.starts_with("* ")) tags_.push_back(std::move(tag));  // Google's own groups
            }
        } else if (name == field::kId) {
            row_.id = cell;
        } else if (name == field::kDeleted) {
            row_.is_marked_deleted = true;
        } else if (!name.empty()) {
            take_text(name, cell);
        }
    }

    void take_text(std::string_view name, const std::string& cell) {
        const auto [text, is_new] = row_.raw.texts.emplace(std::string(name), cell);
        if (!is_new && name == field::kNotes) text->second += '\n' + cell;
    }

    ImportRow& row_;
    std::string first_;
    std::string middle_;
    std::string last_;
    std::string email_label_;
    std::string phone_label_;
    Entries emails_;
    Entries phones_;
    std::vector<std::string> tags_;
};

}  // namespace

ImportRow read_table_row(const std::vector<ColumnMeaning>& columns, CsvRow row) {
    ImportRow read;
    read.number = row.number;
    Gatherer gatherer(read);
    for (std::size_t index = 0; index < std::min(columns.size(), row.cells.size()); ++index) {
        gatherer.take(columns[index], trim(unguard_cell(row.cells[index])));
    }
    gatherer.finish();
    read.cells = std::move(row.cells);
    return read;
}

}  // namespace crm::exchange
