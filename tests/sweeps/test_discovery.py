"""When does it go wrong: planted boxes are found, chance is not, and everything is said in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

import xiancheng
from xiancheng.cli import main
from xiancheng.errors import StudyError
from xiancheng.sweeps import boxes, cases, discovery, drawn, prim, regret, store
from xiancheng.sweeps.boxes import Box, Edge, Sample
from xiancheng.sweeps.design import Design
from xiancheng.sweeps.factors import ASSUMPTION, CONSTANT, LEVER, Factor
from xiancheng.sweeps.store import Store

UNIFORM = {"distribution": "uniform"}
FACTORS = (
    Factor("transfers", ASSUMPTION, "transfers", "share", {"en": "Growth of transfers", "zh": "转移支付增速"},
           "uniform", {"low": -0.05, "high": 0.05}, year=2030),
    Factor("births", CONSTANT, "births", "births", {"en": "Births", "zh": "出生人数"}, "uniform",
           {"low": 100.0, "high": 300.0}),
    Factor("grant:68", LEVER, "grant", "yuan", {"en": "Grant", "zh": "补助"}, "uniform", {"low": 0.0, "high": 9.0}),
    Factor("path", ASSUMPTION, "path", "", {"en": "Path of prices", "zh": "价格情景"},
           choices=("calm", "dear", "wild")),
)
BOTH = {"en": "Try", "zh": "试"}
SCENARIOS = ("first", "second", "first+storm", "second+storm")
Values = Callable[[dict[str, Any]], Any]
PLANTED = Box(frozenset({Edge(0, boxes.HIGH, 0.0), Edge(1, boxes.HIGH, 200.0), Edge(2, boxes.LOW, 2.0)}))


def sweep(folder: Path, values: Values, scenarios: tuple[str, ...] = ("first",), points: int = 1024) -> Store:
    """A store of a sweep that no model ran: `need` of each run is a function of its scenario and factors."""
    plan = Design("try", BOTH, BOTH, "sobol", points, 7, 4, scenarios, 2020, 2035, 256, "float64", ("need",),
                  (2030, 2035), ("68",), (), FACTORS)
    table = b"".join(drawn.lines(plan))
    area = {"area": "68", "level": "list", "name_zh": "名单县", "name_en": "our 68"}
    manifest = {
        "identity": {"all": folder.name}, "drawn": drawn.digest(iter([table])), "runs": plan.runs,
        "design": plan.plain(), "labels": {"indicator": ["need"], "year": [2030, 2035], "area": ["68"]},
        "areas": [area], "list_label": {"zh": "本项目名单", "en": "our selection"}, "units": {"need": "share"},
        "titles": {"need": {"en": "Unfunded need", "zh": "资金缺口"}}, "version": "0",
        "scenario_titles": {"first": {"en": "First", "zh": "甲案"}, "second": {"en": "Second", "zh": "乙案"}},
    }
    there = store.made(folder, manifest, [table], drawn.FILE)
    runs = {factor.id: drawn.values(folder / drawn.FILE, factor) for factor in FACTORS}
    runs["scenario"] = np.array(drawn.column(folder / drawn.FILE, "scenario"))
    need = np.asarray(values(runs), dtype=np.float32)
    for block in range(there.blocks):
        part = need[block * there.block :][: there.size(block)]
        there.publish(block, np.stack([part * 0, part], axis=1)[:, None, :, None], [], 1.0)
    return there


def planted(runs: dict[str, Any]) -> Any:
    """Need is high in the planted box alone."""
    columns = np.stack([runs[factor.id] for factor in FACTORS], axis=1)
    return np.where(PLANTED.holds(columns), 0.8, 0.2)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A sweep with a planted box."""
    return sweep(tmp_path_factory.mktemp("planted") / "store", planted)


