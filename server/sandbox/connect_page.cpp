// The token in the address is the person's right to be here; the form posts to the same address.
#include "server/sandbox/connect_page.h"

#include <chrono>
#include <string>

#include "server/html_text.h"
#include "server/jwt.h"
#include "server/sandbox/catalog.h"
#include "server/sandbox/html.h"
#include "shared/limits.h"

namespace crm::sandbox {
namespace {

Response page(System system, int status, std::string_view content) {
    const std::string title = "Connect " + std::string(label_of(system));
    return html_response(status, page_html(system, {.title = title, .content = content}));
}

std::optional<CustomerId> read_customer(const Desk& desk, const Request& request) {
    const auto now = std::chrono::floor<std::chrono::seconds>(desk.clock.now());
    const Result<TokenClaims> claims = verify_token(
        request.parameter("token"), desk.options.workspace_secret, now.time_since_epoch().count());
    if (!claims.is_ok() || claims.value().issuer != desk.options.workspace_key) return std::nullopt;
    const std::string& id = claims.value().id.empty() ? claims.value().subject : claims.value().id;
    if (id.empty() || id.size() > kAuthIdCharsMax) return std::nullopt;
    return CustomerId(id);
}

Status connect(const Desk& desk, const CustomerId& customer, System system) {
    Session session = CRM_TRY(enter(desk, customer, Access::Write));
    CRM_TRY(session.set_connection_state(system, ConnectionState::Connected));
    return session.commit();
}

bool is_address(const Request& request) {
    if (request.segments.size() != 4) return false;
    const bool is_new = request.segment(1) == "integrations" && request.segment(3) == "connect";
    return is_new || (request.segment(1) == "connections" && request.segment(3) == "refresh");
}

}  // namespace

Response answer_connect_page(const Desk& desk, const Request& request) {
    if (!is_address(request)) return not_found_response("There is nothing at this address");
    const std::optional<CustomerId> customer = read_customer(desk, request);
    const std::optional<System> system =
        customer ? find_connection(*customer, request.segment(2)) : std::nullopt;
    if (!customer || !system) {
        return page(
            system.value_or(System::HubSpot),
            customer ? 404 : 401,
            "<p class=\"note\" role=\"alert\">This link is no longer good; open it again from "
            "the app.</p>\n");
    }
    const std::string label(label_of(*system));
    if (request.method != "POST") {
        return page(*system,
                    200,
                    "<p>May the app read and change the contacts of your practice " + label +
                        "?</p>\n<form method=\"post\">\n<button type=\"submit\">Allow</button>\n"
                        "</form>\n");
    }
    const Status connected = connect(desk, *customer, *system);
    if (!connected.is_ok()) {
        return page(
            *system, 500, "<p role=\"alert\">" + escape_html(connected.error().message) + "</p>\n");
    }
    return page(
        *system,
        200,
        "<p class=\"note\" role=\"status\">" + label + " is connected. Go back to the app.</p>\n");
}

}  // namespace crm::sandbox
