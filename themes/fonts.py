#!/usr/bin/env python3
"""Makes the typeface of the theme again: a subset of Inter with one axis, as WOFF2, and the metrics of its fallback.

usage: npm pack @fontsource-variable/inter@5.3.0 && tar xzf fontsource-variable-inter-5.3.0.tgz
       pip install fonttools==4.* brotli
       themes/fonts.py package/files/inter-latin-wght-normal.woff2

Writes themes/default/assets/fonts/inter.woff2 and prints the rule for the fallback in src/theme/typeface.rs.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FOLDER = Path(__file__).parent / "default/assets/fonts"

# Latin 1 with the marks that German and English texts use; other characters come from the system's font.
CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "ıŒœẞ–—‘’‚“”„•…‹›€™←↑→↓−≠≤≥\u202f")]
FEATURES = ["kern", "tnum", "ccmp", "locl", "mark"]

# The advance widths of Arial and its metric twins (Liberation Sans, Arimo), in thousandths of an em.
ARIAL = dict(zip("abcdefghijklmnopqrstuvwxyz ", [
    556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833,
    556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 278]))
# How often a character stands in 1,000 of English text.
FREQUENCY = dict(zip("abcdefghijklmnopqrstuvwxyz ", [
    65, 12, 22, 34, 103, 18, 16, 49, 56, 1, 6, 33, 20,
    57, 62, 15, 1, 48, 52, 73, 23, 8, 19, 1, 16, 1, 190]))


def main(source):
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    font = TTFont(source, recalcTimestamp=False)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 700)})
    font.flavor = "woff2"
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = FOLDER / "inter.woff2"
    font.save(made)
    print(f"{made.name}: {made.stat().st_size} bytes, {len(font.getBestCmap())} characters")
    print(fallback(TTFont(made)))


def fallback(font):
    """The rule that gives Arial the widths and heights of the font, so that nothing moves when the font arrives."""
    em, widths, names = font["head"].unitsPerEm, font["hmtx"], font.getBestCmap()
    own = sum(widths[names[ord(c)]][0] / em * n for c, n in FREQUENCY.items())
    arial = sum(ARIAL[c] / 1000 * n for c, n in FREQUENCY.items())
    size = own / arial
    percent = lambda value: f"{100 * value:.2f}%"
    line = font["hhea"]
    return (f"size-adjust: {percent(size)}; ascent-override: {percent(line.ascent / em / size)}; "
            f"descent-override: {percent(-line.descent / em / size)}; line-gap-override: {percent(line.lineGap / em / size)}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
