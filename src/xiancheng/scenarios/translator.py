"""From what pydantic says of a document to problems: line, what was found, what is allowed and the next move.

Models of documents hold the truth: types, bounds, words, and under each field the key of its sentence as `description`.
The translator reads what is allowed from them, so that no rule stands twice. A rule of our own raises a `fault`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, Unit
from pydantic import BaseModel, ConfigDict, Discriminator, Tag, TypeAdapter, ValidationError, with_config
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict, is_typeddict

from xiancheng.characters import amount, near
from xiancheng.errors import Problem, StudyError
from xiancheng.scenarios.document import LARGEST, Document, Path
from xiancheng.texts import Phrase, did_you_mean, phrase, phrase_list, unit_name

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_FAULT = "fault"
_TABLE, _LIST, _WORD = "<table>", "<list>", "<word>"
_TAG = re.compile("<[a-z]+>")
_LONGEST = 60
_YEARS = 10_000
"""Whole numbers below this are written without separators: they may be years."""
T = TypeVar("T")


class Table(BaseModel):
    """A table of a document: no key but its own, and no value turned into another type."""

    model_config = _STRICT


@dataclass(frozen=True)
class Names:
    """What to say of a name that a table does not have.

    Attributes:
        unknown: key of the text that says so, with `{id}`.
        allowed: key of the text that says what there is.
        ids: every name there is, those among them that a document does not use as well, and what each is called.
    """

    unknown: str
    allowed: str
    ids: Mapping[str, tuple[str, ...]]


def table_of(kinds: Mapping[str, Any], names: Names) -> Any:
    """Return the type of a table whose keys are names of the study, each with the type of its value."""
    table: Any = TypedDict("table", dict(kinds), total=False)  # type: ignore[misc]
    return Annotated[with_config(_STRICT)(table), names]


def by_form(table: Any = None, items: Any = None, word: Any = None) -> Any:
    """Return the type of a value that may be written as a table, as a list or as one word or number."""
    forms = {_TABLE: table, _LIST: items, _WORD: word}
    kinds = tuple(Annotated[kind, Tag(tag)] for tag, kind in forms.items() if kind is not None)
    return Annotated[Union[kinds], Discriminator(_form)]  # noqa: UP007


def by_kind(kinds: Mapping[str, Any], kind: Callable[[Any], str]) -> Any:
    """Return the type of a table of one of several kinds.

    Args:
        kinds: types of the tables by the name of their kind, in lower case.
        kind: tells the name from a value.
    """
    if len(kinds) == 1:
        return next(iter(kinds.values()))
    options = tuple(Annotated[shape, Tag(f"<{name}>")] for name, shape in kinds.items())
    return Annotated[Union[options], Discriminator(lambda value: f"<{kind(value)}>")]  # noqa: UP007


def _form(value: Any) -> str:
    return _TABLE if isinstance(value, (dict, BaseModel)) else _LIST if isinstance(value, list) else _WORD


def fault(sentence: str, allowed: str = "", hint: str = "", *, at: Path = (), **values: Any) -> PydanticCustomError:
    """Return the error of a rule of our own.

    Args:
        sentence: key of the text that says what was found, with `{key}` for the path of the value; or a Phrase.
        allowed: what is allowed; "" for what the model says.
        hint: the next move.
        at: the path from the value that is checked to the one that is meant.
        **values: of the text.
    """
    return PydanticCustomError(_FAULT, "{found}", {
        "found": sentence, "allowed": allowed, "hint": hint, "at": at, "values": values})


def validated(shape: Any, document: Document, context: Any = None) -> tuple[Any, list[Problem]]:
    """Hold a document against its model.

    Args:
        shape: the model, or any type that pydantic knows.
        document: the values with their lines.
        context: what the rules of the model need to know.

    Returns:
        The model, or None and every problem in the order of the file.
    """
    try:
        return TypeAdapter(shape).validate_python(document.values, context=context), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
        late = sorted(errors, key=lambda entry: entry["type"] == "missing")  # a misspelt key precedes the one it lacks
        problems = [_problem(shape, document, dict(error)) for error in late]
        return None, sorted(dict.fromkeys(problems), key=lambda problem: problem.row or 0)


def read(shape: type[T], document: Document, context: Any = None) -> T:
    """Return the model of a document.

    Raises:
        StudyError: every problem in the order of the file.
    """
    model, problems = validated(shape, document, context)
    if problems:
        raise StudyError(problems)
    return model  # type: ignore[no-any-return]


def short(word: str) -> str:
    """Return a word as it may stand in a sentence: one line of it."""
    return word if len(word) <= _LONGEST else word[:_LONGEST] + "…"


def written(value: Any) -> str:
    """Return a value of a document as a problem shows it."""
    is_long = type(value) is int and abs(value) > LARGEST  # Python writes no number of more than 4,300 digits
    return phrase("toml.whole_short") if is_long else short(repr(value))


def _problem(shape: Any, document: Document, error: Mapping[str, Any]) -> Problem:
    path = tuple(part for part in error["loc"] if part != "[key]" and not _TAG.fullmatch(str(part)))
    context = error.get("ctx", {}) if error["type"] == _FAULT else {}
    path = (*path, *context.get("at", ()))
    sentence, allowed, hint = _words(declared(shape, path), path, error, context)
    return document.problem(path, sentence, allowed, hint)


def _words(kind: Any, path: Path, error: Mapping[str, Any], context: Mapping[str, Any]) -> tuple[str, str, str]:
    name = ".".join(short(str(part)) for part in path) or phrase("document.root")
    value = error["input"]
    if context:
        sentence = context["found"]
        words = sentence if isinstance(sentence, Phrase) else phrase(sentence, key=name, **context["values"])
        return words, context["allowed"] or _allowed(kind), context["hint"]
    if error["type"] == "missing":
        return phrase("scenario.key_missing", key=name), _allowed(kind), ""
    if error["type"] == "extra_forbidden":
        return _unknown(kind, name, str(path[-1]))
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        is_whole = any(inner is int for inner, _ in _alternatives(kind))
        size = value if is_whole and abs(value) < _YEARS else written(value) if abs(value) > LARGEST else float(value)
        return phrase("scenario.out_of_range", key=name, value=size), _allowed(kind), ""
    if error["type"] == "greater_than":
        return phrase("scenario.wrong_type", key=name, value=written(value)), phrase("document.positive"), ""
    choices = [choice for inner, _ in _alternatives(kind) if get_origin(inner) is Literal for choice in get_args(inner)]
    hint: str = did_you_mean(short(value), choices) if choices and isinstance(value, str) else ""
    if isinstance(value, str) and any(inner is float for inner, _ in _alternatives(kind)):
        hint = amount(short(value)) or hint
    allowed = _allowed(kind) or phrase_list(_keys(kind))
    return phrase("scenario.wrong_type", key=name, value=written(value)), allowed, hint


def _unknown(table: Any, name: str, word: str) -> tuple[str, str, str]:
    keys, names = list(_keys(table)), next((mark for mark in _marks(table) if isinstance(mark, Names)), None)
    if names is None:
        return phrase("scenario.key_unknown", key=name), phrase_list(keys), did_you_mean(short(word), keys)
    return phrase(names.unknown, id=short(word)), phrase(names.allowed), near(short(word), names.ids)


def declared(shape: Any, path: Path) -> Any:
    """Return the type that a model declares at a path, or at the nearest path above it that it knows."""
    kind = shape
    for part in path:
        below = [inner for form, marks in _alternatives(kind) if (inner := _below(form, marks, part)) is not None]
        if not below:
            return kind
        kind = below[0]
    return kind


def _below(kind: Any, marks: Sequence[Any], part: str | int) -> Any:
    fields = _fields(kind)
    if fields is not None:
        return fields.get(str(part))
    if get_origin(kind) is not (list if isinstance(part, int) else dict):
        return None
    sentences = [mark for mark in marks if isinstance(mark, FieldInfo)]
    inner = get_args(kind)[-1]
    return Annotated[(inner, *sentences)] if sentences else inner


def _fields(kind: Any) -> dict[str, Any] | None:
    """Return the types of the keys of a table, each with its sentence and bounds; None for what is no table."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {
            field.alias or name: Annotated[(field.annotation, *field.metadata, field)]
            for name, field in kind.model_fields.items()
        }
    return get_type_hints(kind, include_extras=True) if is_typeddict(kind) else None


