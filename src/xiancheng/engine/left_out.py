"""What a model cannot have here, so that the rest of it runs: values, tables and functions that are not there.

Only where nothing is named to be computed is anything left out, and it is told; what is asked for by name is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xiancheng.engine import needed
from xiancheng.engine.graph import Plan
from xiancheng.engine.macros import INNER
from xiancheng.engine.read import CONTROLS, Model
from xiancheng.engine.syntax import External
from xiancheng.engine.tables import inside
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import phrase_list

NOTES = {"engine.data.none": "engine.left.data", "engine.function.absent": "engine.left.function",
         "engine.table.none": "engine.left.table"}
"""The note about what is left out, by the kind of problem."""
_MOST_NAMES = 40


@dataclass(frozen=True)
class LeftOut:
    """What a model lacks.

    Attributes:
        problems: each lack, as it would be refused.
        notes: one for each kind, with how many variables it takes away.
        names: keys of the variables that are left out, those that read the others among them.
        rest: keys of the variables that can be returned.
    """

    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    names: frozenset[str]
    rest: tuple[str, ...]


def kind(problem: Problem) -> str:
    """Return the key of what was found, without the name of the variable around it."""
    return str(getattr(_message(problem), "key", ""))


def _message(problem: Problem) -> Any:
    message = problem.found
    return getattr(message, "values", {}).get("found", message)


def left_out(planned: Plan, problems: Sequence[Problem]) -> LeftOut | None:
    """Return what can be left out of a model; None where nothing is lacking, other things are wrong or nothing is left.

    Args:
        planned: the model.
        problems: everything found in it so far.
    """
    model = planned.model
    lacks = [(problem, model.lines.get(problem.row or 0, "")) for problem in problems]
    if any(kind(problem) not in NOTES or problem.file != model.file or not owner for problem, owner in lacks):
        return None
    lacks += list(_tables(model, planned))
    if not lacks:
        return None
    broken = planned.broken | {owner for _, owner in lacks}
    names = needed.readers(model, broken, broken) & model.variables.keys()
    rest = tuple(name for name, variable in model.variables.items()
                 if name not in names and variable.kind != "lookup" and not name.startswith(INNER))
    if names & set(CONTROLS) or not set(rest) - set(CONTROLS):
        return None
    notes = tuple(_note(each, lacks, planned) for each in NOTES if any(kind(problem) == each for problem, _ in lacks))
    return LeftOut(tuple(problem for problem, _ in lacks), notes, frozenset(names), rest)


def _tables(model: Model, planned: Plan) -> Iterable[tuple[Problem, str]]:
    """Yield the tables that are not there, with the variable that reads each."""
    for name, variable in model.variables.items():
        for component in variable.components:
            node = component.node
            if name not in planned.broken and isinstance(node, External):
                try:
                    path = inside(model.path.parent, node.file)
                except StudyError:
                    continue
                if not path.is_file():
                    yield Problem.of(str(path), "engine.table.none"), name


def _note(each: str, lacks: Sequence[tuple[Problem, str]], planned: Plan) -> Problem:
    """Return the note of one kind: what is lacking, and how many variables are left out for it."""
    model = planned.model
    own = [(problem, owner) for problem, owner in lacks if kind(problem) == each]
    roots = {owner for _, owner in own}
    names = needed.readers(model, planned.broken | roots, roots) & model.variables.keys()
    words = dict.fromkeys(_word(problem, owner, model) for problem, owner in own)
    shown = [*list(words)[:_MOST_NAMES], *(["…"] if len(words) > _MOST_NAMES else [])]
    count = len([name for name in names if not name.startswith(INNER)])
    return Problem.of(model.file, NOTES[each], count=count, lacking=len(words), names=phrase_list(shown))


def _word(problem: Problem, owner: str, model: Model) -> str:
    if kind(problem) == "engine.table.none":
        return problem.file
    if kind(problem) == "engine.function.absent":
        return str(_message(problem).values["function"])
    return model.variables[owner].name
