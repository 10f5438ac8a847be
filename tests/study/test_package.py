"""The door of the package: one function for a run, nothing loaded before it is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from miniature import mini_study

import xiancheng
from xiancheng.errors import StudyError
from xiancheng.study import Study


def test_what_the_package_offers_is_there() -> None:
    assert xiancheng.Study is Study
    assert set(xiancheng.__all__) <= {name for name in xiancheng.__all__ if getattr(xiancheng, name)}


def test_anything_else_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'county'"):
        _ = xiancheng.county


@pytest.mark.long
def test_a_run_by_scenario_and_study(root: Path) -> None:
    """The settings reach the equations: a tenth more mortality brings more deaths than the scenario alone."""
    alone = xiancheng.run("stress_births", study=root)
    told = xiancheng.run("stress_births", study=root, settings=["mortality=1.1"])
    assert float(told["residents"].sel(year=2020).sum()) == pytest.approx(101_527_453)
    assert float(told["deaths"].sel(year=2028).sum()) > float(alone["deaths"].sel(year=2028).sum())


def test_a_run_ends_where_it_is_told(root: Path, tmp_path: Path) -> None:
    """On the miniature study, whose programs are compiled in a moment."""
    mini = mini_study(root, tmp_path / "mini")
    alone, told = (xiancheng.run("stay", study=mini, end=2028, settings=settings)
                   for settings in ([], ["outside_attractiveness=0.3@2026"]))
    assert list(told["year"].values) == list(range(2020, 2029))
    assert float(told["residents"].sel(year=2028).sum()) < float(alone["residents"].sel(year=2028).sum())


def test_wrong_words_are_refused_before_anything_runs(root: Path) -> None:
    """An unknown scenario is named together with the one that was meant."""
    with pytest.raises(StudyError, match="did you mean stress_births"):
        xiancheng.run("stres_births", study=root)
