// Effect: what is to be done about an action. main.cpp performs them in order. Plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "client-wasm/state/app_state.h"
#include "client-wasm/state/request.h"

namespace crm::client {

struct SendRequest {
    RequestId id = 0;
    Request request;

    bool operator==(const SendRequest&) const = default;
};
enum class HistoryMode { Push, Replace };
/// Makes this the address. It may or may not come back as HashChanged: update() knows it already.
struct OpenHash {
    std::string hash;
    HistoryMode mode = HistoryMode::Push;

    bool operator==(const OpenHash&) const = default;
};
/// Keeps the choice for the next start and shows it at once.
struct SaveTheme {
    ThemeChoice theme = ThemeChoice::System;

    bool operator==(const SaveTheme&) const = default;
};
enum class Politeness { Polite, Assertive };
struct Announce {
    std::string text;
    Politeness politeness = Politeness::Polite;

    bool operator==(const Announce&) const = default;
};
/// TimerFired{timer} after the delay, once.
struct ScheduleTimer {
    std::uint64_t timer = 0;
    std::chrono::milliseconds delay{0};

    bool operator==(const ScheduleTimer&) const = default;
};
/// Whether closing the tab should ask first: text is typed and not saved.
struct GuardUnload {
    bool is_guarded = false;

    bool operator==(const GuardUnload&) const = default;
};

/// The browser saves what the server exports of this list.
struct SaveExport {
    ContactQuery query;
    std::string format;  // "csv", "vcf", "json"

    bool operator==(const SaveExport&) const = default;
};
/// The browser saves a text as a file.
struct SaveFile {
    std::string name;
    std::string text;

    bool operator==(const SaveFile&) const = default;
};

using Effect = std::variant<SendRequest,
                            OpenHash,
                            SaveTheme,
                            Announce,
                            ScheduleTimer,
                            GuardUnload,
                            SaveExport,
                            SaveFile>;
using Effects = std::vector<Effect>;

}  // namespace crm::client
