#include "server/contacts/undo_plan.h"

#include <map>
#include <string>
#include <utility>

namespace crm {
namespace {

using Fate = UndoPlan::Fate;

struct Span {
    std::string before;
    std::string after;
};

/// What came of each field, by wire name. Where somebody else wrote it between two of the lines,
/// only what came after that counts: their value is what it goes back to.
std::map<std::string, Span> find_spans(const std::vector<store::JournalLine>& lines) {
    std::map<std::string, Span> spans;
    for (const store::JournalLine& line : lines) {
        for (const FieldChange& change : line.changes) {
            const auto [span, is_first] = spans.try_emplace(change.field);
            if (is_first || span->second.after != change.from) span->second.before = change.from;
            span->second.after = change.to;
        }
    }
    return spans;
}

bool is_birth(const store::JournalLine& line) {
    return line.kind == "created" || line.kind == "imported";
}

/// The contact came with these changes: it goes, unless somebody has touched it since or a system
/// has it, too.
void undo_birth(UndoPlan& plan, const Contact& current, const store::JournalLine& last) {
    if (current.deleted) return;
    if (last.kind == "imported" || !(last.system == SystemKey("local"))) {
        plan.kept.push_back({"",
                             "It came from " + last.system.text +
                                 " and is still there, so it stays. Delete it if it is not wanted; "
                                 "that deletes it in every system."});
    } else if (current.version != last.version) {
        plan.kept.push_back({"", "It was changed since, so it stays."});
    } else {
        plan.fate = Fate::Delete;
    }
}

/// Deleted or restored by these changes: the other way round, unless that is no longer the last
/// word about it.
void undo_turn(UndoPlan& plan, const Contact& current, const std::string& kind, bool is_newest) {
    if (kind == "deleted" && current.deleted) plan.fate = Fate::Restore;
    if (kind != "restored" || current.deleted) return;
    if (is_newest) {
        plan.fate = Fate::Delete;
    } else {
        plan.kept.push_back({"", "It was changed since it was restored, so it stays."});
    }
}

Status undo_fields(UndoPlan& plan, const Contact& current, const std::map<std::string, Span>& all) {
    const bool is_alive = !current.deleted || plan.fate == Fate::Restore;
    for (const auto& [field, span] : all) {
        if (span.before == span.after) continue;
        ContactFields same = current.fields;
        CRM_TRY(store::set_exact(same, field, span.after));
        if (!is_alive) {
            plan.kept.push_back({field, "The contact was deleted since."});
        } else if (!(same == current.fields)) {
            plan.kept.push_back({field, "It was changed since, and the newer value stays."});
        } else {
            CRM_TRY(store::set_exact(plan.fields, field, span.before));
        }
    }
    return {};
}

}  // namespace

Result<UndoPlan> plan_undo(const Contact& current, const std::vector<store::JournalLine>& lines) {
    UndoPlan plan;
    plan.fields = current.fields;
    if (lines.empty()) return plan;
    const store::JournalLine& last = lines.back();
    if (is_birth(lines.front())) {
        undo_birth(plan, current, last);
        return plan;
    }
    const store::JournalLine* turn = nullptr;
    for (const store::JournalLine& line : lines) {
        if (line.kind == "deleted" || line.kind == "restored") turn = &line;
    }
    if (turn != nullptr) undo_turn(plan, current, turn->kind, current.version == last.version);
    if (plan.fate == Fate::Delete) return plan;
    CRM_TRY(undo_fields(plan, current, find_spans(lines)));
    return plan;
}

}  // namespace crm
