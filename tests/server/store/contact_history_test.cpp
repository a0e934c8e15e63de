#include <algorithm>

#include "server/store/contact_store.h"
#include "tests/server/store/samples.h"

namespace crm::store {
namespace {

HistoryLine change_line(std::int64_t version, const ContactFields& from, const ContactFields& to) {
    HistoryLine line;
    line.at = test::at_ms(version * 10);
    line.kind = version == 1 ? "created" : "updated";
    line.actor = "Ann";
    line.system = "local";
    line.version = version;
    line.changes = exact_changes(from, to);
    return line;
}

/// A contact with `versions` random versions behind it; what each looked like, from version 1 on.
std::vector<ContactFields> write_versions(Database& database,
                                          Random& random,
                                          Contact& contact,
                                          int versions) {
    std::vector<ContactFields> past;
    test::write(database, [&](Transaction& transaction) {
        REQUIRE(insert_contact(transaction, contact).is_ok());
        REQUIRE(
            append_history(
                transaction, contact.customer_id, contact.id, change_line(1, {}, contact.fields))
                .is_ok());
        past.push_back(contact.fields);
        while (contact.version < versions) {
            const ContactFields before = contact.fields;
            const ContactFields drawn = test::random_contact(random).fields;
            contact.fields.name = drawn.name;
            contact.fields.notes = drawn.notes;
            if (random_below(random, 2) == 0) contact.fields.tags = drawn.tags;
            if (random_below(random, 2) == 0) contact.fields.more_phones = drawn.more_phones;
            ++contact.version;
            REQUIRE(update_contact(transaction, contact, contact.version - 1).is_ok());
            const HistoryLine line = change_line(contact.version, before, contact.fields);
            REQUIRE(append_history(transaction, contact.customer_id, contact.id, line).is_ok());
            HistoryLine remark;
            remark.kind = "linked";
            remark.changes = {{"name", "not a", "change"}};
            REQUIRE(append_history(transaction, contact.customer_id, contact.id, remark).is_ok());
            past.push_back(contact.fields);
        }
    });
    return past;
}

}  // namespace

TEST_CASE("contact history: every earlier version can be told exactly") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        test::SeededRandom random(seed);
        test::TempStore files;
        Contact contact = test::random_contact(random);
        const std::vector<ContactFields> past =
            write_versions(files.database(), random, contact, 8);
        auto snapshot = files.database().begin_read();
        for (std::size_t index = 0; index < past.size(); ++index) {
            const auto version = static_cast<std::int64_t>(index) + 1;
            CAPTURE(version);
            const auto fields = fields_at(snapshot.value(), contact, version);
            REQUIRE(fields.is_ok());
            REQUIRE(fields.value().has_value());
            CHECK(*fields.value() == past[index]);
        }
    }
}

TEST_CASE("contact history: a version that never was is told apart") {
    test::TempStore files;
    test::SeededRandom random;
    Contact contact = test::random_contact(random);
    write_versions(files.database(), random, contact, 3);
    auto snapshot = files.database().begin_read();
    for (const std::int64_t version : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{4}}) {
        CHECK_FALSE(fields_at(snapshot.value(), contact, version).value().has_value());
    }
    // A gap in the history: the walk back would be a guess.
    contact.version = 5;
    CHECK_FALSE(fields_at(snapshot.value(), contact, 2).value().has_value());
}

TEST_CASE("contact history: lines are newest first and shown as a person reads them") {
    test::TempStore files;
    Contact contact = test::make_contact("1", "Ann");
    test::insert(files.database(), contact);
    ContactFields after = contact.fields;
    after.name = "Ann Lee";
    after.tags = {"new", "vip"};
    after.more_phones = {{"123 456", "work"}, {"789 012", ""}};
    HistoryLine remark;
    remark.at = test::at_ms(99);
    remark.kind = "conflict";
    remark.system = "hubspot";
    remark.run_id = "run-1";
    remark.note = "Both sides changed it";
    remark.changes = {{"phones", "1; 2", "kept: [\"3\"]"}};
    test::write(files.database(), [&](Transaction& transaction) {
        const auto append = [&](const HistoryLine& line) {
            REQUIRE(append_history(transaction, test::kAcme, contact.id, line).is_ok());
        };
        append(change_line(1, {}, contact.fields));
        append(change_line(2, contact.fields, after));
        append(remark);
    });
    auto snapshot = files.database().begin_read();
    const auto history = load_history(snapshot.value(), test::kAcme, contact.id);
    REQUIRE(history.is_ok());
    const std::vector<api::HistoryEntry>& lines = history.value();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].id > lines[1].id);
    CHECK(lines[1].id > lines[2].id);

    CHECK(lines[0].kind == "conflict");
    CHECK(lines[0].at == test::at_ms(99));
    CHECK(lines[0].actor.empty());
    CHECK(lines[0].system == "hubspot");
    CHECK(lines[0].run_id == "run-1");
    CHECK(lines[0].note == "Both sides changed it");
    CHECK(lines[0].changes == remark.changes);

    CHECK(lines[1].actor == "Ann");
    CHECK(lines[1].changes == diff_fields(contact.fields, after));
    CHECK(lines[1].changes.size() == 3);
    CHECK(lines[2].kind == "created");
    CHECK(lines[2].changes == std::vector<FieldChange>{{"name", "", "Ann"}});
}

TEST_CASE("contact history: nobody writes into or reads another customer's") {
    test::TempStore files;
    const Contact contact = test::make_contact("1", "Ann");
    test::insert(files.database(), contact);
    test::write(files.database(), [&](Transaction& transaction) {
        const HistoryLine line = change_line(1, {}, contact.fields);
        REQUIRE(append_history(transaction, test::kAcme, contact.id, line).is_ok());
        for (const auto& [customer, id] :
             {std::pair{test::kGlobex, contact.id}, std::pair{test::kAcme, ContactId("2")}}) {
            const Status outcome = append_history(transaction, customer, id, line);
            REQUIRE_FALSE(outcome.is_ok());
            CHECK(outcome.error().code == ErrorCode::NotFound);
        }
    });
    auto snapshot = files.database().begin_read();
    CHECK(load_history(snapshot.value(), test::kAcme, contact.id).value().size() == 1);
    CHECK(load_history(snapshot.value(), test::kGlobex, contact.id).value().empty());
}

TEST_CASE("contact history: what was equal is not a change") {
    ContactFields fields;
    fields.name = "Ann";
    fields.tags = {"a"};
    CHECK(exact_changes(fields, fields).empty());
    CHECK(exact_changes({}, fields).size() == 2);
}

}  // namespace crm::store