@pytest.fixture(scope="module")
def optional(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two options under two stresses: the first is bad where births are few, the second in a storm."""

    def need(runs: dict[str, Any]) -> Any:
        first = np.char.startswith(runs["scenario"], "first")
        storm = np.char.endswith(runs["scenario"], "storm")
        return np.where(first, np.where(runs["births"] < 150, 0.9, 0.1), np.where(storm, 0.5, 0.1))

    return sweep(tmp_path_factory.mktemp("options") / "store", need, SCENARIOS, 256)


@pytest.mark.parametrize("method", discovery.METHODS)
def test_a_planted_box_is_found(stored: Store, method: str) -> None:
    """Its factors and no other, with coverage and density above 0.9, again in nearly every half of the runs."""
    result = xiancheng.discover(stored.folder, "need@2035:68>=0.5", method=method, resamples=6)
    first = result.boxes[0]
    assert min(first.measures.coverage, first.measures.density) > 0.9
    assert {(limit.edge.factor, limit.edge.side) for limit in first.limits} == {
        (edge.factor, edge.side) for edge in PLANTED.edges}
    for limit in first.limits:
        place = next(edge for edge in PLANTED.edges if edge.factor == limit.edge.factor)
        span = np.ptp(result.runs.sample.values[:, limit.edge.factor])
        assert abs(limit.edge.value - place.value) < 0.05 * span
        assert limit.chance < 1e-6
        assert limit.again >= 0.95


def test_cases_at_random_make_no_sure_box() -> None:
    """The quasi-p-value and the halves tell: no limit is both unlikely by chance and found again."""
    chance = np.random.default_rng(5)
    sample = Sample(chance.random((1000, 6)), (False,) * 6, chance.random(1000) < 0.3)
    assert boxes.measures(sample, prim.best(sample)).density < 0.5


def test_two_planted_boxes_are_both_found() -> None:
    """The second among the points that the first leaves; choices that are left out are part of a box."""
    chance = np.random.default_rng(2)
    values = np.column_stack([chance.random((3000, 4)), chance.integers(0, 3, 3000)])
    inside = ((values[:, 0] > 0.7) & (values[:, 4] != 1)) | ((values[:, 1] < 0.2) & (values[:, 2] > 0.5))
    sample = Sample(values, (False,) * 4 + (True,), inside)
    hulls = discovery.boxes_of(sample, discovery.PRIM)
    covered = np.any([box.holds(values) for box in hulls], axis=0)
    assert inside[covered].mean() > 0.9
    assert covered[inside].mean() > 0.9
    assert Edge(4, boxes.WITHOUT, 1.0) in hulls[0].edges


def test_coverage_density_and_chance_are_those_of_the_books() -> None:
    """Four points counted by hand; the chance of k of n cases is the upper tail of the binomial."""
    sample = Sample(np.array([[0.0], [1.0], [2.0], [3.0]]), (False,), np.array([True, False, True, True]))
    edge = Edge(0, boxes.LOW, 1.5)
    about = boxes.measures(sample, Box(frozenset({edge})))
    assert (about.coverage, about.density, about.mass) == (2 / 3, 1.0, 0.5)
    assert boxes.chance(sample, Box(frozenset({edge})), edge) == pytest.approx(0.75**2)


def test_a_least_density_is_kept(stored: Store) -> None:
    """A denser box holds fewer cases."""
    runs = cases.futures(stored, cases.parse("need>=0.5"))
    thick, thin = (boxes.measures(runs.sample, prim.best(runs.sample, least)) for least in (0.99, 0.6))
    assert thick.density >= 0.99 > thin.density >= 0.6
    assert thin.coverage > thick.coverage - 1e-9


def test_a_share_of_the_runs_stands_for_a_limit(stored: Store) -> None:
    runs = cases.futures(stored, cases.parse("need@2035:68 >= q0.9"))
    assert runs.case.limit == pytest.approx(0.8)
    assert cases.parse(" Need <= 0.3 ") == cases.Case("need", None, "", False, 0.3)


def test_regret_is_the_distance_from_the_best_of_the_same_future(optional: Store) -> None:
    """The first: 0.8 behind where births are few and no storm, 0.4 where there is one; the second 0.4 in a storm."""
    runs = cases.futures(optional, cases.parse("need>=0.45"))
    rows = {row.option: row for row in regret.regrets(runs, 0.01)}
    assert list(rows) == ["second", "first"]
    assert (rows["first"].largest, rows["second"].largest) == pytest.approx((0.8, 0.4))
    assert rows["first"].satisfied == pytest.approx(0.75, abs=0.01)
    assert rows["second"].satisfied == pytest.approx(0.5)
    assert rows["first"].mean == pytest.approx((0.25 * 0.8 + 0.25 * 0.4) / 2, abs=0.005)
    assert rows["second"].best == pytest.approx(1 - 0.75 / 2, abs=0.01)
    assert {row.futures for row in rows.values()} == {512}


def test_scenario_and_stress_are_factors(optional: Store) -> None:
    result = xiancheng.discover(optional.folder, "need>=0.45", resamples=0)
    sides = {result.runs.factors[limit.edge.factor].id for box in result.boxes for limit in box.limits}
    assert sides == {"scenario", "stress", "births"}
    assert "where Stress is storm and Scenario is Second." in result.sentences()[0]
    alone = xiancheng.discover(optional.folder, "need>=0.45", scenarios=["first"], resamples=0)
    assert [alone.runs.factors[limit.edge.factor].id for limit in alone.boxes[0].limits] == ["births"]


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["Unfunded need, our 68, 2035: 50.00% or more – so in", "Births stays below", "Grant (68) stays above",
            "Growth of transfers (by 2030) stays below"]),
    ("zh", ["2035年名单县资金缺口达到或超过50.00%", "出生人数低于", "补助（68）高于",
            "转移支付增速（至2030年）低于"]),
])
def test_boxes_are_told_and_drawn(
    stored: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, words: list[str]
) -> None:
    """In words, as a table with what each limit rests on, and as pictures with something in them."""
    call = ["discover", str(stored.folder), "need>=0.5", "--figures", str(tmp_path), "--lang", language]
    assert main([*call, "--resamples", "2"]) == 0
    out = capsys.readouterr().out
    assert not [word for word in words if word not in out]
    assert "< 0.001" in out
    files = sorted(tmp_path.glob("*.png"))
    assert [file.stem for file in files] == ["boxes", "coverage_and_density"]
    for file in files:
        assert matplotlib.image.imread(file)[..., :3].std() > 0.02


def test_rows_are_plain(stored: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV, one line for each factor of the box; the same as the table of Python."""
    assert main(["discover", str(stored.folder), "need>=0.5", "--format", "csv", "--resamples", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = xiancheng.discover(stored.folder, "need>=0.5", resamples=0).table()
    assert lines[0].lstrip("\ufeff").split(",") == list(table.columns)
    assert len(lines) == 1 + len(table) == 4


@pytest.mark.parametrize(("case", "sentence"), [
    ("need", "need is no case · allowed: an indicator, @ a year"),
    ("need>=q1.5", "need>=q1.5 is no case"),
    ("need>=nan", "need>=nan is no case"),
    ("needs>=0.5", "indicator needs is not kept in this sweep · allowed: need · hint: did you mean need"),
    ("need@2031>=0.5", "year 2031 is not kept in this sweep · allowed: 2030, 2035"),
    ("need:69>=0.5", "area 69 is not kept in this sweep · allowed: 68"),
    ("need>=0.9", "0 of 1024 runs are cases; need lies between 0.2 and 0.8, half the runs below 0.2"),
])
def test_a_wrong_case_is_told_with_what_is_allowed(stored: Store, case: str, sentence: str) -> None:
    with pytest.raises(StudyError) as error:
        xiancheng.discover(stored.folder, case)
    assert sentence in str(error.value)


def test_wrong_choices_are_told_at_once(stored: Store) -> None:
    with pytest.raises(StudyError) as error:
        xiancheng.discover(stored.folder, "need>=0.5", method="prime", boxes=0, density=1.5, resamples=-1)
    assert len(error.value.problems) == 4
    with pytest.raises(StudyError, match="there is no scenario fist in the design"):
        xiancheng.discover(stored.folder, "need>=0.5", scenarios=["fist"])
    with pytest.raises(StudyError, match="one scenario has no regret"):
        regret.regrets(cases.futures(stored, cases.parse("need>=0.5")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_folder_without_a_sweep_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    assert main(["discover", str(tmp_path), "need>=0.5", "--lang", language]) == 3
    assert ("此处没有批次存储" if language == "zh" else "no sweep is stored here") in capsys.readouterr().err


def test_runs_without_a_value_are_refused_or_left_out(tmp_path: Path) -> None:
    """Never a case, never none: the user says what to do."""
    holed = sweep(tmp_path / "store", lambda runs: np.where(runs["births"] > 290, np.nan, planted(runs)))
    with pytest.raises(StudyError, match="of 1024 runs have no value"):
        xiancheng.discover(holed.folder, "need>=0.5")
    result = xiancheng.discover(holed.folder, "need>=0.5", missing="drop", resamples=0)
    assert result.runs.left_out > 40
    assert len(result.runs.values) == 1024 - result.runs.left_out
