"""The levers of a study: instruments of policy with their range, ramp, cost and source, one row each in levers.csv."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from xiancheng.model.groups import GROUPS
from xiancheng.model.reading import (
    EVIDENCE,
    Findings,
    Row,
    as_written,
    no_duplicates,
    number,
    one_of,
    read_rows,
    read_table,
)
from xiancheng.study import Study
from xiancheng.texts import did_you_mean, phrase

FILE = "levers.csv"
_INDICATORS = "indicators.csv"

COLUMNS = (
    "id", "tier", "article", "in_text", "title_en", "title_zh", "meaning", "meaning_zh", "kind", "unit", "baseline",
    "low", "high", "ramp_years", "model_factor", "acts_on", "acts_on_zh", "own_indicator", "own_direction",
    "delay_years", "effect_low", "effect_central", "effect_high", "effect_unit", "unit_cost", "cost_unit",
    "running_cost", "running_cost_unit", "who_pays", "side_effects", "side_effects_zh", "evidence",
    "baseline_evidence", "cost_evidence", "cap_group", "scope", "source", "note", "note_zh",
)
OPTIONAL = ("bundle", "group", "default_scope")
"""Columns that a table may leave out: the bundle of the page that holds the lever, the group of a bundle of its own,
the places that the lever aims at."""
OWNER = "lever"
"""The column of another table that says which lever's folder a row was woven from."""
CHOICES = {
    "in_text": ("named", "implied", "beyond"),
    "kind": ("level", "price", "rate", "share", "strength", "switch", "target_2035"),
    "own_direction": ("+", "-", ""),
    "default_scope": (*GROUPS, ""),
    "evidence": EVIDENCE,
    "baseline_evidence": EVIDENCE,
    "cost_evidence": EVIDENCE,
}
_COSTS = (("unit_cost", "cost_unit"), ("running_cost", "running_cost_unit"))
REQUIRED = ("title_en", "title_zh", "meaning", "meaning_zh", "article", "unit", "acts_on", "acts_on_zh",
            "own_indicator", "side_effects", "side_effects_zh", "scope", "source")


@dataclass(frozen=True)
class Cost:
    """What one unit costs: `amount` [yuan] as written, and what it is paid for, `unit`."""

    amount: str
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


@dataclass(frozen=True)
class Lever:
    """An instrument a user may pull.

    Attributes:
        id: its name in scenario files; the model's variable bears it with spaces for underscores.
        baseline: value of 2025 [unit]; low and high bound the settings [unit].
        ramp_years: years it takes to go from low to high [years].
        model_factor: what one unit of the lever is in the unit of the model's variable.
        acts_on: how it acts; side_effects: what else it brings; note: what else is to be known. All by language.
        costs: what it costs once and every year, without what is 0.
        who_pays: those who pay it.
        bundle: the bundle of the page that holds it, "" for one of its own in `group`.
        default_scope: the group of places that it aims at, one of GROUPS.
    """

    id: str
    title: dict[str, str]
    meaning: dict[str, str]
    article: str
    unit: str
    baseline: float
    low: float
    high: float
    ramp_years: float
    model_factor: float
    own_indicator: str
    own_direction: str
    evidence: str
    scope: str
    source: str
    in_text: str
    kind: str
    acts_on: dict[str, str]
    side_effects: dict[str, str]
    note: dict[str, str]
    costs: tuple[Cost, ...]
    cost_evidence: str
    who_pays: tuple[str, ...]
    bundle: str
    group: str
    default_scope: str

    @property
    def variable(self) -> str:
        """The variable of the model that the lever sets."""
        return self.id.replace("_", " ")

    @property
    def is_beyond(self) -> bool:
        """Whether the text of the policy does not ask for it."""
        return self.in_text == CHOICES["in_text"][-1]

    @property
    def fastest(self) -> float:
        """The most the setting may change in a year [unit per year]; infinite without a ramp."""
        return (self.high - self.low) / self.ramp_years if self.ramp_years > 0 else math.inf


def read(study: Study) -> dict[str, Lever]:
    """Read scenarios/levers.csv.

    Returns:
        The levers by id, in the order of the file.

    Raises:
        StudyError: every problem of the file.
    """
    findings = Findings(str(study.scenarios / FILE))
    rows = read_rows(study.scenarios / FILE, COLUMNS, findings, OPTIONAL)
    no_duplicates(rows, ["id"], findings)
    levers = [lever_of(row, findings) for row in rows]
    _show_somewhere(rows, indicators(study), findings)
    findings.stop()
    return {lever.id: lever for lever in levers}


def indicators(study: Study) -> list[str] | None:
    """Return the ids of the study's catalogue of indicators, or None where it has none."""
    file = study.outputs / _INDICATORS
    if not file.is_file():
        return None
    return [row["id"] for row in read_table(file, ("id",), Findings(str(file)), bare=True)]


def _show_somewhere(rows: list[Row], indicators: Collection[str] | None, findings: Findings) -> None:
    """Note levers whose own indicator the study does not show."""
    if indicators is None:
        return
    for row in rows:
        if row["own_indicator"] and row["own_indicator"] not in indicators:
            sentence = phrase("lever.own_indicator", lever=row["id"], id=row["own_indicator"])
            hint = did_you_mean(row["own_indicator"], indicators)
            findings.add(sentence, phrase("lever.own_indicator_allowed"), hint, row.number)


def filled(row: Row, columns: tuple[str, ...], findings: Findings) -> None:
    """Note the columns of a row that are empty."""
    for column in columns:
        if not row[column]:
            empty, hint = phrase("table.cell_empty", column=column), phrase("table.needs_source")
            findings.add(empty, phrase("table.every_row"), hint, row.number)


def lever_of(row: Row, findings: Findings) -> Lever:
    """Return the lever of a row, noting what is wrong in it."""
    filled(row, REQUIRED, findings)
    for column, choices in CHOICES.items():
        one_of(row, column, choices, findings)
    low, baseline, high = (number(row, column, findings) for column in ("low", "baseline", "high"))
    if not low <= baseline <= high or low == high:
        order = phrase("lever.order", low=low, baseline=baseline, high=high)
        findings.add(order, "low <= baseline <= high, low < high", phrase("lever.order_hint"), row.number)
    return Lever(
        **{**as_written(row, Lever), "default_scope": row["default_scope"] or GROUPS[0]},
        title={"en": row["title_en"], "zh": row["title_zh"]},
        meaning=_both(row, "meaning"),
        acts_on=_both(row, "acts_on"),
        side_effects=_both(row, "side_effects"),
        note=_both(row, "note"),
        baseline=baseline,
        low=low,
        high=high,
        ramp_years=number(row, "ramp_years", findings, low=0.0),
        model_factor=number(row, "model_factor", findings),
        costs=tuple(Cost(row[cost], row[unit]) for cost, unit in _COSTS if row[cost] not in ("", "0")),
        who_pays=tuple(payer.strip() for payer in row["who_pays"].split(";") if payer.strip()),
    )


def _both(row: Row, column: str) -> dict[str, str]:
    """Return words by language; the Chinese ones stand in a column of their own."""
    return {"en": row[column], "zh": row[f"{column}_zh"]}
