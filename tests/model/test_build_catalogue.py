"""The equations as a table that people can search."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiancheng.errors import StudyError
from xiancheng.model import catalogue
from xiancheng.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(Path(__file__).parents[1] / "mini")


def test_every_variable_has_unit_sentence_group_and_kind(study: Study) -> None:
    found = {variable.id: variable for variable in catalogue.read(study)}
    assert found["residents"].kind == "stock"
    assert (found["residents"].unit, found["residents"].group) == ("person", "Population")
    assert found["residents"].dims == ("place",)
    assert found["births"].sentence == "Births a year."
    assert found["leaving_rate"].group == "Migration"
    assert {found[name].kind for name in ("leaving_rate", "grant", "start_residents")} == {"constant"}
    assert found["total_fertility_rate"].kind == "data"
    assert found["time_step"].kind == "control"


def test_a_constant_carries_value_range_mark_and_source_of_its_row(study: Study) -> None:
    rate = catalogue.find(study, "Leaving Rate")
    assert (rate.value, rate.low, rate.high) == (0.01, 0.005, 0.02)
    assert (rate.evidence, rate.source) == ("assumed", "A miniature for tests")


def test_an_unknown_variable_is_met_with_the_nearest(study: Study) -> None:
    with pytest.raises(StudyError, match="did you mean residents"):
        catalogue.find(study, "residnts")
