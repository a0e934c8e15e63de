#!/usr/bin/env python3
"""Runs clang-tidy over the sources of a build, two at a time, and remembers what passed.

    lint.py BUILD_FOLDER [file...]      without files: every source of ours in the build

A source passes again without being looked at while nothing that it depends on has changed: its
own text, the project headers it includes (as the compiler listed them), .clang-tidy and its
compiler flags. The memory is in the cache folder, one empty file per hash. Exit code 1 when
clang-tidy has complaints; they are printed in full.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
JOBS = min(os.cpu_count() or 1, 8)


def memory_folder():
    base = os.environ.get("CONTACTS_CACHE")
    if not base:
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        base = os.path.join(cache, "contacts-crm")
    folder = pathlib.Path(base) / "lint"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def headers_by_object(build):
    """Object file -> project files it was built from, as ninja remembers them."""
    listing = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], check=True,
                             capture_output=True, text=True).stdout
    result = {}
    current = None
    for line in listing.splitlines():
        if line and not line.startswith(" "):
            current = result.setdefault(line.split(":", 1)[0], [])
        elif line.strip() and current is not None:
            path = (build / line.strip()).resolve()
            if ROOT in path.parents and build not in path.parents:
                current.append(path)
    return result


def fingerprint(entry, depends):
    digest = hashlib.sha256()
    digest.update((ROOT / ".clang-tidy").read_bytes())
    # Without the place of this clone: another clone of the same text has the same answer.
    digest.update(entry["command"].replace(str(ROOT), "").encode())
    for path in sorted(set(depends)):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes() if path.exists() else b"gone")
    return digest.hexdigest()


def sources(build, wanted):
    """(source, fingerprint) of every compiled source of ours, or of those in `wanted`."""
    depends = headers_by_object(build)
    seen = set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = pathlib.Path(entry["file"]).resolve()
        if ROOT not in path.parents or build in path.parents or path in seen:
            continue
        seen.add(path)
        listed = depends.get(entry["output"]) if "output" in entry else None
        if listed is None:
            listed = depends.get(object_of(entry), [])
        # A header that is checked alone means every source that includes it.
        if wanted and path not in wanted and not wanted.intersection(listed):
            continue
        yield path, fingerprint(entry, [path, *listed])


def object_of(entry):
    words = entry["command"].split()
    return words[words.index("-o") + 1] if "-o" in words else ""


def lint(build, path):
    return subprocess.run(["clang-tidy", "--quiet", "-p", str(build), str(path)],
                          capture_output=True, text=True)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1]).resolve()
    wanted = {pathlib.Path(name).resolve() for name in sys.argv[2:]}
    memory = memory_folder()
    entries = list(sources(build, wanted))
    pending = [(path, mark) for path, mark in entries if not (memory / mark).exists()]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        runs = {pool.submit(lint, build, path): (path, mark) for path, mark in pending}
        for done in concurrent.futures.as_completed(runs):
            path, mark = runs[done]
            result = done.result()
            if result.returncode == 0:
                (memory / mark).touch()
                continue
            failed += 1
            print(f"--- {path.relative_to(ROOT)}\n{result.stdout}", flush=True)
            if not result.stdout.strip():
                print(result.stderr)
    print(f"lint: {len(entries)} sources, {len(pending)} looked at, {failed} with complaints")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
