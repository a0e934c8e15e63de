// The phone as a second key: by it two entries may be one person, never for sure. Pure, and may be
// called from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crm {

/// A phone as one E.164 number: "+44 (0)20 7946 0958" as "+442079460958". `region` is the country
/// of a number without country code, as ISO 3166 ("GB"); "" counts international numbers only, and
/// takes a leading 00 for the +. nullopt for what is no whole number: wrong length, an extension,
/// letters for digits.
[[nodiscard]] std::optional<std::string> phone_key(std::string_view text,
                                                   const std::string& region);

/// The last digits of a phone, or "" when it is too short for a key. Phones with one key have one
/// tail; it costs next to nothing.
[[nodiscard]] std::string phone_tail(std::string_view text);

/// Whether phone_key() knows the region.
[[nodiscard]] bool is_phone_region(const std::string& region);

}  // namespace crm
