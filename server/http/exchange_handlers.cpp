// Files in and out. An export is sent part by part while it is read.
#include "server/http/exchange_handlers.h"

#include <chrono>
#include <utility>

#include "server/exchange/exporter.h"
#include "server/http/contact_handlers.h"
#include "shared/limits.h"

namespace crm::http {
namespace {

class ExportStream final : public BodyStream {
   public:
    using Part = std::optional<std::string>;
    ExportStream(Part first, exchange::Exporter exporter, const std::atomic<bool>& is_stopping)
        : first_(std::move(first)), exporter_(std::move(exporter)), is_stopping_(is_stopping) {}

    Part next() override {
        if (first_) return std::exchange(first_, std::nullopt);
        const bool is_late = std::chrono::steady_clock::now() - begun_ > kExportMax;
        if (is_late || is_stopping_) return break_off();
        Result<Part> part = exporter_.next();
        return part.is_ok() ? part.take() : break_off();
    }

    [[nodiscard]] bool is_broken() const override { return is_broken_; }

   private:
    Part break_off() {
        is_broken_ = true;
        return std::nullopt;
    }

    Part first_;
    exchange::Exporter exporter_;
    const std::atomic<bool>& is_stopping_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    bool is_broken_ = false;
};

Result<exchange::Format> read_format(const Call& call) {
    const std::string* format = call.find("format");
    return exchange::parse_format(format == nullptr ? "csv" : *format);
}

/// A parameter that is true or false; false when it is not given.
Result<bool> read_switch(const Call& call, std::string_view name) {
    const std::string* text = call.find(name);
    if (text == nullptr || *text == "false") return false;
    if (*text == "true") return true;
    return Error{ErrorCode::BadRequest,
                 "The parameter " + std::string(name) + " must be true or false"};
}

}  // namespace

Result<Response> export_contacts(const Services& services, const Call& call) {
    exchange::ExportOptions options;
    options.format = CRM_TRY(read_format(call));
    options.has_mark = CRM_TRY(read_switch(call, "bom"));
    const ContactQuery query = CRM_TRY(read_contact_query(call));
    const auto links = options.format == exchange::Format::Json ? ContactService::Links::Filled
                                                                : ContactService::Links::LeftOut;
    exchange::Exporter exporter(
        CRM_TRY(services.contacts.open_reader(call.caller.customer, query, links)), options);
    // What cannot be read at all is still an error, and not half a file.
    std::optional<std::string> first = CRM_TRY(exporter.next());
    Response response;
    response.content_type = exchange::media_type(options.format);
    response.headers = {{"Cache-Control", "no-store"},
                        {"Content-Disposition",
                         "attachment; filename=\"contacts." +
                             std::string(exchange::file_ending(options.format)) + '"'}};
    response.stream =
        std::make_shared<ExportStream>(std::move(first), std::move(exporter), services.is_stopping);
    return response;
}

}  // namespace crm::http
