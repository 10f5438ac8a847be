"""Targets: the year from which an indicator meets its target and keeps it to the end of the run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xiancheng.arrays import Floats
from xiancheng.outputs import places
from xiancheng.outputs.indicators import ANTICIPATED, BINDING, NEVER_RISING, PEAK, Indicator
from xiancheng.texts import number, text

if TYPE_CHECKING:
    import xarray as xr

_ROUNDING = 1e-9
_HIGHER = "higher"
_DIGITS = 4
MEETING = "members_meeting"
"""Attribute of the band of an indicator: by area, the share of members that meet its target in time."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of a target in an area.

    Attributes:
        area: id of the area; name: its name.
        indicator: id; title: its name.
        unit: its unit.
        target: a number in the unit, or a word of the catalogue.
        due: year it is for.
        binding: "binding" where the text of the policy itself fixes it, else "anticipated".
        value: in the year it is for, or in the last year of a run that ends before [unit].
        met: first year from which it is met to the end of the run; None where it is not met at the end.
        end: last year of the run.
        levels: value in every year of the run that some target is due in [unit].
        better: "higher", "lower" or "neither".
    """

    area: str
    name: str
    indicator: str
    title: str
    unit: str
    target: str
    due: int
    binding: str
    value: float
    met: int | None
    end: int
    levels: Mapping[int, float] = field(default_factory=dict)
    better: str = ""

    @property
    def gap(self) -> float:
        """Return what is missing to the target in the year it is for [unit], 0 where nothing is; NaN of words."""
        if self.target in (PEAK, NEVER_RISING):
            return float("nan")
        missing = float(self.target) - self.value
        return max(missing if self.better == _HIGHER else -missing, 0.0)

    def words(self, language: str) -> str:
        """Return the year it is met, or that it is not."""
        if self.met is None:
            return text("target.not_met", language, year=self.end)
        return text("target.met", language, year=self.met)


def written(target: str, unit: str, language: str) -> str:
    """Return a target as people read it: a number with its unit, or words."""
    if target in (PEAK, NEVER_RISING):
        return text(f"target.{target}", language)
    return number(float(target), unit, language)


def outcomes(
    result: xr.Dataset, language: str, levels: Sequence[str] = (places.LIST, places.PROVINCE)
) -> list[Outcome]:
    """Return what becomes of every target, the binding ones first, area by area.

    Args:
        result: a result with dims year and place.
        language: of names and titles.
        levels: areas to look at.
    """
    names = [str(name) for name, values in result.data_vars.items()
             if _is_aim(values.attrs.get("target", ""), values.attrs.get("direction", ""))]
    due = sorted({int(result[name].attrs["target_year"]) for name in names})
    every = [_outcome(table[name].sel(area=area), name, language, due)
             for table in places.table_of(result, names, levels).values()
             for name in names if name in table
             for area in table["area"].values]
    return sorted(every, key=lambda outcome: outcome.binding != BINDING)


def has_target(indicator: Indicator) -> bool:
    """Tell whether there is a direction to meet the target from; a working range has none."""
    return _is_aim(indicator.row["target_value"], indicator.direction)


def _is_aim(target: str, direction: str) -> bool:
    return bool(target) and (direction != "neither" or target in (PEAK, NEVER_RISING))


def _outcome(values: xr.DataArray, name: str, language: str, milestones: Sequence[int]) -> Outcome:
    attributes = values.attrs
    years = [int(year) for year in values["year"].values]
    due = int(attributes["target_year"])
    return Outcome(
        area=str(values["area"].item()),
        name=str(values[f"name_{language}"].item()),
        indicator=name,
        title=str(attributes[f"title_{language}"]),
        unit=str(attributes["units"]),
        target=str(attributes["target"]),
        due=due,
        binding=str(attributes.get(BINDING, ANTICIPATED)),
        value=float(values.sel(year=min(max(due, years[0]), years[-1]))),
        met=year_met(values.values, years, str(attributes["target"]), str(attributes["direction"]),
                     int(attributes["target_from"])),
        end=years[-1],
        levels={year: float(values.sel(year=year)) for year in milestones if year in years},
        better=str(attributes["direction"]),
    )


def meeting(
    values: Floats, years: Sequence[int], areas: Sequence[str], about: Mapping[str, Any]
) -> dict[str, str]:
    """Return what an indicator of members carries: by area the share that meets its target by the year it is for.

    Args:
        values: (member, year, area) [unit].
        years: calendar years, rising.
        areas: ids.
        about: attributes of the indicator; without a target nothing is returned.
    """
    target, direction = str(about.get("target", "")), str(about.get("direction", ""))
    if not _is_aim(target, direction):
        return {}
    side_by_side = np.moveaxis(values, 0, 1).reshape(len(years), -1)
    due = int(about["target_year"])
    in_time = [year is not None and year <= due
               for year in years_met(side_by_side, years, target, direction, int(about["target_from"]))]
    shares = np.mean(np.reshape(in_time, (len(values), len(areas))), axis=0)
    return {MEETING: json.dumps(dict(zip(areas, shares.round(_DIGITS).tolist(), strict=True)))}


def share_meeting(about: Mapping[str, Any], area: str) -> float | None:
    """Return the share of members that meet a target in an area, from the attributes of their band; None without."""
    share = json.loads(str(about.get(MEETING, "{}"))).get(area)
    return None if share is None else float(share)


def year_met(
    values: Floats, years: Sequence[int], target: str, direction: str, since: int
) -> int | None:
    """Return the first year from which values meet a target to the end.

    Args:
        values: by year.
        years: calendar years, rising.
        target: a number, "peak" (the highest value lies behind) or "never rising" (no year above the one before).
        direction: "higher" or "lower" is better.
        since: first year under the policy: a debt that must never rise may have risen before.
    """
    return years_met(values[:, np.newaxis], years, target, direction, since)[0] if len(values) else None


def years_met(
    values: Floats, years: Sequence[int], target: str, direction: str, since: int
) -> list[int | None]:
    """Return for each area the first year from which values meet a target to the end.

    Args:
        values: by year and area.
        years: calendar years, rising.
        target: as of `year_met`.
        direction: likewise.
        since: likewise.
    """
    misses = ~_meets(values, np.asarray(years), target, direction, since)
    last = len(years) - 1 - np.argmax(misses[::-1], axis=0)
    first = np.where(misses.any(axis=0), last + 1, 0)
    return [years[position] if position < len(years) else None for position in first.tolist()]


def _reaches(values: Floats, aim: float, direction: str) -> NDArray[np.bool_]:
    """Tell where values (year, …) are at least or at most the aim; missing ones are not."""
    size = np.max(np.abs(values), axis=0, initial=0.0, where=np.isfinite(values))
    slack = _ROUNDING * np.maximum(abs(aim), size)
    return np.asarray(np.isfinite(values) & (values >= aim - slack if direction == _HIGHER else values <= aim + slack))


def _meets(
    values: Floats, years: NDArray[np.int64], target: str, direction: str, since: int
) -> NDArray[np.bool_]:
    """Tell where values (year, …) meet a target as of `year_met`; missing ones do not."""
    if target not in (PEAK, NEVER_RISING):
        return _reaches(values, float(target), direction)
    present = np.isfinite(values)
    if target == PEAK:
        after = np.concatenate([np.where(present, values, -np.inf)[1:], np.full_like(values[:1], -np.inf)])
        later = np.maximum.accumulate(after[::-1])[::-1]
        peak = present & (values > later)
        peak[-1:] = False
        return np.asarray(np.maximum.accumulate(peak) & present)
    size = np.max(np.abs(values), axis=0, initial=0.0, where=present)
    rises = np.diff(values, axis=0, prepend=values[:1]) > _ROUNDING * size
    under = (years >= since).reshape(-1, *[1] * (values.ndim - 1))
    return np.asarray(present & ~(rises & under))
