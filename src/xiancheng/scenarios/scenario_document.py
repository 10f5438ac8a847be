"""What a scenario file may say: its keys, and for levers, assumptions and places of a study their words and bounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, Lt, MaxLen, MinLen, Unit
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    create_model,
)

from xiancheng.model.clock import FIRST_YEAR, LAST_YEAR
from xiancheng.model.places import GROUPS, Places
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.document import LARGEST
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.translator import Names, Table, by_form, fault, short, table_of, written
from xiancheng.texts import phrase, phrase_list

Sentence = Annotated[str, Field(min_length=1, pattern=r"\S")]
Word = str | int
"""A name, code or group of places, as written."""
MOST_PLACES = 200
"""The most words a list of places may hold."""
_YEAR_SCHEMA = WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})


def _place_word(word: Any, info: ValidationInfo[Places]) -> Word:
    """Check a group, name or code of places against the Places of the study, which are the context."""
    allowed = phrase("place.allowed", groups=phrase_list(GROUPS))
    if type(word) not in (str, int) or (type(word) is int and abs(word) > LARGEST):
        raise fault("scenario.wrong_type", allowed, value=written(word))
    for unknown in info.context.choose(short(str(word)))[1]:
        raise fault(unknown.reason, allowed, unknown.hint)
    return word  # type: ignore[no-any-return]


_WORD_SCHEMA = {"anyOf": [{"enum": list(GROUPS)}, {"type": ["string", "integer"]}]}
PlaceWord = Annotated[Any, PlainValidator(_place_word), WithJsonSchema(_WORD_SCHEMA)]
Words = Annotated[list[PlaceWord], MinLen(1), MaxLen(MOST_PLACES)]
"""Words for places: held against the Places of the study, which are the context of the validation."""


class Bilingual(Table):
    """A sentence in both languages."""

    zh: Sentence = Field(description="document.zh")
    en: Sentence = Field(description="document.en")


class Rule(Table):
    """The rule that may stand for places."""

    losing_more_than: Annotated[float, Ge(0), Lt(1)] = Field(description="document.losing_more_than")


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
    not_in_the_model: list[str] = Field(default_factory=list, description="document.not_in_the_model")


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
    absent = Annotated[str, AfterValidator(_absent(book.levers))]
    names = Annotated[list[absent], AfterValidator(_each_once)]
    missing: Any = (names, Field(default_factory=list, description="document.not_in_the_model"))
    return create_model("Scenario", __base__=ScenarioDocument, not_in_the_model=missing, **_tables(book, values))


def named(values: Mapping[str, Any], table: str, ids: Iterable[str]) -> list[str]:
    """Return the ids that a table of a document names."""
    entries = values.get(table)
    return [name for name in ids if name in entries] if isinstance(entries, Mapping) else []


def lever_table(kinds: Mapping[str, Any], book: Book) -> Any:
    """Return the type of a table of levers from the type of each."""
    return table_of(kinds, Names("lever.unknown", "lever.allowed", tuple(book.levers)))


def assumption_table(kinds: Mapping[str, Any], book: Book) -> Any:
    """Return the type of a table of assumptions from the type of each."""
    return table_of(kinds, Names("assumption.unknown", "assumption.allowed", tuple(book.assumptions)))


def _tables(book: Book, values: Mapping[str, Any]) -> dict[str, Any]:
    levers = {name: _lever(book.levers[name]) for name in named(values, "levers", book.levers)}
    known = named(values, "assumptions", book.assumptions)
    assumptions = {name: _assumption(book.assumptions[name]) for name in known}
    return {
        "levers": (lever_table(levers, book), Field(default_factory=dict, description="document.levers")),
        "assumptions": (assumption_table(assumptions, book),
                        Field(default_factory=dict, description="document.assumptions")),
    }


def _lever(lever: Lever) -> Any:
    entry = _entry(lever.low, lever.high, lever.unit, lever.id if lever.scope == "province" else "")
    sentence = Field(description="document.lever", json_schema_extra={"title": lever.id, "words": dict(lever.meaning)})
    return Annotated[by_form(table=entry, items=Annotated[list[entry], MinLen(1)]), sentence]  # type: ignore[valid-type]


@lru_cache(maxsize=256)
def _entry(low: float, high: float, unit: str, province: str) -> type[LeverEntry]:
    """Return the model of an entry; `province` is the id of a lever that has one value for the whole province."""
    points = (values_by_year(low, high, unit), Field(description="document.points"))
    kind = by_form(table=Rule, items=Words, word=PlaceWord)
    places = (province_wide(kind, province) if province else kind, Field("all", description="document.places"))
    return create_model("LeverEntry", __base__=LeverEntry, points=points, places=places)


def province_wide(kind: Any, lever: str) -> Any:
    """Return the type of the places of a lever that has one value for the whole province."""

    def check(words: Any, info: ValidationInfo[Places]) -> Any:
        if isinstance(words, Rule) or len(info.context.choose(words)[0]) < len(info.context):
            raise fault(phrase("lever.one_value", id=lever), '"all"')
        return words

    return Annotated[kind, AfterValidator(check)]


def _assumption(assumption: Assumption) -> Any:
    sentence = Field(description="document.assumption", json_schema_extra={"words": dict(assumption.meaning)})
    if assumption.kind == "column":
        return Annotated[named_column(assumption), sentence]
    value = bounded(assumption.low, assumption.high, assumption.unit)
    values = values_by_year(assumption.low, assumption.high, assumption.unit)
    return Annotated[by_form(table=values, word=value), sentence]


def named_column(assumption: Assumption) -> Any:
    """Return the type of the name of a path that an assumption may take."""
    return Literal[assumption.columns]


def bounded(low: float, high: float, unit: str) -> Any:
    """Return the type of a number between bounds [unit]."""
    return Annotated[float, Ge(low), Le(high), Unit(unit)]


def values_by_year(low: float, high: float, unit: str) -> Any:
    """Return the type of values [unit] by calendar year."""
    return Annotated[dict[year_key(FIRST_YEAR, LAST_YEAR), bounded(low, high, unit)], MinLen(1)]  # type: ignore[misc]


def year_key(first: int, last: int) -> Any:
    """Return the type of a year that is a key: four digits from 0 to 9, so that no year stands there twice."""

    def check(word: Any) -> int:
        if not (isinstance(word, str) and re.fullmatch("[0-9]{4}", word) and first <= int(word) <= last):
            raise fault("scenario.wrong_year", phrase("scenario.years", first=first, last=last))
        return int(word)

    return Annotated[int, BeforeValidator(check), _YEAR_SCHEMA]


def _absent(levers: Mapping[str, Lever]) -> Callable[[str], str]:
    """Return the check of the id of a lever that the model has not."""

    def check(name: str) -> str:
        if name in levers:
            hint = phrase("scenario.in_the_model_hint", id=name)
            raise fault(phrase("scenario.in_the_model", id=name), phrase("scenario.absent_ids"), hint)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            raise fault("scenario.wrong_type", phrase("scenario.absent_ids"), value=written(name))
        return name

    return check


def _each_once(names: list[str]) -> list[str]:
    for name in names:
        if names.count(name) > 1:
            raise fault("scenario.wrong_type", phrase("scenario.absent_ids"), value=written(name))
    return names
