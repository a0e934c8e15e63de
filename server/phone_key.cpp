#include "server/phone_key.h"

#include <phonenumbers/phonenumberutil.h>

#include <set>

#include "shared/text.h"

namespace crm {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr std::string_view kNoRegion = "ZZ";  // libphonenumber's word for it
constexpr std::size_t kTailDigits = 6;
constexpr std::size_t kTextMost = 250;  // what libphonenumber reads

std::optional<PhoneNumber> parse(const std::string& text, const std::string& region) {
    PhoneNumber number;
    const auto outcome = PhoneNumberUtil::GetInstance()->Parse(text, region, &number);
    if (outcome != PhoneNumberUtil::NO_PARSING_ERROR) return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::string> phone_key(std::string_view text, const std::string& region) {
    std::string phone = trim(text);
    if (phone.size() > kTextMost || phone_tail(phone).empty()) return std::nullopt;
    if (region.empty() && phone.starts_with("00")) phone.replace(0, 2, "+");
    const auto number = parse(phone, region.empty() ? std::string(kNoRegion) : region);
    if (!number || number->has_extension()) return std::nullopt;
    const PhoneNumberUtil& numbers = *PhoneNumberUtil::GetInstance();
    // By its length alone: new ranges are given out faster than this library learns of them.
    if (numbers.IsPossibleNumberWithReason(*number) != PhoneNumberUtil::IS_POSSIBLE)
        return std::nullopt;
    std::string key;
    numbers.Format(*number, PhoneNumberUtil::E164, &key);
    if (phone_tail(key) != phone_tail(phone)) return std::nullopt;
    return key;
}

std::string phone_tail(std::string_view text) {
    const std::string digits = digits_of(text);
    return digits.size() < kTailDigits ? std::string() : digits.substr(digits.size() - kTailDigits);
}

bool is_phone_region(const std::string& region) {
    std::set<std::string> regions;
    PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
    return regions.contains(region);
}

}  // namespace crm
