"""The causes of a variable as a tree: each variable of a sector stands once as itself, elsewhere as its ghost.

A sector is a web. To draw it without lines that cross, it is taken apart into trees: what causes a flow, the start of
a stock or a variable that many look at. Whoever else looks at a variable has a ghost of it beside. A tree that grows
too wide gives off its widest branch, which becomes a tree of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xiancheng.engine.depends import everything
from xiancheng.engine.read import Model, Variable
from xiancheng.engine.source import key
from xiancheng.engine.syntax import Reference

WIDEST = 9
"""Leaves of a tree beyond which it gives off a branch."""
MANY = 14
"""Causes of one variable from which they stand in a frame, with one arrow for all."""
_USED = 4
"""Variables of the sector that look at another from which it has a tree of its own."""


@dataclass(frozen=True)
class Branch:
    """A variable with what causes it.

    Attributes:
        name: as written.
        ghost: whether it stands as itself elsewhere.
        causes: of a variable that stands as itself.
        loop: id of the loop that its equation switches, or "".
    """

    name: str
    ghost: bool = False
    causes: tuple[Branch, ...] = ()
    loop: str = ""

    @property
    def leaves(self) -> int:
        """How many names stand side by side above it."""
        return max(1, sum(branch.leaves for branch in self.causes))


@dataclass
class Sector:
    """A sector while it is taken apart.

    Attributes:
        model: the equations.
        group: name of the sector.
        loops: id of a loop by key of its switch.
        reserved: keys that have a place of their own: stocks, flows, what many look at.
        placed: keys that stand as themselves.
        waiting: keys that need a tree of their own.
    """

    model: Model
    group: str
    loops: Mapping[str, str]
    reserved: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    waiting: list[str] = field(default_factory=list)

    @property
    def variables(self) -> list[Variable]:
        """The variables of the sector, in the order of the equations."""
        return [variable for variable in self.model.variables.values() if variable.group == self.group]

    def causes(self, name: str) -> list[str]:
        """Return the keys of what the equations of a variable look at."""
        nodes = (part.node for part in self.model.variables[name].components)
        return self.keys(reference for node in nodes for reference in everything(node))

    def keys(self, references: Iterable[Reference]) -> list[str]:
        """Return the keys of the variables, and of time, that references name, each once."""
        keys = dict.fromkeys(key(reference.name) for reference in references)
        return [name for name in keys if name in self.model.variables or name == "time"]

    def is_own(self, name: str) -> bool:
        """Tell whether a key is one of a variable of the sector."""
        return name in self.model.variables and self.model.variables[name].group == self.group

    def loop(self, causes: Collection[str]) -> str:
        """Return the ids of the loops whose switches are among causes."""
        return " ".join(dict.fromkeys(self.loops[name] for name in causes if name in self.loops))

    def shared(self) -> list[str]:
        """Return the keys that many variables of the sector look at and that have causes, or that none looks at."""
        users: dict[str, int] = {}
        for variable in self.variables:
            for name in self.causes(variable.key):
                users[name] = users.get(name, 0) + (name != variable.key)
        return [variable.key for variable in self.variables
                if not users.get(variable.key) or (users[variable.key] >= _USED and self.causes(variable.key))]


def ghost(sector: Sector, name: str) -> Branch:
    """Return the ghost of a variable by its key."""
    return Branch(sector.model.variables[name].name if name != "time" else "Time", ghost=True)


def branches(sector: Sector, causes: Sequence[str]) -> tuple[Branch, ...]:
    """Return what causes something, with what causes that; a branch too wide becomes a tree of its own."""
    grown = [grow(sector, name) if _is_free(sector, name) else ghost(sector, name) for name in causes]
    most = 0 if len(grown) >= MANY else WIDEST
    while sum(branch.leaves for branch in grown) > most and any(branch.causes for branch in grown):
        widest = max(range(len(grown)), key=lambda place: (bool(grown[place].causes), grown[place].leaves))
        sector.waiting.append(key(grown[widest].name))
        sector.reserved.add(key(grown[widest].name))
        _release(sector, grown[widest])
        grown[widest] = Branch(grown[widest].name, ghost=True)
    return tuple(grown)


def grow(sector: Sector, name: str) -> Branch:
    """Return the tree of a variable, which stands as itself in it."""
    sector.placed.add(name)
    causes = [cause for cause in sector.causes(name) if cause != name]
    return Branch(sector.model.variables[name].name, False, branches(sector, causes), sector.loop(causes))


def _is_free(sector: Sector, name: str) -> bool:
    return sector.is_own(name) and name not in sector.placed and name not in sector.reserved


def _release(sector: Sector, branch: Branch) -> None:
    """Let the variables of a branch that is given off stand elsewhere."""
    if not branch.ghost:
        sector.placed.discard(key(branch.name))
        for cause in branch.causes:
            _release(sector, cause)
