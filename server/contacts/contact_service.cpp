#include "server/contacts/contact_service.h"

#include <algorithm>
#include <utility>

#include "server/contacts/contact_errors.h"
#include "server/contacts/contact_purge.h"
#include "server/contacts/contact_reader_state.h"
#include "server/contacts/contact_update.h"
#include "server/contacts/sync_filter.h"
#include "server/limits.h"
#include "shared/contact_parse.h"
#include "shared/text.h"

namespace crm {
namespace {

/// Conflict when a live contact other than `self` has the e-mail.
Status check_email_is_free(const store::Connection& connection, const Contact& self) {
    const std::string key = email_key(self.fields.email).value_or("");
    const auto owner = CRM_TRY(store::find_live_by_email(connection, self.customer_id, key));
    if (owner && owner->id != self.id) return email_taken_error(*owner);
    return {};
}

Result<Contact> find_or_fail(const store::Connection& connection,
                             const CustomerId& customer,
                             const ContactId& id) {
    auto found = CRM_TRY(store::find_contact(connection, customer, id));
    if (!found) return no_such_contact_error();
    return std::move(*found);
}

store::HistoryLine make_line(std::string kind, TimePoint at, const Origin& origin) {
    store::HistoryLine line;
    line.kind = std::move(kind);
    line.at = at;
    line.actor = origin.actor;
    line.system = origin.system.text;
    line.run_id = origin.run_id;
    line.note = origin.note;
    return line;
}

const char* kind_of(const Contact& before, const Contact& after) {
    if (after.deleted == before.deleted) return "updated";
    return after.deleted ? "deleted" : "restored";
}

/// What a person's change came to.
struct Change {
    Contact after;
    bool is_written = false;
    bool is_new = false;
};

/// Every write moves the version, or ends probation.
Change compare(const Contact& before, Contact after) {
    const bool is_written = after.version != before.version || after.arriving != before.arriving;
    return Change{.after = std::move(after), .is_written = is_written};
}

Result<Contact> contact_of(Result<Change> change) {
    if (!change.is_ok()) return change.error();
    return std::move(change.value().after);
}

}  // namespace

struct ContactService::State {
    store::Database& database;
    const Clock& clock;
    Random& random;
    ContactObserver* observer = nullptr;
    NobodyObserves nobody;
    ContactListener listener;

    State(store::Database& file, const Clock& time, Random& chance)
        : database(file), clock(time), random(chance) {}

    Status fill_links(const store::Connection& connection, std::vector<Contact>& contacts) const {
        if (observer == nullptr || contacts.empty()) return {};
        std::vector<Contact*> pointers;
        pointers.reserve(contacts.size());
        for (Contact& contact : contacts) pointers.push_back(&contact);
        return observer->fill_links(connection, contacts.front().customer_id, pointers);
    }

    Status fill_links(const store::Connection& connection, Contact& contact) const {
        if (observer == nullptr) return {};
        std::vector<Contact*> pointers{&contact};
        return observer->fill_links(connection, contact.customer_id, pointers);
    }

    Status tell_observer(store::Transaction& transaction,
                         const Contact* before,
                         const Contact& after) const {
        if (observer == nullptr) return {};
        return observer->contact_changed(transaction, before, after);
    }

    /// Times of one contact grow strictly, even when the clock steps back.
    [[nodiscard]] TimePoint next_time(const Contact& before) const {
        return std::max(clock.now(), before.updated_at + std::chrono::milliseconds{1});
    }

    Result<Contact> add(store::Transaction& transaction,
                        Contact contact,
                        std::string kind,
                        const Origin& origin) const {
        CRM_TRY(check_email_is_free(transaction, contact));
        contact.id = ContactId(make_uuid(random));
        contact.sources = {origin.system.text};
        contact.created_at = clock.now();
        contact.updated_at = contact.created_at;
        CRM_TRY(store::insert_contact(transaction, contact));
        store::HistoryLine line = make_line(std::move(kind), contact.updated_at, origin);
        line.version = contact.version;
        line.changes = store::exact_changes({}, contact.fields);
        CRM_TRY(store::append_history(transaction, contact.customer_id, contact.id, line));
        CRM_TRY(tell_observer(transaction, nullptr, contact));
        return contact;
    }

