// A third CRM, unlike the other two in everything that a workspace may decide: its actions, its
// field names, its ids, its cursors. It is empty at first, and is there to be connected by
// configuration alone.
#pragma once

#include "server/sandbox/crm.h"

namespace crm::sandbox {

class Practice final : public Crm {
   public:
    [[nodiscard]] System system() const override { return System::Practice; }
    [[nodiscard]] Result<CrmAnswer> create(Session& session,
                                           const Draft& draft,
                                           TimePoint now) const override;
    [[nodiscard]] Result<CrmAnswer> update(Session& session,
                                           std::string_view id,
                                           const Draft& draft,
                                           TimePoint now) const override;
    /// A second time there is no such person.
    [[nodiscard]] Result<CrmAnswer> remove(Session& session,
                                           std::string_view id,
                                           TimePoint now) const override;
    /// Not possible here.
    [[nodiscard]] Result<CrmAnswer> merge(Session& session,
                                          std::string_view id,
                                          std::string_view other,
                                          MergedId merged,
                                          TimePoint now) const override;
    [[nodiscard]] Result<CrmAnswer> find(Session& session, std::string_view id) const override;
    /// The cursor names the first record of the next page; other text is refused.
    [[nodiscard]] Result<PageAnswer> list(Session& session, const PageQuery& query) const override;
    [[nodiscard]] CrmRefusal rate_limit(Limit limit) const override;
    [[nodiscard]] CrmRefusal read_only() const override;
};

/// `{"Given_Name","Family_Name","Mail",…}`; what is empty is null.
[[nodiscard]] Json practice_fields(const Record& record);

}  // namespace crm::sandbox
