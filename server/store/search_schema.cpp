#include "server/store/search_schema.h"

namespace crm::store {

std::string_view search_schema_sql() {
    // A contact's number is its rowid in both indexes: that of `contacts` itself may change when a
    // person lets SQLite shrink the file. Both index `search` as it stands, folded already: as
    // pieces of three characters for parts of words, as words for what is spelled nearly alike.
    // contact_terms shows the words. contact_index.cpp keeps them: triggers may not, for the file's
    // schema is not trusted.
    return R"sql(
CREATE TABLE contact_number (
    number  INTEGER PRIMARY KEY,
    contact TEXT NOT NULL UNIQUE REFERENCES contacts (id) ON DELETE CASCADE
) STRICT;
INSERT INTO contact_number (contact) SELECT id FROM contacts;

CREATE VIEW contact_text AS
    SELECT number, search FROM contact_number JOIN contacts ON contacts.id = contact;

CREATE VIRTUAL TABLE contact_pieces USING fts5 (
    search, content = 'contact_text', content_rowid = 'number', detail = none, columnsize = 0,
    tokenize = 'trigram case_sensitive 1');
CREATE VIRTUAL TABLE contact_words USING fts5 (
    search, content = 'contact_text', content_rowid = 'number', detail = none, columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE contact_terms USING fts5vocab ('contact_words', 'row');
INSERT INTO contact_pieces (contact_pieces) VALUES ('rebuild');
INSERT INTO contact_words (contact_words) VALUES ('rebuild');
)sql";
}

}  // namespace crm::store
