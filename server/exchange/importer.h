// Brings the people of a file into the address book, by the same rules as a person who types them:
// limits, one live contact per e-mail, tombstones, history. A dry run looks and says what would
// happen.
//
// Who a row is: the live contact with its e-mail (or phone, as the caller chose); else the live one
// with its id, in a file of our own export; else, where the row has no e-mail, the live one without
// e-mail that has its name and phone. So the same file twice makes no copies. An empty cell changes
// nothing; tags and further e-mails and phones are added, never taken away. Two rows of one file
// for one person that differ are refused from the second on: which one is right, a person knows.
//
// Batches of kImportBatchRows are one transaction each; a row is in as a whole or not at all.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/contacts/contact_service.h"
#include "server/exchange/import_file.h"
#include "shared/api_exchange.h"
#include "shared/result.h"

namespace crm::exchange {

enum class ImportKey { Email, Phone, None };

/// "email", "phone", "none"; BadRequest names what there is.
[[nodiscard]] Result<ImportKey> parse_import_key(std::string_view text);

struct ImportOptions {
    Format format = Format::Csv;
    ImportKey key = ImportKey::Email;  // None: nobody who is there already is changed
    bool is_dry_run = true;
    ColumnMapping mapping;
    std::string actor;                  // for history
    std::string file_name;              // likewise; may be empty
    std::function<bool()> is_stopping;  // or empty; asked before each batch
};

struct ImportOutcome {
    api::ImportReport report;
    /// Who was created or changed, at most kImportAnnouncedMax + 1 of them.
    std::vector<ContactId> changed;
};

/// What look_at_file() refuses, before anything is changed. An error later tells how many rows are
/// in; the same file can be given again.
Result<ImportOutcome> import_contacts(ContactService& contacts,
                                      const CustomerId& customer,
                                      ByteSource& source,
                                      const ImportOptions& options);

}  // namespace crm::exchange
