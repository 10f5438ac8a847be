"""The order of the house: who may import whom, how long a file may be, what the project talks about."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "xiancheng"
ORDER = [
    {"texts", "cache", "interpolate", "arrays"},
    {"errors", "characters"},
    {"cells", "whole_files"},
    {"study", "provenance"},
    {"engine"},
    {"model"},
    {"scenarios"},
    {"calibration"},
    {"outputs"},
    {"weaving"},
    {"charts"},
    {"sketches"},
    {"sweeps"},
    {"planning"},
    {"comparison"},
    {"web"},
    {"cli"},
]
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
TEXT_SUFFIXES = {".py", ".md", ".toml", ".csv", ".mdl", ".txt", ".cff", ".yml", ".yaml", ""}


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def tracked_files() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(file: Path) -> set[str]:
    """The rooms a file imports, also inside functions; `__version__` of the package itself is free to all."""
    names: list[str] = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            assert node.level == 0, f"{file}: relative import"
            own = base == "xiancheng"
            names += [f"{base}.{alias.name}" for alias in node.names if alias.name != "__version__"] if own else [base]
    return {name.split(".")[1] for name in names if name.startswith("xiancheng.")}


def test_rooms_import_one_way() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {room}"
        for file in python_files("src")
        if room_of(file) in RANK
        for room in imported_rooms(file)
        if RANK.get(room, len(ORDER)) > RANK[room_of(file)]
    ]
    assert not wrong


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {room_of(file) for file in python_files("src")} - {"__init__", "__main__"}
    assert rooms <= set(RANK)


def test_importing_the_package_does_no_work() -> None:
    heavy = "{'numpy', 'pandas', 'xarray', 'jax', 'pysd', 'matplotlib', 'typer'}"
    code = f"import sys, xiancheng; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in python_files("src")
        if room_of(file) != "cli"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not printing


def test_no_module_is_a_drawer_for_leftovers() -> None:
    assert not [file for file in python_files("src", "tests") if file.stem in {"utils", "helpers", "common", "misc"}]


def test_every_table_comes_in_through_one_reader() -> None:
    """Two readers of one file differ somewhere; only the program's own texts stand below the reader of tables."""
    readers = {"reader", "DictReader", "read_csv", "read_table", "genfromtxt", "loadtxt"}
    others = {
        (file.relative_to(SOURCE).as_posix(), node.func.attr)
        for file in python_files("src")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in readers
    }
    assert others == {("texts.py", "DictReader")}


def test_python_files_say_what_they_are() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in python_files("src")
        if file.stat().st_size and not ast.get_docstring(tree(file))
    ]
    assert not silent


def test_only_what_works_everywhere_is_imported() -> None:
    """Nothing POSIX-only: the package runs on Windows as it does here."""
    posix = {"fcntl", "pwd", "grp", "resource", "termios", "pty", "syslog"}
    tops = {
        (str(file.relative_to(ROOT)), name.split(".")[0])
        for file in python_files("src")
        for node in ast.walk(tree(file))
        for name in _names(node)
    }
    assert not {pair for pair in tops if pair[1] in posix}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_text_is_read_and_written_as_utf8_on_every_system() -> None:
    """A Chinese Windows would take GBK where no encoding is named."""
    unnamed = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in python_files("src")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and _opens_text(node)
        if not any(keyword.arg == "encoding" for keyword in node.keywords)
    ]
    assert not unnamed


def _opens_text(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Name):
        opens = node.func.id == "open"
    else:
        opens = getattr(node.func, "attr", "") in {"read_text", "write_text", "open"}
        opens = opens and getattr(getattr(node.func, "value", None), "id", "") != "os"
    words = [*node.args, *(keyword.value for keyword in node.keywords)]
    modes = [word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)]
    return opens and not any(re.fullmatch(r"[rwxa]\+?b\+?", mode) for mode in modes)


def test_the_repository_speaks_of_the_project_alone() -> None:
    """No place on somebody's machine, no host of a registry, no word about how the text came about."""
    words = ["/wo" + "rk/", "/ro" + "ot/", "shared/" + "design", "shared/" + "data", "shared/" + "facts"]
    words += ["pypi" + ".org", "files.python" + "hosted", "deb.debian" + ".org", "registry.npm" + "js"]
    patterns = [re.escape(word) for word in words] + [r"\bissue \d", r"\bissue #\d", r"\b[Pp]rototype notes?\b"]
    in_prose = [*patterns, r"\bsessions?\b"]
    found = []
    for file in tracked_files():
        if file.suffix not in TEXT_SUFFIXES or file.stat().st_size > 5_000_000:
            continue
        pattern = "|".join(in_prose if file.suffix in {".md", ".csv", ".mdl", ".toml"} else patterns)
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"{file.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if re.search(pattern, line)]
    assert not found


def test_nothing_large_or_made_is_kept() -> None:
    made = {".nc", ".zarr", ".pyc", ".whl", ".h5"}
    files = tracked_files()
    assert not [file for file in files if file.suffix in made]
    assert not [file for file in files if file.stat().st_size > 10_000_000]


@pytest.mark.parametrize("name", ["LICENSE", "DATA_LICENCES.md", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_the_papers_of_the_project_are_there(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_every_source_and_licence_of_a_table_is_explained() -> None:
    """What the columns `licence` and `source` of the tables name has its row in DATA_LICENCES.md."""
    terms = (ROOT / "DATA_LICENCES.md").read_text(encoding="utf-8")
    unknown = set()
    for table in sorted((ROOT / "model" / "tables").glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        names = {row["licence"] for row in rows if row.get("licence")}
        if table.name == "sources.csv":
            names |= {row["id"] for row in rows}
        unknown |= {f"{table.name}: {name}" for name in names if f"`{name}`" not in terms}
    assert not unknown


def test_no_two_files_of_tests_share_a_name() -> None:
    """pytest takes the second for the first, and neither runs."""
    names = [file.name for file in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
