// The pages of one listing, as they come: what they hold, whether there are more, and whether all
// of it is what came the last time. Pages of a listing that did not change are recognised by their
// bytes and never parsed. Does no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "server/sync/connectors/digest.h"
#include "server/sync/connectors/integration_app.h"
#include "server/sync/connectors/integration_app_json.h"

namespace crm::sync {

/// A page that was read once: its bytes, and where the next one begins.
struct KnownPage {
    Digest digest{};
    std::string cursor;  // empty: it was the last one
};

/// A complete listing of which only the digests are kept.
struct KnownWalk {
    std::string digest;  // Listing::digest; "": nothing is known
    std::vector<KnownPage> pages;
    std::optional<std::int64_t> total;
};

class ListingWalk {
   public:
    /// `known` is the listing that `known_digest` names, if it is remembered at all.
    ListingWalk(const ConnectorSpec& spec, const KnownWalk& known, const std::string& known_digest);

    /// The page that came for cursor(). false: it is none, and the walk stands where it stood.
    [[nodiscard]] bool take(std::string body);
    [[nodiscard]] const std::string& cursor() const { return cursor_; }  // of the next page
    [[nodiscard]] bool has_more() const { return has_more_; }
    /// Code of what ends the walk before its time; empty: nothing does.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    /// What was read so far.
    [[nodiscard]] Listing partial();
    /// The whole; not complete when problem() says why. To be asked when there is no more.
    [[nodiscard]] Listing whole();
    /// To be asked after a whole() that is complete.
    [[nodiscard]] KnownWalk learned() && { return std::move(learned_); }

   private:
    void unfold();
    void add(ListPage page);
    void go_on(const Digest& digest, std::string cursor);

    const ConnectorSpec& spec_;
    const KnownWalk* known_;  // null as soon as something differs
    const std::string& known_digest_;
    std::vector<std::string> held_;  // pages like the known ones, in case a later one is not
    std::vector<RemoteRecord> records_;
    std::set<std::string> ids_;
    std::set<std::string> cursors_;
    KnownWalk learned_;
    std::string cursor_;
    std::string problem_;
    bool has_more_ = true;
    bool has_record_without_id_ = false;
};

}  // namespace crm::sync
