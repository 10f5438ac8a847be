"""A .mdl as a model: variables with units, dims and equations; what cannot be read is listed, all at once."""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from parsimonious.exceptions import ParsimoniousError

from xiancheng.engine import keeping, syntax
from xiancheng.engine.dimensions import Dimensions, dimensions, is_definition
from xiancheng.engine.entries import Entry, entries
from xiancheng.engine.functions import ALIASES, TABLE
from xiancheng.engine.layout import declared_dims, overlaps
from xiancheng.engine.source import decode, key, missing_in_lists, signed_power
from xiancheng.errors import Problem, StudyError
from xiancheng.texts import Phrase, phrase, phrase_list

CONTROLS = ("initial_time", "final_time", "time_step", "saveper")
_UNREADABLE = (ParsimoniousError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What PySD raises: refusals of its grammar, and what its visitors meet in a form unknown to them."""


@dataclass(frozen=True)
class Component:
    """One equation of a variable.

    Attributes:
        subscripts: left-hand keys, ranges or elements.
        excepts: the groups after :EXCEPT:.
        node: the right side.
        keyword: how a data variable moves between points, or None.
        line: where the equation begins.
        equation: the text.
    """

    subscripts: tuple[str, ...]
    excepts: tuple[tuple[str, ...], ...]
    node: syntax.Node
    keyword: str | None
    line: int
    equation: str


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
    """

    path: Path
    file: str
    text: str
    variables: Mapping[str, Variable]
    dimensions: Dimensions
    broken: frozenset[str] = frozenset()
    lines: Mapping[int, str] = field(default_factory=dict)

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


def survey(path: Path | str, text: str | None = None) -> tuple[Model | None, list[Problem]]:
    """Read as much as can be read, with the problems met on the way."""
    path = Path(path)
    file = str(path)
    try:
        source = decode(path) if text is None else text
    except StudyError as error:
        return None, list(error.problems)
    parts, problems = entries(source, file)
    macros = [entry for entry in parts if entry.equation.upper().startswith((":MACRO:", ":END OF MACRO:"))]
    if macros:
        return None, [*problems, Problem.of(file, "engine.macros", macros[0].line)]
    ranges, wrong = dimensions(parts, path.parent, file)
    problems += wrong
    equations = [entry for entry in parts if not is_definition(entry)]
    drafts, wrong = keeping.parsed(source, lambda: _drafts(equations, file))
    problems += wrong
    variables, ranges = _variables(drafts, ranges, file, problems)
    if not parts:
        return None, problems
    model = Model(path, file, source, variables, ranges)
    problems += _clashes(model)
    bound = {name: _bound(variable, model, problems) for name, variable in variables.items()}
    lines = {problem.row for problem in problems if problem.file == file}
    broken = {key(entry.name) for entry in parts if entry.line in lines}
    own = {entry.line: key(entry.name) for entry in equations}
    return replace(model, variables=bound, broken=frozenset(broken), lines=own), problems


def no_variable(name: str, model: Model, file: str) -> Problem:
    """Return the problem that a model has no variable of a name."""
    near = nearest(name, [variable.name for variable in model.variables.values()])
    return replace(Problem.of(file, "engine.unknown", name=name), hint=near)


def nearest(name: str, names: Sequence[str]) -> Phrase:
    """Return a hint with the names most like another."""
    close = difflib.get_close_matches(name, names, 3, 0.6)
    return phrase("hint.did_you_mean", names=phrase_list(map(repr, close))) if close else phrase("table.spelling")


def _drafts(equations: Sequence[Entry], file: str) -> tuple[list[tuple[Entry, str, Component]], list[Problem]]:
    drafts, problems = [], []
    for entry in equations:
        if signed_power(entry.equation):
            problems.append(Problem.of(file, "engine.signed_power", entry.line, name=entry.name))
        parsed = _parse(entry, file, problems)
        if parsed is not None:
            drafts.append((entry, *parsed))
    return drafts, problems


def _parse(entry: Entry, file: str, problems: list[Problem]) -> tuple[str, Component] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pysd.translators.vensim.vensim_element import Component as Readable  # type: ignore[import-untyped]
            from pysd.translators.vensim.vensim_element import Element

            part = Element(_capitals(missing_in_lists(entry.equation)), "", "").parse()
            if not isinstance(part, Readable):
                problems.append(Problem.of(file, "engine.no_equation", entry.line, name=entry.name))
                return None
            part.parse()
        node = syntax.translate(part.ast)
    except syntax.Refused as refused:
        problems.append(refused.at(file, entry.name, entry.line))
        return None
    except _UNREADABLE as error:
        problems.append(Problem.of(file, "engine.unreadable", entry.line, name=entry.name, reason=_reason(error)))
        return None
    subscripts, excepts = part.subscripts
    return part.name, Component(
        tuple(map(key, subscripts)), tuple(tuple(map(key, group)) for group in excepts), node,
        getattr(part, "keyword", None), entry.line, entry.equation)


def _capitals(equation: str) -> str:
    return re.sub(r":(?:and|or|not|na|except):", lambda match: match.group(0).upper(), equation, flags=re.IGNORECASE)


def _reason(error: Exception) -> Phrase:
    text = str(error)
    where = re.search(r"at '(.*?)' \(line", text, re.DOTALL)
    if where:
        return phrase("engine.reason.near", text=where.group(1)[:40])
    if "positional argument" in text or "unpack" in text:
        return phrase("engine.reason.arguments")
    return phrase("engine.reason.one_point" if "too many indices" in text else "engine.reason.form")


def _variables(
    drafts: Sequence[tuple[Entry, str, Component]], ranges: Dimensions, file: str, problems: list[Problem]
) -> tuple[dict[str, Variable], Dimensions]:
    grouped: dict[str, list[tuple[Entry, str, Component]]] = {}
    for draft in drafts:
        grouped.setdefault(key(draft[1]), []).append(draft)
    variables = {}
    for name, parts in grouped.items():
        variables[name], ranges = _variable(name, parts, ranges, file, problems)
    return variables, ranges


def _variable(
    name: str, parts: Sequence[tuple[Entry, str, Component]], ranges: Dimensions, file: str, problems: list[Problem]
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
    if any(isinstance(node, syntax.Call) and node.function == "INTEG" for node in nodes):
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


def _bound(variable: Variable, model: Model, problems: list[Problem]) -> Variable:
    """Tie calls of named lookups to them, and list unknown functions and wrong numbers of arguments."""
    return replace(variable, components=tuple(
        replace(component, node=_bind(component.node, variable, component, model, problems))
        for component in variable.components))


def _bind(
    node: syntax.Node, variable: Variable, component: Component, model: Model, problems: list[Problem]
) -> syntax.Node:
    if isinstance(node, syntax.LookupCall):
        return replace(node, argument=_bind(node.argument, variable, component, model, problems))
    if not isinstance(node, syntax.Call):
        return node
    arguments = tuple(_bind(argument, variable, component, model, problems) for argument in node.arguments)
    name = ALIASES.get(node.function, node.function)
    if key(name) in model.variables and len(arguments) == 1:
        return syntax.LookupCall(syntax.Reference(key(name)), arguments[0])
    try:
        _check_call(name, len(arguments))
    except syntax.Refused as refused:
        problems.append(refused.at(model.file, variable.name, component.line))
    rule = TABLE[name].state if name in TABLE else None
    return syntax.Call(name, arguments) if rule is None else syntax.StateCall(name, arguments, rule)


def _check_call(name: str, count: int) -> None:
    row = TABLE.get(name)
    if row is None:
        names = sorted(function for function in TABLE if function[0].isalpha() and function.isupper())
        raise syntax.Refused("engine.function", function=name, names=", ".join(names), near=nearest(name, list(TABLE)))
    if count != len(row.arguments):
        arguments = ", ".join(argument.rstrip("*") for argument in row.arguments)
        raise syntax.Refused("engine.arguments", function=name, count=count, arguments=arguments)
