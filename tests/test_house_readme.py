"""Every command that a page shows runs, in the order shown, in an empty folder; slow ones among the slow tests."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xiancheng.cli import main
from xiancheng.model import build

ROOT = Path(__file__).resolve().parents[1]
FITTED = ("xiancheng validate", "xiancheng calibrate")
"""Commands that fit the people of the whole study, half a minute of a processor and more each; on ten invented places
they run from end to end in tests/calibration/test_command.py."""
COMPARED = "xiancheng county 莘县 --scenarios county_town_first,austerity --report shenxian.docx"
"""A command that compiles many runs of the whole study, which takes two minutes of a processor; the same page is
written in every form in tests/comparison/test_county_page.py."""
SLOW = (*FITTED, COMPARED)
STARTS = ("start_decision.md", "start_research.md", "start_model.md")
PAGES = [ROOT / "README.md", *(ROOT / "docs" / name for name in ("guide.md", *STARTS, "own_counties.md"))]
TEN_COUNTIES = ["370115", "370124", "370285", "370323", "370405", "370522", "370683", "370725", "370829", "371522"]


def examples(page: str, language: str) -> list[str]:
    file = next(folder / page for folder in (ROOT, ROOT / "docs") if (folder / page).is_file())
    pattern = rf"^```{language}\n(.*?)^```"
    return re.findall(pattern, file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def shown_commands() -> list[str]:
    """The commands of the pages: in shell blocks and, without placeholders, in the text."""
    found: list[str] = []
    for page in PAGES:
        lines = "".join(examples(page.name, "sh")).splitlines()
        inline = re.findall(r"`(xiancheng [^`]+)`", page.read_text(encoding="utf-8"))
        found += [re.sub(r"\s+#.*$", "", line) for line in lines]
        found += [command for command in inline if not re.search(r"[A-Z]{3}|[A-Z]\.nc|\bDIR\b|…|\[", command)]
    return list(dict.fromkeys(command.strip() for command in found if command.startswith("xiancheng ")))


def figures(screen: str) -> dict[str, list[float]]:
    """The rows of a screen by name, with the figures of its four years; of two tables the first."""
    number = r"-?[\d,.]+(?=[%万 ])"
    rows = re.findall(r"^(\S.*?)\s{2,}(\d.*)$", screen, flags=re.MULTILINE)
    return {
        name: [float(word.replace(",", "")) for word in re.findall(number, rest + " ")][:4]
        for name, rest in reversed(rows)
    }


def assert_shown(page: str, screen: str) -> None:
    """A page shows what the program shows, within 2 %, and so long as the years stand in the same order."""
    shown, real = figures(examples(page, "text")[0]), figures(screen)
    assert len(shown) >= 3
    for name, values in shown.items():
        assert values == pytest.approx(real[name], rel=0.02), f"{page}: {name}"


@pytest.mark.parametrize("page", STARTS)
def test_a_page_to_start_from_shows_the_same_in_both_languages(page: str) -> None:
    for language in ("sh", "python"):
        assert examples(page, language) == examples(page.replace(".md", ".zh.md"), language)


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """One compiled program serves all runs of this page, and what ran once is not run again."""
    simulate: Callable[..., Any] = build.simulate
    done: dict[tuple[Path, str], Any] = {}

    def compiled(built: build.BuiltRun, **given: Any) -> Any:
        run = (built.study.root, built.scenario.id)
        if run not in done:
            done[run] = simulate(built, **{**given, "engine": "compiled"})
        return done[run]

    monkeypatch.setattr(build, "simulate", compiled)


@pytest.mark.study
@pytest.mark.parametrize("command", SLOW)
def test_a_slow_command_runs(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command in shown_commands()
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)[1:]) == 0, capsys.readouterr()
    assert capsys.readouterr().out.strip()


@pytest.mark.long
@pytest.mark.usefixtures("fast")
def test_every_command_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)  # the pages show what a file gets, not what fits a terminal
    (tmp_path / "my_plan.toml").write_text(examples("README.md", "toml")[0], encoding="utf-8")
    (tmp_path / "my_counties.csv").write_text("\n".join(TEN_COUNTIES) + "\n", encoding="utf-8")

    failed, printed = {}, {}
    for command in [*shown_commands(), "xiancheng run --lang zh --force"]:
        code = main([*shlex.split(command)[1:], *(["--help"] if command in SLOW else [])])
        said = capsys.readouterr()
        printed[command] = said.out
        if code or not (said.out + said.err).strip():
            failed[command] = (code, said.err[-2000:])
    assert not failed
    assert_shown("README.md", printed["xiancheng run"])
    assert_shown("README.zh.md", printed["xiancheng run --lang zh --force"])
    for page in ("guide.md", "start_research.md"):
        for example in examples(page, "python"):
            exec(compile(example, page, "exec"), {})
        assert capsys.readouterr().out.strip()
