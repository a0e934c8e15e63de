#include "server/exchange/contact_table.h"

#include "server/exchange/value_text.h"
#include "shared/time_text.h"

namespace crm::exchange {

CsvCells table_titles() {
    CsvCells titles;
    for (const FieldSpec& spec : kContactFields) titles.emplace_back(spec.label);
    for (const std::string_view title : {kTagsTitle,
                                         kMoreEmailsTitle,
                                         kMorePhonesTitle,
                                         kCreatedTitle,
                                         kUpdatedTitle,
                                         kDeletedTitle,
                                         kIdTitle}) {
        titles.emplace_back(title);
    }
    return titles;
}

CsvCells table_row(const Contact& contact) {
    CsvCells cells;
    for (const FieldSpec& spec : kContactFields) cells.push_back(contact.fields.*spec.member);
    cells.push_back(write_tags_text(contact.fields.tags));
    cells.push_back(write_values_text(contact.fields.more_emails));
    cells.push_back(write_values_text(contact.fields.more_phones));
    cells.push_back(format_time(contact.created_at));
    cells.push_back(format_time(contact.updated_at));
    cells.push_back(contact.deleted ? format_time(contact.updated_at) : "");
    cells.push_back(contact.id.text);
    for (std::string& cell : cells) cell = guard_cell(cell);
    return cells;
}

}  // namespace crm::exchange
