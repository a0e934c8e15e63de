// A page that differs makes everything before it worth parsing after all: the engine takes a
// listing as a whole or not at all. So the bytes of recognised pages are held until the end; they
// take about as much room as the records would.
#include "server/sync/connectors/listing_walk.h"

#include <utility>

#include "server/limits.h"
#include "server/sync/connectors/output_part.h"

namespace crm::sync {

ListingWalk::ListingWalk(const ConnectorSpec& spec,
                         const KnownWalk& known,
                         const std::string& known_digest)
    : spec_(spec),
      known_(!known_digest.empty() && known.digest == known_digest ? &known : nullptr),
      known_digest_(known_digest) {}

bool ListingWalk::take(std::string body) {
    const Digest digest = digest_of(output_part(body));
    const std::size_t index = learned_.pages.size();
    if (known_ != nullptr && index < known_->pages.size() &&
        known_->pages[index].digest == digest) {
        held_.push_back(std::move(body));
        go_on(digest, known_->pages[index].cursor);
        return true;
    }
    std::optional<ListPage> page = read_page(body, spec_);
    if (!page) return false;
    unfold();
    std::string cursor = std::move(page->cursor);
    add(std::move(*page));
    go_on(digest, std::move(cursor));
    return true;
}

/// From here on every page is parsed, those that were held as well.
void ListingWalk::unfold() {
    known_ = nullptr;
    for (std::string& body : held_) {
        if (std::optional<ListPage> page = read_page(body, spec_)) add(std::move(*page));
        std::string().swap(body);
    }
    held_.clear();
}

void ListingWalk::add(ListPage page) {
    has_record_without_id_ = has_record_without_id_ || page.has_record_without_id;
    if (page.total) learned_.total = page.total;
    for (RemoteRecord& record : page.records) {
        if (ids_.insert(record.id.text).second) records_.push_back(std::move(record));
    }
}

void ListingWalk::go_on(const Digest& digest, std::string cursor) {
    learned_.pages.push_back({.digest = digest, .cursor = cursor});
    has_more_ = !cursor.empty();
    if (has_more_ && !cursors_.insert(cursor).second) problem_ = "cursor_repeated";
    if (cursors_.size() > kListPagesMax || ids_.size() > kListRecordsMax) {
        problem_ = "too_many_records";
    }
    cursor_ = std::move(cursor);
    if (!has_more_ && has_record_without_id_) problem_ = "record_without_id";
}

Listing ListingWalk::partial() {
    unfold();
    Listing listing;
    listing.records = std::move(records_);
    return listing;
}

Listing ListingWalk::whole() {
    // The meaning of the bytes is part of what is compared.
    std::string digests = spec_.system.mapping_hash;
    for (const KnownPage& page : learned_.pages) {
        digests.append(reinterpret_cast<const char*>(page.digest.data()), page.digest.size());
    }
    learned_.digest = hex_digest(digests);
    const bool is_unchanged = learned_.digest == known_digest_ && problem_.empty();
    if (is_unchanged && known_ != nullptr) learned_.total = known_->total;
    Listing listing = is_unchanged ? Listing{} : partial();
    listing.is_unchanged = is_unchanged;
    listing.is_complete = problem_.empty();
    listing.total = learned_.total;
    if (listing.is_complete) listing.digest = learned_.digest;
    return listing;
}

}  // namespace crm::sync
