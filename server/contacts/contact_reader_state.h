// What a ContactReader holds; for contact_service.cpp, which makes it.
#pragma once

#include <functional>

#include "server/contacts/contact_reader.h"
#include "server/store/database.h"
#include "shared/contact_query.h"

namespace crm {

struct ContactReader::State {
    store::Snapshot snapshot;
    CustomerId customer;
    ContactQuery query;
    std::function<Status(const store::Connection&, std::vector<Contact>&)> fill_links;  // or empty
    bool is_over = false;
};

}  // namespace crm
