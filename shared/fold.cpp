// The tables: capitals as ranges, Latin bases by position, and short lists for what is irregular.
#include "shared/fold.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "shared/utf8.h"

namespace crm {
namespace {

/// Capitals first, first + step, … last; each plus delta is its small letter.
struct CapitalRange {
    char32_t first;
    char32_t last;
    char32_t step;
    std::int32_t delta;
};

// Sorted. Ranges of step 2 are the blocks where capital and small letter alternate.
constexpr std::array kCapitals{
    CapitalRange{0x041, 0x05A, 1, 32},
    // clang-format off
    CapitalRange{0x0C0, 0x0D6, 1, 32}, CapitalRange{0x0D8, 0x0DE, 1, 32},
    CapitalRange{0x100, 0x12E, 2, 1}, CapitalRange{0x130, 0x130, 1, -199},
    CapitalRange{0x132, 0x136, 2, 1}, CapitalRange{0x139, 0x147, 2, 1},
    CapitalRange{0x14A, 0x176, 2, 1}, CapitalRange{0x178, 0x178, 1, -121},
    CapitalRange{0x179, 0x17D, 2, 1}, CapitalRange{0x181, 0x181, 1, 210},
    CapitalRange{0x182, 0x184, 2, 1}, CapitalRange{0x186, 0x186, 1, 206},
    CapitalRange{0x187, 0x187, 1, 1}, CapitalRange{0x189, 0x18A, 1, 205},
    CapitalRange{0x18B, 0x18B, 1, 1}, CapitalRange{0x18E, 0x18E, 1, 79},
    CapitalRange{0x18F, 0x18F, 1, 202}, CapitalRange{0x190, 0x190, 1, 203},
    CapitalRange{0x191, 0x191, 1, 1}, CapitalRange{0x193, 0x193, 1, 205},
    CapitalRange{0x194, 0x194, 1, 207}, CapitalRange{0x196, 0x196, 1, 211},
    CapitalRange{0x197, 0x197, 1, 209}, CapitalRange{0x198, 0x198, 1, 1},
    CapitalRange{0x19C, 0x19C, 1, 211}, CapitalRange{0x19D, 0x19D, 1, 213},
    CapitalRange{0x19F, 0x19F, 1, 214}, CapitalRange{0x1A0, 0x1A4, 2, 1},
    CapitalRange{0x1A6, 0x1A6, 1, 218}, CapitalRange{0x1A7, 0x1A7, 1, 1},
    CapitalRange{0x1A9, 0x1A9, 1, 218}, CapitalRange{0x1AC, 0x1AC, 1, 1},
    CapitalRange{0x1AE, 0x1AE, 1, 218}, CapitalRange{0x1AF, 0x1AF, 1, 1},
    CapitalRange{0x1B1, 0x1B2, 1, 217}, CapitalRange{0x1B3, 0x1B5, 2, 1},
    CapitalRange{0x1B7, 0x1B7, 1, 219}, CapitalRange{0x1B8, 0x1B8, 1, 1},
    CapitalRange{0x1BC, 0x1BC, 1, 1}, CapitalRange{0x1C4, 0x1C4, 1, 2},
    CapitalRange{0x1C5, 0x1C5, 1, 1}, CapitalRange{0x1C7, 0x1C7, 1, 2},
    CapitalRange{0x1C8, 0x1C8, 1, 1}, CapitalRange{0x1CA, 0x1CA, 1, 2},
    CapitalRange{0x1CB, 0x1DB, 2, 1}, CapitalRange{0x1DE, 0x1EE, 2, 1},
    CapitalRange{0x1F1, 0x1F1, 1, 2}, CapitalRange{0x1F2, 0x1F4, 2, 1},
    CapitalRange{0x1F6, 0x1F6, 1, -97}, CapitalRange{0x1F7, 0x1F7, 1, -56},
    CapitalRange{0x1F8, 0x21E, 2, 1}, CapitalRange{0x220, 0x220, 1, -130},
    CapitalRange{0x222, 0x232, 2, 1}, CapitalRange{0x23A, 0x23A, 1, 10795},
    CapitalRange{0x23B, 0x23B, 1, 1}, CapitalRange{0x23D, 0x23D, 1, -163},
    CapitalRange{0x23E, 0x23E, 1, 10792}, CapitalRange{0x241, 0x241, 1, 1},
    CapitalRange{0x243, 0x243, 1, -195}, CapitalRange{0x244, 0x244, 1, 69},
    CapitalRange{0x245, 0x245, 1, 71}, CapitalRange{0x246, 0x24E, 2, 1},
    CapitalRange{0x386, 0x386, 1, 38}, CapitalRange{0x388, 0x38A, 1, 37},
    CapitalRange{0x38C, 0x38C, 1, 64}, CapitalRange{0x38E, 0x38F, 1, 63},
    CapitalRange{0x391, 0x3A1, 1, 32}, CapitalRange{0x3A3, 0x3AB, 1, 32},
    CapitalRange{0x3CF, 0x3CF, 1, 8}, CapitalRange{0x3D8, 0x3EE, 2, 1},
    CapitalRange{0x3F4, 0x3F4, 1, -60}, CapitalRange{0x3F7, 0x3F7, 1, 1},
    CapitalRange{0x3F9, 0x3F9, 1, -7}, CapitalRange{0x3FA, 0x3FA, 1, 1},
    CapitalRange{0x3FD, 0x3FF, 1, -130}, CapitalRange{0x400, 0x40F, 1, 80},
    CapitalRange{0x410, 0x42F, 1, 32}, CapitalRange{0x460, 0x480, 2, 1},
    CapitalRange{0x48A, 0x4BE, 2, 1}, CapitalRange{0x4C0, 0x4C0, 1, 15},
    CapitalRange{0x4C1, 0x4CD, 2, 1}, CapitalRange{0x4D0, 0x52E, 2, 1},
    CapitalRange{0x531, 0x556, 1, 48}, CapitalRange{0x1E00, 0x1E94, 2, 1},
    CapitalRange{0x1E9E, 0x1E9E, 1, -7615}, CapitalRange{0x1EA0, 0x1EFE, 2, 1},
    // clang-format on
};

// What a letter is without its accent, by position: '.' keeps its (lower-case) self, '*' stands in
// kLetterPairs.
constexpr char32_t kLatinFirst = 0xC0;
constexpr std::string_view kLatin =
    "aaaaaa*ceeeeiiiidnooooo.ouuuuy**aaaaaa*ceeeeiiiidnooooo.ouuuuy*y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "bbbb...ccdddd....ffg.*.ikkl..nn.oo..pp.....ttttuu.vyyzz........."
    "....*********aaiioouuuuuuuuuu.aaaa**ggggkkoooo..j***gg*.nnaa**oo"
    "aaaaeeeeiiiioooorrrruuuusstt..hhnd**zzaaeeooooooooyylntj**acclts"
    "z..b..eejjqqrryy";
constexpr char32_t kLatinAdditionalFirst = 0x1E00;
constexpr std::string_view kLatinAdditional =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwyas..*.aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy**..yy";
constexpr char32_t kGreekExtendedFirst = 0x1F00;
constexpr std::u32string_view kGreekExtended =
    U"ααααααααααααααααεεεεεε..εεεεεε..ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιι"
    U"οοοοοο..οοοοοο..υυυυυυυυ.υ.υ.υ.υωωωωωωωωωωωωωωωωααεεηηιιοουυωω.."
    U"ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωωωωωωωωααααα.ααααααα.ι."
    U"..ηηη.ηηεεηηη...ιιιι..ιιιιιι....υυυυρρυυυυυυρ.....ωωω.ωωοοωωω...";
static_assert(kLatin.size() == 0x250 - 0xC0);
static_assert(kLatinAdditional.size() == 0x100);
static_assert(kGreekExtended.size() == 0x100);

struct LetterPair {
    char32_t letter;
    std::string_view written;
};

constexpr std::array kLetterPairs{
    LetterPair{U'ß', "ss"}, LetterPair{U'æ', "ae"}, LetterPair{U'þ', "th"}, LetterPair{U'ĳ', "ij"},
    LetterPair{U'œ', "oe"}, LetterPair{U'ƕ', "hv"}, LetterPair{U'ǆ', "dz"}, LetterPair{U'ǅ', "dz"},
    LetterPair{U'ǉ', "lj"}, LetterPair{U'ǈ', "lj"}, LetterPair{U'ǌ', "nj"}, LetterPair{U'ǋ', "nj"},
    LetterPair{U'ǣ', "ae"}, LetterPair{U'ǳ', "dz"}, LetterPair{U'ǲ', "dz"}, LetterPair{U'ǽ', "ae"},
    LetterPair{U'ȣ', "ou"}, LetterPair{U'ȸ', "db"}, LetterPair{U'ȹ', "qp"}, LetterPair{U'ỻ', "ll"},
};

struct Replacement {
    char32_t letter;
    char32_t base;
};

constexpr std::array kReplacements{
    Replacement{U'ΐ', U'ι'},
    Replacement{U'ά', U'α'},
    Replacement{U'έ', U'ε'},
    Replacement{U'ή', U'η'},
    Replacement{U'ί', U'ι'},
    Replacement{U'ΰ', U'υ'},
    Replacement{U'ς', U'σ'},
    Replacement{U'ϊ', U'ι'},
    Replacement{U'ϋ', U'υ'},
    Replacement{U'ό', U'ο'},
    Replacement{U'ύ', U'υ'},
    Replacement{U'ώ', U'ω'},
    Replacement{U'ѐ', U'е'},
    Replacement{U'ё', U'е'},
    Replacement{U'ѝ', U'и'},
    Replacement{U'ѷ', U'ѵ'},
};

/// A Cyrillic letter of its own that decomposed text spells as base and mark.
struct Composition {
    char32_t base;
    char32_t mark;
    char32_t letter;
};

constexpr char32_t kAcute = 0x301;
constexpr char32_t kMacron = 0x304;
constexpr char32_t kBreve = 0x306;
constexpr char32_t kDiaeresis = 0x308;
constexpr char32_t kDoubleAcute = 0x30B;

constexpr std::array kCompositions{
    Composition{U'и', kBreve, U'й'},     Composition{U'г', kAcute, U'ѓ'},
    Composition{U'і', kDiaeresis, U'ї'}, Composition{U'к', kAcute, U'ќ'},
    Composition{U'у', kBreve, U'ў'},     Composition{U'ж', kBreve, U'ӂ'},
    Composition{U'а', kBreve, U'ӑ'},     Composition{U'а', kDiaeresis, U'ӓ'},
    Composition{U'е', kBreve, U'ӗ'},     Composition{U'ә', kDiaeresis, U'ӛ'},
    Composition{U'ж', kDiaeresis, U'ӝ'}, Composition{U'з', kDiaeresis, U'ӟ'},
    Composition{U'и', kMacron, U'ӣ'},    Composition{U'и', kDiaeresis, U'ӥ'},
    Composition{U'о', kDiaeresis, U'ӧ'}, Composition{U'ө', kDiaeresis, U'ӫ'},
    Composition{U'э', kDiaeresis, U'ӭ'}, Composition{U'у', kMacron, U'ӯ'},
    Composition{U'у', kDiaeresis, U'ӱ'}, Composition{U'у', kDoubleAcute, U'ӳ'},
    Composition{U'ч', kDiaeresis, U'ӵ'}, Composition{U'ы', kDiaeresis, U'ӹ'},
};

bool is_combining_mark(char32_t value) {
    return value >= 0x300 && value <= 0x36F;
}

/// Full-width forms, which Japanese keyboards produce, as the ASCII they stand for.
char32_t narrow_char(char32_t value) {
    return value >= 0xFF01 && value <= 0xFF5E ? value - 0xFEE0 : value;
}

char32_t base_by_position(std::string_view table, char32_t first, char32_t value) {
    return static_cast<char32_t>(static_cast<unsigned char>(table[value - first]));
}

/// The base of an accented letter, '.' when there is none, '*' when it is spelled by two.
char32_t find_base(char32_t value) {
    const auto is_in = [value](char32_t first, std::size_t size) {
        return value >= first && value - first < size;
    };
    if (is_in(kLatinFirst, kLatin.size())) return base_by_position(kLatin, kLatinFirst, value);
    if (is_in(kLatinAdditionalFirst, kLatinAdditional.size())) {
        return base_by_position(kLatinAdditional, kLatinAdditionalFirst, value);
    }
    if (is_in(kGreekExtendedFirst, kGreekExtended.size())) {
        return kGreekExtended[value - kGreekExtendedFirst];
    }
    for (const Replacement& replacement : kReplacements) {
        if (replacement.letter == value) return replacement.base;
    }
    return U'.';
}

/// Turns the base at the end of `folded` into the letter that base and mark make together, if any.
void compose_last(std::string& folded, char32_t mark) {
    constexpr std::size_t kCyrillicBytes = 2;
    if (folded.size() < kCyrillicBytes) return;
    const std::size_t position = folded.size() - kCyrillicBytes;
    const DecodedChar last = decode_char(folded, position);
    if (!last.is_valid || last.bytes != kCyrillicBytes) return;
    for (const Composition& composition : kCompositions) {
        if (composition.base != last.value || composition.mark != mark) continue;
        folded.resize(position);
        append_char(folded, composition.letter);
        return;
    }
}

}  // namespace

char32_t lower_char(char32_t value) {
    const auto* const range = std::lower_bound(
        kCapitals.begin(), kCapitals.end(), value, [](const CapitalRange& row, char32_t sought) {
            return row.last < sought;
        });
    if (range == kCapitals.end() || value < range->first) return value;
    if ((value - range->first) % range->step != 0) return value;
    return static_cast<char32_t>(static_cast<std::int32_t>(value) + range->delta);
}

void append_folded_char(std::string& folded, char32_t value) {
    if (is_combining_mark(value)) {
        compose_last(folded, value);
        return;
    }
    const char32_t lower = lower_char(narrow_char(value));
    if (lower < kLatinFirst) {
        append_char(folded, lower);
        return;
    }
    const char32_t base = find_base(lower);
    if (base == U'*') {
        for (const LetterPair& pair : kLetterPairs) {
            if (pair.letter == lower) folded += pair.written;
        }
        return;
    }
    append_char(folded, base == U'.' ? lower : base);
}

}  // namespace crm
