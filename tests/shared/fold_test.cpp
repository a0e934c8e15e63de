#include "shared/fold.h"

#include <doctest/doctest.h>

#include "shared/text.h"
#include "shared/utf8.h"

namespace crm {
namespace {

std::string folded_char(char32_t value) {
    std::string text;
    append_folded_char(text, value);
    return text;
}

TEST_CASE("capitals have their small letters") {
    struct Case {
        char32_t capital;
        char32_t small;
    };
    const Case cases[] = {
        {U'A', U'a'}, {U'Z', U'z'}, {U'@', U'@'}, {U'[', U'['}, {U'À', U'à'},   {U'×', U'×'},
        {U'Þ', U'þ'}, {U'Ā', U'ā'}, {U'İ', U'i'}, {U'ı', U'ı'}, {U'Ĺ', U'ĺ'},   {U'Ÿ', U'ÿ'},
        {U'Ž', U'ž'}, {U'Ə', U'ə'}, {U'Ơ', U'ơ'}, {U'Ǆ', U'ǆ'}, {U'Ș', U'ș'},   {U'Ά', U'ά'},
        {U'Σ', U'σ'}, {U'Ώ', U'ώ'}, {U'Ё', U'ё'}, {U'Й', U'й'}, {U'Я', U'я'},   {U'Ґ', U'ґ'},
        {U'Ӏ', U'ӏ'}, {U'Ա', U'ա'}, {U'Ế', U'ế'}, {U'ẞ', U'ß'}, {U'王', U'王'}, {U'😀', U'😀'},
    };
    for (const Case& each : cases) {
        CAPTURE(static_cast<unsigned>(each.capital));
        CHECK(lower_char(each.capital) == each.small);
    }
}

TEST_CASE("lower case of lower case is itself, for every character") {
    for (char32_t value = 0; value < 0x3000; ++value) {
        const char32_t lower = lower_char(value);
        if (lower_char(lower) != lower) FAIL("U+" << static_cast<unsigned>(value));
    }
}

TEST_CASE("a folded character folds to itself, for every character") {
    for (char32_t value = 0; value <= 0x1F00F; ++value) {
        if (value == 0xD800) value = 0xE000;
        const std::string once = fold(folded_char(value));
        if (fold(once) != once) FAIL("U+" << static_cast<unsigned>(value));
    }
}

TEST_CASE("accents go, letters stay") {
    struct Case {
        std::string_view text;
        std::string_view folded;
    };
    const Case cases[] = {
        {"Čížek", "cizek"},
        {"Ångström", "angstrom"},
        {"Straße", "strasse"},
        {"STRAẞE", "strasse"},
        {"Łukasz", "lukasz"},
        {"Søren", "soren"},
        {"Đorđe", "dorde"},
        {"Ærø", "aero"},
        {"Œuvre", "oeuvre"},
        {"Þór", "thor"},
        {"Eiður", "eidur"},
        {"Işık İzmir", "isik izmir"},
        {"Nguyễn Thị Hồng", "nguyen thi hong"},
        {"ĐẶNG", "dang"},
        {"Țepeș", "tepes"},
        {"Ňo Ŷ Ǆ ǽ", "no y dz ae"},
        {"Αθήνα ΏΡΑ Ϊ ΐ", "αθηνα ωρα ι ι"},
        {"Οδυσσεύς", "οδυσσευσ"},
        {"Ἀριστοτέλης", "αριστοτελησ"},
        {"Артём ЁЛКА", "артем елка"},
        {"Сергей", "сергей"},
        {"Київ", "київ"},
        {"王小明", "王小明"},
        {"علي", "علي"},
        {"ＡＢＣ１２３", "abc123"},
        {"👩‍🚀", "👩‍🚀"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.text);
        CHECK(fold(each.text) == each.folded);
    }
}

TEST_CASE("decomposed text folds like composed text") {
    struct Case {
        std::string_view composed;
        std::string_view decomposed;
    };
    const Case cases[] = {
        {"Čížek", "C\u030Ci\u0301z\u030Cek"},
        {"Nguyễn", "Nguye\u0302\u0303n"},
        {"Сергей", "Серге\u0438\u0306"},
        {"Ёлка", "Е\u0308лка"},
        {"Київ", "Ки\u0456\u0308в"},
        {"ЎЗБЕК", "У\u0306ЗБЕК"},
        {"Αθήνα", "Αθη\u0301να"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.composed);
        CHECK(fold(each.composed) == fold(each.decomposed));
    }
    CHECK(fold("\u0301") == "");  // a mark alone
    CHECK(fold("\u0301a") == "a");
    CHECK(fold("и\u0301") == "и");  // a stress mark is no part of the letter
}

}  // namespace
}  // namespace crm
