"""The structure of a model: what feeds what, in which order, how often each variable must be computed.

Why equations are split. The order is found between whole variables, so that each is one operation on an array. Then a
variable that looks at other cells of its own (an age at the one below it, a year at the one before) is a ring, though
no cell needs itself. Such a ring is untied (`_untie`): its equations are split into one for each element, first only
along the ranges in which some reference inside the ring stands at another element than the left side (`_moving`), since
each piece is an operation of its own; only if that does not do, along all ranges. What is a ring even then is an
algebraic loop, and is named by a shortest way round. Rings of more than 4,000 cells are named at once, since each cell
could become an operation to compile. Pieces of a ring are fetched one by one (`Plan.partial`), in whatever
order they ask for each other, so that no order within it need be written down.

This is done twice, for what present values look at and for what initial values look at: the present value of a stock
needs no other, its initial value needs what its start names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from xiancheng.engine import depends
from xiancheng.engine.functions import TABLE
from xiancheng.engine.read import CONTROLS, Model, Variable
from xiancheng.engine.shapes import check_piece, dims_of
from xiancheng.engine.source import key
from xiancheng.engine.subscripts import Piece, select, split, whole_pieces
from xiancheng.engine.syntax import Call, External, LookupCall, Missing, Node, OwnMemory, Reference, Refused
from xiancheng.errors import Problem

CONSTANT, ONCE, STEP = 0, 1, 2
_MOST_CELLS = 4000
References = Callable[[Node], Iterator[Reference]]


@dataclass(frozen=True, eq=False)
class Plan:
    """A model ready to be evaluated.

    Attributes:
        model: the model.
        pieces: the places of evaluation of each variable.
        partial: variables whose cells need each other, so that each piece is fetched alone.
        broken: variables with problems.
    """

    model: Model
    pieces: Mapping[str, tuple[Piece, ...]]
    partial: frozenset[str]
    broken: frozenset[str] = frozenset()

    @cached_property
    def clock(self) -> frozenset[str]:
        """The variables that start, end and steps follow from, themselves included."""
        return reached(self.model, CONTROLS)


def plan(model: Model) -> tuple[Plan, list[Problem]]:
    """Work out pieces and order; wrong subscripts and algebraic loops come back as problems."""
    pieces = {
        name: whole_pieces(variable, model.dimensions) if name not in model.broken else ()
        for name, variable in model.variables.items()
    }
    problems: list[Problem] = []
    broken = set(model.broken)
    for name, several in pieces.items():
        faults = [] if name in broken else [problem for piece in several for problem in _check(piece, model)]
        problems += faults
        broken |= {name} if faults else set()
    partial: set[str] = set()
    for references in (depends.now, depends.initially):
        graph = variable_graph(model, references)
        for ring in depends.rings({name: graph[name] for name in graph if name not in broken}):
            partial.update(ring)
            tied = _untie(ring, pieces, references, model)
            problems += [problem for problem in tied if problem not in problems]
            broken |= set(ring) if tied else set()
    return Plan(model, pieces, frozenset(partial), frozenset(broken)), problems


def _check(piece: Piece, model: Model) -> list[Problem]:
    name, line = model.variables[piece.variable].name, piece.component.line
    refusals: list[Refused] = []
    unknown = False
    for reference in depends.everything(piece.component.node):
        lookup = model.variables.get(key(reference.name))
        if key(reference.name) in model.broken:
            unknown = True
        elif lookup is None or lookup.kind != "lookup":
            try:
                dims_of(reference, piece, model)
            except Refused as refused:
                refusals.append(refused)
    if not refusals and not unknown:
        try:
            check_piece(piece, model)
        except Refused as refused:
            refusals.append(refused)
    return list(dict.fromkeys(refused.at(model.file, name, line) for refused in refusals))


def variable_graph(model: Model, references: References) -> dict[str, list[str]]:
    """Return, for each variable, the variables that it refers to in one of the senses of `depends`."""
    return {name: _feeding(variable, model, references) for name, variable in model.variables.items()}


def _feeding(variable: Variable, model: Model, references: References) -> list[str]:
    names = (key(reference.name) for component in variable.components for reference in references(component.node))
    return list(dict.fromkeys(name for name in names if name in model.variables))


def _untie(
    ring: Sequence[str], pieces: dict[str, tuple[Piece, ...]], references: References, model: Model
) -> list[Problem]:
    """Split the equations of a ring until each cell follows from others, or name the loop."""
    for everything in (False, True):
        graph = _piece_graph(ring, pieces, references, model)
        tied = depends.rings(graph)
        if not tied:
            return []
        for label_ring in tied:
            inside = [piece for name in ring for piece in pieces[name] if piece.label in label_ring]
            if sum(int(np.prod([len(positions) for positions in piece.region])) for piece in inside) > _MOST_CELLS:
                return [_loop(graph, label_ring, model)]
            for piece in inside:
                tokens = piece.tokens if everything else _moving(piece, ring, references)
                _replace(piece, tokens, pieces, model)
    graph = _piece_graph(ring, pieces, references, model)
    return [_loop(graph, label_ring, model) for label_ring in depends.rings(graph)[:1]]


def _loop(graph: Mapping[str, Sequence[str]], ring: Sequence[str], model: Model) -> Problem:
    names = [label.split("#")[0] for label in depends.circle(graph, ring)]
    shown = [model.variables[name].name for name, before in zip(names, [None, *names], strict=False) if name != before]
    shown = shown if len(shown) > 1 else shown * 2
    return Problem.of(model.file, "engine.loop", model.variables[names[0]].line, names=" <- ".join(shown))


def _moving(piece: Piece, ring: Sequence[str], references: References) -> tuple[str, ...]:
    """Return the left-hand ranges under which some reference into the ring is not at the same element."""
    names = set(ring)
    inner = [reference for reference in references(piece.component.node) if key(reference.name) in names]
    return tuple(
        token for token in piece.tokens
        if any(token not in [key(subscript) for subscript in reference.subscripts] for reference in inner)
    )


def _replace(piece: Piece, tokens: tuple[str, ...], pieces: dict[str, tuple[Piece, ...]], model: Model) -> None:
    if tokens:
        others = tuple(other for other in pieces[piece.variable] if other is not piece)
        first = 1 + max([other.number for other in others] + [piece.number])
        pieces[piece.variable] = (*others, *split(piece, tokens, model.dimensions, first))


def _piece_graph(
    ring: Sequence[str], pieces: Mapping[str, tuple[Piece, ...]], references: References, model: Model
) -> dict[str, list[str]]:
    names = set(ring)
    graph: dict[str, list[str]] = {}
    for name in ring:
        for piece in pieces[name]:
            labels: dict[str, None] = {}
            for reference in references(piece.component.node):
                if key(reference.name) in names:
                    labels.update(dict.fromkeys(_touched(reference, piece, pieces, model)))
            graph[piece.label] = list(labels)
    return graph


def _touched(
    reference: Reference, piece: Piece, pieces: Mapping[str, tuple[Piece, ...]], model: Model
) -> Iterable[str]:
    selectors = select(key(reference.name), reference.subscripts, piece, model)
    for other in pieces[key(reference.name)]:
        inside = [np.isin(block, chosen.positions) for block, chosen in zip(other.region, selectors, strict=True)]
        if all(chosen.any() for chosen in inside) and (other.mask is None or other.mask[np.ix_(*inside)].any()):
            yield other.label


@dataclass(frozen=True, eq=False)
class Stages:
    """How often each variable and expression is computed: CONSTANT, ONCE per run, or every STEP.

    Attributes:
        plan: the plan.
        inputs: keys of the variables that a run may replace.
        paths: those of them that move in time.
    """

    plan: Plan
    inputs: frozenset[str]
    paths: frozenset[str]
    variables: dict[str, int] = field(default_factory=dict)

    def node(self, node: Node) -> int:
        """Return the stage of an expression."""
        if isinstance(node, Reference):
            name = key(node.name)
            return STEP if name == "time" else self.variables.get(name, CONSTANT)
        if isinstance(node, OwnMemory):
            return STEP
        if isinstance(node, External | Missing):
            return STEP if isinstance(node, Missing) or node.kind == "data" else CONSTANT
        if isinstance(node, LookupCall):
            return self.node(node.argument)
        if not isinstance(node, Call):
            return CONSTANT
        row = TABLE[node.function]
        if row.kind in ("time", "state", "random") or node.function == "ACTIVE INITIAL":
            return STEP
        highest = max((self.node(argument) for argument in node.arguments), default=CONSTANT)
        return min(highest, ONCE) if node.function == "INITIAL" else highest

    def touched(self, node: Node) -> bool:
        """Tell whether an expression needs a variable that a run may replace."""
        names = [key(reference.name) for reference in depends.everything(node)]
        variables = [name for name in names if name in self.plan.model.variables]
        return bool(self.inputs) and bool(reached(self.plan.model, variables) & self.inputs)


def stages(plan_: Plan, inputs: Iterable[str], paths: Iterable[str]) -> Stages:
    """Return the stages when `inputs` may be replaced and `paths` of them move in time."""
    levels = Stages(plan_, frozenset(inputs), frozenset(paths))
    for name in plan_.model.variables:
        levels.variables[name] = STEP if name in levels.paths else ONCE if name in levels.inputs else CONSTANT
    changed = True
    while changed:
        changed = False
        for name, pieces in plan_.pieces.items():
            if name not in levels.inputs and name not in plan_.broken:
                stage = max(levels.node(piece.component.node) for piece in pieces)
                changed |= stage != levels.variables[name]
                levels.variables[name] = stage
    return levels


def reached(model: Model, outputs: Iterable[str]) -> frozenset[str]:
    """Return every variable that the outputs depend on, themselves included."""
    names: set[str] = set()
    waiting = list(outputs)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += _feeding(model.variables[name], model, depends.everything)
    return frozenset(names)


@dataclass(frozen=True)
class Causes:
    """What surrounds a variable: names as written.

    Attributes:
        variable: its name.
        feeds: what its equations look at.
        fed: whose equations look at it.
        loops: for each feeding variable that it reaches, a shortest loop through both.
    """

    variable: str
    feeds: tuple[str, ...]
    fed: tuple[str, ...]
    loops: tuple[tuple[str, ...], ...]


def causes(model: Model, variable: str) -> Causes:
    """Return what feeds a variable, what it feeds and the loops through it.

    Args:
        model: as `read.read` returns it.
        variable: its name, as written or in lower case with underscores.

    Raises:
        StudyError: no such variable.
    """
    own = model.variable(variable).key
    graph = variable_graph(model, depends.everything)
    users: dict[str, list[str]] = {name: [] for name in graph}
    for name, feeding in graph.items():
        for cause in feeding:
            users[cause].append(name)
    loops: dict[frozenset[str], tuple[str, ...]] = {}
    for feeding_name in graph[own]:
        way = [own, own] if feeding_name == own else depends.path(users, own, feeding_name, set(users))
        if way:
            ring = way if feeding_name == own else [*way, own]
            loops.setdefault(frozenset(ring), tuple(model.variables[name].name for name in ring))
    return Causes(
        model.variables[own].name,
        tuple(model.variables[name].name for name in graph[own]),
        tuple(model.variables[name].name for name in users[own]),
        tuple(sorted(loops.values(), key=len)),
    )
