// What the server does with a request: origin, route, caller, parameters, body, handler; everything
// outside /api/ is the browser client. Every error becomes an answer here.
#pragma once

#include "server/http/access.h"
#include "server/http/routes.h"
#include "server/http/server.h"
#include "server/http/static_files.h"

namespace crm::http {

class Application final : public Handler {
   public:
    /// `services` and `files` outlive the application.
    Application(AccessRules rules, const Services& services, const StaticFiles& files);

    [[nodiscard]] std::optional<Response> refuse(const Request& head) override;
    [[nodiscard]] std::size_t body_bytes_max(const Request& head) override;
    void note(const RequestNote& note) override;
    [[nodiscard]] Response handle(const Request& request) override;

   private:
    [[nodiscard]] std::optional<Response> limit(const Request& request);
    [[nodiscard]] std::optional<Response> check(const Request& head);
    struct Prepared {
        const Route* route = nullptr;
        Call call;
    };
    [[nodiscard]] Result<Prepared> prepare(const Request& request, const RouteMatch& match) const;
    [[nodiscard]] Response answer_metrics(const Request& request) const;
    [[nodiscard]] Result<Response> work_on(const Route& route, const Call& call) const;
    [[nodiscard]] Response answer_api(const Request& request) const;

    const AccessRules rules_;
    const Services& services_;
    const StaticFiles& files_;
    RateLimit addresses_;
    RateLimit tokens_;
};

}  // namespace crm::http
