"""`baseline`: silent while nothing moves, a table and exit code 1 when something does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from calls import Call


@pytest.fixture
def own(root: Path, tmp_path: Path) -> Path:
    """A study of the user's own."""
    for room in ("model", "scenarios"):
        shutil.copytree(root / room, tmp_path / "own" / room)
    (tmp_path / "own" / "outputs").mkdir()
    for table in (root / "outputs").glob("*.csv"):
        shutil.copy2(table, tmp_path / "own" / "outputs")
    return tmp_path / "own"


def test_a_baseline_is_accepted_compared_and_missed(call: Call, own: Path) -> None:
    file = own / "outputs" / "baseline" / "from_2020.csv"
    assert call("baseline", "--study", str(own)).code == 3
    assert call("baseline", "--accept", "--study", str(own)).code == 0
    assert "all within 1e-06" in call("baseline", "--study", str(own)).err
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("2030,68,residents,"))
    lines[number] = "2030,68,residents,1,persons"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = call("baseline", "--study", str(own), "--lang", "zh")
    assert answer.code == 1
    assert "residents" in answer.out
    assert "1 个" in answer.err
