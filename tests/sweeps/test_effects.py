"""An effect is what a figure gains when a lever takes one step in one place, on the side that exists."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xiancheng
from xiancheng.engine.labels import PlainRun
from xiancheng.errors import StudyError
from xiancheng.model import build as builder
from xiancheng.outputs import spots
from xiancheng.outputs.reader import Reader
from xiancheng.study import Study
from xiancheng.sweeps import effects as effects_of
from xiancheng.sweeps import holding, screening
from xiancheng.sweeps.effects import BOTH, DOWN, UP, Effects
from xiancheng.texts import in_language

SPOT = "residents@2035:68"


@pytest.fixture(scope="module")
def answer(mini: Study) -> Effects:
    return xiancheng.effects(SPOT, settings=["grant=9000@2029:68", "tax_relief=1"], study=mini)


def figure(answer: Effects, changed: dict[str, Any]) -> float:
    """The figure of a run that no slope was asked of."""
    built = replace(answer.built, parameters={**answer.built.parameters, **changed})
    run = PlainRun.of(builder.simulate(built))
    values = Reader.of(built).everywhere(run, [answer.spot.indicator])[answer.spot.indicator]
    return float(values[answer.spot.year - built.start, spots.column(built, answer.spot.area)])


def test_effects_are_differences_on_the_sides_that_exist(answer: Effects) -> None:
    ways = {(way.lever.id, way.position): way for way in effects_of.directions(answer.built)}
    assert {row.lever for row in answer.rows} == {"grant", "tax_relief"}
    for row in answer.rows:
        way = ways[row.lever, row.position]
        width = 1e-3 * (way.lever.high - way.lever.low)
        ends = min(width, way.up), -min(width, way.down)
        above, below = (figure(answer, effects_of.moved(answer.built, way, move)) for move in ends)
        slope = (above - below) / (ends[0] - ends[1])
        exact = 1e-5 if row.side == BOTH else 1e-2  # a difference to one side is off by its width
        assert row.effect == pytest.approx(slope * row.step, rel=exact)


def test_a_lever_at_its_upper_end_steps_down_and_one_at_rest_up(answer: Effects, mini: Study) -> None:
    sides = {(row.lever, row.setting): (row.side, np.sign(row.step)) for row in answer.rows}
    assert sides["tax_relief", 1.0] == (DOWN, -1)
    assert sides["grant", 9000.0] == (BOTH, 1)
    assert {row.side for row in xiancheng.effects(SPOT, study=mini).rows if row.lever == "grant"} == {UP}


@pytest.fixture(scope="module")
def kinked(mini: Study, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study with a kink where its levers rest, one at an end of its range, one within."""
    folder = shutil.copytree(mini.root, tmp_path_factory.mktemp("kinks") / "kinked")
    file = next((folder / "model").glob("*.mdl"))
    text, before = file.read_text(encoding="utf-8"), "grant[place]/grant scale - tax relief"
    assert before in text
    after = "MAX(grant[place], 0)/grant scale - MAX(tax relief, 0)"
    file.write_text(text.replace(before, after), encoding="utf-8")
    return Study(folder)


def test_at_a_kink_effects_are_those_of_the_side_of_the_step(mini: Study, kinked: Study) -> None:
    """On that side the equations are those without a kink; the mean of both sides would be half of it."""
    smooth, own = ({(row.lever, row.place): row.effect for row in xiancheng.effects(SPOT, study=study).rows}
                   for study in (mini, kinked))
    assert smooth == pytest.approx(own, rel=1e-6)


@pytest.mark.parametrize("after", [
    "(MAX(grant[place], taken[place]) - taken[place])/grant scale - tax relief",
    "grant[place]/grant scale - tax relief + MIN(grant[place]/grant scale, tax relief)",
    "MAX(grant[place]/grant scale, tax relief)",
], ids=["what others take", "the lesser of two", "the larger of two"])
def test_a_kink_that_levers_share_is_that_of_each_alone(mini: Study, tmp_path: Path, after: str) -> None:
    """Each lever in each place alone is never the one that another hides: effects are those without a kink."""
    folder = shutil.copytree(mini.root, tmp_path / "shared")
    file = next((folder / "model").glob("*.mdl"))
    text, before = file.read_text(encoding="utf-8"), "grant[place]/grant scale - tax relief"
    taken = "taken[place] = (SUM(grant[place!]) - grant[place]) / 2\n\t~ yuan\n\t~ What other grants take. |\n\n"
    assert text.count(before) == text.count("leavers[place]=") == 1
    text = text.replace(before, after).replace("leavers[place]=", taken + "leavers[place]=")
    file.write_text(text, encoding="utf-8")
    plain, own = ({(row.lever, row.place): row.effect for row in xiancheng.effects(SPOT, study=study).rows}
                  for study in (mini, Study(folder)))
    assert plain == pytest.approx(own, rel=1e-6)


