"""What a browser may ask for, held against the study: a scenario and indicators, or every problem as a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le, MaxLen
from pydantic import Field, create_model

from xiancheng.errors import Problem, StudyError
from xiancheng.model.clock import Clock
from xiancheng.model.settings import Scenario
from xiancheng.outputs import indicators
from xiancheng.scenarios import former, translator
from xiancheng.scenarios import scenario as scenarios
from xiancheng.scenarios import schema as schemas
from xiancheng.scenarios.assumptions import Assumption
from xiancheng.scenarios.book import Book
from xiancheng.scenarios.document import Document
from xiancheng.scenarios.fields import (
    PlaceWord,
    Word,
    Words,
    assumption_table,
    bounded,
    lever_table,
    listed,
    named_column,
    province_wide,
)
from xiancheng.scenarios.levers import Lever
from xiancheng.scenarios.scenario_document import LeverEntry, Settings
from xiancheng.scenarios.translator import Table, by_form
from xiancheng.study import Study
from xiancheng.texts import phrase

LARGEST = 16_384
"""The most a request may hold [bytes]: every lever set at every place by name takes less."""
_MOST_WORDS = 400
MOST_PROBLEMS = 10


class LeverValue(Table):
    """A lever that is set: the value [unit of the lever] it reaches in a calendar year, at some places."""

    value: float = Field(description="request.value")
    year: int
    places: Word | list[Word] = Field("all", description="document.places")


class AssumptionValue(Table):
    """An assumption that is set: a value [its unit] that it reaches in a calendar year, or the name of a path."""

    value: float | str = Field(description="request.value")
    year: int


class RequestDocument(Table):
    """The keys of a request."""

    base: str = scenarios.BASELINE
    levers: dict[str, LeverValue]
    assumptions: dict[str, AssumptionValue]
    indicators: list[str]

    def settings(self) -> Settings:
        """Return the levers and assumptions as a scenario file sets them."""
        levers = {
            name: LeverEntry.model_construct(points={entry.year: entry.value}, places=entry.places)
            for name, entry in self.levers.items()
        }
        assumptions = {
            name: entry.value if isinstance(entry.value, str) else {entry.year: entry.value}
            for name, entry in self.assumptions.items()
        }
        return Settings.model_construct(levers=levers, assumptions=assumptions)


@dataclass(frozen=True)
class RunRequest:
    """A request that can be met.

    Attributes:
        scenario: what to run.
        indicators: what to send, by id.
    """

    scenario: Scenario
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class RequestChoices:
    """What a request may name.

    Attributes:
        book: levers, assumptions and places.
        bases: the scenarios of the study, by id.
        indicators: ids of the indicators.
        document: the model of a request.
        former: the indicators that took the place of others, by the id of the other.
    """

    book: Book
    bases: Mapping[str, Scenario]
    indicators: tuple[str, ...]
    document: type[RequestDocument]
    former: Mapping[str, str]

    @classmethod
    def of(cls, study: Study, indicators: Sequence[str], book: Book) -> RequestChoices:
        """Return what the requests to a study may name.

        Args:
            study: the study.
            indicators: ids of the indicators that a request may ask for.
            book: levers, assumptions and places of the study.

        Raises:
            StudyError: a scenario of the study that cannot be read.
        """
        bases = scenarios.every(study, book)
        before = former.read(study)
        return cls(book, bases, tuple(indicators), document_type(book, list(bases), indicators, before), before)


def document_type(
    book: Book, bases: Sequence[str], indicators: Sequence[str], before: Mapping[str, str]
) -> type[RequestDocument]:
    """Return the model of a request to a study."""
    levers = lever_table({lever.id: _lever(lever, book.clock) for lever in book.levers.values()}, book)
    kinds = {name: _assumption(assumption, book.clock) for name, assumption in book.assumptions.items()}
    assumptions = assumption_table(kinds, book)

    name = listed(indicators, "indicator.unknown", "indicator.allowed", before)
    names: Any = Annotated[list[name], MaxLen(_MOST_WORDS)]  # type: ignore[valid-type]
    base: Any = (Literal[tuple(bases)], Field(scenarios.BASELINE, description="request.base"))
    return create_model(
        "Request",
        __base__=RequestDocument,
        base=base,
        levers=(levers, Field(default_factory=dict, description="request.levers")),
        assumptions=(assumptions, Field(default_factory=dict, description="request.assumptions")),
        indicators=(names, Field(default_factory=list, description="request.indicators")),
    )


def schema(study: Study, language: str) -> dict[str, Any]:
    """Return the JSON schema of a request to a study, its sentences in a language.

    Raises:
        StudyError: a table of the study that cannot be read.
    """
    book = scenarios.book(study)
    shape = document_type(book, list(scenarios.files(study)), list(indicators.read(study)), former.read(study))
    return schemas.of_shape(shape, language)


def _lever(lever: Lever, clock: Clock) -> Any:
    value = (bounded(lever.low, lever.high, lever.unit), Field(description="request.value"))
    kind = by_form(items=Words, word=PlaceWord)
    places = province_wide(kind, lever.id) if lever.scope == "province" else kind
    entry = create_model(
        "LeverValue",
        __base__=LeverValue,
        value=value,
        year=_year(clock),
        places=(places, Field("all", description="document.places")),
    )
    return Annotated[entry, Field(description="request.levers")]


def _assumption(assumption: Assumption, clock: Clock) -> Any:
    is_named = assumption.kind == "column"
    kind = named_column(assumption) if is_named else bounded(assumption.low, assumption.high, assumption.unit)
    value = (kind, Field(description="request.value"))
    entry = create_model("AssumptionValue", __base__=AssumptionValue, value=value, year=_year(clock))
    return Annotated[entry, Field(description="request.assumptions")]


def _year(clock: Clock) -> Any:
    first = clock.first_setting
    return Annotated[int, Ge(first), Le(clock.last)], Field(first, description="request.year")


def read(body: bytes, choices: RequestChoices) -> RunRequest:
    """Read a request.

    Args:
        body: JSON with base, levers, assumptions and indicators.
        choices: what it may name.

    Raises:
        StudyError: the first problems of the request; nothing of it is longer than a line.
    """
    return checked(values(body), choices)


def checked(values: Any, choices: RequestChoices) -> RunRequest:
    """Hold what a request says against the study; see `read`."""
    request, problems = translator.validated(choices.document, Document("", values, {}), choices.book.places)
    if problems:
        raise StudyError(problems[:MOST_PROBLEMS])
    scenario = scenarios.on_top(choices.bases[request.base], choices.book, request.settings())
    return RunRequest(scenario, tuple(dict.fromkeys(request.indicators)) or choices.indicators)


def with_part(body: bytes, part: str, shape: type[Table], choices: RequestChoices) -> tuple[RunRequest, Any]:
    """Read a request that has a part of its own beside the scenario.

    Args:
        body: JSON.
        part: the key of that part.
        shape: what the part must be.
        choices: what the scenario may name.

    Raises:
        StudyError: the first problems of the request.
    """
    every: Any = values(body)
    own: Any = every.pop(part, None) if isinstance(every, dict) else None
    run = checked(every, choices)
    document, problems = translator.validated(shape, Document("", own, {}), choices.book.places)
    if problems:
        raise StudyError(problems[:MOST_PROBLEMS])
    return run, document


def values(body: bytes) -> Any:
    """Return what a body of JSON says, whatever that is.

    Raises:
        StudyError: it is too long or no JSON.
    """
    if len(body) > LARGEST:
        raise StudyError(Problem("", phrase("page.too_large", size=len(body)), phrase("page.size", most=LARGEST)))
    try:
        values = json.loads(body, parse_constant=_refuse)
        json.dumps(values, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError):
        raise StudyError(Problem("", phrase("page.no_json"), phrase("page.json_allowed"))) from None
    return values


def _refuse(word: str) -> float:
    raise ValueError(word)
