"""The door of the package: one function for a run, nothing loaded before it is used."""

from __future__ import annotations

from pathlib import Path

import pytest

import xiancheng
from xiancheng.errors import StudyError
from xiancheng.study import Study


def test_what_the_package_offers_is_there() -> None:
    assert xiancheng.Study is Study
    assert set(xiancheng.__all__) <= {name for name in xiancheng.__all__ if getattr(xiancheng, name)}


def test_anything_else_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'county'"):
        _ = xiancheng.county


def test_a_run_by_scenario_and_study(root: Path) -> None:
    mini = root / "tests" / "mini"
    result = xiancheng.run("stay", study=mini, start=2010, end=2022, settings=["mortality=1.1"])
    assert result["residents"].sel(year=2010, place="p371522") == 960000
    assert list(result["year"].values) == list(range(2010, 2023))


def test_wrong_words_are_refused_before_anything_runs(root: Path) -> None:
    with pytest.raises(StudyError, match="did you mean stay"):
        xiancheng.run("stey", study=root / "tests" / "mini")
