"""Finding units by what people call them: codes, Chinese or English names of today, names of 2010."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from xiancheng.model.census_units import CensusUnit
from xiancheng.model.reading import Findings, read_text
from xiancheng.texts import phrase, phrase_list

_COMMENT = "#"
_KIND_WORDS = ("county", "city", "district")


def read_list(path: Path, units: Sequence[CensusUnit]) -> tuple[CensusUnit, ...]:
    """Read a list of county-level units, one a line, in the order of their codes.

    A line holds a code, a name in Chinese or English, or a name of 2010; what follows a comma or `#` is left aside.

    Raises:
        StudyError: the list cannot be read, or a line names no unit, several, a development zone or a unit twice.
    """
    findings = Findings(str(path))
    positions: dict[str, int] = {}
    for row, line in enumerate(read_text(path, findings).splitlines(), start=1):
        word = line.split(_COMMENT)[0].split(",")[0].strip()
        if word:
            _note(word, row, units, positions, findings)
    if not positions:
        findings.add(phrase("unit_list.none"), phrase("unit_list.form"), phrase("unit_list.look"))
    findings.stop()
    return tuple(unit for unit in units if unit.code in positions)


def _note(word: str, row: int, units: Sequence[CensusUnit], positions: dict[str, int], findings: Findings) -> None:
    matches = find(word, units)
    if len(matches) != 1:
        _note_unclear(word, row, matches, units, findings)
        return
    unit = matches[0]
    if unit.kind == "development_zone":
        zone = phrase("unit_list.zone", word=word)
        findings.add(zone, phrase("unit_list.kinds"), phrase("unit_list.zone_hint"), row)
    elif unit.code in positions:
        again = phrase("table.twice", names=f"{word} ({unit.code})", row=positions[unit.code])
        findings.add(again, phrase("table.once"), phrase("table.take_out"), row)
    else:
        positions[unit.code] = row


def _note_unclear(
    word: str, row: int, matches: Sequence[CensusUnit], units: Sequence[CensusUnit], findings: Findings
) -> None:
    if matches:
        choices = ", ".join(f"{unit.code} ({unit.prefecture_zh}{unit.name_zh})" for unit in matches)
        several = phrase("unit_list.several", word=word, count=len(matches))
        findings.add(several, choices, phrase("unit_list.write_code"), row)
        return
    names = [name for unit in units for name in (unit.name_zh, unit.name_en, unit.code)]
    near = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    hint = phrase("hint.did_you_mean", names=phrase_list(near)) if near else phrase("unit_list.look")
    findings.add(phrase("unit_list.unknown", word=word), phrase("unit_list.allowed"), hint, row)


def find(word: str, units: Sequence[CensusUnit]) -> tuple[CensusUnit, ...]:
    """Return the units a word may mean: by code or element, else by a name of today, else by a name of 2010."""
    key = _plain(word)
    for names in (_codes, _names, _old_names):
        matches = tuple(unit for unit in units if key in map(_plain, names(unit)))
        if matches:
            return matches
    return ()


def _codes(unit: CensusUnit) -> tuple[str, ...]:
    return unit.code, f"p{unit.code}"


def _names(unit: CensusUnit) -> tuple[str, ...]:
    short_prefecture = unit.prefecture_zh.removesuffix("市")
    return (
        unit.name_zh,
        f"{unit.prefecture_zh}{unit.name_zh}",
        f"{short_prefecture}{unit.name_zh}",
        unit.name_en,
        unit.name_en.split(" (")[0],
    )


def _old_names(unit: CensusUnit) -> tuple[str, ...]:
    return tuple(unit.old_names.split("+")) if unit.old_names else ()


def _plain(name: str) -> str:
    words = name.lower().replace("'", "").split()
    if len(words) > 1 and words[-1] in _KIND_WORDS:
        words = words[:-1]
    return "".join(words)
