// What the parameters of queries mean, once for all routes.
#include <algorithm>
#include <array>

#include "server/http/route_words.h"

namespace crm::http {
namespace {

constexpr std::array kParameters{
    ParameterWords{"q", "text<=200", "Search text"},
    ParameterWords{"sort", "text", "Fields in order, - before one turns it round"},
    ParameterWords{
        "filter", "text", "Conditions: company is \"Acme\" and (tag is vip or phone is empty)"},
    ParameterWords{"deleted", "false|true|only", "Whether tombstones are among the answers"},
    ParameterWords{"limit", "int", "Entries of a page, 1 to 1000; without it 100"},
    ParameterWords{"cursor", "text", "Where the page before ended"},
    ParameterWords{"email", "text", "The e-mail of the contact, whatever its case"},
    ParameterWords{"name", "text", "The name of the person"},
    ParameterWords{"phone", "text", "A phone of the person, however it is written"},
    ParameterWords{"company", "text", "The company of the person"},
    ParameterWords{"except", "text", "Without this contact, by its id"},
    ParameterWords{"at", "time", "As it was then"},
    ParameterWords{"preview", "truth", "Only tell what would be done"},
    ParameterWords{"wait", "truth", "Answer when the run is over"},
    ParameterWords{"system", "text", "Only this system, by its key"},
    ParameterWords{"contact", "text", "Only this contact, by its id"},
    ParameterWords{"reason", "text", "Only records that are held for this reason"},
    ParameterWords{"state", "open|auto|resolved", "Only conflicts in this state"},
    ParameterWords{"format", "csv|vcf|json", "The format of the file"},
    ParameterWords{"version", "3.0|4.0", "The version of vCards"},
    ParameterWords{"bom", "truth", "Begin with a byte order mark, for Excel"},
    ParameterWords{"dryRun", "truth", "Change nothing, only tell; true without this"},
    ParameterWords{"key", "email|phone|none", "What tells who is known already"},
    ParameterWords{"map", "text", "A JSON object: title of a column or #number -> field"},
    ParameterWords{"file", "text", "The name of the file, for the history"},
};

}  // namespace

const ParameterWords* find_parameter_words(std::string_view name) {
    const auto* found =
        std::find_if(kParameters.begin(), kParameters.end(), [&](const ParameterWords& words) {
            return words.name == name;
        });
    return found == kParameters.end() ? nullptr : found;
}

}  // namespace crm::http
