"""Charts are data: their rows are the numbers of the comparison, their pictures are drawn by Vega."""

from __future__ import annotations

import io
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xiancheng.charts import draw, lines, maps
from xiancheng.charts.chart import BASELINE, title_of
from xiancheng.comparison import figures
from xiancheng.comparison.comparison import Comparison
from xiancheng.comparison.report import letters
from xiancheng.comparison.request import REFERENCE
from xiancheng.outputs import units
from xiancheng.outputs.headline import axis_scale
from xiancheng.study import Study

LABELS = {BASELINE: "baseline", "A": "A first"}


def rows(**more: float) -> list[dict[str, object]]:
    none = {"low": None, "high": None}
    return [{"scenario": name, "short": name, "year": year, "value": float(year - 2000), **none, **more}
            for name in LABELS for year in (2020, 2030)]


@given(st.lists(st.floats(-1e9, 1e9).filter(lambda value: abs(value) > 1e-9), min_size=1, max_size=60))
def test_breaks_rise_around_zero_alike_on_both_sides(values: list[float]) -> None:
    found = np.array(maps.breaks(values))
    assert (np.diff(found) > 0).all()
    assert found == pytest.approx(-found[::-1])
    assert 2 * np.quantile(np.abs(values), 0.95) / maps._STEPS <= found[-1] * (1 + 1e-6)


def test_maps_without_a_change_have_breaks_all_the_same() -> None:
    assert maps.breaks([0.0, 0.0]) == (-2.0, -1.0, -0.2, 0.2, 1.0, 2.0)


def test_maps_where_hardly_any_place_moves_have_breaks_of_those_that_do() -> None:
    assert maps.breaks([*[0.0] * 80, -254.0, -251.0])[-1] == pytest.approx(300.0, rel=0.2)


def test_lines_hold_the_median_and_band_of_the_members(pair: Comparison) -> None:
    values = pair.areas["residents"].sel(area="68", stress=REFERENCE)
    for row in figures.line_rows(pair, "residents", "68", "en"):
        own = values.sel(scenario=row["scenario"], year=row["year"])
        apart = own - values.sel(scenario=BASELINE, year=row["year"])
        assert row["value"] == pytest.approx(float(own.median()))
        assert row["high"] == pytest.approx(float(own.quantile(0.95)))
        if row["scenario"] == BASELINE:
            assert row["change"] is None
        else:
            assert row["change"] == pytest.approx(float(apart.median()))
            assert row["change_low"] == pytest.approx(float(apart.quantile(0.05)))


def test_without_members_lines_have_no_band(alone: Comparison) -> None:
    assert {row["low"] for row in figures.line_rows(alone, "residents", "68", "en")} == {None}


def test_maps_share_their_breaks_and_hold_every_place(pair: Comparison) -> None:
    chart = figures.map_chart(pair, "urban_share", "zh")
    assert {row["name"] for row in chart.rows} >= {"莒县", "鄄城县", "郯城县", "沂水县"}
    assert len(chart.rows) == 2 * len(pair.places["place"])
    assert "示意图" in chart.notes[0]
    assert "示意图" in str(chart.specification)


def test_what_is_spread_evenly_gets_no_map(pair: Comparison) -> None:
    assert "co2_total" not in figures.mapped(pair)
    spread = {name for name in pair.areas.data_vars if pair.areas[name].attrs["resolution"] == "province"}
    assert spread
    assert not spread & set(figures.mapped(pair))
    titles = {row["indicator"] for row in figures.dot_chart(pair, "en").rows}
    assert not {pair.areas[name].attrs["title_en"] for name in spread} & titles


def test_dots_have_what_is_better_to_the_right(pair: Comparison) -> None:
    for row in figures.dot_chart(pair, "en").rows:
        one = next(one for one in pair.areas.data_vars.values() if one.attrs["title_en"] == row["indicator"])
        grows = row["scenario"] == "A"
        assert (row["value"] > 0) == (grows == (one.attrs["direction"] == "higher"))
        assert row["low"] <= row["value"] <= row["high"]


def test_a_comparison_of_equals_has_no_maps(alone: Comparison) -> None:
    assert figures.mapped(alone) == []
    assert figures.drawn(alone) == []


def test_a_target_far_from_the_lines_is_told_and_not_drawn() -> None:
    far = lines.chart("x", "x", rows(), LABELS, "persons", "en", aim=500.0)
    near = lines.chart("x", "x", rows(), LABELS, "persons", "en", aim=35.0)
    assert "outside the chart" in far.notes[-1]
    assert "'aim'" not in str(far.specification)
    assert near.notes == ()
    assert "'aim'" in str(near.specification)


