"""Levels and changes: every indicator of every option against the baseline under the same stress and member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.comparison import bands
from xiancheng.comparison.bands import Band
from xiancheng.comparison.cuts import about, cut
from xiancheng.comparison.request import REFERENCE
from xiancheng.comparison.runs import BASELINE
from xiancheng.outputs import targets
from xiancheng.outputs.indicators import BINDING, NEVER_RISING, PEAK
from xiancheng.outputs.least_changes import labelled

BETTER, WORSE, SAME, DIFFERENT = "better", "worse", "same", "different"
"""Verdicts; an indicator without a better direction can only be different."""


@dataclass(frozen=True)
class Line:
    """What one option does to one indicator in one area and year under one stress.

    Attributes:
        indicator: id; titles, unit, direction and marks are those of `about`.
        about: attributes of the indicator.
        option: letter; stress: id; area: id; year: calendar year.
        baseline: level of the baseline; change: of the option against it, paired by member [unit].
        level: of the option: that of the baseline and the change, so that the three add up (medians of levels by
            themselves would not); its ends are those of the option's own level [unit].
        agreement: share of members with the sign of the median change.
        holds: whether that sign holds in every stress that was run.
        robust: whether 95 % of the members have it in every stress, and the median counts in each.
    """

    indicator: str
    about: dict[str, Any]
    option: str
    stress: str
    area: str
    year: int
    baseline: Band
    level: Band
    change: Band
    agreement: float
    holds: bool
    robust: bool

    @property
    def verdict(self) -> str:
        """One of BETTER, WORSE, SAME, DIFFERENT, by the median change and the direction that is better."""
        return verdict(self.change.median, str(self.about["direction"]), self.least)

    @property
    def least(self) -> float:
        """The least change that counts [unit]."""
        return labelled(self.about).at(self.baseline.median)

    @property
    def is_beyond_band(self) -> bool:
        """Whether the change is more than its band: both ends on one side of zero."""
        return self.change.is_apart_from_zero

    def title(self, language: str) -> str:
        """Return the name of the indicator."""
        return str(self.about[f"title_{language}"])

    @property
    def unit(self) -> str:
        """Return the unit of the indicator."""
        return str(self.about["units"])


def verdict(change: float, direction: str, least: float = 0.0) -> str:
    """Return whether a change is better, worse, about none, or only a difference.

    Args:
        change: of the indicator [unit].
        direction: "higher" or "lower" where that is better, else "neither".
        least: what a change has to reach to count [unit].
    """
    if not np.isfinite(change) or change == 0 or abs(change) < least:
        return SAME
    if direction not in ("higher", "lower"):
        return DIFFERENT
    return BETTER if (change > 0) == (direction == "higher") else WORSE


def lines(
    areas: xr.Dataset, names: Sequence[str], *, level: Sequence[str] | None = None,
    stresses: Sequence[str] = (REFERENCE,), year: int | None = None,
) -> list[Line]:
    """Return a line for every indicator that has a value, area, stress and option.

    Args:
        areas: indicators (scenario, stress, member, year, area) of Runs.
        names: ids of indicators.
        level: ids of areas; all when None.
        stresses: ids; the reference when not given.
        year: calendar year; the last one when None.
    """
    return list(_lines(areas, names, level, stresses, year))


def _lines(
    areas: xr.Dataset, names: Sequence[str], level: Sequence[str] | None, stresses: Sequence[str], year: int | None
) -> Iterator[Line]:
    when = int(areas.variables["year"].values[-1]) if year is None else year
    scenarios, order, area_ids = (
        [str(value) for value in areas.variables[dim].values] for dim in ("scenario", "stress", "area"))
    judged = {name: _Judged.of(areas, name, when) for name in dict.fromkeys(names)}
    for area in level or area_ids:
        for name in names:
            own, column = judged[name], area_ids.index(area)
            for row, option in enumerate(scenarios):
                if option != BASELINE and own.levels.counts[column, row].any():
                    yield from (own.line((option, stress, area, when), (column, row, order.index(stress)))
                                for stress in stresses)


@dataclass(frozen=True, eq=False)
class _Judged:
    """An indicator in one year: bands and signs of every area, scenario and stress, worked out at once.

    Attributes:
        about: attributes of the indicator; name: its id.
        levels: values in their order (area, scenario, stress, member) [unit].
        spans: bands of the levels, the baselines and the changes (area, scenario, stress; baselines without scenario).
        agreements: share of members with the sign of the median change (area, scenario, stress).
        signs: whether one sign holds in every stress, and whether it is robust (area, scenario).
    """

    name: str
    about: dict[str, Any]
    levels: bands.Ordered
    spans: tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.object_]]
    agreements: Floats
    signs: tuple[NDArray[np.bool_], NDArray[np.bool_]]

    @classmethod
    def of(cls, areas: xr.Dataset, name: str, year: int) -> _Judged:
        """Return what an indicator of Runs comes to in a calendar year."""
        baseline = [str(scenario) for scenario in areas.variables["scenario"].values].index(BASELINE)
        values = cut(areas, name, ("area", "scenario", "stress", "member"), year=year)
        own, base = about(areas, name), values[:, [baseline]]
        levels, moved = bands.Ordered.of(values), bands.Ordered.of(bands.change(values, base))
        bases = bands.Ordered.of(base).bands()[:, 0]
        least = np.vectorize(lambda band: labelled(own).at(band.median), otypes=[float])(bases)
        signs = bands.keeps_sign(moved.medians()), bands.robust(moved, least[:, None])
        return cls(name, own, levels, (levels.bands(), bases, moved.bands()), moved.agreements(),
                   signs)

    def line(self, where: tuple[str, str, str, int], at: tuple[int, int, int]) -> Line:
        """Return the line of an option, stress, area and year, which stand at these places of area, scenario, stress.

        The level of an option is that of the baseline and the change, see `level_of`.
        """
        levels, bases, moved = self.spans
        area, scenario, stress = at
        base, own, apart = bases[area, stress], levels[at], moved[at]
        holds, is_robust = (bool(item[area, scenario]) for item in self.signs)
        return Line(self.name, self.about, *where, base, replace(own, median=base.median + apart.median), apart,
                    float(self.agreements[at]), holds, is_robust)


def level_of(own: Floats, base: Floats) -> Band:
    """Return the level of an option: the median of the baseline and of the paired change, the ends its own.

    Args:
        own: of the option (member) [unit].
        base: of the baseline of the same members [unit].
    """
    return replace(bands.band(own), median=bands.band(base).median + bands.band(bands.change(own, base)).median)


def is_no_change(areas: xr.Dataset, first: str, second: str) -> bool:
    """Tell whether two scenarios of a comparison give the same numbers throughout."""
    dims = ("scenario", "stress", "member", "year", "area")
    pairs = (cut(areas, str(name), dims, scenario=[first, second]) for name in areas.data_vars)
    return not any(np.nanmax(np.abs(bands.change(*pair)), initial=0.0) > 0 for pair in pairs)


@dataclass(frozen=True)
class Met:
    """When an option meets a target.

    Attributes:
        indicator: id; about: its attributes; scenario: BASELINE or a letter; area: id.
        met: first year from which the median keeps it to the end, None for not.
        due: year of the target; share: of the members that keep it by that year.
        level: in that year, or the last one of runs that end before [unit].
        short: by how much its median misses a target that is a number, 0 where it is met; nan of any other [unit].
    """

    indicator: str
    about: dict[str, Any]
    scenario: str
    area: str
    met: int | None
    due: int
    share: float
    level: Band
    short: float

    @property
    def is_binding(self) -> bool:
        """Whether the text of the policy itself fixes the target."""
        return str(self.about.get(BINDING, "")) == BINDING


def targets_met(areas: xr.Dataset, area: str, stress: str = REFERENCE) -> list[Met]:
    """Return when the baseline and every option meet each target of an area."""
    results = []
    years = [int(year) for year in areas.variables["year"].values]
    scenarios = [str(scenario) for scenario in areas.variables["scenario"].values]
    for name in (str(name) for name in areas.data_vars):
        own = about(areas, name)
        goal, due = str(own.get("target", "")), int(own.get("target_year", 0) or 0)
        if not goal or (own["direction"] == "neither" and goal not in (PEAK, NEVER_RISING)):
            continue
        since, direction = int(own["target_from"]), str(own["direction"])
        values = cut(areas, name, ("scenario", "member", "year"), stress=stress, area=area)
        at = values[..., years.index(max(min(due, years[-1]), years[0]))]
        for row, scenario in enumerate(scenarios):
            rows = values[row][np.isfinite(values[row]).any(axis=1)]
            if len(rows):
                each = [targets.year_met(member, years, goal, direction, since) for member in rows]
                in_time = [item is not None and item <= due for item in each]
                met = targets.year_met(np.median(rows, axis=0), years, goal, direction, since)
                level = level_of(at[row], at[scenarios.index(BASELINE)])
                results.append(Met(name, own, scenario, area, met, due, float(np.mean(in_time)), level,
                                   _short(level.median, goal, direction)))
    return results


def _short(level: float, goal: str, direction: str) -> float:
    """Return by how much a level misses a target that is a number [unit of both]."""
    if goal in (PEAK, NEVER_RISING):
        return float("nan")
    return max((float(goal) - level) * (1 if direction == "higher" else -1), 0.0)
