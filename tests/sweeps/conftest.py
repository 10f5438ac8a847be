"""A study small enough to run thousands of times, and a design on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from miniature import FACTORS, WORDS, Write, mini_study

from xiancheng.study import Study


@pytest.fixture(scope="session")
def mini(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The miniature study, five places; nobody changes it."""
    return mini_study(root, tmp_path_factory.mktemp("sweeps") / "mini")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a design: [sampling] and [runs] as given, all kinds of factors unless others are."""

    def written(sampling: str = "n = 32", runs: str = "", factors: str = FACTORS, output: str = "") -> Path:
        file = tmp_path / "try.toml"
        text = f"{WORDS}\n[sampling]\n{sampling}\n\n[runs]\n{runs}\n\n[output]\n{output}\n{factors}"
        file.write_text(text, encoding="utf-8")
        return file

    return written
