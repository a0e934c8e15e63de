#!/usr/bin/python3
"""Cuts the interface's fonts down to what it draws, and gives the icons the code points of icons.h.

    fonts.py INTER_FOLDER LUCIDE_FOLDER ICONS_H OUTPUT_FOLDER

The scripts kept here are those that client-wasm/views/fonts.cpp calls its own; every other script is drawn by
the browser. Needs fontTools.
"""
import json
import pathlib
import re
import sys

from fontTools import subset
from fontTools.ttLib import TTFont

# Latin, Greek, Cyrillic, Vietnamese, punctuation, currency, arrows.
UNICODES = [
    (0x0020, 0x007E), (0x00A0, 0x017F), (0x0192, 0x0192), (0x01A0, 0x01A1), (0x01AF, 0x01B0),
    (0x01CD, 0x01DC), (0x0218, 0x021B), (0x02C6, 0x02DD), (0x0384, 0x03CE), (0x0400, 0x045F),
    (0x0490, 0x04FF), (0x1E80, 0x1E85), (0x1E9E, 0x1EF9), (0x2000, 0x200B), (0x2010, 0x2027),
    (0x202F, 0x203A), (0x2044, 0x2044), (0x2070, 0x208E), (0x20A0, 0x20BF), (0x2116, 0x2116),
    (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0xFFFD, 0xFFFD),
]
WEIGHTS = {"inter-regular.otf": "Inter-Regular.otf", "inter-medium.otf": "Inter-Medium.otf",
           "inter-semibold.otf": "Inter-SemiBold.otf"}
FIRST_ICON = 0xE000


def options():
    wanted = subset.Options()
    wanted.layout_features = []  # the canvas applies none, and the elements over it must agree
    wanted.hinting = False
    wanted.notdef_outline = True
    wanted.name_IDs = [0, 1, 2, 13, 14]  # names, and the licence
    return wanted


def cut_text_font(source, target):
    font = TTFont(source)
    cutter = subset.Subsetter(options())
    cutter.populate(unicodes=[code for first, last in UNICODES for code in range(first, last + 1)])
    cutter.subset(font)
    font.save(target)


def cut_icon_font(folder, names, target):
    codepoints = json.loads((folder / "codepoints.json").read_text())
    missing = [name for name in names if name not in codepoints]
    if missing:
        sys.exit("fonts.py: the icon font has no " + ", ".join(missing) + "; see icons.h")
    font = TTFont(folder / "lucide.ttf")
    glyphs = font.getBestCmap()
    wanted = [glyphs[codepoints[name]] for name in names]
    cutter = subset.Subsetter(options())
    cutter.populate(unicodes=[codepoints[name] for name in names])
    cutter.subset(font)
    for table in font["cmap"].tables:
        table.cmap = {FIRST_ICON + index: glyph for index, glyph in enumerate(wanted)}
    font.save(target)


def main():
    inter, lucide, icons_header, output = (pathlib.Path(argument) for argument in sys.argv[1:5])
    output.mkdir(parents=True, exist_ok=True)
    for target, source in WEIGHTS.items():
        cut_text_font(inter / source, output / target)
    names = re.findall(r'X\(\w+, "([^"]+)"\)', icons_header.read_text())
    cut_icon_font(lucide, names, output / "icons.ttf")


if __name__ == "__main__":
    main()
