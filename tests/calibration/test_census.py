"""Cut boundaries show in those who hardly move, and coverage is told from growth only where a prior allows it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy

from xiancheng.calibration import census, fit
from xiancheng.calibration.setting import Calibration
from xiancheng.calibration.targets import HELD_OUT
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {"p371702": 0.261, "p370686": 0.142, "p371325": 0.121, "p371703": 0.099}
"""Shares of the people of 2010 cut off, found with expected survivors of each cohort instead of one ratio."""


def test_places_left_out_are_those_that_were_cut() -> None:
    setting = Calibration(Study(ROOT))
    found = {one.place: one for one in census.cuts(
        setting.places, setting.start_ages, setting.evidence.ages, setting.listed)}
    out = {one.place for one in setting.targets if one.use == HELD_OUT and one.place in found}
    assert out == set(ELSEWHERE)
    for place, share in ELSEWHERE.items():
        assert found[place].distance < -3
        assert found[place].share == pytest.approx(share, abs=0.025)
    assert next(iter(found)) == "p371702"
    assert len([one for one in found.values() if one.distance < -3]) == 5


def test_a_census_that_missed_children_is_found_out() -> None:
    model = toy.Toy()
    truth = toy.observed(model.run(toy.truth(1) * np.r_[np.ones(13), np.zeros(20)]))
    missed = replace(truth, ages=truth.ages * np.where(np.arange(18) < 1, 0.95, 1.0))
    best = fit.optimise(model, missed, np.zeros(toy.SPACE.size))
    found = {one.ages: one for one in census.coverage(best, missed, toy.SPACE)}
    assert found["0-4"].estimate < -0.01
    assert abs(found["5-14"].estimate) < abs(found["0-4"].estimate)
    for one in found.values():
        assert 0 <= one.shrinkage < 1
        assert abs(one.correlation) <= 1


def test_coverages_are_written(tmp_path: Path) -> None:
    model = toy.Toy()
    seen = toy.observed(model.run(toy.truth(1)))
    best = fit.optimise(model, seen, np.zeros(toy.SPACE.size))
    census.write_coverage(tmp_path / "coverage.csv", census.coverage(best, seen, toy.SPACE))
    lines = (tmp_path / "coverage.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["ages", *census.COVERED]