@pytest.mark.parametrize(("largest", "unit", "language", "divisor", "words"), [
    (4e7, "persons", "zh", 1e4, "万人"),
    (4e7, "persons", "en", 1e6, "million persons"),
    (0.5, "share", "en", 0.01, "%"),
    (3e9, "yuan", "zh", 1e8, "亿元"),
    (12.0, "m2 per person", "en", 1.0, "m² per person"),
])
def test_axes_are_scaled_as_readers_expect(
    largest: float, unit: str, language: str, divisor: float, words: str, study: Study
) -> None:
    assert axis_scale([largest, float("nan")], unit, units.spoken(study, language)) == (divisor, words)


@given(st.text(alphabet="ab 县城优先（）", max_size=80))
def test_long_titles_lose_no_letter(words: str) -> None:
    assert "".join(title_of(words, 12)).replace(" ", "") == words.replace(" ", "")


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_pictures_are_pictures(pair: Comparison, language: str) -> None:
    font = letters.font(letters.SAMPLE).family
    for chart in (
        figures.line_chart(pair, "urban_share", "68", language), figures.map_chart(pair, "urban_share", language),
        figures.dot_chart(pair, language), figures.cost_chart(pair, ["urban_share"], language),
        figures.money_chart(pair, language), figures.debt_chart(pair, language),
    ):
        picture = draw.png(chart, font)
        colours = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(1_000_000)
        assert min(draw.size(picture)) > 200
        assert colours is not None
        assert len(colours) > 20
        assert draw.svg(chart).startswith("<svg")


def test_pictures_drawn_aside_are_the_same_and_none_is_missing(
    pair: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where that process ends without a picture, and of a chart that it was not told of."""
    font = letters.font(letters.SAMPLE).family
    told = [figures.line_chart(pair, "urban_share", "68", "zh"), figures.money_chart(pair, "zh")]
    other = figures.debt_chart(pair, "zh")
    expected = [draw.png(chart, font) for chart in (*told, other)]
    alone, own = [], draw.png
    monkeypatch.setattr(draw, "png", lambda chart, font: alone.append(chart.id) or own(chart, font))
    with draw.aside(told, font) as picture:
        assert [picture(chart) for chart in (*told, other)] == expected
    assert alone == [other.id]
    for program in (shutil.which("false"), "/no/such/program"):
        alone.clear()
        monkeypatch.setattr(draw.sys, "executable", program)
        with draw.aside(told, font) as picture:
            assert [picture(chart) for chart in told] == expected[:2]
        assert alone == [chart.id for chart in told]


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    none = {"low": None, "high": None}
    rows_ = [{"scenario": name, "short": name, "year": year, "value": 10.0 * (year - 2020) + at, **none}
             for name, at in ((BASELINE, 0.0), ("A", 0.01)) for year in (2020, 2030)]
    found = lines.chart("x", "x", rows_, LABELS, "persons", "en")
    ends = found.specification["layer"][-1]["data"]["values"]
    assert [one["short"] for one in ends] == [BASELINE, "A"]
    assert ends[1]["at"] - ends[0]["at"] == pytest.approx(lines._APART * 100.01)
    assert ends[0]["at"] == 100.0


def test_levels_on_one_another_are_one_line_that_bears_all_their_words() -> None:
    """Options a hundredth of the rise from the baseline lie on it, one that leaves it by half of the rise does not."""
    words = {BASELINE: "baseline", "A": "A first", "B": "B first", "C": "C first"}
    rows_ = [{"scenario": name, "short": name, "year": year, "value": 10.0 * (year - 2020) + at * (year == 2030),
              "low": None, "high": None, "change": None if name == BASELINE else at, "change_low": None,
              "change_high": None}
             for name, at in ((BASELINE, 0.0), ("A", 1.0), ("B", 50.0), ("C", -1.0)) for year in (2020, 2030)]
    found = lines.chart("x", "x", rows_, words, "persons", "en")
    change, level = found.specification["hconcat"]
    assert [one["short"] for one in level["layer"][-1]["data"]["values"]] == ["baseline AC", "B"]
    assert level["transform"][0]["filter"]["oneOf"] == ["baseline", "B"]
    assert change["transform"][0]["filter"]["oneOf"] == ["A", "B", "C"]
    assert any("one line" in note for note in found.notes)
    assert {row["scenario"] for row in found.rows} == set(words)
