#include "shared/contact_merge.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "shared/text.h"
#include "tests/shared/random_contacts.h"

namespace crm {
namespace {

using Values = std::vector<LabeledValue>;
using Tags = std::vector<std::string>;

MergeResult merge_names(std::string base, std::string local, std::string remote) {
    return merge_fields(
        {.name = std::move(base)}, {.name = std::move(local)}, {.name = std::move(remote)});
}

TEST_CASE("one text, every way it can change") {
    struct Case {
        const char* base;
        const char* local;
        const char* remote;
        const char* merged;
        bool is_conflict;
    };
    const Case cases[] = {
        {"a", "a", "a", "a", false},
        {"a", "b", "a", "b", false},
        {"a", "a", "b", "b", false},
        {"a", "b", "b", "b", false},
        {"a", "b", "c", "b", true},
        {"a", "", "a", "", false},
        {"a", "a", "", "", false},
        {"a", "", "b", "", true},
        {"a", "b", "", "b", true},
        {"", "b", "", "b", false},
        {"", "", "b", "b", false},
        {"", "b", "c", "b", true},
        {"a b", "a  b", "a b", "a  b", false},  // a stray space of ours stays
        {"a b", "a b", "a  b", "a b", false},   // one of theirs is nothing
        {"a b", "c d", "c  d", "c d", false},
        {"a", "A", "b", "A", true},  // case counts
    };
    for (const Case& each : cases) {
        CAPTURE(each.base);
        CAPTURE(each.local);
        CAPTURE(each.remote);
        const MergeResult result = merge_names(each.base, each.local, each.remote);
        CHECK(result.fields.name == each.merged);
        CHECK(result.conflicts.empty() != each.is_conflict);
    }
}

TEST_CASE("a conflict names all three sides") {
    const MergeResult result = merge_names("a", "b", "c");
    CHECK(result.conflicts == std::vector<FieldConflict>{{"name", "a", "b", "c"}});
}

TEST_CASE("the case of an e-mail is no change") {
    const MergeResult same =
        merge_fields({.email = "Ann@X.org"}, {.email = "Ann@X.org"}, {.email = "ann@x.org"});
    CHECK(same.fields.email == "Ann@X.org");
    const MergeResult moved =
        merge_fields({.email = "Ann@X.org"}, {.email = "bob@x.org"}, {.email = "ann@x.org"});
    CHECK(moved.fields.email == "bob@x.org");
    CHECK(moved.conflicts.empty());
}

TEST_CASE("lists take the additions and removals of both sides") {
    const ContactFields base{.more_emails = {{"a@x.org", ""}, {"b@x.org", ""}, {"c@x.org", ""}}};
    ContactFields local = base;
    ContactFields remote = base;
    local.more_emails = {{"b@x.org", ""}, {"c@x.org", ""}, {"new@x.org", "work"}};
    remote.more_emails = {
        {"a@x.org", ""}, {"c@x.org", ""}, {"their@x.org", ""}, {"NEW@x.org", "work"}};
    const MergeResult result = merge_fields(base, local, remote);
    CHECK(result.conflicts.empty());
    CHECK(result.fields.more_emails ==
          Values{{"c@x.org", ""}, {"new@x.org", "work"}, {"their@x.org", ""}});
}

TEST_CASE("an entry that one side removed and the other edited stays") {
    const ContactFields base{.more_phones = {{"12345", "work"}, {"99999", ""}}};
    const ContactFields local{.more_phones = {{"99999", "new"}}};
    const ContactFields remote{.more_phones = {{"12345", "home"}, {"99999", ""}}};
    const MergeResult result = merge_fields(base, local, remote);
    CHECK(result.conflicts.empty());
    CHECK(result.fields.more_phones == Values{{"99999", "new"}, {"12345", "home"}});
}

TEST_CASE("two labels for one entry are a conflict of the list") {
    const ContactFields base{.more_emails = {{"a@x.org", "work"}}};
    const ContactFields local{.more_emails = {{"a@x.org", "home"}}};
    const ContactFields remote{.more_emails = {{"a@x.org", "old"}}};
    const MergeResult result = merge_fields(base, local, remote);
    CHECK(result.fields.more_emails == Values{{"a@x.org", "home"}});
    CHECK(result.conflicts == std::vector<FieldConflict>{
                                  {"emails", "a@x.org (work)", "a@x.org (home)", "a@x.org (old)"}});
}

TEST_CASE("a further address that one side made the primary one is not there twice") {
    const ContactFields base{.email = "a@x.org", .more_emails = {{"b@x.org", ""}}};
    const ContactFields local{.email = "b@x.org", .more_emails = {{"a@x.org", ""}}};
    ContactFields remote = base;
    remote.more_emails.push_back({"c@x.org", ""});
    const MergeResult result = merge_fields(base, local, remote);
    CHECK(result.conflicts.empty());
    CHECK(result.fields.email == "b@x.org");
    CHECK(result.fields.more_emails == Values{{"a@x.org", ""}, {"c@x.org", ""}});
}

TEST_CASE("tags merge as sets") {
    const ContactFields base{.tags = {"a", "b", "c"}};
    const ContactFields local{.tags = {"b", "c", "mine"}};
    const ContactFields remote{.tags = {"a", "c", "theirs"}};
    const MergeResult result = merge_fields(base, local, remote);
    CHECK(result.conflicts.empty());
    CHECK(result.fields.tags == Tags{"c", "mine", "theirs"});
}

/// Three sides by seed: a base, and two edits of it.
struct Case {
    explicit Case(std::uint64_t seed) : random(seed) {
        base = random.fields();
        local = random.edited(base);
        remote = random.edited(base);
    }
    test::RandomContacts random;
    ContactFields base;
    ContactFields local;
    ContactFields remote;
};

TEST_CASE("law: an unchanged side changes nothing, equal sides merge to themselves") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Case each(seed);
        CHECK(merge_fields(each.base, each.local, each.base) == MergeResult{each.local, {}});
        CHECK(merge_fields(each.base, each.local, each.local) == MergeResult{each.local, {}});
    }
}

