"""What is kept between processes changes no result: spoilt, forbidden or missing, the text is parsed again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from xiancheng.engine import keeping, read

EQUATIONS = """{UTF-8}
level = INTEG(inflow, 1) ~ person ~ A stock. |
inflow = 2 ~ person/year ~ A constant. |
INITIAL TIME = 0 ~ year ~ . |
FINAL TIME = 1 ~ year ~ . |
TIME STEP = 1 ~ year ~ . |
SAVEPER = 1 ~ year ~ . |
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for what is kept, whatever the length of a text."""
    monkeypatch.setenv(keeping.VARIABLE, str(tmp_path / "kept"))
    monkeypatch.setattr(keeping, "LONG", 0)
    return tmp_path / "kept" / "parsed"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for every equation that is parsed."""
    parse: Callable[..., object] = read._parse
    done: list[str] = []

    def counted(entry: object, *rest: object) -> object:
        done.append(str(entry))
        return parse(entry, *rest)

    monkeypatch.setattr(read, "_parse", counted)
    return done


def test_the_second_reading_parses_nothing_and_is_the_same(folder: Path, parses: list[str]) -> None:
    first = read.read("model.mdl", EQUATIONS)
    assert len(parses) == 6
    assert len(list(folder.iterdir())) == 1
    assert repr(read.read("model.mdl", EQUATIONS)) == repr(first)
    assert len(parses) == 6


def test_another_text_is_parsed(folder: Path, parses: list[str]) -> None:
    read.read("model.mdl", EQUATIONS)
    other = read.read("model.mdl", EQUATIONS.replace("inflow = 2", "inflow = 3"))
    assert len(parses) == 12
    assert other.variable("inflow").equation.endswith("3")


@pytest.mark.parametrize("spoil", [
    lambda whole: whole[: len(whole) // 2],
    lambda whole: whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:],
    lambda whole: whole[:3] + bytes([whole[3] ^ 1]) + whole[4:],
    lambda whole: b"",
], ids=["cut short", "a bit of what is kept", "a bit of its digest", "empty"])
def test_a_spoilt_file_is_made_again(
    folder: Path, parses: list[str], spoil: Callable[[bytes], bytes],
) -> None:
    first = read.read("model.mdl", EQUATIONS)
    kept = next(folder.iterdir())
    whole = kept.read_bytes()
    kept.write_bytes(spoil(whole))
    assert repr(read.read("model.mdl", EQUATIONS)) == repr(first)
    assert len(parses) == 12
    assert kept.read_bytes() == whole


def test_a_text_with_a_fault_is_not_kept(folder: Path) -> None:
    model, problems = read.survey("model.mdl", EQUATIONS.replace("inflow = 2", "inflow = 2 +"))
    assert model is not None
    assert problems
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("named", ["", "/dev/null/nowhere"])
def test_without_a_folder_everything_works(named: str, monkeypatch: pytest.MonkeyPatch, parses: list[str]) -> None:
    monkeypatch.setattr(keeping, "LONG", 0)
    monkeypatch.setenv(keeping.VARIABLE, named)
    assert keeping.folder() is None
    assert repr(read.read("model.mdl", EQUATIONS)) == repr(read.read("model.mdl", EQUATIONS))
    assert len(parses) == 12


def test_the_oldest_files_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "_MOST_FILES", 2)
    for number in range(4):
        read.read("model.mdl", EQUATIONS.replace("inflow = 2", f"inflow = {number}"))
    assert len(list(folder.iterdir())) == 2


SIDES = 24
"""Constants by element that steps read: enough that their order in the code would differ by chance."""
SECOND_PROCESS = """
import sys
from xiancheng import engine
from xiancheng.engine import keeping
keeping.LEAST_SECONDS = 0.0
program = engine.compile("model.mdl", text=sys.stdin.read())
engine.run(program, {f"side {number}": float(number) for number in range(SIDES)})
""".replace("SIDES", str(SIDES))


def test_a_second_process_compiles_nothing_again(tmp_path: Path) -> None:
    """The code of a model is the same in every process, wherever its parts lie in memory, or it were kept in vain."""
    sides = "".join(
        f"side {number} = 1 ~ person ~ A constant. |\n"
        f"slow {number} = side {number} * EXP(-0.1 * side {number} / unit) ~ person ~ Once. |\n"
        for number in range(SIDES)
    )
    total = " + ".join(f"slow {number} * EXP(level / unit)" for number in range(SIDES))
    text = EQUATIONS.replace(
        "inflow = 2", f"unit = 1 ~ person ~ . |\nyear = 1 ~ year ~ . |\n{sides}inflow = ({total}) / year"
    )
    kept = []
    for seed in ("1", "2"):
        environment = {**os.environ, keeping.VARIABLE: str(tmp_path), "PYTHONHASHSEED": seed, "JAX_PLATFORMS": "cpu"}
        subprocess.run([sys.executable, "-c", SECOND_PROCESS], input=text, text=True, env=environment, check=True)
        kept.append({file.name for file in tmp_path.glob("ready-*/code-*")})
    assert kept[0]
    assert kept[1] == kept[0]
