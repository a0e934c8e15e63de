// What the tests of state/ share: contacts and pages to feed in, and a small driver that keeps the
// effects.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "client-wasm/state/actions.h"
#include "client-wasm/state/update.h"

namespace crm::client {

inline Contact person(const std::string& id, const std::string& name) {
    Contact contact;
    contact.id = ContactId(id);
    contact.fields.name = name;
    contact.fields.email = id + "@example.com";
    return contact;
}

/// A client with its server's mouth: actions go in, effects are kept.
struct Driver {
    AppState state;
    std::vector<Effect> effects;  // of the last action
    TimePoint now{std::chrono::milliseconds(1'700'000'000'000)};

    void act(const Action& action) { effects = update(state, action, now); }

    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const Effect& effect : effects) {
            if (const T* one = std::get_if<T>(&effect)) found.push_back(*one);
        }
        return found;
    }

    /// The ids of the requests of this kind in the last effects.
    template <class T>
    [[nodiscard]] std::vector<std::pair<RequestId, T>> sent() const {
        std::vector<std::pair<RequestId, T>> found;
        for (const SendRequest& send : all<SendRequest>()) {
            if (const T* request = std::get_if<T>(&send.request))
                found.emplace_back(send.id, *request);
        }
        return found;
    }

    /// The newest request of this kind that waits for its answer; 0: none.
    template <class T>
    [[nodiscard]] RequestId waiting() const {
        RequestId newest = 0;
        for (const auto& [id, request] : state.pending) {
            if (std::holds_alternative<T>(request)) newest = id;
        }
        return newest;
    }

    void fire(TimerKind kind) {
        for (const auto& [timer, other] : state.timers) {
            if (other != kind) continue;
            act(TimerFired{timer});
            return;
        }
    }

    /// Started on the list, its first page answered with these.
    void start_with(const std::vector<Contact>& contacts, const std::string& hash = "#/contacts") {
        act(Started{hash, ThemeChoice::System});
        const auto total = static_cast<std::int64_t>(contacts.size());
        act(ContactsLoaded{waiting<FetchContacts>(), {contacts, total, ""}});
    }

    void open(const std::string& id) {
        Route route = state.route;
        route.contact = ContactId(id);
        route.is_new_contact = false;
        act(RouteOpened{route});
    }
    void open_new() {
        Route route = state.route;
        route.contact = ContactId();
        route.is_new_contact = true;
        act(RouteOpened{route});
    }

    [[nodiscard]] bool said(const std::string& part) const {
        for (const Announce& announce : all<Announce>()) {
            if (announce.text.find(part) != std::string::npos) return true;
        }
        return false;
    }
};

}  // namespace crm::client
