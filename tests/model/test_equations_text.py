"""How the equations are written: lines that can be read, no flow where there is none, programmes together."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from xiancheng.engine import entries
from xiancheng.engine.entries import Entry
from xiancheng.model import addresses

LONGEST = 200
MONEY = {"wanted programme investment": "invested programme", "programme running cost": "running programme"}
"""What a programme may cost, and the subscript range of the programmes that do."""


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "model" / "urbanisation.mdl").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def definitions(text: str) -> tuple[Entry, ...]:
    split, problems = entries.entries(text, "urbanisation.mdl")
    assert not problems
    return split


def subscripts(entry: Entry) -> str:
    match = re.match(r"[^\[=]*\[([^\]]*)\]", entry.equation)
    return match[1] if match else ""


def test_no_line_is_longer_than_a_screen(text: str) -> None:
    assert [number for number, line in enumerate(text.splitlines(), start=1) if len(line) > LONGEST] == []


def test_no_equation_is_nought_times_something(definitions: tuple[Entry, ...]) -> None:
    """A flow that does not exist is not written: ranges say where one does, :EXCEPT: what stands elsewhere."""
    assert [entry.name for entry in definitions if re.search(r"(?<![\w.])0 ?\*|\* ?0(?![\w.])", entry.equation)] == []


def test_notes_in_braces_are_left_out(text: str) -> None:
    """PySD, which reads the text as it stands, takes none but the name of the encoding."""
    assert re.findall(r"\{[^}]*\}", text) == ["{UTF-8}"]


def test_the_money_of_programmes_stands_under_programmes(definitions: tuple[Entry, ...], text: str) -> None:
    """Wanted investment and running cost stand in one part, or under provision for what is kept at a level."""
    ranges = addresses.members(text, "urbanisation.mdl")
    for name, programmes in MONEY.items():
        chosen = [entry for entry in definitions if entry.name == name]
        assert {entry.group for entry in chosen} == {"Programmes", "Provision"}
        elements = [subscripts(entry).split(",")[-1].strip() for entry in chosen]
        alone = [element for element in elements if element != "provision"]
        assert len(elements) == len(alone) + 1
        assert sorted([*alone, *ranges["provision"]]) == sorted(ranges[programmes.replace(" ", "_")])
    both = {name for programmes in MONEY.values() for name in ranges[programmes.replace(" ", "_")]}
    assert both == set(ranges["programme"])


def test_a_block_of_programmes_begins_with_its_lever(definitions: tuple[Entry, ...], text: str, root: Path) -> None:
    """Blocks are parted by one empty line and stand in the order of the levers."""
    part = text.partition("\t.Programmes\n")[2].partition("|\n")[2].partition("\n\n****")[0]
    firsts = [block.split("[")[0].strip() for block in part.split("\n\n")]
    assert all("'tables/blocks/levers.csv'" in block.split("\n")[0] for block in part.split("\n\n"))
    with (root / "scenarios" / "levers.csv").open(encoding="utf-8", newline="") as lines:
        order = [row["id"].replace("_", " ") for row in csv.DictReader(lines)]
    assert firsts == [name for name in order if name in firsts]
    assert len(firsts) > 15
