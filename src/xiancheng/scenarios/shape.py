"""The shape of a scenario file: which keys, which types. What the values mean is checked in `check`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list

Finding = tuple[tuple[str | int, ...], Phrase, Phrase, Phrase | str]
"""(path of the key, found, allowed, hint)."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Bilingual(_Strict):
    """A sentence in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class LeverEntry(_Strict):
    """What a file may say about a lever."""

    points: dict[str, Any] = Field(min_length=1)
    places: Any = "all"


class ScenarioFile(_Strict):
    """The keys of a scenario file."""

    title: Bilingual
    sentence: Bilingual
    question: Bilingual | None = None
    trade_off: Bilingual | None = None
    also_called: list[str] = Field(default_factory=list)
    not_in_the_model: list[str] = Field(default_factory=list)
    levers: dict[str, Any] = Field(default_factory=dict)
    assumptions: dict[str, Any] = Field(default_factory=dict)


def findings(shape: type[BaseModel], values: Any, above: tuple[str | int, ...] = ()) -> list[Finding]:
    """Return everything about `values` that does not have the shape; `above` is the path they stand under."""
    try:
        shape.model_validate(values)
    except ValidationError as error:
        return [_finding(shape, values, above, dict(problem)) for problem in error.errors(include_url=False)]
    return []


def _finding(shape: type[BaseModel], values: Any, above: tuple[str | int, ...], problem: Mapping[str, Any]) -> Finding:
    location: tuple[str | int, ...] = problem["loc"]
    name = ".".join(str(part) for part in (*above, *location))
    path = (*above, *location)
    if problem["type"] == "missing":
        return path, phrase("scenario.key_missing", key=name), phrase("scenario.key_filled"), ""
    if problem["type"] == "extra_forbidden":
        known = _fields(shape, location[:-1])
        hint = did_you_mean(str(location[-1]), known)
        return path, phrase("scenario.key_unknown", key=name), phrase_list(known), hint
    found = phrase("scenario.wrong_type", key=name, value=repr(problem["input"]))
    return path, found, phrase(_ALLOWED.get(problem["type"], "scenario.type_table")), ""


_ALLOWED = {
    "string_type": "scenario.type_text",
    "string_too_short": "scenario.type_text",
    "too_short": "scenario.type_points",
    "list_type": "scenario.type_ids",
}
_BILINGUAL = [name for name, field in ScenarioFile.model_fields.items() if Bilingual in (
    field.annotation, *getattr(field.annotation, "__args__", ()))]


def _fields(shape: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    fields = shape.model_fields
    if location and str(location[0]) in _BILINGUAL:
        fields = Bilingual.model_fields
    return list(fields)

