"""The miniature study with members of a posterior, and designs on it as text."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xiancheng.cli import main
from xiancheng.model import tables
from xiancheng.study import Study

Call = Callable[..., tuple[int, str, str]]
"""Calls the command line with words and gives back code, output and errors."""

MEMBERS = "member,leaving rate,birth rate per child\n" + "".join(
    f"{number},{0.008 + 0.001 * number},{0.0061 - 0.0001 * number}\n" for number in range(1, 9)
)
WORDS = """[title]
zh = "试"
en = "Try"

[sentence]
zh = "小型研究的试验设计。"
en = "A design on the miniature study."
"""
FACTORS = """
[constants.grant_scale]
low = 8000
high = 12000

[assumptions.outside_attractiveness]
low = -0.3
high = 0.3
year = 2030

[assumptions.fertility_path]
choices = ["reference", "stress"]

[levers.grant]
low = 0
high = 30000
year = 2030
places = "68"

[levers.tax_relief]
low = 0
high = 1
year = 2028
"""
Write = Callable[..., Path]


def mini_study(root: Path, folder: Path) -> Study:
    """Copy the miniature study and give it members of a posterior."""
    shutil.copytree(root / "tests" / "mini", folder)
    (folder / "calibration").mkdir()
    (folder / "calibration" / "members.csv").write_text(MEMBERS, encoding="utf-8")
    return Study(folder)


def caller(
    study: Study, folder: Path, monkeypatch: pytest.MonkeyPatch, streams: pytest.CaptureFixture[bytes], *verb: str
) -> Call:
    """Return what calls the command line in a folder, on a study whose blocks are not those of the real one."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(tables, "check", lambda root: None)

    def answer(*words: str, language: str = "en") -> tuple[int, str, str]:
        streams.readouterr()
        code = main([*verb, *words, "--study", str(study.root), "--lang", language])
        out, err = streams.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return answer
