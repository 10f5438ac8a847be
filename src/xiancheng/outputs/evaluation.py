"""The board of the evaluation: the aims of the policy, and by which indicators each is read; no weights, no total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xarray as xr

from xiancheng.model import clock
from xiancheng.model.reading import Findings, Row, no_duplicates, read_rows
from xiancheng.outputs import indicators, places, targets
from xiancheng.scenarios import former
from xiancheng.scenarios.levers import filled
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, phrase

FILE = "evaluation.csv"
COLUMNS = ("aim", "title_en", "title_zh", "indicator")


@dataclass(frozen=True)
class Aim:
    """An aim: its title by language and the ids of its indicators."""

    id: str
    title: Mapping[str, str]
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class BoardLine:
    """An indicator of an aim in one area.

    Attributes:
        aim: id; indicator: id; title: its name; unit: its unit.
        years: the last year before the policy and the last of the run, as far as the run has them.
        first, last: values in these [unit].
        target: as people read it with its year, "" for none.
        leads: whether it is headline or has a target.
    """

    aim: str
    indicator: str
    title: str
    unit: str
    years: tuple[int, int]
    first: float
    last: float
    target: str
    leads: bool


def read(study: Study) -> tuple[Aim, ...]:
    """Return the aims in their order; none for a study without outputs/evaluation.csv.

    Raises:
        StudyError: the table is not as it must be.
    """
    if not (study.outputs / FILE).is_file():
        return ()
    rows, _ = _rows(study)
    first = {row["aim"]: row for row in reversed(rows)}
    return tuple(
        Aim(name, {language: first[name][f"title_{language}"] for language in LANGUAGES},
            tuple(row["indicator"] for row in rows if row["aim"] == name))
        for name in dict.fromkeys(row["aim"] for row in rows)
    )


def check(study: Study) -> None:
    """Hold the board against the indicators of the study.

    Raises:
        StudyError: every problem of the table.
    """
    if not (study.outputs / FILE).is_file():
        return
    rows, findings = _rows(study)
    no_duplicates(rows, ("aim", "indicator"), findings)
    titles = {aim.id: aim.title for aim in read(study)}
    catalogue, before = indicators.read(study), former.read(study)
    for row in rows:
        filled(row, COLUMNS, findings)
        if titles[row["aim"]] != {language: row[f"title_{language}"] for language in LANGUAGES}:
            findings.add(phrase("board.titles", aim=row["aim"]), phrase("board.titles_allowed"), "", row.number)
        if row["indicator"] not in catalogue:
            sentence, hint = former.unknown(before, row["indicator"], catalogue)
            findings.add(sentence, phrase("indicator.allowed"), hint, row.number)
    findings.stop()


def board(
    result: xr.Dataset, study: Study, language: str, level: str = places.PROVINCE, *, short: bool = False
) -> list[BoardLine]:
    """Return the lines of the board for an area that a run tells of, in the order of the aims.

    Args:
        result: a result with dims year and place.
        study: the study.
        language: of titles and targets.
        level: the area.
        short: only what is headline or has a target.
    """
    aims = read(study)
    catalogue = indicators.read(study)
    names = [name for name in dict.fromkeys(name for aim in aims for name in aim.indicators)
             if name in result and name in catalogue]
    table = places.table_of(result, names, (level,))[level] if names else xr.Dataset()
    years = _years(study, [int(year) for year in result["year"].values])
    return [
        line for aim in aims for name in aim.indicators if name in table
        for line in [_line(aim.id, catalogue[name], table[name].isel(area=0), years, language)]
        if line.leads or not short
    ]


def _years(study: Study, years: Sequence[int]) -> tuple[int, int]:
    before = clock.of(study).baseline
    return before if before in years else years[0], years[-1]


def _line(
    aim: str, indicator: indicators.Indicator, values: xr.DataArray, years: tuple[int, int], language: str
) -> BoardLine:
    row = indicator.row
    written = targets.written(row["target_value"], indicator.unit, language) if row["target_value"] else ""
    return BoardLine(
        aim, indicator.id, indicator.title[language], indicator.unit, years,
        float(values.sel(year=years[0])), float(values.sel(year=years[1])),
        f"{written} ({row['target_year']})" if written else "", indicator.headline or bool(written),
    )


def _rows(study: Study) -> tuple[list[Row], Findings]:
    findings = Findings(str(study.outputs / FILE))
    return read_rows(study.outputs / FILE, COLUMNS, findings), findings
