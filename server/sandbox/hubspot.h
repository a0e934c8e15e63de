// Contacts as HubSpot keeps them: ids of 12 digits, e-mail in lower case and unique among live
// contacts (the additional ones too), first and last name, a recycle bin that forgives.
#pragma once

#include "server/sandbox/crm.h"

namespace crm::sandbox {

class HubSpot final : public Crm {
   public:
    [[nodiscard]] System system() const override { return System::HubSpot; }
    [[nodiscard]] Result<CrmAnswer> create(Session& session,
                                           const Draft& draft,
                                           TimePoint now) const override;
    [[nodiscard]] Result<CrmAnswer> update(Session& session,
                                           std::string_view id,
                                           const Draft& draft,
                                           TimePoint now) const override;
    /// Throwing away what is in the bin already is fine: an HTTP DELETE is answered 204 both times.
    [[nodiscard]] Result<CrmAnswer> remove(Session& session,
                                           std::string_view id,
                                           TimePoint now) const override;
    /// Both ids go on naming what is left: to find(), not to writes.
    [[nodiscard]] Result<CrmAnswer> merge(Session& session,
                                          std::string_view id,
                                          std::string_view other,
                                          MergedId merged,
                                          TimePoint now) const override;
    [[nodiscard]] Result<CrmAnswer> find(Session& session, std::string_view id) const override;
    [[nodiscard]] Result<PageAnswer> list(Session& session, const PageQuery& query) const override;
    [[nodiscard]] CrmRefusal rate_limit(Limit limit) const override;
    [[nodiscard]] CrmRefusal read_only() const override;
};

/// HubSpot's error body. The category may be empty.
[[nodiscard]] CrmRefusal hubspot_refusal(int status,
                                         std::string_view category,
                                         std::string_view message);
/// 400 VALIDATION_ERROR about one property; `code` is HubSpot's word for the fault.
[[nodiscard]] CrmRefusal hubspot_invalid(std::string_view property,
                                         std::string_view code,
                                         std::string_view message);

}  // namespace crm::sandbox
