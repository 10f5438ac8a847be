"""What a browser asks for, held against the study: a scenario, or every problem as a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from xiancheng.errors import Problem, StudyError
from xiancheng.model.clock import FIRST_YEAR
from xiancheng.model.settings import Scenario
from xiancheng.scenarios import scenario as scenarios
from xiancheng.scenarios import shape
from xiancheng.scenarios.check import Book
from xiancheng.scenarios.document import Document
from xiancheng.study import Study
from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list

LARGEST = 16_384
"""The most a request may hold [bytes]: every lever set at every place by name takes less."""
_LONGEST = 60
_MOST = 200


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Lever(_Strict):
    value: float
    year: int = FIRST_YEAR
    places: str | list[str] = Field(default="all", max_length=_MOST)


class _Assumption(_Strict):
    value: float | str
    year: int = FIRST_YEAR


class _Request(_Strict):
    base: str = scenarios.BASELINE
    levers: dict[str, _Lever] = Field(default_factory=dict, max_length=_MOST)
    assumptions: dict[str, _Assumption] = Field(default_factory=dict, max_length=_MOST)
    indicators: list[str] = Field(default_factory=list, max_length=2 * _MOST)


@dataclass(frozen=True)
class Asked:
    """A request that can be met.

    Attributes:
        scenario: what to run.
        indicators: what to send, by id.
    """

    scenario: Scenario
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What a request may name.

    Attributes:
        book: levers, assumptions and places.
        bases: the scenarios of the study, by id.
        indicators: ids of the indicators.
    """

    book: Book
    bases: Mapping[str, Scenario]
    indicators: tuple[str, ...]

    @classmethod
    def of(cls, study: Study, indicators: Sequence[str]) -> Known:
        """Return what the requests to a study may name.

        Raises:
            StudyError: a scenario of the study that cannot be read.
        """
        bases = {name: scenarios.read(study, name) for name in scenarios.files(study)}
        return cls(scenarios.book(study), bases, tuple(indicators))


def read(body: bytes, known: Known) -> Asked:
    """Read a request.

    Args:
        body: JSON with base, levers, assumptions and indicators.
        known: what it may name.

    Raises:
        StudyError: every problem of the request; nothing of it is longer than a line.
    """
    values = _values(body)
    wrong = shape.findings(_Request, values, ("request",))
    if wrong:
        raise StudyError(_problem(found, allowed) for _, found, allowed, _ in wrong[:10])
    told = _Request.model_validate(values)
    problems = _unknown(told, known)
    if problems:
        raise StudyError(problems)
    document = Document("", _as_a_file(told), {})
    try:
        scenario = scenarios.from_document(known.book, document, known.bases[told.base])
    except StudyError as error:
        raise StudyError(_problem(one.found, one.allowed, one.hint) for one in error.problems[:10]) from None
    return Asked(scenario, tuple(dict.fromkeys(told.indicators)) or known.indicators)


def _values(body: bytes) -> Any:
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


def _unknown(told: _Request, known: Known) -> list[Problem]:
    problems = []
    if told.base not in known.bases:
        found = phrase("scenario.unknown", name=short(told.base))
        problems.append(Problem("", found, phrase_list(known.bases), did_you_mean(short(told.base), known.bases)))
    for name in dict.fromkeys(told.indicators):
        if name not in known.indicators:
            found = phrase("indicator.unknown", id=short(name))
            hint = did_you_mean(short(name), known.indicators)
            problems.append(Problem("", found, phrase("indicator.allowed"), hint))
    return problems[:10]


def _as_a_file(told: _Request) -> dict[str, Any]:
    levers = {
        short(name): {"points": {str(one.year): one.value}, "places": one.places} for name, one in told.levers.items()
    }
    given = {
        short(name): one.value if isinstance(one.value, str) else {str(one.year): one.value}
        for name, one in told.assumptions.items()
    }
    return {"levers": levers, "assumptions": given}


def short(word: str) -> str:
    """Return a word as it may stand in a sentence: one line of it."""
    return word if len(word) <= _LONGEST else word[:_LONGEST] + "…"


def _problem(found: str, allowed: str, hint: str = "") -> Problem:
    return Problem("", _cut(found), allowed, hint)


def _cut(message: str) -> str:
    """Shorten what a message quotes, so that no answer repeats a long request."""
    if not isinstance(message, Phrase):
        return message
    values = {name: short(one) if type(one) is str else one for name, one in message.values.items()}
    return phrase(message.key, **values) if message.key != "list" else message
