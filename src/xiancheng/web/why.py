"""Why a lever moves its figure: a shortest way through the equations, with their constants and the loops on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xiancheng.engine import depends, graph
from xiancheng.engine import read as equations
from xiancheng.engine.source import key
from xiancheng.model import catalogue
from xiancheng.model.catalogue import Variable
from xiancheng.outputs import loops
from xiancheng.outputs.reader import Reader
from xiancheng.scenarios.levers import Lever
from xiancheng.sketches import pictures
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES

Users = Mapping[str, Sequence[str]]


@dataclass
class Ways:
    """Shortest ways from levers to the figures that they are for.

    Attributes:
        study: the study.
        reader: what reads runs: it knows the variables that an indicator rests on.
        book: the levers by id.
    """

    study: Study
    reader: Reader
    book: Mapping[str, Lever]

    def ids(self, lever: Lever) -> list[str]:
        """Return the variables of the way of a lever by id, its own first; none where no way leads to its figure."""
        if lever.own_indicator not in self.reader.indicators:
            return []
        return _shortest(self._users, key(lever.variable), [key(name) for name in
                                                            self.reader.needed([lever.own_indicator])])

    @cached_property
    def _users(self) -> Users:
        return _users(self.study)

    def picture(self, sector: str) -> str | None:
        """Return the stock-and-flow picture of a sector as SVG, None where the equations have none.

        Raises:
            StudyError: lines of the sketch that cannot be read.
        """
        return self._pictures.get(pictures.file_name(sector))

    @cached_property
    def _pictures(self) -> Mapping[str, str]:
        return pictures.drawn(self.study, LANGUAGES[-1])

    def way(self, lever: Lever) -> dict[str, Any]:
        """Return how a lever comes to the figure that it is for, as the page takes it.

        Returns:
            `variables` in order from the lever's own, each with its sentence, unit, equation and constants, and
            `loops`: whose switch a variable of the way looks at (`is_near`) first, then the others.

        Raises:
            StudyError: equations that cannot be read.
        """
        users, ids = self._users, self.ids(lever)
        variables = {variable.id: variable for variable in catalogue.read(self.study)}
        feeds = {name: [cause for cause, fed in users.items() if name in fed and cause not in ids] for name in ids}
        near = {loop.id: bool(set(users.get(key(loop.switch), ())) & set(ids)) for loop in loops.read(self.study)}
        return {
            "variables": [_shown(variables[name], [variables[cause] for cause in feeds[name]]) for name in ids],
            "loops": sorted(({"id": loop.id, "title": loop.title, "path": loop.path, "note": loop.note,
                              "evidence": loop.evidence, "is_near": near[loop.id]} for loop in loops.read(self.study)),
                            key=lambda loop: not loop["is_near"]),
        }


def _users(study: Study) -> Users:
    """Return, for each variable by key, the variables whose equations look at it."""
    feeding = graph.variable_graph(equations.read(study.equations), depends.everything)
    users: dict[str, list[str]] = {name: [] for name in feeding}
    for name, causes in feeding.items():
        for cause in causes:
            users[cause].append(name)
    return users


def _shortest(users: Users, start: str, ends: Sequence[str]) -> list[str]:
    if start in ends:
        return [start]
    ways = [depends.path(users, start, end, set(users)) for end in ends]
    return min((chain for chain in ways if chain), key=len, default=[])


def _shown(variable: Variable, causes: Sequence[Variable]) -> dict[str, Any]:
    constants = [cause for cause in causes if cause.value is not None]
    return {
        "id": variable.id, "name": variable.name, "unit": variable.unit, "sentence": variable.sentence,
        "equation": variable.equation, "sector": variable.group,
        "constants": [{"name": cause.name, "value": cause.value, "unit": cause.unit, "evidence": cause.evidence,
                       "source": cause.source} for cause in constants],
    }
