"""Draws of all that is not known: named streams, shared factors, sums that stay, people as they were fitted."""

from __future__ import annotations

import csv
import re
import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from xiancheng.calibration import families, joint_prior, path_draws, unknowns
from xiancheng.calibration.joint_prior import Draws
from xiancheng.calibration.unknowns import BEHAVIOUR, COSTS, GROUPS, PATH, PEOPLE, Unknown
from xiancheng.engine.source import key
from xiancheng.errors import StudyError
from xiancheng.model import constants, element_tables, members
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, in_language

ROOT = Path(__file__).parents[2]
COUNT = 400


@cache
def study() -> Study:
    return Study(ROOT)


@cache
def rows() -> tuple[Unknown, ...]:
    return unknowns.read(study())


@cache
def everything() -> Draws:
    return joint_prior.draws(study(), COUNT, 7)


def test_every_row_has_a_range_or_a_reason_for_none() -> None:
    assert not [row for row in rows() if row.is_owed]
    assert {row.group for row in rows() if row.is_drawn} == set(GROUPS) - {PEOPLE, PATH}


def test_the_first_draws_are_the_same_however_many_are_asked_for_and_whichever_groups_are() -> None:
    few = joint_prior.draws(study(), 5, 7, [COSTS, PATH])
    for name, values in few.constants.items():
        np.testing.assert_array_equal(values, everything().constants[name][:5])
    for name, paths in few.paths.items():
        np.testing.assert_array_equal(paths[4].values, everything().paths[name][4].values)
    other = joint_prior.draws(study(), 5, 8, [COSTS])
    assert all((values != few.constants[name]).any() for name, values in other.constants.items())


def test_no_group_means_no_draw_and_people_alone_are_their_posterior() -> None:
    nothing = joint_prior.draws(study(), 3, 7, [])
    assert (nothing.people, dict(nothing.constants), dict(nothing.paths)) == ((), {}, {})
    people = joint_prior.draws(study(), 200, 7, [PEOPLE])
    posterior = members.read(study())
    assert sorted(people.people) == sorted(posterior)
    for name, values in people.constants.items():
        np.testing.assert_array_equal(values[3], posterior[people.people[3]][name])


def test_no_draw_lies_where_a_constant_cannot_be() -> None:
    spans = constants.bounds(study())
    for name, values in everything().constants.items():
        assert np.isfinite(values).all(), name
        assert constants.impossible(name, values, spans.get(key(name), (-np.inf, np.inf))) is None, name


def test_the_median_of_a_number_is_what_the_equations_read() -> None:
    inside = [row for row in rows() if row.is_drawn and not row.total and not row.element and row.range
              and row.range.low < row.value < row.range.high]
    for row in inside:
        below = (everything().constants[row.name] < row.value).mean()
        assert abs(below - 0.5) < 5 * 0.5 / np.sqrt(COUNT), row.name


@pytest.mark.parametrize(("pair", "expected"), [
    ((("capacity per user in 2020", "health"), ("capacity per user in 2020", "park")), joint_prior.ELEMENTS),
    ((("displacement share", ""), ("programme post loss rate", "")), joint_prior.TOGETHER),
    ((("displacement share", ""), ("allowance response", "")), 0.0),
])
def test_elements_and_what_shares_a_cap_go_together(
    pair: tuple[tuple[str, str], tuple[str, str]], expected: float
) -> None:
    by_name = {(row.name, row.element): row for row in rows()}
    scores = [joint_prior.score(by_name[name], joint_prior.named_chance(4000, 1)) for name in pair]
    assert stats.pearsonr(*scores)[0] == pytest.approx(expected, abs=0.05)
    assert np.std(scores[0]) == pytest.approx(1, abs=0.05)


def test_numbers_that_add_up_to_one_do_so_in_every_draw() -> None:
    sets: dict[str, list[Unknown]] = {}
    for row in rows():
        if row.total:
            sets.setdefault(row.total, []).append(row)
    assert len(sets) > 3
    for together in sets.values():
        names = {row.name for row in together}
        sums = sum(np.atleast_2d(everything().constants[name].T).sum(axis=0) for name in names)
        rest = 1 - sum(row.value for row in together)
        assert (sums <= 1 + 1e-9).all()
        if rest < 1e-9:
            np.testing.assert_allclose(sums, 1, atol=1e-9)


