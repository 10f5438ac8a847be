"""The board of the evaluation and the scorecard of the text."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xarray as xr

from xiancheng.errors import StudyError
from xiancheng.outputs import evaluation, indicators, scorecard
from xiancheng.outputs.least_changes import labelled
from xiancheng.outputs.scorecard import AGAINST, AS_ASKED, OPEN, STILL
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]


def study_with(tmp_path: Path, rows: str) -> Study:
    (tmp_path / "outputs").mkdir()
    shutil.copy2(ROOT / "outputs" / "indicators.csv", tmp_path / "outputs")
    text = ",".join(evaluation.COLUMNS) + "\n" + rows
    (tmp_path / "outputs" / evaluation.FILE).write_text(text, encoding="utf-8")
    return Study(tmp_path)


def test_there_are_six_aims_and_no_indicator_serves_two(study: Study) -> None:
    aims = evaluation.read(study)
    names = [name for aim in aims for name in aim.indicators]
    assert len(aims) == 6
    assert len(names) == len(set(names))


def test_the_board_holds_what_a_run_gives_and_no_total(found: xr.Dataset, study: Study) -> None:
    """Every indicator of the aims that the run has stands there once, in the order of the aims, with its target."""
    lines = evaluation.board(found, study, "en")
    there = set(indicators.read(study))
    wanted = [name for aim in evaluation.read(study) for name in aim.indicators if name in there]
    assert [line.indicator for line in lines] == wanted
    assert {line.years for line in lines} == {(2025, 2035)}
    refuge = next(line for line in lines if line.indicator == "refuge_area")
    assert "2035" in refuge.target
    short = evaluation.board(found, study, "en", short=True)
    assert all(line.target or indicators.read(study)[line.indicator].headline for line in short)


@pytest.mark.parametrize(("rows", "sentence"), [
    ("a,A,甲,residents\na,A,甲,residents\n", "row 2"),
    ("a,A,甲,resident\n", "residents"),
    ("a,A,甲,residents\na,B,甲,births\n", "another title"),
    ("a,A,,residents\n", "title_zh"),
])
def test_what_is_wrong_in_the_board_is_told(tmp_path: Path, rows: str, sentence: str) -> None:
    with pytest.raises(StudyError, match=sentence):
        evaluation.check(study_with(tmp_path, rows))


@pytest.mark.parametrize(("baseline", "value", "way", "verdict"), [
    (1.0, 1.1, "+", AS_ASKED), (1.0, 1.1, "-", AGAINST), (1.0, 0.9, "-", AS_ASKED), (1.0, 1.0005, "+", STILL),
    (0.0, 5.0, "+", AS_ASKED), (1.0, 1.1, "", OPEN), (-2.0, -1.0, "+", AS_ASKED), (float("nan"), 1.0, "+", STILL),
    (1.0, 1.0625, "+", AS_ASKED), (1.0, 1.0624, "+", STILL),
])
def test_an_indicator_moves_as_asked_or_against_it_or_hardly(
    baseline: float, value: float, way: str, verdict: str
) -> None:
    assert scorecard.verdict(baseline, value, way, 0.0625) == verdict


def test_a_run_that_is_the_baseline_moves_nothing(found: xr.Dataset, study: Study) -> None:
    marks = scorecard.marks(found, found, study, "zh")
    assert marks
    assert {mark.verdict for mark in marks} == {STILL}


def test_what_is_better_is_what_is_asked_for(found: xr.Dataset, study: Study) -> None:
    """Where lower is better a fall is asked for, whatever way the lever moves it."""
    ways = {item.indicator: item.way for item in scorecard.demands(study)}
    assert ways["refuge_area"] == "+"
    assert ways["hidden_debt"] == "-"
    more = found.assign(refuge_area=found["refuge_area"] * 2).assign_attrs(found.attrs)
    more["refuge_area_total"] = found["refuge_area_total"] * 2
    marks = {mark.demand.indicator: mark.verdict for mark in scorecard.marks(more, found, study, "zh")}
    assert marks["refuge_area"] == AS_ASKED


def test_a_change_below_the_least_of_the_indicator_counts_for_nothing(found: xr.Dataset, study: Study) -> None:
    name = "refuge_area"
    least = labelled(found[name].attrs)
    assert least.at(1.0) > 0
    base = next(mark.baseline for mark in scorecard.marks(found, found, study, "zh") if mark.demand.indicator == name)
    for part, verdict in ((0.9, STILL), (1.1, AS_ASKED)):
        factor = 1 + part * least.at(base) / base
        more = found.assign({f"{name}_total": found[f"{name}_total"] * factor}).assign_attrs(found.attrs)
        marks = {mark.demand.indicator: mark.verdict for mark in scorecard.marks(more, found, study, "zh")}
        assert marks[name] == verdict
