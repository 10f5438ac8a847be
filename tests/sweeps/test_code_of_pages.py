"""The code that pages show runs: Python of sweeps, discover and effects on a miniature, and every command is one."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from miniature import mini_study

import xiancheng
from xiancheng.cli import app
from xiancheng.model import tables

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")], key=lambda page: page.name)
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN_ELSEWHERE = {
    "guide.md": "test_house_readme.py", "start_research.md": "test_house_readme.py", "notebook.md": "test_notebook.py",
    "recipes.md": "test_recipes_of_tools.py",
}
"""Pages whose blocks another test runs, word for word or with the names of the miniature study."""
MINI: Mapping[str, Mapping[str, str]] = {
    "sweeps.md": {
        '{"registration_ease": (20, 100)}': '{"grant": (0, 30000)}', "good.urban_share": "good.residents",
        '{"registration_ease": {2028: (20, 50), 2033: (20, 100)}': '{"tax_relief": {2028: (0, 0.5), 2033: (0, 1)}',
        '"in_situ_settlement"': '"grant"', "registration_ease@2028": "tax_relief@2028",
    },
    "discover.md": {},
    "effects.md": {
        '"baseline", members=20': '"baseline"', "school_places@2028": "grant@2028",
        '"registration_ease": 0.5': '"tax_relief": 0.5', "public_money@2030:province": "residents@2030:province",
        "answer.by_money().rows[0]": "answer.rows[0]",
    },
}
"""What a block of a page says in the miniature study, which has two levers, residents and no money."""


_STAND_IN = {"N": "1", "YEAR": "2030", "RUN": "1"}
"""Numbers for the placeholders of pages; others stand for words."""


def blocks(page: str) -> list[str]:
    return BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def in_miniature(page: str) -> str:
    code = "\n".join(blocks(page))
    for words, others in MINI[page].items():
        assert words in code, f"{page}: {words}"
        code = code.replace(words, others)
    return code


def shown(page: Path) -> list[str]:
    """The commands of a page: in blocks of the shell, in indented ones and, without placeholders, in the text."""
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^(?: {4})?(xiancheng [^\n]+)$|`(xiancheng [^`]+)`", text, re.MULTILINE)
    plain = (re.sub(r"\s+#.*$", "", "".join(line)).strip() for line in lines)
    return [line for line in plain if not re.search(r"…|\[|\|| {3}", line)]


def test_every_block_of_python_is_run_by_a_test() -> None:
    """By this one or by another; what a page shows in Chinese is what it shows in English."""
    pages = {page.name for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))}
    english = {name for name in pages if not name.endswith(".zh.md")}
    assert english == {*RUN_ELSEWHERE, *MINI}
    for name in pages - english:
        assert blocks(name) == blocks(name.replace(".zh.md", ".md"))
    for page, test in RUN_ELSEWHERE.items():
        (file,) = (ROOT / "tests").rglob(test)
        assert f'"{page}"' in file.read_text(encoding="utf-8")


def test_the_blocks_of_sweeps_discover_and_effects_run_in_the_miniature_study(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = mini_study(root, tmp_path / "mini")
    monkeypatch.chdir(study.root)
    monkeypatch.setattr(tables, "check", lambda folder: None)
    monkeypatch.setattr(tables, "check_once", lambda study: None)
    scope: dict[str, Any] = {}
    lines = io.StringIO()
    with contextlib.redirect_stdout(lines):
        exec(compile(in_miniature("sweeps.md"), "sweeps.md", "exec"), scope)
        assert scope["found"].sizes["run"] == 64
        assert scope["by_year"].sizes["run"] == 8
        Path("runs.zarr").rename("plain.zarr")
        xiancheng.sweep(levers={"grant": (0, 30000)}, scenarios=["baseline", "stay"], n=32, store="runs.zarr")
        exec(compile(in_miniature("discover.md"), "discover.md", "exec"), scope)
        assert len(scope["result"].regret(0.0)) == 2
        exec(compile(in_miniature("effects.md"), "effects.md", "exec"), scope)
        assert scope["answer"]["slope"].dims == ("point", "output", "column")
    assert "quantile" in lines.getvalue()
    assert list(Path("pictures").iterdir())


@pytest.mark.study
def test_the_same_blocks_run_in_the_study_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    scope: dict[str, Any] = {}
    exec(compile("\n".join(blocks("sweeps.md")), "sweeps.md", "exec"), scope)
    Path("runs.zarr").rename("plain.zarr")
    xiancheng.sweep("levers_and_futures", scenarios=["baseline", "stress_births"], n=32, store="runs.zarr")
    for page in ("discover.md", "effects.md"):
        exec(compile("\n".join(blocks(page)), page, "exec"), scope)
    assert len(scope["answer"]["point"]) == 3


def parsed(line: str) -> str:
    """What the program says against a command before it does anything, nothing where it is one."""
    command: Any = None
    words = [_STAND_IN.get(word, word) for word in shlex.split(line)[1:]]
    while words and (command is None or hasattr(command, "commands")):
        name, *words = words
        if name.startswith("-"):
            return ""
        below = app.MODULES if command is None else command.commands
        if name not in below:
            return f"no verb {name}"
        command = app.loaded(name, "en") if command is None else command.commands[name]
    if command is None or {"--help", "--version"} & set(words):
        return ""
    try:
        command.make_context(name, [*words])
    except Exception as error:
        is_named = not words or words[-1].startswith("--")  # a verb or a flag alone is named, not shown
        return "" if is_named else f"{type(error).__name__}: {error}"
    return ""


@pytest.mark.parametrize("page", [page for page in PAGES if shown(page)], ids=lambda page: page.name)
def test_every_command_of_a_page_is_one(page: Path) -> None:
    """Its verb, flags and number of words are those of the program; those of pages to start from are run elsewhere."""
    assert {line: fault for line in shown(page) if (fault := parsed(line))} == {}


def test_a_command_that_is_none_is_found() -> None:
    assert parsed("xiancheng runs") == "no verb runs"
    assert "--too" in parsed("xiancheng run --too 2030")
    assert "using" in parsed("xiancheng target 'urban_share>=0.6' --by 2035")
    assert parsed("xiancheng tables build") == ""
