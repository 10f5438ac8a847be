"""A wrong call ends in a sentence with the next move and the right exit code; a traceback reaches nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from calls import Call

from xiancheng.errors import MissingPart
from xiancheng.outputs import journey

USAGE = [
    ((), ""),
    (("nonsense",), "nonsense"),
    (("rum",), "run"),
    (("run", "--strat", "2010"), "--start"),
    (("run", "--lang", "fr"), "zh"),
    (("show",), "ID"),
    (("list",), "WHAT"),
    (("diff", "a.nc"), "B"),
    (("study", "new", "x"), "--list"),
]
NO_VALUE = {"zh": "选项 -o 的取值缺失，或该选项不取值", "en": "after -o stands a value, and only where it takes one"}
FORMER = "in_county_moves_share"
"""What a name is told that an indicator bears no more: the name of today."""
BAD_INPUT = [
    (("run", "baselin"), "baseline"),
    (("run", "--start", "abc"), "2010"),
    (("run", "--start", "2015"), "2010"),
    (("run", "--to", "2060"), "2050"),
    (("run", "--set", "in_situ_setlement=3"), "in_situ_settlement"),
    (("run", "--set", "in_situ_settlement"), "--set"),
    (("run", "--set", "in_situ_settlement=1@2015:莘線"), "莘县"),
    (("run", "--engine", "compile"), "compiled"),
    (("run", "--format", "tabel"), "table"),
    (("run", "-o", "x.xyz"), ".nc"),
    (("run", "-o", "nowhere/x.nc"), "nowhere"),
    (("run", "--variables", "urban_shar"), "urban_share"),
    (("run", "--by", "religion"), "settlement"),
    (("run", "--study", "nowhere"), "urbanisation.mdl"),
    (("list", "lever"), "levers"),
    (("show", "urban_shar"), "urban_share"),
    *((words, FORMER) for words in (
        ("show", "in_situ_share"),
        ("run", "--set", "in_situ_share=0.5"),
        ("run", "--variables", "in_situ_share"),
        ("compare", "baseline", "--indicators", "in_situ_share"),
        ("plot", "baseline", "in_situ_share"),
        ("target", "in_situ_share>=0.5", "--by", "2035", "--using", "in_situ_settlement"),
    )),
    (("county", "莘"), "莘县"),
    (("county", "Shenxan"), "Shenxian"),
    (("causes", "residentss"), "residents"),
    (("check", "nowhere.toml"), "nowhere.toml"),
    (("diff", "a.nc", "b.nc"), "xiancheng run"),
    (("engine", "check", "nowhere.mdl"), "nowhere.mdl"),
    (("study", "new", "x", "--list", "nowhere.csv"), "nowhere.csv"),
]


def named(part: object) -> str:
    return " ".join(part) if isinstance(part, tuple) else ""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("words", "hint"), USAGE, ids=named)
def test_wrong_usage_is_2(call: Call, words: tuple[str, ...], hint: str, language: str) -> None:
    answer = call(*words, *(() if "--lang" in words else ("--lang", language)))
    assert answer.code == 2
    assert hint in answer.err
    assert "Traceback" not in answer.err
    if words and "fr" not in words:
        assert ("用法见" if language == "zh" else "--help") in answer.err


@pytest.mark.parametrize("language", NO_VALUE)
def test_a_flag_without_its_value_is_told_in_one_language(call: Call, language: str) -> None:
    answer = call("--lang", language, "run", "-o")
    assert answer.code == 2
    assert answer.err.splitlines()[0] == NO_VALUE[language]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("words", "hint"), BAD_INPUT, ids=named)
def test_bad_input_is_3_and_leaves_nothing_behind(
    call: Call, tmp_path: Path, words: tuple[str, ...], hint: str, language: str
) -> None:
    answer = call(*words, "--lang", language)
    assert answer.code == 3
    assert hint in answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []


def fail(error: BaseException) -> object:
    def failing(*_: object, **__: object) -> None:
        raise error

    return failing


@pytest.mark.parametrize(
    ("error", "code"),
    [(RuntimeError("inside"), 1), (MissingPart("web", "starlette"), 6), (KeyboardInterrupt(), 130)],
)
def test_every_end_has_its_code(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    monkeypatch.setattr(journey, "run", fail(error))
    answer = call("run")
    assert answer.code == code
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []


def test_who_asks_for_it_sees_the_traceback(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "run", fail(RuntimeError("inside")))
    with pytest.raises(RuntimeError):
        call("run", "--debug")


def test_a_folder_that_cannot_be_written_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "xiancheng_run").write_text("a file, no folder", encoding="utf-8")
    answer = call("run")
    assert answer.code == 3
    assert "xiancheng_run" in answer.err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("verb", ["behaviour", "loops"])
def test_a_page_that_cannot_be_written_is_told_before_anything_runs(call: Call, verb: str, language: str) -> None:
    answer = call(verb, "-o", "nowhere/page.md", "--lang", language)
    assert answer.code == 3
    assert "nowhere" in answer.err
    assert "100" not in answer.err


def test_a_dry_run_reads_the_indicators_as_the_real_one_does(call: Call) -> None:
    answer = call("compare", "green_first", "--indicators", "in_situ_share", "--dry-run", "--lang", "en")
    assert answer.code == 3
    assert "in_county_moves_share" in answer.err
