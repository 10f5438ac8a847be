"""Fonts for figures, chosen by the characters they hold and not by their names."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from xiancheng.errors import optional

PLOTS = ("plots", "matplotlib")
"""The extra of figures and what it brings."""
_SIMPLIFIED = (" sc", " cn", "yahei", "simhei", "wenquanyi", "songti")
"""Among fonts that hold the characters, those that draw them as readers of simplified Chinese know them."""
_LIKED = ("sans", "hei", "gothic", "yahei", "ping")
_WEIGHT = 400


@cache
def family_for(characters: str) -> str | None:
    """Return a font family of this machine that holds all the characters, or None.

    Args:
        characters: the characters that must not become boxes.
    """
    needed = {ord(character) for character in characters if not character.isspace()}
    return _found(needed) or (_found(needed) if _news() else None)


@cache
def file_for(characters: str) -> tuple[str, int] | None:
    """Return the file of a font that holds all the characters, and its number within the file, or None.

    Args:
        characters: the characters that must not become boxes.
    """
    needed = {ord(character) for character in characters if not character.isspace()}
    entry = _entry(needed) or (_entry(needed) if _news() else None)
    return None if entry is None else (str(entry.fname), int(getattr(entry, "index", 0)))


def _found(needed: set[int]) -> str | None:
    entry = _entry(needed)
    return None if entry is None else str(entry.name)


def _entry(needed: set[int]) -> Any:
    with optional(*PLOTS):
        from matplotlib import font_manager

    fonts = sorted(font_manager.fontManager.ttflist, key=_rank)
    return next((font for font in fonts if _holds(_glyphs(font.fname, getattr(font, "index", 0)), needed)), None)


def _news() -> bool:
    """Tell the drawing library of fonts that came to this machine after it last looked; whether there were any."""
    with optional(*PLOTS):
        from matplotlib import font_manager

    manager = font_manager.fontManager
    files = {font.fname for font in manager.ttflist}
    before = len(manager.ttflist)
    for file in font_manager.findSystemFonts():
        if file not in files:
            with contextlib.suppress(OSError, RuntimeError, ValueError):
                manager.addfont(file)
    return len(manager.ttflist) > before


def characters_of(words: Iterable[str]) -> str:
    """Return every character of some words once, in order."""
    return "".join(sorted(set("".join(words))))


def _rank(font: object) -> tuple[bool, bool, bool, int, str]:
    name = getattr(font, "name", "").lower()
    plain = getattr(font, "style", "") == "normal"
    weight = getattr(font, "weight", _WEIGHT)
    distance = abs(weight - _WEIGHT) if isinstance(weight, int) else _WEIGHT
    other_script, other_shape = (not any(word in name for word in words) for words in (_SIMPLIFIED, _LIKED))
    return (not plain, other_script, other_shape, distance, str(name))


def _holds(glyphs: Mapping[int, int], needed: set[int]) -> bool:
    """Refuse a font of last resort too, which draws one and the same box for many characters."""
    return needed <= glyphs.keys() and 2 * len({glyphs[character] for character in needed}) > len(needed)


@cache
def _glyphs(file: str, index: int) -> Mapping[int, int]:
    with optional(*PLOTS):
        from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(file, face_index=index) if index else FT2Font(file)
        return font.get_charmap()
    except (OSError, RuntimeError, TypeError):
        return {}
