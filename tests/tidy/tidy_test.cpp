// The tree keeps its own rules: which folder may include which (kLayers), which file may see which
// library (kFences), how long files and lines are, how a header begins, and words that do not
// belong in finished code. A rule that was broken twice belongs here, not in a review.
//
// Each rule is a pure function from one file to sentences, so planted faults can test it.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace {

using Faults = std::vector<std::string>;

struct SourceFile {
    std::string path;  // from the root, with slashes
    std::vector<std::string> lines;
};

constexpr std::size_t kHeaderLinesMax = 250;
constexpr std::size_t kSourceLinesMax = 450;
constexpr std::size_t kLineColumnsMax = 100;

/// Files whose path begins with `files` may include what begins with one of `may_include`. The
/// first row that fits decides, so the narrow rows stand above the wide ones. Tests see all.
struct Layer {
    std::string_view files;
    std::vector<std::string_view> may_include;
};

// What the pure half of the sync engine is made of: plain data in, plain data out.
const std::vector<std::string_view> kPureSync = {"shared/",
                                                 "server/limits.h",
                                                 "server/store/suppression.h",
                                                 "server/store/sync_notes.h",
                                                 "server/sync/connector.h",
                                                 "server/sync/rule.h",
                                                 "server/sync/rules.h",
                                                 "server/sync/field_merge.h",
                                                 "server/sync/linking.h",
                                                 "server/sync/own_creates.h",
                                                 "server/sync/explain",
                                                 "server/sync/relink.h",
                                                 "server/sync/oscillation.h",
                                                 "server/phone_key.h",
                                                 "server/sync/measured_windows.h",
                                                 "server/sync/observe",
                                                 "server/sync/plan",
                                                 "server/sync/outcome",
                                                 "server/sync/survey",
                                                 "server/sync/run_records",
                                                 "server/sync/brakes",
                                                 "server/sync/governor",
                                                 "server/sync/run_queue"};

const std::vector<Layer> kLayers = {
    {"shared/", {"shared/"}},
    {"server/main.cpp", {"shared/", "server/"}},
    {"server/app", {"shared/", "server/"}},
    {"server/outside.", {"shared/", "server/"}},
    {"server/commands/", {"shared/", "server/"}},
    {"server/store/", {"shared/", "server/*.h", "server/store/"}},
    {"server/contacts/", {"shared/", "server/*.h", "server/store/", "server/contacts/"}},
    {"server/exchange/",
     {"shared/", "server/*.h", "server/store/", "server/contacts/", "server/exchange/"}},
    {"server/people/", {"shared/", "server/*.h", "server/store/", "server/people/"}},
    // The decisions of the sync engine see neither store nor network.
    {"server/sync/rule", kPureSync},
    {"server/sync/field_merge", kPureSync},
    {"server/sync/linking", kPureSync},
    {"server/sync/own_creates", kPureSync},
    {"server/sync/relink", kPureSync},
    {"server/sync/oscillation", kPureSync},
    {"server/sync/measured_windows", kPureSync},
    {"server/sync/observe", kPureSync},
    {"server/sync/plan", kPureSync},
    {"server/sync/outcome", kPureSync},
    {"server/sync/survey", kPureSync},
    {"server/sync/explain", kPureSync},
    {"server/sync/brakes", kPureSync},
    {"server/sync/run_records", kPureSync},
    {"server/sync/governor", kPureSync},
    {"server/sync/run_queue", kPureSync},
    {"server/sync/connectors/",
     {"shared/",
      "server/*.h",
      "server/sync/connector.h",
      "server/phone_key.h",
      "server/sync/rules.h",
      "server/sync/connectors/"}},
    {"server/sync/",
     {"shared/", "server/*.h", "server/store/", "server/contacts/", "server/sync/*.h"}},
    {"server/sandbox/",
     {"shared/", "server/*.h", "server/sandbox/", "server/http/server.h", "server/http/message.h"}},
    {"server/http/",
     {"shared/",
      "server/*.h",
      "server/store/",
      "server/contacts/",
      "server/exchange/",
      "server/people/",
      "server/sync/*.h",
      "server/http/"}},
    {"server/", {"shared/", "server/*.h"}},
    {"client-wasm/limits.h", {"shared/"}},
    {"client-wasm/main", {"shared/", "client-wasm/"}},
    {"client-wasm/state/", {"shared/", "client-wasm/limits.h", "client-wasm/state/"}},
    {"client-wasm/api/",
     {"shared/", "client-wasm/limits.h", "client-wasm/state/", "client-wasm/api/"}},
    {"client-wasm/views/",
     {"shared/", "client-wasm/limits.h", "client-wasm/state/", "client-wasm/views/"}},
    {"client-wasm/platform/", {"shared/", "client-wasm/limits.h", "client-wasm/platform/"}},
    {"tests/", {"shared/", "server/", "client-wasm/", "tests/"}},
};

