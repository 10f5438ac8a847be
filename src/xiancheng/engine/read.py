"""A .mdl as a model: variables with units, dims and equations; what cannot be read is listed, all at once."""

from __future__ import annotations

import difflib
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xiancheng.engine import keeping, syntax
from xiancheng.engine.dimensions import Dimensions, dimensions, is_definition
from xiancheng.engine.entries import Entry, entries
from xiancheng.engine.functions import ALIASES, TABLE
from xiancheng.engine.layout import declared_dims, overlaps
from xiancheng.engine.source import decode, key, signed_power
from xiancheng.errors import Problem, StudyError

CONTROLS = ("initial_time", "final_time", "time_step", "saveper")


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

    `file` is the path as the user named it, `broken` the keys of variables that could not be read.
    """

    path: Path
    file: str
    text: str
    variables: Mapping[str, Variable]
    dimensions: Dimensions
    broken: frozenset[str] = frozenset()

    def variable(self, name: str) -> Variable:
        """Return a variable by any spelling of its name.

        Raises:
            StudyError: no such variable; the nearest names are offered.
        """
        found = self.variables.get(key(name))
        if found is None:
            raise StudyError(Problem(self.file, f"no variable {name!r}", "a variable of the model",
                                     nearest(name, [one.name for one in self.variables.values()])))
        return found


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
    found, problems = entries(source, file)
    macros = [entry for entry in found if entry.equation.upper().startswith((":MACRO:", ":END OF MACRO:"))]
    if macros:
        return None, [*problems, Problem(file, "macros are not supported", "equations",
                                         "write the equations of the macro where it is used", macros[0].line)]
    ranges, wrong = dimensions([entry for entry in found if is_definition(entry)], path.parent, file)
    problems += wrong
    equations = [entry for entry in found if not is_definition(entry)]
    drafts, wrong = keeping.parsed(source, lambda: _drafts(equations, file))
    problems += wrong
    variables, ranges = _variables(drafts, ranges, file, problems)
    if not found:
        return None, problems
    model = Model(path, file, source, variables, ranges)
    problems += _clashes(model)
    bound = {name: _bound(variable, model, problems) for name, variable in variables.items()}
    lines = {problem.row for problem in problems if problem.file == file}
    broken = {key(entry.name) for entry in found if entry.line in lines}
    return replace(model, variables=bound, broken=frozenset(broken)), problems


def nearest(name: str, names: Sequence[str]) -> str:
    """Return a hint with the names most like the one asked for."""
    close = difflib.get_close_matches(name, names, 3, 0.6)
    return "did you mean " + ", ".join(repr(one) for one in close) + "?" if close else "check the spelling"


def _drafts(found: Sequence[Entry], file: str) -> tuple[list[tuple[Entry, str, Component]], list[Problem]]:
    drafts, problems = [], []
    for entry in found:
        if signed_power(entry.equation):
            problems.append(Problem(file, f"{entry.name!r}: a sign before a power is ambiguous",
                                    "(0 - 2) ^ 2 or -(2 ^ 2)", "write the parentheses", entry.line))
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

            part = Element(_capitals(entry.equation), "", "").parse()
            if not isinstance(part, Readable):
                problems.append(Problem(file, f"{entry.name!r} is no equation", "variables and ranges",
                                        "remove reality checks and test inputs", entry.line))
                return None
            part.parse()
        node = syntax.translate(part.ast)
    except syntax.Refused as refused:
        problems.append(Problem(file, f"{entry.name!r}: {refused.found}", refused.allowed, refused.hint, entry.line))
        return None
    except Exception as error:
        problems.append(Problem(file, f"{entry.name!r} cannot be read: {_reason(error)}", "a Vensim equation",
                                "check operators, parentheses, commas and the number of arguments", entry.line))
        return None
    subscripts, excepts = part.subscripts
    return part.name, Component(
        tuple(map(key, subscripts)), tuple(tuple(map(key, group)) for group in excepts), node,
        getattr(part, "keyword", None), entry.line, entry.equation,
    )


def _capitals(equation: str) -> str:
    return re.sub(r":(?:and|or|not|na|except):", lambda match: match.group(0).upper(), equation, flags=re.IGNORECASE)


def _reason(error: Exception) -> str:
    text = str(error)
    where = re.search(r"at '(.*?)' \(line", text, re.DOTALL)
    if where:
        return f"near {where.group(1)[:40]!r}"
    if "positional argument" in text or "unpack" in text:
        return "a function has the wrong number of arguments"
    if "too many indices" in text:
        return "a lookup has one point"
    return "its form is unknown"


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
            problems.append(Problem(file, f"{written!r} and {other!r} are one name", "names that differ in letters",
                                    "rename one: case, blanks and underscores make no difference", entry.line))
    dims, ranges, wrong = declared_dims(written, components, ranges)
    problems += [Problem(file, found, allowed, hint, line) for found, allowed, hint, line in wrong]
    if not wrong:
        problems += [Problem(file, found, allowed, hint, line)
                     for found, allowed, hint, line in overlaps(written, components, dims, ranges)]
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
    return (
        isinstance(node, syntax.Call) and node.function in ("negative", "GAME")
        and isinstance(node.arguments[0], syntax.Number)
    )


def _clashes(model: Model) -> list[Problem]:
    problems = []
    for name, variable in model.variables.items():
        if name == "time":
            problems.append(Problem(model.file, "'Time' is defined", "Time is the model's own clock",
                                    "rename the variable", variable.line))
        elif name.replace("_", " ").upper() in TABLE:
            problems.append(Problem(model.file, f"{variable.name!r} is the name of a function", "another name",
                                    "rename the variable", variable.line))
        elif name in model.dimensions.ranges or name in model.dimensions.holders:
            problems.append(Problem(model.file, f"{variable.name!r} is also a subscript", "another name",
                                    "rename the variable or the subscript", variable.line))
    missing = [name for name in CONTROLS if name not in model.variables]
    problems += [Problem(model.file, f"no {name.replace('_', ' ').upper()}", "the four simulation controls",
                         "add the group .Control") for name in missing]
    return problems


def _bound(variable: Variable, model: Model, problems: list[Problem]) -> Variable:
    """Tie calls of named lookups to them, and list unknown functions and wrong numbers of arguments."""
    return replace(variable, components=tuple(
        replace(component, node=_bind(component.node, variable, component, model, problems))
        for component in variable.components
    ))


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
    wrong = _wrong_call(name, len(arguments), model)
    if wrong:
        problems.append(Problem(model.file, f"{variable.name!r}: {wrong[0]}", wrong[1], wrong[2], component.line))
    rule = TABLE[name].state if name in TABLE else None
    return syntax.Call(name, arguments) if rule is None else syntax.StateCall(name, arguments, rule)


def _wrong_call(name: str, count: int, model: Model) -> tuple[str, str, str] | None:
    row = TABLE.get(name)
    if row is None:
        known = ", ".join(sorted(one for one in TABLE if one[0].isalpha() and one.isupper()))
        return f"function {name} is not supported", known, nearest(name, list(TABLE))
    if count != len(row.arguments):
        shown = ", ".join(argument.rstrip("*") for argument in row.arguments)
        return (f"{name} has {count} arguments", f"{name}({shown})", "give each argument once")
    return None
