// The parts of the pages that only show: from records to HTML. What people type and what records
// hold goes through escape_html here.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/desk.h"
#include "server/sandbox/message.h"
#include "server/sandbox/record.h"
#include "server/sandbox/sandbox_store.h"

namespace crm::sandbox {

/// One input of the forms; `name` is also the name in the posted form.
struct FormField {
    std::string_view name;
    std::string_view label;
    std::optional<std::string> Draft::*draft;
};
[[nodiscard]] std::span<const FormField> form_of(System system);

/// The record as its form shows it.
[[nodiscard]] Draft draft_of(const Record& record);

[[nodiscard]] std::string app_path(System system);
[[nodiscard]] std::string contact_path(const Record& record);

/// The person at the pages: one CRM, the dev customer's.
struct Visit {
    const Desk& desk;
    System system;
    const Request& request;

    [[nodiscard]] CustomerId customer() const { return CustomerId(desk.options.dev_customer); }
};

/// A page of this CRM, below what is switched on. `content` is HTML, `title` is text.
[[nodiscard]] Response page(const Visit& visit,
                            int status,
                            std::string_view title,
                            std::string_view content);
[[nodiscard]] Response sorry(const Visit& visit, int status, std::string_view sentence);

struct Found {
    std::vector<Record> records;
    std::size_t total = 0;
    std::size_t page = 1;
    Shown shown = Shown::Live;
};
[[nodiscard]] Response list_page(const Visit& visit, const Found& found);
/// What was typed, and why it was refused; both may be empty.
[[nodiscard]] Response new_page(const Visit& visit, const Draft& values, std::string_view problem);
[[nodiscard]] Response contact_page(const Visit& visit,
                                    const Record& record,
                                    const Draft& values,
                                    std::string_view problem);
/// One from the recycle bin.
[[nodiscard]] Response deleted_page(const Visit& visit,
                                    const Record& record,
                                    std::string_view problem);

}  // namespace crm::sandbox
