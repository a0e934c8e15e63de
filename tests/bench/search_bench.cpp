// What finding contacts costs, in the database alone: the index against reading every text, side by
// side in one run, because a machine's speed varies from run to run.
//   search_bench [contacts …]   1,000 and 100,000 by default
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "server/random.h"
#include "server/store/contact_row.h"
#include "server/store/contact_store.h"
#include "server/store/query.h"
#include "tests/support/seeded_random.h"
#include "tests/support/temp_store.h"

namespace {

using namespace crm;

const CustomerId kCustomer{"bench"};
constexpr int kRepeats = 15;

const std::vector<std::string> kFirst = {"Ada",
                                         "Bob",
                                         "Chloé",
                                         "Dmitri",
                                         "Eva",
                                         "Farid",
                                         "Grün",
                                         "Hanna",
                                         "Ivan",
                                         "Jörg",
                                         "Karin",
                                         "Liam"};
const std::vector<std::string> kStart = {
    "Mül", "Schm", "Ber", "Kow", "Jan", "Ros", "Wei", "Pet", "Lin", "Gar", "Dub", "Fis"};
const std::vector<std::string> kEnd = {
    "ler", "idt", "ger", "alski", "sen", "sberg", "mann", "rov", "den", "cia", "ois", "cher"};

Contact make_contact(Random& random, int number) {
    const auto pick = [&](const std::vector<std::string>& words) {
        return words[random_below(random, words.size())];
    };
    Contact contact;
    contact.id = ContactId(make_uuid(random));
    contact.customer_id = kCustomer;
    contact.fields.name = pick(kFirst) + " " + pick(kStart) + pick(kEnd) + " " + pick(kStart) +
                          pick(kEnd) + std::to_string(number % 977);
    contact.fields.email = "p" + std::to_string(number) + "@" + pick(kStart) + ".example";
    contact.fields.phone = "+44 20 7946 " + std::to_string(1000 + random_below(random, 9000));
    contact.fields.company = pick(kStart) + pick(kEnd) + " GmbH";
    contact.fields.notes = "Met at the fair in hall " + std::to_string(number % 40) + ", " +
                           pick(kFirst) + " knows more";
    contact.sources = {"local"};
    return contact;
}

double median_ms(const std::function<void()>& work) {
    std::vector<double> times;
    for (int round = 0; round < kRepeats; ++round) {
        const auto begun = std::chrono::steady_clock::now();
        work();
        times.push_back(
            std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
                .count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void expect(bool is_true) {
    if (is_true) return;
    std::fputs("the benchmark itself failed\n", stderr);
    std::exit(1);
}

/// As lists were read without the index: total, and the first page.
void read_every_text(const store::Connection& connection, const std::string& word) {
    const std::string found =
        " FROM contacts WHERE customer = ? AND deleted_at IS NULL"
        " AND instr(search, ?) > 0";
    store::Query total(connection, "SELECT count(*)" + found);
    total.bind(kCustomer.text).bind(word);
    expect(total.step());
    store::Query page(connection,
                      "SELECT " + store::row_columns() + found +
                          " ORDER BY (sort_name = ''), sort_name, id LIMIT 101");
    page.bind(kCustomer.text).bind(word);
    while (page.step()) expect(store::read_row(page).is_ok());
}

std::int64_t read_by_index(const store::Connection& connection, const std::string& text) {
    ContactQuery query;
    query.text = text;
    const auto page = store::list_contacts(connection, kCustomer, query);
    expect(page.is_ok());
    return page.value().total;
}

void measure(int count) {
    test::TempStore files;
    test::SeededRandom random(7);
    const auto begun = std::chrono::steady_clock::now();
    for (int number = 0; number < count;) {
        auto transaction = files.database().begin_write();
        for (int row = 0; row < 500 && number < count; ++row, ++number) {
            expect(
                store::insert_contact(transaction.value(), make_contact(random, number)).is_ok());
        }
        expect(transaction.value().commit().is_ok());
    }
    const double filled =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::printf("\n%d contacts, filled with their index in %.1f s\n", count, filled);
    std::printf("%-34s %8s %12s %12s %8s\n", "search", "found", "before, ms", "now, ms", "ratio");
    auto snapshot = files.database().begin_read();
    // As typed, and the folded word that the old way looked for.
    const std::vector<std::pair<std::string, std::string>> words = {{"p77", "p77"},
                                                                    {"mulcher", "mulcher"},
                                                                    {"Müller", "muller"},
                                                                    {"Mueller", "mueller"},
                                                                    {"mulller", "mulller"},
                                                                    {"hall 39", "39"},
                                                                    {"79461", "79461"},
                                                                    {"gmbh", "gmbh"},
                                                                    {"mu", "mu"},
                                                                    {"nobodyatall", "nobodyatall"}};
    for (const auto& asked : words) {
        const std::string& text = asked.first;
        const std::string& word = asked.second;
        std::int64_t found = 0;
        const double before = median_ms([&] { read_every_text(snapshot.value(), word); });
        const double now = median_ms([&] { found = read_by_index(snapshot.value(), text); });
        std::printf("%-34s %8lld %12.2f %12.2f %8.2f\n",
                    text.c_str(),
                    static_cast<long long>(found),
                    before,
                    now,
                    now / before);
    }
}

}  // namespace

int main(int count, char** words) {
    std::vector<int> sizes;
    for (int index = 1; index < count; ++index) sizes.push_back(std::atoi(words[index]));
    if (sizes.empty()) sizes = {1000, 100'000};
    std::puts("Finding contacts: total and first page, median of 15; before: every text was read");
    for (const int size : sizes) measure(size);
    return 0;
}
