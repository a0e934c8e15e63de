// What both CRMs have in common: records that are created, changed, listed and thrown away inside a
// Session, and refusals in the CRM's own words. A refused call changes nothing.
//
// The subclasses hold rules and no state; the caller commits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/sandbox/faults.h"
#include "server/sandbox/limits.h"
#include "server/sandbox/record.h"
#include "server/sandbox/sandbox_store.h"
#include "server/sandbox/wire_json.h"
#include "shared/result.h"

namespace crm::sandbox {

/// How the CRM itself answered when it refused: its status and its body.
struct CrmRefusal {
    int status = 400;
    Json body;
    std::string message;            // the body's own sentence
    Json headers = Json::object();  // those that matter: name -> text
};

using CrmAnswer = std::variant<Record, CrmRefusal>;

/// A page of a listing. An empty cursor: the last one.
struct Page {
    std::vector<Record> records;
    std::string cursor;
};
using PageAnswer = std::variant<Page, CrmRefusal>;

struct PageQuery {
    std::string cursor;  // empty: the first page
    std::size_t limit = kSandboxPageRecords;
    Shown shown = Shown::Live;
    std::string email;  // empty: no matter
    std::string text;   // empty: no matter
};

/// Which of the two the record is that a merge leaves.
enum class MergedId {
    New,   // neither: it gets an id of its own
    Kept,  // the one that the other is merged into
};

class Crm {
   public:
    Crm() = default;
    Crm(const Crm&) = delete;
    Crm& operator=(const Crm&) = delete;
    virtual ~Crm() = default;

    [[nodiscard]] virtual System system() const = 0;
    [[nodiscard]] virtual Result<CrmAnswer> create(Session& session,
                                                   const Draft& draft,
                                                   TimePoint now) const = 0;
    [[nodiscard]] virtual Result<CrmAnswer> update(Session& session,
                                                   std::string_view id,
                                                   const Draft& draft,
                                                   TimePoint now) const = 0;
    /// Into the recycle bin.
    [[nodiscard]] virtual Result<CrmAnswer> remove(Session& session,
                                                   std::string_view id,
                                                   TimePoint now) const = 0;
    /// The record `id` and the one that is merged into it; what is left.
    [[nodiscard]] virtual Result<CrmAnswer> merge(Session& session,
                                                  std::string_view id,
                                                  std::string_view other,
                                                  MergedId merged,
                                                  TimePoint now) const = 0;
    /// Live ones only.
    [[nodiscard]] virtual Result<CrmAnswer> find(Session& session, std::string_view id) const = 0;
    [[nodiscard]] virtual Result<PageAnswer> list(Session& session,
                                                  const PageQuery& query) const = 0;
    /// The refusal that means "slow down".
    [[nodiscard]] virtual CrmRefusal rate_limit(Limit limit) const = 0;
    /// The refusal that means "you may only read".
    [[nodiscard]] virtual CrmRefusal read_only() const = 0;
};

[[nodiscard]] const Crm& crm_of(System system);

/// The field, or nullptr. What is wrong with a draft whatever the CRM: control characters.
[[nodiscard]] const std::string* find_control(const Draft& draft);

}  // namespace crm::sandbox
