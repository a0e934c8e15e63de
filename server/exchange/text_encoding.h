// In which encoding a file is written, told from its bytes, and its text as UTF-8. Pure; bytes come
// in parts of any length.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/result.h"

namespace crm::exchange {

enum class Encoding { Utf8, Utf16Le, Utf16Be, Windows1252 };

/// "UTF-8", "UTF-16LE", "UTF-16BE", "Windows-1252".
[[nodiscard]] std::string_view encoding_name(Encoding encoding);

/// Sees a whole file before it is read: one letter outside of ASCII may come at its very end.
class EncodingGuess {
   public:
    void feed(std::string_view bytes);
    /// A byte order mark decides; else zeros at every other place mean UTF-16; else UTF-8 when all
    /// is well-formed, and Windows-1252 when it is not.
    [[nodiscard]] Encoding result() const;

   private:
    std::string beginning_;
    std::string tail_;  // a letter of UTF-8 that the next part completes
    bool is_utf8_ = true;
};

class Decoder {
   public:
    explicit Decoder(Encoding encoding) : encoding_(encoding) {}
    /// The text of these bytes in UTF-8, without byte order mark. InvalidArgument: bytes that mean
    /// nothing in this encoding.
    Result<std::string> feed(std::string_view bytes);
    /// InvalidArgument when the file ends in the middle of a letter.
    Status finish() const;

   private:
    Result<std::string> feed_utf8(std::string_view bytes);
    Result<std::string> feed_utf16(std::string_view bytes);

    Encoding encoding_;
    bool is_begun_ = false;
    std::string tail_;        // bytes of a letter that goes on in the next part
    char32_t surrogate_ = 0;  // the first half of a pair
};

}  // namespace crm::exchange