def _keys(kind: Any) -> Iterator[str]:
    for inner, _ in _alternatives(kind):
        yield from _fields(inner) or ()


def _alternatives(kind: Any, marks: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Yield the plain types that a type allows, each with its marks."""
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        yield from _alternatives(inner, (*marks, *more))
    elif get_origin(kind) in (Union, UnionType):
        for part in get_args(kind):
            yield from _alternatives(part, marks)
    else:
        yield kind, marks


def _marks(kind: Any) -> Iterator[Any]:
    for _, marks in _alternatives(kind):
        yield from marks


def _allowed(kind: Any) -> str:
    """Say what a type allows: its words, its bounds with their unit, or the sentence under its field."""
    for inner, marks in _alternatives(kind):
        if get_origin(inner) is Literal:
            return phrase_list(str(choice) for choice in get_args(inner))
        low, high = (next((getattr(mark, end) for mark in marks if isinstance(mark, bound)), None)
                     for end, bound in (("ge", Ge), ("le", Le)))
        if low is not None and high is not None:
            unit = next((mark.unit for mark in marks if isinstance(mark, Unit)), "")
            low, high = (float(end) if abs(end) >= _YEARS else end for end in (low, high))
            return phrase("scenario.range", low=low, high=high, unit=unit_name(unit) if unit else "")
    sentences = [mark.description for mark in _marks(kind) if isinstance(mark, FieldInfo) and mark.description]
    if sentences:
        return phrase(sentences[-1])
    least = next((mark.ge for _, marks in _alternatives(kind) for mark in marks if isinstance(mark, Ge)), None)
    return "" if least is None else phrase("table.number_least", low=f"{least:g}")
