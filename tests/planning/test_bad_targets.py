"""A wrong target is refused at the command line with what stands there and the next move, in both languages."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from xiancheng.cli import main
from xiancheng.model import tables
from xiancheng.study import Study

# file -> words of the answer in English, in Chinese
BAD = {
    "lever_before_the_policy": ("year 1999", "1999 年"),
    "neither_at_least_nor_at_most": ("such as urban_share>=0.6", "如 urban_share>=0.6"),
    "no_indicator": ("such as urban_share>=0.6", "如 urban_share>=0.6"),
    "no_number": ("urban_share>=much", "urban_share>=much"),
    "no_sign": ("such as urban_share>=0.6", "如 urban_share>=0.6"),
    "share_above_one": ("above 0 %, up to 100 %", "大于0%"),
    "unknown_area": ("no area 莘線", "莘县"),
    "unknown_base": ("did you mean baseline?", "baselin"),
    "unknown_indicator": ("did you mean residents?", "residents"),
    "unknown_lever": ("did you mean tax_relief?", "tax_relief"),
    "unknown_measure": ("weights", "weights"),
    "unknown_place": ("--places: there is no place 莘線", "莘县"),
    "unknown_type": ("no places of type smal", "没有类型为 smal"),
    "weight_of_a_lever_that_may_not_move": ("a weight for grant", "给 grant 设了权重"),
    "weight_that_is_no_number": ("LEVER=NUMBER", "工具=数值"),
    "year_beyond_the_tables": ("2026 to 2050", "2026"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", BAD)
def test_a_wrong_target_is_refused_in_both_languages(
    name: str, language: str, root: Path, mini: Study, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "check", lambda root: None)
    words = (root / "tests" / "bad" / "targets" / f"{name}.txt").read_text(encoding="utf-8")
    code = main(["target", *shlex.split(words), "--study", str(mini.root), "--lang", language])
    out, err = capfd.readouterr()
    assert code in (2, 3)
    assert out == ""
    assert BAD[name][language == "zh"] in err
    assert "Traceback" not in err


def test_every_bad_target_is_tried(root: Path) -> None:
    assert {file.stem for file in (root / "tests" / "bad" / "targets").glob("*.txt")} == set(BAD)