    /// `after` is `before` with other fields, or dead, or alive again; gets version and time here.
    Result<Contact> change(store::Transaction& transaction,
                           const Contact& before,
                           Contact after,
                           const Origin& origin) const {
        if (!after.deleted) CRM_TRY(check_email_is_free(transaction, after));
        after.version = before.version + 1;
        after.updated_at = next_time(before);
        CRM_TRY(store::update_contact(transaction, after, before.version));
        store::HistoryLine line = make_line(kind_of(before, after), after.updated_at, origin);
        line.version = after.version;
        line.changes = store::exact_changes(before.fields, after.fields);
        CRM_TRY(store::append_history(transaction, after.customer_id, after.id, line));
        CRM_TRY(tell_observer(transaction, &before, after));
        return after;
    }

    /// A person vouches for a contact in probation without changing a field: no new version.
    Result<Contact> confirm_by_hand(store::Transaction& transaction,
                                    const Contact& before,
                                    const Origin& origin) const {
        Contact after = before;
        after.arriving = false;
        CRM_TRY(store::confirm_contact(transaction, before.id));
        store::HistoryLine line = make_line("updated", clock.now(), origin);
        if (line.note.empty()) line.note = "Confirmed by hand";
        CRM_TRY(store::append_history(transaction, after.customer_id, after.id, line));
        CRM_TRY(tell_observer(transaction, &before, after));
        return after;
    }

    /// A person's change of fields: nothing is written when nothing differs.
    Result<Contact> edit(store::Transaction& transaction,
                         const Contact& before,
                         ContactFields fields,
                         const Origin& origin) const {
        if (fields == before.fields) {
            return before.arriving ? confirm_by_hand(transaction, before, origin) : before;
        }
        Contact after = before;
        after.fields = std::move(fields);
        after.arriving = false;
        return change(transaction, before, std::move(after), origin);
    }

    Result<Contact> bury(store::Transaction& transaction,
                         const Contact& before,
                         const Origin& origin) const {
        if (before.deleted) return before;
        Contact after = before;
        after.deleted = true;
        after.arriving = false;  // deleting it is a decision about it
        return change(transaction, before, std::move(after), origin);
    }

    Result<Change> create(store::Transaction& transaction,
                          const CustomerId& customer,
                          const ContactPatch& patch,
                          const Origin& origin) const {
        Contact contact;
        contact.customer_id = customer;
        contact.fields = apply_patch({}, patch);
        const std::string key = email_key(contact.fields.email).value_or("");
        const auto owner = CRM_TRY(store::find_live_by_email(transaction, customer, key));
        if (owner) {
            ContactFields fields = apply_patch(owner->fields, patch);
            Contact updated = CRM_TRY(edit(transaction, *owner, std::move(fields), origin));
            return compare(*owner, std::move(updated));
        }
        CRM_TRY(check_new_contact(contact.fields));
        contact = CRM_TRY(add(transaction, std::move(contact), "created", origin));
        return Change{.after = std::move(contact), .is_written = true, .is_new = true};
    }

