"""Few members stand for all: closer than the first ones, and for no other members than those of today."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from xiancheng.calibration import stand_in_choice, stand_ins, whole_members
from xiancheng.calibration.stand_ins import StandIns
from xiancheng.calibration.whole_members import PEOPLE, WHOLE
from xiancheng.comparison import request
from xiancheng.errors import StudyError
from xiancheng.planning import trials
from xiancheng.study import Study

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Study:
    for name in ("model", "scenarios", "calibration", "outputs"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Study(tmp_path)


def test_chosen_members_stand_for_all_better_than_the_first_ones_do() -> None:
    """Forty changes that hang on five unknowns: bands of 20 chosen ones agree, those of the first 20 do not."""
    chance = np.random.default_rng(7)
    values = chance.normal(size=(40, 5)) @ chance.normal(size=(5, 200))
    rows = stand_in_choice.choose(values, starts=2, steps=4000)
    chosen, first = stand_in_choice.misses(values, rows), stand_in_choice.misses(values, range(20))
    assert (chosen < stand_ins.AGREED).mean() > 0.9 > 0.5 > (first < stand_ins.AGREED).mean()
    assert len(set(rows)) == 20


def test_a_miss_is_the_farthest_of_both_ends_and_the_median_in_parts_of_the_width() -> None:
    """Of 0 to 100 evenly, 0 to 50 have a low end 2.5 below, a median 25 below and a high end 47.5 below; width 90."""
    values = np.array([np.arange(101.0)])
    assert stand_in_choice.misses(values, range(51))[0] == pytest.approx(47.5 / 90)
    assert stand_in_choice.misses(values, range(101))[0] == 0


def test_what_does_not_change_and_what_is_missing_has_no_band() -> None:
    values = np.array([[0.0] * 10, list(range(10)), [np.nan, *range(9)]])
    assert stand_in_choice.is_open(values).tolist() == [False, True, False]


def test_the_study_ships_stand_ins_of_its_members() -> None:
    study = Study(ROOT)
    few = stand_ins.read(study)
    assert len(few.members) == stand_in_choice.COUNT
    assert set(few.members) <= set(range(1, whole_members.counted(study) + 1))
    every, drawn = whole_members.read(study), stand_ins.draws(study, few.members)
    for row, number in enumerate(few.members):
        assert drawn.people[row] == every.people[number - 1]
        for name, values in drawn.constants.items():
            np.testing.assert_array_equal(values[row], every.constants[name][number - 1])


def test_stand_ins_of_other_members_are_refused_in_a_sentence(copy: Study) -> None:
    whole_members.write(copy, 40)
    with pytest.raises(StudyError, match="chosen from other members") as refusal:
        stand_ins.read(copy)
    assert len(refusal.value.problems) == 1
    assert "benchmarks/stand_ins.py" in str(refusal.value)


def test_stand_ins_of_other_members_trouble_nobody_who_asks_for_another_number(copy: Study) -> None:
    """A fit writes members first and runs all of them: nobody has chosen among these yet."""
    few = len(stand_ins.read(copy).members)
    whole_members.write(copy, 40)
    assert stand_ins.numbers(copy, 40) == tuple(range(1, 41))
    assert stand_ins.numbers(copy, few + 1) == tuple(range(1, few + 2))
    with pytest.raises(StudyError, match="chosen from other members"):
        stand_ins.numbers(copy, few)


@pytest.mark.parametrize(("row", "found"), [
    ("201", "no member 201"), ("0", "no member 0"), ("half", "no whole number"),
])
def test_a_stand_in_that_is_no_member_is_refused_in_a_sentence(copy: Study, row: str, found: str) -> None:
    file = copy.calibration / stand_ins.FILE
    head, first, *rest = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([head, f"{row},{first.partition(',')[2]}", *rest]) + "\n", encoding="utf-8")
    with pytest.raises(StudyError, match=found):
        stand_ins.draws(copy, stand_ins.read(copy).members)


def test_a_member_that_stands_in_twice_is_refused(copy: Study) -> None:
    file = copy.calibration / stand_ins.FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as refusal:
        stand_ins.read(copy)
    assert [problem.row for problem in refusal.value.problems] == [len(text.splitlines()) + 1]


def test_as_many_members_as_there_are_stand_ins_are_these(copy: Study) -> None:
    few = stand_ins.read(copy)
    for kind, count, expected in [(WHOLE, len(few.members), few.members), (WHOLE, 7, None), (WHOLE, None, None),
                                  (PEOPLE, len(few.members), None)]:
        chosen = stand_ins.of_count(copy, kind, count)
        assert (chosen and chosen.members) == expected
    assert stand_ins.numbers(copy, len(few.members)) == few.members
    assert request.read(copy, ["austerity"]).members == few.members
    assert trials.members_of(copy, len(few.members)) == (WHOLE, few.members)
    assert stand_ins.numbers(copy, 7) == tuple(range(1, 8))
    (copy.calibration / stand_ins.FILE).unlink()
    assert stand_ins.of_count(copy, WHOLE, len(few.members)) is None


def test_what_is_written_is_read_and_what_misses_much_is_rough(copy: Study) -> None:
    stand_ins.write(copy, StandIns((3, 9), {"residents": 0.05, "co2_total": 0.3}))
    few = stand_ins.read(copy)
    assert (few.members, few.rough) == ((3, 9), ("co2_total",))
    all_of_them, rough = stand_ins.sentences(few, {"residents": "Residents", "co2_total": "All emissions"}, "en")
    assert "2 members" in all_of_them
    assert "All emissions" in rough
    assert "Residents" not in rough
    assert len(stand_ins.sentences(few, {}, "zh")) == 1
