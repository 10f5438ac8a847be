"""Equations of XMILE, as PySD's reader gives them, written as Vensim text in full parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xiancheng.engine.syntax import Refused

_PLAIN = re.compile(r"[^\W\d][\w ]*")
_STANDING = {"time": "Time", "dt": "TIME STEP", "time_step": "TIME STEP", "starttime": "INITIAL TIME",
             "stoptime": "FINAL TIME", "pi": repr(np.pi)}
"""What has a name without an equation."""
_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "abs": ("ABS({0})",), "arccos": ("ARCCOS({0})",), "arcsin": ("ARCSIN({0})",), "arctan": ("ARCTAN({0})",),
    "cos": ("COS({0})",), "sin": ("SIN({0})",), "tan": ("TAN({0})",), "exp": ("EXP({0})",), "ln": ("LN({0})",),
    "log10": ("LOG({0}, 10)",), "sqrt": ("SQRT({0})",), "max": ("MAX({0}, {1})",), "min": ("MIN({0}, {1})",),
    "modulo": ("MODULO({0}, {1})",), "zidz": ("ZIDZ({0}, {1})",), "xidz": ("XIDZ({0}, {1}, {2})",),
    "if_then_else": ("IF THEN ELSE({0}, {1}, {2})",), "step": ("STEP({0}, {1})",),
    "integer": ("INTEGER({0})",),
    "ramp": ("RAMP({0}, {1}, {2})",), "Xramp": ("RAMP({0}, {1}, FINAL TIME)",),
    "Xpulse": ("(({1}) / TIME STEP * PULSE({0}, 0))",),
    "Xpulse_train": ("(({2}) / TIME STEP * PULSE TRAIN({0}, 0, {1}, FINAL TIME))",),
}
"""Functions by PySD's name and number of arguments, as Vensim writes them."""
_OVER_ALL = {"sum": "SUM", "prod": "PROD", "vmax_xmile": "VMAX", "vmin_xmile": "VMIN"}
"""Functions of a whole array."""
_STATES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "DelayNStructure": ("DELAY N", ("input", "delay_time", "initial", "order")),
    "DelayFixedStructure": ("DELAY FIXED", ("input", "delay_time", "initial")),
    "SmoothNStructure": ("SMOOTH N", ("input", "smooth_time", "initial", "order")),
    "TrendStructure": ("TREND", ("input", "average_time", "initial_trend")),
    "InitialStructure": ("INITIAL", ("initial",)),
}
_OF_ORDER = {("DelayStructure", 1): ("DELAY1I", "delay_time"), ("DelayStructure", 3): ("DELAY3I", "delay_time"),
             ("SmoothStructure", 1): ("SMOOTHI", "smooth_time"), ("SmoothStructure", 3): ("SMOOTH3I", "smooth_time")}


def plain(name: str) -> str:
    """Return a name as XMILE compares it, without quotation marks."""
    return re.sub(r"[\s_]+", "_", name.strip().strip('"').lower())


def named(name: str) -> str:
    """Return a name as Vensim text, in quotation marks where it needs them."""
    words = " ".join(name.replace("\\n", " ").strip().strip('"').split())
    return words if _PLAIN.fullmatch(words) else f'"{words}"'


