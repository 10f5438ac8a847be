"""The tiles of the page's map: `python -m benchmarks.tiles [--write]`.

Lays a tile for each place of the study from where it lies (a minute) and counts the pairs of neighbours that stay side
by side. `--write` puts the tiles into outputs/tiles.csv and the figures into docs/page.md.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.pages import put_table
from xiancheng.charts import tile_table
from xiancheng.charts.tiles import STARTS, Cell, are_side_by_side, flat, kept_pairs, neighbours
from xiancheng.model import places
from xiancheng.model.places import Places
from xiancheng.study import Study

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "page.md"


def figures(where: Places, cells: Sequence[Cell]) -> Mapping[str, int]:
    """Return what a tiling keeps: pairs of neighbours, and prefectures that lie in one piece."""
    points = flat([float(place.row["lon"]) for place in where], [float(place.row["lat"]) for place in where])
    pairs = neighbours(points)
    groups = [place.prefecture for place in where]
    return {
        "places": len(cells),
        "pairs of neighbours": len(pairs),
        "of these side by side": kept_pairs(cells, pairs),
        "prefectures": len(set(groups)),
        "of these in one piece": sum(_is_joined([cell for cell, own in zip(cells, groups, strict=True) if own == group])
                                     for group in set(groups)),
    }


def _is_joined(cells: Sequence[Cell]) -> bool:
    beside = np.array([[one == other or are_side_by_side(one, other) for other in cells] for one in cells])
    return bool((np.linalg.matrix_power(beside.astype(int), len(cells)) > 0).all())


def table(counts: Mapping[str, int]) -> str:
    """Return the figures as a table of a page."""
    return "\n".join(["| tiles | count |", "|---|---:|", *(f"| {name} | {count} |" for name, count in counts.items())])


def main() -> None:
    """Lay the tiles, count, show, and write where asked."""
    study = Study(ROOT)
    where = places.read(study.tables)
    cells = tile_table.laid(where, starts=STARTS)
    shown = table(figures(where, cells))
    sys.stdout.write(shown + "\n")
    if "--write" in sys.argv[1:]:
        with (study.outputs / tile_table.FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(tile_table.HEADER)
            writer.writerows((place.code, *cell) for place, cell in zip(where, cells, strict=True))
        put_table(PAGE, "benchmarks.tiles", shown)


if __name__ == "__main__":
    main()
