"""Arguments of calls from Python, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from xiancheng.errors import Problem, StudyError


def years(**written: Any) -> tuple[int | None, ...]:
    """Return years as whole numbers, None where none is written.

    Args:
        **written: a whole number, also of numpy, by the name of the argument.

    Raises:
        StudyError: every one that is no whole number.
    """
    problems = [Problem.of("", "argument.year", name=name, value=repr(value)) for name, value in written.items()
                if value is not None and (isinstance(value, bool) or not isinstance(value, Integral))]
    if problems:
        raise StudyError(problems)
    return tuple(None if value is None else int(value) for value in written.values())


def lists(**written: Any) -> tuple[Sequence[Any] | None, ...]:
    """Return arguments that are lists, None where none is written.

    Args:
        **written: a list, tuple or other series, by the name of the argument; no text, which would count by letters.

    Raises:
        StudyError: every one that is a text or no series.
    """
    problems = [Problem.of("", "argument.list", name=name, value=repr(value)) for name, value in written.items()
                if value is not None and (isinstance(value, (str, bytes)) or not isinstance(value, Iterable))]
    if problems:
        raise StudyError(problems)
    return tuple(None if value is None else tuple(value) for value in written.values())


def settings(written: Sequence[str] | Mapping[str, Any]) -> Sequence[str]:
    """Return settings in the words of the command line, of which a dictionary has ids.

    Args:
        written: "id=value[@year][:place]", or by id a value, or values by calendar year [units of what is set].

    Raises:
        StudyError: a text, or no series.
    """
    if not isinstance(written, Mapping):
        lists(settings=written)
        return written
    dated = [(name, entry if isinstance(entry, Mapping) else {None: entry}) for name, entry in written.items()]
    return [f"{name}={_word(value)}" + ("" if year is None else f"@{year}")
            for name, values in dated for year, value in values.items()]


def _word(value: Any) -> str:
    return f"{float(value)!r}" if isinstance(value, Real) and not isinstance(value, bool) else str(value)
