// The brakes on what a listing says, each just below and just above what it believes.
#include "server/sync/brakes_listing.h"

#include <doctest/doctest.h>

namespace crm::sync {
namespace {

using std::chrono::milliseconds;

const SystemKey kHub("hubspot");

SystemSpec hubspot() {
    return {kHub, "HubSpot", {"name", "email", "phone"}, true, false, 0};
}

TimePoint at(int seconds) {
    return TimePoint(milliseconds(1000 * seconds));
}

struct Scene {
    CustomerNotes notes;
    Listing listing;
    Window window{at(1000), at(1001)};

    explicit Scene(int count) {
        listing.is_complete = true;
        for (int i = 0; i < count; ++i) {
            const std::string number = std::to_string(i);
            ContactNotes contact;
            contact.contact.id = ContactId("c" + number);
            contact.contact.fields.name = "Person " + number;
            contact.contact.fields.email = "p" + number + "@example.org";
            contact.contact.fields.phone = "+1 555 " + number;
            Link link;
            link.id = RemoteId(number);
            RemoteRecord record;
            record.id = link.id;
            for (const std::string& field : hubspot().fields) {
                const std::string value = contact.contact.fields.*(find_field(field)->member);
                link.fields[field] = {.raw = value, .app = value};
                record.values[field] = value;
            }
            contact.systems[kHub].link = link;
            notes.contacts[contact.contact.id] = contact;
            listing.records.push_back(record);
        }
        notes.systems[kHub].listed = count;
    }

