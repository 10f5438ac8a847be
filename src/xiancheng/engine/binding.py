"""Equations tied to the model around them: lookups and tables by name, functions by their rows of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xiancheng.engine import absent, rewriting, syntax, vector_lookup
from xiancheng.engine.drafts import Component
from xiancheng.engine.functions import ALIASES, TABLE
from xiancheng.engine.source import key, nearest
from xiancheng.errors import Problem

if TYPE_CHECKING:
    from xiancheng.engine.read import Model, Variable


def bound(variable: Variable, model: Model, problems: list[Problem]) -> Variable:
    """Tie calls of named lookups to them, and list unknown functions and wrong numbers of arguments."""
    return replace(variable, components=tuple(
        replace(component, node=rewriting.own(_bind(component.node, variable, component, model, problems), variable.key,
                                              component.subscripts))
        for component in variable.components))


def _bind(
    node: syntax.Node, variable: Variable, component: Component, model: Model, problems: list[Problem]
) -> syntax.Node:
    if isinstance(node, syntax.LookupCall):
        return replace(node, argument=_bind(node.argument, variable, component, model, problems))
    if isinstance(node, syntax.External) and node.file.startswith("?"):
        if node.file not in model.tags:
            raised = syntax.Refused("engine.tag.none", tag=node.file)
            problems.append(raised.at(model.file, variable.name, component.line))
        return replace(node, file=model.tags.get(node.file, node.file))
    if not isinstance(node, syntax.Call):
        return node
    arguments = tuple(_bind(argument, variable, component, model, problems) for argument in node.arguments)
    name = ALIASES.get(node.function, node.function)
    if key(name) in model.variables and len(arguments) == 1:
        return syntax.LookupCall(syntax.Reference(key(name)), arguments[0])
    try:
        if name == "VECTOR LOOKUP" and len(arguments) == len(TABLE[name].arguments):
            arguments = (_vector(arguments[0], model), *arguments[1:])
        if (name, len(arguments)) == rewriting.MARKET:
            price = rewriting.market(arguments, lambda node: _dims(node, model), model.dimensions)
            return _bind(price, variable, component, model, problems)
        rewritten = rewriting.rewritten(name, tuple(map(syntax.bounded, arguments)), model.dimensions)
        if rewritten is not None:
            return _bind(rewritten, variable, component, model, problems)
        _check_call(name, len(arguments))
        if name == "VECTOR ELM MAP" and not _variable(arguments[0], model):
            raise syntax.Refused("engine.elm.variable")
        if name == "SINTEG" and not all(map(_literal, arguments[2:])):
            raise syntax.Refused("engine.sinteg.number")
    except syntax.Refused as refused:
        problems.append(refused.at(model.file, variable.name, component.line))
        return syntax.Call("", arguments)
    rule = TABLE[name].state if name in TABLE else None
    return syntax.Call(name, arguments) if rule is None else syntax.StateCall(name, arguments, rule)


def _variable(node: syntax.Node, model: Model) -> bool:
    """Tell whether a node names a variable, rather than a range, an element or the time, or is an expression."""
    if not isinstance(node, syntax.Reference) or key(node.name) == "time":
        return False
    return not (model.dimensions.is_range(node.name) or model.dimensions.is_element(node.name))


def _literal(node: syntax.Node) -> bool:
    """Tell whether a node is a number as it is written, with a sign or :NA:."""
    if isinstance(node, syntax.Call) and node.function == "negative":
        return _literal(node.arguments[0])
    return isinstance(node, syntax.Number)


def _vector(node: syntax.Node, model: Model) -> syntax.Node:
    return vector_lookup.points(node, _dims(node, model), model.dimensions)


def _dims(node: syntax.Node, model: Model) -> Sequence[str]:
    """Return the ranges of the variable that a node names; none where it names none."""
    variable = model.variables.get(key(node.name)) if isinstance(node, syntax.Reference) else None
    return variable.dims if variable else ()


def _check_call(name: str, count: int) -> None:
    row = TABLE.get(name)
    counts = rewriting.counts(name)
    if row is None and counts and count not in counts:
        right = " / ".join(map(str, counts))
        raise syntax.Refused("engine.arguments.number", function=name, count=count, right=right)
    if row is None and name in absent.NAMES:
        raise syntax.Refused("engine.function.absent", function=name)
    if row is None:
        names = sorted(function for function in TABLE if function[0].isalpha() and function.isupper())
        raise syntax.Refused("engine.function", function=name, names=", ".join(names), near=nearest(name, list(TABLE)))
    if count != len(row.arguments):
        arguments = ", ".join(argument.rstrip("*") for argument in row.arguments)
        raise syntax.Refused("engine.arguments", function=name, count=count, arguments=arguments)
