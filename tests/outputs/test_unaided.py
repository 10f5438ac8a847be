"""What moves without any policy is told beside results, so that nobody takes a gift of the baseline for an effect."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from xiancheng.outputs import indicators, unaided
from xiancheng.study import Study

LANGUAGES = ("zh", "en")


def baseline(values: list[float]) -> xr.Dataset:
    about = {"units": "years", "title_en": "Price", "title_zh": "房价收入比"}
    return xr.Dataset({"price": ("year", values, about)}, {"year": list(range(2020, 2020 + len(values)))})


def words_of(values: list[float], language: str = "en") -> str:
    return unaided.sentence(baseline(values), ["price"], "the list", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fall_without_policy_is_told_with_both_its_years(language: str) -> None:
    sentence = words_of([6.0, 5.0, 3.8], language)
    for part in ("6", "3.8", "2020", "2022", {"en": "Price", "zh": "房价收入比"}[language]):
        assert part in sentence


def test_a_year_without_a_value_is_passed_over() -> None:
    assert "2021" in words_of([np.nan, 5.0, 3.8])
    assert "2020" not in words_of([np.nan, 5.0, 3.8])


@given(st.floats(0.1, 1e6), st.floats(-0.019, 0.019))
def test_what_hardly_moves_is_no_gift(level: float, part: float) -> None:
    assert words_of([level, level * (1 + part)]) == ""


@given(st.floats(0.1, 1e6), st.floats(0.05, 0.9))
def test_whatever_moves_is_told_whichever_way(level: float, part: float) -> None:
    assert words_of([level, level * (1 - part)]) != ""
    assert words_of([level, level * (1 + part)]) != ""


def test_homes_and_incomes_of_the_study_are_told(study: Study) -> None:
    """Burden, price to income and income move by a third and more in the baseline, without any policy."""
    catalogue = indicators.read(study)
    assert {catalogue[name].unit for name in unaided.names(study)} >= {"share", "years"}
    assert {article for name in unaided.names(study) for article in catalogue[name].articles} >= {"7", "3"}
