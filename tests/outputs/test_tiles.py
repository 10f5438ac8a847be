"""Tiles of the map: each place has one of its own, neighbours stay neighbours, and docs give their figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import tiles as benchmark
from xiancheng.charts import tile_table, tiles
from xiancheng.errors import StudyError
from xiancheng.model import places
from xiancheng.study import Study


def test_stored_tiles_keep_what_the_docs_say(root: Path) -> None:
    study = Study(root)
    where = places.read(study.tables)
    stored = tile_table.read(study)
    cells = [stored[place.code] for place in where]
    assert len(set(cells)) == len(cells) == len(stored)
    counts = benchmark.figures(where, cells)
    assert benchmark.table(counts) in (root / "docs" / "page.md").read_text(encoding="utf-8")
    assert counts["of these side by side"] >= 0.8 * counts["pairs of neighbours"]


def test_places_on_a_grid_of_hexagons_keep_all_neighbours() -> None:
    points = np.array([tiles.centre((column, row)) for column in range(4) for row in range(3)]) * 0.4
    pairs = tiles.neighbours(points)
    cells = tiles.tiling(points, ["a"] * len(points))
    assert len(set(cells)) == len(points)
    assert tiles.kept_pairs(cells, pairs) == len(pairs) == 23


def test_a_pair_is_one_of_neighbours_only_where_no_third_lies_between() -> None:
    points: NDArray[np.float64] = np.array([[0.0, 0.0], [1.0, 0.1], [2.0, 0.0]])
    assert tiles.neighbours(points) == [(0, 1), (1, 2)]


@pytest.mark.parametrize(("row", "told"), [("b,1,1", "2"), ("b,1.5,1", "1.5")], ids=["twice", "half"])
def test_two_places_on_one_tile_and_half_a_tile_are_refused_with_their_rows(
    tmp_path: Path, row: str, told: str
) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "tiles.csv").write_text(f"code,column,row\na,1,1\n{row}\n", encoding="utf-8")
    with pytest.raises(StudyError) as refusal:
        tile_table.read(Study(tmp_path))
    assert [problem.row for problem in refusal.value.problems] == [3]
    assert told in str(refusal.value.problems[0])
