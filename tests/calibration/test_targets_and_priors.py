"""Targets and priors are read strictly, and the targets are what the tables of the study give."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xiancheng.calibration import priors, targets
from xiancheng.calibration.forward import text
from xiancheng.calibration.setting import Calibration
from xiancheng.engine.source import without_views
from xiancheng.errors import StudyError
from xiancheng.model.core import core_only
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A study whose calibration may be spoilt."""
    shutil.copytree(ROOT / "calibration", tmp_path / "calibration")
    shutil.copytree(ROOT / "model", tmp_path / "model")
    return Study(tmp_path)


def spoil(file: Path, *changes: tuple[str, str]) -> None:
    content = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in content
        content = content.replace(before, after, 1)
    file.write_text(content, encoding="utf-8")


def problems(read: Callable[[], object]) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read()
    return [str(problem) for problem in caught.value.problems]


def test_targets_are_the_census_of_the_tables() -> None:
    setting = Calibration(Study(ROOT))
    for given, fresh in zip(setting.targets, setting.renewed(), strict=True):
        assert given.value == pytest.approx(fresh.value, rel=1e-9), given


def test_places_with_moved_boundaries_are_held_out() -> None:
    setting = Calibration(Study(ROOT))
    assert setting.listed.sum() == 68
    assert setting.clean.sum() == 64
    held = {one.place for one in setting.targets if one.use == targets.HELD_OUT}
    assert held == {"p371702", "p370686", "p371325", "p371703", "rest_371700", "rest_371300"}


def test_every_prior_is_a_parameter_of_the_study() -> None:
    found = priors.read(Study(ROOT))
    assert {one.parameter for one in found} <= set(priors.names_of(Study(ROOT)))
    assert {one.parameter for one in found} >= set(priors.RESIDUALS)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_values_and_distances_are_each_others_inverse(scale: str) -> None:
    prior = priors.Prior("x", 0.02, 0.005, scale)
    step = 1e-6
    for value in (0.011, 0.02, 0.034):
        theta = prior.theta(value)
        assert prior.value(theta) == pytest.approx(value)
        slope = (prior.value(theta + step) - prior.value(theta - step)) / (2 * step)
        assert prior.slope(theta) == pytest.approx(slope, rel=1e-6)


def test_every_problem_of_the_priors_is_told_at_once(study: Study) -> None:
    spoil(study.root / priors.FILE, ("migration rate,0.013,", "migraton rate,0.013,"),
          (",0.3,linear,", ",-0.3,linear,"), ("pole appeal,0.25,", "pole appeal,a quarter,"),
          ("size exponent,0.9,0.05,linear,fit,literature", "size exponent,0.9,0.05,cubic,fitted,guessed"))
    found = problems(lambda: priors.read(study))
    assert len(found) == 6
    assert "did you mean" in found[0].lower()
    assert all(re.match(r"calibration/priors.csv:\d+: ", line) for line in found)


def test_every_problem_of_the_targets_is_told_at_once(study: Study) -> None:
    spoil(study.root / targets.FILE, ("residents,p370115,0-4,2020,", "residents,p370115,0-4,2010,"),
          ("residents,p370115,5-9,", "residents,p370115,5-8,"), ("0.06,logit,share", "0.06,log,persons"))
    setting = Calibration(study)
    found = problems(lambda: setting.targets)
    assert len(found) == 5
    assert "residents, p370115, 5-9" in found[-1]


def test_a_sum_that_is_not_the_sum_of_its_places_is_told(study: Study) -> None:
    line = next(one for one in (study.root / targets.FILE).read_text(encoding="utf-8").splitlines()
                if one.startswith("residents,p370115,10-14"))
    value = line.split(",")[4]
    spoil(study.root / targets.FILE, (line, line.replace(value, str(int(value) + 500))))
    setting = Calibration(study)
    found = problems(lambda: setting.targets)
    assert len(found) == 2
    assert "residents, province, 10-14" in found[0]


def test_the_equations_of_the_fit_differ_from_the_file_in_clock_and_start_alone(study: Study) -> None:
    """Of the demographic core, that is: the fit leaves the other sectors at rest."""
    before = core_only(without_views(study.equations.read_text(encoding="utf-8")), study).splitlines()
    after = text(study).splitlines()
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    clock = [other for one, other in changed if "start_2020" not in one]
    assert clock == ["INITIAL TIME = 2010", "FINAL TIME = 2020", "TIME STEP = 0.25"]
    assert all(one.replace("start_2020", "start_2010") == other for one, other in changed if "start_2020" in one)


def test_the_equations_read_what_the_fit_found() -> None:
    """Every fitted parameter of parameters.csv lies within one standard deviation of the optimum that is kept."""
    held = priors.held(Study(ROOT).parameters)
    with (ROOT / "calibration" / "posterior_summary.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["place"]]
    assert {row["parameter"] for row in rows} == {one.parameter for one in priors.read(Study(ROOT))} - set(
        priors.RESIDUALS)
    far = [row["parameter"] for row in rows
           if row["difference"] and abs(held[row["parameter"]] - float(row["optimum"])) > float(row["sd"])]
    assert not far
