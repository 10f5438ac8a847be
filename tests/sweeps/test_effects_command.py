"""`effects` as a person meets it: rows, files and a map, and what is said where something is wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from miniature import Call, caller

from xiancheng.study import Study

SPOT = "residents@2035:68"


@pytest.fixture
def call(
    mini: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Call:
    """Call the command line on the miniature study from an empty folder."""
    return caller(mini, tmp_path, monkeypatch, capfdbinary, "effects")


def test_effects_are_shown_written_and_drawn(call: Call) -> None:
    code, out, err = call(SPOT, "--holds", "--rows", "1", "-o", "all.csv", "--map", "map.svg")
    assert code == 0, err
    assert err.index("Effects on residents@2035:68") < err.index("residents@2035:68 is ")
    assert "not the official list" in err
    assert "tax_relief" in out
    assert "holds to a step of" in out
    rows = list(csv.DictReader(io.StringIO(Path("all.csv").read_text(encoding="utf-8-sig"))))
    assert len(rows) > 1
    assert abs(float(rows[0]["effect"])) >= abs(float(rows[1]["effect"])) > 0
    assert "<svg" in Path("map.svg").read_text(encoding="utf-8")


def test_constants_are_screened_in_chinese_and_as_csv(call: Call) -> None:
    code, out, err = call(SPOT, "--by", "constants", language="zh")
    assert code == 0, err
    assert "leaving_rate" in out
    assert "每变动1%的变化" in out
    code, out, _ = call(SPOT, "--by", "constants", "--format", "csv")
    assert out.lstrip("\ufeff").startswith("constant,unit,value,slope,elasticity")


@pytest.mark.parametrize(("words", "said"), [
    ((SPOT, "--per", "metre"), "step"), ((SPOT, "--by", "lever"), "levers"), ((SPOT, "--map", "map.doc"), ".svg"),
    (("resident@2035:68",), "residents"), ((SPOT, "-s", "baselin"), "baseline"), ((SPOT, "--members", "3"), "members"),
])
def test_wrong_words_are_told_with_what_may_stand_there(call: Call, words: tuple[str, ...], said: str) -> None:
    code, out, err = call(*words)
    assert code != 0
    assert out == ""
    assert said in err
    assert "Traceback" not in err
