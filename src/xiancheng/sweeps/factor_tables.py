"""The tables [constants], [assumptions] and [levers] of a design: what they may say, and the factors that they make."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Gt, Le, MinLen, Unit
from pydantic import Field, PlainValidator, WithJsonSchema, create_model, model_validator

from xiancheng.calibration import priors
from xiancheng.engine.source import key
from xiancheng.errors import StudyError
from xiancheng.model import catalogue, constants, members
from xiancheng.model.catalogue import Variable
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.fields import (
    PlaceWord,
    Words,
    assumption_table,
    each_once,
    lever_table,
    named,
    named_column,
    province_wide,
    scoped,
)
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.translator import Names, Table, by_form, by_kind, fault, table_of, written
from xiancheng.study import Study
from xiancheng.sweeps import factor_names
from xiancheng.sweeps.design_document import DesignDocument
from xiancheng.sweeps.factors import ASSUMPTION, CONSTANT, DISTRIBUTIONS, LEVER, Factor
from xiancheng.texts import catalogue as sentences
from xiancheng.texts import phrase, phrase_list, text

ORIGINS = ("table", "prior")
_USUAL = "uniform"
_LEAST = 1e-300
ANYTHING = "*"
"""Stands for an entry of a document where every entry that may stand there is meant."""


class Spread(Table):
    """A distribution with its numbers."""

    distribution: str

    @property
    def numbers(self) -> dict[str, float]:
        """The numbers of the distribution [unit of what is drawn]."""
        return {name: float(getattr(self, name)) for name in DISTRIBUTIONS[self.distribution]}

    @model_validator(mode="after")
    def _in_order(self) -> Spread:
        numbers = self.numbers
        ends = [numbers[name] for name in ("low", "mode", "high") if name in numbers]
        if ends and (ends != sorted(ends) or ends[0] == ends[-1]):
            words = ", ".join(f"{name} {value:g}" for name, value in numbers.items())
            raise fault("sweep.order", "low < high", numbers=words)
        return self


class DatedSpread(Spread):
    """What an assumption reaches in a calendar year."""

    year: int


class PlacedSpread(DatedSpread):
    """What a lever reaches in a calendar year at some places."""

    places: str | int | list[str | int]


class Origin(Table):
    """A constant that is drawn as the tables of the study or its prior say."""

    spread: Annotated[tuple[str, Mapping[str, float]], WithJsonSchema({"enum": list(ORIGINS)})] = Field(
        alias="from", description="design.from")


class Choices(Table):
    """An assumption that takes one of its named paths."""

    choices: list[str]


@dataclass(frozen=True)
class FactorTables:
    """What the factors of a design may name.

    Attributes:
        study: the study.
        book: its levers, assumptions and places.
        constants: by id.
        drawn: names of the constants that come with the members of the posterior.
        possible: the least and the most that each constant can be [its unit], by id.
    """

    study: Study
    book: Book
    constants: Mapping[str, Variable]
    drawn: frozenset[str]
    possible: Mapping[str, tuple[float, float]]

    @classmethod
    def of(cls, study: Study, book: Book, values: Mapping[str, Any]) -> FactorTables:
        """Return what the factors of a document may name; the equations are read where it names a constant."""
        variables = catalogue.read(study) if values.get("constants") else ()
        runs = values.get("runs")
        drawn = _drawn(study) if isinstance(runs, Mapping) and runs.get("members", 0) != 0 else frozenset[str]()
        named_constants = {variable.id: variable for variable in variables if variable.kind == "constant"}
        return cls(study, book, named_constants, drawn, constants.bounds(study) if named_constants else {})

    def types(self, values: Mapping[str, Any], last: int) -> dict[str, Any]:
        """Return the types of the three tables for what a document names; `last` is the last year of the runs."""
        book, written_constants = self.book, values.get("constants")
        year = _year(book.clock.first_setting, last)
        entries = written_constants if isinstance(written_constants, Mapping) else {}
        constant_names = [name for name in entries if key(name) in self.constants]
        constants = {name: self._constant(self.constants[key(name)], entries[name]) for name in constant_names}
        assumptions = {name: _assumption(book.assumptions[name], values["assumptions"][name], year)
                       for name in named(values, "assumptions", book.assumptions)}
        levers = {name: _lever(book.levers[name], values["levers"][name], year)
                  for name in named(values, "levers", book.levers)}
        names = Names("sweep.constant_unknown", "sweep.constant_allowed", dict.fromkeys(self.constants, ()))
        return {"constants": table_of(constants, names), "assumptions": assumption_table(assumptions, book),
                "levers": lever_table(levers, book)}

    def factors(self, document: DesignDocument) -> tuple[Factor, ...]:
        """Return the factors of a document that was held against the types."""
        book = self.book
        return (
            *(_constant_factor(self.constants[key(name)], entry) for name, entry in document.constants.items()),
            *(_assumption_factor(book.assumptions[name], entry, mark)
              for name, entry, mark in factor_names.each(document.assumptions)),
            *(self._lever_factor(book.levers[name], entry, mark)
              for name, entry, mark in factor_names.each(document.levers)),
        )

    def _constant(self, variable: Variable, entry: Any) -> Any:
        if variable.dims:
            return _refused("sweep.constant_dims", "sweep.constant_allowed", variable.id)
        if variable.name in self.drawn:
            return _refused("sweep.constant_in_members", "sweep.constant_or_members", variable.id)
        if entry == ANYTHING:
            return _of_constant(ANYTHING, -math.inf, math.inf) | Origin
        if not isinstance(entry, Mapping) or "from" not in entry:
            return _of_constant(_kind(entry), *self.possible.get(variable.id, (-math.inf, math.inf)))
        origin = Annotated[Any, PlainValidator(lambda word: self._spread(variable, word))]
        return create_model("Origin", __base__=Origin, spread=(origin, Field(alias="from", description="design.from")))

    def _spread(self, variable: Variable, origin: Any) -> tuple[str, Mapping[str, float]]:
        """Return the distribution that the tables of the study or its prior give a constant."""
        prior = _prior(self.study, variable.name) if origin == "prior" else None
        if origin == "table" and variable.low is not None and variable.high is not None:
            return _USUAL, {"low": variable.low, "high": variable.high}
        if prior is None:
            unknown = phrase("sweep.no_origin", id=variable.id, origin=written(origin))
            raise fault(unknown, phrase_list(ORIGINS), phrase("sweep.no_origin_hint"))
        return prior

    def _lever_factor(self, lever: Lever, entry: PlacedSpread, mark: str) -> Factor:
        chosen = self.book.places.choose(entry.places)[0]
        places = () if len(chosen) == len(self.book.places) else tuple(place.element for place in chosen)
        title = factor_names.marked(lever.title, mark)
        return Factor(lever.id + mark, LEVER, lever.id, lever.unit, title, entry.distribution, entry.numbers,
                      year=entry.year, places=places, bounds=(lever.low, lever.high))


def _drawn(study: Study) -> frozenset[str]:
    try:
        return frozenset(next(iter(members.read(study).values()), {}))
    except StudyError:
        return frozenset()  # what is wrong with the file is told where the members are chosen


def _refused(sentence: str, allowed: str, name: str) -> Any:
    """Return the type of a constant that may not differ between runs, whatever stands there."""

    def refuse(_: Any) -> Any:
        raise fault(phrase(sentence, id=name), phrase(allowed))

    return Annotated[Any, PlainValidator(refuse)]


def _prior(study: Study, name: str) -> tuple[str, Mapping[str, float]] | None:
    if not (study.root / priors.FILE).is_file():
        return None
    prior = {prior.parameter: prior for prior in priors.read(study)}.get(name)
    if prior is None:
        return None
    return "lognormal" if prior.scale == priors.LOG else "normal", {"mean": prior.mean, "sd": prior.sd}


def _kind(entry: Any) -> str:
    kind = entry.get("distribution") if isinstance(entry, Mapping) else None
    return kind if isinstance(kind, str) and kind in DISTRIBUTIONS else _USUAL


@functools.lru_cache(maxsize=8)
def _of_constant(kind: str, least: float, most: float) -> Any:
    """Return the model of a distribution of a constant, which constants of the same bounds share."""
    entry = kind if kind == ANYTHING else {"distribution": kind}
    return _spread_type(Spread, entry, least, most, "")


def _spread_type(base: type[Spread], entry: Any, low: float, high: float, unit: str, **fields: Any) -> Any:
    """Return the model of the distribution that an entry names, of the usual one where it names none that there is.

    Args:
        base: what else it may say.
        entry: the table as written.
        low: least value that may be drawn [unit], or infinite.
        high: largest value that may be drawn [unit], or infinite.
        unit: of the values.
        **fields: types of what `base` declares.
    """
    if entry == ANYTHING:
        kinds = [_spread_type(base, {"distribution": kind}, low, high, unit, **fields) for kind in DISTRIBUTIONS]
        return functools.reduce(operator.or_, kinds)
    kind = _kind(entry)
    bounds = [Ge(low)] * math.isfinite(low) + [Le(high)] * math.isfinite(high)
    positive = [Gt(_LEAST)] if kind.startswith("log") else []
    numbers: dict[str, Any] = {name: Annotated[(float, Unit(unit), *positive, *bounds)] for name in DISTRIBUTIONS[kind]}
    if "sd" in numbers:
        numbers["sd"] = Annotated[float, Gt(_LEAST)]
    words: Any = Literal[tuple(DISTRIBUTIONS)]
    word = (words, Field(_USUAL, description="design.distribution"))
    described = {name: (number, Field(description=f"design.{name}")) for name, number in numbers.items()}
    declared: dict[str, Any] = {"distribution": word, **described, **fields}
    return create_model(base.__name__, __base__=base, **declared)


def _year(first: int, last: int) -> Any:
    return Annotated[int, Ge(first), Le(max(last, first))], Field(first, description="design.year")


def _assumption(assumption: Assumption, entry: Any, year: Any) -> Any:
    if assumption.kind == "column":
        choices = (each_once(named_column(assumption), 1), Field([assumption.baseline], description="design.choices"))
        return create_model("Choices", __base__=Choices, choices=choices)
    return _one_or_more(entry, lambda part: _spread_type(
        DatedSpread, part, assumption.low, assumption.high, assumption.unit, year=year))


def _lever(lever: Lever, entry: Any, year: Any) -> Any:
    places = scoped(by_form(items=Words, word=PlaceWord), lever.default_scope)
    places = province_wide(places, lever.id) if lever.scope == "province" else places
    where = (places, Field("all", description="document.places"))
    return _one_or_more(entry, lambda part: _spread_type(
        PlacedSpread, part, lever.low, lever.high, lever.unit, year=year, places=where))


def _one_or_more(entry: Any, shape: Callable[[Any], Any]) -> Any:
    """Return the type of an entry that is a table or several, each of its own distribution."""
    if entry == ANYTHING:
        return by_form(table=shape(ANYTHING), items=Annotated[list[shape(ANYTHING)], MinLen(1)])  # type: ignore[misc]
    if not isinstance(entry, list):
        return shape(entry)
    kinds = {_kind(part): shape(part) for part in entry or [{}]}
    return Annotated[list[by_kind(kinds, _kind)], MinLen(1)]  # type: ignore[misc]


def _constant_factor(variable: Variable, entry: Spread | Origin) -> Factor:
    spread = entry.spread if isinstance(entry, Origin) else (entry.distribution, entry.numbers)
    return Factor(variable.id, CONSTANT, variable.name, variable.unit, _title(variable), *spread)


def _title(variable: Variable) -> dict[str, str]:
    """Return what a constant is called: its term, else the sentence of the equations, which are in English."""
    term = f"term.{variable.id}"
    if term in sentences():
        return dict(sentences()[term])
    sentence = variable.sentence.rstrip(".")
    return {"en": sentence, "zh": text("sweep.constant_title", "zh", sentence=sentence)}


def _assumption_factor(assumption: Assumption, entry: Choices | DatedSpread, mark: str) -> Factor:
    name, unit = assumption.id, assumption.unit
    if isinstance(entry, Choices):
        return Factor(name, ASSUMPTION, name, unit, assumption.title, choices=tuple(entry.choices))
    return Factor(name + mark, ASSUMPTION, name, unit, factor_names.marked(assumption.title, mark), entry.distribution,
                  entry.numbers, year=entry.year, bounds=(assumption.low, assumption.high))
