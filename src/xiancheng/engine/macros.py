"""Macros: equations under a name with parameters, written out anew at each call.

What a macro defines is its own at each call and in each element of the ranges on the left side of the calling equation.
What it refers to and does not define is the model's, marked by $ or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from xiancheng.engine import form, parse
from xiancheng.engine.dimensions import Dimensions
from xiancheng.engine.drafts import Component, Draft
from xiancheng.engine.entries import SKETCH, Entry, entries
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Call, LookupCall, Node, Points, Reference, Refused, Text
from xiancheng.errors import Problem

INNER = "#"
"""What the name of a variable inside a macro begins with, as Vensim shows it."""
MOST_CALLS = 10_000
"""Calls of macros that a model may come to, those within macros counted."""
MOST_WITHIN = 20
"""Macros that may call each other in a row."""
_BLOCK = re.compile(r":MACRO:(.*?)(?::END OF MACRO:|\Z)", re.DOTALL | re.IGNORECASE)
_HEAD = re.compile(r"\s*([^()]*?)\s*\(([^()]*)\)", re.DOTALL)
_LETTER = re.compile(r"[^\n]")


@dataclass(frozen=True)
class Macro:
    """A macro: name, keys of its parameters and of its further outputs, and its equations."""

    name: str
    parameters: tuple[str, ...]
    outputs: tuple[str, ...]
    equations: tuple[tuple[Entry, parse.Left, Node], ...]

    @property
    def locals(self) -> frozenset[str]:
        """The keys of what it defines."""
        return frozenset(key(left.name) for _, left, _ in self.equations)


def extract(text: str, file: str) -> tuple[str, dict[str, Macro], list[Problem]]:
    """Return a model's text with its macros blanked, line breaks kept; the macros by key; and problems in them."""
    macros: dict[str, Macro] = {}
    problems: list[Problem] = []
    sketch = SKETCH.search(text)
    equations, rest = (text[:sketch.start()], text[sketch.start():]) if sketch else (text, "")
    for block in _BLOCK.finditer(equations):
        row = text.count("\n", 0, block.start()) + 1
        head = _HEAD.match(block.group(1))
        if head is None:
            problems.append(Problem.of(file, "engine.macro.head", row))
            continue
        inner = block.start(1) + head.end()
        body = _LETTER.sub(" ", text[:inner]) + text[inner : block.end(1)]
        macro, wrong = _macro(head, body, file)
        problems += wrong
        macros[key(macro.name)] = macro
    return _BLOCK.sub(lambda block: _LETTER.sub(" ", block.group()), equations) + rest, macros, problems


def _macro(head: re.Match[str], body: str, file: str) -> tuple[Macro, list[Problem]]:
    parameters, _, outputs = re.sub(r"\\\s*\n", " ", head.group(2)).partition(":")
    inward, outward = (tuple(key(name) for name in part.split(",") if name.strip()) for part in (parameters, outputs))
    parts, problems = entries(body, file)
    equations = []
    for entry in parts:
        if wrong := form.problems(entry, file):
            problems += wrong
            continue
        try:
            left = parse.left_side(entry.equation)
            equations.append((entry, left, parse.right_side(left, entry.equation)))
        except Refused as refused:
            problems.append(refused.at(file, entry.name, entry.line))
    return Macro(" ".join(head.group(1).split()), inward, outward, tuple(equations)), problems


def expand(drafts: Sequence[Draft], macros: Mapping[str, Macro], ranges: Dimensions, file: str
           ) -> tuple[list[Draft], list[Problem]]:
    """Return the equations of a model with those of the macros that they call."""
    if not macros:
        return list(drafts), []
    work = _Expansion(macros, ranges, file)
    for draft in drafts:
        work.caller = draft[1]
        work.draft(draft, ())
    return work.drafts, list(dict.fromkeys(work.problems))


