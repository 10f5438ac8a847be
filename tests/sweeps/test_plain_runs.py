"""Many runs of any model are as many single runs; what is drawn fills its ranges; wrong designs are told at once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from xiancheng import engine
from xiancheng.errors import StudyError
from xiancheng.sweeps import plain_runs
from xiancheng.texts import in_language

MODEL = """{UTF-8}
Age: young, old ~~|
birth rate = 0.1 ~~|
death rate = 0.05 ~~|
people[Age] = INTEG(people[Age] * (birth rate - death rate), 100) ~~|
total = SUM(people[Age!]) ~~|
INITIAL TIME = 0 ~~|
FINAL TIME = 3 ~~|
TIME STEP = 1 ~~|
SAVEPER = 1 ~~|
"""


def program(inputs: list[str]) -> engine.Program:
    return engine.compile("model.mdl", text=MODEL, inputs=inputs, outputs=["people", "total"])


def test_a_hypercube_has_one_run_in_each_part_of_each_range_and_follows_from_its_seed() -> None:
    settings = ["birth rate=0.1..0.3", "death rate = 0..1e-1"]
    design = plain_runs.of_ranges(settings, 20, 7)
    for name, (low, high) in {"birth rate": (0.1, 0.3), "death rate": (0, 0.1)}.items():
        parts = np.floor((design.own[name] - low) / (high - low) * 20)
        assert sorted(parts) == list(range(20))
    again, other = (plain_runs.of_ranges(settings, 20, seed) for seed in (7, 8))
    assert (again.own["birth rate"] == design.own["birth rate"]).all()
    assert (other.own["birth rate"] != design.own["birth rate"]).any()


@pytest.mark.long
def test_a_table_of_runs_gives_what_single_runs_give_and_is_written_whole(tmp_path: Path) -> None:
    (tmp_path / "design.csv").write_text("birth rate\n0.2\n0.4\n0.1\n", encoding="utf-8")
    design = plain_runs.of_table(tmp_path / "design.csv", ["death rate=0.1"], None)
    shares: list[float] = []
    result, problems = plain_runs.run(program(["birth rate", "death rate"]), design, shares.append)
    assert problems == []
    assert shares == [1]
    growth = 1 + np.array([0.2, 0.4, 0.1]) - 0.1
    np.testing.assert_allclose(result["total"].values, 200 * growth[:, None] ** np.arange(4))
    rows = list(csv.DictReader(io.StringIO(plain_runs.table(result).decode())))
    assert len(rows) == 12
    assert [float(row["people[old]"]) for row in rows] == pytest.approx(result["people"].values[:, :, 1].ravel())
    assert [float(row["birth rate"]) for row in rows[::4]] == [0.2, 0.4, 0.1]


WRONG = {
    "no range": (["birth rate=0.1"], 5, "no constant has a range", "范围"),
    "no number of runs": (["birth rate=0..1"], None, "no number", "未给出"),
    "no runs": (["birth rate=0..1"], 0, "number of runs is 0", "运行次数：0"),
    "ends in the wrong order": (["birth rate=1..0"], 5, "low end", "低值"),
    "a word": (["birth rate=low..high"], 5, "no value and no range", "不是有效的值或范围"),
    "no sign": (["birth rate"], 5, "no value and no range", "不是有效的值或范围"),
    "no number at all": (["birth rate=nan"], 5, "no value and no range", "不是有效的值或范围"),
    "a name twice": (["birth rate=0..1", "birth rate=2"], 5, "set twice", "设定了两次"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_setting_is_told_in_both_languages(case: str) -> None:
    settings, runs, english, chinese = WRONG[case]
    with pytest.raises(StudyError) as refusal:
        plain_runs.of_ranges(settings, runs, 0)
    assert any(english in problem.found for problem in refusal.value.problems)
    assert any(chinese in in_language(problem.found, "zh") for problem in refusal.value.problems)


TABLES = {
    "a word in a cell": ("birth rate\n0.1\nmany\n", [], None, "birth rate is 'many'"),
    "a header alone": ("birth rate\n", [], None, "header"),
    "a range beside it": ("birth rate\n0.1\n", ["death rate=0..1"], None, "range stands beside"),
    "a number of runs beside it": ("birth rate\n0.1\n", [], 5, "number of runs stands beside"),
    "a name twice": ("birth rate\n0.1\n", ["birth rate=1"], None, "set twice"),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_wrong_table_is_told(tmp_path: Path, case: str) -> None:
    written, settings, runs, found = TABLES[case]
    (tmp_path / "design.csv").write_text(written, encoding="utf-8")
    with pytest.raises(StudyError, match=found):
        plain_runs.of_table(tmp_path / "design.csv", settings, runs)


def test_results_too_large_to_be_held_are_refused_before_they_are_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_runs, "MOST_NUMBERS", 30)
    design = plain_runs.of_ranges(["birth rate=0..1"], 3, 0)
    with pytest.raises(StudyError, match="36 numbers"):
        plain_runs.run(program(["birth rate"]), design, lambda share: None)
