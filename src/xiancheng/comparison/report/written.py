"""Cells and sentences that the parts share."""

from __future__ import annotations

from xiancheng import __version__
from xiancheng.comparison import words
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import SAME, Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report.document import Cell
from xiancheng.comparison.runs import BASELINE
from xiancheng.texts import MISSING, text

ARROWS = {"better": "▲", "worse": "▼", "same": "●", "different": "◆"}


def level(band: Band, unit: str, language: str) -> Cell:
    """Return the cell of a level: the median, with the number behind it."""
    return Cell(words.level(band.median, unit, language), _number(band.median), unit)


def change(line: Line, language: str) -> Cell:
    """Return the cell of a change: an arrow, the median, and the band in brackets."""
    return moved(line.change, line.unit, language, ARROWS[line.verdict])


def moved(band: Band, unit: str, language: str, arrow: str = "") -> Cell:
    """Return the cell of a change with its band.

    Args:
        band: the change [unit].
        unit: its unit.
        language: "zh" or "en".
        arrow: what stands before it.
    """
    if not band.members:
        return Cell(MISSING)
    written = words.change(band.median, unit, language)
    ends = words.band(band, unit, language) if band.median != 0 or band.is_apart_from_zero else ""
    sentence = f"{arrow} {written}".strip()
    return Cell(text("compare.with_range", language, value=sentence, range=ends) if ends else sentence,
                _number(band.median), unit)


def bare(cell: Cell, language: str) -> Cell:
    """Return a cell without the unit in its words, to stand beside a column with it."""
    return Cell(words.bare(cell.words, cell.unit, language), cell.value, cell.unit)


def plain(value: float, unit: str, language: str) -> Cell:
    """Return the cell of a number with its unit."""
    return Cell(words.level(value, unit, language), _number(value), unit)


def share(value: float, language: str) -> Cell:
    """Return the cell of a share of members."""
    return Cell(words.percent(value, language), _number(value), "share")


def _number(value: float) -> float | None:
    return float(value) if value == value else None


def named(comparison: Comparison, scenario: str, language: str) -> str:
    """Return a scenario as the report calls it: its letter and title, or the title of the baseline."""
    title = comparison.title(scenario, language)
    return title if scenario == BASELINE else f"{scenario} {title}"


def area_name(comparison: Comparison, area: str, language: str) -> str:
    """Return the name of an area."""
    return str(comparison.areas[f"name_{language}"].sel(area=area).item())


def stress_name(comparison: Comparison, stress: str, language: str) -> str:
    """Return the name of the reference or of a stress."""
    titles = {stress.id: stress.title for stress in comparison.request.stresses}
    return str(titles[stress].get(language, stress)) if stress in titles else text("compare.reference", language)


def prices(comparison: Comparison, language: str) -> str:
    """Return in which prices money is told."""
    year = comparison.accounts.clock.prices
    return text("money.prices", language, year=year) if year else text("money.prices_of_year", language)


def claim(line: Line, language: str) -> str:
    """Return a change as a short sentence: indicator, change and band."""
    if line.verdict == SAME:
        return text("compare.claim_same", language, title=line.title(language))
    return text("compare.claim", language, title=line.title(language), change=change(line, language).words)


def in_billions(value: float, language: str, *, sign: bool = False) -> str:
    """Return money in one scale that whole tables share, so that their lines add up to the eye.

    Args:
        value: yuan.
        language: "zh" for 亿元, else billion yuan; the unit stands in the head.
        sign: whether a plus is written.
    """
    scale, digits = (1e8, 2) if language == "zh" else (1e9, 3)
    written = f"{value / scale:+,.{digits}f}" if sign else f"{value / scale:,.{digits}f}"
    return written if any(letter in "123456789" for letter in written) else written.lstrip("+-")


def version(comparison: Comparison, language: str) -> str:
    """Return which program, equations and data made a comparison."""
    study = comparison.study
    return text("report.version", language, program=__version__, model=study.equations_hash[:8],
                data=study.data_hash[:8])
