"""Two results side by side: what is in one only, and for every variable where and when they differ most."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import xarray as xr

from xiancheng.texts import Phrase, phrase, phrase_list

TOLERANCE = 1e-9
"""What two engines may differ by, as a share of the largest value of a variable."""


@dataclass(frozen=True)
class Difference:
    """Where a variable differs most between two results.

    Attributes:
        indicator: id; title: its name.
        place: name of the place.
        year: calendar year.
        first: value in the first result [unit]; second likewise.
        unit: unit of both.
    """

    indicator: str
    title: str
    place: str
    year: int
    first: float
    second: float
    unit: str


def shapes(data: xr.Dataset, other: xr.Dataset) -> list[Phrase]:
    """Return a sentence for all that stands in one of two results only: variables, years, places."""
    notes = []
    for kind, first, second in (
        ("variables", [str(name) for name in data.data_vars], [str(name) for name in other.data_vars]),
        ("years", [str(year) for year in data["year"].values], [str(year) for year in other["year"].values]),
        ("places", [str(place) for place in data["adcode"].values], [str(place) for place in other["adcode"].values]),
    ):
        for which, names, others in (("A", first, second), ("B", second, first)):
            alone = [name for name in names if name not in others]
            if alone:
                notes.append(phrase(f"diff.only_{kind}", which=which, names=phrase_list(alone)))
    return notes


def values(data: xr.Dataset, other: xr.Dataset, language: str, tolerance: float = TOLERANCE) -> list[Difference]:
    """Return the variables that differ, in their order in the first result, each where it differs most.

    Args:
        data: a result.
        other: another; only years, places and variables of both are compared.
        language: of the names.
        tolerance: share of the largest value of a variable up to which two values count as equal.
    """
    both, too = xr.align(data, other, join="inner")
    differences = []
    for name in both.data_vars:
        if name in too and both[name].dims == too[name].dims == ("year", "place"):
            line = _most(both[name], too[name], language, tolerance)
            differences += [line] if line else []
    return differences


def _most(first: xr.DataArray, second: xr.DataArray, language: str, tolerance: float) -> Difference | None:
    left, right = first.values, second.values
    apart = np.where(np.isnan(left) != np.isnan(right), math.inf, np.abs(left - right))
    apart = np.where(np.isnan(left) & np.isnan(right), 0.0, apart)
    largest = max((abs(value) for value in (*left.ravel(), *right.ravel()) if math.isfinite(value)),
                  default=0.0)
    if apart.size == 0 or apart.max() <= tolerance * largest:
        return None
    year, place = np.unravel_index(int(apart.argmax()), apart.shape)
    return Difference(
        indicator=str(first.name),
        title=str(first.attrs.get(f"title_{language}", first.name)),
        place=str(first[f"name_{language}"].values[place]),
        year=int(first["year"].values[year]),
        first=float(left[year, place]),
        second=float(right[year, place]),
        unit=str(first.attrs.get("units", "")),
    )
