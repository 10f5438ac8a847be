"""Which problems of a model stand in the way of what is asked for; the others are notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xiancheng.engine.depends import everything
from xiancheng.engine.read import Model
from xiancheng.engine.source import key
from xiancheng.errors import Problem


@dataclass(frozen=True)
class Sorted:
    """The problems of what is asked for, and those of all else."""

    problems: list[Problem]
    notes: list[Problem]


def feeding(model: Model, broken: Collection[str]) -> dict[str, list[str]]:
    """Return, for each variable, the variables that it refers to, those included that cannot be read."""
    return {
        name: list(dict.fromkeys(
            key(reference.name)
            for component in variable.components
            for reference in everything(component.node)
            if key(reference.name) in model.variables or key(reference.name) in broken
        ))
        for name, variable in model.variables.items()
    }


def along(graph: Mapping[str, Sequence[str]], names: Iterable[str]) -> set[str]:
    """Return all that can be reached from some names, themselves included."""
    passed: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in passed:
            passed.add(name)
            waiting += graph.get(name, ())
    return passed


def sound(model: Model, broken: Collection[str]) -> list[str]:
    """Return the variables that need nothing broken, in the order of the file."""
    spoilt = readers(model, broken, broken)
    return [name for name in model.variables if name not in spoilt]


def readers(model: Model, broken: Collection[str], names: Iterable[str]) -> set[str]:
    """Return some variables and all that read them, directly or not; `broken` are those that cannot be read."""
    users: dict[str, list[str]] = {}
    for name, causes in feeding(model, broken).items():
        for cause in causes:
            users.setdefault(cause, []).append(name)
    return along(users, names)


def sort(problems: Sequence[Problem], model: Model, broken: Collection[str], outputs: Iterable[str]) -> Sorted:
    """Sort problems by whether what is asked for needs the variable that they are of.

    Args:
        problems: of the model, of its ranges and of its tables; one that belongs to no variable is always in the way.
        model: the model.
        broken: keys of what cannot be computed.
        outputs: keys of the variables to return.
    """
    needed = along(feeding(model, broken), outputs)
    parts = Sorted([], [])
    for problem in problems:
        owner = model.lines.get(problem.row or 0) if problem.file == model.file else None
        (parts.problems if owner is None or owner in needed else parts.notes).append(problem)
    return parts
