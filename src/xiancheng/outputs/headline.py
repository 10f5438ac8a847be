"""The first table: a few indicators for the listed places and the province, every five years."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiancheng.outputs import indicators, places, views
from xiancheng.study import Study
from xiancheng.texts import PERCENT_UNITS, number, sentence, text

if TYPE_CHECKING:
    import xarray as xr

STEP = 5


@dataclass(frozen=True)
class HeadlineRow:
    """One indicator in one area over some years, a share with the number behind it.

    Attributes:
        area: id of the area; name: its name.
        indicator: id; title: its name.
        unit: its unit.
        values: by year, in the unit.
        evidence: mark at the start, and the weakest mark of what later years rest on.
        behind: of a share, how many it is in the last year [unit of `behind_unit`]; missing for all else.
        behind_unit: unit of that number.
    """

    area: str
    name: str
    indicator: str
    title: str
    unit: str
    values: dict[int, float]
    evidence: tuple[str, str]
    behind: float = float("nan")
    behind_unit: str = ""

    def written(self, language: str) -> list[str]:
        """Return the values as people read them, without the unit that stands beside them."""
        return [bare(value, self.unit, language) for value in self.values.values()]


def bare(value: float, unit: str, language: str) -> str:
    """Return a number as people read it, to stand beside a column with its unit.

    Args:
        value: the value, in `unit`.
        unit: its unit.
        language: "zh" or "en".
    """
    written = number(value, unit, language, digits=1 if unit.startswith("per 1,000") else None)
    before, _, after = number_words(unit, language)
    return written.removeprefix(before).removesuffix(after)


def number_words(unit: str, language: str) -> tuple[str, str, str]:
    """Return what stands before and after a number with that unit: ("每年", "0", "人")."""
    return text(f"unit.{unit}", language, number="0").partition("0")


def unit_column(unit: str, language: str) -> str:
    """Return a unit as it stands in a column of its own."""
    if (words := sentence(f"unit_column.{unit}", language)) is not None:
        return words
    before, _, after = number_words(unit, language)
    words = f"{before}{after}".strip()
    return words[1:-1] if words[:1] in ("(", "（") else words


def axis_scale(values: Sequence[float], unit: str, language: str) -> tuple[float, str]:
    """Return what values are divided by on an axis, and the unit that stands beside it.

    Args:
        values: all values that the axis has to hold [unit].
        unit: a unit of the tables.
        language: "zh" or "en".
    """
    sizes = [abs(value) for value in values if math.isfinite(value)]
    largest = max(sizes, default=0.0)
    if unit in PERCENT_UNITS:
        return 0.01, "%"
    words = unit_column(unit, language)
    steps = [(1e8, "亿"), (1e4, "万")] if language == "zh" else [(1e9, "billion"), (1e6, "million"), (1e3, "thousand")]
    if unit.split(" ")[0] in ("persons", "births", "m2") and language == "zh":
        steps = steps[1:]
    for step, word in steps:
        if largest >= step:
            return step, text("chart.scaled", language, word=word, unit=words)
    return 1.0, words


def years(start: int, end: int) -> list[int]:
    """Return the years of the table: every five from the start, and the last."""
    return sorted({*range(start, end + 1, STEP), end})


def lines(result: xr.Dataset, language: str, names: Sequence[str]) -> list[HeadlineRow]:
    """Return the lines of a table, the listed places first, then the province.

    Args:
        result: a result with dims year and place.
        language: of names and titles.
        names: indicators, in order.
    """
    start, end = int(result.attrs["start"]), int(result.attrs["end"])
    columns = years(start, end)
    tables = places.table_of(result, names, (places.LIST, places.PROVINCE))
    areas = [table.isel(area=0) for table in tables.values()]
    return [_line(area, name, columns, language) for area in areas for name in names if name in area]


def shown(result: xr.Dataset, study: Study) -> list[str]:
    """Return the indicators of the first table: those of its views and the headlines of the catalogue.

    What a census counts is left out where it equals residents.
    """
    first, few = views.of(study, "first_table"), views.of(study, "short")
    catalogue = indicators.read(study)
    headlines = [str(name) for name in result.data_vars if name in catalogue and catalogue[str(name)].headline]
    present = [name for name in dict.fromkeys([*first, *few, *headlines]) if name in result]
    again = repeated(result.isel(year=0), study)
    return [name for name in present if name not in again]


def repeated(data: xr.Dataset, study: Study) -> tuple[str, ...]:
    """Return the indicators of what a census counts, where they say no more than residents do."""
    people, counted = views.leading(study, "people"), views.of(study, "counted")
    if not counted or counted[0] not in data or people not in data:
        return ()
    return counted if bool((abs(data[counted[0]] - data[people]) < 1).all()) else ()


def short(lines: Sequence[HeadlineRow], few: Sequence[str]) -> list[HeadlineRow]:
    """Return the lines that fit one screen: those of a few indicators, or all where there are not many."""
    chosen = [line for line in lines if line.indicator in few]
    return chosen if len({line.indicator for line in lines}) > len(few) else list(lines)


def _line(table: xr.Dataset, name: str, columns: list[int], language: str) -> HeadlineRow:
    values = table[name]
    attributes = values.attrs
    behind = places.behind(table, name)
    numbers = dict(zip(values["year"].values.tolist(), values.values.tolist(), strict=True))
    return HeadlineRow(
        area=str(values["area"].item()),
        name=str(values[f"name_{language}"].item()),
        indicator=name,
        title=str(attributes[f"title_{language}"]),
        unit=str(attributes["units"]),
        values={year: float(numbers[year]) for year in columns if year in numbers},
        evidence=(str(attributes["evidence_at_start"]), str(attributes["evidence"])),
        behind=float(behind.isel(year=-1)) if behind is not None else float("nan"),
        behind_unit=str(behind.attrs["units"]) if behind is not None else "",
    )
