#include "server/exchange/importer.h"

#include <utility>

#include "server/exchange/row_matcher.h"
#include "server/limits.h"
#include "shared/limits.h"
#include "shared/text.h"
#include "shared/utf8.h"

namespace crm::exchange {
namespace {

std::string_view key_text(ImportKey key) {
    switch (key) {
        case ImportKey::Email:
            return "email";
        case ImportKey::Phone:
            return "phone";
        case ImportKey::None:
            return "none";
    }
    return "";
}

std::string note_of(const ImportOptions& options) {
    if (options.file_name.empty()) return "Import of a file";
    return "Import of " + shorten_shown(options.file_name);
}

std::string shorten_value(std::string_view text) {
    if (count_chars(text) <= kRecordValueCharsMax) return std::string(text);
    std::size_t position = 0;
    for (std::size_t chars = 0; chars < kRecordValueCharsMax; ++chars) {
        position += decode_char(text, position).bytes;
    }
    return std::string(text.substr(0, position)) + "…";
}

/// What the report says, row by row.
class Reporter {
   public:
    Reporter(const ImportFile& file, const ImportOptions& options) {
        report_.is_dry_run = options.is_dry_run;
        report_.format = file_ending(file.format);
        report_.encoding = encoding_name(file.encoding);
        report_.key = key_text(options.key);
        if (file.format == Format::Csv) report_.separator = std::string(1, file.separator);
        for (std::size_t index = 0; index < file.titles.size(); ++index) {
            const ColumnMeaning& column = file.columns[index];
            report_.columns.push_back({file.titles[index], column.field, column.label});
        }
        CsvCells titles = file.format == Format::Vcard ? vcard_titles() : file.titles;
        width_ = titles.size();
        titles.emplace_back("Reason");
        titles_ = write_csv_row(titles);
    }

    void add(const ImportRow& row, const RowDecision& decision, const ContactId& contact) {
        ++report_.rows;
        switch (decision.action) {
            case RowAction::Create:
                ++report_.created;
                return add_sample(row, decision, "create", contact);
            case RowAction::Update:
                ++report_.updated;
                return add_sample(row, decision, "update", contact);
            case RowAction::Keep:
                ++report_.unchanged;
                return;
            case RowAction::Refuse:
                ++report_.refused;
                return add_problem(row, decision);
        }
    }

    [[nodiscard]] api::ImportReport& report() { return report_; }

   private:
    void add_sample(const ImportRow& row,
                    const RowDecision& decision,
                    const char* action,
                    const ContactId& contact) {
        std::size_t& count = decision.before ? updates_ : creates_;
        if (count == kImportSamplesMax) return;
        ++count;
        api::ImportSample sample;
        sample.row = static_cast<std::int64_t>(row.number);
        sample.action = action;
        sample.contact_id = contact.text;
        sample.title = display_name(decision.after);
        sample.changes = diff_fields(decision.before ? decision.before->fields : ContactFields(),
                                     decision.after);
        for (FieldChange& change : sample.changes) {
            change.from = shorten_value(change.from);
            change.to = shorten_value(change.to);
        }
        report_.samples.push_back(std::move(sample));
    }

    void add_problem(const ImportRow& row, const RowDecision& decision) {
        if (report_.problems.size() < kImportProblemsListed) {
            report_.problems.push_back(
                {static_cast<std::int64_t>(row.number), title_of(row), decision.reason});
        }
        CsvCells cells = row.cells;
        cells.resize(std::max(width_, cells.size()));
        cells.push_back(decision.reason);
        // They may come from a file that guards nothing, and go into a spreadsheet.
        for (std::string& cell : cells) cell = guard_cell(unguard_cell(cell));
        const std::string line = write_csv_row(cells);
        std::string& csv = report_.problems_csv;
        report_.is_problems_csv_cut =
            report_.is_problems_csv_cut || csv.size() + line.size() > kImportProblemBytesMax;
        if (report_.is_problems_csv_cut) return;
        csv += csv.empty() ? titles_ + line : line;
    }

    static std::string title_of(const ImportRow& row) {
        for (const std::string_view wire : {field::kName, field::kEmail, field::kPhone}) {
            const auto text = row.raw.texts.find(std::string(wire));
            if (text != row.raw.texts.end() && is_utf8(text->second)) {
                return shorten_shown(text->second);
            }
        }
        return {};
    }

    api::ImportReport report_;
    std::string titles_;
    std::size_t width_ = 0;
    std::size_t creates_ = 0;
    std::size_t updates_ = 0;
};

class Importer {
   public:
    Importer(ContactService& contacts,
             CustomerId customer,
             const ImportFile& file,
             const ImportOptions& options)
        : contacts_(contacts),
          customer_(customer),
          options_(options),
          matcher_(std::move(customer), options.key),
          reporter_(file, options) {
        origin_.actor = options.actor;
        origin_.note = note_of(options);
        if (!options.is_dry_run) origin_.run_id = contacts.make_group("import");
    }

