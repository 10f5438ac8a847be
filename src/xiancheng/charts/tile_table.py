"""The tiles of a study: outputs/tiles.csv, else laid when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from xiancheng.charts.tiles import Cell, flat, tiling
from xiancheng.model.places import Places
from xiancheng.model.reading import Findings, Row, no_duplicates, number, read_rows
from xiancheng.study import Study
from xiancheng.texts import phrase

FILE = "tiles.csv"
HEADER = ("code", "column", "row")


def cells_of(study: Study, where: Places) -> list[Cell]:
    """Return a tile for each place in their order: those of the table where it names these places, else new ones.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    stored = read(study)
    codes = [place.code for place in where]
    return [stored[code] for code in codes] if set(codes) == set(stored) else laid(where, starts=1)


def laid(where: Places, **starts: int) -> list[Cell]:
    """Return a new tile for each place, from where it lies and the prefecture it belongs to."""
    points = flat([float(place.row["lon"]) for place in where], [float(place.row["lat"]) for place in where])
    return tiling(points, [place.prefecture for place in where], **starts)


def read(study: Study) -> Mapping[str, Cell]:
    """Return tiles by the code of the place; a study without the table has none.

    Raises:
        StudyError: everything wrong in the table, at once.
    """
    file = study.outputs / FILE
    if not file.is_file():
        return {}
    findings = Findings(str(file))
    rows = read_rows(file, HEADER, findings)
    no_duplicates(rows, HEADER[:1], findings)
    no_duplicates(rows, HEADER[1:], findings)
    tiles = {row["code"]: (_step(row, "column", findings), _step(row, "row", findings)) for row in rows}
    findings.stop()
    return tiles


def _step(row: Row, column: str, findings: Findings) -> int:
    """Return the number of a column or row of tiles, noting one that lies between two."""
    value = number(row, column, findings)
    if not value.is_integer():
        findings.add(phrase("table.is", column=column, value=row[column]), phrase("tiles.whole"), "", row.number)
    return int(value)
