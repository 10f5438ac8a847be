"""Equations in mathematical form, as MathML that browsers draw without a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from xiancheng.engine import syntax
from xiancheng.engine.drafts import Component
from xiancheng.engine.read import Variable
from xiancheng.engine.syntax import Call, External, LookupCall, Node, Number, Points, Reference, Text, Values

_RANKS = {":OR:": 1, ":AND:": 2, "=": 3, "<>": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
          "+": 4, "-": 4, "*": 5, "negative": 5}
"""How tightly an operator binds; what is not here needs no parentheses."""
_SIGNS = {":OR:": "or", ":AND:": "and", "<>": "≠", "<=": "≤", ">=": "≥", "*": "·", "-": "−"}


def equation(variable: Variable, names: dict[str, str]) -> str:
    """Return the equations of a variable as one block of MathML, one line each.

    Args:
        variable: one that was read.
        names: how variables are written, by key.
    """
    lines = [line for component in variable.components for line in _lines(variable, component, names)]
    rows = "".join(f'<mtr><mtd style="text-align:left">{line}</mtd></mtr>' for line in lines)
    return f'<math display="block"><mtable displaystyle="true">{rows}</mtable></math>'


def _lines(variable: Variable, component: Component, names: dict[str, str]) -> list[str]:
    left, node = _name(variable.name, component.subscripts), component.node
    start = f"{left}{_parentheses(_sub(_word('t'), '<mn>0</mn>'))}"
    rest = _excepts(component)
    if isinstance(node, Call) and node.function == "INTEG":
        rate = f"<mfrac><mi>d</mi><mrow><mi>d</mi><mi>t</mi></mrow></mfrac>{left}"
        return [f"{rate}<mo>=</mo>{_of(node.arguments[0], names)}{rest}",
                f"{start}<mo>=</mo>{_of(node.arguments[1], names)}"]
    if isinstance(node, Call) and node.function == "ACTIVE INITIAL":
        return [f"{left}<mo>=</mo>{_of(node.arguments[0], names)}{rest}",
                f"{start}<mo>=</mo>{_of(node.arguments[1], names)}"]
    return [f"{left}<mo>=</mo>{_of(node, names)}{rest}"]


def _excepts(component: Component) -> str:
    groups = [", ".join(group) for group in component.excepts]
    return f"<mspace width='1em'/><mtext>except {escape('; '.join(groups))}</mtext>" if groups else ""


def _of(node: Node, names: dict[str, str], rank: int = 0) -> str:
    """Return a node, in parentheses where what stands around it binds more tightly."""
    own = _RANKS.get(node.function, 9) if isinstance(node, Call) else 9
    drawn = f"<mrow>{_drawn(node, names)}</mrow>"
    return _parentheses(drawn) if own < rank else drawn


def _drawn(node: Node, names: dict[str, str]) -> str:
    if isinstance(node, Number):
        return _number(node.value)
    if isinstance(node, Reference):
        return _name(names.get(node.name, node.name), node.subscripts)
    if isinstance(node, Call):
        return _CALLS.get(node.function, _call)(node, names)
    if isinstance(node, LookupCall):
        return f"{_of(node.lookup, names)}{_parentheses(_of(node.argument, names))}"
    return _plain(node)


def _plain(node: Node) -> str:
    if isinstance(node, External):
        return _word(f"from {node.file}")
    if isinstance(node, Values):
        return _word(", ".join(f"{value:g}" for value in node.values.ravel()))
    if isinstance(node, Points):
        return _word("; ".join(f"({x:g}, {y:g})" for x, y in zip(node.x, node.y, strict=True)))
    if isinstance(node, Text):
        return _word(f"'{node.value}'")
    return _word("from a file of data")


def _number(value: float) -> str:
    if syntax.missing(Number(value)):
        return _word("not available")
    return f"<mn>{value:g}</mn>" if value >= 0 else f"<mo>−</mo><mn>{-value:g}</mn>"


def _name(name: str, subscripts: Sequence[str]) -> str:
    below = ", ".join(subscript.rstrip("!").replace("_", " ") for subscript in subscripts)
    return _sub(_word(name), _word(below)) if below else _word(name)


def _word(text: str) -> str:
    return f"<mtext>{escape(text, quote=False)}</mtext>"


def _sub(base: str, below: str) -> str:
    return f"<msub>{base}<mrow>{below}</mrow></msub>"


def _parentheses(inner: str) -> str:
    return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"


def _call(node: Call, names: dict[str, str]) -> str:
    inner = "<mo>,</mo>".join(_of(argument, names) for argument in node.arguments)
    return f"{_word(node.function.lower().replace('_', ' '))}{_parentheses(inner)}"


def _operator(node: Call, names: dict[str, str]) -> str:
    rank = _RANKS[node.function]
    sign = escape(_SIGNS.get(node.function, node.function), quote=False)
    first, second = node.arguments
    return f"{_of(first, names, rank)}<mo>{sign}</mo>{_of(second, names, rank + (node.function == '-'))}"


def _negative(node: Call, names: dict[str, str]) -> str:
    return f"<mo>−</mo>{_of(node.arguments[0], names, 6)}"


def _quotient(node: Call, names: dict[str, str]) -> str:
    return f"<mfrac>{_of(node.arguments[0], names)}{_of(node.arguments[1], names)}</mfrac>"


def _safe_quotient(node: Call, names: dict[str, str]) -> str:
    """Draw a quotient with what it is where the divisor is nothing, as its subscript."""
    other = _of(node.arguments[2], names) if len(node.arguments) > 2 else "<mn>0</mn>"
    return _sub(_parentheses(_quotient(node, names)), f"{_word('or ')}{other}")


def _power(node: Call, names: dict[str, str]) -> str:
    return f"<msup>{_of(node.arguments[0], names, 9)}{_of(node.arguments[1], names)}</msup>"


def _exponential(node: Call, names: dict[str, str]) -> str:
    return f"<mi>exp</mi>{_parentheses(_of(node.arguments[0], names))}"


def _root(node: Call, names: dict[str, str]) -> str:
    return f"<msqrt>{_of(node.arguments[0], names)}</msqrt>"


def _sum(node: Call, names: dict[str, str]) -> str:
    inside = [part for part in syntax.walk(node) if isinstance(part, Reference)]
    ranges = [name[:-1] for part in inside for name in part.subscripts if name.endswith("!")]
    below = ", ".join(dict.fromkeys(ranges)).replace("_", " ")
    return f"<munder><mo>∑</mo>{_word(below)}</munder>{_of(node.arguments[0], names, 5)}"


def _choice(node: Call, names: dict[str, str]) -> str:
    condition, then, other = (_of(argument, names) for argument in node.arguments)
    rows = ((then, f"{_word('if ')}{condition}"), (other, _word("otherwise")))
    body = "".join(f"<mtr><mtd>{value}</mtd><mtd>{when}</mtd></mtr>" for value, when in rows)
    return f"<mo>{{</mo><mtable>{body}</mtable>"


def _at_start(node: Call, names: dict[str, str]) -> str:
    return f"{_of(node.arguments[0], names, 9)}{_parentheses(_sub(_word('t'), '<mn>0</mn>'))}"


_CALLS: dict[str, Callable[[Call, dict[str, str]], str]] = {
    **{name: _operator for name in _RANKS if name != "negative"}, "negative": _negative, "/": _quotient,
    "ZIDZ": _safe_quotient, "XIDZ": _safe_quotient, "^": _power, "POWER": _power, "EXP": _exponential,
    "SQRT": _root, "SUM": _sum, "IF THEN ELSE": _choice, "INITIAL": _at_start,
}
