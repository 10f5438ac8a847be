"""A .mdl as a model: variables with units, dims and equations; what cannot be read is listed, all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.engine import data_files, form, keeping, parse, syntax
from xiancheng.engine.binding import bound as tied
from xiancheng.engine.dimensions import Dimensions, dimensions, is_definition
from xiancheng.engine.drafts import Component, Draft
from xiancheng.engine.entries import Entry, entries
from xiancheng.engine.functions import TABLE
from xiancheng.engine.layout import MOST_CELLS, cell_count, declared_dims, filled, overlaps
from xiancheng.engine.macros import expand, extract
from xiancheng.engine.source import decode, key, nearest, without_views
from xiancheng.errors import Problem, StudyError

_TAG = re.compile(r"^30:(\?[^=\n]*)=([^\r\n]*)", re.MULTILINE)
STOCKS = ("INTEG", "SINTEG")
CONTROLS = ("initial_time", "final_time", "time_step", "saveper")


@dataclass(frozen=True)
class Variable:
    """A variable: dims are range keys; kind is stock, constant, lookup, data, control or auxiliary."""

    name: str
    key: str
    units: str
    description: str
    group: str
    dims: tuple[str, ...]
    kind: str
    line: int
    components: tuple[Component, ...]

    @property
    def equation(self) -> str:
        """Return the text of all its equations."""
        return "\n".join(component.equation for component in self.components)


@dataclass(frozen=True)
class Model:
    """Everything a .mdl says, by key.

    Attributes:
        path: the file.
        file: its path as the user named it.
        text: what stands in it.
        variables: by key.
        dimensions: the ranges.
        broken: keys of what is unreadable.
        lines: key of the variable that an equation defines, by the line at which it begins.
        data: what files of data have.
        tags: names of files by the tag, with its ?, that the settings give them.
        holes: of variables that are defined on part of their ranges, which cells have an equation.
    """

    path: Path
    file: str
    text: str
    variables: Mapping[str, Variable]
    dimensions: Dimensions
    broken: frozenset[str] = frozenset()
    lines: Mapping[int, str] = field(default_factory=dict)
    holes: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    data: data_files.Recorded = field(default_factory=data_files.Recorded)

    def variable(self, name: str) -> Variable:
        """Return a variable by any spelling of its name.

        Raises:
            StudyError: no such variable; the nearest names are offered.
        """
        variable = self.variables.get(key(name))
        if variable is None:
            raise StudyError(no_variable(name, self, self.file))
        return variable


def read(path: Path | str, text: str | None = None) -> Model:
    """Read a .mdl; `text` replaces the file's content.

    Raises:
        StudyError: everything that cannot be read.
    """
    model, problems = survey(path, text)
    if problems or model is None:
        raise StudyError(sorted(problems, key=lambda problem: problem.row or 0))
    return model


def survey(
    path: Path | str, text: str | None = None, data: Sequence[Path | str] = ()
) -> tuple[Model | None, list[Problem]]:
    """Read as much as can be read, with the problems met on the way; `data` are files of data variables."""
    path, file = Path(path), str(Path(path))
    try:
        source = decode(path) if text is None else text
        recorded = data_files.read(data)
    except StudyError as error:
        return None, list(error.problems)
    bare, macros, problems = extract(source, file)
    parts, wrong = entries(bare, file)
    problems += wrong
    ranges, wrong = dimensions(parts, path.parent, file)
    problems += wrong
    equations = [entry for entry in parts if not is_definition(entry)]
    drafts, wrong = keeping.parsed(without_views(source), lambda: _drafts(equations, file))
    problems += wrong
    drafts, wrong = expand(drafts, macros, ranges, file)
    problems += wrong
    variables, ranges = _variables(drafts, ranges, file, problems)
    if not parts:
        return None, problems
    model = Model(path, file, source, variables, ranges, holes=_holes(variables, ranges))
    problems += _clashes(model)
    model = replace(model, tags=dict(_TAG.findall(source)), data=recorded)
    bound = {name: tied(variable, model, problems) for name, variable in variables.items()}
    lines = {problem.row for problem in problems if problem.file == file}
    broken = {key(entry.name) for entry in parts if entry.line in lines}
    broken |= {name for name, variable in bound.items() if any(part.line in lines for part in variable.components)}
    own = {entry.line: key(entry.name) for entry in equations}
    return replace(model, variables=bound, broken=frozenset(broken), lines=own), problems


def _holes(variables: Mapping[str, Variable], ranges: Dimensions) -> dict[str, NDArray[np.bool_]]:
    """Return which cells have an equation, of variables that lack one for some; too large ones are told elsewhere."""
    return {name: cells for name, variable in variables.items()
            if variable.dims and cell_count(variable.dims, ranges) <= MOST_CELLS
            and not (cells := filled(variable.components, variable.dims, ranges)).all()}


def no_variable(name: str, model: Model, file: str) -> Problem:
    """Return the problem that a model has no variable of a name."""
    near = nearest(name, [variable.name for variable in model.variables.values()])
    return replace(Problem.of(file, "engine.unknown", name=name), hint=near)


def _drafts(equations: Sequence[Entry], file: str) -> tuple[list[Draft], list[Problem]]:
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for entry in equations:
        parsed = _parse(entry, file, [] if (wrong := form.problems(entry, file)) else problems)
        if parsed is not None and not (wrong and isinstance(parsed[1].node, syntax.External)):
            drafts.append((entry, *parsed))
        problems += wrong
    return drafts, problems


def _parse(entry: Entry, file: str, problems: list[Problem]) -> tuple[str, Component] | None:
    """Return the name and the equation of an entry; conditions of reality checks, which change no result, are none."""
    if parse.CONDITION.search(entry.equation):
        return None
    try:
        left = parse.left_side(entry.equation)
        node = parse.right_side(left, entry.equation)
    except syntax.Refused as refused:
        problems.append(refused.at(file, entry.name, entry.line))
        return None
    return left.name, Component(
        tuple(map(key, left.subscripts)), tuple(tuple(map(key, group)) for group in left.excepts), node, left.keyword,
        entry.line, entry.equation)


def _variables(
    drafts: Sequence[Draft], ranges: Dimensions, file: str, problems: list[Problem]
) -> tuple[dict[str, Variable], Dimensions]:
    grouped: dict[str, list[Draft]] = {}
    for draft in drafts:
        grouped.setdefault(key(draft[1]), []).append(draft)
    variables = {}
    for name, parts in grouped.items():
        variables[name], ranges = _variable(name, parts, ranges, file, problems)
    return variables, ranges


def _variable(
    name: str, parts: Sequence[Draft], ranges: Dimensions, file: str, problems: list[Problem]
) -> tuple[Variable, Dimensions]:
    """Return a variable, and the ranges with a copy of each that it has twice."""
    first, written, _ = parts[0]
    components = tuple(component for _, _, component in parts)
    for entry, other, _ in parts[1:]:
        if " ".join(other.split()) != " ".join(written.split()):
            problems.append(Problem.of(file, "engine.one_name", entry.line, first=written, second=other))
    dims, ranges, wrong = declared_dims(written, components, ranges, file)
    problems += wrong or overlaps(written, components, dims, ranges, file)
    return Variable(
        written.strip(), name, _last(entry.units.rsplit("[", 1)[0].strip() for entry, _, _ in parts),
        _last(entry.comment for entry, _, _ in parts), first.group, dims, _kind(name, components), first.line,
        components,
    ), ranges


def _last(texts: Any) -> str:
    return next((text for text in reversed(list(texts)) if text), "")


def _kind(name: str, components: Sequence[Component]) -> str:
    nodes = [component.node for component in components]
    if name in CONTROLS:
        return "control"
    if any(isinstance(node, syntax.Points) or _external(node, "lookups") for node in nodes):
        return "lookup"
    if any(_external(node, "data") or isinstance(node, syntax.Missing) for node in nodes):
        return "data"
    if any(isinstance(node, syntax.Call) and node.function in STOCKS for node in nodes):
        return "stock"
    literal = (syntax.Number, syntax.Values)
    if all(isinstance(node, literal) or _external(node, "constants") or _signed(node) for node in nodes):
        return "constant"
    return "auxiliary"


def _external(node: syntax.Node, kind: str) -> bool:
    return isinstance(node, syntax.External) and node.kind == kind


def _signed(node: syntax.Node) -> bool:
    return (isinstance(node, syntax.Call) and node.function in ("negative", "GAME")
            and isinstance(node.arguments[0], syntax.Number))


def _clashes(model: Model) -> list[Problem]:
    subscripts = model.dimensions.ranges.keys() | model.dimensions.holders.keys()
    reasons = (("engine.name.time", {"time"}), ("engine.name.function", set(map(key, filter(str.isupper, TABLE)))),
               ("engine.name.subscript", subscripts))
    problems = []
    for name, variable in model.variables.items():
        reason = next((reason for reason, names in reasons if name in names), None)
        if reason is not None:
            problems.append(Problem.of(model.file, reason, variable.line, name=variable.name))
    missing = [name.replace("_", " ").upper() for name in CONTROLS if name not in model.variables]
    return problems + [Problem.of(model.file, "engine.clock.none", name=name) for name in missing]
