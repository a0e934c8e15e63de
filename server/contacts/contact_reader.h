// Everyone that a query finds, in its order, page by page, as they were at one moment. Made by
// ContactService::open_reader(). It holds a snapshot of the database, which grows while one is
// open: let go of it soon.
#pragma once

#include <memory>
#include <vector>

#include "shared/contact.h"
#include "shared/result.h"

namespace crm {

class ContactReader {
   public:
    ContactReader(ContactReader&&) noexcept;
    ContactReader& operator=(ContactReader&&) noexcept;
    ~ContactReader();

    /// Empty after the last one.
    Result<std::vector<Contact>> next();

   private:
    friend class ContactService;
    struct State;
    explicit ContactReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace crm
