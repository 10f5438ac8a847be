"""What the file of a plan may say: aims, limits, duties, levers that may move, futures and the way of the search."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    model_validator,
)

from xiancheng import cells
from xiancheng.model.clock import Clock
from xiancheng.model.places import LIST, Places
from xiancheng.outputs import indicators
from xiancheng.planning import where
from xiancheng.scenarios import former, scenario
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.fields import Bilingual, bounded, each_once, lever_table, listed, named
from xiancheng.scenarios.files import STRESSES, of_folder
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.translator import Table, by_form, fault, written
from xiancheng.study import Study
from xiancheng.texts import phrase

HIGH, LOW = "high", "low"
MEAN, WORST = "mean", "worst"
ONE, TYPE, PLACE = "one", "type", "place"
GRADIENT, EVOLUTION = "gradient", "evolution"
BASELINE, NOTHING = "baseline", "nothing"
ALL = "all"
_SIDES = ("higher", "lower")
"""Directions in which a target can be met."""


def _places(words: Any, info: ValidationInfo[Places]) -> Any:
    """Hold words for places against the Places of the study, which are the context."""
    for problem in where.of(info.context, words)[1]:
        raise fault(*problem.sentences)
    return words


_WORDS = by_form(items=Annotated[list[str], MinLen(1), MaxLen(200)], word=str)
PlaceWords: Any = Annotated[_WORDS, AfterValidator(_places)]


def _members(word: Any) -> int | str:
    if not (word == ALL or (type(word) is int and word >= 0)):
        raise fault("scenario.wrong_type", value=written(word))
    return word  # type: ignore[no-any-return]


def _hold_for(word: Any) -> float | str:
    if not (word in (MEAN, WORST) or (type(word) in (int, float) and 0 < word <= 1)):
        raise fault("scenario.wrong_type", value=written(word))
    return word  # type: ignore[no-any-return]


Members = Annotated[int | str, PlainValidator(_members), WithJsonSchema(
    {"anyOf": [{"type": "integer", "minimum": 0}, {"const": ALL}]})]
HoldFor = Annotated[float | str, PlainValidator(_hold_for), WithJsonSchema(
    {"anyOf": [{"type": "number", "exclusiveMinimum": 0, "maximum": 1}, {"enum": [MEAN, WORST]}]})]


class Aim(Table):
    """What is made large or small: an indicator, or a sum of figures with weights of the user's own."""

    indicator: str
    year: int
    area: str = Field(LIST, description="plan.area")
    direction: Literal[HIGH, LOW] = Field(HIGH, description="plan.direction")  # type: ignore[valid-type]
    weight: Annotated[float, Gt(0)] = Field(1.0, description="plan.weight")


class Limit(Table):
    """What an answer has to keep."""

    indicator: str
    years: Any
    area: str | None = Field(None, description="plan.area")
    each_of: Any
    at_least: float | None = Field(None, description="plan.at_least")
    at_most: float | None = Field(None, description="plan.at_most")
    against: Literal[BASELINE, NOTHING] = Field(NOTHING, description="plan.against")  # type: ignore[valid-type]
    beyond_least_change: bool = Field(False, description="plan.beyond_least_change")

    @model_validator(mode="after")
    def _one_bound(self) -> Limit:
        if (self.at_least is None) == (self.at_most is None):
            raise fault(phrase("plan.one_bound"), phrase("plan.bound_allowed"))
        if self.area is not None and self.each_of is not None:
            raise fault(phrase("plan.area_or_each"), phrase("plan.area_or_each_allowed"))
        return self


class LeverMoves(Table):
    """Where, when and how far a lever may move."""

    years: list[int]
    places: Any
    by: Literal[ONE, TYPE, PLACE] = Field(ONE, description="plan.by")  # type: ignore[valid-type]
    low: float | None
    high: float | None

    @model_validator(mode="after")
    def _in_order(self) -> LeverMoves:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise fault("plan.order", "low < high", low=self.low, high=self.high)
        return self


class FuturesTable(Table):
    """What an answer has to stand."""

    stresses: list[str]
    members: Members = Field(0, description="plan.members")
    hold_for: HoldFor = Field(MEAN, description="plan.hold_for")


