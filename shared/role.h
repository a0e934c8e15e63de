// What a person may do. DO NOT RENAME the words: they are stored and travel.
#pragma once

#include <optional>
#include <string_view>

namespace crm {

/// Each may do what the ones before it may: read; change contacts and run syncs; manage people,
/// tokens and connections.
enum class Role { Viewer, Editor, Admin };

[[nodiscard]] constexpr std::string_view role_text(Role role) {
    switch (role) {
        case Role::Viewer:
            return "viewer";
        case Role::Editor:
            return "editor";
        case Role::Admin:
            return "admin";
    }
    return "viewer";
}

/// nullopt: no such word.
[[nodiscard]] constexpr std::optional<Role> parse_role(std::string_view text) {
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin}) {
        if (role_text(role) == text) return role;
    }
    return std::nullopt;
}

/// What a token may do is said in other words: it reads, it writes, or it does all that an admin
/// may.
[[nodiscard]] constexpr std::string_view scope_text(Role role) {
    switch (role) {
        case Role::Viewer:
            return "read";
        case Role::Editor:
            return "write";
        case Role::Admin:
            return "admin";
    }
    return "read";
}

[[nodiscard]] constexpr std::optional<Role> parse_scope(std::string_view text) {
    for (const Role role : {Role::Viewer, Role::Editor, Role::Admin}) {
        if (scope_text(role) == text) return role;
    }
    return std::nullopt;
}

}  // namespace crm
