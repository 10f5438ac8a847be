"""Published output of models: read from what Vensim and other engines export, and compared with a run of ours."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

SHARE = 1e-4
"""Published numbers have six digits; this share of a variable's largest size may be lost in them."""
_BESIDE = ("output.tab", "output.csv", "output.dat")
_SPLIT = re.compile(r"\s*,\s*")

Series = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Disagreement:
    """A variable that differs: its name as published, the time, the number published and ours."""

    name: str
    time: float
    published: float
    ours: float

    def __str__(self) -> str:
        return f"{self.name} at {self.time:g}: {self.ours:.6g} instead of {self.published:.6g}"


def beside(model: Path) -> Path | None:
    """Return the file of published output that lies beside a model."""
    stem = model.stem
    names = (*_BESIDE, *(f"{stem}.{ending}" for ending in ("dat", "tab", "csv")), f"{stem}_output.csv")
    return next((model.parent / name for name in names if (model.parent / name).is_file()), None)


def recorded(model: Path) -> list[Path]:
    """Return the files of data variables that lie beside a model."""
    names = (f"{model.stem}_data.dat", "data.dat", "data.tab")
    return [model.parent / name for name in names if (model.parent / name).is_file()]


def read(file: Path) -> Mapping[str, Series]:
    """Return times and values by the name of the column, elements in brackets."""
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    return dict(_blocks(text) if file.suffix == ".dat" else _columns(text, "\t" if file.suffix == ".tab" else ","))


def _blocks(text: str) -> Iterator[tuple[str, Series]]:
    """Yield the variables of a .dat: a line with the name, then lines of time and value."""
    name, rows = "", []
    for line in [*text.splitlines(), "end"]:
        parts = line.split("\t")
        if len(parts) == 2 and _number(parts[0]) is not None:
            rows.append((float(parts[0]), _value(parts[1])))
        elif line.strip():
            if rows:
                yield name, (np.array([row[0] for row in rows]), np.array([row[1] for row in rows]))
            name, rows = line.strip(), []


def _columns(text: str, separator: str) -> Iterator[tuple[str, Series]]:
    """Yield the variables of a table with time in the first column, or in the first row."""
    rows = [row for row in csv.reader(text.splitlines(), delimiter=separator) if any(cell.strip() for cell in row)]
    if len(rows) > 1 and all(_number(cell) is not None for cell in rows[0][1:] if cell.strip()):
        rows = [list(column) for column in zip(*rows, strict=False)]
    times = np.array([_value(row[0]) for row in rows[1:]])
    for column, name in enumerate(rows[0]):
        if column and name.strip():
            yield name, (times, np.array([_value(row[column]) if column < len(row) else np.nan for row in rows[1:]]))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _value(text: str) -> float:
    number = _number(text)
    return np.nan if number is None else number


def key(name: str) -> str:
    """Return the form under which names are equal: any case, blanks and underscores alike, no quotes."""
    return re.sub(r"[\s_]+", " ", name.strip().strip('"').replace('\\"', '"').casefold()).strip()


def disagreements(result: xr.Dataset, published: Mapping[str, Series]) -> list[Disagreement]:
    """Return, for each published variable that differs, the first time at which it does."""
    found = []
    for column, line in _lines(result, published).items():
        times, values = published[column]
        found += _first(column, times, values, result["time"].values, line)
    return found


def compared(result: xr.Dataset, published: Mapping[str, Series]) -> int:
    """Return how many of the published columns a run has too."""
    return len(_lines(result, published))


def _lines(result: xr.Dataset, published: Mapping[str, Series]) -> dict[str, np.ndarray]:
    """Return our values over time for each published column that a run has too."""
    ours = {key(str(name)): result[name] for name in result.data_vars}
    lines = {}
    for column in published:
        name, _, inside = column.partition("[") if key(column) not in ours else (column, "", "")
        array = ours.get(key(name))
        line = None if array is None else _line(array, _SPLIT.split(inside.rstrip("] ")) if inside else [])
        if line is not None:
            lines[column] = line
    return lines


def _line(array: xr.DataArray, elements: list[str]) -> np.ndarray | None:
    """Return a variable at some elements over time; None where they are none of its own."""
    dims = [dim for dim in array.dims if dim != "time"]
    if len(dims) != len(elements):
        return None
    for dim, element in zip(dims, elements, strict=True):
        labels = [key(str(label)) for label in array[dim].values]
        if key(element) not in labels:
            return None
        array = array.isel({dim: labels.index(key(element))})
    return np.asarray(array.values, dtype=float)


def _first(column: str, times: np.ndarray, values: np.ndarray, saved: np.ndarray, line: np.ndarray
           ) -> list[Disagreement]:
    size = np.nanmax(np.abs(values[np.isfinite(values)]), initial=0.0)
    allowed = SHARE * size + 1e-6
    for time, value in zip(times, values, strict=True):
        at = np.flatnonzero(np.abs(saved - time) <= 1e-4 * max(1.0, abs(time)))
        if len(at) and not np.isnan(value) and not abs(line[at[0]] - value) <= allowed:
            return [Disagreement(column, float(time), float(value), float(line[at[0]]))]
    return []