    /// One person's change: `work` makes it in a transaction, and the world hears of it afterwards.
    template <class Work>
    Result<Change> change_for_person(Work work) const {
        store::Transaction transaction = CRM_TRY(database.begin_write());
        Change change = CRM_TRY(work(transaction));
        CRM_TRY(fill_links(transaction, change.after));
        if (!change.is_written) return change;
        CRM_TRY(transaction.commit());
        if (listener) listener(change.after);
        if (observer != nullptr) observer->wake(change.after.customer_id);
        return change;
    }
};

ContactService::ContactService(store::Database& database, const Clock& clock, Random& random)
    : state_(std::make_unique<State>(database, clock, random)) {}

ContactService::~ContactService() = default;

void ContactService::connect(ContactObserver* observer, ContactListener listener) {
    state_->observer = observer;
    state_->listener = std::move(listener);
}

Result<api::ContactPage> ContactService::list(const CustomerId& customer,
                                              const ContactQuery& query) {
    const store::Snapshot snapshot = CRM_TRY(state_->database.begin_read());
    const auto fill = [this](const store::Connection& connection, auto& contacts) {
        return state_->fill_links(connection, contacts);
    };
    if (asks_for_sync(query.filter)) return list_by_sync(snapshot, customer, query, fill);
    api::ContactPage page = CRM_TRY(store::list_contacts(snapshot, customer, query));
    CRM_TRY(fill(snapshot, page.contacts));
    return page;
}

Result<ContactReader> ContactService::open_reader(const CustomerId& customer,
                                                  ContactQuery query,
                                                  Links links) {
    query.limit = kReaderPageRows;
    query.cursor.clear();
    if (asks_for_sync(query.filter)) links = Links::Filled;
    auto state = std::make_unique<ContactReader::State>(ContactReader::State{
        CRM_TRY(state_->database.begin_read()), customer, std::move(query), {}, false});
    if (links == Links::Filled) {
        state->fill_links = [this](const store::Connection& connection, auto& contacts) {
            return state_->fill_links(connection, contacts);
        };
    }
    return ContactReader(std::move(state));
}

Result<Contact> ContactService::find(const CustomerId& customer, const ContactId& id) {
    const store::Snapshot snapshot = CRM_TRY(state_->database.begin_read());
    Contact contact = CRM_TRY(find_or_fail(snapshot, customer, id));
    CRM_TRY(state_->fill_links(snapshot, contact));
    return contact;
}

Result<std::vector<api::HistoryEntry>> ContactService::history(const CustomerId& customer,
                                                               const ContactId& id) {
    const store::Snapshot snapshot = CRM_TRY(state_->database.begin_read());
    const Contact contact = CRM_TRY(find_or_fail(snapshot, customer, id));
    return store::load_history(snapshot, customer, contact.id);
}

std::string ContactService::make_group(std::string_view what) {
    return std::string(what) + '-' + make_uuid(state_->random);
}

Result<CreateOutcome> ContactService::create(const CustomerId& customer,
                                             const ContactPatch& patch,
                                             const Origin& origin) {
    const auto work = [&](store::Transaction& transaction) {
        return state_->create(transaction, customer, patch, origin);
    };
    Change change = CRM_TRY(state_->change_for_person(work));
    return CreateOutcome{std::move(change.after), change.is_new};
}

Result<Contact> ContactService::update(const CustomerId& customer,
                                       const ContactId& id,
                                       const ContactPatch& patch,
                                       std::optional<std::int64_t> expected,
                                       const Origin& origin) {
    const auto work = [&](store::Transaction& transaction) -> Result<Change> {
        const Contact before = CRM_TRY(find_or_fail(transaction, customer, id));
        if (before.deleted) return deleted_error(before);
        Contact shown = before;  // a refusal shows the contact as it is now, links and all
        CRM_TRY(state_->fill_links(transaction, shown));
        ContactFields fields = CRM_TRY(merge_patch(transaction, shown, patch, expected));
        Contact after = CRM_TRY(state_->edit(transaction, before, std::move(fields), origin));
        return compare(before, std::move(after));
    };
    return contact_of(state_->change_for_person(work));
}

Result<Contact> ContactService::remove(const CustomerId& customer,
                                       const ContactId& id,
                                       const Origin& origin) {
    const auto work = [&](store::Transaction& transaction) -> Result<Change> {
        const Contact before = CRM_TRY(find_or_fail(transaction, customer, id));
        Contact after = CRM_TRY(state_->bury(transaction, before, origin));
        return compare(before, std::move(after));
    };
    return contact_of(state_->change_for_person(work));
}

Result<Contact> ContactService::remove_by_email(const CustomerId& customer,
                                                std::string_view email,
                                                const Origin& origin) {
    const auto work = [&](store::Transaction& transaction) -> Result<Change> {
        const std::string key = email_key(email).value_or("");
        const auto before = CRM_TRY(store::find_any_by_email(transaction, customer, key));
        if (!before) {
            return Error{ErrorCode::NotFound, "No contact has this e-mail, so nothing was deleted"};
        }
        Contact after = CRM_TRY(state_->bury(transaction, *before, origin));
        return compare(*before, std::move(after));
    };
    return contact_of(state_->change_for_person(work));
}

Result<Contact> ContactService::restore(store::Transaction& transaction,
                                        const Contact& before,
                                        const Origin& origin) {
    if (!before.deleted) return before;
    Contact after = before;
    after.deleted = false;
    return state_->change(transaction, before, std::move(after), origin);
}

Result<Contact> ContactService::restore(const CustomerId& customer,
                                        const ContactId& id,
                                        const Origin& origin) {
    const auto work = [&](store::Transaction& transaction) -> Result<Change> {
        const Contact before = CRM_TRY(find_or_fail(transaction, customer, id));
        return compare(before, CRM_TRY(restore(transaction, before, origin)));
    };
    return contact_of(state_->change_for_person(work));
}

Result<Contact> ContactService::load(const store::Connection& connection,
                                     const CustomerId& customer,
                                     const ContactId& id) {
    return find_or_fail(connection, customer, id);
}

Result<Contact> ContactService::insert(store::Transaction& transaction,
                                       const CustomerId& customer,
                                       const ContactFields& fields,
                                       bool is_arriving,
                                       const Origin& origin) {
    Contact contact;
    contact.customer_id = customer;
    contact.fields = fields;
    contact.arriving = is_arriving;
    const char* kind = origin.system.text == "local" ? "created" : "imported";
    return state_->add(transaction, std::move(contact), kind, origin);
}

Result<Contact> ContactService::replace(store::Transaction& transaction,
                                        const Contact& before,
                                        const ContactFields& fields,
                                        const Origin& origin) {
    if (before.deleted) return deleted_error(before);
    if (fields == before.fields) return before;
    Contact after = before;
    after.fields = fields;
    return state_->change(transaction, before, std::move(after), origin);
}

Result<Contact> ContactService::remove(store::Transaction& transaction,
                                       const CustomerId& customer,
                                       const ContactId& id,
                                       const Origin& origin) {
    const Contact before = CRM_TRY(find_or_fail(transaction, customer, id));
    return state_->bury(transaction, before, origin);
}

Result<store::Transaction> ContactService::begin_write() {
    return state_->database.begin_write();
}

Result<store::Snapshot> ContactService::begin_read() {
    return state_->database.begin_read();
}

Result<Contact> ContactService::edit(store::Transaction& transaction,
                                     const Contact& before,
                                     const ContactFields& fields,
                                     const Origin& origin) {
    if (before.deleted) return deleted_error(before);
    return state_->edit(transaction, before, fields, origin);
}

Result<ContactService::Purged> ContactService::purge(const CustomerId& customer,
                                                     std::chrono::days older_than) {
    return purge_tombstones(*this, customer, state_->clock.now() - older_than);
}

TimePoint ContactService::now() const {
    return state_->clock.now();
}

ContactObserver& ContactService::observer() const {
    return state_->observer == nullptr ? state_->nobody : *state_->observer;
}

void ContactService::wake(const CustomerId& customer) {
    if (state_->observer != nullptr) state_->observer->wake(customer);
}

Status ContactService::confirm(store::Transaction& transaction, const ContactId& id) {
    return store::confirm_contact(transaction, id);
}

Status ContactService::withdraw(store::Transaction& transaction, const ContactId& id) {
    return store::withdraw_contact(transaction, id);
}

Status ContactService::note(store::Transaction& transaction,
                            const CustomerId& customer,
                            const ContactId& id,
                            std::string kind,
                            const Origin& origin,
                            const std::vector<FieldChange>& changes) {
    store::HistoryLine line = make_line(std::move(kind), state_->clock.now(), origin);
    line.changes = changes;
    return store::append_history(transaction, customer, id, line);
}

void ContactService::publish(const CustomerId& customer, const std::vector<ContactId>& ids) {
    if (!state_->listener) return;
    for (const ContactId& id : ids) {
        const Result<Contact> contact = find(customer, id);
        if (contact.is_ok()) {
            state_->listener(contact.value());
        } else if (contact.error().code == ErrorCode::NotFound) {
            Contact withdrawn;
            withdrawn.id = id;
            withdrawn.customer_id = customer;
            withdrawn.arriving = true;
            withdrawn.deleted = true;
            state_->listener(withdrawn);
        }
    }
}

}  // namespace crm
