"""What a scenario file may say: its keys, and for levers, assumptions and places of a study their words and bounds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from annotated_types import MinLen
from pydantic import Field, create_model

from xiancheng.model.clock import Clock
from xiancheng.model.groups import GROUPS
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.fields import (
    Bilingual,
    PlaceWord,
    Rule,
    Sentence,
    Word,
    Words,
    assumption_table,
    bounded,
    lever_table,
    listed,
    named,
    named_column,
    province_wide,
    scoped,
    values_by_year,
)
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.translator import Table, by_form

AREAS = (GROUPS[1], "province")
"""Areas that a package may be named for."""


class LeverEntry(Table):
    """What a file says of a lever at some places: values by calendar year [unit of the lever]."""

    points: dict[int, float]
    places: Word | list[Word] | Rule


class Settings(Table):
    """Levers and assumptions that are set: entries by lever; a named path, a value or values by year by assumption."""

    levers: dict[str, LeverEntry | list[LeverEntry]]
    assumptions: dict[str, str | float | dict[int, float]]


class ScenarioDocument(Settings):
    """The keys of a scenario file."""

    title: Bilingual = Field(description="document.title")
    sentence: Bilingual = Field(description="document.sentence")
    question: Bilingual | None = Field(None, description="document.question")
    trade_off: Bilingual | None = Field(None, description="document.trade_off")
    also_called: list[Sentence] = Field(default_factory=list, description="document.also_called")
    named_for: dict[str, str] = Field(default_factory=dict, description="document.named_for")


def settings_type(book: Book, values: Mapping[str, Any]) -> type[Settings]:
    """Return the model of the settings that a study allows, for what `values` names."""
    return create_model("Settings", __base__=Settings, **_tables(book, values))


def scenario_type(book: Book, values: Mapping[str, Any]) -> type[ScenarioDocument]:
    """Return the model of a scenario file of a study.

    Args:
        book: what it may name.
        values: a document; the levers and assumptions that it does not name have no part in its model, because making
            the model of all of them takes longer than reading any scenario.
    """
    indicator = listed(book.indicators, "indicator.unknown", "indicator.allowed", book.former)
    headlines: Any = (dict[indicator, Literal[AREAS]],  # type: ignore[valid-type]
                      Field(default_factory=dict, description="document.named_for"))
    return create_model("Scenario", __base__=ScenarioDocument, named_for=headlines, **_tables(book, values))


def _tables(book: Book, values: Mapping[str, Any]) -> dict[str, Any]:
    levers = {name: _lever(book.levers[name], book.clock) for name in named(values, "levers", book.levers)}
    assumptions = {name: _assumption(book.assumptions[name], book.clock)
                   for name in named(values, "assumptions", book.assumptions)}
    return {
        "levers": (lever_table(levers, book), Field(default_factory=dict, description="document.levers")),
        "assumptions": (assumption_table(assumptions, book),
                        Field(default_factory=dict, description="document.assumptions")),
    }


def _lever(lever: Lever, clock: Clock) -> Any:
    province = lever.id if lever.scope == "province" else ""
    entry = _entry(lever.low, lever.high, lever.unit, clock, province, lever.default_scope)
    sentence = Field(description="document.lever", json_schema_extra={"title": lever.id, "words": dict(lever.meaning)})
    entries = Annotated[list[entry], MinLen(1)]  # type: ignore[valid-type]
    return Annotated[by_form(table=entry, items=entries), sentence]


@lru_cache(maxsize=256)
def _entry(low: float, high: float, unit: str, clock: Clock, province: str, scope: str) -> type[LeverEntry]:
    """Return the model of an entry; `province` is the id of a lever that has one value for the whole province."""
    points = (values_by_year(low, high, unit, clock), Field(description="document.points"))
    kind = scoped(by_form(table=Rule, items=Words, word=PlaceWord), scope)
    places = (province_wide(kind, province) if province else kind, Field("all", description="document.places"))
    return create_model("LeverEntry", __base__=LeverEntry, points=points, places=places)


def _assumption(assumption: Assumption, clock: Clock) -> Any:
    sentence = Field(description="document.assumption", json_schema_extra={"words": dict(assumption.meaning)})
    if assumption.kind == "column":
        return Annotated[named_column(assumption), sentence]
    value = bounded(assumption.low, assumption.high, assumption.unit)
    values = values_by_year(assumption.low, assumption.high, assumption.unit, clock)
    return Annotated[by_form(table=values, word=value), sentence]
