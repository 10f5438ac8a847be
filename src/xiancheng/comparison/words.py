"""Levels, changes and bands as people read them."""

from __future__ import annotations

import math
import re

from xiancheng.comparison.bands import Band
from xiancheng.texts import MISSING, PERCENT_UNITS, number, text

_NUMBER = re.compile(r"(\D*?)([-+]?\d[\d,]*(?:\.\d+)?)(.*)", re.DOTALL)
_RATIO, _SMALL, _MOST = "ratio", 0.1, 4
"""A unit whose small changes have so many digits behind the point, all of them alike."""
_FINE = ("per 1,000", "per 1,000 a year")


def level(value: float, unit: str, language: str) -> str:
    """Return a level with its unit.

    Args:
        value: in `unit`.
        unit: a unit of the tables.
        language: "zh" or "en".
    """
    return number(value, unit, language, digits=_digits(value, unit))


def change(value: float, unit: str, language: str) -> str:
    """Return a change with its sign and unit; that of a share in points."""
    if not math.isfinite(value):
        return MISSING
    if unit in PERCENT_UNITS:
        return text("compare.points", language, number=number(value * 100, "", language, digits=2, sign=True))
    digits = _MOST if unit == _RATIO and abs(value) < _SMALL else _digits(value, unit)
    return number(value, unit, language, sign=True, digits=digits)


def band(band: Band, unit: str, language: str, *, between: str = "") -> str:
    """Return both ends of the band of a change without the unit of the median; nothing where it has no width.

    Args:
        band: the band [unit].
        unit: a unit of the tables.
        language: "zh" or "en".
        between: what stands between the ends; words when empty.
    """
    if not band.is_wide:
        return ""
    low, middle, high = (change(value, unit, language) for value in (band.low, band.median, band.high))
    parts = [_NUMBER.fullmatch(item) for item in (low, middle, high)]
    if all(part is not None and part.group(1, 3) == parts[0].group(1, 3) for part in parts if parts[0]):
        low, high = (part[2] for part in (parts[0], parts[2]) if part is not None)
    return f"{low}{between}{high}" if between else text("compare.range", language, low=low, high=high)


def bare(written: str, unit: str, language: str) -> str:
    """Return a level, change or band without its unit, to stand beside a column with it.

    Args:
        written: as of `level`, `change` or `band`.
        unit: its unit; the per cent of a share stays.
        language: "zh" or "en".
    """
    from xiancheng.outputs.headline import number_words

    if unit in PERCENT_UNITS:
        before, _, after = text("compare.points", language, number="0").partition("0")
    else:
        before, _, after = number_words(unit, language)
    for words in (before, after):
        written = written.replace(words, "") if words else written
    return written.strip()


def percent(share: float, language: str) -> str:
    """Return a share of members in whole per cent."""
    return number(share, "share", language, digits=0)


def _digits(value: float, unit: str) -> int | None:
    return 1 if unit in _FINE and abs(value) < 1000 else None