@dataclass(frozen=True)
class Writer:
    """Writes the equations of a model.

    Attributes:
        dims: by name of a variable with subscripts, their ranges.
        lookups: names of graphical functions that stand alone.
        ranges: names of ranges.
    """

    dims: Mapping[str, Sequence[str]]
    lookups: frozenset[str]
    ranges: frozenset[str]

    def text(self, node: Any) -> str:
        """Return an expression.

        Raises:
            Refused: a part of another kind than Vensim text has.
        """
        if isinstance(node, np.ndarray):
            rows = np.atleast_2d(node)
            return "; ".join(", ".join(map(_number, row)) for row in rows) + (";" if len(rows) > 1 else "")
        if isinstance(node, int | float | np.number):
            return _number(node)
        kind = type(node).__name__
        if kind == "IntegStructure":
            return f"INTEG({self.text(node.flow)}, {self.text(node.initial)})"
        if kind in _STATES:
            function, parts = _STATES[kind]
            return f"{function}({', '.join(self.text(getattr(node, part)) for part in parts)})"
        if kind in ("DelayStructure", "SmoothStructure"):
            return self._of_order(node, kind)
        writers: dict[str, Callable[[Any], str]] = {
            "ReferenceStructure": self._reference, "ArithmeticStructure": self._arithmetic,
            "LogicStructure": self._logic, "CallStructure": self._call, "InlineLookupsStructure": self._inline,
            "LookupsStructure": points, "ForecastStructure": self._forecast,
        }
        if kind not in writers:
            raise Refused("engine.xmile.part", part=kind.removesuffix("Structure"))
        return writers[kind](node)

    def _reference(self, node: Any, mark: str = "") -> str:
        """Return a variable; `mark` stands behind each range that a function goes over."""
        name = plain(node.reference)
        if node.subscripts is not None:
            own = [word + mark * (plain(word) in self.ranges) for word in node.subscripts.subscripts]
            return f"{named(node.reference)}[{', '.join(own)}]"
        if name in self.dims:
            return f"{named(node.reference)}[{', '.join(f'{dim}{mark}' for dim in self.dims[name])}]"
        return _STANDING.get(name) or named(node.reference)

    def _arithmetic(self, node: Any) -> str:
        if node.operators == ["negative"]:
            return f"(-({self.text(node.arguments[0])}))"
        parts = [f"({self.text(part)})" for part in node.arguments]
        if node.operators[0] == "^":
            _refuse_signs(node.arguments)
            expression = parts[-1]
            for part in reversed(parts[:-1]):
                expression = f"({part} ^ {expression})"
            return expression
        return "(" + _chained(parts, node.operators) + ")"

    def _logic(self, node: Any) -> str:
        parts = [f"({self.text(part)})" for part in node.arguments]
        signs = [sign.upper() for sign in node.operators]
        if signs == [":NOT:"]:
            return f"(:NOT: {parts[0]})"
        signs = [f":{sign}:" if sign.isalpha() else sign for sign in signs]
        expression = parts[0]
        for sign, part in zip(signs, parts[1:], strict=True):
            expression = f"({expression} {sign} {part})"
        return expression

    def _call(self, node: Any) -> str:
        name, parts = node.function.reference, node.arguments
        if not parts and name in _STANDING:
            return _STANDING[name]
        if plain(name) in self.lookups and len(parts) == 1:
            return f"{named(name)}({self.text(parts[0])})"
        if name in _OVER_ALL and len(parts) == 1 and type(parts[0]).__name__ == "ReferenceStructure":
            return f"{_OVER_ALL[name]}({self._reference(parts[0], '!')})"
        template = next((form for form in _TEMPLATES.get(name, ()) if _places(form) == len(parts)), None)
        if template is None:
            raise Refused("engine.xmile.function", name=name.upper(), count=len(parts))
        return template.format(*(f"({self.text(part)})" for part in parts))

    def _of_order(self, node: Any, kind: str) -> str:
        if (kind, node.order) not in _OF_ORDER:
            raise Refused("engine.xmile.part", part=f"{kind.removesuffix('Structure')} {node.order}")
        function, time = _OF_ORDER[kind, node.order]
        return f"{function}({', '.join(self.text(part) for part in (node.input, getattr(node, time), node.initial))})"

    def above_nothing(self, node: Any, left: str) -> str:
        """Return the equation of a stock that stops at 0 where its flows would take it below, by Euler's method.

        Args:
            node: the stock.
            left: its name with subscripts.
        """
        return f"INTEG(MAX({self.text(node.flow)}, -({left}) / TIME STEP), {self.text(node.initial)})"

    def _inline(self, node: Any) -> str:
        return f"WITH LOOKUP({self.text(node.argument)}, {points(node.lookups)})"

    def _forecast(self, node: Any) -> str:
        if node.initial_trend != 0:
            raise Refused("engine.xmile.part", part="FORCST")
        parts = (node.input, node.average_time, node.horizon)
        return f"FORECAST({', '.join(self.text(part) for part in parts)})"


def points(node: Any) -> str:
    """Return the points of a graphical function.

    Raises:
        Refused: one that is no straight lines between points, constant outside.
    """
    if node.type != "interpolate":
        raise Refused("engine.xmile.gf", kind=node.type)
    return "(" + ", ".join(f"({_number(x)}, {_number(y)})" for x, y in zip(node.x, node.y, strict=True)) + ")"


def _refuse_signs(bases: Sequence[Any]) -> None:
    """Refuse a number with a sign as a base: PySD's reader takes -2 ^ 2 and (-2) ^ 2 for the same."""
    if any(isinstance(base, int | float) and base < 0 for base in bases[:-1]):
        raise Refused("engine.xmile.sign")


def _number(value: Any) -> str:
    return repr(float(value))


def _chained(parts: Sequence[str], signs: Sequence[str]) -> str:
    return parts[0] + "".join(f" {sign} {part}" for sign, part in zip(signs, parts[1:], strict=True))


def _places(form: str) -> int:
    return len(set(re.findall(r"{(\d)}", form)))
