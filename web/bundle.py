#!/usr/bin/python3
"""Puts the files of the web client together as they are served.

    bundle.py OUTPUT_FOLDER INDEX_HTML FILE...

Every file but index.html gets its content's hash in its name, so that it can be cached for ever, and a .br and a
.gz beside it when that is smaller. The names in index.html are replaced. The folder is replaced as a whole.
"""
import gzip
import hashlib
import pathlib
import re
import shutil
import sys

import brotli

LEVEL_GZIP = 9
LEVEL_BROTLI = 11


def write(folder, name, content):
    (folder / name).write_bytes(content)
    smaller = brotli.compress(content, quality=LEVEL_BROTLI)
    if len(smaller) < len(content):
        (folder / (name + ".br")).write_bytes(smaller)
    smaller = gzip.compress(content, LEVEL_GZIP, mtime=0)
    if len(smaller) < len(content):
        (folder / (name + ".gz")).write_bytes(smaller)


def hashed(path, content):
    digest = hashlib.sha256(content).hexdigest()[:10]
    return f"{path.stem}.{digest}{path.suffix}"


def main():
    output, index, *files = (pathlib.Path(argument) for argument in sys.argv[1:])
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    page = index.read_text()
    for path in files:
        content = path.read_bytes()
        name = hashed(path, content)
        write(output, name, content)
        # Only whole names within quotes or lists: "client.js" is no part of another word.
        page, count = re.subn(r'(?<=["\s])' + re.escape(path.name) + r'(?=["\s])', name, page)
        if count == 0:
            sys.exit(f"bundle.py: index.html does not mention {path.name}")
        if path.suffix == ".wasm":
            page = page.replace('data-bytes="1"', f'data-bytes="{len(content)}"')
    write(output, "index.html", page.encode())


if __name__ == "__main__":
    main()