/// Only files that fit one of `files` may include `<library...>`.
struct Fence {
    std::string_view library;
    std::vector<std::string_view> files;
};

const std::vector<Fence> kFences = {
    {"nlohmann/", {"*_json.cpp", "tests/*"}},
    {"httplib",
     {"server/http/server*.cpp",
      "server/sync/connectors/http_session.cpp",
      "server/sandbox/*.cpp",
      "tests/*"}},
    {"SQLiteCpp/", {"server/store/*.cpp", "server/sandbox/*store*.cpp", "tests/*"}},
    {"sqlite3", {"server/store/*.cpp", "server/sandbox/*store*.cpp", "tests/*"}},
    {"argon2", {"server/people/password.cpp"}},
    {"phonenumbers/", {"server/phone_key.cpp"}},
    {"openssl/", {"server/*.cpp", "tests/*"}},
    {"imgui", {"client-wasm/*", "tests/client-wasm/*", "tests/support/*"}},
    {"emscripten", {"client-wasm/platform/*", "client-wasm/main*"}},
    {"doctest/", {"tests/*"}},
    {"regex>", {}},  // slow to compile, slow to run, and it recurses
};

/// `*` stands for any text, slashes included.
bool fits(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) return text.empty();
    if (pattern.front() != '*') {
        return !text.empty() && text.front() == pattern.front() &&
               fits(pattern.substr(1), text.substr(1));
    }
    for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
        if (fits(pattern.substr(1), text.substr(skipped))) return true;
    }
    return false;
}

/// An entry of kLayers: a beginning, or "folder/*.h" for the headers of that folder alone.
bool may_include(std::string_view entry, std::string_view target) {
    if (entry.ends_with("/*.h")) {
        const std::string_view folder = entry.substr(0, entry.size() - 3);
        return target.starts_with(folder) && target.ends_with(".h") &&
               target.substr(folder.size()).find('/') == std::string_view::npos;
    }
    return target.starts_with(entry);
}

std::string place(const SourceFile& file, std::size_t line_index) {
    return file.path + ":" + std::to_string(line_index + 1) + ": ";
}

/// The text between the quotes or brackets of an include line, else empty.
std::string_view included(std::string_view line, char open, char close) {
    constexpr std::string_view kInclude = "#include ";
    if (!line.starts_with(kInclude) || line.size() <= kInclude.size()) return {};
    line.remove_prefix(kInclude.size());
    const std::size_t end = line.find(close, 1);
    if (line.front() != open || end == std::string_view::npos) return {};
    return line.substr(1, end - 1);
}

void check_arrows(const SourceFile& file, Faults& faults) {
    const auto layer = std::find_if(kLayers.begin(), kLayers.end(), [&](const Layer& row) {
        return file.path.starts_with(row.files);
    });
    if (layer == kLayers.end()) {
        faults.push_back(file.path + ": no row of kLayers says what it may include");
        return;
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const std::string_view target = included(file.lines[i], '"', '"');
        if (target.empty()) continue;
        const bool is_allowed = std::any_of(
            layer->may_include.begin(), layer->may_include.end(), [&](std::string_view entry) {
                return may_include(entry, target);
            });
        if (!is_allowed) {
            faults.push_back(place(file, i) + "may not include " + std::string(target));
        }
    }
}