class SearchTable(Table):
    """The way of the search."""

    method: Literal[GRADIENT, EVOLUTION] = Field(GRADIENT, description="plan.method")  # type: ignore[valid-type]
    starts: Annotated[int, Ge(1), Le(100)] = Field(2, description="plan.starts")
    steps: Annotated[int, Ge(1), Le(10_000)] = Field(30, description="plan.steps")
    points: Annotated[int, Ge(4), Le(1_000)] = Field(24, description="plan.points")
    seed: Annotated[int, Ge(0), Le(2**32 - 1)] = Field(1, description="plan.seed")
    front: bool = Field(False, description="plan.front")


class PlanDocument(Table):
    """The keys of the file of a plan."""

    title: Bilingual = Field(description="document.title")
    sentence: Bilingual = Field(description="document.sentence")
    base: str
    duties: list[str]
    aims: list[Aim]
    limits: list[Limit]
    levers: dict[str, LeverMoves]
    futures: FuturesTable
    search: SearchTable

    @model_validator(mode="after")
    def _two_for_a_front(self) -> PlanDocument:
        if self.search.front and (len(self.aims) != 2 or self.search.method != EVOLUTION):
            raise fault(phrase("plan.front_two"), phrase("plan.front_allowed"), at=("search", "front"))
        return self


def document_type(study: Study, book: Book, values: Mapping[str, Any]) -> type[PlanDocument]:
    """Return the model of a plan of a study.

    Args:
        study: the study.
        book: its levers, assumptions, places and years.
        values: a document; levers that it does not name have no part in its model.
    """
    catalogue = indicators.read(study)
    indicator_id: Any = listed(catalogue, "indicator.unknown", "indicator.allowed", former.read(study))
    with_target = [name for name, indicator in catalogue.items() if indicator.direction in _SIDES
                   and cells.number(indicator.row["target_value"]) is not None and indicator.row["target_year"]]
    duties: Any = each_once(listed(with_target, "plan.duty_unknown", "plan.duty_allowed"))
    base = listed(scenario.files(study), "sweep.scenario_unknown", "scenario.allowed")
    year = _year(book.clock)
    aim = create_model("Aim", __base__=Aim, indicator=(indicator_id, Field(description="plan.indicator")),
                       year=(year, Field(description="plan.year")))
    every: Any = list[year]  # type: ignore[valid-type]
    years = by_form(items=Annotated[every, MinLen(1)], word=Literal["all"])
    limit = create_model("Limit", __base__=Limit, indicator=(indicator_id, Field(description="plan.indicator")),
                         years=(years, Field(description="plan.years")),
                         each_of=(PlaceWords | None, Field(None, description="plan.each_of")))
    kinds = {name: _lever(book.levers[name], year) for name in named(values, "levers", book.levers)}
    levers: Any = Annotated[lever_table(kinds, book), AfterValidator(_some)]
    aims: Any = Annotated[list[aim], MinLen(1)]  # type: ignore[valid-type]
    limits: Any = list[limit]  # type: ignore[valid-type]
    return create_model(
        "Plan", __base__=PlanDocument,
        base=(base, Field(scenario.BASELINE, description="plan.base")),
        duties=(duties, Field(default_factory=list, description="plan.duties")),
        aims=(aims, Field(description="plan.aims")),
        limits=(limits, Field(default_factory=list, description="plan.limits")),
        levers=(levers, Field(description="plan.levers")),
        search=(SearchTable, Field(default_factory=dict, validate_default=True, description="plan.search")),
        futures=(_futures(study), Field(default_factory=dict, validate_default=True, description="plan.futures")),
    )


def _some(table: Any) -> Any:
    if not table:
        raise fault(phrase("plan.no_levers"), phrase("plan.levers"))
    return table


def _year(clock: Clock) -> Any:
    return Annotated[int, Ge(clock.first_setting), Le(clock.last)]


def _lever(lever: Lever, year: Any) -> Any:
    size = bounded(lever.low, lever.high, lever.unit)
    return create_model(
        "LeverMoves", __base__=LeverMoves,
        years=(Annotated[list[year], MinLen(1), MaxLen(20)], Field(description="plan.points_years")),
        places=(PlaceWords, Field(ALL, description="plan.places")),
        low=(size | None, Field(None, description="plan.low")),
        high=(size | None, Field(None, description="plan.high")),
    )


def _futures(study: Study) -> type[FuturesTable]:
    stresses = each_once(listed(of_folder(study, STRESSES), "sweep.scenario_unknown", "sweep.stresses"))
    return create_model("Futures", __base__=FuturesTable,
                        stresses=(stresses, Field(default_factory=list, description="plan.stresses")))