def test_a_part_stays_below_its_whole_in_every_draw_and_keeps_its_median() -> None:
    parts = [row for row in rows() if row.beside]
    assert parts
    for row in parts:
        constants = joint_prior.draws(study(), 2000, 3).constants
        assert (constants[row.name] < constants[row.beside]).all()
        assert np.median(constants[row.name]) == pytest.approx(row.value, rel=0.05)


def test_a_part_of_something_that_is_no_number_of_the_tables_is_refused(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    file = copy.calibration / unknowns.FILE
    file.write_text(file.read_text(encoding="utf-8") + "*,*,wage floor,*,,,,,wage flor,,,,A part\n", encoding="utf-8")
    with pytest.raises(StudyError, match="wage floor is to stay beside 'wage flor'"):
        unknowns.read(copy)


def test_no_time_of_a_draw_is_shorter_than_a_step_of_the_equations() -> None:
    step = re.search(r"^TIME STEP = ([0-9.]+)", study().equations.read_text(encoding="utf-8"), re.MULTILINE)
    assert step is not None
    times = [row for row in rows() if row.least is not None and row.is_drawn]
    assert {row.least for row in times} == {float(step[1])}
    assert min(float(row.range.at(np.array([1e-4]))[0]) for row in times if row.range) < float(step[1])
    for row in times:
        assert everything().constants[row.name].min() >= row.least, row.name


def test_a_least_number_above_the_low_end_of_a_row_is_refused(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    file = copy.calibration / unknowns.FILE
    file.write_text(file.read_text(encoding="utf-8") + "*,*,fee perception time,*,,,,,,,,0.5,Slow\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"fee perception time goes below 0\.5") as refusal:
        unknowns.read(copy)
    allowed = [in_language(problem.allowed, language) for problem in refusal.value.problems for language in LANGUAGES]
    assert "不大于 0.25 的数，使其只约束区间以外的抽样值" in allowed
    assert "a number of at most 0.25, so that it holds only what is drawn outside the range" in allowed


def test_paths_are_as_observed_until_the_last_year_observed_and_wider_with_time() -> None:
    tables = element_tables.read_paths(study().tables)
    spread = {}
    for name, paths in everything().paths.items():
        times, by_path = tables[name]
        first = next(iter(by_path.values()))
        for path in paths[:3]:
            np.testing.assert_allclose(path.at(2020.0), np.interp(2020.0, times, first), rtol=1e-12)
        spread[name] = [np.std([path.at(year) for path in paths]) for year in (2020.0, 2028.0, 2035.0)]
    assert all(one[0] < 1e-12 < one[2] / np.abs(paths[0].values).max() for one, paths in
               zip(spread.values(), everything().paths.values(), strict=True))
    assert np.mean([one[2] >= one[1] for one in spread.values()]) > 0.8


def test_a_share_stays_between_0_and_1_and_what_is_positive_stays_so() -> None:
    for name, paths in everything().paths.items():
        values = np.stack([path.values for path in paths])
        family = path_draws.family_of(name, values[:1])
        assert family == families.SIGNED or (values >= 0).all()
        assert family != families.SHARE or (values <= 1).all(), name


def _copy(folder: Path) -> Study:
    for name in ("model", "scenarios", "calibration", "outputs"):
        shutil.copytree(ROOT / name, folder / name)
    return Study(folder)


def test_a_row_without_a_range_is_refused_until_it_has_one_or_a_reason(tmp_path: Path) -> None:
    copy = _copy(tmp_path)
    file = copy.tables / "parameters.csv"
    lines = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    row = next(row for row in lines if row["name"] == "wage floor")
    row["low"] = row["high"] = ""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    with pytest.raises(StudyError, match="wage floor has neither low and high"):
        unknowns.check(copy)
    groups = copy.calibration / unknowns.FILE
    groups.write_text(groups.read_text(encoding="utf-8") + "*,*,wage floor,*,fixed,,,,,,,,By decision\n",
                      encoding="utf-8")
    unknowns.check(copy)
    drawn = joint_prior.draws(copy, 5, 7, [BEHAVIOUR]).constants
    assert "wage floor" not in drawn
    beside = {row.name for row in rows() if row.beside}  # moves with what belongs to another group
    for name, values in drawn.items():
        if name not in beside:
            np.testing.assert_array_equal(values, everything().constants[name][:5])
    groups.write_text(groups.read_text(encoding="utf-8") + "*,*,*,*,guesses,,,,,,,,None\n", encoding="utf-8")
    with pytest.raises(StudyError, match="guesses"):
        unknowns.check(copy)
