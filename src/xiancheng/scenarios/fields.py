"""The types of what stands in documents: sentences, numbers and years with their bounds, places, ids of a study."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, Lt, MaxLen, MinLen, Unit
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from xiancheng.characters import titles
from xiancheng.model.clock import Clock
from xiancheng.model.groups import GROUPS
from xiancheng.model.places import Places
from xiancheng.scenarios import former
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.document import LARGEST
from xiancheng.scenarios.translator import Names, Table, fault, short, table_of, written
from xiancheng.texts import did_you_mean, phrase, phrase_list

Sentence = Annotated[str, Field(min_length=1, pattern=r"\S")]
Word = str | int
"""A name, code or group of places, as written."""
DEFAULT = "default"
"""The word for the places that a lever aims at."""
MOST_PLACES = 200
"""The most words a list of places may hold."""
_YEAR_SCHEMA = WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})


def _place_word(word: Any, info: ValidationInfo[Places]) -> Word:
    """Check a group, name or code of places against the Places of the study, which are the context."""
    allowed = phrase("place.allowed", groups=phrase_list((DEFAULT, *GROUPS)))
    if type(word) not in (str, int) or (type(word) is int and abs(word) > LARGEST):
        raise fault("scenario.wrong_type", allowed, value=written(word))
    for unknown in info.context.choose(short(str(word)))[1]:
        raise fault(unknown.reason, allowed, unknown.hint)
    return word  # type: ignore[no-any-return]


_WORD_SCHEMA = {"anyOf": [{"enum": [DEFAULT, *GROUPS]}, {"type": ["string", "integer"]}]}
PlaceWord = Annotated[Any, PlainValidator(_place_word), WithJsonSchema(_WORD_SCHEMA)]
Words = Annotated[list[PlaceWord], MinLen(1), MaxLen(MOST_PLACES)]
"""Words for places: held against the Places of the study, which are the context of the validation."""


class Bilingual(Table):
    """A sentence in both languages."""

    zh: Sentence = Field(description="document.zh")
    en: Sentence = Field(description="document.en")


def _type_of_places(word: str, info: ValidationInfo[Places]) -> str:
    """Check a type of places against the Places of the study, which are the context."""
    names = [kind.id for kind in info.context.types]
    if not info.context.of_type(word):
        allowed = phrase_list(names) if names else phrase("place.no_types")
        raise fault(phrase("place.type_unknown", type=short(word)), allowed, did_you_mean(word, names) if names else "")
    return word


class Rule(Table):
    """What may stand for places instead of their names: a rule that is checked every year, or a type of places."""

    losing_more_than: Annotated[float, Ge(0), Lt(1)] | None = Field(None, description="document.losing_more_than")
    type: Annotated[str, AfterValidator(_type_of_places)] | None = Field(None, description="document.type_of_places")

    @model_validator(mode="after")
    def _one(self) -> Rule:
        if (self.losing_more_than is None) == (self.type is None):
            raise fault(phrase("place.one_rule"), phrase("document.places"))
        return self


def scoped(kind: Any, scope: str) -> Any:
    """Return the type of the places of a lever, in which DEFAULT stands for the group that the lever aims at."""
    return Annotated[kind, BeforeValidator(lambda words: scope if words == DEFAULT else words)]


def province_wide(kind: Any, lever: str) -> Any:
    """Return the type of the places of a lever that has one value for the whole province."""

    def check(words: Any, info: ValidationInfo[Places]) -> Any:
        if isinstance(words, Rule) or len(info.context.choose(words)[0]) < len(info.context):
            raise fault(phrase("lever.one_value", id=lever), '"all"')
        return words

    return Annotated[kind, AfterValidator(check)]


def each_once(kind: Any, least: int = 0) -> Any:
    """Return the type of a list of words, each of a type and there once."""

    def check(words: list[str]) -> list[str]:
        for word in words:
            if words.count(word) > 1:
                raise fault("document.twice", phrase("document.once"), word=word)
        return words

    return Annotated[list[kind], MinLen(least), AfterValidator(check)]


def listed(ids: Iterable[str], unknown: str, allowed: str, before: Mapping[str, str] | None = None) -> Any:
    """Return the type of an id that is listed.

    Args:
        ids: what there is.
        unknown: key of the text that says of an `{id}` that it is not there.
        allowed: key of the text that says what there is.
        before: what took the place of ids that are no more, by these.
    """
    names = list(ids)

    def check(name: str) -> str:
        if name not in names:
            word = short(name)
            sentence, hint = former.unknown(before or {}, word, names, phrase(unknown, id=word))
            raise fault(sentence, phrase(allowed), hint)
        return name

    return Annotated[str, AfterValidator(check), WithJsonSchema({"enum": names})]


def named_column(assumption: Assumption) -> Any:
    """Return the type of the name of a path that an assumption may take."""
    return Literal[assumption.columns]


def bounded(low: float, high: float, unit: str) -> Any:
    """Return the type of a number between bounds [unit]."""
    return Annotated[float, Ge(low), Le(high), Unit(unit)]


def values_by_year(low: float, high: float, unit: str, clock: Clock) -> Any:
    """Return the type of values [unit] by calendar year."""
    years: Any = year_key(clock.first_setting, clock.last)
    return Annotated[dict[years, bounded(low, high, unit)], MinLen(1)]  # type: ignore[misc]


def year_key(first: int, last: int) -> Any:
    """Return the type of a year that is a key: four digits from 0 to 9, so that no year stands there twice."""

    def check(word: Any) -> int:
        if not (isinstance(word, str) and re.fullmatch("[0-9]{4}", word) and first <= int(word) <= last):
            raise fault("scenario.wrong_year", phrase("scenario.years", first=first, last=last))
        return int(word)

    return Annotated[int, BeforeValidator(check), _YEAR_SCHEMA]


def named(values: Mapping[str, Any], table: str, ids: Collection[str]) -> list[str]:
    """Return the ids that a table of a document names, in its order: draws of a design follow it."""
    entries = values.get(table)
    return [name for name in entries if name in ids] if isinstance(entries, Mapping) else []


def lever_table(kinds: Mapping[str, Any], book: Book) -> Any:
    """Return the type of a table of levers from the type of each."""
    return table_of(kinds, Names("lever.unknown", "lever.allowed", titles(book.levers)))


def assumption_table(kinds: Mapping[str, Any], book: Book) -> Any:
    """Return the type of a table of assumptions from the type of each."""
    return table_of(kinds, Names("assumption.unknown", "assumption.allowed", titles(book.assumptions)))
