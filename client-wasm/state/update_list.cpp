// The two lists (contacts, Trash): which page to ask for, what an answer changes, and how live
// changes reach the rows.
//
// Pages are found by keyset cursors. A change moves rows across the borders of pages; so the pages
// from the first shown one to the last shown one are read again, in order; a later one follows when
// it comes into sight. Pages before them are dropped and keep their cursors.
#include <algorithm>
#include <utility>

#include "client-wasm/limits.h"
#include "client-wasm/state/select.h"
#include "client-wasm/state/update_parts.h"

namespace crm::client {
namespace {

std::int64_t first_page(const ContactList& list) {
    return list.first_shown / kListPageRows;
}

std::int64_t last_page(const ContactList& list) {
    const std::int64_t rows = list.total.value_or(1);
    return std::clamp<std::int64_t>(list.last_shown, 0, std::max<std::int64_t>(rows - 1, 0)) /
           kListPageRows;
}

/// The page to read for the sake of this one; -1 when it is there and fresh.
std::int64_t page_to_read(const ContactList& list, std::int64_t wanted) {
    const bool is_stale = list.stale_from && wanted >= *list.stale_from;
    if (is_stale) return *list.stale_from;
    if (list.pages.count(wanted) != 0) return -1;
    const auto known = static_cast<std::int64_t>(list.cursors.size());
    return std::min(wanted, known - 1);
}

void drop_far_pages(ContactList& list) {
    while (list.pages.size() > kListPagesKept) {
        const std::int64_t shown = first_page(list);
        const std::int64_t front = list.pages.begin()->first;
        const std::int64_t back = list.pages.rbegin()->first;
        list.pages.erase(shown - front > back - shown ? front : back);
    }
}

/// What the end of the page that was just read says about the next one.
void note_end(ContactList& list, std::int64_t page, const std::string& cursor) {
    const auto next = static_cast<std::size_t>(page) + 1;
    if (cursor.empty()) {
        list.cursors.resize(next);
        list.pages.erase(list.pages.upper_bound(page), list.pages.end());
        list.stale_from.reset();
        // The last page says how many there are, should the count have been taken at another
        // moment.
        const auto rows = static_cast<std::int64_t>(list.pages[page].size());
        list.total = page * kListPageRows + rows;
        return;
    }
    const bool is_known = next < list.cursors.size();
    const bool is_moved = is_known && list.cursors[next] != cursor;
    if (!is_known) list.cursors.push_back(cursor);
    if (is_moved) list.cursors[next] = cursor;
    if (is_moved || (list.stale_from && *list.stale_from == page)) list.stale_from = page + 1;
    if (list.pages.upper_bound(page) == list.pages.end()) list.stale_from.reset();
}

bool is_same_place(const Contact& before, const Contact& after, const ContactQuery& query) {
    return !less(before, after, query.sort) && !less(after, before, query.sort);
}

Contact* find_mutable(ContactList& list, const ContactId& id) {
    for (auto& [page, contacts] : list.pages) {
        for (Contact& contact : contacts) {
            if (contact.id == id) return &contact;
        }
    }
    return nullptr;
}

/// True: the list must be read again.
bool place_in(ContactList& list, const Contact& contact, const ContactQuery& query) {
    if (!list.total) return false;
    Contact* row = find_mutable(list, contact.id);
    const bool belongs = matches(contact, query);
    if (row == nullptr) return belongs;
    if (!belongs) {
        take_out(list, contact.id);
        return true;
    }
    const bool is_moved = !is_same_place(*row, contact, query);
    if (contact.version >= row->version) *row = contact;
    return is_moved;
}

}  // namespace

ContactList& list_for(Step& step, ListKind kind) {
    return kind == ListKind::Live ? step.state.contacts : step.state.trash;
}

ContactQuery query_for(const AppState& state, ListKind kind) {
    ContactQuery query;
    query.limit = static_cast<int>(kListPageRows);
    if (kind == ListKind::Trash) {
        query.deleted = Deleted::Only;
        query.sort = {{"updatedAt", true}};
        return query;
    }
    query.text = state.route.text;
    query.sort = state.route.sort;
    return query;
}

void want_rows(Step& step, ListKind kind) {
    ContactList& list = list_for(step, kind);
    if (list.request != 0 || list.is_failed) return;
    for (std::int64_t page = first_page(list); page <= last_page(list); ++page) {
        const std::int64_t next = page_to_read(list, page);
        if (next < 0) continue;
        FetchContacts fetch{kind, query_for(step.state, kind)};
        fetch.query.cursor = list.cursors[static_cast<std::size_t>(next)];
        list.requested_page = next;
        list.request = send(step, std::move(fetch));
        return;
    }
}

void reset_list(Step& step, ListKind kind) {
    ContactList& list = list_for(step, kind);
    step.state.pending.erase(list.request);
    list = ContactList{};
    drop_notices(step, NoticePlace::List);
    want_rows(step, kind);
}

void refresh_soon(Step& step) {
    for (const auto& [timer, kind] : step.state.timers) {
        if (kind == TimerKind::Refresh) return;
    }
    schedule(step, TimerKind::Refresh, kRefreshDelay);
}

void refresh_lists(Step& step) {
    for (const ListKind kind : {ListKind::Live, ListKind::Trash}) {
        ContactList& list = list_for(step, kind);
        if (!list.total) continue;
        const std::int64_t page =
            std::min(first_page(list), static_cast<std::int64_t>(list.cursors.size()) - 1);
        list.pages.erase(list.pages.begin(), list.pages.lower_bound(page));
        list.stale_from = page;
        if (list.request != 0) {  // its answer may be older than the change
            step.state.pending.erase(list.request);
            list.request = 0;
        }
        const bool is_shown =
            (kind == ListKind::Live) == (step.state.route.screen != Screen::Trash);
        if (is_shown) want_rows(step, kind);
    }
}

void place_contact(Step& step, const Contact& contact) {
    const bool is_live_moved =
        place_in(step.state.contacts, contact, query_for(step.state, ListKind::Live));
    const bool is_trash_moved =
        place_in(step.state.trash, contact, query_for(step.state, ListKind::Trash));
    if (is_live_moved || is_trash_moved) refresh_soon(step);
}

void take_out(ContactList& list, const ContactId& id) {
    for (auto& [page, contacts] : list.pages) {
        const auto found = std::find_if(contacts.begin(),
                                        contacts.end(),
                                        [&id](const Contact& contact) { return contact.id == id; });
        if (found == contacts.end()) continue;
        contacts.erase(found);
        if (list.total && *list.total > 0) --*list.total;
        return;
    }
}

void handle_list_failure(Step& step, const FetchContacts& request, const RequestFailed& reply) {
    ContactList& list = list_for(step, request.list);
    if (list.request != reply.request) return;
    list.request = 0;
    list.is_failed = true;
    add_notice(step, NoticePlace::List, {request, reply});
}

void handle(Step& step, const ContactsLoaded& action) {
    const auto found = step.state.pending.find(action.request);
    if (found == step.state.pending.end()) return;
    const auto* request = std::get_if<FetchContacts>(&found->second);
    const ListKind kind = request == nullptr ? ListKind::Live : request->list;
    step.state.pending.erase(found);
    ContactList& list = list_for(step, kind);
    if (list.request != action.request) return;
    list.request = 0;
    drop_notices(step, NoticePlace::List);
    const std::int64_t page = list.requested_page;
    list.pages[page] = action.page.contacts;
    list.total = action.page.total;
    note_end(list, page, action.page.cursor);
    drop_far_pages(list);
    want_rows(step, kind);
}

void handle(Step& step, const RowsShown& action) {
    ContactList& list = list_for(step, action.list);
    list.first_shown = std::max<std::int64_t>(action.first, 0);
    list.last_shown = std::max(action.last, list.first_shown);
    want_rows(step, action.list);
}

void handle(Step& step, const ContactChanged& action) {
    const Contact* row = find_contact(step.state.contacts, action.contact.id);
    const bool is_news = row == nullptr || row->fields != action.contact.fields;
    place_contact(step, action.contact);
    show_in_panel(step, action.contact);
    if (!is_news || action.contact.deleted) return;
    step.state.flashes.insert(action.contact.id);
    cancel_timers(step, TimerKind::Flash);
    schedule(step, TimerKind::Flash, kFlashLife);
}

void handle(Step& step, const RestoreClicked& action) {
    for (const auto& [id, request] : step.state.pending) {
        if (request == Request(RestoreContact{action.id})) return;
    }
    send(step, RestoreContact{action.id});
}

}  // namespace crm::client
