"""The indicators of a study: definition, unit, direction, target and aggregation, one row each in indicators.csv."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from xiancheng.errors import Problem, StudyError
from xiancheng.model.clock import FOUR_DIGITS
from xiancheng.model.reading import EVIDENCE, Findings, Row, as_written, no_duplicates, number, one_of, read_rows
from xiancheng.scenarios import former
from xiancheng.scenarios.levers import OWNER
from xiancheng.study import Study
from xiancheng.texts import phrase, phrase_list

FILE = "indicators.csv"

COLUMNS = (
    "id", "headline", "article", "title_en", "title_zh", "definition", "definition_zh", "unit", "direction",
    "target_value", "target_year", "target_source", "target_evidence", "binding", "baseline_2020",
    "baseline_source", "aggregation", "levels", "resolution", "evidence", "note",
)
SUM = "sum"
RATIO = "ratio of sums"
SHARE = "share"
"""The unit of shares of 1."""
COUNT_SHARE = "count share"
MEAN = "population-weighted mean"
MINIMUM = "minimum"
THEIL = "Theil index"
P90_P10 = "P90/P10"
QUOTIENT = "quotient of ratios"
AGGREGATIONS = (SUM, RATIO, QUOTIENT, COUNT_SHARE, MEAN, MINIMUM, THEIL, P90_P10)
"""A ratio of sums adds up both its sides over places; a quotient of ratios divides one such ratio by another."""
COUNTY, SPREAD = "county", "province"
RESOLUTIONS = (COUNTY, SPREAD)
"""Measured or modelled by county, or a figure of the province spread evenly: no rank, map or equity index of it."""
PEAK, NEVER_RISING = "peak", "never rising"
"""Targets that are no number: the highest value lies before the end of the run; no year is above the one before."""
BINDING, ANTICIPATED = "binding", "anticipated"
"""Targets that the text of the policy fixes, and any other that is held against."""
LEVELS = ("place", "68", "prefecture", "province", "poles", "county", "circle")
LEAST_CHANGE = "least_change"
"""The column, which a table may leave out, of the least change that counts: an amount or per cent of the level."""
_REQUIRED = ("title_en", "title_zh", "definition", "definition_zh", "unit", "levels")


@dataclass(frozen=True)
class Indicator:
    """A result that is shown under a stable id.

    Attributes:
        id: its name in results, scenarios and links.
        headline: whether it stands in the first table.
        articles: the articles of the policy text that it speaks to.
        title: by language; definition likewise.
        unit: its unit.
        direction: "higher" or "lower" where that is better, else "neither".
        aggregation: how places make a total, one of AGGREGATIONS.
        levels: where it has a value, of LEVELS.
        resolution: of RESOLUTIONS.
        evidence: the mark of its value at the start.
        binding: BINDING or ANTICIPATED for an indicator with a target, else "".
        row: every column as written, by name.
    """

    id: str
    headline: bool
    articles: tuple[str, ...]
    title: Mapping[str, str]
    definition: Mapping[str, str]
    unit: str
    direction: str
    aggregation: str
    levels: tuple[str, ...]
    resolution: str
    evidence: str
    binding: str
    row: Mapping[str, str]


def read(study: Study) -> dict[str, Indicator]:
    """Read outputs/indicators.csv.

    Returns:
        The indicators by id, in the order of the file.

    Raises:
        StudyError: every problem of the file.
    """
    file = study.outputs / FILE
    findings = Findings(str(file))
    rows = read_rows(file, COLUMNS, findings, (OWNER, former.REPLACES, LEAST_CHANGE))
    no_duplicates(rows, ["id"], findings)
    indicators = [indicator_of(row, findings) for row in rows]
    findings.stop()
    return {indicator.id: indicator for indicator in indicators}


def find(study: Study, name: str) -> Indicator:
    """Return the indicator of that id.

    Raises:
        StudyError: no such indicator, with the nearest ids.
    """
    catalogue = read(study)
    if name not in catalogue:
        sentence, hint = former.unknown(former.read(study), name, catalogue)
        raise StudyError(Problem("", sentence, phrase("indicator.allowed"), hint))
    return catalogue[name]


def indicator_of(row: Row, findings: Findings) -> Indicator:
    """Return the indicator of a row, noting what is wrong in it."""
    for column in _REQUIRED:
        if not row[column]:
            empty, hint = phrase("table.cell_empty", column=column), phrase("table.both_languages")
            findings.add(empty, phrase("table.every_row"), hint, row.number)
    one_of(row, "headline", ("0", "1"), findings)
    one_of(row, "direction", ("higher", "lower", "neither"), findings)
    one_of(row, "aggregation", AGGREGATIONS, findings)
    one_of(row, "evidence", EVIDENCE, findings)
    one_of(row, "resolution", RESOLUTIONS, findings)
    if row["target_value"]:
        if row["target_value"] not in (PEAK, NEVER_RISING):
            low, high = (0.0, 1.0) if row["unit"] == SHARE else (-math.inf, math.inf)
            number(row, "target_value", findings, low=low, high=high)
        number(row, "target_year", findings, low=FOUR_DIGITS[0], high=FOUR_DIGITS[1])
        one_of(row, "target_evidence", EVIDENCE, findings)
    one_of(row, "binding", (BINDING, ANTICIPATED) if row["target_value"] else ("",), findings)
    levels = tuple(level.strip() for level in row["levels"].split(";"))
    for level in set(levels) - set(LEVELS):
        sentence, hint = phrase("table.is", column="levels", value=repr(level)), phrase("table.semicolon")
        findings.add(sentence, phrase_list(LEVELS), hint, row.number)
    return Indicator(
        **as_written(row, Indicator),
        headline=row["headline"] == "1",
        articles=tuple(part for part in row["article"].split(";") if part),
        title={"en": row["title_en"], "zh": row["title_zh"]},
        definition={"en": row["definition"], "zh": row["definition_zh"]},
        levels=levels,
        row=dict(row.fields),
    )
