// Files in and out. An export is sent part by part while it is read.
#include "server/http/exchange_handlers.h"

#include <chrono>
#include <utility>

#include "server/exchange/exporter.h"
#include "server/exchange/importer.h"
#include "server/http/bulk_handlers.h"
#include "server/http/contact_handlers.h"
#include "server/http/respond.h"
#include "server/limits.h"
#include "shared/api_exchange_json.h"

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

Result<exchange::Format> read_import_format(const Call& call) {
    const exchange::Format format = CRM_TRY(read_format(call));
    if (format != exchange::Format::Json) return format;
    return Error{ErrorCode::BadRequest, "The format must be csv or vcf"};
}

Result<exchange::ImportOptions> read_import_options(const Services& services, const Call& call) {
    exchange::ImportOptions options;
    options.format = CRM_TRY(read_import_format(call));
    const bool is_told = call.find("dryRun") != nullptr;
    options.is_dry_run = !is_told || CRM_TRY(read_truth(call, "dryRun"));
    if (const std::string* key = call.find("key")) {
        options.key = CRM_TRY(exchange::parse_import_key(*key));
    }
    if (const std::string* map = call.find("map")) {
        options.mapping = CRM_TRY(api::read_mapping(*map));
    }
    if (const std::string* name = call.find("file")) options.file_name = *name;
    options.actor = call.caller.user;
    options.is_stopping = [&services] { return services.is_stopping.load(); };
    return options;
}

}  // namespace

Result<Response> export_contacts(const Services& services, const Call& call) {
    exchange::ExportOptions options;
    options.format = CRM_TRY(read_format(call));
    options.has_mark = CRM_TRY(read_truth(call, "bom"));
    if (const std::string* version = call.find("version")) {
        options.version = CRM_TRY(exchange::parse_vcard_version(*version));
    }
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

Result<Response> import_contacts(const Services& services, const Call& call) {
    const exchange::ImportOptions options = CRM_TRY(read_import_options(services, call));
    exchange::TextSource source(call.request.body);
    const CustomerId& customer = call.caller.customer;
    const Result<exchange::ImportOutcome> outcome =
        exchange::import_contacts(services.contacts, customer, source, options);
    if (!outcome.is_ok()) {
        // Earlier batches may be in.
        if (!options.is_dry_run) services.events.publish(customer, "reset", "{}");
        if (!options.is_dry_run) services.contacts.wake(customer);
        return outcome.error();
    }
    announce_changes(services, customer, outcome.value().changed);
    return json_response(200, api::write_import_report(outcome.value().report));
}

Result<Response> purge_contacts(const Services& services, const Call& call) {
    const int days = CRM_TRY(api::read_purge_request(call.request.body));
    const CustomerId& customer = call.caller.customer;
    const ContactService::Purged purged =
        CRM_TRY(services.contacts.purge(customer, std::chrono::days(days)));
    if (purged.removed > 0) services.events.publish(customer, "reset", "{}");
    return json_response(200, api::write_purged(purged.removed, purged.waiting));
}

}  // namespace crm::http
