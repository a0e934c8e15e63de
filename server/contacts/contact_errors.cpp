#include "server/contacts/contact_errors.h"

namespace crm {

Error no_such_contact_error() {
    return Error{ErrorCode::NotFound, "There is no such contact; the link may be old"};
}

Error not_there_yet_error(const Contact& contact, TimePoint time) {
    return Error{ErrorCode::NotFound,
                 "This contact was not here yet at " + format_time(time) + "; it came at " +
                     format_time(contact.created_at)};
}

Error email_taken_error(const Contact& owner) {
    Error error{ErrorCode::Conflict,
                "Another contact already has this e-mail, so nothing was saved; open " +
                    display_name(owner.fields) + " or use another e-mail"};
    error.fields["email"] = "This e-mail belongs to " + display_name(owner.fields);
    return error;
}

Error deleted_error(const Contact& contact) {
    return Error{ErrorCode::Conflict,
                 display_name(contact.fields) +
                     " is deleted, so nothing was changed; restore the contact first"};
}

Status NobodyObserves::contact_changed(store::Transaction&, const Contact*, const Contact&) {
    return {};
}

Status NobodyObserves::fill_links(const store::Connection&,
                                  const CustomerId&,
                                  std::vector<Contact*>&) {
    return {};
}

void NobodyObserves::wake(const CustomerId&) {}

Result<std::vector<api::MergedSystem>> ContactObserver::tell_merge(const store::Connection&,
                                                                   const Contact&,
                                                                   const Contact&) {
    return std::vector<api::MergedSystem>{};
}

Result<std::vector<store::MovedLink>> ContactObserver::hand_over(store::Transaction&,
                                                                 const Contact&,
                                                                 const Contact&) {
    return std::vector<store::MovedLink>{};
}

Status ContactObserver::hand_back(store::Transaction&,
                                  const Contact&,
                                  const Contact&,
                                  const std::vector<store::MovedLink>&) {
    return {};
}

Result<std::vector<std::string>> ContactObserver::tell_hand_back(
    const store::Connection&,
    const Contact&,
    const Contact&,
    const std::vector<store::MovedLink>&) {
    return std::vector<std::string>{};
}

}  // namespace crm
