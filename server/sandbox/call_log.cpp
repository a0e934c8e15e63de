// Counts grow for everybody ("") and for the customer at once, so that reading is a look-up.
#include "server/sandbox/call_log.h"

#include <utility>

#include "server/sandbox/limits.h"
#include "shared/time_text.h"

namespace crm::sandbox {
namespace {

Json counts_json(const std::map<std::string, std::int64_t>& counts) {
    Json json = Json::object();
    for (const auto& [name, count] : counts) json.set(name, count);
    return json;
}

}  // namespace

std::string_view word_of(Door door) {
    switch (door) {
        case Door::Action:
            return "action";
        case Door::Data:
            return "data";
        case Door::Rest:
            return "rest";
        case Door::Page:
            return "page";
        case Door::Event:
            return "event";
        case Door::Webhook:
            return "webhook";
    }
    return "";
}

void CallLog::add(CallNote note, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const std::string system(key_of(note.system));
    if (note.door == Door::Action || note.door == Door::Data) {
        for (const std::string& who : {note.customer, std::string()}) {
            ++counters_[who][system][note.action];
            if (note.is_applied) ++writes_[who][system];
        }
    }
    entries_.push_back({.number = ++last_number_, .at = now, .note = std::move(note)});
    if (entries_.size() > kSandboxCallsKept) entries_.pop_front();
}

std::vector<CallLog::Line> CallLog::lines(const Query& query) const {
    const std::lock_guard lock(mutex_);
    std::vector<Line> lines;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
        if (lines.size() >= query.limit) break;
        const CallNote& note = entry->note;
        if (!query.customer.empty() && note.customer != query.customer) continue;
        if (query.system && note.system != *query.system) continue;
        lines.push_back(*entry);
    }
    return lines;
}

Json CallLog::read(const Query& query) const {
    Json calls = Json::array();
    for (const Line& line : lines(query)) {
        const CallNote& note = line.note;
        calls.push(Json::object({{"number", line.number},
                                 {"at", format_time(line.at)},
                                 {"customer", note.customer},
                                 {"via", word_of(note.door)},
                                 {"method", note.method},
                                 {"system", key_of(note.system)},
                                 {"action", note.action},
                                 {"status", note.status},
                                 {"recordId", note.record_id},
                                 {"outcome", note.outcome},
                                 {"applied", note.is_applied}}));
    }
    const std::lock_guard lock(mutex_);
    Json counters = Json::object();
    Json writes = Json::object();
    for (const System system : kSystems) {
        const std::string key(key_of(system));
        const auto counted = counters_.find(query.customer);
        const bool has_any = counted != counters_.end() && counted->second.contains(key);
        if (system == System::Practice && !has_any) continue;
        counters.set(key, has_any ? counts_json(counted->second.at(key)) : Json::object());
        const auto written = writes_.find(query.customer);
        const bool has_written = written != writes_.end() && written->second.contains(key);
        writes.set(key, has_written ? written->second.at(key) : std::int64_t{0});
    }
    return Json::object({{"calls", calls}, {"counters", counters}, {"writes", writes}});
}

}  // namespace crm::sandbox
