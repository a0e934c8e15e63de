#include "server/store/sql_guard.h"

#include <string>

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace crm::store {
namespace {

struct Meaning {
    ErrorCode code;
    const char* sentence;
};

Meaning meaning_of(int sqlite_code) {
    switch (sqlite_code & 0xFF) {  // the low byte is the kind, the rest its detail
        case SQLITE_FULL:
            return {ErrorCode::Unavailable,
                    "The disk is full, so nothing was saved; make room and try again"};
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            return {ErrorCode::Unavailable,
                    "The disk with the contacts does not answer; it is not certain that this was "
                    "saved, so look before you try again"};
        case SQLITE_READONLY:
            return {ErrorCode::Unavailable,
                    "The contacts' file can only be read, so nothing was saved; make it writable"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::Unavailable,
                    "Another program holds the contacts' file, so nothing was saved; try again"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Internal,
                    "The contacts' file is damaged, so nothing was done; restore a backup"};
        default:
            return {ErrorCode::Internal,
                    "The contacts' file refused this, so nothing was saved; please report it"};
    }
}

}  // namespace

Error sql_error(const std::runtime_error& thrown) {
    const auto* exception = dynamic_cast<const SQLite::Exception*>(&thrown);
    const int sqlite_code = exception == nullptr ? SQLITE_ERROR : exception->getErrorCode();
    const Meaning meaning = meaning_of(sqlite_code);
    return Error{meaning.code, std::string(meaning.sentence) + " (" + thrown.what() + ")"};
}

}  // namespace crm::store
