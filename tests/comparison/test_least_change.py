"""A change that nobody would act on is about none: no arrow, no count, no loser, whatever its sign."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import synthetic_runs

from xiancheng.comparison import bands, changes, confidence
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import BETTER, DIFFERENT, SAME, WORSE, Line
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.people import PlaceChange
from xiancheng.comparison.report import whole
from xiancheng.comparison.report.document import Bullets
from xiancheng.errors import StudyError
from xiancheng.outputs import indicators, journey, least_changes
from xiancheng.outputs.least_changes import LeastChange
from xiancheng.scenarios import scenario
from xiancheng.study import Study

ROOT = Path(__file__).parents[2]


def point(value: float) -> Band:
    return bands.band([value])  # type: ignore[arg-type]


def line(change: float, level: float, least: LeastChange, direction: str = "higher") -> Line:
    about = {"direction": direction, "units": "share", **least.labels}
    return Line("urban_share", about, "A", "reference", "68", 2035, point(level), point(level + change), point(change),
                1.0, holds=True, robust=True)


@pytest.mark.parametrize(("change", "direction", "verdict"), [
    (0.0049, "higher", SAME), (-0.0049, "higher", SAME), (0.0051, "higher", BETTER), (-0.0051, "higher", WORSE),
    (0.0051, "lower", WORSE), (0.0049, "neither", SAME), (0.0051, "neither", DIFFERENT), (0.0, "higher", SAME),
])
def test_a_change_counts_from_the_least_that_a_reader_would_act_on(change: float, direction: str, verdict: str) -> None:
    assert line(change, 0.5, LeastChange(amount=0.005), direction).verdict == verdict


def test_a_part_of_the_level_grows_with_the_level_and_the_larger_of_both_holds() -> None:
    least = LeastChange(amount=100.0, part=0.01)
    assert line(150.0, 5_000.0, least).verdict == BETTER
    assert line(150.0, 50_000.0, least).verdict == SAME
    assert least.at(float("nan")) == 100.0


def test_without_a_rule_every_change_counts() -> None:
    assert changes.verdict(1e-9, "higher") == BETTER
    assert replace(line(1e-9, 1.0, LeastChange()), about={"direction": "higher"}).verdict == BETTER


def test_a_county_that_hardly_loses_is_no_loser() -> None:
    about = {"direction": "higher", **LeastChange(amount=0.005).labels}
    place = PlaceChange("urban_share", about, "A", "p1", "1", {}, True, point(0.5), point(-0.004), 1.0)
    assert place.verdict == SAME
    assert replace(place, change=point(-0.006)).verdict == WORSE


def test_every_indicator_of_the_study_has_a_least_change() -> None:
    study = Study(ROOT)
    by_unit = least_changes.read(study)
    for indicator in indicators.read(study).values():
        least = least_changes.of(indicator, by_unit)
        assert max(least.amount, least.part) > 0, indicator.id


def test_an_indicator_may_say_its_own(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "outputs", tmp_path / "outputs")
    study = Study(tmp_path)
    file = study.outputs / indicators.FILE
    lines = file.read_text(encoding="utf-8").splitlines()

    def write(word: str) -> None:
        own = [f"{one},{word if one.startswith('leakage,') else ''}" for one in lines[1:]]
        file.write_text("\n".join([f"{lines[0]},least_change", *own]) + "\n", encoding="utf-8")

    for word, least in (("0.002", LeastChange(amount=0.002)), ("3 %", LeastChange(part=0.03))):
        write(word)
        rows = indicators.read(study)
        assert least_changes.of(rows["leakage"], least_changes.read(study)) == least
        least_changes.check(study, rows)
    write("a little")
    with pytest.raises(StudyError, match="least_change is 'a little'"):
        least_changes.check(study, indicators.read(study))


@pytest.fixture(scope="module")
def tiny(root: Path) -> Comparison:
    """Two packages that move every level by a fifth of a thousandth, up and down."""
    study = Study(root)
    options = tuple(scenario.read(study, name) for name in ("county_town_first", "austerity"))
    return synthetic_runs.comparison(journey.prepare(study), options, factors={"A": 1.0002, "B": 0.9998})


def test_a_report_of_changes_that_nobody_would_act_on_has_no_verdict_loser_or_colour(tiny: Comparison) -> None:
    """No arrow but in the legend, nothing counted, no side effect, no county that loses, no colour on a map."""
    assert {line.verdict for line in changes.lines(tiny.areas, list(tiny.areas.data_vars))} == {SAME}
    assert tiny.sides == []
    assert not any(tally.winners or tally.losers for tally in tiny.tallies)
    assert not any(duel.counts for duel in confidence.duels(tiny.areas, tiny.shown, "68"))
    document = whole.report(tiny, "en")
    marks = [cell.words for shown in document.tables() for row in shown.rows for cell in row
             if any(mark in cell.words for mark in "▲▼")]
    assert marks == []
    assert {"claims", "duels", "losers", "owed"} & {shown.id for shown in document.tables() if shown.rows} == {"owed"}
    sentences = [item for part in document.parts[:2] for block in part.blocks if isinstance(block, Bullets)
                 for item in block.items]
    assert any("0 of " in sentence and "improve, 0 get worse" in sentence for sentence in sentences)
    maps = [shown.chart for shown in document.figures() if shown.chart.id.startswith("map-")]
    assert all(row["value"] == 0.0 for chart in maps for row in chart.rows)
