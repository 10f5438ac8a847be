"""What the files of a lever's folder may say; the sentence for each field is the text `lever_field.NAME`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from xiancheng.scenarios.shape import Bilingual

Amount = int | float
"""A number as written: 2 stays 2 and 2.0 stays 2.0 in the tables."""
Words = str
"""Words; which of them a table takes is held by the reader of that table."""


class Strict(BaseModel):
    """No other fields, no number in quotation marks."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Effect(Strict):
    """How strong the lever is, or `mechanical` where arithmetic alone says so."""

    low: Amount | None = None
    central: Amount | None = None
    high: Amount | None = None
    unit: Words = "mechanical"


class Cost(Strict):
    """What a unit costs once and every year, and who pays."""

    unit_cost: Amount | None = None
    cost_unit: Words = "none"
    running_cost: Amount | None = None
    running_cost_unit: Words = "none"
    who_pays: Words
    evidence: Words


class LeverFile(Strict):
    """lever.toml."""

    order: int
    title: Bilingual
    meaning: Bilingual
    tier: int
    article: Words
    in_text: Words
    kind: Words
    unit: Words
    baseline: Amount
    low: Amount
    high: Amount
    ramp_years: Amount
    model_factor: Amount
    model_unit: Words
    part: Words
    elements: dict[str, list[str]] = Field(default_factory=dict)
    acts_on: Words
    delay_years: Amount
    own_indicator: Words
    own_direction: Words
    side_effects: Words
    scope: Words
    cap_group: Words = ""
    bundle: Words = ""
    group: Words = ""
    evidence: Words
    baseline_evidence: Words
    source: Words
    note: Words = ""
    effect: Effect = Effect()
    cost: Cost


class Target(Strict):
    """What an indicator is to reach."""

    value: Amount | Words
    year: int
    source: Words
    evidence: Words


class Formula(Strict):
    """How an indicator comes from the variables of the equations."""

    numerator: Words = ""
    reading: Words = ""
    of: Words = ""
    over: Words = ""
    weight: Words = ""
    scale: Amount | None = None
    only: Words = ""
    holds: Words = ""


class IndicatorEntry(Strict):
    """One table of indicators.toml."""

    article: Words
    title: Bilingual
    definition: Bilingual
    unit: Words
    direction: Words
    aggregation: Words
    levels: Words
    resolution: Words
    evidence: Words
    baseline_2020: Words = ""
    baseline_source: Words = ""
    note: Words = ""
    target: Target | None = None
    formula: Formula


class Case(Strict):
    """One case: what a setting of the lever, held at every place from 2026, does to an indicator by 2035."""

    says: Bilingual
    setting: Amount
    indicator: Words
    change: Literal["+", "-", "0", "halved"]
    least: Amount = 0
    reads: Literal["end", "sum"] = "end"
    area: Words = "province"
    purse: Literal["open", "empty"] = "open"


class CaseFile(Strict):
    """cases.toml."""

    case: list[Case] = Field(min_length=1)