    Result<ImportOutcome> run(ByteSource& source, const ImportFile& file) {
        CRM_TRY(matcher_.learn_phones(contacts_));
        const Status read = each_row(source, file, [this](ImportRow row) -> Status {
            batch_.push_back(std::move(row));
            return batch_.size() < kImportBatchRows ? Status() : take_batch();
        });
        CRM_TRY(told(read));
        CRM_TRY(told(take_batch()));
        api::ImportReport& report = reporter_.report();
        if (report.created + report.updated > 0) report.id = origin_.run_id;
        return ImportOutcome{std::move(report), std::move(changed_)};
    }

   private:
    /// Earlier batches stay: an error says so.
    Status told(Status outcome) {
        const std::int64_t rows = reporter_.report().rows;
        if (outcome.is_ok() || options_.is_dry_run || rows == 0) return outcome;
        Error error = outcome.error();
        error.message = as_sentence(error.message) + " The first " + std::to_string(rows) +
                        " rows are in; give the same file again for the rest, or undo " +
                        origin_.run_id + ".";
        return error;
    }

    Status take_batch() {
        if (options_.is_stopping && options_.is_stopping()) {
            return Error{ErrorCode::Unavailable, "The server stops, and the import with it"};
        }
        Status taken = options_.is_dry_run ? look_at_batch() : write_batch();
        batch_.clear();
        return taken;
    }

    Status look_at_batch() {
        const store::Snapshot snapshot = CRM_TRY(contacts_.begin_read());
        for (const ImportRow& row : batch_) {
            const RowDecision decision = CRM_TRY(matcher_.decide(snapshot, row));
            reporter_.add(row, decision, decision.before ? decision.before->id : ContactId());
        }
        return {};
    }

    Status write_batch() {
        struct Done {
            RowDecision decision;
            ContactId contact;
        };
        std::vector<Done> done;
        store::Transaction transaction = CRM_TRY(contacts_.begin_write());
        for (const ImportRow& row : batch_) {
            RowDecision decision = CRM_TRY(matcher_.decide(transaction, row));
            ContactId contact = CRM_TRY(write_row(transaction, decision));
            done.push_back({std::move(decision), std::move(contact)});
        }
        CRM_TRY(transaction.commit());
        // Told only now: what a batch that failed would have done, nobody did.
        for (std::size_t index = 0; index < done.size(); ++index) {
            reporter_.add(batch_[index], done[index].decision, done[index].contact);
            const bool is_change = done[index].decision.action == RowAction::Create ||
                                   done[index].decision.action == RowAction::Update;
            if (is_change && changed_.size() <= kImportAnnouncedMax) {
                changed_.push_back(done[index].contact);
            }
        }
        return {};
    }

    /// A refusal (the e-mail belongs to somebody else) comes before anything is written.
    Result<ContactId> write_row(store::Transaction& transaction, RowDecision& decision) {
        const ContactId before = decision.before ? decision.before->id : ContactId();
        const bool is_create = decision.action == RowAction::Create;
        if (!is_create && decision.action != RowAction::Update) return before;
        const Result<Contact> written =
            is_create ? contacts_.insert(transaction, customer_, decision.after, false, origin_)
                      : contacts_.edit(transaction, *decision.before, decision.after, origin_);
        if (written.is_ok()) return written.value().id;
        if (written.error().code != ErrorCode::Conflict) return written.error();
        decision.action = RowAction::Refuse;
        decision.reason = as_sentence(written.error().message);
        return before;
    }

    ContactService& contacts_;
    CustomerId customer_;
    const ImportOptions& options_;
    Origin origin_;
    RowMatcher matcher_;
    Reporter reporter_;
    std::vector<ImportRow> batch_;
    std::vector<ContactId> changed_;
};

}  // namespace

Result<ImportKey> parse_import_key(std::string_view text) {
    for (const ImportKey key : {ImportKey::Email, ImportKey::Phone, ImportKey::None}) {
        if (key_text(key) == text) return key;
    }
    return Error{ErrorCode::BadRequest, "The key must be email, phone or none"};
}

Result<ImportOutcome> import_contacts(ContactService& contacts,
                                      const CustomerId& customer,
                                      ByteSource& source,
                                      const ImportOptions& options) {
    const ImportFile file = CRM_TRY(look_at_file(source, options.format, options.mapping));
    Importer importer(contacts, customer, file, options);
    return importer.run(source, file);
}

}  // namespace crm::exchange