    void lose(int count) {
        listing.records.erase(listing.records.begin(), listing.records.begin() + count);
    }
    void set(int count, const std::string& field, const std::string& value) {
        for (int i = 0; i < count; ++i)
            listing.records[static_cast<std::size_t>(i)].values[field] =
                value.empty() ? value : value + std::to_string(i);
    }
    [[nodiscard]] std::vector<std::string> works() const {
        std::vector<std::string> works;
        for (const Brake& brake : find_listing_brakes({notes, hubspot(), listing, window}))
            works.push_back(brake.work);
        return works;
    }
};

using Works = std::vector<std::string>;

TEST_CASE("brake: five missing records, or a fifth of them, are believed; more are asked about") {
    Scene few(10);
    few.lose(5);
    CHECK(few.works().empty());
    few.lose(1);
    CHECK(few.works() == Works{"hubspot absent"});
    const std::vector<Brake> found =
        find_listing_brakes({few.notes, hubspot(), few.listing, few.window});
    CHECK(found.front().reach == BrakeReach::Absence);
    CHECK(found.front().problem.message.find("6 of the 10 linked records are missing") == 0);
    CHECK(found.front().problem.message.find("Person 0, Person 1") != std::string::npos);
    Scene many(100);
    many.lose(20);
    CHECK(many.works().empty());
    many.lose(1);
    CHECK(many.works() == Works{"hubspot absent"});
    many.listing.is_complete = false;  // proves nothing anyway
    CHECK(many.works().empty());
}

TEST_CASE("brake: an empty listing is one brake and no second one") {
    Scene scene(10);
    scene.lose(10);
    CHECK(scene.works() == Works{"hubspot empty"});
    Scene one(1);
    one.lose(1);
    CHECK(one.works().empty());
}

TEST_CASE("brake: a field that differs in more than half of the records, from twenty on") {
    Scene scene(60);
    scene.set(30, "name", "Other ");
    CHECK(scene.works().empty());
    scene.set(31, "name", "Other ");
    CHECK(scene.works() == Works{"hubspot changed name"});
    Scene few(19);
    few.set(19, "name", "Other ");
    CHECK(few.works().empty());
    SUBCASE("what is only written in another way, is our own or was replaced lately is no change") {
        Scene quiet(60);
        quiet.set(60, "name", "Other ");
        for (int i = 0; i < 60; ++i) {
            FieldShadow& shadow = quiet.notes.contacts[ContactId("c" + std::to_string(i))]
                                      .systems[kHub]
                                      .link->fields["name"];
            const std::string value = "Other " + std::to_string(i);
            if (i % 2 == 0) shadow.sent.push_back({value, value, at(2000)});
            if (i % 2 == 1) shadow.superseded.push_back({value, at(2000)});
        }
        CHECK(quiet.works().empty());
    }
    SUBCASE("a system that we only write to is not read") {
        Scene quiet(60);
        quiet.set(60, "name", "Other ");
        SystemSpec spec = hubspot();
        spec.directions["name"] = Direction::Out;
        CHECK(find_listing_brakes({quiet.notes, spec, quiet.listing, quiet.window}).empty());
    }
}

TEST_CASE("brake: a field that became empty in more than a tenth of the records, from twenty on") {
    Scene scene(200);
    scene.set(20, "phone", "");
    CHECK(scene.works().empty());
    scene.set(21, "phone", "");
    CHECK(scene.works() == Works{"hubspot blanked phone"});
    Scene few(30);
    few.set(15, "phone", "");
    CHECK(few.works().empty());
}

TEST_CASE("brake: a total that dropped, and a listing that is short of its own total") {
    Scene scene(100);
    scene.listing.total = 80;
    CHECK(scene.works().empty());
    CHECK_FALSE(is_listing_short(scene.listing));
    scene.listing.total = 79;
    CHECK(scene.works() == Works{"hubspot count"});
    scene.listing.total = 101;
    CHECK(is_listing_short(scene.listing));
    CHECK(short_listing_problem(hubspot(), scene.listing)
              .message.find("says that it has 101 records and listed 100") != std::string::npos);
}

TEST_CASE("brake: more than a fifth of the records in conflict, from twenty on") {
    Scene scene(100);
    Observed observed;
    for (int i = 0; i < 20; ++i) {
        ConflictRow row;
        row.contact = ContactId("c" + std::to_string(i));
        observed.conflicts.push_back(row);
        observed.conflicts.push_back(row);  // two fields of one contact are one contact
    }
    const ListingCase read{scene.notes, hubspot(), scene.listing, scene.window};
    CHECK_FALSE(find_conflict_brake(observed, read).has_value());
    ConflictRow row;
    row.contact = ContactId("c20");
    observed.conflicts.push_back(row);
    REQUIRE(find_conflict_brake(observed, read).has_value());
    CHECK(find_conflict_brake(observed, read)->problem.message.find("21 of the 100 records") == 0);
}

TEST_CASE("brake: another account or another mapping; what cannot be read is unchanged") {
    SystemRow row;
    CHECK_FALSE(find_account_brake(hubspot(), row, "a1").has_value());  // the first one
    row.account_fingerprint = "a1";
    CHECK_FALSE(find_account_brake(hubspot(), row, "").has_value());
    CHECK_FALSE(find_account_brake(hubspot(), row, "a1").has_value());
    REQUIRE(find_account_brake(hubspot(), row, "b2").has_value());
    CHECK(find_account_brake(hubspot(), row, "b2")->work == "hubspot account b2");
    SystemSpec spec = hubspot();
    spec.mapping_hash = "m2";
    CHECK_FALSE(find_mapping_brake(spec, row).has_value());
    row.mapping_hash = "m1";
    REQUIRE(find_mapping_brake(spec, row).has_value());
    CHECK(find_mapping_brake(spec, row)->work == "hubspot mapping m2");
    spec.mapping_hash.clear();
    CHECK_FALSE(find_mapping_brake(spec, row).has_value());
}

TEST_CASE("brake: a grant of a listing brake is known by its name") {
    CHECK(is_listing_work(kHub, "hubspot absent"));
    CHECK(is_listing_work(kHub, "hubspot changed name"));
    CHECK_FALSE(is_listing_work(kHub, "hubspot delete c1"));
    CHECK_FALSE(is_listing_work(kHub, "pipedrive absent"));
}

}  // namespace
}  // namespace crm::sync
