"""Names on a map: none covers another, none leaves the frame, a line leads to those that had to move away."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiancheng.charts import maps
from xiancheng.charts import names as map_names

SIZE, DOT = 12.0, 4.4
FRAME = (330.0, 300.0)
WORDS = ("Shenxian", "莘县", "Yangxin", "Juancheng", "Qihe", "Gaoqing", "聊城市其余地区", "Mengyin", "东明县", "Ju")


def boxes(words: list[str], spots: list[map_names.Spot]) -> list[tuple[float, float, float, float]]:
    return [(spot.x, spot.y, map_names.width(word, SIZE), SIZE) for word, spot in zip(words, spots, strict=True)]


def cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return abs(one[0] - other[0]) < (one[2] + other[2]) / 2 and abs(one[1] - other[1]) < (one[3] + other[3]) / 2


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(120, 210), st.floats(110, 190)), min_size=2, max_size=len(WORDS)))
def test_names_of_places_that_cluster_stand_apart_and_within_the_frame(at: list[tuple[float, float]]) -> None:
    words = list(WORDS[: len(at)])
    spots = map_names.spots(words, at, at, FRAME, SIZE, DOT)
    own = boxes(words, spots)
    assert not [pair for pair in combinations(own, 2) if cover(*pair)]
    for x, y, wide, high in own:
        assert wide / 2 <= x <= FRAME[0] - wide / 2
        assert high / 2 <= y <= FRAME[1] - high / 2


def test_a_name_alone_stands_above_its_dot_and_needs_no_line() -> None:
    spot, = map_names.spots(["莘县"], [(150.0, 150.0)], [(150.0, 150.0)], FRAME, SIZE, DOT)
    assert spot.x == pytest.approx(150.0)
    assert 150.0 - spot.y == pytest.approx(DOT + SIZE * 1.15 / 2)
    assert not spot.is_far


def test_a_name_in_a_corner_stays_within_the_frame() -> None:
    spot, = map_names.spots(["聊城市其余地区"], [(2.0, 2.0)], [(2.0, 2.0)], FRAME, SIZE, DOT)
    assert spot.x >= map_names.width("聊城市其余地区", SIZE) / 2


def test_a_line_leads_to_a_name_that_stands_away_and_the_map_draws_it() -> None:
    """Ten places on one point: all but the first few are moved, and each line ends at the edge of its name."""
    rows = [{"scenario": "A", "place": str(number), "name": f"Place {number}", "lon": 118.0 + 0.001 * number,
             "lat": 36.0, "value": 4.5 - number, "is_listed": True} for number in range(10)]
    rows += [{"scenario": "A", "place": str(position), "name": "Far", "lon": lon, "lat": lat, "value": 0.0,
              "is_listed": False} for position, (lon, lat) in enumerate([(115.0, 34.5), (122.0, 38.0)], start=20)]
    chart = maps.chart("map", "a map", rows, {"A": "A first"}, "share", "en")
    marks = [row for row in chart.rows if row["mark"]]
    far = [row for row in marks if row["is_far"]]
    assert len(marks) == 10
    assert far
    for row in far:
        away = np.hypot(row["end_lon"] - row["lon"], row["end_lat"] - row["lat"])
        assert 0 < away < np.hypot(row["mark_lon"] - row["lon"], row["mark_lat"] - row["lat"])
    rule = next(layer for layer in chart.specification["spec"]["layer"] if layer["mark"]["type"] == "rule")
    assert rule["encoding"]["x2"]["field"] == "end_lon"
