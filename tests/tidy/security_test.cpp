// SECURITY.md names tests; each of them must be there, or the table says more than is shown.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
}

/// Lines of one text literal may be broken: `"one "\n "two"` reads as one.
std::string join_literals(const std::string& source) {
    std::string joined;
    for (std::size_t at = 0; at < source.size(); ++at) {
        if (source[at] == '"') {
            const std::size_t next = source.find_first_not_of(" \n", at + 1);
            const bool is_broken = next != std::string::npos && source[next] == '"' &&
                                   source.substr(at, next - at).find('\n') != std::string::npos;
            if (is_broken) {
                at = next;
                continue;
            }
        }
        joined += source[at];
    }
    return joined;
}

std::string all_tests() {
    std::string all;
    for (const auto& entry : fs::recursive_directory_iterator(CRM_SOURCE_DIR "/tests")) {
        const std::string path = entry.path().string();
        if (path.find("node_modules") != std::string::npos) continue;
        const std::string extension = entry.path().extension().string();
        if (extension == ".cpp" || extension == ".mjs") all += join_literals(read_text(path));
    }
    return all;
}

/// What stands between two stars, without the … that shortens it.
std::vector<std::string> named_tests(std::string_view text) {
    std::vector<std::string> names;
    for (std::size_t start = text.find('*'); start != std::string_view::npos;
         start = text.find('*', start + 1)) {
        const std::size_t end = text.find('*', start + 1);
        if (end == std::string_view::npos) break;
        std::string name(text.substr(start + 1, end - start - 1));
        start = end;
        constexpr std::string_view kMore = "…";
        if (name.ends_with(kMore)) name.resize(name.size() - kMore.size());
        if (name.starts_with(kMore)) name.erase(0, kMore.size());
        while (name.ends_with(' ')) name.pop_back();
        while (name.starts_with(' ')) name.erase(0, 1);
        names.push_back(name);
    }
    return names;
}

}  // namespace

TEST_CASE("security: every test that the table names is there") {
    const std::vector<std::string> names = named_tests(read_text(CRM_SOURCE_DIR "/SECURITY.md"));
    CHECK(names.size() > 30);
    const std::string tests = all_tests();
    for (const std::string& name : names) {
        CAPTURE(name);
        CHECK(name.size() > 8);
        CHECK(tests.find(name) != std::string::npos);
    }
}