void check_fences(const SourceFile& file, Faults& faults) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const std::string_view target = included(file.lines[i], '<', '>');
        if (target.empty()) continue;
        const std::string bracketed = std::string(target) + ">";
        for (const Fence& fence : kFences) {
            if (!bracketed.starts_with(fence.library)) continue;
            const bool is_inside =
                std::any_of(fence.files.begin(), fence.files.end(), [&](std::string_view pattern) {
                    return fits(pattern, file.path);
                });
            if (!is_inside) {
                faults.push_back(place(file, i) + std::string(target) + " is fenced off here");
            }
        }
    }
}

void check_length(const SourceFile& file, Faults& faults) {
    const bool is_header = file.path.ends_with(".h");
    const std::size_t lines_max = is_header ? kHeaderLinesMax : kSourceLinesMax;
    if (file.lines.size() > lines_max) {
        faults.push_back(file.path + ": " + std::to_string(file.lines.size()) + " lines, " +
                         std::to_string(lines_max) + " are the limit");
    }
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        const std::string& line = file.lines[i];
        // Columns are code points: bytes that continue one are not counted.
        const auto columns = std::count_if(line.begin(), line.end(), [](char byte) {
            return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
        });
        if (static_cast<std::size_t>(columns) > kLineColumnsMax) {
            faults.push_back(place(file, i) + std::to_string(columns) + " columns");
        }
    }
}

void check_header(const SourceFile& file, Faults& faults) {
    if (!file.path.ends_with(".h")) return;
    if (file.lines.empty() || !file.lines.front().starts_with("// ")) {
        faults.push_back(file.path + ": does not open with what it is for");
    }
    if (std::find(file.lines.begin(), file.lines.end(), "#pragma once") == file.lines.end()) {
        faults.push_back(file.path + ": has no #pragma once");
    }
}

void check_words(const SourceFile& file, Faults& faults) {
    // In two halves, so that this file may speak of them.
    static const std::vector<std::string> kWords = {
        "TO"
        "DO",
        "FIX"
        "ME",
        "X"
        "XX:",
        "HA"
        "CK:"};
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
        for (const std::string& word : kWords) {
            if (file.lines[i].find(word) != std::string::npos) {
                faults.push_back(place(file, i) + "finish it or leave it out: " + word);
            }
        }
    }
}

Faults check(const SourceFile& file) {
    Faults faults;
    check_arrows(file, faults);
    check_fences(file, faults);
    check_length(file, faults);
    check_header(file, faults);
    check_words(file, faults);
    return faults;
}

SourceFile split(std::string path, const std::string& text) {
    SourceFile file{std::move(path), {}};
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
    return file;
}

std::vector<SourceFile> read_tree() {
    namespace fs = std::filesystem;
    const fs::path root = CRM_SOURCE_DIR;
    std::vector<SourceFile> files;
    for (const char* folder : {"shared", "server", "client-wasm", "tests"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const std::string path = fs::relative(entry.path(), root).generic_string();
            const bool is_ours = path.ends_with(".h") || path.ends_with(".cpp");
            if (!is_ours || path.find("node_modules") != std::string::npos) continue;
            std::ifstream stream(entry.path());
            std::stringstream text;
            text << stream.rdbuf();
            files.push_back(split(path, text.str()));
        }
    }
    std::sort(files.begin(), files.end(), [](const SourceFile& left, const SourceFile& right) {
        return left.path < right.path;
    });
    return files;
}

/// How many faults a file at `path` with this text has; headers get a proper beginning first.
std::size_t fault_count(const std::string& path, const std::string& text) {
    const bool is_header = path.ends_with(".h");
    return check(split(path, (is_header ? "// Purpose.\n#pragma once\n" : "") + text)).size();
}

}  // namespace

