"""Levels and changes: every indicator of every option against the baseline under the same stress and member."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from xiancheng.arrays import Floats
from xiancheng.comparison import bands
from xiancheng.comparison.bands import Band
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
    when = int(areas["year"].values[-1]) if year is None else year
    at = areas.sel(year=when).transpose("area", "scenario", "stress", "member", missing_dims="ignore")
    scenarios, order, area_ids = ([str(value) for value in areas[dim].values] for dim in ("scenario", "stress", "area"))
    for area in level or area_ids:
        for name in names:
            values, about = at[name].values[area_ids.index(area)], dict(areas[name].attrs)
            base = values[scenarios.index(BASELINE)]
            for option, own in zip(scenarios, values, strict=True):
                if option != BASELINE and np.isfinite(own).any():
                    apart = bands.change(own, base)
                    for stress in stresses:
                        yield _line(name, about, (option, stress, area, when), base, own, apart, order.index(stress))


def _line(
    name: str, about: dict[str, Any], where: tuple[str, str, str, int], base: Floats, own: Floats, apart: Floats,
    row: int,
) -> Line:
    least = labelled(about)
    return Line(
        name, about, *where, bands.band(base[row]), level_of(own[row], base[row]), bands.band(apart[row]),
        bands.agreement(apart[row]), bands.holds(apart),
        bands.is_robust(apart, [least.at(bands.band(level).median) for level in base]),
    )


def level_of(own: Floats, base: Floats) -> Band:
    """Return the level of an option: the median of the baseline and of the paired change, the ends its own.

    Args:
        own: of the option (member) [unit].
        base: of the baseline of the same members [unit].
    """
    return replace(bands.band(own), median=bands.band(base).median + bands.band(bands.change(own, base)).median)


def is_no_change(areas: xr.Dataset, first: str, second: str) -> bool:
    """Tell whether two scenarios of a comparison give the same numbers throughout."""
    pair = areas.sel(scenario=[first, second])
    return not any(
        np.nanmax(np.abs(bands.change(variable.values[0], variable.values[1])), initial=0.0) > 0
        for variable in pair.data_vars.values()
    )


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
    years = [int(year) for year in areas["year"].values]
    for name, values in areas.data_vars.items():
        about = dict(values.attrs)
        goal, due = str(about.get("target", "")), int(about.get("target_year", 0) or 0)
        if not goal or (about["direction"] == "neither" and goal not in (PEAK, NEVER_RISING)):
            continue
        since = int(about["target_from"])
        for scenario in areas["scenario"].values:
            rows = values.sel(scenario=scenario, stress=stress, area=area).transpose("member", "year").values
            rows = rows[np.isfinite(rows).any(axis=1)]
            if len(rows):
                middle = np.median(rows, axis=0)
                each = [targets.year_met(row, years, goal, str(about["direction"]), since) for row in rows]
                in_time = [item is not None and item <= due for item in each]
                met = targets.year_met(middle, years, goal, str(about["direction"]), since)
                when = max(min(due, years[-1]), years[0])
                at = values.sel(stress=stress, area=area, year=when).transpose("scenario", "member")
                level = level_of(at.sel(scenario=scenario).values, at.sel(scenario=BASELINE).values)
                results.append(Met(str(name), about, str(scenario), area, met, due, float(np.mean(in_time)), level,
                                   _short(level.median, goal, str(about["direction"]))))
    return results


def _short(level: float, goal: str, direction: str) -> float:
    """Return by how much a level misses a target that is a number [unit of both]."""
    if goal in (PEAK, NEVER_RISING):
        return float("nan")
    return max((float(goal) - level) * (1 if direction == "higher" else -1), 0.0)
