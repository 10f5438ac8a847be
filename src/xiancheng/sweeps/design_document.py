"""What the file of a design may say: its keys, and for a study its scenarios, indicators, years and factors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MinLen
from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, create_model, model_validator

from xiancheng.calibration import whole_members
from xiancheng.model import clock as clocks
from xiancheng.model import members
from xiancheng.model.build import TIME_STEPS, starts
from xiancheng.model.clock import Clock
from xiancheng.model.places import PLACE
from xiancheng.outputs import headline, indicators, places
from xiancheng.scenarios import former, scenario
from xiancheng.scenarios.fields import Bilingual, each_once, listed
from xiancheng.scenarios.files import STRESSES, of_folder
from xiancheng.scenarios.translator import Table, by_form, fault, written
from xiancheng.study import Study
from xiancheng.sweeps import draw
from xiancheng.texts import phrase, phrase_list

AREAS = (*places.LEVELS, PLACE)
"""What may be kept of each run: totals of the list, of prefectures, of the province, and every place."""
PRECISIONS = ("float64", "float32")
MOST_POINTS = 10_000_000
Everything = Literal["all"]
_MEMBERS = WithJsonSchema({"anyOf": [
    {"type": "integer", "minimum": 0}, {"type": "array", "items": {"type": "integer"}}, {"const": "all"},
    {"type": "string", "pattern": "^(whole|people)(:([0-9]+|all))?$"}]})


def _step(step: float) -> float:
    if step not in TIME_STEPS:
        raise fault(phrase("run.step_wrong", step=written(step)), phrase_list(f"{size:g}" for size in TIME_STEPS))
    return step


_STEP = Annotated[float, AfterValidator(_step), WithJsonSchema({"enum": list(TIME_STEPS)})]


@dataclass(frozen=True)
class ChosenMembers:
    """Members of a design: their kind, of whole_members.KINDS, and their numbers, none for no members."""

    kind: str = whole_members.PEOPLE
    numbers: tuple[int, ...] = ()


class Sampling(Table):
    """How points are drawn."""

    sampler: Literal[draw.SAMPLERS] = Field(draw.SOBOL, description="design.sampler")  # type: ignore[valid-type]
    n: Annotated[int, Ge(1), Le(MOST_POINTS)] | None = Field(None, description="design.n")
    seed: Annotated[int, Ge(0), Le(2**32 - 1)] = Field(1, description="design.seed")
    levels: Annotated[int, Ge(2), Le(64)] = Field(4, description="design.levels")

    @model_validator(mode="after")
    def _together(self) -> Sampling:
        if self.n is None and self.sampler != draw.FACTORIAL:
            raise fault("scenario.key_missing", at=("n",))
        if self.sampler == draw.SALTELLI and self.count & (self.count - 1):
            raise fault(phrase("sweep.n_power", n=self.n), phrase("sweep.n_power_allowed"), at=("n",))
        if self.sampler == draw.MORRIS and self.levels % 2:
            raise fault(phrase("sweep.levels_odd", levels=self.levels), "4, 6, 8 …", at=("levels",))
        return self

    @property
    def count(self) -> int:
        """Points, base points or trajectories; one where the sampler takes none."""
        return 1 if self.n is None else self.n


class Runs(Table):
    """What every point runs under."""

    scenarios: list[str]
    stresses: list[str] | Everything
    members: ChosenMembers
    start: int
    end: int
    time_step: float | None
    block: Annotated[int, Ge(1), Le(4096)] = Field(64, description="design.block")
    precision: Literal[PRECISIONS] = Field(PRECISIONS[0], description="design.precision")  # type: ignore[valid-type]


class Output(Table):
    """What is kept of each run."""

    indicators: list[str] | Everything
    years: list[int] | Everything
    places: each_once(Literal[AREAS], 1) = Field(  # type: ignore[valid-type]
        list(places.LEVELS), description="design.places")
    quantiles: list[Annotated[float, Ge(0), Le(1)]] = Field([0.1, 0.5, 0.9], description="design.quantiles")


class DesignDocument(Table):
    """The keys of the file of a design."""

    title: Bilingual = Field(description="document.title")
    sentence: Bilingual = Field(description="document.sentence")
    sampling: Sampling = Field(description="design.sampling")
    runs: Runs
    output: Output
    constants: dict[str, Any]
    assumptions: dict[str, Any]
    levers: dict[str, Any]


@dataclass(frozen=True)
class Span:
    """The first and last year of the runs of a design, as far as its file says them rightly."""

    start: int
    end: int

    @classmethod
    def of(cls, values: Mapping[str, Any], clock: Clock) -> Span:
        """Return the span that [runs] names, the usual one where it does not."""
        runs = values.get("runs")
        named = {name: year for name, year in runs.items() if type(year) is int} if isinstance(runs, Mapping) else {}
        start, end = min(named.get("start", clock.start), clock.last - 1), named.get("end", clock.end)
        return cls(start, min(max(end, start + 1), clock.last))


def document_type(study: Study, span: Span, factors: Mapping[str, Any]) -> type[DesignDocument]:
    """Return the model of a design of a study.

    Args:
        study: the study.
        span: the years of its runs.
        factors: types of the tables [constants], [assumptions] and [levers].
    """
    tables: dict[str, Any] = {
        "runs": (_runs(study, span), Field(default_factory=dict, validate_default=True, description="design.runs")),
        "output": (_output(study, span), Field(default_factory=dict, validate_default=True,
                                               description="design.output")),
        **{name: (kind, Field(default_factory=dict, description=f"design.{name}")) for name, kind in factors.items()},
    }
    return create_model("Design", __base__=DesignDocument, **tables)


def _runs(study: Study, span: Span) -> type[Runs]:
    clock = clocks.of(study)
    ids = [*scenario.files(study), *scenario.other_ids(study)]
    under = each_once(listed(ids, "sweep.scenario_unknown", "scenario.allowed"), 1)
    stresses = each_once(listed(of_folder(study, STRESSES), "sweep.scenario_unknown", "sweep.stresses"))
    drawn = Annotated[Any, PlainValidator(lambda wish: _members(study, wish)), _MEMBERS]
    return create_model(
        "Runs", __base__=Runs,
        scenarios=(under, Field([scenario.BASELINE], description="design.scenarios")),
        stresses=(by_form(items=stresses, word=Everything), Field([], description="design.stresses")),
        members=(drawn, Field(ChosenMembers(), description="design.members")),
        start=(_start(study), Field(clock.start, description="design.start")),
        end=(Annotated[int, Ge(span.start + 1), Le(clock.last)], Field(clock.end, description="design.end")),
        time_step=(_STEP | None, Field(None, description="design.time_step")),
    )


def _members(study: Study, wish: Any) -> ChosenMembers:
    """Return the members that a design asks for: so many, those of a list, "all", "people", "people:5"; none for 0."""
    if type(wish) is int and wish == 0:
        return ChosenMembers()
    kind, rest = _kind(study, wish)
    is_whole = kind == whole_members.WHOLE
    numbers = tuple(range(1, whole_members.stored(study) + 1)) if is_whole else tuple(members.read(study))
    if isinstance(rest, str) and rest == "all":
        return ChosenMembers(kind, numbers)
    if type(rest) is int and 0 < rest <= len(numbers):
        return ChosenMembers(kind, numbers[:rest])
    if isinstance(rest, list) and rest and all(type(number) is int and number in numbers for number in rest):
        return ChosenMembers(kind, tuple(dict.fromkeys(rest)))
    raise fault("scenario.wrong_type", phrase("sweep.members_allowed", count=len(numbers)), value=written(wish))


def _kind(study: Study, wish: Any) -> tuple[str, Any]:
    """Return the kind of members that a wish names, else the usual one, and what it says of their number."""
    kind, _, rest = wish.partition(":") if isinstance(wish, str) else ("", "", "")
    if kind not in whole_members.KINDS:
        return whole_members.usual(study), wish
    return kind, int(rest) if rest.isdigit() else rest or "all"


def _start(study: Study) -> Any:
    census = starts(study)

    def check(year: int) -> int:
        if year not in census:
            allowed = phrase("run.start_allowed", starts=phrase_list(str(year) for year in census))
            raise fault(phrase("run.start_unknown", start=year), allowed)
        return year

    return Annotated[int, AfterValidator(check), WithJsonSchema({"enum": census})]


def _output(study: Study, span: Span) -> type[Output]:
    catalogue = indicators.read(study)
    usual = [name for name, indicator in catalogue.items() if indicator.headline]
    ids = each_once(listed(catalogue, "indicator.unknown", "indicator.allowed", former.read(study)), 1)
    years = Annotated[list[Annotated[int, Ge(span.start), Le(span.end)]], MinLen(1)]
    return create_model(
        "Output", __base__=Output,
        indicators=(by_form(items=ids, word=Everything), Field(usual, description="design.indicators")),
        years=(by_form(items=years, word=Everything),
               Field(headline.years(span.start, span.end), description="design.years")),
    )
