// vCard 3.0 and 4.0, written and read; of 2.1 what is simple: bare types, quoted-printable, and the
// character set that a property names. Pure; text is UTF-8 and comes in parts of any length.
//
// What a contact holds goes there and back:
//   FN, N      the name; a contact without one shows its e-mail or phone in FN and leaves N empty
//   EMAIL, TEL the primary one is preferred (PREF=1, TYPE=PREF), and where none is, the first;
//   labels are types where vCard has
//              a word for them, else the label of a group ("item1.X-ABLabel:Büro")
//   TITLE, ORG, NOTE, CATEGORIES, UID (the contact's id), REV
//   PRONOUNS   (RFC 9554) in 4.0, X-PRONOUNS in 3.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/exchange/import_row.h"
#include "shared/contact.h"
#include "shared/result.h"

namespace crm::exchange {

enum class VcardVersion { V3, V4 };

/// One card with its CRLFs, folded at 75 bytes, never inside of a letter.
[[nodiscard]] std::string write_vcard(const Contact& contact, VcardVersion version);

/// One property of a card, as it stands there but for folding.
struct VcardLine {
    std::string group;  // "item1"; may be empty
    std::string name;   // in capitals
    /// Names in capitals, values as written; a bare type of 2.1 is TYPE.
    std::vector<std::pair<std::string, std::string>> parameters;
    std::string value;  // escaped as written

    bool operator==(const VcardLine&) const = default;
};

/// "item1.TEL;TYPE=cell:+48"; a line without ':' or name gives an empty name.
[[nodiscard]] VcardLine parse_vcard_line(std::string_view line);

class VcardReader {
   public:
    /// Hears every card. `cells` of the row are name, e-mail, phone: what the file of refused rows
    /// shows.
    using Sink = std::function<Status(ImportRow)>;

    explicit VcardReader(Sink sink) : sink_(std::move(sink)) {}
    /// InvalidArgument, with the number of the card: a line longer than kVcardLineBytesMax (the end
    /// of a photo is dropped), more lines than kVcardLinesMax, text outside of cards. Nothing may
    /// be fed after an error.
    Status feed(std::string_view text);
    /// InvalidArgument: a card has no end, or there is none at all.
    Status finish();

   private:
    Status take_raw_line();
    Status take_line(std::string_view line);
    Status end_card();
    Status refuse_long_line();
    [[nodiscard]] Error problem(std::string_view what) const;

    Sink sink_;
    std::string raw_;      // the physical line that is being read
    std::string logical_;  // the one that may go on
    bool has_logical_ = false;
    bool is_in_card_ = false;
    std::size_t inner_cards_ = 0;  // of AGENT in 2.1: read past
    std::size_t number_ = 0;
    std::vector<VcardLine> lines_;
};

/// The columns of `cells`.
[[nodiscard]] CsvCells vcard_titles();

}  // namespace crm::exchange
