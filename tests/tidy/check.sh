#!/usr/bin/env bash
# The checks that need no running program; the same for people, the hook and ./test.
#
#   check.sh format [file...]   clang-format; prints the command that repairs
#   check.sh lint [file...]     clang-tidy with the build in build/asan; what passed is remembered
#   check.sh shell              shellcheck over every shell script
#   check.sh commit [file...]   format, lint and the tree's own rules for the given files
#
# Without files: all of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# All C++ files, or those among the arguments that are.
cpp_files() {
    if [ $# -gt 0 ]; then
        printf '%s\n' "$@" | grep -E '\.(h|cpp)$' | while read -r file; do
            if [ -e "$file" ]; then printf '%s\n' "$file"; fi
        done || true
    else
        find shared server client-wasm tests \( -name node_modules -prune \) -o -type f \
            \( -name '*.h' -o -name '*.cpp' \) -print | sort
    fi
}

check_format() {
    local files wrong=()
    mapfile -t files < <(cpp_files "$@")
    for file in "${files[@]}"; do
        clang-format "$file" | cmp -s - "$file" || wrong+=("$file")
    done
    if [ "${#wrong[@]}" -eq 0 ]; then return 0; fi
    printf 'The layout differs from .clang-format. To repair it:\n'
    printf '    clang-format -i'
    printf ' \\\n        %s' "${wrong[@]}"
    printf '\n'
    return 1
}

check_lint() {
    local files
    # Of the tests only those that are named: all of them would double the time of ./test.
    if [ $# -gt 0 ]; then
        mapfile -t files < <(cpp_files "$@")
    else
        mapfile -t files < <(cpp_files | grep -v '^tests/' | grep '\.cpp$')
    fi
    if [ "${#files[@]}" -gt 0 ]; then python3 tests/tidy/lint.py build/asan "${files[@]}"; fi
}

check_shell() {
    local scripts=(run test bench setup fetch .ci/run tests/tidy/check.sh tests/tidy/pre-commit)
    local present=() script
    for script in "${scripts[@]}"; do
        if [ -e "$script" ]; then present+=("$script"); fi
    done
    shellcheck --external-sources "${present[@]}"
}

check_commit() {
    check_format "$@"
    if [ -e build/asan/build.ninja ]; then
        cmake --build build/asan --target tidy_tests -- --quiet
        build/asan/tests/tidy/tidy_tests --minimal
        check_lint "$@"
    else
        printf 'check.sh: no build in build/asan yet, so only the layout was checked (./test)\n'
    fi
}

command=${1:-}
if [ $# -gt 0 ]; then shift; fi
case $command in
    format) check_format "$@" ;;
    lint) check_lint "$@" ;;
    shell) check_shell ;;
    commit) check_commit "$@" ;;
    *)
        printf 'usage: check.sh format|lint|shell|commit [file...]\n' >&2
        exit 2
        ;;
esac
