"""Every sentence a person reads, in Chinese and English, and the one way numbers and dates are written.

Rows of the tables `texts*.csv` are `key,en,zh`; `{name}` marks a value. A message written before the reader's
language is known travels as a `Phrase`: it reads as English wherever a plain string is wanted
and keeps its key for the translation.
"""

from __future__ import annotations

import csv
import datetime
import difflib
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

LANGUAGES = ("zh", "en")
FOLDER = Path(__file__).parent
FILES = "texts*.csv"
MISSING = "—"
_UNIT = "unit."
_NONE: Mapping[str, Mapping[str, str]] = MappingProxyType({})

# Units that only ever take 万 in Chinese statistics, never 亿: 10152.75万人, 23400万平方米.
_ONLY_TEN_THOUSANDS = ("persons", "births", "m2")
PERCENT_UNITS = ("share", "0..1")
"""Units that are written in per cent."""
_ROUND_UNITS = ("persons", "births", "jobs", "homes", "yuan", "m2")
_AREA_EACH = "m2 per"
"""Area for each person or home is a small number: 2.5 m², not 2."""


class Language(str):
    """A language with words of a study's own, such as those of its units; a plain "zh" or "en" has none.

    It travels as the language does, so that a unit of a study reads right wherever a number is written.
    """

    own: Mapping[str, Mapping[str, str]]

    def __new__(cls, name: str, own: Mapping[str, Mapping[str, str]] = _NONE) -> Language:
        """Return the language.

        Args:
            name: "zh" or "en".
            own: sentences by key and language, before those of the catalogue.
        """
        language = super().__new__(cls, name)
        language.own = own
        return language

    def knows(self, *keys: str) -> bool:
        """Tell whether there is a sentence for one of some keys."""
        return any(sentence(key, self) is not None for key in keys)


class Phrase(str):
    """A message by key: English as a string, any language through `in_language`."""

    key: str
    values: dict[str, Any]


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every text: key -> language -> sentence, from all tables of texts."""
    texts: dict[str, dict[str, str]] = {}
    for file in sorted(FOLDER.glob(FILES)):
        with file.open(encoding="utf-8", newline="") as lines:
            texts.update({row["key"]: {"en": row["en"], "zh": row["zh"]} for row in csv.DictReader(lines)})
    return texts


def sentence(key: str, language: str) -> str | None:
    """Return the sentence of a key as it stands, the language's own before that of the catalogue; None without one."""
    own = language.own if isinstance(language, Language) else {}
    return own.get(key, catalogue().get(key, {})).get(str(language))


def text(key: str, /, language: str = "en", **values: Any) -> str:
    """Return the sentence of `key` with its values filled in.

    Args:
        key: a key of texts.csv.
        language: "zh" or "en".
        **values: what stands in for `{name}`; a Phrase among them is put into the same language.

    Raises:
        KeyError: no such key or language; a unit without words stands as it is written in its table.
    """
    template = sentence(key, language)
    if template is None:
        if not key.startswith(_UNIT):
            raise KeyError(key)
        template = f"{{number}} {key.removeprefix(_UNIT)}"
    return template.format(**{name: in_language(value, language) for name, value in values.items()})


def phrase(key: str, /, **values: Any) -> Phrase:
    """Return a message that reads as English and can be put into another language later."""
    message = Phrase(text(key, "en", **values))
    message.key, message.values = key, values
    return message


def in_language(message: Any, language: str) -> Any:
    """Put a Phrase, or a date or number inside one, into `language`; anything else is returned as it is."""
    if isinstance(message, datetime.date):
        return date(message, language)
    if isinstance(message, float):
        return f"{message:,.6g}" if abs(message) < 1e6 else f"{message:,.0f}"
    if not isinstance(message, Phrase):
        return message
    if message.key == "list":
        return listing([in_language(part, language) for part in message.values["parts"]], language)
    return text(message.key, language, **message.values)


def number(value: float, unit: str = "", language: str = "en", *, digits: int | None = None, sign: bool = False) -> str:
    """Write a value with its unit the way readers of that language expect: 4,381.88万人, 43.82 million.

    Args:
        value: the value, in `unit`; a missing one gives a dash.
        unit: a unit of the tables, such as "persons", "share", "yuan" or "m2"; shares are written in per cent.
        language: "zh" or "en".
        digits: digits after the point; two for scaled numbers and shares, else as few as say the value.
        sign: write the plus of a positive change.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if unit in PERCENT_UNITS:
        return _signed(value * 100, 2 if digits is None else digits, sign) + "%"
    scale, word = _scale(abs(value), unit, language)
    places = digits if digits is not None else _digits(abs(value), scale, unit)
    return _with_unit(_signed(value / scale, places, sign) + word, unit, language)


def _scale(size: float, unit: str, language: str) -> tuple[float, str]:
    steps = [(1e8, "亿"), (1e4, "万")] if language == "zh" else [(1e9, " billion"), (1e6, " million")]
    if language == "zh" and unit.split(" ")[0] in _ONLY_TEN_THOUSANDS:
        steps = steps[1:]
    return next(((step, word) for step, word in steps if size >= step), (1.0, ""))


def _digits(size: float, scale: float, unit: str) -> int:
    if scale > 1:
        return 2
    is_counted = unit.split(" ")[0] in _ROUND_UNITS and not unit.startswith(_AREA_EACH)
    if is_counted or size >= 1000 or size == round(size):
        return 0
    return 2 if size >= 0.1 else min(8, 2 - math.floor(math.log10(size)))


def _signed(value: float, digits: int, sign: bool) -> str:
    written = f"{value:+,.{digits}f}" if sign else f"{value:,.{digits}f}"
    return written.lstrip("+-") if not any(letter in "123456789" for letter in written) else written


def _with_unit(written: str, unit: str, language: str) -> str:
    return text(f"{_UNIT}{unit}", language, number=written).strip()


def unit_name(unit: str) -> Phrase | str:
    """Return the unit alone, to stand right after a number."""
    return phrase(f"{_UNIT}{unit}", number="") if unit else ""


def date(day: datetime.date, language: str = "en") -> str:
    """Write a day: 2020年11月1日, 1 November 2020."""
    month = text("date.months", language).split(" ")[day.month - 1]
    return text("date.day", language, year=day.year, month=month, day=day.day)


def listing(parts: Iterable[str], language: str = "en") -> str:
    """Join words to a list: 甲、乙, a, b."""
    return text("list.separator", language).join(parts)


def did_you_mean(word: str, known: Iterable[str]) -> Phrase:
    """Return the hint for an unknown word: the nearest known ones, or the list of all when it is short."""
    names = list(dict.fromkeys(known))
    likeness = 0.5 if len(word) <= 3 else 0.6
    near = difflib.get_close_matches(word, names, n=3, cutoff=likeness) or _without_case(word, names)
    if near:
        return phrase("hint.did_you_mean", names=phrase_list(near))
    return phrase("hint.known", names=phrase_list(names)) if len(names) <= 12 else phrase("hint.look_it_up")


def _without_case(word: str, names: list[str]) -> list[str]:
    folded = {name.lower(): name for name in names}
    return [folded[name] for name in difflib.get_close_matches(word.lower(), folded, n=3, cutoff=0.6)]


def phrase_list(parts: Iterable[str]) -> Phrase:
    """Return a list of words that takes the separator of the reader's language."""
    items = list(parts)
    message = Phrase(listing(items, "en"))
    message.key, message.values = "list", {"parts": items}
    return message
