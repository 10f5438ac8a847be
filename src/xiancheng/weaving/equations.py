"""Weaving levers into the text of the equations: a part of the equations holds one block for every lever of it.

A part that levers fill says so in its head, "one block for each folder of scenarios/levers"; all below the head is
written here and by nobody else, so that a lever taken away leaves nothing. A block is the variable that a scenario
sets, the constants of the folder as declarations, then the fragment of the folder as it stands. Cells of tables are the
affair of `tables build`: a declaration keeps the cell it has, a new one gets a first one.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiancheng.weaving.folders import Folder

MARK = "one block for each folder of scenarios/levers"
_STARS = "****"
_READS = "GET DIRECT CONSTANTS('tables/blocks/{file}', ',', '"


@dataclass(frozen=True)
class EquationPart:
    """A part of the equations: its name, the lines of its head, and the lines below it up to the next head."""

    name: str
    head: tuple[str, ...]
    body: tuple[str, ...]

    @property
    def woven(self) -> bool:
        """Whether levers fill it."""
        return any(MARK in line for line in self.head)


def parts(text: str) -> tuple[EquationPart, ...]:
    """Return the parts of the equations in their order; what stands before the first head is a part without a name."""
    lines = text.split("\n")
    heads = [at for at, line in enumerate(lines) if line.startswith(_STARS) and lines[at + 1].startswith("\t.")]
    starts = [0, *heads]
    return tuple(_part(lines[start:end]) for start, end in zip(starts, [*heads, len(lines)], strict=True))


def _part(lines: Sequence[str]) -> EquationPart:
    if not lines or not lines[0].startswith(_STARS):
        return EquationPart("", (), tuple(lines))
    end = next((at for at, line in enumerate(lines) if line.strip().endswith("|")), len(lines) - 1) + 1
    return EquationPart(lines[1].strip().lstrip("."), tuple(lines[:end]), tuple(lines[end:]))


def woven(text: str, folders: Sequence[Folder]) -> str:
    """Return the equations with the blocks of all folders, and with the elements they add to subscripts."""
    for subscript, names in _elements(folders).items():
        text = _with_members(text, subscript, names)
    cells = {line.rpartition("'")[0].rpartition("'")[0]: line for line in text.split("\n") if _READS[:8] in line}
    lines = [line for part in parts(text) for line in (*part.head, *_body(part, folders, cells))]
    return "\n".join(lines)


def _elements(folders: Sequence[Folder]) -> dict[str, list[str]]:
    """Return by subscript what all levers add to it, in the order of the levers."""
    names: dict[str, list[str]] = {}
    for folder in folders:
        for subscript, added in folder.lever.elements.items():
            names.setdefault(subscript, []).extend(added)
    return names


def _with_members(text: str, subscript: str, names: Sequence[str]) -> str:
    before, head, after = text.partition(f"\n{subscript}:")
    comment = after.partition("~")[2]
    members = "\n".join(textwrap.wrap(", ".join(names), 118 - len(subscript), subsequent_indent="\t"))
    return f"{before}{head} {members}\n\t~{comment}" if head else text


def _body(part: EquationPart, folders: Sequence[Folder], cells: Mapping[str, str]) -> tuple[str, ...]:
    if not part.woven:
        return part.body
    blocks = [line for folder in folders if folder.lever.part == part.name for line in (*block(folder, cells), "")]
    return (*blocks, "") if part.body else tuple(blocks)


def block(folder: Folder, cells: Mapping[str, str]) -> list[str]:
    """Return the lines of a lever's block; `cells` holds declarations as they stand, by all before their cell."""
    declared = [line for left, file, cell, unit, meaning in _declarations(folder)
                for line in (_read(left, file, cell, cells), f"\t~ {unit}", f"\t~ {meaning} |")]
    return [*declared, *(folder.equations.split("\n") if folder.equations else ())]


def _read(left: str, file: str, cell: str, cells: Mapping[str, str]) -> str:
    before = f"{left} = {_READS.format(file=file)}"
    return cells.get(before.rpartition("'")[0], f"{before}{cell}')")


def _declarations(folder: Folder) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what is declared: left side, table, a first cell, unit, sentence."""
    sentence = folder.lever.meaning.en
    yield (f"{folder.id.replace('_', ' ')}[place]", "levers.csv", "B2*", folder.lever.model_unit,
           f"Lever: {sentence[:1].lower()}{sentence[1:]}")
    declared: set[str] = set()
    for row in folder.constants:
        name, dimension = row["name"], row["dimension"]
        if name in declared or row["element"] in folder.lever.elements.get(dimension, ()):
            continue
        declared.add(name)
        left = f"{name}[{dimension}]" if dimension else name
        file = f"by_{dimension.replace(' ', '_')}.csv" if dimension else "parameters.csv"
        yield left, file, "B2*" if dimension else "B2", row["unit"], row["meaning"]
