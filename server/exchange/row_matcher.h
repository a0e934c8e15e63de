// Who of the address book a row of a file is, and what the row makes of them. Decides only; nothing
// is written. One per import: it remembers the rows that it has seen.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/exchange/importer.h"

namespace crm::exchange {

enum class RowAction { Create, Update, Keep, Refuse };

struct RowDecision {
    RowAction action = RowAction::Refuse;
    std::optional<Contact> before;  // of an update, or what is kept
    ContactFields after;
    std::string reason;  // of a refusal, one sentence
};

class RowMatcher {
   public:
    RowMatcher(CustomerId customer, ImportKey key) : customer_(std::move(customer)), key_(key) {}

    /// Phones are found through a list of all of them, made once. No effect with another key.
    Status learn_phones(ContactService& contacts);

    Result<RowDecision> decide(const store::Connection& connection, const ImportRow& row);

   private:
    /// What was seen of a person in this file.
    struct Seen {
        std::size_t row = 0;
        std::size_t content = 0;
    };

    std::optional<RowDecision> check_repetition(const ImportRow& row, const ContactPatch& patch);
    Result<std::optional<Contact>> find_owner(const store::Connection& connection,
                                              const ImportRow& row,
                                              const ContactFields& fields) const;
    Result<std::optional<Contact>> find_by_phone(const store::Connection& connection,
                                                 const std::string& phone) const;
    Result<std::optional<Contact>> find_alike(const store::Connection& connection,
                                              const ContactFields& fields) const;
    [[nodiscard]] std::string identity(const ContactFields& fields) const;
    [[nodiscard]] RowDecision lay_over(std::optional<Contact> owner,
                                       const ContactPatch& patch) const;

    CustomerId customer_;
    ImportKey key_;
    std::unordered_map<std::size_t, Seen> seen_;  // by the hash of identity()
    std::unordered_map<std::string, std::vector<ContactId>> phones_;
};

}  // namespace crm::exchange