TEST_CASE("tidy: the tree keeps its rules") {
    const std::vector<SourceFile> files = read_tree();
    REQUIRE(files.size() > 20);  // else the walk is broken, and silence means nothing
    for (const SourceFile& file : files) {
        for (const std::string& fault : check(file)) FAIL_CHECK(fault);
    }
}

TEST_CASE("tidy: an include against the arrows is found, one along them is not") {
    CHECK(fault_count("shared/a.cpp", "#include \"server/clock.h\"\n") == 1);
    CHECK(fault_count("server/store/a.cpp", "#include \"server/contacts/b.h\"\n") == 1);
    CHECK(fault_count("server/clock.cpp", "#include \"server/store/b.h\"\n") == 1);
    CHECK(fault_count("server/sync/planner.cpp", "#include \"server/store/database.h\"\n") == 1);
    CHECK(fault_count("server/sync/planner.cpp", "#include \"server/sync/executor.h\"\n") == 1);
    CHECK(fault_count("client-wasm/state/a.h", "#include \"client-wasm/views/b.h\"\n") == 1);
    CHECK(fault_count("server/http/a.cpp", "#include \"../store/b.h\"\n") == 1);
    CHECK(fault_count("elsewhere/a.cpp", "\n") == 1);

    CHECK(fault_count("server/sync/planner.cpp", "#include \"server/sync/plan.h\"\n") == 0);
    CHECK(fault_count("server/store/a.cpp", "#include \"server/clock.h\"\n") == 0);
    CHECK(fault_count("server/http/a.cpp", "#include \"server/contacts/b.h\"\n") == 0);
}

TEST_CASE("tidy: a library outside its fence is found") {
    CHECK(fault_count("shared/contact.cpp", "#include <nlohmann/json.hpp>\n") == 1);
    CHECK(fault_count("shared/contact_json.cpp", "#include <nlohmann/json.hpp>\n") == 0);
    CHECK(fault_count("shared/contact_json.h", "#include <nlohmann/json.hpp>\n") == 1);
    CHECK(fault_count("server/http/routes.cpp", "#include <httplib.h>\n") == 1);
    CHECK(fault_count("server/http/server.cpp", "#include <httplib.h>\n") == 0);
    CHECK(fault_count("server/contacts/a.cpp", "#include <SQLiteCpp/SQLiteCpp.h>\n") == 1);
    CHECK(fault_count("server/store/a.cpp", "#include <SQLiteCpp/SQLiteCpp.h>\n") == 0);
    CHECK(fault_count("server/a.cpp", "#include <imgui.h>\n") == 1);
    CHECK(fault_count("server/store/a.cpp", "#include <regex>\n") == 1);
}

TEST_CASE("tidy: lengths, beginnings of headers and unfinished words are found") {
    const std::string lines_250(std::size_t{kHeaderLinesMax - 2}, '\n');
    CHECK(fault_count("shared/a.h", lines_250) == 0);
    CHECK(fault_count("shared/a.h", lines_250 + "\n") == 1);
    CHECK(fault_count("shared/a.cpp", std::string(kSourceLinesMax, '\n')) == 0);
    CHECK(fault_count("shared/a.cpp", std::string(kSourceLinesMax + 1, '\n')) == 1);
    CHECK(fault_count("shared/a.cpp", std::string(kLineColumnsMax, 'x')) == 0);
    CHECK(fault_count("shared/a.cpp", std::string(kLineColumnsMax + 1, 'x')) == 1);
    CHECK(fault_count("shared/a.cpp", std::string(kLineColumnsMax - 1, 'x') + "\xC3\xA9") == 0);
    CHECK(check(split("shared/a.h", "int a;\n")).size() == 2);
    CHECK(fault_count("shared/a.cpp",
                      "// TO"
                      "DO: later\n") == 1);
}
