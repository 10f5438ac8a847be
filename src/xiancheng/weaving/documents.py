"""What the files of a lever's folder may say; the sentence for each field is the text `lever_field.NAME`."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from xiancheng.model.groups import GROUPS
from xiancheng.outputs.indicators import ANTICIPATED
from xiancheng.scenarios.fields import Bilingual
from xiancheng.scenarios.translator import Table

Amount = int | float
"""A number as written: 2 stays 2 and 2.0 stays 2.0 in the tables."""
Words = str
"""Words; which of them a table takes is held by the reader of that table."""


class Described(Table):
    """A table whose fields are explained by the texts `PREFIX.FIELD`."""

    prefix: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **rest: Any) -> None:
        """Name the text of each field."""
        super().__pydantic_init_subclass__(**rest)
        for name, field in cls.model_fields.items():
            field.description = f"{cls.prefix}.{name}"


class Effect(Described):
    """How strong the lever is, or `mechanical` where arithmetic alone says so."""

    prefix: ClassVar[str] = "lever_field.effect"

    low: Amount | None = None
    central: Amount | None = None
    high: Amount | None = None
    unit: Words = "mechanical"


class CostFields(Described):
    """What a unit costs once and every year, and who pays."""

    prefix: ClassVar[str] = "lever_field.cost"

    unit_cost: Amount | None = None
    cost_unit: Words = "none"
    running_cost: Amount | None = None
    running_cost_unit: Words = "none"
    who_pays: Words
    evidence: Words


class LeverFile(Described):
    """lever.toml."""

    prefix: ClassVar[str] = "lever_field"

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
    acts_on: Bilingual
    delay_years: Amount
    own_indicator: Words
    own_direction: Words
    side_effects: Bilingual
    scope: Words
    default_scope: Words = GROUPS[0]
    cap_group: Words = ""
    bundle: Words = ""
    group: Words = ""
    evidence: Words
    baseline_evidence: Words
    source: Words
    note: Bilingual | None = None
    effect: Effect = Effect()
    cost: CostFields


class TargetFields(Described):
    """What an indicator is to reach."""

    prefix: ClassVar[str] = "indicator_field.target"

    value: Amount | Words
    year: int
    source: Words
    evidence: Words
    binding: Words = ANTICIPATED


class FormulaFields(Described):
    """How an indicator comes from the variables of the equations."""

    prefix: ClassVar[str] = "indicator_field.formula"

    numerator: Words = ""
    reading: Words = ""
    of: Words = ""
    over: Words = ""
    weight: Words = ""
    scale: Amount | None = None
    only: Words = ""
    holds: Words = ""


class IndicatorEntry(Described):
    """One table of indicators.toml."""

    prefix: ClassVar[str] = "indicator_field"

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
    headline: Literal[0, 1] = 0
    replaces: Words = ""
    least_change: Words = ""
    target: TargetFields | None = None
    formula: FormulaFields


class Case(Described):
    """One case: what a setting of the lever, held at every place from 2026, does to an indicator by 2035."""

    prefix: ClassVar[str] = "case_field"

    says: Bilingual
    setting: Amount
    indicator: Words
    change: Literal["+", "-", "0", "halved"]
    least: Amount = 0
    reads: Literal["end", "sum"] = "end"
    area: Words = "province"
    purse: Literal["open", "empty"] = "open"


class CaseFile(Described):
    """cases.toml."""

    prefix: ClassVar[str] = "case_field"

    case: list[Case] = Field(min_length=1)


FILES: dict[str, Any] = {"lever": LeverFile, "indicators": dict[str, IndicatorEntry], "cases": CaseFile}
"""What each document of a lever's folder may say, by the name of its file without `.toml`."""
