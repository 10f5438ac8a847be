"""Every equation's units: what is added or compared must agree, and each side of an equation.

Literal numbers are dimensionless, except 0, starting values, times and whole right-hand sides, which take the unit
that is asked for. A variable without a unit is not compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from xiancheng.engine import syntax
from xiancheng.engine.drafts import Component
from xiancheng.engine.functions import TABLE
from xiancheng.engine.read import CONTROLS, Model, Variable, read
from xiancheng.engine.source import key
from xiancheng.engine.states import NOT_AVAILABLE
from xiancheng.engine.syntax import Call, LookupCall, Node, Number, Points, Reference, Refused
from xiancheng.engine.unit_names import DIMENSIONLESS, FREE, UNKNOWN, Unit, parse
from xiancheng.errors import Problem
from xiancheng.texts import phrase


def check(path: Path | str, text: str | None = None) -> list[Problem]:
    """Return a problem for each disagreement of units in a model.

    Raises:
        StudyError: the model cannot be read.
    """
    return check_model(read(path, text))


def check_model(model: Model) -> list[Problem]:
    """Return a problem for each disagreement of units in a model that has been read."""
    problems: list[Problem] = []
    units: dict[str, Unit] = {}
    for name, variable in model.variables.items():
        try:
            units[name] = parse(variable.units)
        except Refused as refused:
            units[name] = UNKNOWN
            problems.append(refused.at(model.file, variable.name, variable.line))
    time = next((units[name] for name in ("time_step", "initial_time", "final_time", "saveper")
                 if name in units and not units[name].unknown), UNKNOWN)
    for name in CONTROLS:
        if name in units and not units[name].agrees(time):
            variable = model.variables[name]
            problems.append(Problem.of(model.file, "engine.units.clock", variable.line, name=variable.name,
                                       unit=str(units[name]), time=str(time)))
    for variable in model.variables.values():
        for component in variable.components:
            problems += _Equation(model, units, time, variable, component).check()
    return list(dict.fromkeys(problems))


@dataclass(eq=False)
class _Equation:
    """One equation under inspection."""

    model: Model
    units: dict[str, Unit]
    time: Unit
    variable: Variable
    component: Component
    problems: list[Problem] = field(default_factory=list)

    def check(self) -> list[Problem]:
        node, own = self.component.node, self.units[self.variable.key]
        if not _adapts(node):
            right = self.unit(node)
            if not own.agrees(right):
                self.note("engine.units.right", unit=right, allowed=own)
        return self.problems

    def note(self, key_: str, **values: object) -> None:
        """Keep what is found, under its key of the texts; the values are units or words."""
        problem = Problem.of(self.model.file, key_, self.component.line,
                             **{name: str(value) for name, value in values.items()})
        own = str(self.units[self.variable.key])
        sentence = phrase("engine.units.of", name=self.variable.name, unit=own, found=problem.found)
        self.problems.append(replace(problem, found=sentence, hint=phrase("engine.units.hint")))

    def unit(self, node: Node) -> Unit:
        if isinstance(node, Number):
            return FREE if node.value in (0, NOT_AVAILABLE) else DIMENSIONLESS
        if isinstance(node, Reference):
            return self._reference(node)
        if isinstance(node, syntax.OwnMemory):
            return self.units[self.variable.key]
        if isinstance(node, LookupCall):
            self.unit(node.argument)
            return FREE if isinstance(node.lookup, Points) else self.units.get(key(node.lookup.name), UNKNOWN)
        if isinstance(node, Call):
            return _RULES[TABLE[node.function].units](self, node) if node.function in TABLE else UNKNOWN
        return FREE

    def _reference(self, node: Reference) -> Unit:
        name = key(node.name)
        if name == "time":
            return self.time
        return self.units.get(name, DIMENSIONLESS)

    def same(self, node: Call, positions: tuple[int, ...], adapting: tuple[int, ...] = ()) -> Unit:
        """Return the one unit of several arguments; literals among `adapting` take it."""
        result = FREE
        for position in positions:
            argument = node.arguments[position]
            unit = FREE if position in adapting and _adapts(argument) else self.unit(argument)
            if not result.agrees(unit):
                self.note("engine.units.same", first=result, second=unit, function=node.function)
                return UNKNOWN
            result = unit if result.free else result
        return result

    def must(self, node: Call, position: int, allowed: Unit, literal: bool = False) -> None:
        """Note an argument that is not in the unit allowed; literals pass when `literal`."""
        argument = node.arguments[position]
        unit = self.unit(argument)
        if not unit.agrees(allowed) and not (literal and _adapts(argument)):
            name = TABLE[node.function].arguments[position].rstrip("*")
            self.note("engine.units.argument", argument=name, function=node.function, unit=unit, allowed=allowed)


def _adapts(node: Node) -> bool:
    """Tell whether a node is a number, list, table or data without a unit of its own."""
    if isinstance(node, Call) and node.function in ("negative", "GAME", "INITIAL"):
        return _adapts(node.arguments[0])
    if isinstance(node, Call) and node.function in ("+", "-", "*", "/"):
        return all(_adapts(argument) and isinstance(argument, Number | Call) for argument in node.arguments)
    return isinstance(node, Number | syntax.Values | syntax.External | Points | syntax.Missing)


def _same(equation: _Equation, node: Call) -> Unit:
    return equation.same(node, tuple(range(len(node.arguments))))


def _product(equation: _Equation, node: Call) -> Unit:
    return equation.unit(node.arguments[0]).times(equation.unit(node.arguments[1]))


def _quotient(equation: _Equation, node: Call) -> Unit:
    return equation.unit(node.arguments[0]).times(equation.unit(node.arguments[1]), -1)


def _quotient_or(equation: _Equation, node: Call) -> Unit:
    quotient, other = _quotient(equation, node), equation.unit(node.arguments[2])
    if not quotient.agrees(other):
        equation.note("engine.units.xidz", first=quotient, second=other)
    return quotient if not quotient.free else other


def _power(equation: _Equation, node: Call) -> Unit:
    base, exponent = node.arguments
    equation.must(node, 1, DIMENSIONLESS)
    unit = equation.unit(base)
    if isinstance(exponent, Number):
        return unit.power(exponent.value)
    if not unit.agrees(DIMENSIONLESS):
        equation.note("engine.units.power", unit=unit)
    return DIMENSIONLESS


def _dimensionless(equation: _Equation, node: Call) -> Unit:
    for position in range(len(node.arguments)):
        equation.must(node, position, DIMENSIONLESS)
    return DIMENSIONLESS


def _compare(equation: _Equation, node: Call) -> Unit:
    equation.same(node, (0, 1))
    return DIMENSIONLESS


def _choice(equation: _Equation, node: Call) -> Unit:
    equation.must(node, 0, DIMENSIONLESS)
    return equation.same(node, (1, 2))


def _times(equation: _Equation, node: Call) -> Unit:
    for position in range(len(node.arguments)):
        equation.must(node, position, equation.time, literal=True)
    return DIMENSIONLESS


def _ramp(equation: _Equation, node: Call) -> Unit:
    for position in (1, 2):
        equation.must(node, position, equation.time, literal=True)
    slope = node.arguments[0]
    return FREE if _adapts(slope) else equation.unit(slope).times(equation.time)


def _step(equation: _Equation, node: Call) -> Unit:
    equation.must(node, 1, equation.time, literal=True)
    return FREE if _adapts(node.arguments[0]) else equation.unit(node.arguments[0])


def _select(equation: _Equation, node: Call) -> Unit:
    equation.must(node, 0, DIMENSIONLESS)
    return equation.same(node, (1, 2), adapting=(2,))


def _points(equation: _Equation, node: Call) -> Unit:
    """Return the unit of the vector; which of y, its slope and its area comes out depends on the mode."""
    equation.same(node, (2, 3))
    mode = node.arguments[4]
    unit, along = equation.unit(node.arguments[0]), equation.unit(node.arguments[2])
    if not isinstance(mode, Number):
        return UNKNOWN
    if mode.value in (5, 8):
        return along
    return unit.times(along, {1: 1, 7: 1, 6: -1, 9: -1}.get(int(mode.value), 0))


def _order(equation: _Equation, node: Call) -> Unit:
    equation.unit(node.arguments[0])
    return DIMENSIONLESS


def _stock(equation: _Equation, node: Call) -> Unit:
    flow, start = node.arguments[:2]
    unit = equation.unit(flow).times(equation.time)
    initial = FREE if _adapts(start) else equation.unit(start)
    own = equation.units[equation.variable.key]
    stock = own if node is equation.component.node and not own.unknown else initial
    for fault, part in (("engine.units.flow", unit), ("engine.units.initial", initial)):
        if not part.agrees(stock):
            equation.note(fault, unit=part, allowed=stock)
    return stock if not stock.free else unit


def _delay(equation: _Equation, node: Call) -> Unit:
    equation.must(node, 1, equation.time, literal=True)
    if len(node.arguments) > 3:
        equation.must(node, 3, DIMENSIONLESS)
    return equation.same(node, (0, 2), adapting=(2,))


def _depreciation(equation: _Equation, node: Call) -> Unit:
    for position in (1, 2):
        equation.must(node, position, equation.time, literal=True)
    return equation.same(node, (0, 3), adapting=(3,))


def _material(equation: _Equation, node: Call) -> Unit:
    equation.must(node, 1, equation.time, literal=True)
    return equation.same(node, (0, 2, 3), adapting=(2, 3))


def _trend(equation: _Equation, node: Call) -> Unit:
    equation.unit(node.arguments[0])
    equation.must(node, 1, equation.time, literal=True)
    equation.must(node, 2, DIMENSIONLESS.times(equation.time, -1), literal=True)
    return DIMENSIONLESS.times(equation.time, -1)


def _forecast(equation: _Equation, node: Call) -> Unit:
    for position in (1, 2):
        equation.must(node, position, equation.time, literal=True)
    return equation.unit(node.arguments[0])


def _sample(equation: _Equation, node: Call) -> Unit:
    equation.must(node, 0, DIMENSIONLESS)
    return equation.same(node, (1, 2), adapting=(2,))


_RULES: dict[str, Callable[[_Equation, Call], Unit]] = {
    "same": _same,
    "product": _product,
    "quotient": _quotient,
    "quotient_or": _quotient_or,
    "power": _power,
    "root": lambda equation, node: equation.unit(node.arguments[0]).power(0.5),
    "first": lambda equation, node: equation.unit(node.arguments[0]),
    "priority": lambda equation, node: equation.unit(node.arguments[2]),
    "dimensionless": _dimensionless,
    "compare": _compare,
    "logic": _dimensionless,
    "choice": _choice,
    "times": _times,
    "ramp": _ramp,
    "step": _step,
    "select": _select,
    "points": _points,
    "order": _order,
    "random": lambda equation, node: equation.same(node, (0, 1)),
    "reorder": lambda equation, node: equation.unit(node.arguments[0]),
    "inverse": lambda equation, node: equation.unit(node.arguments[0]).power(-1),
    "stock": _stock,
    "delay": _delay,
    "material": _material,
    "depreciation": _depreciation,
    "trend": _trend,
    "forecast": _forecast,
    "sample": _sample,
}
