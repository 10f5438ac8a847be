"""Who pays for a mean that looks fine: side effects, counties that lose, quintiles and indices of inequality."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands, changes
from xiancheng.comparison.bands import Band
from xiancheng.comparison.changes import BETTER, WORSE, Line
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.gathering import AREAS
from xiancheng.comparison.money import options
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import equity
from xiancheng.outputs.aggregations import Aggregation
from xiancheng.outputs.indicators import COUNT_SHARE, MINIMUM, P90_P10, SPREAD, THEIL
from xiancheng.outputs.least_changes import labelled

SURE = 0.9
"""Share of members that have to agree before a county is said to gain or lose."""
QUINTILES = 5
_NAMES = ("name_zh", "name_en")
_COMPARES = (THEIL, P90_P10, MINIMUM, COUNT_SHARE)
"""Aggregations whose value at one place says nothing of its own."""


def side_effects(areas: xr.Dataset) -> list[Line]:
    """Return every indicator that an option worsens beyond its band, in any area, the largest share first.

    Args:
        areas: indicators of Runs.
    """
    names = [str(name) for name,
             variable in areas.data_vars.items() if variable.attrs.get("direction") in ("higher", "lower")]
    lines = [line for line in changes.lines(areas, names) if line.verdict == WORSE and line.is_beyond_band]
    return sorted(lines, key=lambda line: (line.option, AREAS.index(line.area), -abs(_share(line))))


def _share(line: Line) -> float:
    size = abs(line.baseline.median)
    return line.change.median / size if size > 0 else np.inf


def is_local(levels: Sequence[str], resolution: str, aggregation: str) -> bool:
    """Tell whether an indicator with these entries of the catalogue has values of its own by county."""
    return "place" in levels and resolution != SPREAD and aggregation not in _COMPARES


def has_counties(places: xr.Dataset, name: str) -> bool:
    """Tell whether an indicator may be shown by county: measured or modelled there, not spread evenly."""
    marks = places.variables[name].attrs
    own = Aggregation.labelled(marks)
    if not is_local(own.levels, marks.get("resolution", ""), own.kind):
        return False
    year = places.variables["year"].values[-1]
    last = cut(places, name, ("scenario", "member", "place"), stress=REFERENCE, year=year)
    return bool(np.isfinite(last).any())


@dataclass(frozen=True)
class PlaceChange:
    """What an option does to an indicator at one place in the last year.

    Attributes:
        indicator: id; about: its attributes; option: letter.
        place: element; code: its code; name: by language; is_listed: one of the listed places.
        baseline: level of the baseline; change: against it [unit]; agreement: share of members with its sign.
    """

    indicator: str
    about: dict[str, Any]
    option: str
    place: str
    code: str
    name: dict[str, str]
    is_listed: bool
    baseline: Band
    change: Band
    agreement: float

    @property
    def verdict(self) -> str:
        """Return BETTER or WORSE where enough members agree, else SAME or DIFFERENT."""
        verdict = changes.verdict(self.change.median, str(self.about["direction"]), self.least)
        return verdict if verdict not in (BETTER, WORSE) or self.agreement >= SURE else changes.SAME

    @property
    def least(self) -> float:
        """The least change that counts [unit]."""
        return labelled(self.about).at(self.baseline.median)


def at_places(places: xr.Dataset, name: str, option: str, stress: str = REFERENCE) -> list[PlaceChange]:
    """Return what an option does to an indicator place by place.

    Args:
        places: indicators (scenario, stress, member, year, place) of Runs.
        name: an indicator that has_counties.
        option: letter.
        stress: id.
    """
    own, base = _ends(places, name, (option, BASELINE), stress)
    apart = bands.change(own, base)
    words = {column: [str(value) for value in places.variables[column].values]
             for column in ("place", "adcode", *_NAMES)}
    listed, marks = places.variables["in_68"].values.astype(bool), about(places, name)
    moved = bands.Ordered.of(apart.T)
    levels, changed, agreements = bands.Ordered.of(base.T).bands(), moved.bands(), moved.agreements()
    return [
        PlaceChange(
            name, marks, option, words["place"][column], words["adcode"][column],
            {key.removeprefix("name_"): words[key][column] for key in _NAMES}, bool(listed[column]),
            levels[column], changed[column], float(agreements[column]),
        )
        for column in np.flatnonzero(moved.counts)
    ]


def _ends(places: xr.Dataset, name: str, scenarios: Sequence[str], stress: str = REFERENCE) -> Floats:
    """Return an indicator in the last year, scenario by scenario (scenario, member, place) [its unit]."""
    return cut(places, name, ("scenario", "member", "place"), scenario=list(scenarios), stress=stress,
               year=places.variables["year"].values[-1])


@dataclass(frozen=True)
class PlaceTally:
    """How listed places fare in an indicator.

    Attributes:
        indicator: id; about: its attributes; option: letter.
        winners: listed places that surely gain; losers: those that surely lose, the largest loss first.
        counted: listed places with a value.
    """

    indicator: str
    about: dict[str, Any]
    option: str
    winners: tuple[PlaceChange, ...]
    losers: tuple[PlaceChange, ...]
    counted: int


def tallies(
    places: xr.Dataset, names: Sequence[str], read: Callable[[str, str], Sequence[PlaceChange]] | None = None
) -> list[PlaceTally]:
    """Return winners and losers among the listed places for every indicator with a better direction.

    Args:
        places: indicators of Runs.
        names: ids.
        read: gives the places of an indicator and option; at_places when None.
    """
    read_places = read or partial(at_places, places)
    tallies = []
    indicators = [name for name in names
            if places.variables[name].attrs["direction"] in ("higher", "lower") and has_counties(places, name)]
    for option in options(places):
        for name in indicators:
            listed = [place for place in read_places(name, option) if place.is_listed]
            won, lost = ([place for place in listed if place.verdict == kind] for kind in (BETTER, WORSE))
            order = sorted(lost, key=lambda place: -abs(place.change.median))
            gained = sorted(won, key=lambda place: -abs(place.change.median))
            tallies.append(PlaceTally(name, dict(places[name].attrs), option, tuple(gained), tuple(order), len(listed)))
    return tallies


@dataclass(frozen=True)
class Quintiles:
    """Mean change by quintile of an indicator at the start, such as the urban share, the lowest first [unit]."""

    indicator: str
    about: dict[str, Any]
    option: str
    changes: tuple[Band, ...]


def quintiles(places: xr.Dataset, names: Sequence[str], by: str) -> list[Quintiles]:
    """Return how changes are spread over places by where they stood at the start, in the indicator `by`."""
    if by not in places:
        return []
    listed = np.flatnonzero(places.variables["in_68"].values)
    year = places.variables["year"].values[0]
    start = cut(places, by, ("member", "place"), scenario=BASELINE, stress=REFERENCE, year=year)
    order = np.argsort(np.nanmean(start[:, listed], axis=0))
    groups = np.array_split(order, QUINTILES)
    quintiles, own = [], [name for name in names if has_counties(places, name)]
    for option in options(places):
        for name in own:
            apart = _moved(places, name, option)
            apart = apart[np.isfinite(apart).any(axis=1)]
            means = tuple(bands.band(_mean(apart[:, group])) for group in groups if len(group))
            quintiles.append(Quintiles(name, about(places, name), option, means))
    return quintiles


def _moved(places: xr.Dataset, name: str, option: str, stress: str = REFERENCE) -> Floats:
    """Return the change at each listed place in the last year (member, place)."""
    return bands.change(*_listed(places, name, (option, BASELINE), stress))


def _listed(places: xr.Dataset, name: str, scenarios: Sequence[str], stress: str = REFERENCE) -> Floats:
    """Return an indicator at the listed places in the last year (scenario, member, place) [its unit]."""
    return _ends(places, name, scenarios, stress)[..., np.flatnonzero(places.variables["in_68"].values)]


def _mean(values: Floats) -> Floats:
    """Return the mean over places of each member; missing where no place has a value."""
    finite = np.isfinite(values)
    count = finite.sum(axis=1)
    mean: Floats = np.where(finite, values, 0.0).sum(axis=1) / np.where(count > 0, count, np.nan)
    return mean


@dataclass(frozen=True)
class Inequality:
    """Inequality of an indicator between the listed places in the last year.

    Attributes:
        indicator: id; about: its attributes; option: letter.
        theil: Theil index of the baseline and of the option; p90_p10: ratio of deciles likewise.
        theil_change: paired by member; p90_p10_change: likewise.
    """

    indicator: str
    about: dict[str, Any]
    option: str
    theil: tuple[Band, Band]
    theil_change: Band
    p90_p10: tuple[Band, Band]
    p90_p10_change: Band


def inequality(places: xr.Dataset, names: Sequence[str], weight: str) -> list[Inequality]:
    """Return indices of inequality of indicators that are above 0 at every listed place, which count by `weight`."""
    rows = []
    indicators = [name for name in names if has_counties(places, name) and _is_positive(places, name)]
    bases = {name: _indices(places, name, BASELINE, weight) for name in indicators}
    for option in options(places):
        for name in indicators:
            base, own = bases[name], _indices(places, name, option, weight)
            pairs = [(bands.band(base[:, column]), bands.band(own[:, column])) for column in (0, 1)]
            apart = [bands.band(bands.change(own[:, column], base[:, column])) for column in (0, 1)]
            rows.append(Inequality(name, about(places, name), option, pairs[0], apart[0], pairs[1],
                                    apart[1]))
    return rows


def _is_positive(places: xr.Dataset, name: str) -> bool:
    at = _listed(places, name, [str(scenario) for scenario in places.variables["scenario"].values])
    return bool((at[np.isfinite(at)] > 0).all()) and bool(np.isfinite(at).any())


def _indices(places: xr.Dataset, name: str, scenario: str, weight: str) -> Floats:
    """Return Theil index and P90/P10 of each member (member, 2)."""
    pairs = zip(*(_listed(places, item, [scenario])[0].astype(float) for item in (name, weight)), strict=True)
    return np.array([[equity.theil(values, weights), equity.p90_p10(values)] for values, weights in pairs])


def standard_deviation(places: xr.Dataset, name: str) -> float:
    """Return how far listed places lie apart in the baseline in the last year: the unit of the dots [unit]."""
    at = _listed(places, name, [BASELINE])[0].astype(float)
    at = at[np.isfinite(at).any(axis=1)]
    return float(np.nanmedian(np.nanstd(at, axis=1))) if len(at) else float("nan")


def in_deviations(
    places: xr.Dataset, name: str, options: Sequence[str], stress: str = REFERENCE
) -> dict[str, Floats]:
    """Return the mean change over listed places in standard deviations between them in the baseline, by option.

    A value for each member; missing where nothing spreads the places.

    Args:
        places: indicators of Runs.
        name: an indicator that has_counties.
        options: letters.
        stress: id; the unit is the spread in the baseline of the reference under every stress.
    """
    size = standard_deviation(places, name)
    moved = {option: _mean(_moved(places, name, option, stress)) for option in options}
    return {option: item / size if size > 0 else np.full_like(item, np.nan) for option, item in moved.items()}
