"""What a series that hangs on two groups does to their independence, and what moves a figure by more than chance."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from xiancheng.calibration import joint_prior, matters, ties, unknowns
from xiancheng.calibration.conditioning import Approximation
from xiancheng.calibration.fit import Optimum, Point
from xiancheng.errors import StudyError
from xiancheng.study import Study
from xiancheng.texts import LANGUAGES, in_language

LABELS = ("number a[]", "number b[]", "number c[]", "number d[]")
GROUPS = dict(zip(LABELS, ("behaviour", "behaviour", "start", "costs"), strict=True))
BAD = Path(__file__).parents[1] / "bad"


def known(directions: np.ndarray, singular: list[float]) -> Approximation:
    """Return what is known where data tell of some directions."""
    still = Point(np.zeros(len(LABELS)), np.zeros(1), 0.0)
    return Approximation(Optimum(still, np.zeros((len(LABELS), 1)), 1, np.ones(len(LABELS), bool)),
                         directions, np.array(singular))


def test_a_series_that_hangs_on_two_groups_ties_them_as_much_as_it_tells() -> None:
    told = 3.0
    approximation = known(np.array([[1.0], [0.0], [1.0], [0.0]]) / np.sqrt(2), [told])
    gone = told**2 / (1 + told**2)
    expected = -(gone / 2) / (1 - gone / 2)
    closest, *others = ties.of(LABELS, GROUPS, approximation)
    assert (closest.group, closest.other_group) == ("behaviour", "start")
    assert (closest.number, closest.other_number) == ("number a[]", "number c[]")
    assert closest.correlation == pytest.approx(expected)
    assert closest.most == pytest.approx(-expected)
    assert not closest.is_negligible
    assert [tie.most for tie in others] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert all(tie.is_negligible for tie in others)
    draws = approximation.narrowed(np.random.default_rng(1).standard_normal((20_000, len(LABELS))))
    np.testing.assert_allclose(np.cov(draws.T), approximation.covariance, atol=0.03)


def test_many_weak_pairs_can_make_a_strong_tie() -> None:
    """The series hangs on the sum of both numbers of a group: no pair says how close the groups are."""
    approximation = known(np.array([[0.5], [0.5], [np.sqrt(0.5)], [0.0]]), [3.0])
    closest = ties.of(LABELS, GROUPS, approximation)[0]
    assert abs(closest.correlation) < closest.most


def test_ties_are_read_as_they_were_written_and_a_study_without_them_has_none(tmp_path: Path) -> None:
    (tmp_path / "calibration").mkdir()
    study = Study(tmp_path)
    assert ties.read(study) == ()
    told = ties.of(LABELS, GROUPS, known(np.array([[1.0], [0.0], [1.0], [0.0]]) / np.sqrt(2), [1.0]))
    ties.write(study.calibration / ties.FILE, told)
    again = ties.read(study)
    assert [(tie.group, tie.other_group, round(tie.most, 3)) for tie in again] == [
        (tie.group, tie.other_group, round(tie.most, 3)) for tie in told]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correlation_above_one_is_refused(tmp_path: Path, language: str) -> None:
    (tmp_path / "calibration").mkdir()
    shutil.copy(BAD / "ties_above_one.csv", tmp_path / "calibration" / ties.FILE)
    with pytest.raises(StudyError) as refused:
        ties.read(Study(tmp_path))
    (problem,) = refused.value.problems
    assert problem.row == 2
    assert "1.2" in in_language(problem.found, language)


def test_every_stream_of_the_study_has_a_group_and_its_ties_are_written(root: Path) -> None:
    groups = joint_prior.stream_groups(Study(root))
    assert set(groups) == set(joint_prior.streams(Study(root)))
    assert set(groups.values()) <= set(unknowns.GROUPS)
    told = ties.read(Study(root))
    named = set(groups.values())
    assert len(told) == len(named) * (len(named) - 1) // 2
    assert {tie.number for tie in told} <= set(groups)


def test_what_moves_a_figure_is_told_from_chance() -> None:
    random = np.random.default_rng(2)
    thetas = random.standard_normal((200, 50))
    figures = {"level": np.exp(3 * thetas[:, 7]), "still": np.ones(200), "none": random.standard_normal(200),
               "gone": np.full(200, np.nan)}
    labels = [f"number {column}[]" for column in range(50)]
    told = matters.of(labels, thetas, figures)
    assert set(told) == {"number 7[]"}
    assert told["number 7[]"].figure == "level"
    assert told["number 7[]"].correlation == pytest.approx(1.0)
    assert matters.of(labels, thetas, {"still": np.ones(200)}) == {}
    assert 0.22 < matters.least(200, 2) < 0.30