def test_at_a_kink_slopes_of_points_are_those_of_the_side_that_exists(mini: Study, kinked: Study) -> None:
    points = {"grant": [0.0, 0.0], "tax_relief": [0.0, 1.0]}  # at the upper end there is only the way down
    smooth, own = (xiancheng.batch(points, [SPOT], gradient=True, study=study) for study in (mini, kinked))
    np.testing.assert_allclose(own["slope"], smooth["slope"], rtol=1e-6)
    assert np.all(own["slope"] != 0)
    np.testing.assert_allclose(own[SPOT], smooth[SPOT], rtol=1e-13)  # figures are those of levers as they stand


def test_rows_stand_largest_first_and_only_where_something_moves(answer: Effects) -> None:
    sizes = [abs(row.effect) for row in answer.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes)
    listed = [place.code for place, is_listed in zip(answer.built.places, answer.built.places.listed, strict=True)
              if is_listed]
    assert {row.place for row in answer.rows} == {*listed, ""}
    assert answer.table().columns[0] == "lever"


def test_a_step_that_costs_nothing_has_no_payer(answer: Effects) -> None:
    assert all(row.payer == "" and np.isnan(row.per_million) for row in answer.rows)
    row = replace(answer.rows[0], effect=30.0, costs={"public": 2e6, "private": 5e6})
    assert (row.payer, row.per_million) == ("private", pytest.approx(6.0))
    assert replace(answer, rows=(answer.rows[0], row)).by_money().rows[0] is row


def test_an_effect_holds_until_a_tenth_of_it_is_lost(answer: Effects) -> None:
    """Leaving falls exponentially with the grant, so that what each yuan does falls too: the step is found by runs."""
    rows = [next(row for row in answer.rows if row.lever == lever) for lever in ("grant", "tax_relief")]
    ways = {(way.lever.id, way.position): way for way in effects_of.directions(answer.built)}
    for row, reach in zip(rows, holding.reaches(answer, rows), strict=True):
        way = ways[row.lever, row.position]
        assert not reach.is_all
        assert np.sign(reach.step) == np.sign(row.step)
        own = (figure(answer, effects_of.moved(answer.built, way, reach.step)) - answer.value) / reach.step * row.step
        assert 0.04 < abs(own / row.effect - 1) < 0.16  # between two parts of the range that were tried it is a line


def test_every_constant_has_its_elasticity(mini: Study) -> None:
    rows = {row.constant: row for row in screening.elasticities(SPOT, study=mini)}
    assert {"leaving_rate", "birth_rate_per_child"} <= rows.keys()
    assert "grant_scale" not in rows  # no grant is given
    row = rows["leaving_rate"]
    up, down = (xiancheng.batch({"leaving_rate": row.value * (1 + move)}, SPOT, study=mini)[SPOT].item()
                for move in (1e-4, -1e-4))
    assert row.elasticity == pytest.approx((up - down) / (up + down) / 1e-4, rel=1e-5)
    assert row.elasticity < 0 < rows["birth_rate_per_child"].elasticity


@pytest.mark.parametrize(("words", "english", "chinese"), [
    ("resident@2035:68", "resident", "resident"), ("residents@2080:68", "2080", "2080 年"),
    ("residents@2035:mars", "no area mars", "没有名为 mars"), ("@:", "@:", "@:"),
])
def test_a_wrong_figure_is_refused(mini: Study, words: str, english: str, chinese: str) -> None:
    with pytest.raises(StudyError) as refused:
        xiancheng.effects(words, study=mini)
    assert english in in_language(refused.value.problems[0].found, "en")
    assert chinese in in_language(refused.value.problems[0].found, "zh")


def test_an_unknown_scenario_is_refused(mini: Study) -> None:
    with pytest.raises(StudyError):
        xiancheng.effects(SPOT, "baselin", study=mini)
