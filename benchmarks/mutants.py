"""One-token changes of Python source: sign, clamp, order, comparison, off by one in number, place or time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,),
}
CALLS = {
    "minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min", "sum": "prod", "prod": "sum",
    "trunc": "floor", "abs": "positive", "any": "all", "exp": "expm1", "log": "log1p", "sqrt": "cbrt", "sin": "cos",
    "cos": "sin", "tan": "tanh", "arcsin": "arctan", "arccos": "arcsin", "arctan": "tanh", "sinh": "cosh",
    "cosh": "sinh", "tanh": "tan", "mod": "fmod", "flip": "positive", "power": "multiply", "inv": "pinv_of_nothing",
}
SWAPPED = "arguments swapped"
COMMUTATIVE = {"+", "*", "=", "<>", ":AND:", ":OR:", "MIN", "MAX"}
LEFT_ALONE = {"begin_needs", "show_needs", "advance_needs", "kind", "units", "source", "axis", "delay", "name"}


@dataclass(frozen=True)
class Mutant:
    """A module with one token changed.

    Attributes:
        row: the table's row the token stands in, or "" in a function that rows share.
        function: the module-level function or table the token stands in.
        line: line of the token in the file.
        code: that line.
        change: old and new, in words.
        tree: the whole changed module.
    """

    row: str
    function: str
    line: int
    code: str
    change: str
    tree: ast.Module


@dataclass(frozen=True)
class Change:
    """Put `new` into `field` (at `position` where the field is a list) of the node with this number in walk order."""

    node: int
    field: str
    position: int | None
    new: object
    words: str


def _row_name(node: ast.AST) -> str | None:
    """Name the row: a call in a table whose first argument is a string."""
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        value = node.args[0].value
        return value if isinstance(value, str) else None
    return None


def rows_and_names(tree: ast.Module) -> dict[str, set[str]]:
    """Map every row to all module-level functions it reaches; without a table every function is a row."""
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    uses = {name: _names(node) & set(functions) for name, node in functions.items()}
    rows: dict[str, set[str]] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            for node in ast.walk(statement.value):
                name = _row_name(node)
                if name is not None:
                    rows[name] = _reached(_names(node) & set(functions), uses)
    return rows or {name: _reached({name}, uses) for name in functions}


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _reached(start: set[str], uses: dict[str, set[str]]) -> set[str]:
    found, ahead = set(start), list(start)
    while ahead:
        for name in uses[ahead.pop()] - found:
            found.add(name)
            ahead.append(name)
    return found


def _places(tree: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """Nodes that compute, each with its row and its function."""
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            for part in statement.body:
                yield from ((node, "", statement.name) for node in _computing(part))
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            for call in ast.walk(statement.value):
                row = _row_name(call)
                if row is not None and isinstance(call, ast.Call):
                    for part in [*call.args[1:], *(k.value for k in call.keywords if k.arg not in LEFT_ALONE)]:
                        yield from ((node, row, "") for node in _computing(part))


def _computing(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node and what is in it, without strings, documentation and the arguments that are left alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Tuple) and all(isinstance(part, ast.Constant) for part in node.elts):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.keyword) and child.arg in LEFT_ALONE:
            continue
        if isinstance(child, ast.arguments) and isinstance(node, ast.FunctionDef):
            continue
        if isinstance(node, ast.AnnAssign) and child is node.annotation:
            continue
        yield from _computing(child)


def _changes(node: ast.AST, number: int) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]
        yield Change(number, "op", None, new(), f"{type(node.op).__name__} to {new.__name__}")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert):
        yield Change(number, "op", None, ast.UAdd(), f"{type(node.op).__name__} dropped")
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield Change(number, "ops", 0, other(), f"{type(node.ops[0]).__name__} to {other.__name__}")
    if isinstance(node, ast.Attribute) and node.attr in CALLS:
        yield Change(number, "attr", None, CALLS[node.attr], f"{node.attr} to {CALLS[node.attr]}")
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield Change(number, "value", None, node.value + 1, f"{node.value} to {node.value + 1}")
    yield from _order_changes(node, number)


def _order_changes(node: ast.AST, number: int) -> Iterator[Change]:
    """Swap arguments, or read the time one step later."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "xp.where":
        swapped = [node.args[0], node.args[2], node.args[1]]
        yield Change(number, "args", None, swapped, "branches of where swapped")
    if isinstance(node, ast.Lambda) and len(node.args.args) >= 3 and node.args.args[1].arg == "a":
        first, second = node.args.args[1:3]
        if second.arg in ("b", "base"):
            swapped_arguments = copy.deepcopy(node.args)
            swapped_arguments.args[1:3] = [second, first]
            yield Change(number, "args", None, swapped_arguments, SWAPPED)
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "clock.time":
        later = ast.parse("Clock(clock.time + clock.step, clock.step)", mode="eval").body
        yield Change(number, "value", None, later, "time one step later")


def mutants(source: str) -> list[Mutant]:
    """Return every one-token change of a module, in reading order."""
    tree, lines = ast.parse(source), source.splitlines()
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    found = []
    for node, row, function in _places(tree):
        for change in _changes(node, numbers[id(node)]):
            if row in COMMUTATIVE and change.words == SWAPPED:
                continue
            at = getattr(node, "lineno", 1)
            found.append(Mutant(row, function, at, lines[at - 1].strip(), change.words, _applied(tree, change)))
    return found


def _applied(tree: ast.Module, change: Change) -> ast.Module:
    changed = copy.deepcopy(tree)
    node = next(node for number, node in enumerate(ast.walk(changed)) if number == change.node)
    if change.position is None:
        setattr(node, change.field, change.new)
    else:
        getattr(node, change.field)[change.position] = change.new
    return ast.fix_missing_locations(changed)