@dataclass
class _Expansion:
    """What is written out so far; `caller` is the variable of the model whose equation is being written out."""

    macros: Mapping[str, Macro]
    ranges: Dimensions
    file: str
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    count: int = 0
    caller: str = ""

    def draft(self, draft: Draft, above: tuple[str, ...]) -> None:
        """Take over an equation, with what it calls; `above` are the macros that it stands in."""
        entry, name, component = draft
        tokens = tuple(subscript for subscript in component.subscripts if self.ranges.is_range(subscript))
        try:
            node = self.node(component.node, tokens, draft, above)
        except Refused as refused:
            written = name if name[:1] != INNER else self.caller
            self.problems.append(refused.at(self.file, written, component.line))
            return
        self.drafts.append((entry, name, replace(component, node=node)))

    def node(self, node: Node, tokens: tuple[str, ...], draft: Draft, above: tuple[str, ...]) -> Node:
        if isinstance(node, LookupCall):
            return replace(node, argument=self.node(node.argument, tokens, draft, above))
        if not isinstance(node, Call):
            return node
        arguments = tuple(self.node(argument, tokens, draft, above) for argument in node.arguments)
        macro = self.macros.get(key(node.function))
        if macro is None:
            return replace(node, arguments=arguments)
        return self.call(macro, arguments, tokens, draft, above)

    def call(self, macro: Macro, arguments: tuple[Node, ...], tokens: tuple[str, ...], draft: Draft,
             above: tuple[str, ...]) -> Node:
        """Write the equations of a macro out and return the reference to its value."""
        inputs = [argument for argument in arguments if not isinstance(argument, Text)]
        outputs = [argument.value for argument in arguments if isinstance(argument, Text)]
        if len(inputs) != len(macro.parameters) or len(outputs) > len(macro.outputs):
            raise Refused("engine.arguments", function=macro.name, count=len(inputs),
                          arguments=", ".join(name.replace("_", " ") for name in macro.parameters))
        if macro.name in above:
            raise Refused("engine.macro.circle", macro=macro.name)
        if self.count >= MOST_CALLS or len(above) >= MOST_WITHIN:
            raise Refused("engine.macro.many", most=f"{MOST_CALLS:,}", within=MOST_WITHIN)
        self.count += 1
        prefix = f"{INNER}{macro.name} {self.count}>"
        names = _Names(macro, prefix, tokens, dict(zip(macro.parameters, inputs, strict=True)))
        for parameter, argument in names.arguments.items():
            if not (isinstance(argument, Reference) and parameter in names.lookups):
                self.drafts.append(self.draft_of(draft, names.inner(parameter), tokens, argument))
        for entry, left, node in macro.equations:
            own = tuple(key(subscript) for subscript in left.subscripts)
            component = Component((*tokens, *own), (), names.within(node), left.keyword, draft[2].line, entry.equation)
            self.draft((replace(entry, group=draft[0].group), names.inner(key(left.name)), component),
                       (*above, macro.name))
        for output, local in zip(outputs, macro.outputs, strict=False):
            self.drafts.append(self.draft_of(draft, output, tokens, Reference(names.inner(local), tokens)))
        return Reference(names.inner(key(macro.name)), tokens)

    def draft_of(self, draft: Draft, name: str, tokens: tuple[str, ...], node: Node) -> Draft:
        entry, _, component = draft
        return replace(entry, units="", comment=""), name, replace(component, subscripts=tokens, excepts=(), node=node)


@dataclass(frozen=True)
class _Names:
    """The names of one call of a macro."""

    macro: Macro
    prefix: str
    tokens: tuple[str, ...]
    arguments: dict[str, Node]

    def inner(self, name: str) -> str:
        """Return the name in the model of what the macro calls by a key."""
        return f"{self.prefix}{name.replace('_', ' ')}"

    @property
    def lookups(self) -> frozenset[str]:
        """The parameters that the macro calls, as lookups."""
        return frozenset(name for _, _, node in self.macro.equations for name in _called(node)
                         if name in self.macro.parameters)

    def within(self, node: Node) -> Node:
        """Return an expression of the macro in the names of the model."""
        if isinstance(node, Reference):
            return self.reference(node)
        if isinstance(node, LookupCall):
            lookup = node.lookup if isinstance(node.lookup, Points) else self.reference(node.lookup)
            return LookupCall(lookup, self.within(node.argument))
        if not isinstance(node, Call):
            return node
        inner = tuple(map(self.within, node.arguments))
        argument = self.arguments.get(key(node.function))
        if isinstance(argument, Reference) and len(inner) == 1:
            return LookupCall(argument, inner[0])
        if key(node.function) in self.macro.locals - {key(self.macro.name)} and len(inner) == 1:
            return LookupCall(Reference(self.inner(key(node.function)), self.tokens), inner[0])
        return Call(node.function, inner)

    def reference(self, node: Reference) -> Reference:
        name = key(node.name.rstrip("$"))
        if node.name.endswith("$") or name not in {*self.macro.locals, *self.macro.parameters}:
            return Reference(name, node.subscripts)
        argument = self.arguments.get(name)
        if name in self.lookups and isinstance(argument, Reference):
            return argument
        return Reference(self.inner(name), (*self.tokens, *node.subscripts))


def _called(node: Node) -> list[str]:
    """Return the keys of all functions that an expression calls."""
    if isinstance(node, LookupCall):
        return _called(node.argument)
    if not isinstance(node, Call):
        return []
    return [key(node.function), *(name for argument in node.arguments for name in _called(argument))]
