#include "server/sync/connectors/problem_words.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <string_view>

namespace crm::sync {
namespace {

struct Wording {
    std::string_view code;
    std::string_view listing;       // a sentence with % for the system's name
    std::string_view write = {};    // empty: the same
    std::string_view reading = {};  // of one record; empty: as for a listing
};

constexpr std::string_view kReconnect =
    "The connection to % no longer works, so nothing is changed there; reconnect it in "
    "Integration.app";
constexpr std::string_view kSetup =
    "Integration.app has no such connection or action for %, so nothing is changed there; check "
    "the connectors file and the workspace";
constexpr std::string_view kRefused =
    "% refused this contact as it is, and nothing was changed there; correct the contact";
constexpr std::string_view kNotShown =
    "% does not show this record by itself, so nothing is changed in it; check the get action in "
    "the connectors file";
constexpr std::string_view kNoListing =
    "% refused to list its records, so nothing is changed; check the list action of the workspace";
constexpr std::string_view kMayHaveArrived =
    "% gave no clear answer, so the change may have arrived or not; the next listings tell, and "
    "until then it is not sent again";

constexpr std::array<Wording, 27> kWordings{{
    {"rate_limited",
     "% asks for fewer calls; nothing was changed there, and this is repeated later by itself"},
    {"locked",
     "% is busy with other changes; nothing was changed there, and this is repeated later by "
     "itself"},
    {"blocked",
     "% blocks calls for a while; nothing was changed there, and the next try comes later by "
     "itself"},
    {"unreachable",
     "% cannot be reached; nothing was changed there, and the next try comes by itself"},
    {"untrusted",
     "The certificate of the server in front of % is not trusted, so nothing was sent; check its "
     "address and this machine's certificates"},
    {"answer_too_long",
     "% sent a longer answer than is taken; nothing was changed",
     kMayHaveArrived},
    {"no_answer",
     "% did not give a whole answer; nothing was changed, and the next try comes by "
     "itself",
     kMayHaveArrived},
    {"unclear",
     "% gave an answer that cannot be used; nothing was changed, and the next try comes "
     "by itself",
     kMayHaveArrived},
    {"refused", kNoListing, kRefused, kNotShown},
    {"invalid_email",
     kNoListing,
     "% does not take this e-mail address, and nothing was changed there; correct the address"},
    {"email_taken",
     kNoListing,
     "Another record of % has this e-mail address, so nothing was changed there; merge the two or "
     "correct the address"},
    {"exists", kNoListing, "% already has a record with this e-mail address; it will be linked"},
    {"missing", kSetup, "% no longer has this record", "% no longer has this record"},
    {"forbidden",
     kReconnect,
     "% does not allow this change, and nothing was changed there; check the rights of the "
     "connected account",
     kNotShown},
    {"no_action", kNotShown},
    {"unknown_field",
     "% does not take a marker or constant of the connectors file, so nothing was changed there; "
     "add that field in % or correct the file"},
    {"access_denied",
     "The connected account has too few rights in %, so nothing is changed there; reconnect it "
     "with the right to read and change contacts"},
    {"access_expired", kReconnect},
    {"connection_broken", kReconnect},
    {"account_closed",
     "The account is closed or not paid for, so nothing is changed in %; see to it there"},
    {"configuration", kSetup},
    {"not_found", kSetup},
    {"not_authenticated",
     "Integration.app does not accept the workspace key and secret, so % is left alone; check "
     "both"},
    {"insecure_url",
     "The address of Integration.app is neither https:// nor on this machine, so nothing is sent "
     "to %; correct the address"},
    {"cursor_repeated",
     "The pages of % run in a circle, so its listing is not complete and nothing is deleted for "
     "it; the next try comes by itself"},
    {"record_without_id",
     "A record of % came without an id, so its listing is not complete and nothing is deleted for "
     "it; check the list action of the workspace"},
    {"too_many_records",
     "% lists more records than are taken, so its listing is not complete and nothing is deleted "
     "for it; narrow the list action of the workspace"},
}};

}  // namespace

std::string describe_problem(Asked asked, std::string_view code, const std::string& label) {
    const auto found = std::find_if(kWordings.begin(),
                                    kWordings.end(),
                                    [&](const Wording& wording) { return wording.code == code; });
    assert(found != kWordings.end());
    const bool has_write_words = asked == Asked::Write && !found->write.empty();
    const bool has_reading_words = asked == Asked::Reading && !found->reading.empty();
    std::string sentence(has_write_words     ? found->write
                         : has_reading_words ? found->reading
                                             : found->listing);
    std::size_t mark = sentence.find('%');
    assert(mark != std::string::npos);
    while (mark != std::string::npos) {
        sentence.replace(mark, 1, label);
        mark = sentence.find('%', mark + label.size());
    }
    return sentence;
}

}  // namespace crm::sync