std::string comparable(const FieldSpec& spec, const ContactFields& fields) {
    const std::string& text = fields.*spec.member;
    return spec.kind == FieldKind::Email ? value_key(spec.kind, text) : canonical_text(text);
}

TEST_CASE("law: what only the other side changed is taken over") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Case each(seed);
        const MergeResult result = merge_fields(each.base, each.base, each.remote);
        CHECK(result.conflicts.empty());
        for (const FieldSpec& spec : kContactFields) {
            CHECK(comparable(spec, result.fields) == comparable(spec, each.remote));
        }
        CHECK(result.fields.tags == each.remote.tags);
    }
}

TEST_CASE("law: merging the result again changes nothing") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Case each(seed);
        const ContactFields merged = merge_fields(each.base, each.local, each.remote).fields;
        CHECK(normalize_lists(merged) == merged);
        CHECK(merge_fields(each.remote, merged, each.remote) == MergeResult{merged, {}});
        CHECK(merge_fields(merged, merged, merged) == MergeResult{merged, {}});
    }
}

std::vector<std::string> conflict_names(const MergeResult& result) {
    std::vector<std::string> names;
    for (const FieldConflict& conflict : result.conflicts) names.push_back(conflict.field);
    return names;
}

std::vector<std::string> sorted_keys(FieldKind kind, const Values& values) {
    std::vector<std::string> keys;
    for (const LabeledValue& entry : values) keys.push_back(value_key(kind, entry.value));
    std::sort(keys.begin(), keys.end());
    return keys;
}

TEST_CASE("law: swapping the sides changes only which side wins") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Case each(seed);
        const MergeResult one = merge_fields(each.base, each.local, each.remote);
        const MergeResult other = merge_fields(each.base, each.remote, each.local);
        const std::vector<std::string> names = conflict_names(one);
        CHECK(names == conflict_names(other));
        const auto is_contested = [&names](std::string_view wire) {
            return std::find(names.begin(), names.end(), wire) != names.end();
        };
        for (const FieldSpec& spec : kContactFields) {
            if (is_contested(spec.wire)) continue;
            CHECK(comparable(spec, one.fields) == comparable(spec, other.fields));
        }
        for (const ListFieldSpec& spec : kContactListFields) {
            // A contested primary one leaves the list of the side that wins it.
            if (is_contested(spec.kind == FieldKind::Email ? "email" : "phone")) continue;
            CHECK(sorted_keys(spec.kind, one.fields.*spec.member) ==
                  sorted_keys(spec.kind, other.fields.*spec.member));
        }
    }
}

TEST_CASE("law: no conflict where only one side changed a field") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Case each(seed);
        const MergeResult result = merge_fields(each.base, each.local, each.remote);
        for (const FieldConflict& conflict : result.conflicts) {
            CHECK(conflict.local != conflict.base);
            CHECK(conflict.remote != conflict.base);
            CHECK(conflict.local != conflict.remote);
        }
    }
}

TEST_CASE("law: every text that a side typed is in the result or in a conflict") {
    for (std::uint64_t seed = 0; seed < test::kRandomCases; ++seed) {
        CAPTURE(seed);
        const Case each(seed);
        const MergeResult result = merge_fields(each.base, each.local, each.remote);
        const std::vector<std::string> names = conflict_names(result);
        for (const FieldSpec& spec : kContactFields) {
            for (const ContactFields* side : {&each.local, &each.remote}) {
                if (comparable(spec, *side) == comparable(spec, each.base)) continue;
                const bool is_listed =
                    std::find(names.begin(), names.end(), spec.wire) != names.end();
                const bool is_kept = comparable(spec, *side) == comparable(spec, result.fields);
                CHECK((is_listed || is_kept));
            }
        }
    }
}

}  // namespace
}  // namespace crm
