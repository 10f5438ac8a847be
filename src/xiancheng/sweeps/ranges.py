"""What a call from Python says of a design, as a design file writes it: plain values, by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from xiancheng.errors import Problem, StudyError
from xiancheng.texts import did_you_mean, phrase, phrase_list

Tables = dict[str, dict[str, Any]]
"""Entries of a design by table."""
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "sampling": ("sampler", "n", "seed", "levels"),
    "runs": ("scenarios", "stresses", "members", "start", "end", "time_step", "block", "precision"),
    "output": ("indicators", "years", "places", "quantiles"),
}
FACTORS = ("levers", "constants", "assumptions")
_ENDS = ("low", "high")
_POINTS = "points"
"""What a scenario calls values by year."""
_STAYING = ("year", "places")
"""What a pair of numbers leaves as the design has it."""


class Changes(TypedDict, total=False):
    """What a design from Python may say; what is left out or None is as the design, or a design file, has it.

    Attributes:
        levers: by id: (low, high), or a table as in a design, such as {"low": 0, "high": 3, "year": 2030}. Low and
            high alone keep the year and places that the changed design gives; more stands in for all that it says.
            A factor for each year is {2028: (0, 1), 2032: (0, 3)}, one for each year at some places
            {"points": {2028: (0, 1)}, "places": ["371522"]}, several of these are a list, as in a scenario.
        constants: by id: (low, high), "table" for the range of parameters.csv, "prior" for that of priors.csv.
        assumptions: by id: (low, high), likewise by year, or the columns to choose from.
        scenarios: those that every point runs under.
        stresses: scenarios of assumptions that each of them runs under too, or "all".
        members: of the posterior: how many, which, or "all".
        start: year of the census the runs start from; end: their last whole calendar year.
        time_step: of a year, as of `run`.
        block: runs computed and stored together.
        precision: of the numbers while computing, "float64" or "float32".
        sampler: sobol, lhs, saltelli, morris or factorial.
        n: points, base points of saltelli or trajectories of morris.
        seed: of everything random.
        levels: values of a factor in factorial and Morris designs.
        indicators: those kept, or "all"; the headline ones when left out.
        places: "68", "prefecture", "province", "place".
        years: calendar years kept, or "all".
        quantiles: over the listed places, 0 to 1.
    """

    levers: Mapping[str, Any] | None
    constants: Mapping[str, Any] | None
    assumptions: Mapping[str, Any] | None
    scenarios: Sequence[str] | None
    stresses: Sequence[str] | str | None
    members: int | str | Sequence[int] | None
    start: int | None
    end: int | None
    time_step: float | None
    block: int | None
    precision: str | None
    sampler: str | None
    n: int | None
    seed: int | None
    levels: int | None
    indicators: Sequence[str] | str | None
    places: Sequence[str] | None
    years: Sequence[int] | str | None
    quantiles: Sequence[float] | None


def tables(changes: Mapping[str, Any]) -> Tables:
    """Return what a call says by table of a design, without what is None.

    Raises:
        StudyError: names that a design has not, factors that are no dictionary.
    """
    names = [*FACTORS, *(name for section in _SECTIONS.values() for name in section)]
    problems = [Problem("", phrase("sweep.change_unknown", name=name), phrase_list(names), did_you_mean(name, names))
                for name in changes if name not in names]
    problems += [Problem.of("", "sweep.change_no_table", name=name, value=repr(changes[name])) for name in FACTORS
                 if not isinstance(changes.get(name) or {}, Mapping)]
    if problems:
        raise StudyError(problems)
    sections: Tables = {section: {name: plain(changes[name]) for name in own if changes.get(name) is not None}
                        for section, own in _SECTIONS.items()}
    return sections | {table: {str(name): _entry(table, plain(value)) for name, value in changes[table].items()}
                       for table in FACTORS if changes.get(table)}


def plain(value: Any) -> Any:
    """Return a value as TOML has it: of arrays, ranges, tuples and numbers of numpy the lists and numbers of Python."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, Path):
        return str(value)
    is_list = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    return [plain(part) for part in value] if is_list else value


def laid(values: Mapping[str, Any], changes: Tables) -> dict[str, Any]:
    """Return the values of a design with changes on top, entry by entry; a pair leaves the year and the places."""
    changed = dict(values)
    for table, entries in changes.items():
        before = values.get(table)
        under = dict(before) if isinstance(before, Mapping) else {}
        changed[table] = under | {name: _over(under.get(name), entry) if table in FACTORS else entry
                                  for name, entry in entries.items()}
    return {table: entries for table, entries in changed.items() if entries or table in values}


def _over(before: Any, entry: Any) -> Any:
    if not isinstance(before, Mapping) or not isinstance(entry, Mapping) or set(entry) != set(_ENDS):
        return entry
    return {**entry, **{name: before[name] for name in _STAYING if name in before}}


def _entry(table: str, written: Any) -> Any:
    """Return what stands for a factor as a design writes it: (low, high), words to choose from, a table or several."""
    if isinstance(written, str):
        return {"from": written}
    if isinstance(written, list) and written and all(isinstance(part, Mapping) for part in written):
        return _several([part for table_of in written for part in _dated(table, table_of)])
    if isinstance(written, list):
        if table == "assumptions" and _words(written):
            return {"choices": written}
        if len(written) == len(_ENDS):
            return dict(zip(_ENDS, written, strict=True))
        raise StudyError(Problem.of("", "sweep.no_pair", value=repr(written)))
    return _several(_dated(table, written)) if isinstance(written, Mapping) else {"low": written}


def _dated(table: str, written: Mapping[str, Any]) -> list[Any]:
    """Return a table of a design for each year that a table names; the table itself where it names none."""
    is_by_year = bool(written) and all(name.isdecimal() for name in written)
    points = written if is_by_year else written.get(_POINTS)
    if not isinstance(points, Mapping):
        return [written]
    rest = {} if is_by_year else {name: entry for name, entry in written.items() if name != _POINTS}
    return [{**_entry(table, value), **rest, "year": int(year) if year.isdecimal() else year}
            for year, value in points.items()]


def _several(parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else parts


def _words(written: Sequence[Any]) -> bool:
    """Tell whether a list holds names, none of which is a number written as text."""
    return bool(written) and all(isinstance(word, str) and not _is_number(word) for word in written)


def _is_number(word: str) -> bool:
    with suppress(ValueError):
        float(word)
        return True
    return False
