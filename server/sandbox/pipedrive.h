// Persons as Pipedrive keeps them: small whole numbers as ids, nothing unique but these, text as
// typed, a name that must be there, lists of e-mails and phones that a write replaces, times in
// whole seconds.
#pragma once

#include "server/sandbox/crm.h"

namespace crm::sandbox {

class Pipedrive final : public Crm {
   public:
    [[nodiscard]] System system() const override { return System::Pipedrive; }
    [[nodiscard]] Result<CrmAnswer> create(Session& session,
                                           const Draft& draft,
                                           TimePoint now) const override;
    [[nodiscard]] Result<CrmAnswer> update(Session& session,
                                           std::string_view id,
                                           const Draft& draft,
                                           TimePoint now) const override;
    /// A second time it is refused with 410, though its body claims success.
    [[nodiscard]] Result<CrmAnswer> remove(Session& session,
                                           std::string_view id,
                                           TimePoint now) const override;
    /// What is merged away counts as deleted, whatever the mode.
    [[nodiscard]] Result<CrmAnswer> merge(Session& session,
                                          std::string_view id,
                                          std::string_view other,
                                          MergedId merged,
                                          TimePoint now) const override;
    [[nodiscard]] Result<CrmAnswer> find(Session& session, std::string_view id) const override;
    /// The cursor is a decimal offset: rows that come or go shift the pages behind them.
    [[nodiscard]] Result<PageAnswer> list(Session& session, const PageQuery& query) const override;
    [[nodiscard]] CrmRefusal rate_limit(Limit limit) const override;
    [[nodiscard]] CrmRefusal read_only() const override;
};

[[nodiscard]] CrmRefusal pipedrive_refusal(int status, std::string_view message);

}  // namespace crm::sandbox
